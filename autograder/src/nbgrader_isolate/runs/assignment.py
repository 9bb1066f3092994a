"""One run of `grade`: which submissions, through the workers, into the gradebook. Killed anywhere, the next one goes on."""

from __future__ import annotations

import errno
import hashlib
import importlib
import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nbgrader_isolate.core.errors import Exit, GraderError
from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.core.models import AssignmentPlan, Result, Task
from nbgrader_isolate.core.serialization import encode_bytes, from_json, to_json
from nbgrader_isolate.core.text import printable
from nbgrader_isolate.gradebook import staging
from nbgrader_isolate.gradebook.course import Course, Submission, moment
from nbgrader_isolate.gradebook.database import open_gradebook, refusal, register
from nbgrader_isolate.gradebook.recorder import Recorder
from nbgrader_isolate.gradebook.results import Row, Store, failure, rows
from nbgrader_isolate.gradebook.rows import NotRecordedError
from nbgrader_isolate.intake.submission import take
from nbgrader_isolate.runs.pool import Failure, Workers
from nbgrader_isolate.runs.progress import Progress
from nbgrader_isolate.runs.worker import GRADER

if TYPE_CHECKING:
    from nbformat import NotebookNode
    from nbgrader.api import Gradebook

DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG, errno.EIO, errno.ENODEV}
"""Errors of writing that the next submission would meet as well."""
BEHIND = 8
"""Results that may wait to be recorded; then grading waits too, so that memory stays flat."""
SUMMARY = "nbgrader_isolate.report.summary"
"""What the end of a run imports."""
SLACK = 30.0
"""What a notebook may take beside its own limit before its worker is taken for hung, in s."""


@dataclass
class Outcome:
    """What a run did.

    Parameters
    ----------
    total : int
        Submissions that were looked at.
    skipped : int
        Those that were graded before and are not newer.
    recorded : int
        Those that this run graded and recorded.
    failures : list of Row
        Those it could not grade, one row each.
    plan : AssignmentPlan or None
    sandbox : str
    """

    total: int = 0
    skipped: int = 0
    recorded: int = 0
    failures: list[Row] = field(default_factory=list)
    plan: AssignmentPlan | None = None
    sandbox: str = ""


def setup(course: Course, sandbox: str, grader: str = GRADER) -> dict[str, Any]:
    """Return what workers are told first."""
    limits = {name: getattr(course.limits, name) for name in course.limits.trait_names(config=True)}
    return {"limits": limits, "sandbox": sandbox, "grader": grader}


class Run:
    """Grades the submissions of one assignment.

    Parameters
    ----------
    course : Course
    assignment : str
    pool : Workers
        Configured for the course.
    tell : callable
        Takes a line for the person who waits.
    """

    def __init__(
        self, course: Course, assignment: str, pool: Workers, tell: Callable[[str], None]
    ) -> None:
        self.course, self.assignment, self.pool, self.tell = course, assignment, pool, tell
        self.store = Store(course.state, assignment)
        self.outcome = Outcome()
        self.going: dict[str, tuple[Submission, Task]] = {}

    def grade(self, students: Sequence[str], *, force: bool) -> Outcome:
        """Grade what is to be graded.

        Parameters
        ----------
        students : sequence of str
            Only these; empty: all.
        force : bool
            Also what is graded already and not newer.
        """
        from sqlalchemy.exc import DatabaseError

        submissions = self.course.submissions(self.assignment, students)
        for line in self.course.overlooked(self.assignment):
            self.tell(line)
        gradebook = open_gradebook(self.course, self.tell)
        try:
            if register(self.course, gradebook, self.assignment):
                self.tell(f"{self.assignment} was not in the gradebook; it is now.")
            plan = self.planned(gradebook)
            self.outcome.plan = plan
            self.pool.plan(to_json(plan))
            recorder = Recorder(self.course, gradebook, self.assignment, plan.files, self.tell)
            recorded = recorder.recorded()
            anew = self.store.asked
            todo = [
                s
                for s in submissions
                if force or anew(s.student) or is_due(s, known=s.student in recorded)
            ]
            self.outcome.total, self.outcome.skipped = (
                len(submissions),
                len(submissions) - len(todo),
            )
            self.through(todo, plan, recorder)
        except DatabaseError as error:
            raise refusal(error, self.course.directory.db_url) from error
        finally:
            gradebook.close()
        return self.outcome

    def planned(self, gradebook: Gradebook) -> AssignmentPlan:
        """Return the assignment's plan; made at first sight, with a dry run of the reference solution."""
        from nbgrader_isolate.planning.plan import PlanError, plan_for

        engine = RemoteEngine(self.pool, self.course.limits)
        try:
            plan = plan_for(self.course.directory, gradebook, self.assignment, engine, self.tell)
        except PlanError as error:
            raise GraderError(str(error)) from error
        for warning in plan.warnings:
            self.tell(f"Check the assignment: {printable(warning, 300)}.")
        return plan

    def through(self, todo: list[Submission], plan: AssignmentPlan, recorder: Recorder) -> None:
        """Send submissions through the workers, and record what comes back.

        One thread of its own records: the disk's part of a transaction takes longer than ours.
        """
        each = self.course.limits.notebook_seconds + SLACK
        writer = ThreadPoolExecutor(1, thread_name_prefix="record")
        writer.submit(importlib.import_module, SUMMARY)  # while the first submission is graded
        writing: deque[Future[None]] = deque()
        with Progress(len(todo)) as progress:
            recorder.tell = progress.tell
            tasks = self.tasks(todo, plan, progress)
            try:
                for student, came in self.pool.grade(tasks, SLACK + each * len(plan.notebooks)):
                    writing.append(writer.submit(self.settle, student, came, recorder, progress))
                    while len(writing) > BEHIND or (writing and writing[0].done()):
                        writing.popleft().result()
                while writing:
                    writing.popleft().result()
            finally:
                writer.shutdown(cancel_futures=True)

    def settle(
        self, student: str, came: bytes | Failure, recorder: Recorder, progress: Progress
    ) -> None:
        """Record what came of a submission, or that nothing did."""
        submission, task = self.going.pop(student)
        if isinstance(came, Failure):
            self.fail(student, came.why)
        else:
            self.keep(submission, task, came, recorder)
        progress.step()

    def tasks(
        self, todo: list[Submission], plan: AssignmentPlan, progress: Progress
    ) -> Iterator[tuple[str, bytes]]:
        """Yield tasks as JSON, by student; what cannot be taken in is a failure."""
        for submission in todo:
            try:
                task = self.taken(submission, plan)
            except Exception as error:  # noqa: BLE001 - one submission never stops the others
                self.fail(submission.student, f"cannot be taken in: {printable(str(error), 300)}")
                progress.step()
                continue
            self.going[submission.student] = submission, task
            yield submission.student, to_json(task)

    def taken(self, submission: Submission, plan: AssignmentPlan) -> Task:
        """Return the task that a submission is."""
        files, notes = take(submission.folder, plan, self.course.limits)
        try:
            moment(submission.stamp)
        except ValueError as error:
            notes = [*notes, f"{error}; lateness is not known"]
        return Task(
            student=submission.student,
            assignment=self.assignment,
            plan=plan.digest,
            files=files,
            notes=notes,
            seed=seed_of(self.assignment, submission.student),
        )

    def keep(self, submission: Submission, task: Task, came: bytes, recorder: Recorder) -> None:
        """Record a result.

        Raises
        ------
        GraderError
            If the disk cannot take it.
        """
        plan = self.outcome.plan
        notebooks = {f"{one.name}.ipynb" for one in plan.notebooks} if plan else set()
        extra = {name: data for name, data in task.files.items() if name not in notebooks}
        try:
            result = from_json(Result, came)
            if (result.student, result.assignment) != (task.student, task.assignment):
                raise NotRecordedError("the worker answered for another submission")  # noqa: TRY301
            recorder.record(submission, result, extra)
            self.store.save(submission.student, rows(result))
        except (NotRecordedError, ValueError, RecursionError) as error:
            self.fail(submission.student, f"not recorded: {printable(str(error), 300)}")
        except OSError as error:
            if error.errno in DISK:
                raise GraderError(disk_line(error), Exit.GRADEBOOK) from error
            self.fail(submission.student, f"not recorded: {printable(str(error), 300)}")
        else:
            self.outcome.recorded += 1
            self.outcome.sandbox = result.sandbox

    def fail(self, student: str, why: str) -> None:
        """Note a submission that could not be graded; nothing of it was recorded."""
        self.outcome.failures.append(failure(student, why))


class RemoteEngine:
    """Runs notebooks in a worker, for the dry run: no warm process is started for it alone.

    Parameters
    ----------
    pool : Workers
    limits : Limits
    """

    sandbox = ""

    def __init__(self, pool: Workers, limits: Limits) -> None:
        self.pool, self.seconds = pool, SLACK + limits.notebook_seconds

    def run(
        self,
        notebook: NotebookNode,
        *,
        files: Mapping[str, bytes],
        student_names: Sequence[str],
        seed: int,
    ) -> NotebookNode:
        """Execute a notebook, as `run.Engine` does, with its arguments."""
        from nbgrader_isolate.notebook.parse import node

        asked = {
            "notebook": notebook,
            "files": {name: encode_bytes(data) for name, data in files.items()},
            "student_names": list(student_names),
            "seed": seed,
        }
        return node(json.loads(self.pool.run(json.dumps(asked).encode("ascii"), self.seconds)))


def is_due(submission: Submission, *, known: bool) -> bool:
    """Tell whether a submission is to be graded, as nbgrader decides it: not graded yet, or newer.

    It also is when a run ended between its rows and its folder, or the gradebook does not know it.
    """
    graded = submission.graded
    if not graded.exists() or not known or staging.unfinished(graded):
        return True
    from nbgrader_isolate.gradebook.course import read_stamp

    try:
        new, old = moment(submission.stamp), moment(read_stamp(graded))
    except ValueError:
        return submission.stamp != read_stamp(graded)
    return new is not None and old is not None and new > old


def seed_of(assignment: str, student: str) -> int:
    """Return the seed of a student's random data: the same in every run, another for each student."""
    text = f"{assignment}\0{student}".encode("utf-8", "surrogateescape")
    return int.from_bytes(hashlib.sha256(text).digest()[:4], "big")


def disk_line(error: OSError) -> str:
    """Return why the disk ended a run, and what to do."""
    return (
        f"{error.filename or 'the course'}: {error.strerror}; mend that and run the same command "
        "again: it goes on where it stopped."
    )
