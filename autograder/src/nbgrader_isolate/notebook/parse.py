"""Read a submitted notebook: a stranger's bytes go in, the few things that grading needs come out.

A cell keeps its type, its id, its `grade_id`, its source and its attached images. Outputs, tags and
all other metadata are dropped here.
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

JSON_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
"""A JSON string, or the rest of the file after an unpaired quote; matched in one pass."""
NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
MAX_CONTAINERS = 500_000
"""Lists and objects in one file: each takes 3 bytes as JSON and 60 bytes in memory."""
CELL_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
CELL_TYPES = ("code", "markdown", "raw")
NOT_GRADED = {"collapsed", "execution", "execution_count", "kernelspec", "language_info", "outputs"}
"""Keys of which nothing is read."""
OLD_TEXT_TYPES = ("heading", "html", "text")
"""Types of cells in formats 1 to 3 that are Markdown today."""
MAX_HEADING = 6
NBFORMAT = 4
"""The version of the notebook format that is graded; older notebooks are upgraded."""
MAX_NAME_LENGTH = 200
"""Characters in the name of an attached image; browsers paste `image.png`."""
IMAGE_TYPES = ("image/png", "image/jpeg", "image/gif")
BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*+")


class UnreadableError(Exception):
    """A file that cannot be graded; the message says why in one line."""


def parse(data: bytes, limits: Limits) -> NotebookNode:
    """Read a submitted notebook.

    Parameters
    ----------
    data : bytes
        Contents of the file.
    limits : Limits
        `notebook_bytes`, `notebook_cells` and `json_depth` apply here.

    Returns
    -------
    NotebookNode
        In nbformat 4. `metadata.nbgrader_isolate.findings` says in words what was left out.

    Raises
    ------
    UnreadableError
        If the file is not a notebook, or exceeds the limits.
    """
    if len(data) > limits.notebook_bytes:
        size, limit = format_size(len(data)), format_size(limits.notebook_bytes)
        raise UnreadableError(
            f"is {size}; the limit is {limit}. Most of it is usually output: clear all outputs, "
            "save, and hand it in again"
        )
    text = decode(data)
    check_nesting(text.encode("utf-8", "surrogatepass"), limits.json_depth)
    content = upgrade(load_json(text))
    cells = content.get("cells")
    if not isinstance(cells, list):
        raise UnreadableError("is not a notebook: it has no list of cells")
    if len(cells) > limits.notebook_cells:
        raise UnreadableError(f"has {len(cells)} cells; the limit is {limits.notebook_cells}")
    findings: list[str] = []
    graded = [read_cell(raw, number, findings) for number, raw in enumerate(cells, 1)]
    return to_notebook_node(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {METADATA: {"findings": summarize(findings)}},
            "cells": [cell for cell in graded if cell],
        }
    )


def to_notebook_node(notebook: dict[str, Any]) -> NotebookNode:
    """Return a notebook as nbformat's own type of dict."""
    node: NotebookNode = from_dict(notebook)
    return node


def decode(data: bytes) -> str:
    """Return the text of a file: UTF-8, or UTF-16 as some Windows editors save it."""
    if not data.strip():
        raise UnreadableError("is empty")
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        name = encoding.removesuffix("-sig").upper()
        raise UnreadableError(f"is not text: byte {error.start} is not valid {name}") from None
    if (position := text.find("\0")) >= 0:
        raise UnreadableError(f"is damaged: it has a NUL character at position {position}")
    return text


def check_nesting(data: bytes, max_depth: int) -> None:
    """Refuse JSON that is nested too deeply, before any code recurses into it.

    Raises
    ------
    UnreadableError
    """
    brackets = JSON_STRING.sub(b"", data).translate(None, NOT_BRACKETS)
    if len(brackets) > 2 * MAX_CONTAINERS:
        raise UnreadableError(
            f"is not a notebook: it has more than {MAX_CONTAINERS} lists and objects"
        )
    depth = 0
    for bracket in brackets:
        depth += 1 if bracket in b"[{" else -1
        if depth > max_depth:
            raise UnreadableError(f"is nested more than {max_depth} levels deep")


def load_json(text: str) -> dict[str, Any]:
    """Return the JSON object in a file."""
    try:
        content = json.loads(text, object_pairs_hook=without_duplicate_keys)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise UnreadableError(f"is not JSON: {error.msg} at {where}") from None
    except ValueError:  # a number of more than 4300 digits
        raise UnreadableError("is not JSON: it contains a number that is too long") from None
    if not isinstance(content, dict):
        raise UnreadableError("is not a notebook: its JSON is not an object")
    return content


def without_duplicate_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object, or refuse one with duplicate keys: readers differ in which one they use.

    What is not graded may be there twice, as after a merge that was badly resolved.
    """
    content = dict(pairs)
    if len(content) < len(pairs):
        seen: set[str] = set()
        twice = {key for key, _ in pairs if key in seen or seen.add(key)}  # type: ignore[func-returns-value]
        if not (graded := sorted(twice - NOT_GRADED)):
            return content
        duplicate = graded[0]
        raise UnreadableError(
            f"is damaged: the key {printable(duplicate)!r} appears twice in one object"
        )
    return content


def upgrade(content: dict[str, Any]) -> dict[str, Any]:
    """Return a notebook of any older format in format 4."""
    version = content.get("nbformat")
    if type(version) is not int or version < 1:
        raise UnreadableError("is not a notebook: it does not state its format (`nbformat`)")
    if version > NBFORMAT:
        raise UnreadableError(f"has notebook format {printable(str(version))}; save it in format 4")
    if version == NBFORMAT:
        return content
    sheets = content.get("worksheets") if version > 1 else [content]
    cells: list[object] = []
    for sheet in sheets if isinstance(sheets, list) else [None]:
        found = sheet.get("cells", []) if isinstance(sheet, Mapping) else None
        if not isinstance(found, list):
            raise UnreadableError(
                f"has the old notebook format {version}, which could not be upgraded; "
                "save it in format 4"
            )
        cells += map(upgrade_cell, found)
    return {"cells": cells}


def upgrade_cell(raw: object) -> object:
    """Return a cell of an older format in format 4, with only what is graded.

    The converters of nbformat validate the outputs, too: 40 KB of memory for each broken one.
    """
    if not isinstance(raw, Mapping):
        return raw
    kind = raw.get("cell_type")
    keys = ("input", "code") if kind == "code" else ("source", "text")
    lines = next((raw[key] for key in keys if key in raw), "")
    is_text = isinstance(lines, list) and all(isinstance(line, str) for line in lines)
    if is_text and lines and not lines[0].endswith("\n"):
        lines = "\n".join(lines)  # as some versions wrote them
    source = join_source(lines)
    if kind == "heading" and source is not None:
        level = raw.get("level")
        hashes = "#" * (level if type(level) is int and 1 <= level <= MAX_HEADING else 1)
        source = f"{hashes} {' '.join(source.splitlines())}"
    kind = "markdown" if kind in OLD_TEXT_TYPES else kind
    return {"cell_type": kind, "source": source, "metadata": raw.get("metadata")}


def read_cell(raw: object, number: int, findings: list[str]) -> dict[str, Any] | None:
    """Return the gradable parts of cell `number`, or None (with a finding) if it is not a cell."""
    if not isinstance(raw, Mapping):
        findings.append(f"cell {number} is not a cell")
        return None
    source = join_source(raw.get("source", ""))
    if source is None or raw.get("cell_type") not in CELL_TYPES:
        findings.append(f"cell {number} has no source text or an unknown type")
        return None
    cell = {"cell_type": raw["cell_type"], "metadata": {}, "source": source}
    if (name := grade_id(raw.get("metadata"))) is not None:
        cell["metadata"] = {"nbgrader": {"grade_id": name}}
    identifier = raw.get("id")
    if isinstance(identifier, str) and CELL_ID.fullmatch(identifier):
        cell["id"] = identifier
    if cell["cell_type"] == "code":
        cell |= {"execution_count": None, "outputs": []}
    elif attachments := read_attachments(raw.get("attachments")):
        cell["attachments"] = attachments
    return cell


def join_source(source: object) -> str | None:
    """Return source text that is stored as a string or a list of lines; None for anything else.

    Lines end with a line feed, whatever ends them in the file: with another end, an unchanged cell
    would count as edited.
    """
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    return source.replace("\r\n", "\n") if isinstance(source, str) else None


def grade_id(metadata: object) -> str | None:
    """Return the name that nbgrader gave a cell, in any version of nbgrader's metadata."""
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    name = nbgrader.get("grade_id") if isinstance(nbgrader, Mapping) else None
    return name if isinstance(name, str) else None


def read_attachments(raw: object) -> dict[str, dict[str, str]]:
    """Return the images that were pasted into a text: bitmaps in base64, and nothing else."""
    if not isinstance(raw, Mapping):
        return {}
    attachments = {}
    for name, bundle in raw.items():
        images = {
            mime_type: data
            for mime_type in IMAGE_TYPES
            if isinstance(bundle, Mapping)
            and (data := join_source(bundle.get(mime_type, ""))) is not None
            if data and BASE64.fullmatch(data)
        }
        if images and isinstance(name, str) and printable(name, MAX_NAME_LENGTH) == name:
            attachments[name] = images
    return attachments


def summarize(findings: list[str]) -> list[str]:
    """Return the findings on many damaged cells as one."""
    return [f"left out: {join_names(findings)}"] if findings else []
