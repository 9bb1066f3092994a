"""When something was submitted: a `timestamp.txt` is understood as a whole, or refused.

nbgrader takes a time in a zone that it does not know for UTC, and a late penalty follows from that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from nbgrader_isolate.core.text import printable

NBGRADER_FORMAT = "%Y-%m-%d %H:%M:%S.%f %Z"
ZONE = r"(?:UTC|GMT)?[+-]\d\d?(?::?\d\d)?|[A-Za-z][A-Za-z_]+(?:[/+-][A-Za-z_/+-]+[\d]*)?|Z"
NUMBERS = re.compile(rf"(\d{{4}}-?\d\d-?\d\d[T ]+\d\d:?\d\d(?::?\d\d(?:[.,]\d+)?)?)\s*({ZONE})?")
"""A date with the year first, a time, and perhaps a zone: ISO 8601, and what nbgrader writes."""
MONTH = re.compile(r"\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b", re.IGNORECASE)
OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d\d?):?(\d\d)?")
IN_UTC = ("", "Z", "UTC", "GMT", "UCT", "ZULU")
EXAMPLE = "write it in UTC, as in 2026-11-20 17:30:00 UTC"
MOST_HOURS = 15
"""No place is farther from UTC."""


@dataclass(frozen=True)
class Clock:
    """How a course writes times: nbgrader's `Exchange.timezone` and `Exchange.timestamp_format`."""

    zone: str = "UTC"
    format: str = NBGRADER_FORMAT


NBGRADER_CLOCK = Clock()


def parse_timestamp(timestamp: bytes | None, clock: Clock = NBGRADER_CLOCK) -> datetime | None:
    """Return the time of a `timestamp.txt`, in UTC without a zone, as nbgrader stores it.

    Parameters
    ----------
    timestamp : bytes or None
        The contents of the file. A time without a zone is in UTC, as for nbgrader.
    clock : Clock
        How the course writes times: it decides what an abbreviation such as CST stands for.

    Raises
    ------
    ValueError
        If it does not contain a time, or one that can be read in more than one way.
    """
    if timestamp is None:
        return None
    text = decode(timestamp)
    shown = repr(printable(text, 40))
    try:
        naive, zone = split(text, clock)
    except (ValueError, OverflowError) as error:
        reason = str(error) if isinstance(error, AmbiguousTimeError) else "does not contain a time"
        raise ValueError(f"timestamp.txt {reason}: {shown}; {EXAMPLE}") from error
    if (found := tzinfo_of(zone, naive, clock)) is None:
        raise ValueError(
            f"timestamp.txt has a time zone that is not known or means several: {shown}; {EXAMPLE}"
        )
    try:
        return naive.replace(tzinfo=found).astimezone(UTC).replace(tzinfo=None)
    except OverflowError as error:
        raise ValueError(f"timestamp.txt does not contain a time: {shown}; {EXAMPLE}") from error


class AmbiguousTimeError(ValueError):
    """A date that people read in several ways, such as 03/10/2026."""


def decode(timestamp: bytes) -> str:
    """Return the text of a file, which an editor may have saved in UTF-16 or with a mark."""
    encoding = "utf-16" if timestamp[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    return timestamp.decode(encoding, "replace").lstrip("\ufeff").strip()


def split(text: str, clock: Clock) -> tuple[datetime, str]:
    """Return the time without a zone, and the name of the zone; "" if there is none.

    Raises
    ------
    ValueError
        If the text is not a time of the course's format, of ISO 8601, or with the month in letters.
    """
    if clock.format != NBGRADER_FORMAT and (found := in_format(text, clock.format)):
        return found
    if numbers := NUMBERS.fullmatch(text):
        moment = re.sub(r"[T ]+", "T", numbers[1])
        return datetime.fromisoformat(moment), numbers[2] or ""
    if MONTH.search(text):
        return in_words(text)
    if re.match(r"\d\d?[./-]\d\d?[./-]\d\d", text):
        raise AmbiguousTimeError("has a date that can be read in several ways")
    raise ValueError(text)


def in_format(text: str, layout: str) -> tuple[datetime, str] | None:
    """Return a time of the course's own format, and its zone; None if it has another format."""
    zone = ""
    if layout.endswith(("%Z", "%z")):
        layout = layout[:-2].rstrip()
        text, _, zone = text.rpartition(" ")
    try:
        return datetime.strptime(text.strip(), layout), zone  # noqa: DTZ007 - the zone follows
    except ValueError:
        return None


def in_words(text: str) -> tuple[datetime, str]:
    """Return a time with its month in letters, as in a mail, and the zone that it names.

    Raises
    ------
    ValueError
        If day, month, year, hour or minute is missing.
    """
    from dateutil.parser import parse

    zones: set[str] = set()

    def remember(name: str | None, offset: int | None) -> None:
        if offset is not None and (offset or not name):
            sign, minutes = "+-"[offset < 0], abs(offset) // 60
            zones.add(f"{sign}{minutes // 60:02d}:{minutes % 60:02d}")
        elif name:
            zones.add(name)

    # what is missing is taken from the default, so two defaults tell whether anything is
    defaults = datetime(2000, 1, 1, 0, 0), datetime(2001, 2, 2, 1, 1)  # noqa: DTZ001
    first, second = (
        parse(text, default=one, tzinfos=remember).replace(tzinfo=None) for one in defaults
    )
    if first.replace(second=0) != second.replace(second=0):
        raise ValueError(text)
    return first, zones.pop() if zones else ""


def tzinfo_of(zone: str, naive: datetime, clock: Clock) -> tzinfo | None:
    """Return a zone by its offset, its name or its abbreviation; None if that leaves a doubt."""
    if zone.upper() in IN_UTC:
        return UTC
    if offset := OFFSET.fullmatch(zone):
        hours, minutes = int(offset[2]), int(offset[3] or 0)
        if hours >= MOST_HOURS or minutes >= 60:  # noqa: PLR2004 - minutes of an hour
            return None
        return timezone(timedelta(hours=hours, minutes=minutes) * (1 if offset[1] == "+" else -1))
    if "/" in zone:
        return named(zone)
    own = named(clock.zone)
    if own is not None:
        for fold in (0, 1):
            local = naive.replace(tzinfo=own, fold=fold)
            if local.tzname() == zone and (offset_here := local.utcoffset()) is not None:
                return timezone(offset_here)
    offsets = offsets_of(zone, naive.replace(hour=0, minute=0, second=0, microsecond=0))
    return timezone(next(iter(offsets))) if len(offsets) == 1 else None


def named(zone: str) -> ZoneInfo | None:
    """Return a zone by its name, such as America/Los_Angeles; None if there is none."""
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


@lru_cache
def offsets_of(abbreviation: str, day: datetime) -> frozenset[timedelta]:
    """Return what an abbreviation stands for: one offset or, for CST, several.

    It counts in winter and in summer, because people write PST in summer, too, and not only in
    Manila.
    """
    found = set()
    days = (day, day.replace(month=1, day=1), day.replace(month=7, day=1))
    for name in available_timezones():
        if (zone := named(name)) is not None:
            for one in days:
                local = one.replace(tzinfo=zone)
                if local.tzname() == abbreviation and (offset := local.utcoffset()) is not None:
                    found.add(offset)
    return frozenset(found)
