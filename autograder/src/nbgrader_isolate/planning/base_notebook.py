"""The instructor's version of a notebook: the gradebook's cells in the order of the release.

The gradebook holds each nbgrader cell as it was released, tests with their hidden parts and stubs for solutions. Plain cells
are in no gradebook; they come from the released notebook or, without one, from the source with solutions cut out.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbgrader_isolate.core.models import NotebookJSON
from nbgrader_isolate.core.text import join_names
from nbgrader_isolate.notebook.cells import is_grade, is_locked, is_solution, is_task, name_of
from nbgrader_isolate.notebook.parse import CELL_ID, join_source

if TYPE_CHECKING:
    from nbgrader.api import Notebook, SourceCell

Cell = dict[str, Any]
SCHEMA = 3
"""Version of nbgrader's cell metadata."""
REGIONS = (("BEGIN SOLUTION", "END SOLUTION"), ("BEGIN HIDDEN TESTS", "END HIDDEN TESTS"))
KEPT = ("kernelspec", "language_info")
"""Metadata of the notebook that the plan keeps."""


class PlanError(Exception):
    """An assignment that cannot be planned, and what to do."""


def base_notebook(known: Notebook, released: NotebookJSON | None) -> NotebookJSON:
    """Return the notebook that is graded, without answers.

    Parameters
    ----------
    known : nbgrader.api.Notebook
        What the gradebook has.
    released : NotebookJSON or None
        The released notebook, for the order and the plain cells; None: only the gradebook's cells.
    """
    sources = {cell.name: cell for cell in known.source_cells}
    about = points_and_kinds(known)
    cells: list[Cell] = []
    for given in released["cells"] if released else ():
        name = name_of(given)
        if name in sources:
            cells.append(nbgrader_cell(sources.pop(name), about, given))
        elif given["source"].strip():
            cells.append(plain_cell(given))
    cells += [nbgrader_cell(cell, about, {}) for cell in sources.values()]
    for index, cell in enumerate(cells, 1):
        cell.setdefault("id", f"released-{index}")
    return {
        "cells": cells,
        "metadata": notebook_metadata(known, released),
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def mismatches(known: Notebook, released: NotebookJSON | None) -> Iterator[str]:
    """Say which nbgrader cells are in the gradebook or in the release, but not in both."""
    if released is None:
        return
    ours = {cell.name for cell in known.source_cells}
    theirs = {name for cell in released["cells"] if (name := name_of(cell)) and says_kind(cell)}
    fix = "run `nbgrader generate_assignment` again"
    if ours - theirs:
        yield f"{known.name}: not in the released notebook: {join_names(sorted(ours - theirs))}; {fix}"
    if theirs - ours:
        yield f"{known.name}: not in the gradebook: {join_names(sorted(theirs - ours))}; {fix}"


def says_kind(cell: Cell) -> bool:
    """Tell whether nbgrader registers a cell."""
    return is_grade(cell) or is_solution(cell) or is_locked(cell) or is_task(cell)


def points_and_kinds(known: Notebook) -> dict[str, dict[str, Any]]:
    """Return, by grade_id, what the gradebook says of cells with points and of solution cells."""
    about: dict[str, dict[str, Any]] = {}
    for cell in known.solution_cells:
        about.setdefault(cell.name, {})["solution"] = True
    for cell in known.grade_cells:
        about.setdefault(cell.name, {}).update(grade=True, points=float(cell.max_score))
    for cell in known.task_cells:
        about.setdefault(cell.name, {}).update(task=True, points=float(cell.max_score))
    return about


def nbgrader_cell(known: SourceCell, about: dict[str, dict[str, Any]], given: Cell) -> Cell:
    """Return a cell of the gradebook; `given` is its place in the release, for id and tags."""
    ours = {
        "grade": False,
        "grade_id": known.name,
        "locked": bool(known.locked),
        "schema_version": SCHEMA,
        "solution": False,
        "task": False,
        "cell_type": known.cell_type,
        "checksum": known.checksum,
        **about.get(known.name, {}),
    }
    metadata = {**given.get("metadata", {}), "nbgrader": ours}
    cell = {**given, "metadata": metadata, "cell_type": known.cell_type, "source": known.source}
    return trimmed(cell)


def plain_cell(given: Cell) -> Cell:
    """Return a plain cell of the instructor's, without what students must not see."""
    metadata = {key: value for key, value in given["metadata"].items() if key != "nbgrader"}
    return trimmed({**given, "metadata": metadata, "source": cut(given["source"])})


def trimmed(cell: Cell) -> Cell:
    """Return a cell with only what a plan keeps of it."""
    keys = ("id", "cell_type", "metadata", "source", "attachments")
    made = copy.deepcopy({key: cell[key] for key in keys if key in cell})
    if cell["cell_type"] == "code":
        made.pop("attachments", None)
        made |= {"execution_count": None, "outputs": []}
    return made


def cut(source: str) -> str:
    """Return a source without its solutions and hidden tests."""
    kept, end = [], ""
    for line in source.splitlines():
        begun = [last for first, last in REGIONS if first in line]
        if not end and begun:
            end = begun[0]
        elif end and end in line:
            end = ""
        elif not end:
            kept.append(line)
    return "\n".join(kept)


def notebook_metadata(known: Notebook, released: NotebookJSON | None) -> dict[str, Any]:
    """Return the metadata of the notebook: what kernel it is for."""
    given = released["metadata"] if released else {}
    kept = {key: copy.deepcopy(given[key]) for key in KEPT if key in given}
    if "kernelspec" not in kept and known.kernelspec:
        spec = json.loads(known.kernelspec)
        kept |= {"kernelspec": spec} if spec else {}
    return kept


def instructors(file: Path) -> NotebookJSON | None:
    """Read a notebook of the instructor's, of any format; None if there is none.

    Raises
    ------
    PlanError
        If it cannot be read.
    """
    from nbformat import convert
    from nbformat.notebooknode import from_dict

    if not file.is_file():
        return None
    try:
        content = json.loads(file.read_bytes())
        if content["nbformat"] < 4:  # noqa: PLR2004 - nbformat 4, as everywhere
            content = convert(from_dict(content), 4)
        return {"metadata": content.get("metadata", {}), "cells": [*read_cells(content["cells"])]}
    except Exception as error:  # noqa: BLE001 - the converters of old formats trip over anything
        raise PlanError(f"{file} is no notebook that can be read: {error}") from None


def read_cells(cells: list[Cell]) -> Iterator[Cell]:
    """Yield the cells of an instructor's notebook, sources as texts, ids only if they are valid."""
    for given in cells:
        cell = {**given, "source": join_source(given.get("source", "")) or ""}
        cell["metadata"] = dict(given.get("metadata", {}))
        if not CELL_ID.fullmatch(str(given.get("id", ""))):
            cell.pop("id", None)
        yield cell
