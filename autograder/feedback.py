"""Feedback as HTML, one page a notebook, where nbgrader's `release_feedback` expects it.

`FeedbackExporter` brings it to `nbgrader generate_feedback` and the formgrader's button; `write_feedback` is what
`python -m autograder feedback` does, with one gradebook session and each page written whole or not at all.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from nbconvert.exporters import Exporter

from .hidden import BEGIN, END, Marks
from .page import Totals, page

if TYPE_CHECKING:
    from nbformat import NotebookNode
    from nbgrader.api import Gradebook, SubmittedAssignment, SubmittedNotebook
    from nbgrader.coursedir import CourseDirectory
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
        return page(notebook, title, totals, marks_of(self.config), folder), resources


@dataclass(frozen=True)
class Written:
    """What came of one submission: the pages, or why there is none."""

    student: str
    pages: list[Path]
    trouble: str = ""


def write_feedback(
    course: CourseDirectory,
    gradebook: Gradebook,
    assignment: str,
    chosen: Callable[[str], bool] = lambda _: True,
) -> Iterator[Written]:
    """Write the feedback pages of an assignment, one submission after another.

    Parameters
    ----------
    course : nbgrader.coursedir.CourseDirectory
        Its configuration says what marks hidden tests.
    gradebook : nbgrader.api.Gradebook
    assignment : str
    chosen : callable
        Takes a student's name; False leaves the student out.

    Yields
    ------
    Written
        Of each graded submission. What goes wrong with one is said, and the others are written.
    """
    marks = marks_of(course.config)
    for submission in gradebook.assignment_submissions(assignment):
        if not chosen(submission.student_id):
            continue
        try:
            pages = list(_pages(course, submission, marks))
        except Exception as error:  # noqa: BLE001 - one submission never stops the others
            yield Written(submission.student_id, [], f"{type(error).__name__}: {error}")
        else:
            yield Written(submission.student_id, pages)


def _pages(
    course: CourseDirectory, submission: SubmittedAssignment, marks: Marks
) -> Iterator[Path]:
    student, assignment = submission.student_id, submission.name
    graded = Path(course.format_path(course.autograded_directory, student, assignment))
    target = Path(course.format_path(course.feedback_directory, student, assignment))
    mode = SHARED_MODE if course.groupshared else FILE_MODE
    for one in submission.notebooks:
        file = graded / f"{one.name}.ipynb"
        if not file.is_file():
            continue
        notebook = nbformat.read(file, as_version=4)
        _with_grades(notebook, one)
        html = page(notebook, f"{assignment}: {one.name}", _totals(one), marks, str(graded))
        yield _write(target / f"{one.name}.html", html, mode)


def _totals(one: SubmittedNotebook) -> Totals:
    late = one.late_submission_penalty or 0.0
    return Totals(one.score - late, one.max_score, late)


def _with_grades(notebook: NotebookNode, one: SubmittedNotebook) -> None:
    """Put scores and comments of the gradebook into the cells, as nbgrader's `GetGrades` does."""
    grades = {grade.name: grade for grade in one.grades}
    comments = {comment.name: comment.comment for comment in one.comments}
    for cell in notebook.cells:
        marks = cell.metadata.get("nbgrader", {})
        name = marks.get("grade_id")
        if name in grades:
            marks["score"], marks["points"] = grades[name].score, grades[name].max_score
        if comments.get(name):
            marks["comment"] = comments[name]


def _write(file: Path, text: str, mode: int) -> Path:
    """Write a file, whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as stream:
            stream.write(text)
        beside = Path(name)
        beside.chmod(mode)
        return beside.replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
