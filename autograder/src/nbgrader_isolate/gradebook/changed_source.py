"""What was edited in the source notebooks since nbgrader registered and released them."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator
from typing import TYPE_CHECKING, Any

from nbgrader_isolate.core.text import printable
from nbgrader_isolate.notebook.cells import (
    is_grade,
    is_locked,
    is_solution,
    is_task,
    is_test,
    name_of,
    points_of,
)

if TYPE_CHECKING:
    from nbgrader.api import Gradebook

    from nbgrader_isolate.gradebook.course import Course

GENERATED = "AUTOTEST"
"""In comments from which nbgrader writes tests at release."""
REGISTERED = {
    "grade_cells": ("max_score", "cell_type"),
    "task_cells": ("max_score", "cell_type"),
    "source_cells": ("source", "checksum", "cell_type", "locked"),
}
"""What nbgrader registers of the cells of a notebook."""


def changed_tests(course: Course, gradebook: Gradebook, assignment: str) -> list[str]:
    """Return the tests and read-only cells that differ between source notebooks and gradebook.

    Notebooks that one of the two does not have are not compared: nbgrader refuses to register such
    a change once there are submissions.

    Parameters
    ----------
    course : Course
    gradebook : nbgrader.api.Gradebook
    assignment : str
        In the gradebook.

    Returns
    -------
    list of str
        As `notebook/grade_id`, in the order of the notebooks: those with another text or other
        points, and tests that the gradebook does not have.
    """
    changed = []
    for notebook in gradebook.find_assignment(assignment).notebooks:
        cells = cells_of(course, "source", assignment, notebook.name)
        points = {cell.name: float(cell.max_score) for cell in notebook.grade_cells}
        known = {cell.name: (cell.source or "").strip() for cell in notebook.source_cells}
        changed += [
            f"{notebook.name}/{name}"
            for name, (source, maximum) in source_tests(cells)
            if (name in known or maximum is not None)
            and (maximum != points.get(name) or not is_registered(source, known.get(name, "")))
        ]
    return changed


def uncounted_changes(course: Course, gradebook: Gradebook, assignment: str) -> Iterator[str]:
    """Yield what was edited in the source notebooks and does not count, and what to do, by line.

    Parameters, and what is not compared, are those of `changed_tests`.
    """
    shown = printable(assignment)
    for notebook in gradebook.find_assignment(assignment).notebooks:
        source = cells_of(course, "source", assignment, notebook.name)
        if not source:
            continue
        kept = {name_of(cell) for cell in source if is_test(cell)}
        locked = {cell.name for cell in notebook.source_cells if cell.locked}
        tests = [cell.name for cell in notebook.grade_cells if cell.cell_type == "code"]
        for name in tests:
            if name in locked and name not in kept:
                yield (
                    f"{printable(notebook.name)}/{printable(name)} is not a test in the source any "
                    "more and counts as before, because nbgrader keeps the cells of an assignment "
                    "with submissions. To give everybody its points, put it back with the text "
                    "pass; to count it no longer, with 0 points. Then run `nbgrader-isolate "
                    f"regrade {shown}`."
                )
        names = {cell.name for cell in notebook.source_cells}
        released = sequence(cells_of(course, "release", assignment, notebook.name), names)
        if released and not is_part_of(sequence(source, names), released):
            yield (
                f"{printable(notebook.name)}: cells without points were edited in the source, or "
                "cells were moved, but the released notebook counts. Run `nbgrader "
                f"generate_assignment {shown} --force`, then `nbgrader-isolate regrade {shown}`."
            )


def cells_of(course: Course, step: str, assignment: str, notebook: str) -> list[dict[str, Any]]:
    """Return the cells of an instructor's notebook; none if there is no such notebook."""
    file = course.folder(step, ".", assignment) / f"{notebook}.ipynb"
    try:
        cells = json.loads(file.read_bytes())["cells"]
        return [cell | {"source": "".join(cell["source"])} for cell in cells]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def sequence(cells: list[dict[str, Any]], names: Container[str]) -> list[str]:
    """Return the names of nbgrader's cells, and the texts of other code cells, in their order."""
    found = []
    for cell in cells:
        if is_grade(cell) or is_solution(cell) or is_locked(cell) or is_task(cell):
            if (name := name_of(cell)) in names:
                found.append(f"cell {name}")
        elif cell["cell_type"] == "code" and cell["source"].strip():
            found.append(f"text {cell['source'].strip()}")
    return found


def is_part_of(parts: list[str], whole: list[str]) -> bool:
    """Return whether a list has all parts in their order, among others."""
    rest = iter(whole)
    return all(part in rest for part in parts)


def is_registered(source: str, registered: str) -> bool:
    """Return whether a text is the one that nbgrader has registered.

    It replaces comments with AUTOTEST by code of its own, and keeps the other lines.
    """
    lines = source.splitlines()
    own = [line for line in lines if not (line.strip()[:1] == "#" and GENERATED in line)]
    if len(own) == len(lines):
        return source == registered
    return is_part_of(own, registered.splitlines())


def registered_cells(gradebook: Gradebook, assignment: str) -> list[tuple[Any, dict[str, Any]]]:
    """Return what nbgrader's next registration can change under grades that exist.

    It refuses to add or remove cells of a notebook with submissions, and replaces a notebook
    without any as a whole; there are no grades of that.

    Returns
    -------
    list of tuple
        For each cell, its class and id, and its attributes by name; see `restore_cells`.
    """
    cells: list[tuple[Any, dict[str, Any]]] = []
    for notebook in gradebook.find_assignment(assignment).notebooks:
        if notebook.submissions:
            cells += [
                ((type(cell), cell.id), {name: getattr(cell, name) for name in names})
                for kind, names in REGISTERED.items()
                for cell in getattr(notebook, kind)
            ]
    return cells


def restore_cells(gradebook: Gradebook, cells: list[tuple[Any, dict[str, Any]]]) -> None:
    """Put cells back to what they were when `registered_cells` returned them."""
    for (kind, number), attributes in cells:
        for name, value in attributes.items():
            setattr(gradebook.db.get(kind, number), name, value)
    gradebook.db.commit()


def source_tests(cells: list[dict[str, Any]]) -> Iterator[tuple[str, tuple[str, float | None]]]:
    """Yield the tests and read-only code cells of a source notebook: name, source, points."""
    for cell in cells:
        name = name_of(cell)
        if name is not None and cell["cell_type"] == "code" and is_locked(cell):
            yield name, (cell["source"].strip(), points_of(cell) if is_grade(cell) else None)
