"""Score an executed notebook by nbgrader's rules, with a few documented differences.

The differences are listed in `docs/autograder/rebuild-and-score.md`: the points of a test need
proof that it ran, partial credit is a number between 0 and the maximum that the test itself
declares, warnings cost nothing, and a missing answer is worth 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from nbgrader_isolate.core.models import INVALID, METADATA, UNTOUCHED, CellRecord, CellScore
from nbgrader_isolate.core.text import join_names, printable
from nbgrader_isolate.gradebook.results import REFUSED
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

RECORD_FIELDS = {each.name for each in fields(CellRecord)}
OUTCOME_MESSAGES = {
    "failed": "The test failed.",
    "timeout": "The test took too long and was stopped.",
    "died": "The kernel died during this test.",
    "not run": "The test was not run.",
}
"""Messages for a test whose record has no message."""
BY_HAND = "Your instructor will grade this part."


def score(executed: NotebookNode) -> tuple[dict[str, CellScore], list[str]]:
    """Score each cell that has points.

    Parameters
    ----------
    executed : NotebookNode
        As the engine returned it: each cell has its `CellRecord`. Outputs are ignored, because a
        student's process may have written them.

    Returns
    -------
    dict of str to CellScore
        By grade_id, in the notebook's order. `score` is None if a person grades the cell.
    list of str
        Reasons to review the submission.
    """
    scores: dict[str, CellScore] = {}
    review_reasons: list[str] = list(interruptions(executed))
    for cell in executed["cells"]:
        name = name_of(cell)
        if name is None or not (is_grade(cell) or is_task(cell)):
            continue
        scores[name] = score_manual(cell) if is_manual(cell) else score_test(cell, review_reasons)
    return scores, review_reasons


def record_of(cell: dict[str, Any]) -> CellRecord:
    """Return the record of a cell; a cell without one counts as not run."""
    entry = cell["metadata"].get(METADATA) or {"owner": "instructor"}
    return CellRecord(**{key: value for key, value in entry.items() if key in RECORD_FIELDS})


def score_manual(cell: dict[str, Any]) -> CellScore:
    """Score an answer that a person grades: 0 if there is none, otherwise undecided."""
    if not is_task(cell) and is_untouched(cell):
        return CellScore(0.0, points_of(cell), UNTOUCHED)
    return CellScore(None, points_of(cell))


def score_test(cell: dict[str, Any], review_reasons: list[str]) -> CellScore:  # noqa: PLR0911 (one for each reason)
    """Score a test by its record."""
    record, maximum = record_of(cell), points_of(cell)
    name = printable(name_of(cell) or "")
    if record.outcome != "passed":
        message = outcome_message(record.outcome, record.message)
        return CellScore(0.0, maximum, message, record.mode)
    if record.completed is not True:
        review_reasons.append(f"{name}: no proof that the test ran to its end")
        return CellScore(
            0.0, maximum, "There is no proof that the test ran to its end.", record.mode
        )
    if record.refused:
        review_reasons.append(REFUSED.format(name=name, why=printable(record.refused, 200)))
        return CellScore(None, maximum, BY_HAND, record.mode)
    shown = record.credit == INVALID and record.shows_value
    if shown or (record.credit is None and not record.declares_credit):
        return CellScore(maximum, maximum, record.message, record.mode)
    if record.credit is None or record.credit == INVALID:
        review_reasons.append(f"{name}: did not end with a number of points")
        message = "The test did not end with a number of points."
        return CellScore(0.0, maximum, message, record.mode)
    if not is_valid_credit(record.credit, maximum):
        review_reasons.append(f"{name}: declares {record.credit!r} of {maximum:g} points")
        message = (
            f"The test declares {record.credit!r} points, which is not between 0 and {maximum:g}."
        )
        return CellScore(0.0, maximum, message, record.mode)
    return CellScore(float(record.credit), maximum, record.message, record.mode)


def outcome_message(outcome: str, message: str) -> str:
    """Return what a test that did not pass says: its message or, without one, how it ended.

    A cell is stopped with an interrupt, which says nothing about why.
    """
    ended = OUTCOME_MESSAGES.get(outcome, OUTCOME_MESSAGES["not run"])
    if outcome == "timeout" and message.partition(":")[0] == "KeyboardInterrupt":
        return ended
    return message or ended


def is_valid_credit(credit: object, maximum: float) -> bool:
    """Return whether a declared credit is a number between 0 and the cell's maximum."""
    if isinstance(credit, bool) or not isinstance(credit, int | float):
        return False
    return math.isfinite(credit) and 0 <= credit <= maximum


def interruptions(executed: NotebookNode) -> Iterator[str]:
    """Yield which cells, the student's or the instructor's, did not end by themselves."""
    problems = {
        "timeout": "cells that took too long and were stopped",
        "died": "cells that killed their kernel",
    }
    for outcome, problem in problems.items():
        names = [
            name_of(cell) or f"cell {number}"
            for number, cell in enumerate(executed["cells"], 1)
            if record_of(cell).outcome == outcome
        ]
        if names:
            yield f"{problem}: {join_names(names)}"


def starved_cells(executed: NotebookNode) -> list[str]:
    """Return the cells that did not pass while their processes had to wait for a processor."""
    return [
        name_of(cell) or f"cell {number}"
        for number, cell in enumerate(executed["cells"], 1)
        if record_of(cell).starved
    ]


def ran_completely(executed: NotebookNode) -> bool:
    """Return whether all cells ran and ended by themselves, right or wrong."""
    return all(
        record_of(cell).outcome in ("passed", "failed")
        for cell in executed["cells"]
        if cell["cell_type"] == "code" and cell["source"].strip()
    )
