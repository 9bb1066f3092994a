"""A time is understood as a whole, or refused: never in part, and never in UTC by mistake."""

from __future__ import annotations

from datetime import datetime

import pytest

from nbgrader_isolate.gradebook.timestamps import NBGRADER_CLOCK, Clock, parse_timestamp

LOS_ANGELES = Clock("America/Los_Angeles")
GERMAN = Clock("Europe/Berlin", "%d.%m.%Y %H:%M %Z")


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2024-10-03 18:30:00.123456 UTC", "18:30:00.123456"),
        ("2024-10-03 18:30:00 UTC", "18:30"),
        ("2024-10-03 18:30", "18:30"),
        ("2024-10-03T18:30:00Z", "18:30"),
        ("20241003T183000Z", "18:30"),
        ("2024-10-03 18:30 GMT", "18:30"),
        ("2024-10-03 18:30 +0200", "16:30"),
        ("2024-10-03 18:30 +02", "16:30"),
        ("2024-10-03T18:30:00+02:00", "16:30"),
        ("2024-10-03 18:30:00-0330", "22:00"),
        ("2024-10-03 18:30 UTC+2", "16:30"),
        ("2024-10-03 18:30 CEST", "16:30"),
        ("2024-10-03 11:30 America/Los_Angeles", "18:30"),
        ("2024-10-03 18:30 Europe/Berlin", "16:30"),
        ("Thu, 03 Oct 2024 18:30:00 +0200", "16:30"),
        ("3 October 2024 6:30 PM", "18:30"),
        ("Oct 3, 2024 6:30 PM CEST", "16:30"),
        ("Thu Oct  3 18:30:00 CEST 2024", "16:30"),
        ("\ufeff2024-10-03 18:30 UTC", "18:30"),
    ],
)
def test_a_time_is_converted_to_utc(text: str, utc: str) -> None:
    expected = datetime.fromisoformat(f"2024-10-03T{utc}")
    assert parse_timestamp(text.encode()) == expected
    assert parse_timestamp(f"{text}\r\n".encode("utf-16")) == expected, "as Notepad saves it"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2024-10-03 18:30 PST", "a time zone that is not known or means several"),
        ("2024-10-03 18:30 CST", "a time zone that is not known or means several"),
        ("2024-10-03 18:30 IST", "a time zone that is not known or means several"),
        ("2024-10-03 18:30 XYZ", "a time zone that is not known"),
        ("2024-10-03 18:30 Atlantis/Harbor", "a time zone that is not known"),
        ("2024-10-03 18:30 ../../../etc/localtime", "does not contain a time"),
        ("2024-10-03 18:30 +2500", "a time zone that is not known"),
        ("Oct 3, 2024 18:30 XYZ", "a time zone that is not known"),
        ("10/03/2024 4:59 PM", "a date that can be read in several ways"),
        ("03.10.2024 16:59", "a date that can be read in several ways"),
        ("2024-13-01 10:00 UTC", "does not contain a time"),
        ("2024-10-03", "does not contain a time"),
        ("3 October 2024", "does not contain a time"),
        ("October 2024 10:00", "does not contain a time"),
        ("18:30", "does not contain a time"),
        ("soon", "does not contain a time"),
        ("0001-01-01 00:00 +0200", "does not contain a time"),
        ("1700000000", "does not contain a time"),
    ],
)
def test_what_leaves_a_doubt_is_refused_with_what_to_write(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=f"^timestamp.txt .*{words}") as raised:
        parse_timestamp(text.encode())
    assert str(raised.value).endswith("write it in UTC, as in 2026-11-20 17:30:00 UTC")


def test_bytes_that_are_no_text_are_refused_in_one_printable_line() -> None:
    with pytest.raises(ValueError, match="does not contain a time") as raised:
        parse_timestamp(b"\x1b[31m\xff 2024")
    assert str(raised.value).isprintable()


def test_without_a_file_there_is_no_time() -> None:
    assert parse_timestamp(None) is None


@pytest.mark.parametrize(
    ("clock", "text", "utc"),
    [
        (LOS_ANGELES, "2024-12-03 17:11:00.000000 PST", "2024-12-04 01:11"),
        (LOS_ANGELES, "2024-10-03 17:11:00.000000 PDT", "2024-10-04 00:11"),
        (LOS_ANGELES, "2024-11-03 01:30 PDT", "2024-11-03 08:30"),
        (LOS_ANGELES, "2024-11-03 01:30 PST", "2024-11-03 09:30"),
        (LOS_ANGELES, "2024-12-03 17:11 UTC", "2024-12-03 17:11"),
        (Clock("Asia/Manila"), "2024-12-03 17:11 PST", "2024-12-03 09:11"),
        (Clock("No/Where"), "2024-12-03 17:11 CET", "2024-12-03 16:11"),
        (GERMAN, "03.10.2024 18:30 CEST", "2024-10-03 16:30"),
        (GERMAN, "2024-10-03 18:30 UTC", "2024-10-03 18:30"),
    ],
)
def test_the_course_says_what_its_times_look_like(clock: Clock, text: str, utc: str) -> None:
    expected = datetime.fromisoformat(utc)
    assert parse_timestamp(text.encode(), clock) == expected


def test_what_nbgrader_writes_by_default_is_read() -> None:
    moment = datetime(2026, 11, 20, 17, 30, 0, 5)  # noqa: DTZ001 - as nbgrader stores it
    text = f"{moment:{NBGRADER_CLOCK.format.removesuffix(' %Z')}} UTC"
    assert parse_timestamp(text.encode()) == moment
