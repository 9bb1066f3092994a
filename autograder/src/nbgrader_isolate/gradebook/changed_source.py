"""Tests that were edited in the source notebooks since nbgrader registered them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from nbgrader_isolate.notebook.cells import is_test, name_of, points_of

if TYPE_CHECKING:
    from nbgrader.api import Gradebook

    from nbgrader_isolate.gradebook.course import Course

GENERATED = "AUTOTEST"
"""In a test that nbgrader writes itself at release; its source differs from the gradebook's."""
REGISTERED = {
    "grade_cells": ("max_score", "cell_type"),
    "task_cells": ("max_score", "cell_type"),
    "source_cells": ("source", "checksum", "cell_type", "locked"),
}
"""What nbgrader registers of the cells of a notebook."""


def changed_tests(course: Course, gradebook: Gradebook, assignment: str) -> list[str]:
    """Return the tests whose text or points differ between source notebooks and gradebook.

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
        As `notebook/grade_id`, in the order of the notebooks.
    """
    changed = []
    folder = course.folder("source", ".", assignment)
    for notebook in gradebook.find_assignment(assignment).notebooks:
        try:
            cells = json.loads((folder / f"{notebook.name}.ipynb").read_bytes())["cells"]
            tests = dict(source_tests(cells))
        except (OSError, ValueError, KeyError, TypeError):
            continue
        points = {cell.name: float(cell.max_score) for cell in notebook.grade_cells}
        known = {cell.name: (cell.source or "") for cell in notebook.source_cells}
        changed += [
            f"{notebook.name}/{name}"
            for name, (source, maximum) in tests.items()
            if name not in points
            or maximum != points[name]
            or (GENERATED not in source and source != known.get(name, "").strip())
        ]
    return changed


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


def source_tests(cells: list[dict[str, Any]]) -> Iterator[tuple[str, tuple[str, float]]]:
    """Yield the tests of a source notebook: name, source, points."""
    for cell in cells:
        name = name_of(cell)
        if name is not None and is_test(cell):
            yield name, ("".join(cell["source"]).strip(), points_of(cell))
