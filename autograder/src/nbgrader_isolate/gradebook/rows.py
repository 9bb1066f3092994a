"""A graded submission in the gradebook's terms: grades and comments by row."""

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


UNPROTECTED_COMMENT = "Unprotected points: "
"""Start of a comment for the instructor; feedback pages leave it out."""


class NotRecordedError(Exception):
    """A submission that cannot be recorded; the message says why. Nothing of it was recorded."""


@dataclass(frozen=True)
class NotebookIndex:
    """Ids of the gradebook's rows for one notebook of the assignment, by cell name.

    Parameters
    ----------
    id : str
    graded : dict of str to (str, float)
        Cells with points (grade cells and task cells): row and maximum points.
    commented : dict of str to str
        Cells with comments (solution cells and task cells): row.
    """

    id: str
    graded: dict[str, tuple[str, float]]
    commented: dict[str, str]


@dataclass(frozen=True)
class CellGrade:
    """Points of one cell, and whether a person must grade it."""

    score: float | None
    needs_manual_grade: bool


@dataclass(frozen=True)
class NotebookRows:
    """What is written for one notebook: grades and comments, by the row of their cell."""

    name: str
    index: NotebookIndex
    grades: dict[str, CellGrade]
    comments: dict[str, str | None]


def notebook_index(notebook: Notebook) -> NotebookIndex:
    """Return the ids of the gradebook's rows for a notebook of the assignment."""
    graded = [*notebook.grade_cells, *notebook.task_cells]
    commented = [*notebook.solution_cells, *notebook.task_cells]
    return NotebookIndex(
        notebook.id,
        {cell.name: (cell.id, float(cell.max_score)) for cell in graded},
        {cell.name: cell.id for cell in commented},
    )


def rows_of(result: NotebookResult, index: NotebookIndex) -> NotebookRows:
    """Return what to write for a graded notebook.

    Raises
    ------
    NotRecordedError
        If a score is not a number between 0 and the cell's maximum points.
    """
    grades = {
        cell: cell_grade(result, name, maximum) for name, (cell, maximum) in index.graded.items()
    }
    cells = (result.notebook or {}).get("cells", [])
    comments: dict[str, str | None] = {}
    for cell in cells:
        name = name_of(cell)
        if result.status == "unreadable":
            break  # these are the instructor's cells, not answers
        if name in index.commented and (is_solution(cell) or is_task(cell)):
            untouched = is_untouched(cell) and not is_task(cell)
            comments[index.commented[name]] = UNTOUCHED if untouched else None
    comments |= unprotected_comments(result, index, cells)
    return NotebookRows(result.name, index, grades, comments)


def cell_grade(result: NotebookResult, name: str, maximum: float) -> CellGrade:
    """Return the grade of one cell; a person grades a cell that the result does not contain."""
    cell = result.cells.get(name)
    score = cell.score if cell else None
    if score is None:
        return CellGrade(None, needs_manual_grade=True)
    if not (math.isfinite(score) and 0 <= score <= maximum):
        raise NotRecordedError(f"{result.name}: {name} got {score} of {maximum:g} points")
    return CellGrade(float(score), needs_manual_grade=result.status == "unreadable")


def unprotected_comments(
    result: NotebookResult, index: NotebookIndex, cells: list[Cell]
) -> dict[str, str]:
    """Return comments for answers whose points came from an in-process test."""
    comments: dict[str, str] = {}
    answer = None
    for cell in cells:
        name = name_of(cell)
        if name is None:
            continue
        if is_solution(cell):
            answer = index.commented.get(name)
        cell_score = result.cells.get(name)
        if answer and cell_score and cell_score.score and cell_score.mode == IN_PROCESS:
            comments[answer] = f"{UNPROTECTED_COMMENT}{name} ran in the student's own process."
    return comments


def check_student_name(student: str) -> None:
    """Check that a student's id can be stored in a gradebook.

    Raises
    ------
    NotRecordedError
        If it is not valid Unicode.
    """
    try:
        student.encode()
    except UnicodeEncodeError:
        raise NotRecordedError("the folder's name is not UTF-8: rename it") from None


def late_seconds(
    submitted: datetime | None, due: datetime | None, extension: timedelta | None
) -> float:
    """Return how late a submission is, in s; 0 if its time or the due date is unknown."""
    if submitted is None or due is None:
        return 0.0
    return max(0.0, (submitted - due - (extension or timedelta())).total_seconds())


def is_waiting(grade: Any) -> bool:  # noqa: ANN401 - a row of the gradebook
    """Tell whether a person still has to give the points of a grade.

    nbgrader itself counts such a grade as 0 points. If a person gave points before the submission
    was graded again, the gradebook asks for another look, but there are points.
    """
    return bool(grade.needs_manual_grade) and grade.manual_score is None


def total_points(row: Any, auto: float | None) -> float:  # noqa: ANN401 - a row of the gradebook, or None
    """Return the points of a grade: a manual score has priority; extra credit is added."""
    manual = row.manual_score if row is not None else None
    extra = row.extra_credit if row is not None else None
    if manual is None and auto is None:
        return 0.0
    return float(manual if manual is not None else auto or 0.0) + float(extra or 0.0)


def permissions(course: Course, *, shared: bool) -> int:
    """Return the permissions of graded files in octal digits, as nbgrader is configured."""
    for section in (course.config.Autograde, course.config.BaseConverter):
        if "permissions" in section:
            return int(section.permissions)
    return 664 if shared else 444


def notebook_bytes(notebook: NotebookJSON) -> bytes:
    """Return a notebook as nbformat writes it, with long texts as lists of lines."""
    cells = [cell_with_lines(cell) for cell in notebook["cells"]]
    text = json.dumps({**notebook, "cells": cells}, ensure_ascii=False, indent=1, sort_keys=True)
    return f"{text}\n".encode("utf-8", "replace")


def cell_with_lines(cell: dict[str, Any]) -> dict[str, Any]:
    """Return a cell with its source and the texts of its outputs as lists of lines."""
    copy = {**cell, "source": split_lines(cell["source"])}
    if "outputs" in cell:
        copy["outputs"] = [output_with_lines(output) for output in cell["outputs"]]
    return copy


def output_with_lines(output: dict[str, Any]) -> dict[str, Any]:
    """Return an output with its texts as lists of lines."""
    copy = dict(output)
    if "text" in copy:
        copy["text"] = split_lines(copy["text"])
    if "data" in copy:
        copy["data"] = {
            kind: value if kind.endswith("json") else split_lines(value)
            for kind, value in copy["data"].items()
        }
    return copy


def split_lines(text: object) -> object:
    """Return a text as a list of its lines, with line ends; return anything else unchanged."""
    return text.splitlines(keepends=True) if isinstance(text, str) else text
