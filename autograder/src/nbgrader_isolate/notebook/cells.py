"""Read nbgrader's metadata of a cell as nbgrader does, without its import, which takes 1.8 s."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from nbgrader_isolate.core.models import FORMER_METADATA, FORMER_MODES, METADATA

Cell = Mapping[str, Any]


def nbgrader_field(cell: Cell, key: str) -> Any:  # noqa: ANN401 - JSON
    """Return one entry of a cell's nbgrader metadata, or None."""
    return cell["metadata"].get("nbgrader", {}).get(key)


def current_metadata(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return the metadata of a notebook or a cell with the grader's entry in its current form.

    Notebooks that an earlier version graded have that entry under another key, with other names
    for the modes.
    """
    current = dict(metadata)
    if METADATA not in current and isinstance(current.get(FORMER_METADATA), Mapping):
        entry = dict(current.pop(FORMER_METADATA))
        if entry.get("mode") in FORMER_MODES:
            entry["mode"] = FORMER_MODES[entry["mode"]]
        current[METADATA] = entry
    return current


def is_grade(cell: Cell) -> bool:
    """Return whether a cell has points: a test, or an answer that a person grades."""
    return bool(nbgrader_field(cell, "grade"))


def is_solution(cell: Cell) -> bool:
    """Return whether students write the cell."""
    return bool(nbgrader_field(cell, "solution"))


def is_task(cell: Cell) -> bool:
    """Return whether a cell is a task, which students answer in cells that they add."""
    return bool(nbgrader_field(cell, "task"))


def is_locked(cell: Cell) -> bool:
    """Return whether grading restores the instructor's source."""
    return not is_solution(cell) and (is_grade(cell) or bool(nbgrader_field(cell, "locked")))


def is_test(cell: Cell) -> bool:
    """Return whether a cell is graded by running it."""
    return cell["cell_type"] == "code" and is_grade(cell) and not is_solution(cell)


def is_manual(cell: Cell) -> bool:
    """Return whether a person grades the cell."""
    return (is_grade(cell) and not is_test(cell)) or is_task(cell)


def name_of(cell: Cell) -> str | None:
    """Return a cell's grade_id, or None."""
    name = nbgrader_field(cell, "grade_id")
    return name if isinstance(name, str) else None


def points_of(cell: Cell) -> float:
    """Return the maximum points of a cell."""
    return float(nbgrader_field(cell, "points") or 0)


def checksum(cell: Cell) -> str:
    """Return nbgrader's checksum of a cell; it equals the released one until the cell is edited.

    The algorithm is that of `nbgrader.utils.compute_checksum` in version 0.9.6; the tests compare
    the two.
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
    """Return whether a solution cell still contains the released source, or none at all."""
    return not cell["source"].strip() or nbgrader_field(cell, "checksum") == checksum(cell)
