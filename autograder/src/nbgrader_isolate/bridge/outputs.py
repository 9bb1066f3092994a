"""What a kernel sends, as outputs of a notebook: of known kinds, with text that can be written, and bounded."""

from __future__ import annotations

import json

from nbformat import NotebookNode

from nbgrader_isolate.core.text import cut_note

KINDS = ("stream", "display_data", "execute_result", "error")
_DEPTH = 40
_LINES = 100


def from_message(kind: object, content: object, count: int) -> NotebookNode | None:
    """Return the output that a message of a kernel stands for; None if it stands for none.

    Parameters
    ----------
    kind : str
        The message's type.
    content : dict
        As it came: nothing in it is trusted.
    count : int
        The execution count that an `execute_result` gets.
    """
    if kind not in KINDS or not isinstance(content, dict):
        return None
    if kind == "stream":
        name = "stderr" if content.get("name") == "stderr" else "stdout"
        return NotebookNode(output_type="stream", name=name, text=text_of(content.get("text")))
    if kind == "error":
        lines = content.get("traceback")
        trace = [text_of(one) for one in lines[:_LINES]] if isinstance(lines, list) else []
        name, value = text_of(content.get("ename"))[:200], text_of(content.get("evalue"))
        return NotebookNode(output_type="error", ename=name, evalue=value, traceback=trace)
    made = NotebookNode(
        output_type=kind, data=data_of(content.get("data")), metadata=NotebookNode()
    )
    if kind == "execute_result":
        made["execution_count"] = count
    return made


def text_of(value: object) -> str:
    """Return a text that UTF-8 can carry: a lone surrogate becomes its escape."""
    text = value if isinstance(value, str) else ""
    return text.encode("utf-8", "backslashreplace").decode()


def data_of(value: object) -> NotebookNode:
    """Return a MIME bundle without what is no text and no JSON."""
    made = NotebookNode()
    for kind, data in list(value.items())[:20] if isinstance(value, dict) else ():
        name = text_of(kind)[:100]
        if isinstance(data, str):
            made[name] = text_of(data)
        elif name.endswith("json") and is_shallow(data):
            made[name] = json.loads(text_of(json.dumps(data)))
    return made


def is_shallow(data: object, depth: int = 0) -> bool:
    """Tell whether JSON is nested no deeper than a reader of notebooks can take."""
    if depth > _DEPTH:
        return False
    parts = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return all(is_shallow(one, depth + 1) for one in parts)


class Collector:
    """The outputs of one cell, up to a limit.

    Parameters
    ----------
    limit : int
        Bytes that are kept.
    count : int
        The cell's execution count.
    """

    def __init__(self, limit: int, count: int) -> None:
        self.outputs: list[NotebookNode] = []
        self.limit = self.left = limit
        self.count = count

    def take(self, kind: object, content: object) -> None:
        """Take a message's content; what goes beyond the limit is cut."""
        if self.left < 0:
            return
        made = from_message(kind, content, self.count)
        if made is None:
            return
        size = size_of(made)
        if made.output_type == "stream":
            note = cut_note(self.limit) if size > self.left else ""
            made.text = made.text[: self.left] + note
        elif size > self.left and made.output_type == "error":
            made.evalue, made.traceback = (
                made.evalue[:1000],
                [one[:1000] for one in made.traceback[:10]],
            )
        elif size > self.left:
            made = NotebookNode(output_type="stream", name="stdout", text=cut_note(self.limit))
        self.left -= size
        last = self.outputs[-1] if self.outputs else None
        if last and made.output_type == last.output_type == "stream" and last.name == made.name:
            last.text += made.text
        else:
            self.outputs.append(made)


def size_of(value: object) -> int:
    """Return roughly how many bytes an output has."""
    if isinstance(value, str):
        return len(value)
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 8 + sum(map(size_of, parts))
