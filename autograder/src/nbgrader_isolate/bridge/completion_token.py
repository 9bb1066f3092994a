"""Show that an in-process test ran to its end.

Such a test shares its process with code that wants it to pass. The token shows that the statements
of the test were executed and not skipped: the last thing the cell does is to write a random token,
drawn for this run, into a pipe that we read. Malicious code can find the token and write it too.
Therefore the points of such tests are marked as unprotected.
"""

from __future__ import annotations

import ast
import os
import secrets


class CompletionToken:
    """A pipe, and the token that must arrive through it.

    Parameters
    ----------
    fd : int
        The descriptor of the pipe's write end in the student's process.
    """

    def __init__(self, fd: int) -> None:
        self.fd = fd
        self.read_end, self.write_end = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        self._token = ""

    def add_to(self, source: str) -> str:
        """Return a cell's source with code that writes a new token when the cell has run."""
        self._read()
        self._token = secrets.token_hex(16)
        write = f"__import__('os').write({self.fd}, b'{self._token}')"
        return insert(source, write)

    def arrived(self) -> bool:
        """Tell whether the token of the last cell has arrived."""
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
    """Return a source with a call before its last expression.

    If the source does not end in an expression, or is not plain Python, the call is at its end.
    """
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
