"""Turn a kernel's messages into notebook outputs: known types, valid text, limited size."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from nbformat import NotebookNode

from nbgrader_isolate.bridge.credit import shown_credit
from nbgrader_isolate.core.models import Credit
from nbgrader_isolate.core.text import cut_note, first_bytes

NOTEBOOK_FACTOR = 8
"""All outputs of a notebook may have this many times `Limits.output_bytes`."""
NOTEBOOK_NOTE = "\n… cut here: the outputs of this notebook are too large\n"
KINDS = ("stream", "display_data", "execute_result", "error")
_DEPTH = 40
_LINES = 100


def from_message(kind: object, content: object, count: int) -> NotebookNode | None:
    """Return the output for a kernel's message, or None if the message is not an output.

    Parameters
    ----------
    kind : str
        The type of the message.
    content : dict
        The content of the message; nothing in it is trusted.
    count : int
        The execution count for an `execute_result`.
    """
    if kind not in KINDS or not isinstance(content, dict):
        return None
    if kind == "stream":
        name = "stderr" if content.get("name") == "stderr" else "stdout"
        return NotebookNode(output_type="stream", name=name, text=text_of(content.get("text")))
    if kind == "error":
        lines = content.get("traceback")
        trace = [text_of(line) for line in lines[:_LINES]] if isinstance(lines, list) else []
        name, value = text_of(content.get("ename"))[:200], text_of(content.get("evalue"))
        return NotebookNode(output_type="error", ename=name, evalue=value, traceback=trace)
    output = NotebookNode(
        output_type=kind, data=data_of(content.get("data")), metadata=NotebookNode()
    )
    if kind == "execute_result":
        output["execution_count"] = count
    return output


def text_of(value: object) -> str:
    """Return a text that UTF-8 can encode, in which lone surrogates are escaped."""
    text = value if isinstance(value, str) else ""
    return text.encode("utf-8", "backslashreplace").decode()


def data_of(value: object) -> NotebookNode:
    """Return the parts of a MIME bundle that are text or JSON."""
    bundle = NotebookNode()
    for kind, data in list(value.items())[:20] if isinstance(value, dict) else ():
        name = text_of(kind)[:100]
        if isinstance(data, str):
            bundle[name] = text_of(data)
        elif name.endswith("json") and is_shallow(data):
            bundle[name] = json.loads(text_of(json.dumps(data)))
    return bundle


def is_shallow(data: object, depth: int = 0) -> bool:
    """Tell whether JSON is nested no deeper than programs that read notebooks can handle."""
    if depth > _DEPTH:
        return False
    parts = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return all(is_shallow(part, depth + 1) for part in parts)


@dataclass
class Allowance:
    """How many bytes of outputs a notebook may still add, with all its cells."""

    left: int


class Collector:
    """The outputs of one cell, up to a limit.

    Parameters
    ----------
    limit : int
        How many bytes to keep.
    count : int
        The cell's execution count.
    allowance : Allowance, optional
        What is left for the notebook; it is reduced by what is kept.
    """

    def __init__(self, limit: int, count: int, allowance: Allowance | None = None) -> None:
        self.outputs: list[NotebookNode] = []
        self.allowance = allowance or Allowance(limit)
        self.left = min(limit, max(self.allowance.left, 0))
        self.note = cut_note(limit) if self.left == limit else NOTEBOOK_NOTE
        self.count = count

    def take(self, kind: object, content: object) -> None:
        """Add the output of a message; whatever exceeds the limit is cut."""
        if self.left < 0:
            return
        output = from_message(kind, content, self.count)
        if output is None:
            return
        size = size_of(output)
        if output.output_type == "stream":
            note = self.note if size > self.left else ""
            output.text = first_bytes(output.text, self.left)[0] + note
        elif size > self.left and output.output_type == "error":
            output.evalue = output.evalue[:1000]
            output.traceback = [line[:1000] for line in output.traceback[:10]]
        elif size > self.left:
            output = NotebookNode(output_type="stream", name="stdout", text=self.note)
        self.left -= size
        self.allowance.left -= min(size, self.left + size)
        last = self.outputs[-1] if self.outputs else None
        if last and output.output_type == last.output_type == "stream" and last.name == output.name:
            last.text += output.text
        else:
            self.outputs.append(output)


def size_of(value: object) -> int:
    """Return the approximate size of an output, in bytes of UTF-8."""
    if isinstance(value, str):
        return len(value.encode("utf-8", "surrogatepass"))
    if isinstance(value, int | float):
        return len(repr(value))
    if isinstance(value, dict):
        return 8 + sum(size_of(name) + size_of(part) for name, part in value.items())
    return 8 + sum(map(size_of, value if isinstance(value, list) else ()))


def first_lines(message: str) -> str:
    """Return the first lines of a message, without control characters."""
    text = "".join(char for char in message if char.isprintable() or char in "\n\t")
    return "\n".join(text.split("\n")[:10])[:2000]


def shown_number(outputs: Sequence[NotebookNode]) -> Credit:
    """Return the credit that a cell displays as its result; None if it displays something else."""
    for output in outputs:
        if output.output_type == "execute_result":
            return shown_credit(str(output.data.get("text/plain", ""))[:1000])
    return None
