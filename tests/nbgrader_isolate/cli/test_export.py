"""`export` as an instructor meets it: who is in the table, and what is refused."""

from __future__ import annotations

import csv
import io
import subprocess
from pathlib import Path

import pytest

from nbgrader_isolate.core.errors import Exit
from support import graded_course as gc
from support.graded_course import A

pytestmark = pytest.mark.slow


def table(done: subprocess.CompletedProcess[str]) -> dict[str, dict[str, str]]:
    """Return the lines of an export by student."""
    assert done.returncode == Exit.DONE, done.stderr
    return {row["student"]: row for row in csv.DictReader(io.StringIO(done.stdout, newline=""))}


def test_the_marks_of_the_gradebook_are_there_with_who_was_not_graded(graded: Path) -> None:
    gc.rows(graded, "insert into student (id) values ('=absent')")
    gc.rows(graded, "update submitted_notebook set late_submission_penalty = 1.5")
    (graded / "submitted" / "late, comer" / A).mkdir(parents=True)
    found = table(gc.grade(graded, verb="export"))
    ada = found["ada"]
    assert (ada["score"], ada["max_score"], ada["late_penalty"]) == ("9.5", "11", "1.5")
    assert (ada["notebook lab"], ada["status"], ada["complete"]) == ("11", "graded", "yes")
    assert ada["review_reasons"] == "unprotected points: center-memory"
    assert ada["handed_in"] == "2026-11-20 10:00:00 UTC"
    assert (found["xenia"]["status"], found["xenia"]["complete"]) == ("unreadable", "no")
    assert (found["'=absent"]["status"], found["'=absent"]["score"]) == ("not handed in", "0")
    assert (found["late, comer"]["status"], found["late, comer"]["score"]) == ("not graded", "")
    assert set(found) >= {"name with  spaces", "[bold red]zoë", "n" * 200}
    (graded / "accommodations.csv").write_text(f"assignment,student,time_factor\n{A},ada,1.5\n")
    found = table(gc.grade(graded, verb="export"))
    assert (found["ada"]["time_factor"], found["grace"]["time_factor"]) == ("1.5", "1")
    only = table(gc.grade(graded, "--student", "ada", verb="export"))
    assert list(only) == ["ada"]


def test_what_cannot_be_exported_is_said_in_one_line(course: Path) -> None:
    lines = {
        ("export", "lab2"): "lab2: not in the gradebook",
        ("export", A, "--student", "adda"): "adda: no such student",
        ("export", A, "--csv", "/proc/x.csv"): "/proc/x.csv: scores cannot be written",
        ("export",): "Name one assignment, or use --all for all of them.",
        ("export", A, "--all"): "Name one assignment, or use --all for all of them.",
    }
    for arguments, words in lines.items():
        done = gc.run(*arguments, "--course", course)
        assert done.returncode in (Exit.COURSE, Exit.USAGE), (arguments, done.stderr)
        assert words in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr


@pytest.mark.sample(every=2)
@pytest.mark.parametrize("verb", ["report", "feedback", "export"])
def test_what_only_reads_makes_no_gradebook(tmp_path: Path, verb: str) -> None:
    done = gc.python(verb=verb, course=tmp_path)
    assert done.returncode == Exit.COURSE
    assert "there is no gradebook yet" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_scores_go_into_the_table_of_a_platform_with_what_is_missing_named(graded: Path) -> None:
    roster = graded / "canvas.csv"
    roster.write_text("Student,ID,Section\nada,1,A\nwei,2,A\nnobody else,3,A\n", "utf-8")
    (graded / "accommodations.csv").write_text(
        f"assignment,student,excused\n{A},wei,yes\n", "utf-8"
    )
    command = ("export", A, "--course", graded, "--for", "canvas", "--roster", roster)
    done = gc.run(*command)
    assert done.returncode == Exit.INCOMPLETE, done.stderr
    assert done.stdout.splitlines() == [f"Student,ID,Section,{A}", "ada,1,A,11", "wei,2,A,EX"]
    assert "1 score for Canvas." in done.stderr
    assert "Without a score, excused: wei." in done.stderr
    assert "In the roster, but not in the course: nobody else." in done.stderr
    assert "In the course, but not in the roster:" in done.stderr
    for options in (("--for", "moodle"), ("--roster", roster), ("--scale",)):
        wrong = gc.run("export", A, "--course", graded, *options)
        assert wrong.returncode == Exit.USAGE, options
        assert len(wrong.stderr.strip().splitlines()) == 1
