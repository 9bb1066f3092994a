"""What can be wrong with the course's own files, said with file, line and what to do."""

from __future__ import annotations


class CourseError(Exception):
    """Something a person has to mend; its text is the whole message, no traceback is shown."""


class ContentError(CourseError):
    """A fault in a hand-edited text.

    Parameters
    ----------
    file : str
        The file, relative to the checkout.
    line : int
        The line, counted from 1.
    message : str
        What is wrong and what to do.
    """

    def __init__(self, file: str, line: int, message: str) -> None:
        super().__init__(f"{file}:{line}: {message}")
        self.file, self.line, self.message = file, line, message


class ContentFaultsError(CourseError):
    """Several faults, one line each."""

    def __init__(self, errors: list[ContentError]) -> None:
        super().__init__("\n".join(str(error) for error in errors))
        self.errors = errors
