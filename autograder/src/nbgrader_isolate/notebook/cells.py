"""What nbgrader's metadata say of a cell, read as nbgrader reads them, without importing it (1.8 s)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from nbgrader_isolate.core.models import FORMER_METADATA, FORMER_MODES, METADATA

Cell = Mapping[str, Any]


def says(cell: Cell, key: str) -> Any:  # noqa: ANN401 - JSON
    """Return one entry of a cell's nbgrader metadata, or None."""
    return cell["metadata"].get("nbgrader", {}).get(key)


def in_current_words(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return a notebook's or a cell's metadata with the grader's entry as this version writes it.

    Graded notebooks of earlier versions hold that entry under another key and with other modes.
    """
    current = dict(metadata)
    if METADATA not in current and isinstance(current.get(FORMER_METADATA), Mapping):
        entry = dict(current.pop(FORMER_METADATA))
        if entry.get("mode") in FORMER_MODES:
            entry["mode"] = FORMER_MODES[entry["mode"]]
        current[METADATA] = entry
    return current


def is_grade(cell: Cell) -> bool:
    """Tell whether a cell has points: a test, or an answer that a person marks."""
    return bool(says(cell, "grade"))


def is_solution(cell: Cell) -> bool:
    """Tell whether a cell is the student's to write."""
    return bool(says(cell, "solution"))


def is_task(cell: Cell) -> bool:
    """Tell whether a cell is a task: its answer stands in cells that the student adds."""
    return bool(says(cell, "task"))


def is_locked(cell: Cell) -> bool:
    """Tell whether grading puts the instructor's source back."""
    return not is_solution(cell) and (is_grade(cell) or bool(says(cell, "locked")))


def is_test(cell: Cell) -> bool:
    """Tell whether a cell is graded by being run."""
    return cell["cell_type"] == "code" and is_grade(cell) and not is_solution(cell)


def is_manual(cell: Cell) -> bool:
    """Tell whether a person gives the points of a cell."""
    return (is_grade(cell) and not is_test(cell)) or is_task(cell)


def name_of(cell: Cell) -> str | None:
    """Return a cell's grade_id, or None."""
    name = says(cell, "grade_id")
    return name if isinstance(name, str) else None


def points_of(cell: Cell) -> float:
    """Return the most points that a cell can give."""
    return float(says(cell, "points") or 0)


def checksum(cell: Cell) -> str:
    """Return nbgrader's checksum of a cell: while it is the released one, nobody wrote there.

    As `nbgrader.utils.compute_checksum` of 0.9.6; the tests compare the two.
    """
    parts = [
        cell["source"],
        cell["cell_type"],
        str(is_grade(cell)),
        str(is_solution(cell)),
        str(is_locked(cell)),
        name_of(cell) or "",
    ]
    if is_grade(cell):
        parts.append(str(points_of(cell)))
    digest = hashlib.md5(usedforsecurity=False)
    for part in parts:
        digest.update(part.encode("utf-8", "replace"))
    return digest.hexdigest()


def is_untouched(cell: Cell) -> bool:
    """Tell whether a solution cell still holds what was released, or nothing at all."""
    return not cell["source"].strip() or says(cell, "checksum") == checksum(cell)
