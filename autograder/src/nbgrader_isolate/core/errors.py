"""What the command's exit codes mean, and the one exception that ends a run with a clear line."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of `python -m nbgrader_isolate`."""

    DONE = 0
    """Every submission is graded."""
    INCOMPLETE = 1
    """Some submissions are not graded or cannot be read; all others are recorded."""
    USAGE = 2
    """The command line is wrong."""
    COURSE = 3
    """The course cannot be graded: no such folder, assignment or submission, or it is read-only."""
    GRADEBOOK = 4
    """The gradebook cannot be used: locked, of another version, damaged, or the disk is full."""
    SANDBOX = 5
    """No sandbox holds on this machine, and `--no-sandbox` was not said; or workers do not start."""
    INTERRUPTED = 130
    """Ctrl-C; what was recorded stays."""


class GraderError(Exception):
    """A run that cannot go on; its text is the whole message, no traceback is shown.

    Parameters
    ----------
    message : str
        What is wrong, with which file or value, and what to do.
    code : Exit
    """

    def __init__(self, message: str, code: Exit = Exit.COURSE) -> None:
        super().__init__(message)
        self.code = code
