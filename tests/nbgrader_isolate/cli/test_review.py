"""`review`: one queue with links, on the terminal or as a table."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from nbgrader_isolate.core.errors import Exit
from nbgrader_isolate.gradebook.results import ResultStore, failure_row
from support import graded_course as gc
from support.graded_course import A

pytestmark = pytest.mark.slow


def test_the_queue_has_a_link_that_the_formgrader_knows(graded: Path) -> None:
    done = gc.grade(graded, "--csv", "-", "--formgrader", "https://hub/f", verb="review")
    assert done.returncode == Exit.DONE, done.stderr
    lines = {one["student"]: one for one in csv.DictReader(io.StringIO(done.stdout, newline=""))}
    assert "is empty" in lines["xenia"]["reasons"]
    (page,) = gc.rows(
        graded,
        "select b.id from submitted_notebook b join submitted_assignment s "
        "on s.id = b.assignment_id where s.student_id = 'xenia'",
    )
    assert lines["xenia"]["link"] == f"https://hub/f/submissions/{page[0]}/"
    shown = gc.grade(graded, "--student", "xenia", verb="review")
    assert f"http://localhost:8888/formgrader/submissions/{page[0]}/" in shown.stdout
    assert "grace" not in shown.stdout


def test_what_cannot_be_read_has_a_page_in_the_formgrader_that_says_why(graded: Path) -> None:
    notebook = (graded / "autograded" / "xenia" / A / "lab.ipynb").read_text("utf-8")
    assert "**Not graded.**" in notebook
    assert "2 graded" not in notebook
    again = gc.grade(graded)
    assert again.returncode == Exit.INCOMPLETE
    assert "graded in" in again.stdout


def test_a_wrong_address_is_refused(graded: Path) -> None:
    done = gc.grade(graded, "--formgrader", "localhost", verb="review")
    assert done.returncode == Exit.USAGE
    assert "begins with http://" in done.stderr


def test_a_submission_that_could_not_be_graded_is_not_forgotten(graded: Path) -> None:
    why = "the grader took too long and was stopped"
    store = ResultStore(graded / ".autograder", A)
    student = "grace"
    store.save_failure(failure_row(student, why))
    try:
        shown = [gc.grade(graded, verb=verb).stdout for verb in ("review", "report")]
        assert all(why in " ".join(text.split()) for text in shown)
        done = gc.grade(graded, "--csv", "-", verb="export")
        lines = csv.DictReader(io.StringIO(done.stdout, newline=""))
        (line,) = (one for one in lines if one["student"] == student)
        assert (line["status"], line["review_reasons"], line["complete"]) == ("error", why, "no")
    finally:
        store.path(student).with_suffix(".failed").unlink()
    assert why not in gc.grade(graded, verb="review").stdout
