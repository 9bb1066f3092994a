"""What is written into a cell when it has run: its outputs, and its record."""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode

from nbgrader_isolate.bridge.kernel import Reply
from nbgrader_isolate.bridge.outputs import first_lines, from_message, text_of
from nbgrader_isolate.bridge.session import CellResult
from nbgrader_isolate.core.models import METADATA

LONG_WAIT = 0.5
"""Seconds of waiting for a processor that every cell may have."""
LARGE_PART = 0.2
"""The part of its time that a cell may wait."""


def cell_record(cell: NotebookNode) -> dict[str, Any]:
    """Return the record that the rebuild wrote into a cell; see `CellRecord`."""
    record: dict[str, Any] = cell.metadata.get(METADATA) or {}
    return record


def is_starved(waited: float, seconds: float) -> bool:
    """Return whether a cell may have failed because it waited for a processor for too long.

    Parameters
    ----------
    waited, seconds : float
        How long its processes waited, and how long it took in all, in s.
    """
    return waited > max(LONG_WAIT, LARGE_PART * seconds)


def describe_reply(reply: Reply) -> str:
    """Return a message about what went wrong in a cell of the student's kernel."""
    if reply.status == "timeout":
        return f"took too long and was stopped {reply.message}".strip()
    if reply.status == "died":
        reason = reply.message or "it ended itself, or crashed"
        return f"the kernel died while this cell ran ({reason})"
    return text_of(reply.message)


def record_outcome(cell: NotebookNode, count: int, result: CellResult, seconds: float) -> None:
    """Write a result into a cell; a cell that did not pass gets an error among its outputs."""
    outputs = list(result.outputs)
    has_error = any(output.output_type == "error" for output in outputs)
    if result.outcome != "passed" and not has_error:
        content = {"ename": result.outcome, "evalue": result.message, "traceback": [result.message]}
        error = from_message("error", content, count)
        outputs += [error] if error else []
    cell.outputs = outputs
    cell.execution_count = count if result.outcome != "not run" else None
    starved = result.starved or is_starved(result.waited_seconds, seconds)
    record = cell_record(cell) | {
        "outcome": result.outcome,
        "completed": result.completed,
        "credit": result.credit,
        "message": first_lines(result.message),
        "refused": first_lines(result.refused),
        "returned": result.kinds,
        "seconds": round(seconds, 4),
        "starved": result.outcome != "passed" and starved,
    }
    cell.metadata[METADATA] = NotebookNode(record)
