"""`report` as an instructor reads it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from nbgrader_isolate.core.errors import Exit
from support import graded_course as gc

pytestmark = pytest.mark.slow


def test_the_report_shows_marks_penalties_and_reasons(course: Path, graded: Path) -> None:
    early = gc.grade(course, verb="report")
    assert early.returncode == Exit.COURSE
    assert "has no submission of this assignment" in early.stderr
    with sqlite3.connect(graded / "gradebook.db") as connection:
        connection.execute("UPDATE submitted_notebook SET late_submission_penalty = 1.5")
    connection.close()
    done = gc.grade(graded, verb="report")
    assert done.returncode == Exit.DONE, done.stderr
    ada = next(line for line in done.stdout.splitlines() if line.split()[:1] == ["ada"])
    assert ada.split() == ["ada", "9.5", "11", "−1.5"]
    assert "unreadable: lab.ipynb: is empty" in done.stdout
