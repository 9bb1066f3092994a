"""Grade everything again and keep the results apart, until somebody decides to record them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from nbgrader_isolate.core.models import Result, Task
from nbgrader_isolate.core.serialization import from_json, to_json
from nbgrader_isolate.core.text import printable
from nbgrader_isolate.gradebook.database import database_error, open_gradebook
from nbgrader_isolate.gradebook.recorder import Recorder
from nbgrader_isolate.gradebook.results import ResultStore
from nbgrader_isolate.runs.assignment import AssignmentRun

if TYPE_CHECKING:
    from nbgrader_isolate.gradebook.course import SubmittedFolder


class RegradeRun(AssignmentRun):
    """Grades submissions as `AssignmentRun` does, but records them only when it is told to.

    Parameters
    ----------
    course, assignment, pool, tell
        As for `AssignmentRun`.

    Attributes
    ----------
    held : Path
        An empty folder for results.
    """

    held: Path
    notes_failures = False

    def record(
        self, submission: SubmittedFolder, task: Task, answer: bytes, recorder: Recorder
    ) -> None:
        """Keep a result; one that belongs to another submission is a failure."""
        del recorder
        try:
            result = from_json(Result, answer)
        except (ValueError, RecursionError) as error:
            self.fail(submission.student, f"not recorded: {printable(str(error), 300)}")
            return
        if (result.student, result.assignment) != (task.student, task.assignment):
            self.fail(submission.student, "the worker answered for another submission")
            return
        name = ResultStore(self.held, self.assignment).path(submission.student).stem
        (self.held / f"{name}.task").write_bytes(to_json(task))
        (self.held / f"{name}.result").write_bytes(answer)
        self.outcome.recorded += 1
        self.outcome.sandbox = result.sandbox

    def results(self) -> Iterator[Result]:
        """Yield the results, in the order of student ids; one at a time is in memory."""
        names = {
            from_json(Task, file.read_bytes()).student: file.with_suffix(".result")
            for file in self.held.glob("*.task")
        }
        for student in sorted(names):
            yield from_json(Result, names[student].read_bytes())

    def record_all(self) -> None:
        """Record all results as `grade` would have done.

        Raises
        ------
        GraderError
            If the gradebook or the disk cannot take them; run the same command again.
        """
        from sqlalchemy.exc import DatabaseError

        plan = self.outcome.plan
        files = plan.files if plan else {}
        self.outcome.recorded = 0
        self.notes_failures = True
        gradebook = open_gradebook(self.course, self.tell)
        try:
            recorder = Recorder(self.course, gradebook, self.assignment, files, self.tell)
            for file in sorted(self.held.glob("*.task")):
                task = from_json(Task, file.read_bytes())
                submission = self.course.submission(task.student, self.assignment)
                answer = file.with_suffix(".result").read_bytes()
                super().record(submission, task, answer, recorder)
        except DatabaseError as error:
            raise database_error(error, self.course.directory.db_url) from error
        finally:
            gradebook.close()
