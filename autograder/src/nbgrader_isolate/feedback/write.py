"""Write feedback as HTML, one page per notebook, where nbgrader's `release_feedback` expects it.

`FeedbackExporter` is for `nbgrader generate_feedback` and the formgrader's button. `write_feedback`
is for `nbgrader-isolate feedback`; it uses one gradebook session and writes each page atomically.
"""

from __future__ import annotations

import json
import os
import secrets
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbconvert.exporters import Exporter

from nbgrader_isolate.core import atomic
from nbgrader_isolate.core.errors import Exit, GraderError
from nbgrader_isolate.core.models import METADATA, STATE, NotebookJSON
from nbgrader_isolate.core.text import counted, printable
from nbgrader_isolate.feedback.hidden_tests import BEGIN, END, MARKS, HiddenTestDelimiters
from nbgrader_isolate.feedback.page import Totals, page
from nbgrader_isolate.gradebook.course import (
    SUBMISSION_SECRET,
    TIMESTAMP,
    Course,
    read_small_file,
    read_timestamp,
)
from nbgrader_isolate.gradebook.database import open_existing
from nbgrader_isolate.gradebook.results import ResultStore, student_messages
from nbgrader_isolate.gradebook.rows import is_waiting

if TYPE_CHECKING:
    from nbformat import NotebookNode
    from nbgrader.api import SubmittedAssignment, SubmittedNotebook
    from traitlets.config import Config

FILE_MODE = 0o644
SHARED_MODE = 0o664


def delimiters_of(config: Config) -> HiddenTestDelimiters:
    """Return what a course puts around hidden tests and marking schemes.

    It is set in `c.ClearHiddenTests` and `c.ClearMarkScheme`.
    """
    settings, scheme = config.get("ClearHiddenTests", {}), config.get("ClearMarkScheme", {})
    return HiddenTestDelimiters(
        str(settings.get("begin_test_delimeter", BEGIN)),
        str(settings.get("end_test_delimeter", END)),
        (
            str(scheme.get("begin_mark_scheme_delimeter", MARKS[0])),
            str(scheme.get("end_mark_scheme_delimeter", MARKS[1])),
        ),
    )


class FeedbackExporter(Exporter):
    """Writes the feedback page of a notebook for nbgrader: `c.GenerateFeedback.exporter_class`."""

    output_mimetype = "text/html"

    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(
        self,
        nb: NotebookNode,
        resources: dict[str, Any] | None = None,
        **kw: Any,  # noqa: ANN401
    ) -> tuple[Any, dict[str, Any]]:
        """Return the page of an autograded notebook.

        Parameters
        ----------
        nb : NotebookNode
        resources : dict
            nbgrader's. Its preprocessor `GetGrades` puts scores and comments there and into the
            cells.
        """
        notebook, resources = super().from_notebook_node(nb, resources, **kw)
        names = resources["nbgrader"]
        totals = Totals(names["score"], names["max_score"], names["late_penalty"] or 0.0)
        title = f"{names['assignment']}: {names['notebook']}"
        folder = resources.get("metadata", {}).get("path", "")
        converter: Any = self.parent
        state = Path(converter.coursedir.root) / STATE
        notes = notes_by_notebook(state, names["assignment"], names["student"])
        notebook.metadata[METADATA] = notes.get(names["notebook"], {})
        totals = replace(totals, waiting=_mark_waiting_cells(notebook, names))
        resources["outputs"] = self._release_files(names["student"], names["assignment"])
        return page(notebook, title, totals, delimiters_of(self.config), folder), resources

    def _release_files(self, student: str, assignment: str) -> dict[str, bytes]:
        """Return files for `release_feedback`; nbconvert writes them beside the page."""
        converter: Any = self.parent
        course = converter.coursedir
        submitted, target = (
            Path(course.format_path(step, student, assignment))
            for step in (course.submitted_directory, course.feedback_directory)
        )
        return release_files(submitted, target)


def notes_by_notebook(state: Path, assignment: str, student: str) -> dict[str, dict[str, Any]]:
    """Return what the last run noted of a student's notebooks: messages, and the status."""
    rows = ResultStore(state, assignment).load(student)
    return {
        row["notebook"]: {"messages": student_messages(row), "status": row["status"]}
        for row in rows
    }


def _mark_waiting_cells(notebook: NotebookNode, names: Mapping[str, Any]) -> float:
    """Take the score 0 from cells that nobody has graded yet; return the points of these cells.

    nbgrader's `GetGrades` gives them that score.
    """
    from nbgrader.api import Gradebook

    with Gradebook(names["db_url"]) as gradebook:
        row = gradebook.find_submission_notebook(
            names["notebook"], names["assignment"], names["student"]
        )
        waiting = {grade.name: grade.max_score for grade in row.grades if is_waiting(grade)}
    for cell in notebook.cells:
        nbgrader = cell.metadata.get("nbgrader", {})
        if nbgrader.get("grade_id") in waiting:
            nbgrader["score"] = None
    return float(sum(waiting.values()))


def release_files(submitted: Path, target: Path) -> dict[str, bytes]:
    """Return the files without which nbgrader's `release_feedback` stops for the whole class.

    Parameters
    ----------
    submitted, target : Path
        Folders of the submission and of its feedback.

    Returns
    -------
    dict of str to bytes
        The submission's own files if they are small regular files and the timestamp is a time. A
        submission that did not come through the exchange has none; it gets an empty timestamp and a
        secret that nobody knows, so its feedback is released to nobody.
    """
    defaults = {TIMESTAMP: b"", SUBMISSION_SECRET: secrets.token_hex(16).encode()}
    own = {
        TIMESTAMP: valid_timestamp(submitted),
        SUBMISSION_SECRET: read_small_file(submitted, SUBMISSION_SECRET),
    }
    return {
        name: own[name] or default
        for name, default in defaults.items()
        if own[name] or not (target / name).exists()
    }


def valid_timestamp(submitted: Path) -> bytes | None:
    """Return a submission's timestamp if it is a time; any other would stop nbgrader's next run."""
    from nbgrader.utils import parse_utc

    timestamp = read_timestamp(submitted)
    if timestamp is None:
        return None
    try:
        with warnings.catch_warnings(action="ignore"):
            parse_utc(timestamp.decode().strip())
    except (ValueError, OverflowError, TypeError):
        return None
    return timestamp


def write_feedback(
    course: Course,
    assignment: str,
    students: Collection[str],
    *,
    force: bool,
    tell: Callable[[str], None],
) -> Exit:
    """Write the feedback pages of an assignment, one submission after another.

    All pages are written, with or without `force`, because scores and comments may have changed.

    Parameters
    ----------
    course : Course
    assignment : str
    students : collection of str
        Only these; empty means all.
    force : bool
        Has no effect; nbgrader's command has the same option.
    tell : callable
        Is given a line for the person who waits.

    Returns
    -------
    Exit
        `INCOMPLETE` if a page could not be written; `tell` is told which one and why.

    Raises
    ------
    GraderError
        If the gradebook has no such submission, or no page can be written at all.
    """
    del force
    failed = pages = waiting = 0
    check_writable(Path(course.root, course.directory.feedback_directory))
    with open_existing(course, tell) as gradebook:
        submissions = [
            submission
            for submission in gradebook.assignment_submissions(assignment)
            if not students or submission.student_id in students
        ]
        if not submissions:
            raise GraderError(
                f"{assignment}: the gradebook of {course.root} has no submission for it."
            )
        for submission in submissions:
            try:
                pages += sum(1 for _ in _write_pages(course, submission))
                waiting += any(is_waiting(g) for row in submission.notebooks for g in row.grades)
            except Exception as error:  # noqa: BLE001 - one submission never stops the others
                failed += 1
                name, reason = printable(submission.student_id), printable(str(error), 300)
                tell(f"{name}: the feedback could not be written: {reason}")
    folder = course.directory.feedback_directory
    done = len(submissions) - failed
    tell(f"{counted(pages, 'page')} for {counted(done, 'student')} in {folder}/.")
    if waiting:
        tell(
            f"{counted(waiting, 'student')} with points that a person has not given yet; their "
            f"pages say so. `nbgrader-isolate review {printable(assignment)}` lists them."
        )
    return Exit.INCOMPLETE if failed else Exit.DONE


def check_writable(folder: Path) -> None:
    """Check that something can be written in a folder, which need not exist.

    Raises
    ------
    GraderError
    """
    there = next(place for place in (folder, *folder.parents) if place.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        why = "you may not write there" if there.is_dir() else "it is not a folder"
        raise GraderError(
            f"{there}: {why}, so no feedback can be written; change that, or set another "
            "c.CourseDirectory.feedback_directory in nbgrader_config.py."
        )


def _write_pages(course: Course, submission: SubmittedAssignment) -> Iterator[Path]:
    """Write the pages of one submission."""
    student, assignment = submission.student_id, submission.name
    graded = course.folder("autograded", student, assignment)
    target = course.folder("feedback", student, assignment)
    delimiters = delimiters_of(course.config)
    mode = SHARED_MODE if course.directory.groupshared else FILE_MODE
    notes = notes_by_notebook(course.state, assignment, student)
    target.mkdir(parents=True, exist_ok=True)
    for row in submission.notebooks:
        file = graded / f"{row.name}.ipynb"
        notebook = json.loads(file.read_bytes()) if file.is_file() else {"cells": []}
        entry = {METADATA: notes.get(row.name, {})}
        notebook["metadata"] = notebook.get("metadata", {}) | entry
        _add_grades(notebook, row)
        html = page(notebook, f"{assignment}: {row.name}", _totals(row), delimiters, str(graded))
        data = html.encode("utf-8", "replace")
        yield atomic.write_atomically(target / f"{row.name}.html", data, mode)
    submitted = course.folder("submitted", student, assignment)
    for name, data in release_files(submitted, target).items():
        atomic.write_atomically(target / name, data, mode)


def _totals(row: SubmittedNotebook) -> Totals:
    penalty = row.late_submission_penalty or 0.0
    waiting = sum(grade.max_score for grade in row.grades if is_waiting(grade))
    return Totals(row.score - penalty, row.max_score, penalty, waiting)


def _add_grades(notebook: NotebookJSON, row: SubmittedNotebook) -> None:
    """Put scores and comments of the gradebook into the cells, as nbgrader's `GetGrades` does.

    A cell that waits for a person has no score, where `GetGrades` gives it 0 points.
    """
    grades = {grade.name: grade for grade in row.grades}
    comments = {comment.name: comment.comment for comment in row.comments}
    for cell in notebook["cells"]:
        nbgrader = cell["metadata"].get("nbgrader", {})
        name = nbgrader.get("grade_id")
        if name in grades:
            grade = grades[name]
            nbgrader["score"] = None if is_waiting(grade) else grade.score
            nbgrader["points"] = grade.max_score
        if comments.get(name):
            nbgrader["comment"] = comments[name]
