"""Scores in the files that Canvas and Moodle import, filled into the tables that they export.

Both platforms recognize students by the columns of their own table. So their table is the roster:
its columns for ids are kept as they are, and only the scores are written.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nbgrader_isolate.core.errors import Exit, GraderError
from nbgrader_isolate.core.text import printable
from nbgrader_isolate.gradebook.roster import Student
from nbgrader_isolate.gradebook.roster_file import RosterFile
from nbgrader_isolate.report.csv_export import Line, TeachersText

CANVAS_IDS = (
    "Student", "ID", "SIS User ID", "SIS Login ID", "Integration ID", "Root Account", "Section",
)  # fmt: skip
CANVAS_POINTS = "Points Possible"
"""Canvas' row of maxima has this and no ids. A student may have this name, too, but has an ID."""
CANVAS_EXCUSED = "EX"
MOODLE_GRADE, MOODLE_MAX, MOODLE_COMMENTS = "Grade", "Maximum grade", "Feedback comments"
PLATFORMS = ("canvas", "moodle")


@dataclass
class PlatformGrades:
    """A table to import, and what a person should know about it.

    Parameters
    ----------
    columns : list of str
    lines : list of Line
    written : int
        Students with a score.
    empty : dict of str to str
        Students of the table whose score stays empty, and why.
    strangers : list of str
        Names in the platform's table that match no student of the course.
    missing : list of str
        Ids of students with a score who are not in the platform's table.
    doubled : list of str
        Ids of students for whom the table has several rows; none of these has a score.
    other_maximum : float or None
        The platform's maximum, if scores are written although the assignment has another one.
    """

    columns: list[str]
    lines: list[Line] = field(default_factory=list)
    written: int = 0
    empty: dict[str, str] = field(default_factory=dict)
    strangers: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    other_maximum: float | None = None


def canvas_column(assignment: str, roster: RosterFile, column: str | None) -> str:
    """Return the column of an assignment in Canvas' table: `ps1 (1234)`, with Canvas' number.

    Raises
    ------
    GraderError
        If a column that was named does not exist, or several could be meant.
    """
    if column:
        if column not in roster.columns:
            raise GraderError(
                f"{roster.path}: has no column {printable(column)!r}; Canvas exports it once the "
                "assignment exists there.",
                Exit.USAGE,
            )
        return column
    shape = re.compile(rf"{re.escape(assignment)} \(\d+\)")
    found = [name for name in roster.columns if name == assignment or shape.fullmatch(name)]
    if len(found) > 1:
        raise GraderError(
            f"{roster.path}: the columns {printable(', '.join(found))} could all be {assignment}; "
            "say which with --column.",
            Exit.USAGE,
        )
    return found[0] if found else assignment


def canvas_grades(
    assignment: str,
    roster: RosterFile,
    students: Sequence[Student],
    scores: Mapping[str, Line],
    column: str | None,
) -> PlatformGrades:
    """Return the table that Canvas imports under Grades.

    Parameters
    ----------
    assignment : str
    roster : RosterFile
        The grades that Canvas exports.
    students : sequence of Student
    scores : mapping of str to Line
        Lines of `score_table`, by student.
    column : str or None
        The column of the assignment, if it does not have its name.

    Raises
    ------
    GraderError
        If the table is not one of Canvas.
    """
    if not {"Student", "ID"} <= set(roster.columns):
        raise GraderError(
            f"{roster.path}: is not a table of Canvas, which has the columns Student and ID; "
            "export it in Canvas under Grades.",
            Exit.USAGE,
        )
    target = canvas_column(assignment, roster, column)
    ids = [name for name in CANVAS_IDS if name in roster.columns]
    grades = PlatformGrades([*ids, target])
    maximum = max((float(line["max_score"] or 0.0) for line in scores.values()), default=0.0)
    for row, student in students_by_row(roster, students, grades):
        line: Line = {name: row[name] for name in ids}
        if row["Student"].strip() == CANVAS_POINTS and not any(row[name] for name in ids[1:]):
            grades.lines.append(line | {target: maximum})
            theirs = number_in(row.get(target, ""))
            grades.other_maximum = theirs if theirs != maximum else None
        elif row["ID"]:
            value = score_for(row, student, scores, grades)
            if value is not None:
                grades.lines.append(line | {target: value})
    return grades


def moodle_grades(
    roster: RosterFile,
    students: Sequence[Student],
    scores: Mapping[str, Line],
    *,
    scale: bool,
) -> PlatformGrades:
    """Return Moodle's grading worksheet with the grades filled in.

    Parameters
    ----------
    roster : RosterFile
        The grading worksheet that Moodle exports for the assignment.
    students : sequence of Student
    scores : mapping of str to Line
        Lines of `score_table`, by student.
    scale : bool
        Whether to convert points to Moodle's maximum, if it is another.

    Raises
    ------
    GraderError
        If the table is not a grading worksheet, or Moodle's maximum is another one.
    """
    if not {"Identifier", MOODLE_GRADE} <= set(roster.columns):
        raise GraderError(
            f"{roster.path}: is not a grading worksheet of Moodle, which has the columns "
            "Identifier and Grade; in the assignment, choose Download grading worksheet.",
            Exit.USAGE,
        )
    grades = PlatformGrades([*roster.columns])
    for row, student in students_by_row(roster, students, grades):
        value = score_for(row, student, scores, grades)
        line: Line = {name: row[name] for name in roster.columns}
        if MOODLE_COMMENTS in line:
            line[MOODLE_COMMENTS] = TeachersText(row[MOODLE_COMMENTS])
        if isinstance(value, float):
            factor = moodle_factor(row, float(scores[student]["max_score"] or 0.0), roster, scale)
            line[MOODLE_GRADE] = value * factor
        elif student in grades.empty:
            line[MOODLE_GRADE] = ""  # an earlier grade would be imported again
        grades.lines.append(line)
    return grades


def moodle_factor(
    row: Mapping[str, str],
    maximum: float,
    roster: RosterFile,
    scale: bool,  # noqa: FBT001
) -> float:
    """Return by what to multiply points so that all of them are Moodle's maximum.

    Raises
    ------
    GraderError
        If the maximum is another one, and `scale` is false.
    """
    theirs = number_in(row.get(MOODLE_MAX, ""))
    if theirs is None or theirs == maximum or not maximum:
        return 1.0
    if not scale:
        raise GraderError(
            f"{roster.path}: Moodle's maximum grade is {theirs:g}, and the assignment has "
            f"{maximum:g} points: change it in Moodle, or use --scale to convert the points.",
            Exit.USAGE,
        )
    return theirs / maximum


def number_in(text: str) -> float | None:
    """Return a number with a decimal point or comma; None if a text is not one."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def students_by_row(
    roster: RosterFile, students: Sequence[Student], grades: PlatformGrades
) -> list[tuple[dict[str, str], str]]:
    """Return each row with the id of its student, "" if it is uncertain; note who has several."""
    found = [ids[0] if len(ids) == 1 else "" for ids in roster.assign(students)]
    counts = Counter(found)
    grades.doubled = sorted(student for student in counts if student and counts[student] > 1)
    return list(zip(roster.rows, found, strict=True))


def score_for(
    row: Mapping[str, str], student: str, scores: Mapping[str, Line], grades: PlatformGrades
) -> float | str | None:
    """Return the score of a row of the platform's table, "EX" if excused, or None; note why."""
    if student in grades.doubled:
        return None
    if student not in scores:
        grades.strangers.append(next((value for value in row.values() if value), ""))
        return None
    line = scores[student]
    if line["excused"] == "yes":
        grades.empty[student] = "excused"
        return CANVAS_EXCUSED
    score = line["score"]
    if not isinstance(score, float) or line["complete"] == "no":
        grades.empty[student] = str(line["status"]) if score is None else "not complete"
        return None
    grades.written += 1
    return score


def absent(grades: PlatformGrades, roster: RosterFile, students: Sequence[Student]) -> list[str]:
    """Return the ids of students who have no line in the platform's table."""
    there = {student for ids in roster.assign(students) for student in ids}
    grades.missing = sorted(one.id for one in students if one.id not in there)
    return grades.missing
