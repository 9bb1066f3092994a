"""One writer: a graded submission goes into nbgrader's gradebook in one transaction, and its folder into its place.

The rows are those that nbgrader's own `autograde` leaves: submission, notebooks, grades, comments, late penalties.
They are written with its tables directly, for its methods commit one by one: a kill between them would leave half
a submission.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from nbgrader_isolate.core.models import NotebookResult, Result
from nbgrader_isolate.gradebook import staging
from nbgrader_isolate.gradebook.course import TIMESTAMP, Course, Submission, moment
from nbgrader_isolate.gradebook.database import patiently
from nbgrader_isolate.gradebook.rows import (
    NotebookRows,
    NotRecordedError,
    blueprint,
    check_name,
    late_seconds,
    permissions,
    points,
    rows_of,
    written,
)
from nbgrader_isolate.notebook.sanitize import inert

if TYPE_CHECKING:
    from nbgrader.api import Gradebook


class Recorder:
    """Writes graded submissions of one assignment.

    Parameters
    ----------
    course : Course
    gradebook : nbgrader.api.Gradebook
    assignment : str
    files : mapping of str to bytes
        What the instructor gave out beside the notebooks; it is laid into each graded folder, as nbgrader does.
    tell : callable
        Takes a line for the person who waits.
    """

    def __init__(
        self,
        course: Course,
        gradebook: Gradebook,
        assignment: str,
        files: Mapping[str, bytes],
        tell: Callable[[str], None],
    ) -> None:
        self.course, self.gradebook, self.db = course, gradebook, gradebook.db
        self.files, self.tell = files, tell
        row = gradebook.find_assignment(assignment)
        self.id, self.due = row.id, row.duedate
        self.blueprints = {notebook.name: blueprint(notebook) for notebook in row.notebooks}
        self.db.rollback()
        self.url = course.directory.db_url
        self.creates = bool(course.config.Autograde.get("create_student", True))
        self.shared = bool(course.directory.groupshared)
        self.mode = int(str(permissions(course, shared=self.shared)), 8)
        self.penalty: Callable[[str, float, float], float | None] | None = None

    def recorded(self) -> set[str]:
        """Return the students of whom the gradebook has a submission."""
        from nbgrader.api import SubmittedAssignment as Table
        from sqlalchemy import select

        query = select(Table.student_id).where(Table.assignment_id == self.id)
        try:
            return set(self.db.execute(query).scalars())
        finally:
            self.db.rollback()

    def record(self, submission: Submission, result: Result, extra: Mapping[str, bytes]) -> None:
        """Record one submission: stage its folder, write its rows, bring the folder to its place.

        Killed before the rows are committed, nothing has changed; after it, the staged folder tells the next
        run to grade it again, which writes the same.

        Parameters
        ----------
        submission : Submission
        result : Result
        extra : mapping of str to bytes
            Files beside the notebooks that the course lets a submission add.

        Raises
        ------
        NotRecordedError
            If it cannot be recorded, and others can.
        OSError, sqlalchemy.exc.DatabaseError, GraderError
            If the disk or the gradebook cannot take it, or any other.
        """
        files = self.folder(submission, result, extra)
        check_name(submission.student)
        rows = [self.notebook(one) for one in result.notebooks]
        if files is not None:
            staging.stage(submission.graded, files, mode=self.mode, shared=self.shared)
        try:
            patiently(lambda: self.commit(submission, rows), self.url, self.tell)
        except BaseException:
            staging.drop(submission.graded)
            raise
        if files is not None:
            staging.place(submission.graded)

    def folder(
        self, submission: Submission, result: Result, extra: Mapping[str, bytes]
    ) -> dict[str, bytes] | None:
        """Return the files of the graded folder; None if no notebook could be read."""
        notebooks = {f"{one.name}.ipynb": one.notebook for one in result.notebooks if one.notebook}
        unread = any(one.status == "unreadable" for one in result.notebooks)
        if unread and not notebooks:
            return None
        stamp = {TIMESTAMP: submission.stamp} if submission.stamp else {}
        return {**extra, **stamp, **self.files} | {
            name: written(inert(notebook)) for name, notebook in notebooks.items()
        }

    def notebook(self, one: NotebookResult) -> NotebookRows:
        """Return what is written of one notebook.

        Raises
        ------
        NotRecordedError
            If the result does not fit the gradebook.
        """
        plan = self.blueprints.get(one.name)
        if plan is None:
            raise NotRecordedError(f"{one.name}: the gradebook has no such notebook")
        return rows_of(one, plan)

    def commit(self, submission: Submission, rows: list[NotebookRows]) -> None:
        """Write the rows of a submission in one transaction."""
        try:
            self.student(submission.student)
            row, late = self.submitted(submission)
            for one in rows:
                self.write(row, one, submission.student, late)
            self.db.commit()
        finally:
            self.db.rollback()

    def student(self, name: str) -> None:
        """Make sure that the gradebook knows the student.

        Raises
        ------
        NotRecordedError
            If it does not and the course says `Autograde.create_student = False`.
        """
        from nbgrader.api import Student
        from sqlalchemy import insert, select

        table = Student.__table__
        if self.db.execute(select(table.c.id).where(table.c.id == name)).first():
            return
        if not self.creates:
            raise NotRecordedError(
                "the gradebook knows no such student, and Autograde.create_student is off; "
                "add them with `nbgrader db student add`"
            )
        self.db.execute(insert(table).values(id=name))

    def submitted(self, submission: Submission) -> tuple[str, float]:
        """Write the row of the submission; return its id and how late it is, in s."""
        from nbgrader.api import SubmittedAssignment, new_uuid
        from sqlalchemy import insert, select, update

        try:
            when = moment(submission.stamp)
        except ValueError:  # the run says so
            when = None
        table = SubmittedAssignment.__table__
        theirs = (table.c.assignment_id == self.id, table.c.student_id == submission.student)
        found = self.db.execute(select(table).where(*theirs)).first()
        if found is None:
            row = new_uuid()
            values = {"assignment_id": self.id, "student_id": submission.student}
            self.db.execute(insert(table).values(id=row, timestamp=when, **values))
            return row, late_seconds(when, self.due, None)
        if when is not None:
            self.db.execute(update(table).where(table.c.id == found.id).values(timestamp=when))
        return found.id, late_seconds(when or found.timestamp, self.due, found.extension)

    def write(self, submission: str, one: NotebookRows, student: str, late: float) -> None:
        """Write the rows of one notebook: itself, its grades, its comments, its penalty."""
        from nbgrader.api import Comment, Grade, SubmittedNotebook, new_uuid
        from sqlalchemy import insert, select, update

        table, grades, comments = (m.__table__ for m in (SubmittedNotebook, Grade, Comment))
        theirs = (table.c.assignment_id == submission, table.c.notebook_id == one.plan.id)
        found = self.db.execute(select(table.c.id).where(*theirs)).first()
        row = found.id if found else new_uuid()
        if not found:
            values = {"id": row, "assignment_id": submission, "notebook_id": one.plan.id}
            self.db.execute(insert(table).values(**values))
        old = self.there(grades, row) if found else {}
        for cell, mark in one.marks.items():
            was = old.get(cell)
            look = mark.look or (was is not None and was.manual_score is not None)
            put = {"auto_score": mark.score, "needs_manual_grade": look}
            self.put(grades, was, {"cell_id": cell, "notebook_id": row}, put)
        said = self.there(comments, row) if found else {}
        for cell in one.plan.answered.values():
            keys = {"cell_id": cell, "notebook_id": row}
            if cell in one.comments or cell not in said:
                self.put(comments, said.get(cell), keys, {"auto_comment": one.comments.get(cell)})
        score = sum(points(old.get(cell), mark.score) for cell, mark in one.marks.items())
        penalty = self.penalty_of(student, score, late) if late > 0 else None
        if found or penalty is not None:
            values = {"late_submission_penalty": penalty}
            self.db.execute(update(table).where(table.c.id == row).values(**values))

    def there(self, table: Any, notebook: str) -> dict[str, Any]:  # noqa: ANN401 - untyped in nbgrader
        """Return the rows of a notebook in a table, by cell."""
        from sqlalchemy import select

        rows = self.db.execute(select(table).where(table.c.notebook_id == notebook))
        return {row.cell_id: row for row in rows}

    def put(self, table: Any, was: Any, keys: dict[str, str], values: dict[str, Any]) -> None:  # noqa: ANN401
        """Insert a row, or update the one that was there."""
        from nbgrader.api import new_uuid
        from sqlalchemy import insert, update

        if was is None:
            self.db.execute(insert(table).values(id=new_uuid(), **keys, **values))
        else:
            self.db.execute(update(table).where(table.c.id == was.id).values(**values))

    def penalty_of(self, student: str, score: float, late: float) -> float | None:
        """Return the penalty that the course's plugin gives, within 0 and the score."""
        if self.penalty is None:
            from nbgrader.preprocessors import AssignLatePenalties

            holder = AssignLatePenalties(config=self.course.config)
            holder.init_plugin()
            self.penalty = holder.plugin_inst.late_submission_penalty
        given = self.penalty(student, score, late)
        return None if given is None else min(max(given, 0.0), score)
