"""What stock `nbgrader autograde` needs of us besides preprocessors: safe intake, one engine, one gradebook session.

nbgrader copies a submission's folder before any preprocessor runs: it follows links, has no limit of size, and one
notebook that cannot be read costs the student all points. `SubmissionExporter` (`c.Autograde.exporter_class`) is made
before that. It gives its converter a course directory in which `submitted/<student>/<assignment>` is a clean folder,
and reads the submission itself, once, by the rules of `intake`.
"""

from __future__ import annotations

import atexit
import fnmatch
import glob
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbconvert.exporters import NotebookExporter
from nbformat.v4 import new_notebook
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from traitlets import DottedObjectName, Unicode
from traitlets.utils.importstring import import_item

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.core.models import STATE, AssignmentPlan, NotebookPlan, NotebookResult, Result
from nbgrader_isolate.core.text import printable
from nbgrader_isolate.gradebook.course import (
    SUBMISSION_SECRET,
    TIMESTAMP,
    parse_timestamp,
    read_small_file,
    read_timestamp,
)
from nbgrader_isolate.gradebook.results import ResultStore, result_rows
from nbgrader_isolate.gradebook.rows import notebook_index, rows_of
from nbgrader_isolate.grading.submission import Engine
from nbgrader_isolate.intake.submission import take
from nbgrader_isolate.planning.plan import plan_for

if TYPE_CHECKING:
    from nbgrader.converters.base import BaseConverter

_engines: dict[tuple[object, ...], Engine] = {}
"""Engines of this process: a command has one; a formgrader keeps it from click to click."""


@dataclass(frozen=True)
class Place:
    """One notebook of one submission, by nbgrader's names."""

    student: str
    assignment: str
    notebook: str


@dataclass
class Submission:
    """What was taken of a submission, and what became of its notebooks.

    Parameters
    ----------
    files : dict of str to bytes
    notices : list of str
        What intake has to say.
    clean : Path
        The folder that nbgrader sees in place of the submitted one.
    results : dict of str to NotebookResult
        By notebook.
    """

    files: dict[str, bytes]
    notices: list[str]
    clean: Path
    results: dict[str, NotebookResult] = field(default_factory=dict)


class IntakeDirectory(CourseDirectory):  # type: ignore[misc]  # nbgrader has no types
    """A course directory in which a submission's folder is the clean one.

    Parameters
    ----------
    original : CourseDirectory
        Whose settings are taken over.
    clean : callable
        Takes student and assignment, returns the clean folder.
    """

    def __init__(self, original: CourseDirectory, clean: Callable[[str, str], Path]) -> None:
        super().__init__(parent=original.parent)
        self.clean = clean
        for name in original.traits(config=True):
            setattr(self, name, getattr(original, name))

    def format_path(
        self,
        nbgrader_step: str,
        student_id: str,
        assignment_id: str,
        escape: bool = False,  # noqa: FBT001, FBT002 - nbgrader's signature
    ) -> str:
        """Return the folder of a step; of the step `submitted`, the clean one."""
        if escape or nbgrader_step != self.submitted_directory:
            path: str = super().format_path(nbgrader_step, student_id, assignment_id, escape)
            return path
        return str(self.clean(student_id, assignment_id))


class Run:
    """One run of nbgrader's `Autograde`: its course, plan, engine, gradebook session and submissions.

    Parameters
    ----------
    converter : nbgrader.converters.BaseConverter
    engine : callable
        Makes the engine, given the limits.
    """

    def __init__(self, converter: BaseConverter, engine: Callable[[Limits], Engine]) -> None:
        self.course: CourseDirectory = converter.coursedir
        self.log = converter.log
        self.limits = Limits(parent=converter)
        self._make_engine = engine
        self._plans: dict[str, AssignmentPlan] = {}
        self._submissions: dict[tuple[str, str], Submission] = {}
        self._scratch = tempfile.TemporaryDirectory(prefix="autograder-")
        converter.coursedir = IntakeDirectory(
            self.course, lambda *names: self.submission(*names).clean
        )
        self._expect_every_notebook(converter)

    def _expect_every_notebook(self, converter: BaseConverter) -> None:
        """Have nbgrader go through all notebooks of the assignment, whatever files a student named how."""
        assignment = self.course.assignment_id
        pattern = self.course.format_path(
            self.course.submitted_directory, self.course.student_id, assignment
        )
        names = [one.name for one in self.plan(assignment).notebooks]
        wanted = fnmatch.filter(names, self.course.notebook_id)
        converter.assignments = {
            folder: [f"{folder}/{name}.ipynb" for name in wanted]
            for folder in glob.glob(pattern)  # noqa: PTH207 - nbgrader's pattern is a whole path
            if Path(folder).is_dir()
        }

    @cached_property
    def engine(self) -> Engine:
        """The engine of this process."""
        return self._make_engine(self.limits)

    @cached_property
    def gradebook(self) -> Gradebook:
        """One session for all that our preprocessors read and write."""
        return Gradebook(self.course.db_url, self.course.course_id)

    def plan(self, assignment: str) -> AssignmentPlan:
        """Return the plan of an assignment."""
        if assignment not in self._plans:
            with Gradebook(self.course.db_url, self.course.course_id) as gradebook:
                made = plan_for(self.course, gradebook, assignment, self.engine, self.log.warning)
            self._plans[assignment] = made
            for warning in made.warnings:
                self.log.warning("Look at the assignment: %s", printable(warning, 300))
        return self._plans[assignment]

    def notebook_plan(self, place: Place) -> NotebookPlan:
        """Return the plan of one notebook."""
        notebooks = self.plan(place.assignment).notebooks
        return next(one for one in notebooks if one.name == place.notebook)

    def submission(self, student: str, assignment: str) -> Submission:
        """Take a submission in, once."""
        key = student, assignment
        if key not in self._submissions:
            self._submissions[key] = self._taken(student, assignment)
        return self._submissions[key]

    def _taken(self, student: str, assignment: str) -> Submission:
        step = self.course.submitted_directory
        folder = Path(self.course.format_path(step, student, assignment))
        plan = self.plan(assignment)
        files, notices = take(folder, plan, self.limits)
        for notice in notices:
            self.log.warning("%s: %s", printable(student), notice)
        clean = Path(self._scratch.name) / str(len(self._submissions))
        clean.mkdir()
        for one in plan.notebooks:
            (clean / f"{one.name}.ipynb").touch()
        notices = [*notices, *self._stamp(folder, clean, student)]
        return Submission(files, notices, clean)

    def _stamp(self, folder: Path, clean: Path, student: str) -> list[str]:
        """Lay the time stamp into the clean folder; return what is wrong with it."""
        if secret := read_small_file(folder, SUBMISSION_SECRET):
            (clean / SUBMISSION_SECRET).write_bytes(secret)
        stamp = read_timestamp(folder)
        try:
            when = parse_timestamp(stamp)
        except ValueError as error:
            self.log.warning("%s: %s", printable(student), error)
            return [f"{error}; lateness is not known"]
        if stamp is not None and when is not None:
            (clean / TIMESTAMP).write_bytes(stamp)
        return []

    def keep(self, place: Place, result: NotebookResult) -> None:
        """Keep what `autograder report` shows of a notebook."""
        submission = self.submission(place.student, place.assignment)
        submission.results[place.notebook] = result
        made = Result(
            place.student,
            place.assignment,
            list(submission.results.values()),
            submission.notices,
            self.engine.sandbox,
            sum(one.seconds for one in submission.results.values()),
        )
        state = Path(self.course.root) / STATE
        ResultStore(state, place.assignment).save(place.student, result_rows(made))


def save_scores(gradebook: Gradebook, place: Place, result: NotebookResult) -> None:
    """Write the points of one notebook into the gradebook, in one transaction: the rows that our own command writes.

    A score that a person gave stays, and is marked to be looked at again.
    """
    submitted = gradebook.find_submission_notebook(place.notebook, place.assignment, place.student)
    rows = rows_of(result, notebook_index(submitted.notebook))
    for grade in submitted.grades:
        new = rows.grades[grade.cell_id]
        grade.auto_score = new.score
        grade.needs_manual_grade = new.needs_manual_grade or grade.manual_score is not None
    for comment in submitted.comments:
        comment.auto_comment = rows.comments.get(comment.cell_id)
    gradebook.db.commit()
    gradebook.db.remove()


def leave_out_line_ends(converter: BaseConverter) -> None:
    """Leave out folders with a line end in their name: nbgrader's patterns do not match them, and its run would end."""
    for folder in [name for name in converter.assignments if "\n" in name]:
        converter.log.error("%s: left out, for the line end in its name; rename it.", ascii(folder))
        del converter.assignments[folder]


def put_current_folder_last() -> None:
    """Move the current folder to the end of the module search path.

    nbgrader puts the course folder first, so that plugins in it are found. They still are, but a
    `numpy.py` in the course no longer hides the installed NumPy from what is imported later.
    """
    folder = str(Path.cwd())
    if folder in sys.path:
        sys.path[:] = [*(path for path in sys.path if path != folder), folder]


class SubmissionExporter(NotebookExporter):
    """Reads submissions for nbgrader's `Autograde`: `c.Autograde.exporter_class`."""

    engine_class = DottedObjectName(
        "nbgrader_isolate.grading.engine.Engine", help="What runs rebuilt notebooks."
    ).tag(config=True)
    sandbox = Unicode(
        "auto",
        help="The sandbox of students' code: auto, bwrap, landlock or none.",
    ).tag(config=True)

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - of nbconvert
        put_current_folder_last()
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]
        self.run = Run(self.parent, self._engine)
        leave_out_line_ends(self.parent)

    def _engine(self, limits: Limits) -> Engine:
        values = tuple(getattr(limits, name) for name in sorted(limits.traits(config=True)))
        key = (self.engine_class, self.sandbox, values)
        if key not in _engines:
            engine = import_item(self.engine_class)(limits, self.sandbox)
            _engines[key] = engine
            atexit.register(engine.close)
        return _engines[key]

    def from_filename(
        self,
        filename: str,
        resources: dict[str, Any] | None = None,
        **kw: Any,  # noqa: ANN401 - of nbconvert
    ) -> tuple[Any, dict[str, Any]]:
        """Convert a notebook; a submitted one is not read here, but by the preprocessor `Rebuild`."""
        if Path(filename).parent == Path(self._graded_folder(resources or {})):
            made = super().from_filename(filename, resources=resources, **kw)
            return made[0], made[1]
        made = self.from_notebook_node(new_notebook(), resources=resources, **kw)  # type: ignore[no-untyped-call]
        return made[0], made[1]

    def _graded_folder(self, resources: dict[str, Any]) -> str:
        names = resources["nbgrader"]
        step = self.run.course.autograded_directory
        path: str = self.run.course.format_path(step, names["student"], names["assignment"])
        return path
