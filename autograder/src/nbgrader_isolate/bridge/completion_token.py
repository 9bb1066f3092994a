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

from nbgrader_isolate.notebook.ipython_syntax import as_python, has_python_below, parse_python


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
    """Return a source with a call before its last expression, or else at its end.

    The source may be one for IPython. Below a magic such as `%%time` the call is part of what the
    magic runs.
    """
    magic, newline, rest = source.partition("\n")
    if newline and parse_python(source) is None and has_python_below(magic):
        return f"{magic}\n{insert(rest, call)}"
    source = as_python(source)
    tree = parse_python(source)
    last = tree.body[-1] if tree and tree.body else None
    if not isinstance(last, ast.Expr):
        return f"{source}\n_ = {call}"
    lines = source.encode().splitlines(keepends=True)
    line = lines[last.lineno - 1]
    start = line[: last.col_offset]
    lines[last.lineno - 1] = start + f"_ = {call}; ".encode() + line[last.col_offset :]
    return b"".join(lines).decode()
