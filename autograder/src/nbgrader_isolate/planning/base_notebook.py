"""The instructor's version of a notebook: the gradebook's cells in the order of the release.

The gradebook stores each nbgrader cell as it was released: tests with their hidden parts, and stubs
in place of solutions. It does not store plain cells. They come from the released notebook or, if
there is none, from the source notebook with its solutions cut out.
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
    from traitlets.config import Config

Cell = dict[str, Any]
METADATA_SCHEMA = 3
"""Version of nbgrader's cell metadata."""
REGIONS = (("BEGIN SOLUTION", "END SOLUTION"), ("BEGIN HIDDEN TESTS", "END HIDDEN TESTS"))
KEPT_METADATA = ("kernelspec", "language_info")
"""Metadata of the notebook that the plan keeps."""


class PlanError(Exception):
    """An assignment that cannot be planned, and what to do about it."""


def base_notebook(known: Notebook, released: NotebookJSON | None) -> NotebookJSON:
    """Return the notebook that is graded, without answers.

    Parameters
    ----------
    known : nbgrader.api.Notebook
        The gradebook's record of the notebook.
    released : NotebookJSON or None
        The released notebook, for the order and the plain cells. Without it, the result has only
        the gradebook's cells.
    """
    sources = {cell.name: cell for cell in known.source_cells}
    grading = grading_metadata(known)
    cells: list[Cell] = []
    for cell in released["cells"] if released else ():
        name = name_of(cell)
        if name in sources:
            cells.append(nbgrader_cell(sources.pop(name), grading, cell))
        elif cell["source"].strip():
            cells.append(plain_cell(cell))
    cells += [nbgrader_cell(cell, grading, {}) for cell in sources.values()]
    for number, cell in enumerate(cells, 1):
        cell.setdefault("id", f"released-{number}")
    return {
        "cells": cells,
        "metadata": notebook_metadata(known, released),
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def with_usual_words(notebook: NotebookJSON, config: Config) -> NotebookJSON:
    """Return a notebook whose hidden tests are also between nbgrader's own words.

    A plan and its graded notebooks are read by programs that do not know the course's settings: the
    test process, and the pages of somebody with settings of another course.

    Parameters
    ----------
    notebook : NotebookJSON
        As `base_notebook` returns it.
    config : traitlets.config.Config
        Of the course; `c.ClearHiddenTests` has its words. They are part of a comment.
    """
    settings = config.get("ClearHiddenTests", {})
    names = ("begin_test_delimeter", "end_test_delimeter")
    words = {
        own: usual
        for name, usual in zip(names, REGIONS[1], strict=True)
        if (own := str(settings.get(name, "")))
    }
    return notebook | {
        "cells": [
            cell | {"source": with_words(cell["source"], words)} for cell in notebook["cells"]
        ]
    }


def with_words(source: str, words: dict[str, str]) -> str:
    """Return a source with a word after each of some others, in lines that do not have it yet."""
    lines = source.split("\n")
    for own, usual in words.items():
        lines = [
            line if usual in line else line.replace(own, f"{own} {usual}", 1) for line in lines
        ]
    return "\n".join(lines)


def mismatches(known: Notebook, released: NotebookJSON | None) -> Iterator[str]:
    """Yield which nbgrader cells are in the gradebook or in the release, but not in both."""
    if released is None:
        return
    in_gradebook = {cell.name for cell in known.source_cells}
    in_release = {
        name for cell in released["cells"] if (name := name_of(cell)) and is_nbgrader_cell(cell)
    }
    fix = "run `nbgrader generate_assignment` again"
    if missing := sorted(in_gradebook - in_release):
        yield f"{known.name}: not in the released notebook: {join_names(missing)}; {fix}"
    if missing := sorted(in_release - in_gradebook):
        yield f"{known.name}: not in the gradebook: {join_names(missing)}; {fix}"


def is_nbgrader_cell(cell: Cell) -> bool:
    """Return whether nbgrader puts a cell into the gradebook."""
    return is_grade(cell) or is_solution(cell) or is_locked(cell) or is_task(cell)


def grading_metadata(known: Notebook) -> dict[str, dict[str, Any]]:
    """Return the gradebook's metadata of cells with points and of solution cells, by grade_id."""
    metadata: dict[str, dict[str, Any]] = {}
    for cell in known.solution_cells:
        metadata.setdefault(cell.name, {})["solution"] = True
    for cell in known.grade_cells:
        metadata.setdefault(cell.name, {}).update(grade=True, points=float(cell.max_score))
    for cell in known.task_cells:
        metadata.setdefault(cell.name, {}).update(task=True, points=float(cell.max_score))
    return metadata


def nbgrader_cell(known: SourceCell, grading: dict[str, dict[str, Any]], released: Cell) -> Cell:
    """Return a cell of the gradebook; `released` is the same cell in the release, or empty."""
    nbgrader = {
        "grade": False,
        "grade_id": known.name,
        "locked": bool(known.locked),
        "schema_version": METADATA_SCHEMA,
        "solution": False,
        "task": False,
        "cell_type": known.cell_type,
        "checksum": known.checksum,
        **grading.get(known.name, {}),
    }
    metadata = {**released.get("metadata", {}), "nbgrader": nbgrader}
    cell = {**released, "metadata": metadata, "cell_type": known.cell_type, "source": known.source}
    return trimmed(cell)


def plain_cell(released: Cell) -> Cell:
    """Return a plain cell of the instructor's, without what students must not see."""
    metadata = {key: value for key, value in released["metadata"].items() if key != "nbgrader"}
    source = without_solutions(released["source"])
    return trimmed({**released, "metadata": metadata, "source": source})


def trimmed(cell: Cell) -> Cell:
    """Return a copy of a cell with only the parts that a plan keeps."""
    keys = ("id", "cell_type", "metadata", "source", "attachments")
    copied = copy.deepcopy({key: cell[key] for key in keys if key in cell})
    if cell["cell_type"] == "code":
        copied.pop("attachments", None)
        copied |= {"execution_count": None, "outputs": []}
    return copied


def without_solutions(source: str) -> str:
    """Return a source without its solutions and hidden tests."""
    visible, end_mark = [], ""
    for line in source.splitlines():
        end_marks = [end for begin, end in REGIONS if begin in line]
        if not end_mark and end_marks:
            end_mark = end_marks[0]
        elif end_mark and end_mark in line:
            end_mark = ""
        elif not end_mark:
            visible.append(line)
    return "\n".join(visible)


def notebook_metadata(known: Notebook, released: NotebookJSON | None) -> dict[str, Any]:
    """Return the metadata of the notebook: which kernel it needs."""
    all_metadata = released["metadata"] if released else {}
    metadata = {
        key: copy.deepcopy(all_metadata[key]) for key in KEPT_METADATA if key in all_metadata
    }
    if "kernelspec" not in metadata and known.kernelspec:
        spec = json.loads(known.kernelspec)
        metadata |= {"kernelspec": spec} if spec else {}
    return metadata


def read_instructor_notebook(file: Path) -> NotebookJSON | None:
    """Read a notebook of the instructor's in any format; None if the file does not exist.

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
    except Exception as error:  # noqa: BLE001 - the converters of old formats fail in any way
        raise PlanError(f"{file} cannot be read as a notebook: {error}") from None


def read_cells(cells: list[Cell]) -> Iterator[Cell]:
    """Yield the cells of an instructor's notebook with sources as strings and without bad ids."""
    for raw in cells:
        cell = {**raw, "source": join_source(raw.get("source", "")) or ""}
        cell["metadata"] = dict(raw.get("metadata", {}))
        if not CELL_ID.fullmatch(str(raw.get("id", ""))):
            cell.pop("id", None)
        yield cell
