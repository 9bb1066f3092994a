"""The one writer: records a graded submission in nbgrader's gradebook, in one transaction.

The rows are the ones that `nbgrader autograde` writes: submission, notebooks, grades, comments,
late penalties. They are written to nbgrader's tables directly, because its methods commit one by
one, and a kill between two commits would leave half a submission. The graded folder follows in one
step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from nbgrader_isolate.core.models import NotebookResult, Result
from nbgrader_isolate.gradebook import staging
from nbgrader_isolate.gradebook.accommodations import NOTHING_GRANTED, accommodations
from nbgrader_isolate.gradebook.course import TIMESTAMP, Course, SubmittedFolder
from nbgrader_isolate.gradebook.database import retry_while_locked
from nbgrader_isolate.gradebook.late_penalties import LatePlugin, late_penalty, late_plugin
from nbgrader_isolate.gradebook.rows import (
    NotebookRows,
    NotRecordedError,
    check_student_name,
    late_seconds,
    notebook_bytes,
    notebook_index,
    permissions,
    rows_of,
    total_points,
)
from nbgrader_isolate.gradebook.timestamps import parse_timestamp
from nbgrader_isolate.gradebook.written_extensions import WrittenExtensions
from nbgrader_isolate.notebook.sanitize import inert

if TYPE_CHECKING:
    from nbgrader.api import Gradebook


class Recorder:
    """Records the graded submissions of one assignment.

    Parameters
    ----------
    course : Course
    gradebook : nbgrader.api.Gradebook
    assignment : str
    files : mapping of str to bytes
        What the instructor released beside the notebooks. Like nbgrader, this copies it to each
        graded folder.
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
        self.indexes = {notebook.name: notebook_index(notebook) for notebook in row.notebooks}
        self.db.rollback()
        self.url = course.directory.db_url
        self.creates = bool(course.config.Autograde.get("create_student", True))
        self.shared = bool(course.directory.groupshared)
        self.mode = int(str(permissions(course, shared=self.shared)), 8)
        self.granted = accommodations(course.root, assignment)
        self.written = WrittenExtensions(course.state, assignment)
        self.plugin: LatePlugin | None = None

    def recorded(self) -> set[str]:
        """Return the students whose submission is in the gradebook."""
        from nbgrader.api import SubmittedAssignment as Table
        from sqlalchemy import select

        query = select(Table.student_id).where(Table.assignment_id == self.id)
        try:
            return set(self.db.execute(query).scalars())
        finally:
            self.db.rollback()

    def record(
        self, submission: SubmittedFolder, result: Result, extra: Mapping[str, bytes]
    ) -> None:
        """Record one submission: stage its folder, write its rows, publish the folder.

        If the run is killed before the rows are committed, nothing has changed. If it is killed
        later, the staged folder makes the next run grade the submission again, with the same
        outcome.

        Parameters
        ----------
        submission : SubmittedFolder
        result : Result
        extra : mapping of str to bytes
            Files beside the notebooks that the course allows a submission to add.

        Raises
        ------
        NotRecordedError
            If this submission cannot be recorded, but others can.
        OSError, sqlalchemy.exc.DatabaseError, GraderError
            If the disk or the gradebook cannot take this submission or any other.
        """
        files = self.folder(submission, result, extra)
        check_student_name(submission.student)
        rows = [self.notebook_rows(notebook) for notebook in result.notebooks]
        if files is not None:
            staging.stage(submission.graded, files, mode=self.mode, shared=self.shared)
        try:
            retry_while_locked(lambda: self.commit(submission, rows), self.url, self.tell)
        except BaseException:
            staging.discard(submission.graded)
            raise
        own = self.granted.get(submission.student, NOTHING_GRANTED)
        self.written.note(submission.student, own.extension)
        if files is not None:
            staging.publish(submission.graded)

    def folder(
        self, submission: SubmittedFolder, result: Result, extra: Mapping[str, bytes]
    ) -> dict[str, bytes] | None:
        """Return the files of the graded folder; None if no notebook could be read."""
        notebooks = {f"{one.name}.ipynb": one.notebook for one in result.notebooks if one.notebook}
        unreadable = any(one.status == "unreadable" for one in result.notebooks)
        if unreadable and not notebooks:
            return None
        timestamp = {TIMESTAMP: submission.timestamp} if submission.timestamp else {}
        return {**extra, **timestamp, **self.files} | {
            name: notebook_bytes(inert(notebook)) for name, notebook in notebooks.items()
        }

    def notebook_rows(self, result: NotebookResult) -> NotebookRows:
        """Return the rows to write for one notebook.

        Raises
        ------
        NotRecordedError
            If the result does not fit the gradebook.
        """
        index = self.indexes.get(result.name)
        if index is None:
            raise NotRecordedError(f"{result.name}: the gradebook has no such notebook")
        return rows_of(result, index)

    def commit(self, submission: SubmittedFolder, rows: list[NotebookRows]) -> None:
        """Write the rows of a submission in one transaction."""
        try:
            self.ensure_student(submission.student)
            row, late = self.write_submission(submission)
            for notebook in rows:
                self.write_notebook(row, notebook, submission.student, late)
            self.db.commit()
        finally:
            self.db.rollback()

    def ensure_student(self, name: str) -> None:
        """Add the student to the gradebook unless it knows them.

        Raises
        ------
        NotRecordedError
            If it does not and the course sets `Autograde.create_student = False`.
        """
        from nbgrader.api import Student
        from sqlalchemy import insert, select

        table = Student.__table__
        if self.db.execute(select(table.c.id).where(table.c.id == name)).first():
            return
        if not self.creates:
            raise NotRecordedError(
                "the gradebook has no such student, and Autograde.create_student is off; "
                "add them with `nbgrader db student add`"
            )
        self.db.execute(insert(table).values(id=name))

    def write_submission(self, submission: SubmittedFolder) -> tuple[str, float]:
        """Write the row of the submission; return its id and how late it is, in s."""
        from nbgrader.api import SubmittedAssignment, new_uuid
        from sqlalchemy import insert, select, update

        try:
            timestamp = parse_timestamp(submission.timestamp, self.course.clock)
        except ValueError:  # the run reports it
            timestamp = None
        table = SubmittedAssignment.__table__
        own = (table.c.assignment_id == self.id, table.c.student_id == submission.student)
        existing = self.db.execute(select(table).where(*own)).first()
        granted = self.granted.get(submission.student, NOTHING_GRANTED).extension
        values: dict[str, Any] = {} if granted is None else {"extension": granted}
        if timestamp is not None:
            values["timestamp"] = timestamp
        if existing is None:
            row = new_uuid()
            keys = {"id": row, "assignment_id": self.id, "student_id": submission.student}
            self.db.execute(insert(table).values(**keys, **values))
            return row, late_seconds(timestamp, self.due, granted)
        extension = existing.extension if granted is None else granted
        if granted is None and self.written.is_ours(submission.student, existing.extension):
            extension = values["extension"] = None  # its line was taken out of the file
        if values:
            self.db.execute(update(table).where(table.c.id == existing.id).values(**values))
        return existing.id, late_seconds(timestamp or existing.timestamp, self.due, extension)

    def write_notebook(
        self, submission: str, rows: NotebookRows, student: str, late: float
    ) -> None:
        """Write the rows of one notebook: itself, its grades, its comments, its penalty."""
        from nbgrader.api import Comment, Grade, SubmittedNotebook, new_uuid
        from sqlalchemy import insert, select, update

        table, grades, comments = (m.__table__ for m in (SubmittedNotebook, Grade, Comment))
        own = (table.c.assignment_id == submission, table.c.notebook_id == rows.index.id)
        existing = self.db.execute(select(table.c.id).where(*own)).first()
        row = existing.id if existing else new_uuid()
        if not existing:
            values = {"id": row, "assignment_id": submission, "notebook_id": rows.index.id}
            self.db.execute(insert(table).values(**values))
        old_grades = self.rows_by_cell(grades, row) if existing else {}
        for cell, grade in rows.grades.items():
            old = old_grades.get(cell)
            manual = grade.needs_manual_grade or (old is not None and old.manual_score is not None)
            values = {"auto_score": grade.score, "needs_manual_grade": manual}
            self.upsert(grades, old, {"cell_id": cell, "notebook_id": row}, values)
        old_comments = self.rows_by_cell(comments, row) if existing else {}
        for cell in rows.index.commented.values():
            keys = {"cell_id": cell, "notebook_id": row}
            if cell in rows.comments or cell not in old_comments:
                values = {"auto_comment": rows.comments.get(cell)}
                self.upsert(comments, old_comments.get(cell), keys, values)
        score = sum(
            total_points(old_grades.get(cell), grade.score) for cell, grade in rows.grades.items()
        )
        penalty = self.penalty_of(student, score, late) if late > 0 else None
        if existing or penalty is not None:
            values = {"late_submission_penalty": penalty}
            self.db.execute(update(table).where(table.c.id == row).values(**values))

    def rows_by_cell(self, table: Any, notebook: str) -> dict[str, Any]:  # noqa: ANN401 - untyped in nbgrader
        """Return the rows of a notebook in a table, by cell."""
        from sqlalchemy import select

        rows = self.db.execute(select(table).where(table.c.notebook_id == notebook))
        return {row.cell_id: row for row in rows}

    def upsert(self, table: Any, old: Any, keys: dict[str, str], values: dict[str, Any]) -> None:  # noqa: ANN401
        """Insert a row, or update the old one."""
        from nbgrader.api import new_uuid
        from sqlalchemy import insert, update

        if old is None:
            self.db.execute(insert(table).values(id=new_uuid(), **keys, **values))
        else:
            self.db.execute(update(table).where(table.c.id == old.id).values(**values))

    def penalty_of(self, student: str, score: float, late: float) -> float | None:
        """Return the late penalty of the course's plugin, limited to 0 … score."""
        if self.plugin is None:
            self.plugin = late_plugin(self.course.config)
        return late_penalty(self.plugin, student, score, late)
