"""Points of an executed notebook: nbgrader's rules, and the listed differences from them.

What differs is in `docs/autograder/rebuild-and-score.md`: points of a test need proof that it ran, partial credit is a
number within 0 and the maximum that the test itself declares, warnings cost nothing, an answer that is missing is worth 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from nbgrader_isolate.core.models import METADATA, UNTOUCHED, CellRecord, CellScore
from nbgrader_isolate.core.text import join_names, printable
from nbgrader_isolate.notebook.cells import (
    is_grade,
    is_manual,
    is_task,
    is_untouched,
    name_of,
    points_of,
)

if TYPE_CHECKING:
    from nbformat import NotebookNode

RECORDED = {each.name for each in fields(CellRecord)}
ENDED = {
    "failed": "The test failed.",
    "timeout": "The test took too long and was stopped.",
    "died": "The kernel died in this test.",
    "not run": "The test was not run.",
}
"""What is said of a test whose record has no words of its own."""


def score(executed: NotebookNode) -> tuple[dict[str, CellScore], list[str]]:
    """Give each cell that has points its points.

    Parameters
    ----------
    executed : NotebookNode
        What the engine returned: each cell with its `CellRecord`. Outputs are not looked at, for a student's
        process may have written them.

    Returns
    -------
    dict of str to CellScore
        By grade_id, in the notebook's order. `score` is None where a person marks.
    list of str
        Why a person should review the submission.
    """
    scores: dict[str, CellScore] = {}
    review_reasons: list[str] = list(troubles(executed))
    for cell in executed["cells"]:
        name = name_of(cell)
        if name is None or not (is_grade(cell) or is_task(cell)):
            continue
        scores[name] = by_hand(cell) if is_manual(cell) else by_test(cell, review_reasons)
    return scores, review_reasons


def record_of(cell: dict[str, Any]) -> CellRecord:
    """Return what the run recorded of a cell; of a cell without a record, that it was not run."""
    given = cell["metadata"].get(METADATA) or {"owner": "instructor"}
    return CellRecord(**{key: value for key, value in given.items() if key in RECORDED})


def by_hand(cell: dict[str, Any]) -> CellScore:
    """Score an answer that a person marks: 0 if nobody wrote one, else open."""
    if not is_task(cell) and is_untouched(cell):
        return CellScore(0.0, points_of(cell), UNTOUCHED)
    return CellScore(None, points_of(cell))


def by_test(cell: dict[str, Any], review_reasons: list[str]) -> CellScore:
    """Score a test by its record."""
    record, most = record_of(cell), points_of(cell)
    where = printable(name_of(cell) or "")
    if record.outcome != "passed":
        message = record.message or ENDED.get(record.outcome, ENDED["not run"])
        return CellScore(0.0, most, message, record.mode)
    if record.proof is not True:
        review_reasons.append(f"{where}: no proof that the test ran to its end")
        return CellScore(0.0, most, "There is no proof that the test ran to its end.", record.mode)
    if record.credit is None:
        return CellScore(most, most, record.message, record.mode)
    if not is_credit(record.credit, most):
        review_reasons.append(f"{where}: declares {record.credit!r} of {most:g} points")
        message = f"The test declares {record.credit!r} points, which is not within 0 and {most:g}."
        return CellScore(0.0, most, message, record.mode)
    return CellScore(float(record.credit), most, record.message, record.mode)


def is_credit(credit: object, most: float) -> bool:
    """Tell whether a declared credit is a number of points within the cell's."""
    if isinstance(credit, bool) or not isinstance(credit, int | float):
        return False
    return math.isfinite(credit) and 0 <= credit <= most


def troubles(executed: NotebookNode) -> Iterator[str]:
    """Say which cells, of whomever, did not come to an end of their own."""
    words = {"timeout": "stopped for taking too long", "died": "killed their kernel"}
    for outcome, what in words.items():
        names = [
            name_of(cell) or f"cell {index}"
            for index, cell in enumerate(executed["cells"], 1)
            if record_of(cell).outcome == outcome
        ]
        if names:
            yield f"{what}: {join_names(names)}"


def is_whole(executed: NotebookNode) -> bool:
    """Tell whether all cells ran and ended by themselves, right or wrong."""
    return all(
        record_of(cell).outcome in ("passed", "failed")
        for cell in executed["cells"]
        if cell["cell_type"] == "code" and cell["source"].strip()
    )
