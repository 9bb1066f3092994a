"""Feedback as HTML, one page a notebook, where nbgrader's `release_feedback` expects it.

`FeedbackExporter` brings it to `nbgrader generate_feedback` and the formgrader's button; `write_feedback` is what
`python -m nbgrader_isolate feedback` does, with one gradebook session and each page written whole or not at all.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbconvert.exporters import Exporter

from nbgrader_isolate.core import atomic
from nbgrader_isolate.core.errors import Exit, GraderError
from nbgrader_isolate.core.models import METADATA, STATE, NotebookJSON
from nbgrader_isolate.core.text import printable
from nbgrader_isolate.feedback.hidden_tests import BEGIN, END, Marks
from nbgrader_isolate.feedback.page import Totals, page
from nbgrader_isolate.gradebook.course import (
    SUBMISSION_SECRET,
    TIMESTAMP,
    Course,
    parse_timestamp,
    read_small_file,
    read_timestamp,
)
from nbgrader_isolate.gradebook.database import open_existing
from nbgrader_isolate.gradebook.results import ResultStore, student_messages

if TYPE_CHECKING:
    from nbformat import NotebookNode
    from nbgrader.api import SubmittedAssignment, SubmittedNotebook
    from traitlets.config import Config

FILE_MODE = 0o644
SHARED_MODE = 0o664


def marks_of(config: Config) -> Marks:
    """Return what begins and ends hidden tests in a course: nbgrader's words, or those of `c.ClearHiddenTests`."""
    settings = config.get("ClearHiddenTests", {})
    return Marks(
        str(settings.get("begin_test_delimeter", BEGIN)),
        str(settings.get("end_test_delimeter", END)),
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
            nbgrader's; its `GetGrades` (a preprocessor) puts scores and comments there and into the cells.
        """
        notebook, resources = super().from_notebook_node(nb, resources, **kw)
        names = resources["nbgrader"]
        totals = Totals(names["score"], names["max_score"], names["late_penalty"] or 0.0)
        title = f"{names['assignment']}: {names['notebook']}"
        folder = resources.get("metadata", {}).get("path", "")
        converter: Any = self.parent
        state = Path(converter.coursedir.root) / STATE
        told = messages(state, names["assignment"], names["student"])
        notebook.metadata[METADATA] = {"messages": told.get(names["notebook"], [])}
        resources["outputs"] = self._for_release(names["student"], names["assignment"])
        return page(notebook, title, totals, marks_of(self.config), folder), resources

    def _for_release(self, student: str, assignment: str) -> dict[str, bytes]:
        """Return what nbgrader has not copied and its `release_feedback` needs; nbconvert writes it beside the page."""
        converter: Any = self.parent
        course = converter.coursedir
        submitted, target = (
            Path(course.format_path(step, student, assignment))
            for step in (course.submitted_directory, course.feedback_directory)
        )
        return for_release(submitted, target)


def messages(state: Path, assignment: str, student: str) -> dict[str, list[str]]:
    """Return what the last run had to say of a student's notebooks, by notebook, each sentence once."""
    rows = ResultStore(state, assignment).load(student)
    return {row["notebook"]: student_messages(row) for row in rows}


def for_release(submitted: Path, target: Path) -> dict[str, bytes]:
    """Return the files without which nbgrader's `release_feedback` stops for the whole class.

    Parameters
    ----------
    submitted, target : Path
        Folders of the submission and of its feedback.

    Returns
    -------
    dict of str to bytes
        The submission's own, where they are small plain files and the stamp names a time. For one that did not come through the exchange, and has
        none, an empty time stamp and a secret that nobody knows: its feedback is released to nobody.
    """
    missing = {TIMESTAMP: b"", SUBMISSION_SECRET: secrets.token_hex(16).encode()}
    found = {
        TIMESTAMP: readable_stamp(submitted),
        SUBMISSION_SECRET: read_small_file(submitted, SUBMISSION_SECRET),
    }
    return {
        name: found[name] or instead
        for name, instead in missing.items()
        if found[name] or not (target / name).exists()
    }


def readable_stamp(submitted: Path) -> bytes | None:
    """Return a submission's time stamp if it names a time: at another, nbgrader's next run stops."""
    stamp = read_timestamp(submitted)
    try:
        parse_timestamp(stamp)
    except ValueError:
        return None
    return stamp


def write_feedback(
    course: Course,
    assignment: str,
    students: Collection[str],
    *,
    force: bool,
    tell: Callable[[str], None],
) -> Exit:
    """Write the feedback pages of an assignment, one submission after another.

    All pages are written, with or without `force`: marks and comments may have changed since the last time.

    Parameters
    ----------
    course : Course
    assignment : str
    students : collection of str
        Only these; empty: all.
    force : bool
        Accepted, as nbgrader does.
    tell : callable
        Takes a line for the person who waits.

    Returns
    -------
    Exit
        `INCOMPLETE` if a page could not be written; `tell` says which and why.

    Raises
    ------
    GraderError
        If the gradebook has no such submission.
    """
    del force
    troubles = pages = 0
    with open_existing(course, tell) as gradebook:
        found = [
            one
            for one in gradebook.assignment_submissions(assignment)
            if not students or one.student_id in students
        ]
        if not found:
            raise GraderError(
                f"{assignment}: the gradebook of {course.root} has no submission of it."
            )
        for submission in found:
            try:
                pages += sum(1 for _ in _pages(course, submission))
            except Exception as error:  # noqa: BLE001 - one submission never stops the others
                troubles += 1
                tell(
                    f"{printable(submission.student_id)}: no feedback: {printable(str(error), 300)}"
                )
    where = course.directory.feedback_directory
    tell(f"{pages} pages for {len(found) - troubles} students in {where}/.")
    return Exit.INCOMPLETE if troubles else Exit.DONE


def _pages(course: Course, submission: SubmittedAssignment) -> Iterator[Path]:
    """Write the pages of one submission."""
    student, assignment = submission.student_id, submission.name
    graded = course.folder("autograded", student, assignment)
    target = course.folder("feedback", student, assignment)
    marks = marks_of(course.config)
    mode = SHARED_MODE if course.directory.groupshared else FILE_MODE
    told = messages(course.state, assignment, student)
    target.mkdir(parents=True, exist_ok=True)
    for one in submission.notebooks:
        file = graded / f"{one.name}.ipynb"
        notebook = json.loads(file.read_bytes()) if file.is_file() else {"cells": []}
        notebook["metadata"] = notebook.get("metadata", {}) | {
            METADATA: {"messages": told.get(one.name, [])}
        }
        _with_grades(notebook, one)
        html = page(notebook, f"{assignment}: {one.name}", _totals(one), marks, str(graded))
        yield atomic.write_atomically(
            target / f"{one.name}.html", html.encode("utf-8", "replace"), mode
        )
    submitted = course.folder("submitted", student, assignment)
    for name, data in for_release(submitted, target).items():
        atomic.write_atomically(target / name, data, mode)


def _totals(one: SubmittedNotebook) -> Totals:
    late = one.late_submission_penalty or 0.0
    return Totals(one.score - late, one.max_score, late)


def _with_grades(notebook: NotebookJSON, one: SubmittedNotebook) -> None:
    """Put scores and comments of the gradebook into the cells, as nbgrader's `GetGrades` does."""
    grades = {grade.name: grade for grade in one.grades}
    comments = {comment.name: comment.comment for comment in one.comments}
    for cell in notebook["cells"]:
        marks = cell["metadata"].get("nbgrader", {})
        name = marks.get("grade_id")
        if name in grades:
            marks["score"], marks["points"] = grades[name].score, grades[name].max_score
        if comments.get(name):
            marks["comment"] = comments[name]
