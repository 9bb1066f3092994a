"""One run of nbgrader's `Autograde`: its plans, engine, gradebook and submissions."""

from __future__ import annotations

import fnmatch
import glob
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory

from nbgrader_isolate.core.limits import Limits, limits_of
from nbgrader_isolate.core.models import STATE, AssignmentPlan, NotebookPlan, NotebookResult, Result
from nbgrader_isolate.core.text import printable
from nbgrader_isolate.gradebook.accommodations import NOTHING_GRANTED, accommodations
from nbgrader_isolate.gradebook.course import (
    SUBMISSION_SECRET,
    TIMESTAMP,
    read_small_file,
    read_timestamp,
)
from nbgrader_isolate.gradebook.data_folders import data_folders, refuse_special_files
from nbgrader_isolate.gradebook.results import ResultStore, result_rows
from nbgrader_isolate.gradebook.rows import notebook_index, rows_of
from nbgrader_isolate.gradebook.settings import clock_of, ignored_settings
from nbgrader_isolate.gradebook.timestamps import parse_timestamp
from nbgrader_isolate.grading.submission import Engine
from nbgrader_isolate.intake.submission import take
from nbgrader_isolate.planning.plan import plan_for
from nbgrader_isolate.planning.warm_up import WarmEngine, warm_up

if TYPE_CHECKING:
    from nbgrader.converters.base import BaseConverter


@dataclass(frozen=True)
class NotebookKey:
    """One notebook of one submission, by nbgrader's names."""

    student: str
    assignment: str
    notebook: str


@dataclass
class TakenSubmission:
    """The files that were taken from a submission, and the results of its notebooks.

    Parameters
    ----------
    files : dict of str to bytes
    notices : list of str
        What was noticed when the files were taken in.
    clean_folder : Path
        The folder that nbgrader sees instead of the submitted one.
    results : dict of str to NotebookResult
        By notebook.
    """

    files: dict[str, bytes]
    notices: list[str]
    clean_folder: Path
    results: dict[str, NotebookResult] = field(default_factory=dict)


class IntakeDirectory(CourseDirectory):  # type: ignore[misc]  # nbgrader has no types
    """A course directory in which a submission's folder is the clean one.

    Parameters
    ----------
    original : CourseDirectory
        The settings are copied from it.
    clean_folder : callable
        Takes student and assignment, returns the clean folder.
    """

    def __init__(self, original: CourseDirectory, clean_folder: Callable[[str, str], Path]) -> None:
        super().__init__(parent=original.parent)
        self.clean_folder = clean_folder
        for name in original.traits(config=True):
            setattr(self, name, getattr(original, name))

    def format_path(
        self,
        nbgrader_step: str,
        student_id: str,
        assignment_id: str,
        escape: bool = False,  # noqa: FBT001, FBT002 - nbgrader's signature
    ) -> str:
        """Return the folder of a step; for the step `submitted`, the clean one."""
        if escape or nbgrader_step != self.submitted_directory:
            path: str = super().format_path(nbgrader_step, student_id, assignment_id, escape)
            return path
        return str(self.clean_folder(student_id, assignment_id))


class PluginSession:
    """One run of nbgrader's `Autograde`, with its plans, engine, gradebook and submissions.

    Parameters
    ----------
    converter : nbgrader.converters.BaseConverter
    make_engine : callable
        Makes the engine, given the limits.

    Raises
    ------
    GraderError
        If the course's configuration names data folders that cannot be shown, or its
        accommodations cannot be understood.
    """

    def __init__(self, converter: BaseConverter, make_engine: Callable[[Limits], Engine]) -> None:
        self.course: CourseDirectory = converter.coursedir
        self.log = converter.log
        self.limits = limits_of(converter.config)
        named, root = self.limits.data_folders, Path(self.course.root)
        self.limits.data_folders = data_folders(named, root, converter.config)
        refuse_special_files(self.limits.data_folders)
        self.clock = clock_of(converter.config)
        self.granted = accommodations(root, self.course.assignment_id)
        for notice in ignored_settings(converter.config):
            self.log.warning("%s", notice)
        self._make_engine = make_engine
        self._plans: dict[str, AssignmentPlan] = {}
        self._submissions: dict[tuple[str, str], TakenSubmission] = {}
        self._scratch = tempfile.TemporaryDirectory(prefix="nbgrader-isolate-")
        converter.coursedir = IntakeDirectory(
            self.course, lambda *names: self.submission(*names).clean_folder
        )
        self._expect_every_notebook(converter)

    def _expect_every_notebook(self, converter: BaseConverter) -> None:
        """Make nbgrader process all notebooks of the assignment, whatever files were submitted."""
        assignment = self.course.assignment_id
        pattern = self.course.format_path(
            self.course.submitted_directory, self.course.student_id, assignment
        )
        all_names = [notebook.name for notebook in self.plan(assignment).notebooks]
        names = fnmatch.filter(all_names, self.course.notebook_id)
        converter.assignments = {
            folder: [f"{folder}/{name}.ipynb" for name in names]
            for folder in glob.glob(pattern)  # noqa: PTH207 - nbgrader's pattern is a whole path
            if Path(folder).is_dir()
        }

    @cached_property
    def engine(self) -> Engine:
        """The engine of this process."""
        return self._make_engine(self.limits)

    @cached_property
    def gradebook(self) -> Gradebook:
        """One session for everything that our preprocessors read and write."""
        return Gradebook(self.course.db_url, self.course.course_id)

    def plan(self, assignment: str) -> AssignmentPlan:
        """Return the plan of an assignment."""
        if assignment not in self._plans:
            with Gradebook(self.course.db_url, self.course.course_id) as gradebook:
                plan = plan_for(self.course, gradebook, assignment, self.engine, self.log.warning)
            self._plans[assignment] = plan
            if isinstance(self.engine, WarmEngine):
                warm_up(self.engine, plan)
            for warning in plan.warnings:
                self.log.warning("Check the assignment: %s", printable(warning, 300))
        return self._plans[assignment]

    def notebook_plan(self, key: NotebookKey) -> NotebookPlan:
        """Return the plan of one notebook."""
        notebooks = self.plan(key.assignment).notebooks
        return next(notebook for notebook in notebooks if notebook.name == key.notebook)

    def submission(self, student: str, assignment: str) -> TakenSubmission:
        """Return a submission; its files are read once."""
        key = student, assignment
        if key not in self._submissions:
            self._submissions[key] = self._take(student, assignment)
        return self._submissions[key]

    def _take(self, student: str, assignment: str) -> TakenSubmission:
        step = self.course.submitted_directory
        folder = Path(self.course.format_path(step, student, assignment))
        plan = self.plan(assignment)
        files, notices = take(folder, plan, self.limits)
        for notice in notices:
            self.log.warning("%s: %s", printable(student), notice)
        clean_folder = Path(self._scratch.name) / str(len(self._submissions))
        clean_folder.mkdir()
        for notebook in plan.notebooks:
            (clean_folder / f"{notebook.name}.ipynb").touch()
        notices = [*notices, *self._copy_timestamp(folder, clean_folder, student)]
        return TakenSubmission(files, notices, clean_folder)

    def _copy_timestamp(self, folder: Path, clean_folder: Path, student: str) -> list[str]:
        """Copy the exchange's files into the clean folder; return what is wrong with them."""
        if secret := read_small_file(folder, SUBMISSION_SECRET):
            (clean_folder / SUBMISSION_SECRET).write_bytes(secret)
        timestamp = read_timestamp(folder)
        try:
            submitted_at = parse_timestamp(timestamp, self.clock)
        except ValueError as error:
            self.log.warning("%s: %s", printable(student), error)
            return [f"{error}; whether it is late is unknown"]
        if timestamp is not None and submitted_at is not None:
            # in UTC, because nbgrader takes zones that it does not know for UTC
            (clean_folder / TIMESTAMP).write_text(f"{submitted_at} UTC\n", encoding="utf-8")
        return []

    def time_factor(self, student: str) -> float:
        """Return how many times as long as usual a student's code may run."""
        return self.granted.get(student, NOTHING_GRANTED).time_factor

    def store(self, key: NotebookKey, result: NotebookResult) -> None:
        """Store what `nbgrader-isolate report` shows about a notebook."""
        submission = self.submission(key.student, key.assignment)
        submission.results[key.notebook] = result
        results = list(submission.results.values())
        whole = Result(
            key.student,
            key.assignment,
            results,
            submission.notices,
            self.engine.sandbox,
            sum(each.seconds for each in results),
        )
        state = Path(self.course.root) / STATE
        more = {"time_factor": self.time_factor(key.student)}
        rows = [row | more for row in result_rows(whole)]
        ResultStore(state, key.assignment).save(key.student, rows)


def save_scores(gradebook: Gradebook, key: NotebookKey, result: NotebookResult) -> None:
    """Write the scores of one notebook into the gradebook, in one transaction.

    The rows are those that our own command writes. A score that a person gave stays, and is marked
    as needing manual grading again.
    """
    submitted = gradebook.find_submission_notebook(key.notebook, key.assignment, key.student)
    rows = rows_of(result, notebook_index(submitted.notebook))
    for grade in submitted.grades:
        new = rows.grades[grade.cell_id]
        grade.auto_score = new.score
        grade.needs_manual_grade = new.needs_manual_grade or grade.manual_score is not None
    for comment in submitted.comments:
        comment.auto_comment = rows.comments.get(comment.cell_id)
    gradebook.db.commit()
    gradebook.db.remove()
