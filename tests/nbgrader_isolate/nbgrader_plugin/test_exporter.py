"""With `nbgrader_isolate.configure(c)`, nbgrader's own `autograde` is safe."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from support import preloaded
from support.hostile_course import (
    CONFIG,
    DOUBLE,
    NOTEBOOK,
    A,
    answered,
    environment,
    hostile,
    make,
    nbgrader,
    released,
    submit,
)
from support.patience import patience

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
KEYS = "the other student's answer and the instructor's keys"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course in which stock nbgrader has graded honest, broken and hostile submissions."""
    root = tmp_path_factory.mktemp("foreign") / "course"
    make(root)
    secret = root / "secret.txt"
    secret.write_text(KEYS)
    ada = submit(root, "ada", answered(root, DOUBLE))
    (ada / "data.csv").write_text("not the instructor's")
    (ada / "notes.txt").write_text("mine")
    (ada / "timestamp.txt").write_text("2026-11-20 10:00:00 UTC")
    submit(root, "mallory", hostile(released(root)))
    linked = root / "submitted" / "linked" / A
    linked.mkdir(parents=True)
    (linked / f"{NOTEBOOK}.ipynb").symlink_to(ada / f"{NOTEBOOK}.ipynb")
    (linked / "secret.txt").symlink_to(secret)
    (linked / "endless").symlink_to("/dev/zero")
    (linked / "nowhere").symlink_to("/nowhere")
    for student, text in {"broken": "{", "empty": "", "deep": "[" * 5000}.items():
        folder = submit(root, student, released(root))
        (folder / f"{NOTEBOOK}.ipynb").write_text(text)
    late = submit(root, "odd stamp", answered(root, DOUBLE))
    (late / "timestamp.txt").write_text("soon")
    renamed = submit(root, "renamed", answered(root, DOUBLE))
    (renamed / f"{NOTEBOOK}.ipynb").rename(renamed / "Reading (1).ipynb")
    nothing = root / "submitted" / "nothing" / A
    nothing.mkdir(parents=True)
    twice = answered(root, DOUBLE)
    twice.cells += [cell.copy() for cell in twice.cells[1:3]]
    skipped = answered(root, "")
    skipped.cells[2].metadata["tags"] = ["skip-execution"]
    submit(root, "twice", twice)
    submit(root, "skipped", skipped)
    (root / "log").write_text(nbgrader(root, "autograde", A))
    nbgrader(root, "generate_feedback", A)
    return root


def points(course: Path, student: str) -> dict[str, tuple[float | None, bool]]:
    """Return the gradebook's points, and whether a person must grade."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        submission = gradebook.find_submission_notebook(NOTEBOOK, A, student)
        return {
            grade.name: (grade.auto_score, grade.needs_manual_grade) for grade in submission.grades
        }


def graded(course: Path, student: str) -> dict[str, Any]:
    file = course / "autograded" / student / A / f"{NOTEBOOK}.ipynb"
    notebook: dict[str, Any] = json.loads(file.read_text())
    return notebook


def test_an_honest_answer_gets_its_points_and_a_person_grades_the_rest(course: Path) -> None:
    assert points(course, "ada") == {"double-test": (2, False), "why": (0, False)}
    assert points(course, "mallory") == {"double-test": (0, False), "why": (None, True)}


@pytest.mark.parametrize("student", ["odd stamp", "renamed", "twice"])
def test_readable_submissions_are_graded(course: Path, student: str) -> None:
    assert points(course, student)["double-test"] == (2, False)


@pytest.mark.parametrize("student", ["linked", "broken", "empty", "deep", "nothing", "skipped"])
def test_a_submission_without_an_answer_gets_no_points_and_stops_nobody(
    course: Path, student: str
) -> None:
    assert points(course, student)["double-test"][0] == 0


@pytest.mark.parametrize("student", ["linked", "broken", "empty", "deep", "nothing"])
def test_the_notebook_and_the_feedback_say_why_nothing_was_graded(
    course: Path, student: str
) -> None:
    first = "".join(graded(course, student)["cells"][0]["source"])
    assert first.startswith(f"**Not graded.** {NOTEBOOK}.ipynb: ")
    page = (course / "feedback" / student / A / f"{NOTEBOOK}.html").read_text()
    assert f"{NOTEBOOK}.ipynb: " in page
    assert "did not pass" not in page
    assert 'href="#cell-double-test"' not in page


def test_no_link_is_followed_and_no_student_file_is_copied(course: Path) -> None:
    for step in ("autograded", "feedback"):
        files = [file for file in (course / step).rglob("*") if file.is_file()]
        assert {file.name for file in files} <= {
            f"{NOTEBOOK}.ipynb",
            f"{NOTEBOOK}.html",
            "data.csv",
            "timestamp.txt",
            "submission_secret.txt",
        }
        assert all(KEYS not in file.read_text() for file in files)
        assert not any(file.is_symlink() for file in files)
    assert (course / "autograded" / "ada" / A / "data.csv").read_text() == "1,2\n"


def test_a_run_reports_each_problem_in_one_line(course: Path) -> None:
    log = (course / "log").read_text()
    assert "linked: secret.txt: is a link" in log
    assert "odd stamp: timestamp.txt does not contain a time" in log
    assert "Traceback" not in log


def test_the_graded_notebook_has_no_active_content(course: Path) -> None:
    kinds = {
        kind
        for cell in graded(course, "mallory")["cells"]
        for output in cell.get("outputs", [])
        for kind in output.get("data", {})
    }
    assert kinds == {"text/plain"}


def test_the_feedback_names_the_mistake_and_has_no_hidden_line(course: Path) -> None:
    page = (course / "feedback" / "mallory" / A / f"{NOTEBOOK}.html").read_text()
    assert "double(1): expected 2." in page
    assert re.search(r"not graded yet, \d points?\b", page)
    assert re.search(r"points? (is|are) not graded yet", page)
    for feedback in (course / "feedback").rglob("*.html"):
        assert "4711" not in feedback.read_text()
        assert "HIDDEN" not in feedback.read_text()


def test_our_own_command_writes_the_same_pages(course: Path) -> None:
    pages = sorted((course / "feedback").rglob("*.html"))
    before = [page.read_text() for page in pages]
    for page in pages:
        page.unlink()
    command = ["nbgrader_isolate", "feedback", A]
    preloaded.run(command, cwd=course, env=environment(course), check=True, timeout=60)
    assert [page.read_text() for page in pages] == before


def test_a_graded_submission_is_graded_again_only_if_it_is_newer(course: Path) -> None:
    before = (course / "autograded" / "ada" / A / f"{NOTEBOOK}.ipynb").stat().st_mtime_ns
    stamp = course / "submitted" / "ada" / A / "timestamp.txt"
    nbgrader(course, "autograde", A, "--student", "ada")
    file = course / "autograded" / "ada" / A / f"{NOTEBOOK}.ipynb"
    assert file.stat().st_mtime_ns == before
    stamp.write_text("2026-11-20 11:00:00 UTC")
    nbgrader(course, "autograde", A, "--student", "ada")
    assert file.stat().st_mtime_ns > before


def test_an_outcome_without_a_run_is_refused(course: Path) -> None:
    log = nbgrader(
        course, "autograde", A, "--student", "twice", "--no-execute", "--force", check=False
    )
    assert "points need a run" in log
    nbgrader(course, "autograde", A, "--student", "twice", "--force")
    assert points(course, "twice")["double-test"] == (2, False)


def test_the_api_that_the_formgrader_calls_does_the_same(course: Path) -> None:
    script = (
        "from nbgrader.apps import NbGraderAPI, NbGrader\n"
        "app = NbGrader(); app.initialize([])\n"
        f"done = NbGraderAPI(app.coursedir, parent=app).autograde({A!r}, 'linked')\n"
        "assert done['success'], done\n"
        "assert 'is a link' in done['log'], done\n"
    )
    subprocess.run(
        [sys.executable, "-c", script],
        cwd=course,
        env=environment(course),
        check=True,
        timeout=patience(60),
    )
    assert not (course / "autograded" / "linked" / A / "secret.txt").exists()
    assert points(course, "linked")["double-test"][0] == 0


@pytest.mark.whole("tests/nbgrader_isolate/cli/test_grade.py gives a student more time")
def test_a_student_with_more_time_passes_where_others_are_stopped(tmp_path: Path) -> None:
    course = tmp_path / "course"
    make(course, f"{CONFIG}c.Limits.call_seconds = 1.0\n")
    slow = "import time\ndef double(x):\n    time.sleep(1.5)\n    return 2 * x"
    for student in ("ada", "bob"):
        submit(course, student, answered(course, slow))
    granted = course / "accommodations.csv"
    granted.write_text(f"assignment,student,time_factor\n{A},bob,8\n")
    nbgrader(course, "autograde", A)
    by_plugin = {student: points(course, student)["double-test"] for student in ("ada", "bob")}
    assert by_plugin == {"ada": (0, False), "bob": (2, False)}
    command = ["nbgrader_isolate", "grade", A]
    done = preloaded.run(command, cwd=course, env=environment(course), check=True, timeout=60)
    assert "2 already graded" in done.stdout  # the plugin has noted the times
    granted.write_text(f"assignment,student,time_factor\n{A},ada,8\n")
    done = preloaded.run(command, cwd=course, env=environment(course), check=True, timeout=60)
    assert "With more time for their code to run: ada (× 8)." in " ".join(done.stdout.split())
    by_command = {student: points(course, student)["double-test"] for student in ("ada", "bob")}
    assert by_command == {"ada": (2, False), "bob": (0, False)}
    page = graded(course, "bob")["cells"][2]["outputs"][-1]
    assert "took longer than 1 s" in json.dumps(page)
    granted.write_text(f"assignment,student,time_factor\n{A},ada,nan\n")
    log = nbgrader(course, "autograde", A, "--force", check=False)
    assert "Nothing was graded." in log
    assert "time_factor is 'nan'; write a number" in log
