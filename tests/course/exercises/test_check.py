"""`make check`, `make start-over`, `make capstone`: what a student is told, and that nothing is lost."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from course.core.errors import CourseError
from course.core.paths import ROOT, Folders
from course.exercises.capstone import fill as fill_capstone
from course.exercises.capstone import report
from course.exercises.check import State, check, table
from course.exercises.runner import load
from course.exercises.start_over import start_over
from course.exercises.workspace import fill

A, T = "02-strides", "ravel"
RIGHT = "def ravel(row, col, n_rows, n_cols):\n    return row * n_cols + col"
WRONG = RIGHT.replace("row * n_cols", "row * n_rows")
PROCESS_IMPORTS = "import sys; import course.exercises.check, course.cli.main; print(*sys.modules)"


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """A course with one exercise, and a student's copy of it."""
    for name in ("exercises", "solutions"):
        (tmp_path / name / A).mkdir(parents=True)
        for file in (f"{T}.ipynb", "checking.py"):
            shutil.copy(ROOT / name / A / file, tmp_path / name / A)
    made = Folders(tmp_path)
    fill(made)
    return made


def notebook(*cells: tuple[str, dict[str, object]]) -> str:
    """Return a notebook of code cells, each with its nbgrader facts."""
    made = [
        {
            "cell_type": "code",
            "id": f"c{n}",
            "source": source,
            "outputs": [],
            "execution_count": None,
        }
        | {"metadata": {"nbgrader": facts} if facts else {}}
        for n, (source, facts) in enumerate(cells)
    ]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def write(folders: Folders, answer: str, task: str = T, assignment: str = A) -> Path:
    """Put an answer into the student's copy."""
    file = folders.work / "exercises" / assignment / f"{task}.ipynb"
    made = json.loads(file.read_text("utf-8"))
    for cell in made["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["source"] = answer
    file.write_text(json.dumps(made), "utf-8")
    return file


def only(folders: Folders) -> State:
    (state,) = check(folders, A)
    return state


def test_an_untouched_exercise_is_next_and_nothing_is_run(folders: Folders) -> None:
    (folders.work / "exercises" / A / "checking.py").unlink()  # it would fail if it ran
    assert only(folders) == State(A, T, "untouched")
    assert f"Next: work/exercises/{A}/{T}.ipynb" in list(table([only(folders)]))


@pytest.mark.slow
def test_a_solved_exercise_is_told_as_solved(folders: Folders) -> None:
    write(folders, RIGHT)
    assert only(folders).word == "solved"
    shown = list(table([only(folders)]))
    assert "1 of 1 done, 0 started." in shown
    assert [line for line in shown if "the visible tests pass; hidden tests" in line]


def test_hidden_tests_are_not_spoken_of_where_nothing_is_solved() -> None:
    assert "hidden" not in "\n".join(
        table([State(A, T, "started", "not yet"), State(A, "why", "answered")])
    )


@pytest.mark.slow
def test_a_wrong_answer_is_told_what_its_first_failing_test_says(folders: Folders) -> None:
    write(folders, WRONG)
    state = only(folders)
    assert state.word == "started"
    assert "ravel-visible: ravel(2, 3, 4, 8): expected 19, got 11." in state.message
    shown = "\n".join(table([state]))
    assert "you skipped n_rows" in shown
    assert max(map(len, shown.splitlines())) <= 100


@pytest.mark.slow
def test_tests_that_the_student_changed_or_removed_are_those_handed_out(folders: Folders) -> None:
    file = write(folders, WRONG)
    made = json.loads(file.read_text("utf-8"))
    cells = made["cells"]
    for cell in cells:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "ravel-words":
            cell["source"] = "def check(*_):\n    pass"
    made["cells"] = [
        c for c in cells if c["metadata"].get("nbgrader", {}).get("grade_id") != "ravel-visible"
    ]
    file.write_text(json.dumps(made), "utf-8")
    assert only(folders).word == "started"


@pytest.mark.slow
def test_a_cell_that_python_cannot_read_is_named_and_not_its_consequence(folders: Folders) -> None:
    write(folders, "def ravel(row, col, n_rows, n_cols)\n    return 1")
    assert "a cell above the test failed: SyntaxError" in only(folders).message


def test_a_file_that_is_no_notebook_is_told_how_to_be_replaced(folders: Folders) -> None:
    (folders.work / "exercises" / A / f"{T}.ipynb").write_text("{")
    state = only(folders)
    assert state.word == "started"
    assert f"make start-over A={A} T={T}" in state.message


def test_a_question_without_tests_counts_as_answered_once_it_is(folders: Folders) -> None:
    facts = {"grade_id": "why", "solution": True, "grade": True, "points": 0}
    for folder in (folders.exercises, folders.work / "exercises"):
        made = json.loads(notebook(("", facts)))
        made["cells"][0]["cell_type"] = "markdown"
        (folder / A / "why.ipynb").write_text(json.dumps(made))
    assert check(folders, A)[-1] == State(A, "why", "untouched")
    write(folders, "Because.", "why")
    assert check(folders, A)[-1] == State(A, "why", "answered")


def test_without_work_the_student_is_told_to_run_the_lab(folders: Folders) -> None:
    shutil.rmtree(folders.work)
    with pytest.raises(CourseError, match="make lab"):
        check(folders)


@pytest.mark.parametrize(("a", "t"), [("02", None), (A, "unknown")])
def test_a_name_that_does_not_exist_is_answered_with_those_that_do(
    folders: Folders, a: str, t: str | None
) -> None:
    with pytest.raises(CourseError, match=A if t is None else T):
        start_over(folders, a, t)


@pytest.mark.slow
def test_an_assignment_is_checked_with_neither_nbgrader_nor_a_kernel() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROCESS_IMPORTS],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert not loaded & {
        "nbgrader",
        "nbformat",
        "nbclient",
        "jupyter_client",
        "ipykernel",
        "IPython",
    }


@pytest.mark.slow
def test_the_cost_of_a_check_does_not_grow_with_what_is_untouched(folders: Folders) -> None:
    for number in range(40):
        for folder in (folders.exercises, folders.work / "exercises"):
            shutil.copy(folder / A / f"{T}.ipynb", folder / A / f"task-{number}.ipynb")
    write(folders, RIGHT)
    started = time.process_time()
    states = check(folders, A)
    assert (
        time.process_time() - started < 2
    )  # our own share; the answers run in their own processes
    assert [state.word for state in states].count("untouched") == 40


def test_starting_over_gives_a_fresh_copy_and_keeps_the_old_one(folders: Folders) -> None:
    file = write(folders, "my first try")
    first = file.read_bytes()
    ((mine, kept),) = start_over(folders, A, T)
    assert mine.read_bytes() == (folders.exercises / A / f"{T}.ipynb").read_bytes()
    assert kept == folders.work / "kept" / A / "ravel-1.ipynb"
    assert kept.read_bytes() == first
    write(folders, "my second try")
    ((_, again),) = start_over(folders, A)
    assert again.name == "ravel-2.ipynb"
    assert kept.read_bytes() == first
    assert "my second try" in again.read_text()


def test_starting_over_leaves_alone_what_is_as_handed_out(folders: Folders) -> None:
    assert start_over(folders, A) == []
    assert not (folders.work / "kept").exists()


def test_starting_over_brings_back_a_lost_copy_and_renews_what_tests_share(
    folders: Folders,
) -> None:
    (folders.work / "exercises" / A / f"{T}.ipynb").unlink()
    (folders.work / "exercises" / A / "checking.py").write_text("mine")
    start_over(folders, A, T)
    assert (folders.work / "exercises" / A / f"{T}.ipynb").is_file()
    assert "def call(" in (folders.work / "exercises" / A / "checking.py").read_text()
    assert (folders.work / "kept" / A / "checking-1.py").read_text() == "mine"


STUB = "def {}(*_):\n    raise NotImplementedError"
SOLUTION = {"grade_id": "s", "solution": True, "grade": False, "locked": False}
TEST = {"grade_id": "t", "solution": False, "grade": True, "locked": True, "points": 1}


@pytest.fixture
def mini(folders: Folders) -> Folders:
    """Three parts of MiniArray in two assignments, and a capstone that asks for them and one more."""
    parts = {"locate": "02-strides", "take": "02-strides", "transposed": "03-views"}
    for name, assignment in parts.items():
        reference = f"### BEGIN SOLUTION\ndef {name}(*_):\n    return 'reference'\n### END SOLUTION"
        test = f"assert {name}()"
        texts = {folders.exercises: STUB.format(name), folders.solutions: reference}
        for folder, source in texts.items():
            file = folder / assignment / f"mini-{name}.ipynb"
            file.parent.mkdir(exist_ok=True)
            file.write_text(notebook((source, SOLUTION), (test, TEST)))
    stubs = "\n\n".join(STUB.format(name) for name in [*parts, "runs"])
    file = folders.exercises / "06-capstone" / "step-1.ipynb"
    file.parent.mkdir()
    file.write_text(
        notebook(
            (f"# your parts begin\nfrom math import prod\n\n{stubs}\n# your parts end\nx = 1", {})
        )
    )
    fill(folders)
    return folders


@pytest.mark.slow
def test_the_capstone_takes_what_is_solved_and_fills_gaps_from_references(mini: Folders) -> None:
    write(mini, "def locate(*_):\n    return 'mine'", "mini-locate")
    write(mini, "def take(*_):\n    return 0", "mini-take")
    parts, changed = fill_capstone(mini)
    assert {part.name: part.origin for part in parts} == {
        "locate": "yours",
        "take": "reference",
        "transposed": "reference",
        "runs": "missing",
    }
    (file,) = changed
    space: dict[str, object] = {}
    source = load(file)["cells"][0]["source"]
    exec(source, space)  # noqa: S102
    assert [space[name]() for name in ("locate", "take", "transposed")] == [  # type: ignore[operator]
        "mine",
        "reference",
        "reference",
    ]
    assert space["x"] == 1
    assert callable(space["prod"])
    assert "SOLUTION" not in source
    told = "\n".join(report(parts))
    assert "write your own in 02-strides/mini-take, then run this again" in told
    assert "runs        not written yet" in told


@pytest.mark.slow
def test_what_is_written_into_the_capstone_itself_stays_and_gives_way_to_what_is_solved(
    mini: Folders,
) -> None:
    fill_capstone(mini)
    assert fill_capstone(mini)[1] == []
    file = mini.work / "exercises" / "06-capstone" / "step-1.ipynb"
    file.write_text(file.read_text().replace("'reference'", "'by hand'", 1))
    parts, _ = fill_capstone(mini)
    assert parts[0].origin == "yours"
    assert "'by hand'" in file.read_text()
    write(mini, "def locate(*_):\n    return 'solved'", "mini-locate")
    fill_capstone(mini)
    assert "'solved'" in file.read_text()
    kept = sorted((mini.work / "kept" / "06-capstone").glob("step-1-*.ipynb"))
    assert "'by hand'" in kept[-1].read_text()


@pytest.mark.slow
def test_without_solutions_a_gap_in_the_capstone_stays_one(mini: Folders) -> None:
    shutil.rmtree(mini.solutions)
    parts, _ = fill_capstone(mini)
    assert {part.origin for part in parts} == {"missing"}


def test_without_a_capstone_the_student_is_told_how_to_get_it(folders: Folders) -> None:
    with pytest.raises(CourseError, match="make lab"):
        fill_capstone(folders)
