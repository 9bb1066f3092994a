"""A submitted notebook: bytes of a stranger in, the few things that grading needs out.

Kept of a cell are its kind, its id, its `grade_id`, its source text and attached pictures. Outputs, tags and all
other metadata are gone from here on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nbformat.notebooknode import from_dict

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.core.models import METADATA
from nbgrader_isolate.core.text import format_size, join_names, printable

if TYPE_CHECKING:
    from nbformat import NotebookNode

STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
"""A JSON string, or the rest of the file from an unpaired quote: one pass, whatever the file holds."""
NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
MOST_PARTS = 500_000
"""Lists and objects of one file: as JSON they take 3 bytes each, in memory 60."""
CELL_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
KINDS = ("code", "markdown", "raw")
NEWEST = 4
"""The version of the notebook format that is graded; older ones are upgraded."""
LONGEST_NAME = 200
"""Characters in the name of an attached picture; browsers paste `image.png`."""
PICTURES = ("image/png", "image/jpeg", "image/gif")
BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*+")


class Unreadable(Exception):  # noqa: N818 - it says what the file is, not what went wrong here
    """A file that cannot be graded, and in one line why."""


def parse(data: bytes, limits: Limits) -> NotebookNode:
    """Read a submitted notebook.

    Parameters
    ----------
    data : bytes
        The file.
    limits : Limits
        `notebook_bytes`, `notebook_cells` and `json_depth` count here.

    Returns
    -------
    NotebookNode
        nbformat 4. `metadata.nbgrader_isolate.findings` lists what was left out, in words.

    Raises
    ------
    Unreadable
        If it is no notebook, or larger than the limits.
    """
    if len(data) > limits.notebook_bytes:
        most = format_size(limits.notebook_bytes)
        raise Unreadable(f"has {format_size(len(data))}, and at most {most} are read")
    text = decoded(data)
    check_nesting(text.encode("utf-8", "surrogatepass"), limits.json_depth)
    content = upgraded(loaded(text))
    cells = content.get("cells")
    if not isinstance(cells, list):
        raise Unreadable("is no notebook: it has no list of cells")
    if len(cells) > limits.notebook_cells:
        raise Unreadable(f"has {len(cells)} cells, and at most {limits.notebook_cells} are read")
    findings: list[str] = []
    kept = [
        cell for number, given in enumerate(cells, 1) if (cell := read(given, number, findings))
    ]
    return node(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {METADATA: {"findings": summed(findings)}},
            "cells": kept,
        }
    )


def node(notebook: dict[str, Any]) -> NotebookNode:
    """Return a notebook as nbformat's own kind of dict."""
    made: NotebookNode = from_dict(notebook)
    return made


def decoded(data: bytes) -> str:
    """Return the text of a file: UTF-8, or UTF-16 as some Windows editors save it."""
    if not data.strip():
        raise Unreadable("is empty")
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        name = encoding.removesuffix("-sig").upper()
        raise Unreadable(f"is no text: byte {error.start} is not {name}") from None
    if (at := text.find("\0")) >= 0:
        raise Unreadable(f"is damaged: there is a NUL character at position {at}")
    return text


def check_nesting(data: bytes, deepest: int) -> None:
    """Refuse JSON that is nested too deeply, before anything recurses into it.

    Raises
    ------
    Unreadable
    """
    brackets = STRING.sub(b"", data).translate(None, NO_BRACKETS)
    if len(brackets) > 2 * MOST_PARTS:
        raise Unreadable(f"is no notebook: it has more than {MOST_PARTS} lists and objects")
    depth = 0
    for bracket in brackets:
        depth += 1 if bracket in b"[{" else -1
        if depth > deepest:
            raise Unreadable(f"is nested more than {deepest} deep")


def loaded(text: str) -> dict[str, Any]:
    """Return the JSON object of a file."""
    try:
        content = json.loads(text, object_pairs_hook=once)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise Unreadable(f"is not JSON: {error.msg} at {where}") from None
    except ValueError:  # a number of more than 4300 digits
        raise Unreadable("is not JSON: it holds a number that is too long") from None
    if not isinstance(content, dict):
        raise Unreadable("is no notebook: its JSON is not an object")
    return content


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object of its keys, none of which may stand twice: readers differ in which one counts."""
    made = dict(pairs)
    if len(made) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise Unreadable(f"is damaged: the key {printable(twice)!r} stands twice in one object")
    return made


def upgraded(content: dict[str, Any]) -> dict[str, Any]:
    """Return a notebook of any older format as one of format 4."""
    version = content.get("nbformat")
    if type(version) is not int or version < 1:
        raise Unreadable("is no notebook: it does not name its format (`nbformat`)")
    if version > NEWEST:
        raise Unreadable(f"has notebook format {printable(str(version))}; save it in format 4")
    if version == NEWEST:
        return content
    from nbformat import convert

    try:
        return dict(convert(from_dict(content), NEWEST))
    except Exception:  # noqa: BLE001 - the converters trust the file, and trip over anything
        message = (
            f"has the old notebook format {version} and could not be upgraded; save it in format 4"
        )
        raise Unreadable(message) from None


def read(given: object, number: int, findings: list[str]) -> dict[str, Any] | None:
    """Return what counts of the cell with this number; None if it is none, with a note."""
    if not isinstance(given, Mapping):
        findings.append(f"cell {number} is no cell")
        return None
    source = joined(given.get("source", ""))
    if source is None or given.get("cell_type") not in KINDS:
        findings.append(f"cell {number} has no source text or no known type")
        return None
    cell = {"cell_type": given["cell_type"], "metadata": {}, "source": source}
    if (name := grade_id(given.get("metadata"))) is not None:
        cell["metadata"] = {"nbgrader": {"grade_id": name}}
    identifier = given.get("id")
    if isinstance(identifier, str) and CELL_ID.fullmatch(identifier):
        cell["id"] = identifier
    if cell["cell_type"] == "code":
        cell |= {"execution_count": None, "outputs": []}
    elif pictures := attached(given.get("attachments")):
        cell["attachments"] = pictures
    return cell


def joined(source: object) -> str | None:
    """Return source text, given as one text or as a list of lines; None for anything else."""
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        return "".join(source)
    return source if isinstance(source, str) else None


def grade_id(metadata: object) -> str | None:
    """Return the name that nbgrader gave a cell, in whatever version of its metadata."""
    ours = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    name = ours.get("grade_id") if isinstance(ours, Mapping) else None
    return name if isinstance(name, str) else None


def attached(given: object) -> dict[str, dict[str, str]]:
    """Return the pictures that were pasted into a text: bitmaps in base64, and nothing else."""
    if not isinstance(given, Mapping):
        return {}
    pictures = {}
    for name, forms in given.items():
        kept = {
            kind: data
            for kind in PICTURES
            if isinstance(forms, Mapping) and (data := joined(forms.get(kind, ""))) is not None
            if data and BASE64.fullmatch(data)
        }
        if kept and isinstance(name, str) and printable(name, LONGEST_NAME) == name:
            pictures[name] = kept
    return pictures


def summed(findings: list[str]) -> list[str]:
    """Return the findings of many damaged cells as one."""
    return [f"left out: {join_names(findings)}"] if findings else []
