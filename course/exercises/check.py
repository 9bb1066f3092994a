"""`make check`: which exercises in `work/` are solved, what the first failing test says, what is next.

It needs neither nbgrader nor a kernel. The tests that run are those that were handed out, whatever
became of them in the student's copy; the hidden ones are not among them.
"""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from course.core.errors import CourseError
from course.core.paths import Folders
from course.exercises.answer_cases import names_of
from course.exercises.runner import Notebook, grading, is_solution, is_test, load, run

WIDTH = 96
SOLVED, STARTED, UNTOUCHED, ANSWERED = "solved", "started", "untouched", "answered"


@dataclass(frozen=True)
class State:
    """How far an exercise is.

    Parameters
    ----------
    assignment, task : str
        Which exercise.
    word : str
        "solved", "started", "untouched" or "answered" (for a question without tests).
    message : str
        What the first failing test, or else the notebook, says; may be empty.
    """

    assignment: str
    task: str
    word: str
    message: str = ""

    @property
    def done(self) -> bool:
        """Whether nothing is left to do."""
        return self.word in (SOLVED, ANSWERED)


def check(folders: Folders, assignment: str | None = None) -> list[State]:
    """Look at every exercise in `work/`, or at those of one assignment.

    Parameters
    ----------
    folders : Folders
        The checkout.
    assignment : str, optional
        The name of one assignment, as `02-strides`.

    Returns
    -------
    list of State
        In the order in which they are meant to be done.

    Raises
    ------
    CourseError
        If `work/` is empty, or there is no such assignment.
    """
    tasks = list(handed_out(folders, assignment))
    if not (folders.work / "exercises").is_dir():
        raise CourseError("There are no exercises in work/ yet: `make lab` puts your copies there.")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda given: state(folders, given), tasks))


def handed_out(folders: Folders, assignment: str | None, task: str | None = None) -> list[Path]:
    """Return the exercises as they are handed out: those of a course, an assignment, or one task.

    Raises
    ------
    CourseError
        If there is none, with the names that there are.
    """
    names = sorted(folder.name for folder in folders.exercises.glob("*") if folder.is_dir())
    if assignment is not None and assignment not in names:
        raise CourseError(f"There is no assignment {assignment!r}: A is one of {', '.join(names)}.")
    found = [
        file
        for name in ([assignment] if assignment else names)
        for file in sorted((folders.exercises / name).glob("*.ipynb"), key=order)
    ]
    if task is None:
        return found
    chosen = [file for file in found if file.stem == task]
    if not chosen:
        known = ", ".join(file.stem for file in found)
        raise CourseError(f"There is no task {task!r} in {assignment}: T is one of {known}.")
    return chosen


def order(file: Path) -> tuple[bool, bool, str]:
    """Sort the tasks of an assignment: MiniArray after the others, the question in words last."""
    return file.stem == "why", file.stem.startswith("mini-"), file.stem


def state(folders: Folders, given_file: Path) -> State:
    """Return how far the student's copy of one exercise is."""
    assignment, task = given_file.parent.name, given_file.stem
    file = folders.work / "exercises" / assignment / given_file.name
    if not file.is_file():
        return State(assignment, task, UNTOUCHED, "not in work/ yet: `make lab` copies it")
    given = load(given_file)
    try:
        mine = load(file)
    except ValueError:
        remedy = f"`make start-over A={assignment} T={task}` gives a fresh copy and keeps this one"
        return State(assignment, task, STARTED, f"the file cannot be read as a notebook: {remedy}")
    if written(mine) == written(given):
        return State(assignment, task, UNTOUCHED)
    if not any(map(is_test, given["cells"])):
        return State(assignment, task, ANSWERED)
    outcome = run(with_tests_of(given, mine), file.parent)
    failed = outcome.first_failure
    if failed is None:
        return State(assignment, task, SOLVED)
    cause = next(iter(outcome.troubles.values()), "")
    said = f"{failed.grade_id}: {failed.message}"
    if cause and str(failed.message).startswith("NameError"):
        said = f"a cell above the test failed: {cause}"
    return State(assignment, task, STARTED, said)


def written(notebook: Notebook) -> dict[str, str]:
    """Return what a student writes: the sources of solution and answer cells, by grade_id."""
    return {
        grading(cell)["grade_id"]: cell["source"].strip()
        for cell in notebook["cells"]
        if grading(cell).get("solution")
    }


def with_tests_of(given: Notebook, mine: Notebook) -> Notebook:
    """Return the student's notebook with the handed-out source in every cell that is not theirs.

    Tests that the student removed stand at the end.
    """
    theirs = {
        grading(cell)["grade_id"]: cell
        for cell in given["cells"]
        if grading(cell).get("locked") and cell["cell_type"] == "code"
    }
    cells, seen = [], set()
    for cell in mine["cells"]:
        grade_id = grading(cell).get("grade_id")
        if grade_id in seen:
            continue
        seen.update([grade_id] if grade_id else [])
        cells.append(theirs.get(grade_id, cell))
    cells += [cell for grade_id, cell in theirs.items() if grade_id not in seen]
    return {**mine, "cells": cells}


def table(states: list[State]) -> Iterator[str]:
    """Yield the lines of the table, and what to do next."""
    width = max((len(one.task) for one in states), default=0)
    assignment = ""
    for one in states:
        if one.assignment != assignment:
            assignment = one.assignment
            yield assignment
        yield f"  {one.task:{width}}  {one.word}"
    yield ""
    if any(one.word == SOLVED for one in states):
        yield "solved: the visible tests pass; hidden tests, which look at more cases, remain."
    solved = sum(one.done for one in states)
    started = sum(one.word == STARTED for one in states)
    yield f"{solved} of {len(states)} done, {started} started."
    yield from advice(states)


def advice(states: list[State]) -> Iterator[str]:
    """Yield what to do next: the first that is started, else the first that is not."""
    left = [one for one in states if not one.done]
    if not left:
        yield "Nothing is left to do here."
        return
    one = next((one for one in left if one.word == STARTED), left[0])
    yield f"Next: work/exercises/{one.assignment}/{one.task}.ipynb"
    for line in one.message.splitlines()[:8]:
        yield textwrap.fill(line, WIDTH, initial_indent="  ", subsequent_indent="  ")


def solution_cell(notebook: Notebook, name: str) -> str | None:
    """Return the source of the solution cell that defines `name`."""
    sources = [cell["source"] for cell in notebook["cells"] if is_solution(cell)]
    return next((source for source in sources if name in names_of(source)), None)
