"""`make check`: which exercises in `work/` pass their visible tests, and what to do next.

This needs neither nbgrader nor a kernel. It runs the tests that were handed out, even if the
student has changed or removed them; hidden tests are not among them.
"""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from course.core.errors import CourseError
from course.core.exercises import (
    Kind,
    Notebook,
    exercise_files,
    grading,
    is_solution,
    is_test,
    kind_of,
    later,
    load,
)
from course.core.paths import Folders
from course.core.python_source import defining
from course.exercises.runner import run

WIDTH = 96
SOLVED, STARTED, UNTOUCHED, ANSWERED = "solved", "started", "untouched", "answered"
SHOWN = {SOLVED: "visible tests pass"}
"""Words that are shown in a longer form; the pages do the same in `wordsFor` (progress.js)."""


@dataclass(frozen=True)
class State:
    """How far an exercise is.

    Parameters
    ----------
    assignment, task : str
        The exercise.
    word : str
        "solved" (all visible tests pass), "started", "untouched" or, for a question without tests,
        "answered".
    message : str
        The message of the first failing test, or one about the notebook; may be empty.
    hidden : tuple of str
        If the visible tests pass: what each hidden test adds when the work is graded.
    """

    assignment: str
    task: str
    word: str
    message: str = ""
    hidden: tuple[str, ...] = ()

    @property
    def done(self) -> bool:
        """Whether there is nothing left to do."""
        return self.word in (SOLVED, ANSWERED)


def check(folders: Folders, assignment: str | None = None) -> list[State]:
    """Check every exercise in `work/`, or those of one assignment.

    Parameters
    ----------
    folders : Folders
        The checkout.
    assignment : str, optional
        The name of one assignment, such as `02-strides`.

    Returns
    -------
    list of State
        In the order in which the exercises should be done.

    Raises
    ------
    CourseError
        If `work/` is empty, or there is no such assignment.
    """
    tasks = list(handed_out(folders, assignment))
    if not (folders.work / "exercises").is_dir():
        raise CourseError("There are no exercises in work/ yet: `make lab` copies them there.")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda given: state(folders, given), tasks))


def handed_out(folders: Folders, assignment: str | None, task: str | None = None) -> list[Path]:
    """Return the exercises as they were handed out: all, those of an assignment, or one task.

    Raises
    ------
    CourseError
        If there is none; the message lists the names that exist.
    """
    names = sorted(folder.name for folder in folders.exercises.glob("*") if folder.is_dir())
    if assignment is not None and assignment not in names:
        raise CourseError(f"There is no assignment {assignment!r}: A is one of {', '.join(names)}.")
    exercises = [
        file for file in exercise_files(folders.exercises) if assignment in (None, file.parent.name)
    ]
    if task is None:
        return exercises
    chosen = [file for file in exercises if file.stem == task]
    if not chosen:
        known = ", ".join(file.stem for file in exercises)
        raise CourseError(f"There is no task {task!r} in {assignment}: T is one of {known}.")
    return chosen


def state(folders: Folders, given_file: Path) -> State:
    """Return how far the student's copy of one exercise is."""
    assignment, task = given_file.parent.name, given_file.stem
    file = folders.work / "exercises" / assignment / given_file.name
    if not file.is_file():
        return State(assignment, task, UNTOUCHED, "not in work/ yet: run `make lab` to copy it")
    given = load(given_file)
    try:
        mine = load(file)
    except ValueError:
        hint = f"`make start-over A={assignment} T={task}` gives you a fresh copy, and keeps this"
        return State(assignment, task, STARTED, f"the file cannot be read as a notebook: {hint}")
    if written(mine) == written(given):
        return State(assignment, task, UNTOUCHED)
    if not any(map(is_test, given["cells"])):
        return State(assignment, task, ANSWERED)
    outcome = run(with_tests_of(given, mine), file.parent)
    failed = outcome.first_failure
    if failed is None:
        return State(assignment, task, SOLVED, hidden=hidden_tests(given))
    cause = next(iter(outcome.troubles.values()), "")
    message = f"{failed.grade_id}: {failed.message}"
    if cause and str(failed.message).startswith("NameError"):
        message = f"a cell above the test failed: {cause}"
    return State(assignment, task, STARTED, message)


def hidden_tests(given: Notebook) -> tuple[str, ...]:
    """Return what the comments in the empty cells of hidden tests say about them."""
    return tuple(later(one["source"]) for one in given["cells"] if kind_of(one) == Kind.LATER)


def written(notebook: Notebook) -> dict[str, str]:
    """Return what students write: the sources of solution and answer cells, by grade_id."""
    return {
        grading(cell)["grade_id"]: cell["source"].strip()
        for cell in notebook["cells"]
        if grading(cell).get("solution") and isinstance(grading(cell).get("grade_id"), str)
    }


def with_tests_of(given: Notebook, mine: Notebook) -> Notebook:
    """Return the student's notebook with the source of all other cells as it was handed out.

    Tests that the student removed are added at the end.
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
        yield f"  {one.task:{width}}  {SHOWN.get(one.word, one.word)}"
        if one.hidden:
            indent = " " * (width + 4)
            said = f"hidden tests: {'; '.join(text.rstrip('.') for text in one.hidden)}."
            yield textwrap.fill(said, WIDTH, initial_indent=indent, subsequent_indent=indent)
    yield ""
    if any(one.word == SOLVED for one in states):
        yield "The hidden tests run when your work is graded."
    done = sum(one.done for one in states)
    started = sum(one.word == STARTED for one in states)
    yield f"{done} of {len(states)} done, {started} started."
    yield from advice(states)


def advice(states: list[State]) -> Iterator[str]:
    """Yield what to do next."""
    one = next_exercise(states)
    if one is None:
        yield "There is nothing left to do here."
        return
    yield f"Next: work/exercises/{one.assignment}/{one.task}.ipynb"
    for line in one.message.splitlines()[:8]:
        yield textwrap.fill(line, WIDTH, initial_indent="  ", subsequent_indent="  ")


def next_exercise(states: list[State]) -> State | None:
    """Return the first started exercise, or else the first untouched one; None if all are done.

    The page of all exercises says the same: `nextOf` in `web/live/progress.js`.
    """
    left = [one for one in states if not one.done]
    return next((one for one in left if one.word == STARTED), next(iter(left), None))


def solution_cell(notebook: Notebook, name: str) -> str | None:
    """Return the source of the solution cell that defines `name`."""
    sources = [cell["source"] for cell in notebook["cells"] if is_solution(cell)]
    return defining(sources, name)
