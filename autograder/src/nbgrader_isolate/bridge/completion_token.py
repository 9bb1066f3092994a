"""Proof that a grade cell ran to its end in the student's own process.

Such a cell shares its process with code that wants it to pass. What is proved is that its statements were run, not
skipped: the last thing the cell does is to write a number, drawn for this run, into a pipe that we read. Code that was
written to deceive can find the number and write it too; therefore points of such cells are marked as unprotected.
"""

from __future__ import annotations

import ast
import os
import secrets


class CompletionToken:
    """One end of a pipe, and the numbers that must come out of it.

    Parameters
    ----------
    number : int
        The pipe's descriptor in the student's process.
    """

    def __init__(self, number: int) -> None:
        self.number = number
        self.read_end, self.write_end = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        self._token = ""

    def add_to(self, source: str) -> str:
        """Return the source of a cell with the proof in it: before its last expression, else at its end."""
        self._read()
        self._token = secrets.token_hex(16)
        write = f"__import__('os').write({self.number}, b'{self._token}')"
        return insert(source, write)

    def arrived(self) -> bool:
        """Tell whether the number that was demanded has come."""
        token, self._token = self._token, ""
        return bool(token) and token.encode() in self._read()

    def _read(self) -> bytes:
        try:
            return os.read(self.read_end, 1 << 16)
        except BlockingIOError:
            return b""

    def close(self) -> None:
        """Close the pipe."""
        os.close(self.read_end)
        os.close(self.write_end)


def insert(source: str, call: str) -> str:
    """Return a source with a call before its last expression, or at its end if that is none or not plain Python."""
    try:
        last = ast.parse(source).body[-1]
    except (SyntaxError, ValueError, IndexError, RecursionError, MemoryError):
        last = ast.Pass()
    if not isinstance(last, ast.Expr):
        return f"{source}\n_ = {call}"
    lines = source.encode().splitlines(keepends=True)
    line = lines[last.lineno - 1]
    start = line[: last.col_offset]
    lines[last.lineno - 1] = start + f"_ = {call}; ".encode() + line[last.col_offset :]
    return b"".join(lines).decode()
