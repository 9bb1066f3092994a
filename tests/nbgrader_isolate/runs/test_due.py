"""A submission is graded again if its time is another one than that which was graded."""

from __future__ import annotations

from pathlib import Path

import pytest

from nbgrader_isolate.gradebook.course import Course, SubmittedFolder
from nbgrader_isolate.runs.due import is_due

NOON, LATER = b"2026-11-20 12:00:00 UTC\n", b"2026-11-20 13:00:00 UTC\n"


@pytest.mark.parametrize(
    ("graded", "now", "due"),
    [
        (None, None, False),
        (NOON, NOON, False),
        (NOON, b"2026-11-20 13:00:00 +0100\n", False),
        (NOON, LATER, True),
        (LATER, NOON, True),
        (None, NOON, True),
        (NOON, None, True),
        (b"no time", b"no time", False),
        (b"no time", NOON, True),
        (None, b"", False),
    ],
)
def test_another_time_is_due_and_the_same_is_not(
    tmp_path: Path,
    graded: bytes | None,
    now: bytes | None,
    due: bool,  # noqa: FBT001
) -> None:
    folder = tmp_path / "autograded"
    folder.mkdir()
    if graded is not None:
        (folder / "timestamp.txt").write_bytes(graded)
    (tmp_path / "course").mkdir()
    submission = SubmittedFolder("ada", tmp_path / "submitted", folder, now)
    clock = Course(tmp_path / "course").clock
    assert is_due(submission, clock, known=True) is due
    assert is_due(submission, clock, known=False)
