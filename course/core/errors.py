"""Errors that a person has to fix, each with file, line and what to do."""

from __future__ import annotations

import errno
import shlex
from pathlib import Path

FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
FULL = {errno.ENOSPC, errno.EDQUOT}


class CourseError(Exception):
    """Something a person has to fix; its text is the whole message, without a traceback."""


class ContentError(CourseError):
    """A mistake in a hand-edited file.

    Parameters
    ----------
    file : str
        The file, relative to the checkout.
    line : int
        The line, counted from 1.
    message : str
        What is wrong and what to do.
    column : int, optional
        The column, counted from 1, where it is known.
    """

    def __init__(self, file: str, line: int, message: str, column: int | None = None) -> None:
        place = f"{file}:{line}" if column is None else f"{file}:{line}:{column}"
        super().__init__(f"{place}: {message}")
        self.file, self.line, self.message = file, line, message


class ContentFaultsError(CourseError):
    """Several mistakes, one line each."""

    def __init__(self, errors: list[ContentError]) -> None:
        super().__init__("\n".join(str(error) for error in errors))
        self.errors = errors


def explained(error: OSError, root: Path) -> str | None:
    """Return what to do about a file that cannot be written; None for any other error.

    Parameters
    ----------
    error : OSError
    root : Path
        The checkout.
    """
    where = f"{error.filename}: " if error.filename else ""
    if error.errno in FORBIDDEN:
        return (
            f"{where}{error.strerror}. If this folder belongs to somebody else, copy it to one of "
            f"your own (as in `cp -r {shlex.quote(str(root))} ~/inside-the-ndarray`), and run the "
            f"command there."
        )
    if error.errno in FULL:
        return f"{where}{error.strerror}. Free some space, then run the command again."
    return None
