"""`plan` as an instructor meets it: at release, once, with what to look at; and who else speaks of
plans."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from nbgrader_isolate.cli.plan import described
from nbgrader_isolate.core.errors import Exit
from nbgrader_isolate.planning.advice import advice_on
from nbgrader_isolate.planning.weak_tests import WARNINGS
from support import graded_course as gc
from support.graded_course import A
from support.small_course import assignment, plan_of

pytestmark = pytest.mark.slow


def test_a_plan_is_made_once_and_grading_does_not_make_it_again(course: Path) -> None:
    made = gc.grade(course, verb="plan")
    assert made.returncode == Exit.DONE, made.stderr
    assert "planning where each test runs, once" in made.stderr
    assert "lab: isolated tests: 5, in-process tests: 1" in made.stdout
    assert "center-memory runs in-process, unprotected:" in made.stdout
    again = gc.grade(course, verb="plan")
    first = f"{A}: the plan is up to date (--force makes a new one)."
    assert (again.stderr, again.stdout.splitlines()[0]) == ("", first)
    forced = gc.grade(course, "--force", verb="plan")
    assert f"{A}: planning again; this runs the reference solution" in forced.stderr
    assert f"{A}: planned in " in forced.stderr
    assert "plan" not in gc.grade(course, "--student", "ada").stderr


def test_grading_says_when_it_makes_the_plan_itself(course: Path) -> None:
    assert "planning where each test runs, once" in gc.grade(course, "--student", "ada").stderr
    place = course / f"release/{A}/lab.ipynb"
    released = nbformat.read(place, 4)
    released.cells[0].source += "\n\nA word more."
    place.chmod(0o644)
    nbformat.write(released, place)
    assert "the assignment changed since it was planned" in gc.grade(course, "--force").stderr


def test_what_is_wrong_with_the_instructors_own_notebook_is_said_once_a_run(course: Path) -> None:
    place = course / f"source/{A}/lab.ipynb"
    text = place.read_text()
    place.write_text(text.replace("return a.T", "return a.copy()"))
    (course / f"release/{A}/lab.ipynb").chmod(0o644)
    done = gc.grade(course)
    warned = (
        "Check the assignment: lab/transpose-test: the reference solution fails this test: "
        "AssertionError: transpose(a): expected shape (4, 3), got (3, 4)."
    )
    assert done.stderr.count(warned) == 1
    assert warned.removesuffix(".") in gc.grade(course, verb="plan").stdout


def test_tests_that_could_be_stricter_are_named_once_and_counted_later(course: Path) -> None:
    gc.grade(course, verb="plan")
    file = course / f".autograder/{A}.json"
    plan = json.loads(file.read_text())
    weak = f"lab/transpose-test: {WARNINGS['nan']}"
    plan["notebooks"][0]["warnings"] += [weak, "lab/center-test: the reference solution fails"]
    file.write_text(json.dumps(plan))
    done = gc.grade(course, "--student", "ada")
    assert f"1 test could be stricter: `nbgrader-isolate plan {A}` says how." in done.stderr
    assert weak not in done.stderr
    assert "Check the assignment: lab/center-test: the reference solution fails." in done.stderr
    assert weak in gc.grade(course, verb="plan").stdout


def test_an_assignment_that_is_not_there_is_refused_in_one_line(course: Path) -> None:
    done = gc.grade(course, verb="plan")
    assert done.returncode == Exit.DONE
    done = gc.run("plan", "lab9", "--course", course)
    assert done.returncode == Exit.COURSE
    assert "lab9: not in the gradebook" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_test_that_lets_the_student_say_the_points_is_warned_of(course: Path) -> None:
    for place in (course / f"source/{A}/lab.ipynb", course / f"release/{A}/lab.ipynb"):
        place.chmod(0o644)
        notebook = json.loads(place.read_text())
        for cell in notebook["cells"]:
            if cell["id"] == "transpose-test":
                cell["source"] = "transpose(7)"
        place.write_text(json.dumps(notebook))
    (course / "gradebook.db").unlink()
    done = gc.grade(course, verb="plan")
    assert (
        "lab/transpose-test: the value of its last line comes from the student's transpose"
        in done.stdout
    )


def test_an_explanation_shows_the_line_and_what_to_write_instead() -> None:
    reasons = {"t1": "uses Stack, which is a class", "t2": "its metadata says so"}
    evidence = {"t1": ["line 2: assert Stack().size == 0\x1b[2J"], "t2": []}
    notebook = replace(
        plan_of(), modes=dict.fromkeys(reasons, "in-process"), reasons=reasons, evidence=evidence
    )
    plan = assignment(notebook)
    lines = list(described(plan, explain=True))
    assert lines[1:] == [
        "    t1 runs in-process, unprotected: uses Stack, which is a class",
        "      line 2: assert Stack().size == 0�[2J",
        f"      Instead: {next(advice_on(reasons['t1']))}.",
        "    t2 runs in-process, unprotected: its metadata says so",
        "      Instead: remove the key isolation from the cell's metadata, and plan again.",
    ]
    assert list(described(plan)) == [line for line in lines if not line.startswith("      ")]


def test_an_empty_folder_stays_empty(tmp_path: Path) -> None:
    done = gc.python(verb="plan", course=tmp_path)
    assert done.returncode == Exit.COURSE
    assert "not in the gradebook, and no notebook in" in done.stderr
    assert list(tmp_path.iterdir()) == []
