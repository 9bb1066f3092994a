"""What a graded submission is in the gradebook's terms: marks and comments, by row. Pure logic."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from nbgrader_isolate.core.models import IN_PROCESS, UNTOUCHED, NotebookJSON, NotebookResult
from nbgrader_isolate.notebook.cells import Cell, is_solution, is_task, is_untouched, name_of

if TYPE_CHECKING:
    from nbgrader.api import Notebook

    from nbgrader_isolate.gradebook.course import Course


class NotRecordedError(Exception):
    """A submission that cannot be recorded; its text says why. Nothing of it was."""


@dataclass(frozen=True)
class Blueprint:
    """What the gradebook holds of a notebook of the assignment: ids of rows, by name.

    Parameters
    ----------
    id : str
    graded : dict of str to (str, float)
        Cells that have points, grade cells and task cells: their row and most points.
    answered : dict of str to str
        Cells that have comments: solution cells and task cells.
    """

    id: str
    graded: dict[str, tuple[str, float]]
    answered: dict[str, str]


@dataclass(frozen=True)
class Mark:
    """Points of one cell, and whether a person must look at it."""

    score: float | None
    look: bool


@dataclass(frozen=True)
class NotebookRows:
    """What is written of one notebook: marks and comments, by the row of their cell."""

    name: str
    plan: Blueprint
    marks: dict[str, Mark]
    comments: dict[str, str | None]


def blueprint(notebook: Notebook) -> Blueprint:
    """Return what the gradebook holds of a notebook of the assignment."""
    graded = [*notebook.grade_cells, *notebook.task_cells]
    answered = [*notebook.solution_cells, *notebook.task_cells]
    return Blueprint(
        notebook.id,
        {cell.name: (cell.id, float(cell.max_score)) for cell in graded},
        {cell.name: cell.id for cell in answered},
    )


def rows_of(one: NotebookResult, plan: Blueprint) -> NotebookRows:
    """Return what is written of a graded notebook.

    Raises
    ------
    NotRecordedError
        If a score is not a number within 0 and the cell's most points.
    """
    marks = {cell: mark(one, name, most) for name, (cell, most) in plan.graded.items()}
    cells = (one.notebook or {}).get("cells", [])
    comments: dict[str, str | None] = {}
    for cell in cells:
        name = name_of(cell)
        if name in plan.answered and (is_solution(cell) or is_task(cell)):
            untouched = is_untouched(cell) and not is_task(cell)
            comments[plan.answered[name]] = UNTOUCHED if untouched else None
    comments |= unprotected(one, plan, cells)
    return NotebookRows(one.name, plan, marks, comments)


def mark(one: NotebookResult, name: str, most: float) -> Mark:
    """Return the mark of one cell; one that the result does not name is a person's to give."""
    found = one.cells.get(name)
    score = found.score if found else None
    if score is None:
        return Mark(None, look=True)
    if not (math.isfinite(score) and 0 <= score <= most):
        raise NotRecordedError(f"{one.name}: {name} got {score} of {most:g} points")
    return Mark(float(score), look=one.status == "unreadable")


def unprotected(one: NotebookResult, plan: Blueprint, cells: list[Cell]) -> dict[str, str]:
    """Return comments on answers whose points came from a test that ran in the student's process."""
    comments: dict[str, str] = {}
    last = None
    for cell in cells:
        name = name_of(cell)
        if name is None:
            continue
        if is_solution(cell):
            last = plan.answered.get(name)
        score = one.cells.get(name)
        if last and score and score.score and score.mode == IN_PROCESS:
            comments[last] = f"Unprotected points: {name} ran in the student's own process."
    return comments


def check_name(student: str) -> None:
    """Check that a student's name can stand in a gradebook.

    Raises
    ------
    NotRecordedError
        If it cannot.
    """
    try:
        student.encode()
    except UnicodeEncodeError:
        raise NotRecordedError("the folder's name is not UTF-8: rename it") from None


def late_seconds(when: datetime | None, due: datetime | None, extra: timedelta | None) -> float:
    """Return how late a submission is, in s; 0 where no time or no due date is known."""
    if when is None or due is None:
        return 0.0
    return max(0.0, (when - due - (extra or timedelta())).total_seconds())


def points(row: Any, auto: float | None) -> float:  # noqa: ANN401 - a row of the gradebook, or None
    """Return the points of a grade: a person's before the grader's, and extra credit."""
    manual = row.manual_score if row is not None else None
    extra = row.extra_credit if row is not None else None
    if manual is None and auto is None:
        return 0.0
    return float(manual if manual is not None else auto or 0.0) + float(extra or 0.0)


def permissions(course: Course, *, shared: bool) -> int:
    """Return the permissions of graded files, in octal digits, as nbgrader's configuration has them."""
    for section in (course.config.Autograde, course.config.BaseConverter):
        if "permissions" in section:
            return int(section.permissions)
    return 664 if shared else 444


def written(notebook: NotebookJSON) -> bytes:
    """Return a notebook as nbformat writes it, its long texts as lists of lines."""
    cells = [lines_of(cell) for cell in notebook["cells"]]
    text = json.dumps({**notebook, "cells": cells}, ensure_ascii=False, indent=1, sort_keys=True)
    return f"{text}\n".encode("utf-8", "replace")


def lines_of(cell: dict[str, Any]) -> dict[str, Any]:
    """Return a cell with its source, and the texts of its outputs, as lists of lines."""
    made = {**cell, "source": split(cell["source"])}
    if "outputs" in cell:
        made["outputs"] = [output_lines(output) for output in cell["outputs"]]
    return made


def output_lines(output: dict[str, Any]) -> dict[str, Any]:
    """Return an output with its texts as lists of lines."""
    made = dict(output)
    if "text" in made:
        made["text"] = split(made["text"])
    if "data" in made:
        made["data"] = {
            kind: value if kind.endswith("json") else split(value)
            for kind, value in made["data"].items()
        }
    return made


def split(text: Any) -> Any:  # noqa: ANN401 - JSON
    """Return a text as its lines, each with its end; anything else as it is."""
    return text.splitlines(keepends=True) if isinstance(text, str) else text
