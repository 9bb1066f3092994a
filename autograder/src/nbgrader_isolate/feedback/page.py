"""A feedback page: what each test said, comments, then the notebook. One file, no script, nothing from elsewhere."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from nbgrader_isolate.core.models import IN_PROCESS, METADATA, NotebookJSON
from nbgrader_isolate.feedback.hidden_tests import Marks, without_hidden_tests
from nbgrader_isolate.feedback.highlight import coloured
from nbgrader_isolate.feedback.markdown import MOST, as_written, render
from nbgrader_isolate.grading.score import OUTCOME_MESSAGES
from nbgrader_isolate.notebook.sanitize import displayable, inert, is_student_cell, join_text

Json = dict[str, Any]

OUTPUT_BYTES = 20_000
"""Text of one cell's outputs on a page, in bytes."""
YOURS = {"code": "Your code", "markdown": "Your text"}
UNPROTECTED = "This test ran in the same process as your code."
PARTIAL = "The test gives points for each part; some parts are not right yet."
UNREAD = "not-graded"
"""Id of the cell that says, in a graded notebook, why there is nothing to grade; a page says it on top."""
LINES, SIGNS = 12, 800
"""Of a message, among the results; the rest of a longer one is shown below its test."""
TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Marked:
    """The points of a cell, and its messages.

    Parameters
    ----------
    name : str
        The grade_id.
    score : float or None
        None: nobody has marked it yet.
    points : float
        The most it gives.
    message : str
        What the test said of a wrong answer.
    comment : Markup
        What the instructor wrote.
    kind : str
        "Test" or "Answer".
    note : str
    cut : bool
        The message is the beginning of a longer one, which is shown below the test.
    """

    name: str
    score: float | None
    points: float
    message: str
    comment: Markup
    kind: str
    note: str = ""
    cut: bool = False

    @property
    def result(self) -> str:
        """A word for the points."""
        if self.score is None:
            return "to be marked"
        if self.score >= self.points:
            return "right"
        return "in part" if self.score > 0 else "not yet"


@dataclass(frozen=True)
class Shown:
    """A cell as the page shows it: who wrote it, HTML of its source, its outputs."""

    label: str
    source: Markup
    text: bool
    outputs: list[Json]
    marked: Marked | None


@dataclass(frozen=True)
class Totals:
    """Points of a whole notebook, as the gradebook has them."""

    score: float
    max_score: float
    late_penalty: float = 0.0


def page(
    notebook: NotebookJSON, title: str, totals: Totals, marks: Marks | None = None, folder: str = ""
) -> str:
    """Return the feedback on one notebook as an HTML page.

    Parameters
    ----------
    notebook : NotebookJSON
        Autograded; `metadata.nbgrader` of its marked cells holds `score`, `points` and `comment`.
    title : str
        Assignment and notebook.
    totals : Totals
    marks : Marks, optional
        What begins and ends hidden tests.
    folder : str
        Where the notebook lies, for pictures in the instructor's text.
    """
    safe = without_hidden_tests(inert(notebook, OUTPUT_BYTES), marks)
    language = safe["metadata"].get("language_info", {}).get("name", "python")
    long = sum(len(cell["source"]) for cell in safe["cells"] if _is_students_text(cell)) > MOST
    given = accumulate((len(cell["source"]) for cell in safe["cells"]), initial=0)
    cells = [
        _cell(cell, language, folder, before, long=long)
        for cell, before in zip(safe["cells"], given, strict=False)
        if cell.get("id") != UNREAD
    ]
    made: str = _template().render(
        title=displayable(title),
        totals=totals,
        notes=[
            displayable(join_text(message))
            for message in safe["metadata"].get(METADATA, {}).get("messages", [])
        ],
        cells=cells,
        marked=[cell.marked for cell in cells if cell.marked],
        css=Markup((TEMPLATES / "feedback.css").read_text("utf-8")),  # noqa: S704 - our own file
    )
    return made


@functools.cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["points"] = lambda value: f"{float(value):.6g}"
    return environment.get_template("feedback.html.j2")


def _is_students_text(cell: Json) -> bool:
    return cell["cell_type"] != "code" and is_student_cell(cell)


def _cell(cell: Json, language: str, folder: str, before: int, *, long: bool) -> Shown:
    text = cell["cell_type"] != "code"
    marked = _marked(cell)
    outputs = cell.get("outputs", [])
    if marked and marked.message and not marked.cut:
        outputs = [output for output in outputs if not _says_the_same(output)]
    return Shown(
        label=_label(cell),
        source=_text(cell, folder, long=long)
        if text
        else coloured(cell["source"], language, before),
        text=text,
        outputs=outputs,
        marked=marked,
    )


def _says_the_same(output: Json) -> bool:
    """Whether an error tells no more than its message: no line of source is left in its traceback."""
    return output["output_type"] == "error" and not any(
        line.startswith("---->") or "-> " in line for line in output["traceback"]
    )


def _label(cell: Json) -> str:
    nbgrader = cell["metadata"].get("nbgrader", {})
    if is_student_cell(cell):
        return "Your answer" if nbgrader.get("solution") else YOURS[cell["cell_type"]]
    return "Test" if nbgrader.get("grade") and cell["cell_type"] == "code" else ""


def _text(cell: Json, folder: str, *, long: bool) -> Markup:
    ours = not is_student_cell(cell)
    if long and not ours:
        return Markup(as_written(cell["source"]))  # noqa: S704 - escaped there
    attachments = cell.get("attachments")
    made = render(cell["source"], trusted=ours, attachments=attachments, below=2, folder=folder)
    return Markup(made)  # noqa: S704 - cleaned there


def _marked(cell: Json) -> Marked | None:
    nbgrader = cell["metadata"].get("nbgrader", {})
    if not (nbgrader.get("grade") or nbgrader.get("task") or nbgrader.get("comment")):
        return None
    record = cell["metadata"].get(METADATA, {})
    test = cell["cell_type"] == "code" and not nbgrader.get("solution")
    score, points = nbgrader.get("score"), float(nbgrader.get("points") or 0)
    lost = score is None or score < points
    message = message_of(cell) if test and lost else ""
    short = beginning(message)
    return Marked(
        name=str(nbgrader.get("grade_id", "")),
        score=score,
        points=points,
        message=short,
        cut=short != message,
        comment=Markup(render(nbgrader.get("comment") or "", below=6)),  # noqa: S704 - cleaned there
        kind="Test" if test else "Answer",
        note=UNPROTECTED if record.get("mode") == IN_PROCESS else "",
    )


def beginning(message: str) -> str:
    """Return a message, or as much of a long one as leaves the other results in sight."""
    lines = message.split("\n")
    short = "\n".join(lines[:LINES])[:SIGNS]
    return message if short == message else f"{short.rstrip()} …"


def message_of(cell: Json) -> str:
    """Return what a test said of a wrong answer: expected, got, hint; or the error that stopped it.

    Parameters
    ----------
    cell : dict
        A grade cell without its hidden tests.
    """
    said = [
        _error_text(output)
        for output in cell.get("outputs", [])
        if output["output_type"] == "error"
    ]
    recorded = join_text(cell["metadata"].get(METADATA, {}).get("message", ""))
    message = next((text for text in [*said, displayable(recorded).strip()] if text), "")
    outcome = cell["metadata"].get(METADATA, {}).get("outcome")
    if outcome == "passed" and not message:
        return PARTIAL
    return message or OUTCOME_MESSAGES.get(outcome, "The test did not pass, and says no more.")


def _error_text(output: Json) -> str:
    name, value = output["ename"], output["evalue"].strip()
    return value if name == "AssertionError" else f"{name}: {value}".strip(": ")
