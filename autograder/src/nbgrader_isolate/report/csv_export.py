"""Scores as CSV, for `nbgrader-isolate export` and for nbgrader's own `export` (`nbgrader_plugin`).

nbgrader's exporter prints names between commas without quoting them. An id with a comma shifts its
row, and an id that begins with `=` is a formula in a spreadsheet.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from unicodedata import category

from nbgrader_isolate.core.atomic import write_output
from nbgrader_isolate.core.errors import GraderError
from nbgrader_isolate.core.text import INVISIBLE, REPLACEMENT
from nbgrader_isolate.gradebook.accommodations import NOTHING_GRANTED, accommodations
from nbgrader_isolate.gradebook.course import Course
from nbgrader_isolate.gradebook.results import ResultRow, ResultStore, without

if TYPE_CHECKING:
    from nbgrader.api import Assignment, Gradebook, Student, SubmittedAssignment

FORMULA = re.compile(r"[\s'\0]*[=+\-@\t\r＝＋－＠]|'")  # noqa: RUF001 - wide signs
"""Start of a text that a spreadsheet may read as a formula.

A leading quote is included, so that removing one quote always gives the original text. Source:
OWASP, "CSV Injection". The wide signs are read by East Asian spreadsheets.
"""
LATER_FORMULA = re.compile(r"([;,|:])(\s*[=+\-@＝＋－＠])")  # noqa: RUF001 - wide signs
"""What would be a formula if the text were split at a separator."""
COLUMNS = (
    "student", "last_name", "first_name", "email", "lms_user_id", "assignment", "due", "handed_in",
    "status", "score", "max_score", "late_penalty", "extension_hours", "time_factor",
    "excused", "complete", "review_reasons", "notices",
)  # fmt: skip
STATUSES_BY_SEVERITY = ("error", "unreadable", "missing", "partial", "graded")
"""Statuses, worst first: a submission has the status of its worst notebook."""

Line = dict[str, str | float | None]


def score_table(
    course: Course, gradebook: Gradebook, names: Sequence[str] = (), students: Sequence[str] = ()
) -> tuple[list[str], list[Line]]:
    """Return the columns and the lines of the table of scores.

    Parameters
    ----------
    course : Course
    gradebook : nbgrader.api.Gradebook
    names : sequence of str
        Assignments; if empty, all in the gradebook.
    students : sequence of str
        Only these; if empty, all.

    Raises
    ------
    GraderError
        If the gradebook does not have an assignment or a student.
    """
    known = {one.name: one for one in gradebook.assignments}
    people = {one.id: one for one in gradebook.students}
    if unknown := [name for name in names if name not in known]:
        raise GraderError(f"{unknown[0]}: not in the gradebook of {course.root}.")
    lines, notebooks = [], set()
    for name in names or sorted(known):
        notebooks |= {notebook_column(one.name) for one in known[name].notebooks}
        lines += list(assignment_lines(course, known[name], people, students))
    found = {line["student"] for line in lines}
    if missing := [student for student in students if student not in found]:
        raise GraderError(f"{missing[0]}: no such student in the gradebook of {course.root}.")
    return [*COLUMNS, *sorted(notebooks)], lines


def assignment_lines(
    course: Course, assignment: Assignment, people: dict[str, Student], wanted: Sequence[str]
) -> Iterator[Line]:
    """Yield the lines of an assignment by student: all in the gradebook or with a submission."""
    submissions = {one.student_id: one for one in assignment.submissions}
    handed = {one.student for one in course.handed_in(assignment.name)}
    granted = accommodations(course.root, assignment.name)
    store = ResultStore(course.state, assignment.name)
    for student in sorted({*people, *submissions, *handed}):
        if wanted and student not in wanted:
            continue
        line = student_fields(student, people.get(student)) | {"assignment": assignment.name}
        line["max_score"] = float(assignment.max_score)
        line["due"] = utc(assignment.duedate)
        own = granted.get(student, NOTHING_GRANTED)
        line["excused"] = "yes" if own.excused else "no"
        line["time_factor"] = own.time_factor
        if student in submissions:
            line |= score_fields(submissions[student]) | status_fields(store.load(student))
        elif student in handed:
            line |= {"status": "not graded", "complete": "no"}
        else:
            line |= {"status": "not handed in", "score": 0.0, "complete": "yes"}
        if student in handed and (failure := store.failure(student)):
            line |= status_fields([failure]) | {"complete": "no"}
        yield line


def student_fields(student: str, known: Student | None) -> Line:
    """Return the fields that identify a student."""
    names = ("last_name", "first_name", "email", "lms_user_id")
    words = {name: getattr(known, name, None) for name in names}
    return {"student": student, **words}


def score_fields(submission: SubmittedAssignment) -> Line:
    """Return the points of a submission as they are in the gradebook now."""
    penalty = float(submission.late_submission_penalty or 0.0)
    extension = submission.extension
    return {
        "handed_in": utc(submission.timestamp),
        "score": max(0.0, float(submission.score) - penalty),
        "late_penalty": penalty,
        "extension_hours": extension.total_seconds() / 3600 if extension else None,
        "complete": "no" if submission.needs_manual_grade else "yes",
        **{notebook_column(one.name): float(one.score) for one in submission.notebooks},
    }


def utc(when: datetime | None) -> str | None:
    """Return a time in UTC as text; None if it is not known."""
    return f"{when:%Y-%m-%d %H:%M:%S} UTC" if when else None


def status_fields(rows: Sequence[ResultRow]) -> Line:
    """Return the fields from the last run; `graded` if another program graded the submission."""
    status = min((row["status"] for row in rows), key=STATUSES_BY_SEVERITY.index, default="graded")
    reasons = [reason for row in rows for reason in row["review_reasons"]]
    notices = without(reasons, [notice for row in rows for notice in row["notices"]])
    return {
        "status": status,
        "review_reasons": "; ".join(dict.fromkeys(reasons)),
        "notices": "; ".join(notices),
    }


def notebook_column(notebook: str) -> str:
    """Return the name of a notebook's column, which differs from all other columns."""
    return f"notebook {notebook}"


class TeachersText(str):
    """A text that no student has written and that a platform takes back.

    Nothing is put into the middle of it.
    """

    __slots__ = ()


def write_csv(place: str, table: tuple[list[str], list[Line]], encoding: str = "utf-8-sig") -> None:
    """Write a table as CSV, completely or not at all; `-` is standard output.

    Unless another encoding is given, a file begins with a byte-order mark, so that spreadsheets
    read it as UTF-8.

    Raises
    ------
    GraderError
        If the file cannot be written.
    """
    write_output(place, as_csv(*table), "scores", encoding)


def as_csv(columns: Sequence[str], lines: Sequence[Line]) -> str:
    """Return a table as CSV (RFC 4180) with plain numbers and escaped texts."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(map(escape_formula, columns))
    for line in lines:
        writer.writerow([escape_formula(line.get(name)) for name in columns])
    return out.getvalue()


def escape_formula(value: Any) -> str:  # noqa: ANN401 - a text, a number or None
    """Return a value as text that no spreadsheet reads as a formula, and no terminal obeys.

    Some spreadsheets split at other characters than commas. A quote goes before what would be a
    formula then.
    """
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.10g}"
    text = str(value)
    if not isinstance(value, TeachersText):
        text = LATER_FORMULA.sub(r"\1'\2", text)
    text = f"'{text}" if FORMULA.match(text) and text.strip() != "-" else text
    return "".join(REPLACEMENT if is_terminal_code(char) else char for char in text)


def is_terminal_code(char: str) -> bool:
    """Return whether a terminal obeys or hides a character; blanks and line ends stay."""
    return category(char) in INVISIBLE and char not in "\t\r\n\0"
