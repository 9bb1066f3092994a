"""Which of several copies of a notebook the student worked in.

A browser saves a second download as `lab (1).ipynb`, and students hand in both files. The one whose
name is right may be as it was handed out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.core.models import NotebookJSON
from nbgrader_isolate.core.text import join_names, printable
from nbgrader_isolate.intake.safe_files import FileRefusedError
from nbgrader_isolate.notebook.cells import is_locked, name_of
from nbgrader_isolate.notebook.parse import UnreadableError, join_source, parse

MAX_COPIES = 20
"""With more notebooks that were not asked for, `put_in_place` leaves the choice to grading."""


def grade_ids(notebook: NotebookJSON) -> set[str]:
    """Return the grade_ids of a notebook's cells."""
    return {name for cell in notebook["cells"] if (name := name_of(cell))}


def changed_cells(notebook: NotebookJSON, released: NotebookJSON) -> int:
    """Return how many cells have a text that was not handed out.

    Cells that grading restores do not count, nor does white space.

    Parameters
    ----------
    notebook : NotebookJSON
        The student's.
    released : NotebookJSON
        With stubs in its solution cells, as students get it.
    """
    locked = {name_of(cell) for cell in released["cells"] if is_locked(cell)}
    handed_out = {tuple(cell["source"].split()) for cell in released["cells"]} | {()}
    return sum(
        tuple(cell["source"].split()) not in handed_out and name_of(cell) not in locked
        for cell in notebook["cells"]
    )


def best_match(found: set[str], expected: Mapping[str, set[str]]) -> list[str]:
    """Return the names of the notebooks that have most grade_ids in common with some others.

    Parameters
    ----------
    found : set of str
    expected : mapping of str to set of str
        The grade_ids of each notebook of the assignment, by its name.
    """
    common = {name: len(ids & found) for name, ids in expected.items()}
    best = max(common.values(), default=0)
    return [name for name in common if best and common[name] == best]


def read_notebook(data: bytes, limits: Limits) -> NotebookJSON:
    """Return a student's notebook; one that cannot be read has no cells."""
    try:
        return parse(data, limits)
    except UnreadableError:
        return {"cells": []}


def released_notebooks(folder: Path) -> dict[str, NotebookJSON]:
    """Return the instructor's notebooks in a folder, by file name, as far as they can be read."""
    notebooks: dict[str, NotebookJSON] = {}
    for path in sorted(folder.glob("*.ipynb")):
        try:
            cells = json.loads(path.read_bytes())["cells"]
            sources = [join_source(cell.get("source", "")) or "" for cell in cells]
            notebooks[path.name] = {
                "cells": [
                    {**cell, "metadata": cell.get("metadata", {}), "source": source}
                    for cell, source in zip(cells, sources, strict=True)
                ]
            }
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            continue
    return notebooks


def put_in_place(
    files: dict[str, bytes], released: Mapping[str, NotebookJSON], limits: Limits
) -> dict[str, str]:
    """Replace notebooks that are as they were handed out by the copies that were worked in.

    Parameters
    ----------
    files : dict of str to bytes
        The files of one student, by name. They are changed: a copy that was worked in gets the name
        of the notebook.
    released : mapping of str to NotebookJSON
        The notebooks of the assignment as students get them, by file name.
    limits : Limits

    Returns
    -------
    dict of str to str
        The former names of such copies, by the notebooks' names.

    Raises
    ------
    FileRefusedError
        If several copies could be it; the text has one entry for each file.
    """
    others = [name for name in files if name not in released and name.lower().endswith(".ipynb")]
    if not 0 < len(others) <= MAX_COPIES or not released.keys() & files.keys():
        return {}
    expected = {name: grade_ids(notebook) for name, notebook in released.items()}
    copies = {name: read_notebook(files[name], limits) for name in others}
    placed: dict[str, str] = {}
    for name in released.keys() & files.keys():
        if changed_cells(read_notebook(files[name], limits), released[name]):
            continue
        worked = {
            other: count
            for other, copy in copies.items()
            if best_match(grade_ids(copy), expected) == [name]
            and (count := changed_cells(copy, released[name]))
        }
        if len(worked) > 1:
            seen = [f"{printable(other)}: {count} changed" for other, count in worked.items()]
            raise FileRefusedError(
                f"{name} is as it was handed out, and the answers could be in any of "
                f"{len(worked)} copies ({join_names(seen)}); give one of them the name {name}"
            )
        for other in worked:
            files[name] = files.pop(other)
            placed[name] = other
    return placed
