"""Exit codes, and the exception that ends a command with one clear message."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of `nbgrader-isolate`."""

    DONE = 0
    """Every submission is graded."""
    INCOMPLETE = 1
    """Some submissions could not be graded or read; all others are recorded."""
    USAGE = 2
    """The command line is wrong."""
    COURSE = 3
    """The course cannot be graded: folder, assignment or submission missing, or read-only."""
    GRADEBOOK = 4
    """The gradebook cannot be used: locked, another version, damaged, or the disk is full."""
    SANDBOX = 5
    """This machine cannot grade: no sandbox works, workers do not start, a package is missing."""
    INTERRUPTED = 130
    """Ctrl-C; what was recorded is kept."""
    NO_READER = 141
    """What read the output has ended, as `head` does; other programs have this code, too."""


class GraderError(Exception):
    """A command that cannot continue; users see its message without a traceback.

    Parameters
    ----------
    message : str
        What is wrong, with which file or value, and what to do about it.
    code : Exit
    """

    def __init__(self, message: str, code: Exit = Exit.COURSE) -> None:
        super().__init__(message)
        self.code = code
