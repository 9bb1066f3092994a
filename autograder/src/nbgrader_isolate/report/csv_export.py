"""Marks as CSV: for `python -m nbgrader_isolate export`, and for `nbgrader export --exporter=nbgrader_isolate.report.csv_export.MarksExporter`.

nbgrader's own exporter puts names between commas as they are: an id with a comma shifts its row, and one that begins
with `=` is a formula in a spreadsheet.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbgrader.plugins import ExportPlugin

from nbgrader_isolate.core.atomic import write_output
from nbgrader_isolate.core.errors import GraderError
from nbgrader_isolate.gradebook.course import Course
from nbgrader_isolate.gradebook.results import ResultRow, ResultStore, without

if TYPE_CHECKING:
    from nbgrader.api import Assignment, Gradebook, Student, SubmittedAssignment

FORMULA = re.compile(r"[\s'\0]*[=+\-@\t\r＝＋－＠]|'")  # noqa: RUF001 - a spreadsheet takes wide signs too
"""How a text begins that a spreadsheet may take for a formula; or with a quote, so that one quote less gives each text back.

Source: OWASP, CSV Injection. The wide signs are what East Asian spreadsheets take as well.
"""
COLUMNS = (
    "student", "last_name", "first_name", "email", "assignment", "handed_in", "status",
    "score", "max_score", "late_penalty", "complete", "review_reasons", "notices",
)  # fmt: skip
WORST = ("error", "unreadable", "missing", "partial", "graded")
"""Statuses, the gravest first: a submission has that of its worst notebook."""

Line = dict[str, str | float | None]


class MarksExporter(ExportPlugin):  # type: ignore[misc]  # nbgrader has no types
    """Writes one line for each student and assignment; a spreadsheet takes no text in it for a formula.

    Configured as nbgrader's own: `to`, `student`, `assignment`. `to = "-"` is standard output.
    """

    def export(self, gradebook: Gradebook) -> None:
        """Write the marks.

        Raises
        ------
        GraderError
            If the file cannot be written, or an assignment or student is not in the gradebook.
        """
        course = Course(Path(self.parent.coursedir.root))
        names, students = [*map(str, self.assignment)], [*map(str, self.student)]
        write(self.to or "grades.csv", marks(course, gradebook, names, students))


def marks(
    course: Course, gradebook: Gradebook, names: Sequence[str] = (), students: Sequence[str] = ()
) -> tuple[list[str], list[Line]]:
    """Return the columns and the lines of the marks.

    Parameters
    ----------
    course : Course
    gradebook : nbgrader.api.Gradebook
    names : sequence of str
        Assignments; empty: all that the gradebook knows.
    students : sequence of str
        Only these; empty: all.

    Raises
    ------
    GraderError
        If the gradebook knows no such assignment or student.
    """
    known = {one.name: one for one in gradebook.assignments}
    people = {one.id: one for one in gradebook.students}
    if unknown := [name for name in names if name not in known]:
        raise GraderError(f"{unknown[0]}: not in the gradebook of {course.root}.")
    lines, notebooks = [], set()
    for name in names or sorted(known):
        notebooks |= {column(one.name) for one in known[name].notebooks}
        lines += list(lines_of(course, known[name], people, students))
    found = {line["student"] for line in lines}
    if missing := [student for student in students if student not in found]:
        raise GraderError(f"{missing[0]}: no such student in the gradebook of {course.root}.")
    return [*COLUMNS, *sorted(notebooks)], lines


def lines_of(
    course: Course, assignment: Assignment, people: dict[str, Student], wanted: Sequence[str]
) -> Iterator[Line]:
    """Yield the lines of an assignment, by student: all the gradebook knows, and all who handed something in."""
    submissions = {one.student_id: one for one in assignment.submissions}
    handed = {one.student for one in course.handed_in(assignment.name)}
    for student in sorted({*people, *submissions, *handed}):
        if wanted and student not in wanted:
            continue
        line = about(student, people.get(student)) | {"assignment": assignment.name}
        line["max_score"] = float(assignment.max_score)
        if student in submissions:
            rows = ResultStore(course.state, assignment.name).load(student)
            line |= scored(submissions[student]) | said(rows)
        elif student in handed:
            line |= {"status": "not graded", "complete": "no"}
        else:
            line |= {"status": "not handed in", "score": 0.0, "complete": "yes"}
        yield line


def about(student: str, known: Student | None) -> Line:
    """Return who a student is."""
    words = {name: getattr(known, name, None) for name in ("last_name", "first_name", "email")}
    return {"student": student, **words}


def scored(submission: SubmittedAssignment) -> Line:
    """Return the points of a submission, as the gradebook has them now."""
    penalty = float(submission.late_submission_penalty or 0.0)
    when = submission.timestamp
    return {
        "handed_in": f"{when:%Y-%m-%d %H:%M:%S} UTC" if when else None,
        "score": max(0.0, float(submission.score) - penalty),
        "late_penalty": penalty,
        "complete": "no" if submission.needs_manual_grade else "yes",
        **{column(one.name): float(one.score) for one in submission.notebooks},
    }


def said(rows: Sequence[ResultRow]) -> Line:
    """Return what the last run said of a submission; one that another program graded is `graded`."""
    status = min((row["status"] for row in rows), key=WORST.index, default="graded")
    reasons = [reason for row in rows for reason in row["review_reasons"]]
    notices = without(reasons, [notice for row in rows for notice in row["notices"]])
    return {
        "status": status,
        "review_reasons": "; ".join(dict.fromkeys(reasons)),
        "notices": "; ".join(notices),
    }


def column(notebook: str) -> str:
    """Return the name of a notebook's column; no notebook's name is that of another column."""
    return f"notebook {notebook}"


def write(place: str, table: tuple[list[str], list[Line]]) -> None:
    """Write a table as CSV, whole or not at all; `-` is standard output.

    A file begins with a byte-order mark, by which spreadsheets know that it is UTF-8.

    Raises
    ------
    GraderError
        If the file cannot be written.
    """
    write_output(place, as_csv(*table), "marks", "utf-8-sig")


def as_csv(columns: Sequence[str], lines: Sequence[Line]) -> str:
    """Return a table as CSV, by RFC 4180; numbers stay numbers, and texts are harmless."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(map(harmless, columns))
    for line in lines:
        writer.writerow([harmless(line.get(name)) for name in columns])
    return out.getvalue()


def harmless(value: Any) -> str:  # noqa: ANN401 - a text, a number or None
    """Return a value as the text of a cell that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.10g}"
    return f"'{value}" if FORMULA.match(value) else str(value)
