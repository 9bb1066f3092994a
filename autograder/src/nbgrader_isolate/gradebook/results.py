"""What the last run said of each submission, one small file each below `.autograder/results/`.

Marks are in the gradebook; here is what it has no room for: flags, messages, seconds, where each test ran.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbgrader_isolate.core.atomic import default_mode, write_atomically
from nbgrader_isolate.core.models import FORMER_MODES, IN_PROCESS, NotebookResult, Result
from nbgrader_isolate.core.text import join_names

Row = dict[str, Any]
"""One notebook of one submission, as `--json` gives it."""
ANEW = ".anew"
"""Beside a student's rows: their submission was replaced, and no time stamp tells."""
UNPROTECTED = "unprotected points:"
"""How the reason begins that summaries give once for all students, and not for each."""


def rows(result: Result) -> list[Row]:
    """Return a result as rows for `--json`, one a notebook."""
    return [row(result, notebook) for notebook in result.notebooks]


def row(result: Result, notebook: NotebookResult) -> Row:
    """Return one notebook of a result as a row."""
    return {
        "student": result.student,
        "notebook": notebook.name,
        "score": notebook.score,
        "max_score": notebook.max_score,
        "status": notebook.status,
        "seconds": round(notebook.seconds, 3),
        "flags": [*result.notes, *notebook.flags, *notebook.remarks],
        "look": [*notebook.flags, *unprotected(notebook)],
        "cells": {
            name: {
                "score": cell.score,
                "max_score": cell.max_score,
                "message": cell.message,
                "mode": cell.mode,
            }
            for name, cell in notebook.cells.items()
        },
        "sandbox": result.sandbox,
    }


def unprotected(notebook: NotebookResult) -> list[str]:
    """Return which points of a notebook came from tests in the student's own process."""
    names = [n for n, cell in notebook.cells.items() if cell.score and cell.mode == IN_PROCESS]
    return [f"{UNPROTECTED} {join_names(names)}"] if names else []


def failure(student: str, why: str) -> Row:
    """Return the row of a submission that the grader failed on; nothing of it was recorded."""
    return {
        "student": student,
        "notebook": None,
        "score": None,
        "max_score": None,
        "status": "error",
        "seconds": 0.0,
        "flags": [why],
        "look": [why],
        "cells": {},
        "sandbox": None,
    }


def read_rows(file: Path) -> list[Row]:
    """Read the rows in a file; what an earlier version wrote is put into today's words."""
    found: list[Row] = json.loads(file.read_text(encoding="utf-8"))
    for row in found:
        for cell in row["cells"].values():
            cell["mode"] = FORMER_MODES.get(cell["mode"], cell["mode"])
    return found


class Store:
    """The rows of one assignment, by student.

    Parameters
    ----------
    state : Path
        The course's `.autograder/`.
    assignment : str
    """

    def __init__(self, state: Path, assignment: str) -> None:
        self.folder = state / "results" / assignment

    def save(self, student: str, found: list[Row]) -> None:
        """Keep the rows of a student, in place of those before; a kill leaves the old or the new."""
        place = self.place(student)
        self.folder.mkdir(parents=True, exist_ok=True)
        write_atomically(place, json.dumps(found).encode(), default_mode())
        place.with_suffix(ANEW).unlink(missing_ok=True)

    def ask(self, student: str) -> None:
        """Ask the next run to grade a student's submission again: it is another one now."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.place(student).with_suffix(ANEW).touch()

    def asked(self, student: str) -> bool:
        """Tell whether a submission became another one since it was graded."""
        return self.place(student).with_suffix(ANEW).exists()

    def load(self, student: str) -> list[Row]:
        """Return the rows of a student; none if no run of ours graded them."""
        try:
            return read_rows(self.place(student))
        except (FileNotFoundError, ValueError):
            return []

    def all(self) -> Iterator[Row]:
        """Yield all rows, in the order of students' names."""
        places = sorted(self.folder.glob("*.json"))
        yield from sorted(
            (row for place in places for row in read_rows(place)),
            key=lambda row: (row["student"], row["notebook"] or ""),
        )

    def place(self, student: str) -> Path:
        """Return the file of a student; any name has one, however odd or long."""
        return self.folder / f"{hashlib.sha256(os.fsencode(student)).hexdigest()[:32]}.json"
