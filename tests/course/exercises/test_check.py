"""`make check`: what a student is told."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time

import pytest

from course.core.errors import CourseError
from course.core.paths import ROOT, Folders
from course.exercises.check import State, check, table
from support.exercise_course import RIGHT, A, T, notebook, write

WRONG = RIGHT.replace("row * n_cols", "row * n_rows")
PROCESS_IMPORTS = "import sys; import course.exercises.check, course.cli.main; print(*sys.modules)"


def only(folders: Folders) -> State:
    (state,) = check(folders, A)
    return state


def test_an_untouched_exercise_is_next_and_nothing_is_run(folders: Folders) -> None:
    (folders.work / "exercises" / A / "checking.py").unlink()  # it would fail if it ran
    assert only(folders) == State(A, T, "untouched")
    assert f"Next: work/exercises/{A}/{T}.ipynb" in list(table([only(folders)]))


@pytest.mark.slow
def test_an_exercise_that_passes_is_told_what_hidden_tests_add(folders: Folders) -> None:
    write(folders, RIGHT)
    state = only(folders)
    assert state.word == "solved"
    assert state.hidden
    assert all(sentence.endswith(".") for sentence in state.hidden)
    shown = list(table([state]))
    said = "; ".join(sentence.rstrip(".") for sentence in state.hidden)
    assert f"hidden tests: {said}." in " ".join(" ".join(shown).split())
    assert max(map(len, "\n".join(shown).splitlines())) <= 96
    assert f"  {T}  visible tests pass" in shown
    assert "1 of 1 done, 0 started." in shown
    assert "The hidden tests run when your work is graded." in shown


def test_hidden_tests_are_not_spoken_of_where_nothing_passes() -> None:
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
    assert "Going down one row skips n_cols" in shown
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


@pytest.mark.slow
def test_what_other_programs_leave_in_a_notebook_does_not_matter(folders: Folders) -> None:
    file = write(folders, RIGHT)
    made = json.loads(file.read_text("utf-8"))
    made["metadata"] = None
    nameless = {"nbgrader": {"solution": True, "grade": False}}
    made["cells"] += [
        {"cell_type": "code", "metadata": None, "source": ["a = 1\r\n", "b = 2"]},
        {"cell_type": "code", "metadata": nameless, "source": "c = 3"},
        {"cell_type": "markdown", "metadata": {"nbgrader": []}, "source": ""},
    ]
    file.write_bytes(b"\xef\xbb\xbf" + json.dumps(made).encode())
    assert only(folders).word == "solved"
