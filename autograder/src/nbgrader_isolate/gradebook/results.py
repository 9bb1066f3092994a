"""What the last run noted about each submission: a small file per student in `.autograder/`.

Scores are in the gradebook. These files hold what it has no place for: review reasons,
notices, messages, seconds, and where each test ran.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from nbgrader_isolate.core.atomic import default_mode, write_atomically
from nbgrader_isolate.core.models import FORMER_MODES, IN_PROCESS, NotebookResult, Result
from nbgrader_isolate.core.text import join_names

ResultRow = dict[str, Any]
"""One notebook of one submission, as `--json` prints it."""
REGRADE_SUFFIX = ".anew"
"""Of a file beside a student's rows: the submission was replaced, and no timestamp shows it."""
FAILURE_SUFFIX = ".failed"
"""Of a file beside a student's rows: the last run could not grade the submission."""
DAMAGED = (
    "This file could not be read, so nothing in it was graded: ask whether you can hand it in "
    "again."
)
"""What students are told about a notebook that cannot be read, before the technical reason."""
BUSY = "did not pass while other programs kept the processors busy: {names}"
"""The reason to review a submission that another run might give more points."""
GRADED_AGAIN = "graded again, with no other submission beside it, because the processors were busy"
REFUSED = (
    "{name}: {why} The test passes when it runs again in the student's own process, which is not "
    "protected: read the answer, and give the points by hand"
)
"""The reason to review a test that passed only in the second run."""
FOR_INSTRUCTORS = (BUSY.format(names=""), GRADED_AGAIN, REFUSED.rpartition("}")[2])
"""Parts of sentences about the machine and the grader, which are of no use to students."""
DAMAGED_ROWS = (
    "what the last run noted about this submission cannot be read: grade it again with --force"
)
UNPROTECTED = "unprotected points:"
"""Start of a reason that summaries give once for all students, not for each."""


def result_rows(result: Result) -> list[ResultRow]:
    """Return a result as rows for `--json`, one per notebook."""
    return [result_row(result, notebook) for notebook in result.notebooks]


def result_row(result: Result, notebook: NotebookResult) -> ResultRow:
    """Return one notebook of a result as a row."""
    reasons = [*notebook.review_reasons, *unprotected(notebook)]
    return {
        "student": result.student,
        "notebook": notebook.name,
        "score": notebook.score,
        "max_score": notebook.max_score,
        "status": notebook.status,
        "seconds": round(notebook.seconds, 3),
        "review_reasons": reasons,
        "notices": without(reasons, [*result.notices, *notebook.notices]),
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


def without(reasons: list[str], notices: list[str]) -> list[str]:
    """Return each of the notices once, without those that are review reasons already."""
    return [notice for notice in dict.fromkeys(notices) if notice not in reasons]


def student_messages(row: ResultRow) -> list[str]:
    """Return what students are told about their submission as a whole, each sentence once."""
    damaged = [DAMAGED] if row["status"] == "unreadable" else []
    reasons = [reason for reason in row["review_reasons"] if not reason.startswith(UNPROTECTED)]
    return [
        text
        for text in dict.fromkeys([*damaged, *reasons, *row["notices"]])
        if not any(part in text for part in FOR_INSTRUCTORS)
    ]


def unprotected(notebook: NotebookResult) -> list[str]:
    """Return which points of a notebook came from in-process tests."""
    names = [n for n, cell in notebook.cells.items() if cell.score and cell.mode == IN_PROCESS]
    return [f"{UNPROTECTED} {join_names(names)}"] if names else []


def failure_row(student: str, why: str) -> ResultRow:
    """Return the row of a submission that the grader failed on and recorded nothing of."""
    return {
        "student": student,
        "notebook": None,
        "score": None,
        "max_score": None,
        "status": "error",
        "seconds": 0.0,
        "review_reasons": [why],
        "notices": [],
        "cells": {},
        "sandbox": None,
    }


def read_rows(file: Path) -> list[ResultRow]:
    """Read the rows in a file; values that an earlier version wrote get today's names.

    Raises
    ------
    ValueError
        If the file is damaged.
    """
    rows: list[ResultRow] = json.loads(file.read_text(encoding="utf-8"))
    try:
        return list(map(current_row, rows))
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"{file} is damaged: {error}") from None


def current_row(row: ResultRow) -> ResultRow:
    """Return a row with today's names; an error of any kind if it is not one."""
    if row.keys() >= {"student", "notebook", "status", "cells"}:
        if "review_reasons" not in row:
            messages = row.pop("flags")
            row["review_reasons"] = row.pop("look", messages)
            row["notices"] = without(row["review_reasons"], messages)
        for cell in row["cells"].values():
            cell["mode"] = FORMER_MODES.get(cell["mode"], cell["mode"])
        return row
    raise KeyError("a row is not complete")


def read_failure(file: Path) -> ResultRow | None:
    """Read why a submission could not be graded; None if there is no file, or a damaged one."""
    try:
        row: ResultRow = json.loads(file.read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    complete = isinstance(row, dict) and failure_row("", "").keys() <= row.keys()
    return row if complete else None


class ResultStore:
    """The rows of one assignment, by student.

    Parameters
    ----------
    state : Path
        The course's `.autograder/`.
    assignment : str
    """

    def __init__(self, state: Path, assignment: str) -> None:
        self.folder = state / "results" / assignment

    def save(self, student: str, rows: list[ResultRow]) -> None:
        """Replace the rows of a student; a kill leaves the old rows or the new ones."""
        path = self.path(student)
        self.folder.mkdir(parents=True, exist_ok=True)
        write_atomically(path, json.dumps(rows).encode(), default_mode())
        for suffix in (REGRADE_SUFFIX, FAILURE_SUFFIX):
            path.with_suffix(suffix).unlink(missing_ok=True)

    def save_failure(self, row: ResultRow) -> None:
        """Note that a submission could not be graded, until its rows are saved again.

        The rows of an earlier run stay: they belong to the scores in the gradebook.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.path(row["student"]).with_suffix(FAILURE_SUFFIX)
        write_atomically(path, json.dumps(row).encode(), default_mode())

    def failure(self, student: str) -> ResultRow | None:
        """Return why the last run could not grade a student's submission; None if it did."""
        return read_failure(self.path(student).with_suffix(FAILURE_SUFFIX))

    def latest(self) -> Iterator[ResultRow]:
        """Yield all rows as `all`, with the failures of the last runs in place of older rows."""
        paths = sorted(self.folder.glob(f"*{FAILURE_SUFFIX}"))
        failed = [row for path in paths if (row := read_failure(path))]
        students = {row["student"] for row in failed}
        kept = (row for row in self.all() if row["student"] not in students)
        yield from sorted([*kept, *failed], key=lambda row: (row["student"], row["notebook"] or ""))

    def request_regrade(self, student: str) -> None:
        """Have the next run grade a student's submission again, because it was replaced."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.path(student).with_suffix(REGRADE_SUFFIX).touch()

    def regrade_requested(self, student: str) -> bool:
        """Tell whether a submission was replaced since it was graded."""
        return self.path(student).with_suffix(REGRADE_SUFFIX).exists()

    def load(self, student: str) -> list[ResultRow]:
        """Return the rows of a student; an empty list if this program never graded them."""
        try:
            return read_rows(self.path(student))
        except (FileNotFoundError, ValueError):
            return []

    def all(self) -> Iterator[ResultRow]:
        """Yield all rows in the order of student ids, without those of damaged files."""
        rows: list[ResultRow] = []
        for path in sorted(self.folder.glob("*.json")):
            with suppress(ValueError):
                rows += read_rows(path)
        yield from sorted(rows, key=lambda row: (row["student"], row["notebook"] or ""))

    def is_damaged(self, student: str) -> bool:
        """Return whether there is a file with a student's rows, and it cannot be read."""
        try:
            read_rows(self.path(student))
        except FileNotFoundError:
            return False
        except ValueError:
            return True
        return False

    def path(self, student: str) -> Path:
        """Return the file of a student; every id has one, however odd or long it is."""
        return self.folder / f"{hashlib.sha256(os.fsencode(student)).hexdigest()[:32]}.json"
