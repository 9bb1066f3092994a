"""How much of what a kernel prints is kept, and what no honest kernel sends. Pure logic, for the client."""

from __future__ import annotations

from typing import Any

Message = dict[str, Any]

HARD_FACTOR = 8
"""Output beyond this many times `Limits.output_bytes` ends the kernel."""

_SMALL_BYTES = 1 << 16
_QUIET = frozenset({"status", "execute_input", "iopub_welcome", "clear_output"})


class Excess(Exception):  # noqa: N818 (not an error of ours)
    """A kernel sent what no honest one does; the text says what."""


class Meter:
    """Counts the output of one cell, lets through what fits, cuts what does not.

    Parameters
    ----------
    limit : int
        Bytes that are kept.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.seen = 0
        self._cut = False

    def restart(self) -> None:
        """Begin a new cell."""
        self.seen = 0
        self._cut = False

    def take(self, message: Message, size: int) -> Message | None:
        """Return the message, or what is left of it, or None.

        Parameters
        ----------
        message : dict
        size : int
            In bytes, as it came.

        Raises
        ------
        Excess
            When the cell has sent `HARD_FACTOR` times what is kept.
        """
        self.seen += size
        if self.seen > HARD_FACTOR * self.limit:
            raise Excess(f"output limit {HARD_FACTOR * self.limit} bytes")
        kind = message["msg_type"]
        if self.seen <= self.limit or (kind in _QUIET and size <= _SMALL_BYTES):
            return message
        if kind == "error":
            return _shortened(message)
        if self._cut:
            return None
        self._cut = True
        return _cut(message, max(0, self.limit - (self.seen - size)), self.limit)


def _cut(message: Message, room: int, limit: int) -> Message:
    text = ""
    if message["msg_type"] == "stream":
        text = str(message["content"].get("text", ""))
        text = text.encode(errors="replace")[:room].decode(errors="ignore")
    note = f"\n[The output of this cell is cut here: it is longer than {limit} bytes.]\n"
    header = message["header"] | {"msg_type": "stream"}
    content = {"name": "stdout", "text": text + note}
    return message | {"msg_type": "stream", "header": header, "content": content}


def _shortened(message: Message) -> Message:
    content = message["content"]
    lines, room = [], _SMALL_BYTES
    for line in map(str, content.get("traceback") or []):
        lines.append(line[:room])
        room -= len(lines[-1])
        if room <= 0:
            break
    short = {
        "ename": str(content.get("ename"))[:200],
        "evalue": str(content.get("evalue"))[:10_000],
        "traceback": lines,
    }
    return message | {"content": short}


def too_deep(value: object, limit: int) -> bool:
    """Return whether lists and dicts are nested more than `limit` deep."""
    level = [value]
    for _ in range(limit + 1):
        inner: list[object] = []
        for item in level:
            if isinstance(item, dict):
                inner.extend(item.values())
            elif isinstance(item, list):
                inner.extend(item)
        if not inner:
            return False
        level = inner
    return True
