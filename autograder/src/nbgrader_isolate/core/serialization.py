"""Plans, tasks and results as JSON bytes, for pipes, clusters and files."""

from __future__ import annotations

import base64
import json
from typing import Any, TypeVar

from nbgrader_isolate.core.models import (
    AssignmentPlan,
    CellScore,
    NotebookPlan,
    NotebookResult,
    Result,
    Task,
)

Message = TypeVar("Message", AssignmentPlan, Task, Result)


FILES = {"files", "test_files"}
"""Fields that contain files by name."""


def to_json(message: AssignmentPlan | Task | Result) -> bytes:
    """Return a plan, a task or a result as JSON.

    Returns
    -------
    bytes
        JSON in ASCII, with files in base64. Equal objects give equal bytes.
    """
    content = dict(vars(message))
    for key in FILES & content.keys():
        content[key] = {name: encode_bytes(data) for name, data in content[key].items()}
    kind = type(message).__name__
    text = json.dumps({"kind": kind, **content}, separators=(",", ":"), default=vars)
    return text.encode("ascii")


def from_json(kind: type[Message], data: bytes) -> Message:
    """Read a plan, a task or a result from JSON.

    Parameters
    ----------
    kind : type
        `AssignmentPlan`, `Task` or `Result`.
    data : bytes

    Raises
    ------
    ValueError
        If the bytes are not the JSON of such an object.
    """
    try:
        content = json.loads(data)
        if content.pop("kind") != kind.__name__:
            raise ValueError("it is another kind of object")  # noqa: TRY301 - one message for all
        for key in FILES & content.keys():
            content[key] = {name: decode_bytes(text) for name, text in content[key].items()}
        if "notebooks" in content:
            read = notebook_result if kind is Result else notebook_plan
            content["notebooks"] = [read(one) for one in content["notebooks"]]
        return kind(**content)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"not the JSON of a {kind.__name__}: {error}") from None


def encode_bytes(data: bytes) -> str:
    """Return bytes in base64."""
    return base64.b64encode(data).decode("ascii")


def decode_bytes(text: str) -> bytes:
    """Return the bytes of a base64 text."""
    return base64.b64decode(text, validate=True)


def notebook_plan(content: dict[str, Any]) -> NotebookPlan:
    """Return the plan of a notebook from its JSON."""
    return NotebookPlan(**content)


def notebook_result(content: dict[str, Any]) -> NotebookResult:
    """Return the result of a notebook from its JSON."""
    cells = {name: CellScore(**cell) for name, cell in content["cells"].items()}
    return NotebookResult(**{**content, "cells": cells})
