"""What single students were granted: an extension, more time for their code, or an excuse.

All of this is in `accommodations.csv` in the course's folder, which a spreadsheet can edit.
nbgrader's gradebook has a column for an extension and none for the rest.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from nbgrader_isolate.core.errors import GraderError
from nbgrader_isolate.core.limits import MAX_TIME_FACTOR
from nbgrader_isolate.core.text import join_names, printable
from nbgrader_isolate.gradebook.roster_file import table_lines

FILE = "accommodations.csv"
COLUMNS = ("assignment", "student", "extension_hours", "excused", "time_factor")
EVERY = "*"
"""In the column `assignment`: every assignment; a line for one of them has priority."""
YES, NO = {"yes", "y", "true", "x", "1"}, {"no", "n", "false", "0", ""}
MAX_HOURS = 10 * 365 * 24
EXAMPLE = f"its first line is {','.join(COLUMNS)}"

Line = dict[str, str]
"""One line of the file: what is not empty, by column."""


@dataclass(frozen=True)
class Accommodation:
    """What one student was granted for one assignment.

    Parameters
    ----------
    extension : timedelta or None
        Time after the due date; None if the gradebook's own extension counts.
    excused : bool
        Whether the assignment does not count for the student.
    time_factor : float
        How many times as long as usual the student's code may run.
    """

    extension: timedelta | None = None
    excused: bool = False
    time_factor: float = 1.0


NOTHING_GRANTED = Accommodation()


def accommodations(root: Path, assignment: str) -> dict[str, Accommodation]:
    """Return what students were granted for an assignment, by student; a course may have no file.

    A value in a student's line for the assignment replaces the one for every assignment.

    Parameters
    ----------
    root : Path
        The course's folder.
    assignment : str

    Raises
    ------
    GraderError
        If the file cannot be read, or a line of it cannot be understood; the message has the line.
    """
    path = root / FILE
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is not UTF-8 text"
        raise GraderError(f"{path}: {reason}; {EXAMPLE}.") from error
    first, *rows = table_lines(text, path) or [[]]
    columns = columns_of(first, path)
    lines: dict[str, dict[str, Line]] = {EVERY: {}, assignment: {}}
    for number, row in enumerate(rows, 2):
        where = f"{path}:{number}"
        if any(field.strip() for field in row[len(columns) :]):
            raise GraderError(
                f"{where}: has more fields than the first line; write 1.5, not 1,5, and quotes "
                "around a text with commas."
            )
        named = dict(zip(columns, [*row, *[""] * len(columns)], strict=False))
        fields = {name: named.get(name, "").strip() for name in COLUMNS}
        if any("\n" in field for field in fields.values()):
            raise GraderError(f"{where}: a field has a line end in it; is a quote not closed?")
        name, student = fields["assignment"], fields["student"]
        if student and name not in lines and name.casefold() == assignment.casefold():
            raise GraderError(
                f"{where}: {printable(name)} is not the name of an assignment; write {assignment}."
            )
        if name in lines and student:
            if student in lines[name]:
                raise GraderError(f"{where}: {printable(student)} has two lines for {name}.")
            accommodation(fields, where)
            lines[name][student] = {key: value for key, value in fields.items() if value}
    every, own = lines[EVERY], lines[assignment]
    return {
        student: accommodation({**every.get(student, {}), **own.get(student, {})})
        for student in {**every, **own}
    }


def unknown_assignments(root: Path, assignments: Collection[str]) -> list[str]:
    """Return one line about the assignments in the file that a course does not have, if any.

    Parameters
    ----------
    root : Path
        The course's folder.
    assignments : collection of str
        The assignments of the course.
    """
    try:
        first, *rows = table_lines((root / FILE).read_text("utf-8-sig"), root / FILE)
        column = columns_of(first, root / FILE).index("assignment")
    except (OSError, ValueError):
        return []
    named = {row[column].strip() for row in rows if len(row) > column}
    unknown = sorted(named - {"", EVERY, *assignments})
    if not unknown:
        return []
    return [f"In {FILE}, but not an assignment of this course: {join_names(unknown)}."]


def columns_of(first: list[str], path: Path) -> list[str]:
    """Return the names of the columns, in lower case and without spaces around them.

    Raises
    ------
    GraderError
        If one is missing or there twice, nothing could be granted, or one is misspelled.
    """
    columns = [name.strip().casefold() for name in first]
    doubled: Collection[str] = {name for name in columns if name and columns.count(name) > 1}
    if missing := {"assignment", "student"} - set(columns):
        raise GraderError(f"{path}: has no column {min(missing)}; {EXAMPLE}.")
    if doubled:
        raise GraderError(f"{path}: has two columns {printable(min(doubled))}; {EXAMPLE}.")
    for name in sorted(set(columns) - set(COLUMNS)):
        if similar := difflib.get_close_matches(name.replace(" ", "_"), COLUMNS, 1, 0.8):
            raise GraderError(f"{path}: has a column {printable(name)}; write {similar[0]}.")
    if not set(columns) & set(COLUMNS[2:]):
        raise GraderError(f"{path}: has none of {join_names(COLUMNS[2:])}; {EXAMPLE}.")
    return columns


def accommodation(line: Line, where: str = FILE) -> Accommodation:
    """Return what a line of the file grants; `where` is for messages.

    Raises
    ------
    GraderError
        If a value is not what its column holds.
    """
    hours, excused, factor = (line.get(name, "") for name in COLUMNS[2:])
    if excused.casefold() not in YES | NO:
        raise GraderError(
            f"{where}: excused is {printable(excused)!r}; write yes, or leave it empty."
        )
    try:
        extension = timedelta(hours=float(hours)) if hours else None
    except (ValueError, OverflowError):
        extension = timedelta(hours=-1)
    if extension is not None and not timedelta() <= extension <= timedelta(hours=MAX_HOURS):
        raise GraderError(
            f"{where}: extension_hours is {printable(hours)!r}; write a number of hours, such as "
            "48."
        )
    return Accommodation(extension, excused.casefold() in YES, time_factor(factor, where))


def time_factor(text: str, where: str) -> float:
    """Return how many times as long as usual code may run; an empty string is the usual time.

    Raises
    ------
    GraderError
        If it is not a number, or one that is too small or too large.
    """
    try:
        factor = float(text or 1)
    except ValueError:
        factor = 0.0
    if not 1 <= factor <= MAX_TIME_FACTOR:
        raise GraderError(
            f"{where}: time_factor is {printable(text)!r}; write a number from 1 to "
            f"{MAX_TIME_FACTOR:g}, such as 1.5, or leave it empty."
        )
    return factor
