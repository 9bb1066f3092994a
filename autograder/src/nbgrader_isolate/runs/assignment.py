"""One run of `grade`: which submissions, through the workers, into the gradebook.

A run that is killed anywhere is resumed by the next one.
"""

from __future__ import annotations

import contextlib
import errno
import importlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nbgrader_isolate.core.errors import Exit, GraderError
from nbgrader_isolate.core.models import METADATA, AssignmentPlan, NotebookPlan, Result, Task
from nbgrader_isolate.core.serialization import from_json, to_json
from nbgrader_isolate.core.text import counted, join_names, printable
from nbgrader_isolate.gradebook.accommodations import NOTHING_GRANTED, accommodations
from nbgrader_isolate.gradebook.changed_source import changed_tests, uncounted_changes
from nbgrader_isolate.gradebook.course import Course, SubmittedFolder
from nbgrader_isolate.gradebook.data_folders import refuse_special_files
from nbgrader_isolate.gradebook.database import database_error, open_gradebook, register
from nbgrader_isolate.gradebook.private_paths import private_paths
from nbgrader_isolate.gradebook.recorder import Recorder
from nbgrader_isolate.gradebook.results import (
    GRADED_AGAIN,
    ResultRow,
    ResultStore,
    failure_row,
    result_rows,
)
from nbgrader_isolate.gradebook.rows import NotRecordedError
from nbgrader_isolate.gradebook.timestamps import parse_timestamp
from nbgrader_isolate.intake.submission import take
from nbgrader_isolate.notebook.safe_text import disarm
from nbgrader_isolate.notebook.sanitize import NOT_GRADED_ID
from nbgrader_isolate.runs.due import digest_of, has_changed, has_other_time, is_due
from nbgrader_isolate.runs.pool import GradingFailure, Workers
from nbgrader_isolate.runs.progress import Progress
from nbgrader_isolate.runs.seed import course_secret, seed_of
from nbgrader_isolate.runs.worker import DEFAULT_GRADER
from nbgrader_isolate.runs.worker_engine import OVERHEAD_SECONDS, WorkerEngine

if TYPE_CHECKING:
    from nbgrader.api import Gradebook

DISK_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG, errno.EIO, errno.ENODEV}
"""Write errors that the next submission would run into as well."""
RUNS = 2
"""How often a notebook may run: once more if an answer does not cross."""
MAX_UNRECORDED = 8
"""Results that may wait to be recorded. Then grading waits too, so that memory stays bounded."""
SUMMARY_MODULE = "nbgrader_isolate.report.summary"
"""The module that the end of a run imports."""
REGISTERED = "registered in the gradebook from its source, as `generate_assignment` does."
"""What is said after an assignment was registered because the gradebook had no notebook of it."""
STARVED = b'"starved":["'
"""What is in a result if a cell did not pass because the processors may have been busy.

It cannot be in a text of the result, where quotes are escaped.
"""


@dataclass
class RunOutcome:
    """What a run did.

    Parameters
    ----------
    total : int
        Submissions that were considered.
    skipped : int
        Submissions that were graded before and have not changed.
    recorded : int
        Submissions that this run graded and recorded.
    failures : list of Row
        One row for each submission that could not be graded.
    plan : AssignmentPlan or None
    sandbox : str
    outdated : list of str
        Students among the skipped ones who were graded with an earlier version of the assignment.
    """

    total: int = 0
    skipped: int = 0
    outdated: list[str] = field(default_factory=list)
    recorded: int = 0
    failures: list[ResultRow] = field(default_factory=list)
    plan: AssignmentPlan | None = None
    sandbox: str = ""


def worker_setup(course: Course, sandbox: str, grader: str = DEFAULT_GRADER) -> dict[str, Any]:
    """Return the settings that every worker gets first, when notebooks are about to run."""
    refuse_special_files(course.limits.data_folders)
    private = private_paths(course.root, course.config)
    return {
        "limits": course.limits.as_dict(),
        "sandbox": sandbox,
        "grader": grader,
        "private": private,
    }


class AssignmentRun:
    """Grades the submissions of one assignment.

    Parameters
    ----------
    course : Course
    assignment : str
    pool : Workers
        Configured for the course.
    tell : callable
        Takes a line for the person who waits.

    Attributes
    ----------
    notes_failures : bool
        Whether `review`, `report` and `export` learn of submissions that were not graded.
    """

    notes_failures = True

    def __init__(
        self, course: Course, assignment: str, pool: Workers, tell: Callable[[str], None]
    ) -> None:
        self.course, self.assignment, self.pool, self.tell = course, assignment, pool, tell
        self.store = ResultStore(course.state, assignment)
        self.outcome = RunOutcome()
        self.granted = accommodations(course.root, assignment)
        self.in_progress: dict[str, tuple[SubmittedFolder, Task]] = {}

    def tell_changes(self, gradebook: Gradebook) -> None:
        """Say what was edited in the source and does not count, or not yet."""
        if edited := changed_tests(self.course, gradebook, self.assignment):
            self.tell(
                f"Edited in the source, but not registered yet: {join_names(edited)}; "
                f"`nbgrader-isolate regrade {printable(self.assignment)}` registers it."
            )
        for line in uncounted_changes(self.course, gradebook, self.assignment):
            self.tell(line)

    def grade(self, students: Sequence[str], *, force: bool) -> RunOutcome:
        """Grade the submissions that need it.

        Parameters
        ----------
        students : sequence of str
            Only these students; if empty, all.
        force : bool
            Also regrade submissions that are graded and unchanged.
        """
        from sqlalchemy.exc import DatabaseError

        submissions = self.course.submissions(self.assignment, students)
        for line in self.course.overlooked(self.assignment):
            self.tell(line)
        gradebook = open_gradebook(self.course, self.tell)
        try:
            if register(self.course, gradebook, self.assignment):
                self.tell(f"{self.assignment}: {REGISTERED}")
            else:
                self.tell_changes(gradebook)
            plan = self.make_plan(gradebook)
            self.outcome.plan = plan
            self.pool.plan(to_json(plan))
            recorder = Recorder(self.course, gradebook, self.assignment, plan.files, self.tell)
            recorded = recorder.recorded()
            replaced = self.store.regrade_requested
            todo = [
                s
                for s in submissions
                if force
                or replaced(s.student)
                or self.store.is_damaged(s.student)
                or is_due(s, self.course.clock, known=s.student in recorded)
                or has_other_time(rows := self.store.load(s.student), self.time_factor(s.student))
                or has_changed(s, plan, rows, self.course.limits)
            ]
            self.outcome.total, self.outcome.skipped = (
                len(submissions),
                len(submissions) - len(todo),
            )
            done = {s.student for s in submissions} - {s.student for s in todo}
            self.outcome.outdated = [s for s in sorted(done) if self.is_outdated(s, plan.digest)]
            self.grade_all(todo, plan, recorder)
        except DatabaseError as error:
            raise database_error(error, self.course.directory.db_url) from error
        finally:
            gradebook.close()
        return self.outcome

    def is_outdated(self, student: str, plan: str) -> bool:
        """Tell whether a student was graded with an earlier version of the assignment."""
        return any(row.get("plan", plan) != plan for row in self.store.load(student))

    def make_plan(self, gradebook: Gradebook) -> AssignmentPlan:
        """Return the plan; if there is none, make it, with a dry run of the reference solution."""
        from nbgrader_isolate.planning.plan import PlanError, plan_for
        from nbgrader_isolate.planning.weak_tests import is_about_weakness

        engine = WorkerEngine(self.pool, self.course.limits, self.tell)
        try:
            plan = plan_for(self.course.directory, gradebook, self.assignment, engine, self.tell)
        except PlanError as error:
            raise GraderError(str(error)) from error
        weak = [text for text in plan.warnings if is_about_weakness(text)]
        for warning in plan.warnings:
            if engine.runs or warning not in weak:
                self.tell(f"Check the assignment: {printable(warning, 300)}.")
        if weak and not engine.runs:
            self.tell(
                f"{counted(len(weak), 'test')} could be stricter: `nbgrader-isolate plan "
                f"{printable(self.assignment)}` says how."
            )
        return plan

    def time_factor(self, student: str) -> float:
        """Return how many times as long as usual a student's code may run."""
        return self.granted.get(student, NOTHING_GRANTED).time_factor

    def seconds_for(self, notebooks: int, students: Iterable[str]) -> float:
        """Return how long a worker may take for a submission with so many notebooks, in s.

        A notebook with an answer that does not cross runs twice, each time within its own limit.
        If one of the students has more time, this is enough for that.
        """
        factor = max(map(self.time_factor, students), default=1.0)
        once = self.course.limits.notebook_seconds * factor + OVERHEAD_SECONDS
        return OVERHEAD_SECONDS + RUNS * once * notebooks

    def grade_all(
        self, todo: list[SubmittedFolder], plan: AssignmentPlan, recorder: Recorder
    ) -> None:
        """Send submissions to the workers, and record what comes back.

        A separate thread records, because a transaction mostly waits for the disk.
        """
        seconds = self.seconds_for(len(plan.notebooks), [one.student for one in todo])
        writer = ThreadPoolExecutor(1, thread_name_prefix="record")
        writer.submit(
            importlib.import_module, SUMMARY_MODULE
        )  # while the first submission is graded
        writing: deque[Future[None]] = deque()
        starved: dict[str, float] = {}
        with Progress(len(todo)) as progress:
            recorder.tell = progress.tell
            tasks = self.tasks(todo, plan, progress)
            try:
                for student, answer in self.pool.grade(tasks, seconds):
                    if isinstance(answer, bytes) and STARVED in answer:
                        starved[student] = points_in(answer)
                    writing.append(writer.submit(self.finish, student, answer, recorder, progress))
                    while len(writing) > MAX_UNRECORDED or (writing and writing[0].done()):
                        writing.popleft().result()
                while writing:
                    writing.popleft().result()
                for submission in [one for one in todo if one.student in starved]:
                    points = starved[submission.student]
                    for task, answer in self.grade_alone(submission, plan, points):
                        writer.submit(self.record, submission, task, answer, recorder).result()
            finally:
                writer.shutdown(cancel_futures=True)

    def grade_alone(
        self, submission: SubmittedFolder, plan: AssignmentPlan, points: float
    ) -> Iterator[tuple[Task, bytes]]:
        """Grade a submission once more, with no other beside it; yield what gives more points."""
        task = self.make_task(submission, plan)
        task.notices.append(GRADED_AGAIN)
        name = printable(submission.student)
        self.tell(f"{name}: {GRADED_AGAIN}.")
        seconds = self.seconds_for(len(plan.notebooks), [submission.student])
        for _, answer in self.pool.grade(iter([(submission.student, to_json(task))]), seconds):
            if isinstance(answer, bytes) and points_in(answer) > points:
                self.outcome.recorded -= 1  # it is recorded in place of the first result
                yield task, answer

    def finish(
        self, student: str, answer: bytes | GradingFailure, recorder: Recorder, progress: Progress
    ) -> None:
        """Record the result of a submission, or that there is none."""
        submission, task = self.in_progress.pop(student)
        if isinstance(answer, GradingFailure):
            self.fail(student, answer.why)
        else:
            self.record(submission, task, answer, recorder)
        progress.step()

    def tasks(
        self, todo: list[SubmittedFolder], plan: AssignmentPlan, progress: Progress
    ) -> Iterator[tuple[str, bytes]]:
        """Yield student and task (as JSON); a submission that cannot be read is a failure."""
        for submission in todo:
            try:
                task = self.make_task(submission, plan)
            except Exception as error:  # noqa: BLE001 - one submission never stops the others
                self.fail(submission.student, f"could not be read: {printable(str(error), 300)}")
                progress.step()
                continue
            self.in_progress[submission.student] = submission, task
            yield submission.student, to_json(task)

    def make_task(self, submission: SubmittedFolder, plan: AssignmentPlan) -> Task:
        """Read a submission and return its task."""
        files, notices = take(submission.folder, plan, self.course.limits)
        try:
            parse_timestamp(submission.timestamp, self.course.clock)
        except ValueError as error:
            notices = [*notices, f"{error}; whether it is late is unknown"]
        return Task(
            student=submission.student,
            assignment=self.assignment,
            plan=plan.digest,
            files=files,
            notices=notices,
            seed=seed_of(course_secret(self.course.state), self.assignment, submission.student),
            time_factor=self.time_factor(submission.student),
        )

    def record(
        self, submission: SubmittedFolder, task: Task, answer: bytes, recorder: Recorder
    ) -> None:
        """Record a result.

        Raises
        ------
        GraderError
            If the disk cannot store it.
        """
        plan = self.outcome.plan
        notebooks = {f"{one.name}.ipynb" for one in plan.notebooks} if plan else set()
        extra = {name: data for name, data in task.files.items() if name not in notebooks}
        try:
            result = from_json(Result, answer)
            if (result.student, result.assignment) != (task.student, task.assignment):
                raise NotRecordedError("the worker answered for another submission")  # noqa: TRY301
            for notebook in plan.notebooks if plan else []:
                show_unreadable(result, notebook)
            recorder.record(submission, result, extra)
            graded = {
                "plan": task.plan,
                "files": digest_of(task.files),
                "time_factor": task.time_factor,
            }
            rows = [row | graded for row in result_rows(result)]
            self.store.save(submission.student, rows)
            if any(row["status"] == "unreadable" for row in rows):
                self.store.request_regrade(submission.student)
        except (NotRecordedError, ValueError, RecursionError) as error:
            self.fail(submission.student, f"not recorded: {printable(str(error), 300)}")
        except OSError as error:
            if error.errno in DISK_ERRORS:
                raise GraderError(disk_message(error), Exit.GRADEBOOK) from error
            self.fail(submission.student, f"not recorded: {printable(str(error), 300)}")
        else:
            self.outcome.recorded += 1
            self.outcome.sandbox = result.sandbox

    def fail(self, student: str, why: str) -> None:
        """Remember a submission that could not be graded and of which nothing was recorded."""
        row = failure_row(student, why)
        self.outcome.failures.append(row)
        if self.notes_failures:
            with contextlib.suppress(OSError):  # it is named at the end of the run in any case
                self.store.save_failure(row)


def show_unreadable(result: Result, plan: NotebookPlan) -> None:
    """Put the instructor's notebook in the place of one that cannot be read, with the reason.

    The formgrader can show it then, so that a person can decide what the submission gets.
    """
    for notebook in result.notebooks:
        if notebook.name == plan.name and notebook.status == "unreadable":
            why = printable(next(iter(notebook.review_reasons), "It cannot be read"), 300)
            ours = {METADATA: {"owner": "instructor"}}
            reason = {
                "cell_type": "markdown",
                "id": NOT_GRADED_ID,
                "metadata": ours,
                "source": f"**Not graded.** {disarm(why)}",
            }
            cells = [
                cell | {"metadata": cell["metadata"] | ours} for cell in plan.notebook["cells"]
            ]
            notebook.notebook = {**plan.notebook, "cells": [reason, *cells]}


def points_in(answer: bytes) -> float:
    """Return the points of a result; -1 if it cannot be read."""
    try:
        return sum(notebook.score for notebook in from_json(Result, answer).notebooks)
    except (ValueError, RecursionError):
        return -1.0


def disk_message(error: OSError) -> str:
    """Return why the disk ended a run, and what to do."""
    return (
        f"{error.filename or 'the course'}: {error.strerror}; fix this and run the same command "
        "again; it resumes where it stopped."
    )
