"""Which attempt of a student counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from nbgrader_isolate.gradebook.roster import Submitter
from nbgrader_isolate.intake.attributions import Attribution
from nbgrader_isolate.intake.collected_files import gradescope_data, newest_attempt, zoned_time
from nbgrader_isolate.intake.safe_files import Entry

ADA = Submitter("ada")


def file(name: str, attempt: str = "", *, whole: bool = False) -> tuple[Attribution, Entry]:
    data = f"{name} {attempt}".encode()
    return Attribution(ADA, name, attempt=attempt, whole=whole), Entry(name, lambda _: data)


def names(files: list[tuple[Attribution, Entry]]) -> list[str]:
    return [entry.read(99).decode() for _, entry in files]


def test_a_platform_with_attempts_replaces_all_files() -> None:
    files = [file("a", "1", whole=True), file("b", "1", whole=True), file("a", "2", whole=True)]
    assert names(newest_attempt(files)) == ["a 2"]


def test_a_platform_that_numbers_files_replaces_those_of_one_name() -> None:
    files = [file("a", "1"), file("b", "2"), file("A", "3")]
    assert names(newest_attempt(files)) == ["b 2", "A 3"]


def test_without_attempts_nothing_is_left_out() -> None:
    assert names(newest_attempt([file("a"), file("a")])) == ["a ", "a "]


def test_only_a_time_with_a_zone_is_a_time() -> None:
    noon = datetime(2026, 11, 20, 12, tzinfo=timezone(timedelta(hours=2)))
    assert zoned_time(Attribution(ADA, "a", time=noon)) == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert zoned_time(Attribution(ADA, "a", time=noon.replace(tzinfo=None))) is None
    assert zoned_time(Attribution(ADA, "a")) is None


def test_gradescopes_file_is_read_at_the_top_only() -> None:
    data = Entry("export/submission_metadata.yml", lambda _: b"submission_1:")
    deeper = Entry("export/submission_1/submission_metadata.yml", lambda _: b"forged:")
    assert gradescope_data([deeper, data], "export/") == "submission_1:"
    assert gradescope_data([deeper], "export/") == ""
    assert gradescope_data([data], "") == ""
