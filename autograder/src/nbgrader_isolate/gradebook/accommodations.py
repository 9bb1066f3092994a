"""What single students were granted: an extension, or that an assignment does not count for them.

Both are in `accommodations.csv` in the course's folder, which a spreadsheet can edit. nbgrader's
gradebook has a column for an extension and none for an excuse.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from nbgrader_isolate.core.errors import GraderError
from nbgrader_isolate.core.text import printable

FILE = "accommodations.csv"
COLUMNS = ("assignment", "student", "extension_hours", "excused")
YES, NO = {"yes", "y", "true", "x", "1"}, {"no", "n", "false", "0", ""}
MAX_HOURS = 10 * 365 * 24
EXAMPLE = f"its first line is {','.join(COLUMNS)}"


@dataclass(frozen=True)
class Accommodation:
    """What one student was granted for one assignment.

    Parameters
    ----------
    extension : timedelta or None
        Time after the due date; None if the gradebook's own extension counts.
    excused : bool
        Whether the assignment does not count for the student.
    """

    extension: timedelta | None = None
    excused: bool = False


def accommodations(root: Path, assignment: str) -> dict[str, Accommodation]:
    """Return what students were granted for an assignment, by student; a course may have no file.

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
    reader = csv.DictReader(io.StringIO(text))
    missing = {"assignment", "student"} - set(reader.fieldnames or ())
    if missing:
        raise GraderError(f"{path}: has no column {min(missing)}; {EXAMPLE}.")
    granted: dict[str, Accommodation] = {}
    for row in reader:
        name, student = ((row[column] or "").strip() for column in ("assignment", "student"))
        if name == assignment and student:
            where = f"{path}:{reader.line_num}"
            if student in granted:
                raise GraderError(f"{where}: {printable(student)} has two lines for {name}.")
            granted[student] = accommodation(row, where)
    return granted


def accommodation(row: dict[str, str | None], where: str) -> Accommodation:
    """Return one line of the file; `where` is for messages.

    Raises
    ------
    GraderError
        If a value is not what its column holds.
    """
    hours, excused = ((row.get(name) or "").strip() for name in COLUMNS[2:])
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
    return Accommodation(extension, excused.casefold() in YES)
