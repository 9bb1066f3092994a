"""Read the grades of a whole assignment from the gradebook, in two queries for any class size."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from nbgrader_isolate.core.errors import GraderError
from nbgrader_isolate.gradebook.rows import late_seconds, total_points

if TYPE_CHECKING:
    from nbgrader.api import Gradebook


@dataclass(frozen=True)
class Grade:
    """The points of one cell of one submission.

    Parameters
    ----------
    student, notebook, cell : str
        `cell` is the grade_id.
    score : float or None
        Points, with extra credit; None if nobody has graded the cell yet.
    max_score : float
    waiting : bool
        Whether the gradebook asks for a person.
    page : str
        Id of the submitted notebook, by which the formgrader finds it.
    manual : float or None
        Points that a person gave in place of the test's.
    extra : float
        Extra credit.
    """

    student: str
    notebook: str
    cell: str
    score: float | None
    max_score: float
    waiting: bool
    page: str
    manual: float | None = None
    extra: float = 0.0


@dataclass(frozen=True)
class Submission:
    """One submission of an assignment as the gradebook has it.

    Parameters
    ----------
    student, name : str
        The id; first and last name, or "".
    timestamp : datetime or None
        When it was submitted, in UTC.
    extension : timedelta
    late : float
        How late it is after the extension, in s; 0 if the time or the due date is unknown.
    penalty : float
        Points that are taken off for lateness.
    """

    student: str
    name: str
    timestamp: datetime | None
    extension: timedelta
    late: float
    penalty: float


def grades_of(gradebook: Gradebook, assignment: str) -> list[Grade]:
    """Return the points of all cells of all submissions, ordered by student and notebook.

    Raises
    ------
    GraderError
        If the gradebook does not know the assignment.
    """
    from nbgrader import api
    from sqlalchemy import func, select

    check_assignment(gradebook, assignment)
    cell, graded, task, points, page, notebook, submission, one = (
        model.__table__
        for model in (
            api.BaseCell, api.GradeCell, api.TaskCell, api.Grade,
            api.SubmittedNotebook, api.Notebook, api.SubmittedAssignment, api.Assignment,
        )
    )  # fmt: skip
    query = (
        select(
            submission.c.student_id,
            notebook.c.name.label("notebook"),
            cell.c.name.label("cell"),
            points.c.auto_score,
            points.c.manual_score,
            points.c.extra_credit,
            points.c.needs_manual_grade,
            func.coalesce(graded.c.max_score, task.c.max_score, 0.0).label("max_score"),
            page.c.id.label("page"),
        )
        .select_from(points)
        .join(page, page.c.id == points.c.notebook_id)
        .join(submission, submission.c.id == page.c.assignment_id)
        .join(one, one.c.id == submission.c.assignment_id)
        .join(notebook, notebook.c.id == page.c.notebook_id)
        .join(cell, cell.c.id == points.c.cell_id)
        .outerjoin(graded, graded.c.id == cell.c.id)
        .outerjoin(task, task.c.id == cell.c.id)
        .where(one.c.name == assignment)
        .order_by(submission.c.student_id, notebook.c.name, cell.c.name)
    )
    return [
        Grade(
            row.student_id,
            row.notebook,
            row.cell,
            None
            if row.auto_score is None and row.manual_score is None
            else total_points(row, row.auto_score),
            float(row.max_score),
            bool(row.needs_manual_grade),
            row.page,
            row.manual_score,
            float(row.extra_credit or 0.0),
        )
        for row in gradebook.db.execute(query)
    ]


def submissions_of(gradebook: Gradebook, assignment: str) -> list[Submission]:
    """Return the submissions of an assignment, in the order of student ids.

    Raises
    ------
    GraderError
        If the gradebook does not know the assignment.
    """
    from nbgrader import api
    from sqlalchemy import select

    due = check_assignment(gradebook, assignment)
    submission, one, page, student = (
        model.__table__
        for model in (api.SubmittedAssignment, api.Assignment, api.SubmittedNotebook, api.Student)
    )
    penalties: dict[str, float] = defaultdict(float)
    query = select(page.c.assignment_id, page.c.late_submission_penalty)
    for row in gradebook.db.execute(query.where(page.c.late_submission_penalty.is_not(None))):
        penalties[row.assignment_id] += row.late_submission_penalty
    names = (student.c.first_name, student.c.last_name)
    found = gradebook.db.execute(
        select(submission, *names)
        .join(one, one.c.id == submission.c.assignment_id)
        .join(student, student.c.id == submission.c.student_id)
        .where(one.c.name == assignment)
        .order_by(submission.c.student_id)
    )
    return [
        Submission(
            row.student_id,
            " ".join(filter(None, (row.first_name, row.last_name))),
            row.timestamp,
            row.extension or timedelta(),
            late_seconds(row.timestamp, due, row.extension),
            penalties[row.id],
        )
        for row in found
    ]


def check_assignment(gradebook: Gradebook, assignment: str) -> datetime | None:
    """Return the due date of an assignment.

    Raises
    ------
    GraderError
        If the gradebook does not know it.
    """
    from nbgrader.api import MissingEntry

    try:
        due: datetime | None = gradebook.find_assignment(assignment).duedate
    except MissingEntry as error:
        raise GraderError(
            f"{assignment}: not in the gradebook; `nbgrader-isolate grade {assignment}` registers "
            "and grades it."
        ) from error
    return due
