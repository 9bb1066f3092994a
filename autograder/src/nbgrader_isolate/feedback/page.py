"""A feedback page: the result of each test, comments, then the notebook.

A page is one file without scripts, and it loads nothing from elsewhere.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from nbgrader_isolate.core.models import METADATA, NotebookJSON
from nbgrader_isolate.feedback.hidden_tests import HiddenTestDelimiters, without_hidden_tests
from nbgrader_isolate.feedback.highlight import highlight_source
from nbgrader_isolate.feedback.markdown import MAX_NOTEBOOK_LENGTH, as_preformatted, render
from nbgrader_isolate.gradebook.rows import UNPROTECTED_COMMENT
from nbgrader_isolate.grading.score import outcome_message
from nbgrader_isolate.notebook.safe_text import displayable, join_text
from nbgrader_isolate.notebook.sanitize import NOT_GRADED_ID, inert, is_student_cell

Json = dict[str, Any]

OUTPUT_BYTES = 20_000
"""Text of one cell's outputs on a page, in bytes."""
STUDENT_LABELS = {"code": "Your code", "markdown": "Your text"}
PARTIAL = "The test gives points for each part; some parts are not right yet."
NO_MESSAGE = "The test did not pass, and it gave no message."
NOT_RUN = {"missing", "unreadable"}
"""Statuses of notebooks whose tests were not run."""
PLACE = re.compile(r"\([^()]*, (line \d{1,6})\)")
"""Where a cell is not Python, with a file name that says nothing to a student."""
UNNAMED_ERRORS = {
    "AssertionError",
    "CallTimeoutError",
    "ContractError",
    "Failure",
    "PeerGoneError",
    "RefusedError",
    "TooLargeError",
    "UngradableError",
}
"""Errors whose message says all; the names of our own mean nothing to students."""
LINE_OF_TEST = re.compile(r"\bline (\d{1,6}) of the test\b")
MAX_LINES, MAX_CHARACTERS = 12, 800
"""Length of a message among the results; a longer one is shown in full below its test."""
TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class CellResult:
    """The points of a cell, with messages and comments.

    Parameters
    ----------
    name : str
        The grade_id.
    score : float or None
        None if nobody has graded it yet.
    points : float
        The maximum.
    message : str
        The message of the test about a wrong answer.
    comment : Markup
        The instructor's comment.
    kind : str
        "Test" or "Answer".
    shortened : bool
        Whether the message is only the beginning of a longer one, shown in full below the test.
    """

    name: str
    score: float | None
    points: float
    message: str
    comment: Markup
    kind: str
    shortened: bool = False

    @property
    def verdict(self) -> str:
        """The points in words."""
        if self.score is None:
            return "not graded yet"
        if self.score >= self.points:
            return "right"
        return "partly right" if self.score > 0 else "not yet right"


@dataclass(frozen=True)
class ShownCell:
    """A cell as the page shows it: who wrote it, its source as HTML, its outputs."""

    label: str
    source: Markup
    text: bool
    outputs: list[Json]
    result: CellResult | None


@dataclass(frozen=True)
class Totals:
    """The points of a whole notebook in the gradebook; `waiting` are those nobody has graded."""

    score: float
    max_score: float
    late_penalty: float = 0.0
    waiting: float = 0.0


def page(
    notebook: NotebookJSON,
    title: str,
    totals: Totals,
    delimiters: HiddenTestDelimiters | None = None,
    folder: str = "",
) -> str:
    """Return the feedback on one notebook as an HTML page.

    Parameters
    ----------
    notebook : NotebookJSON
        Autograded; `metadata.nbgrader` of its graded cells has `score`, `points` and `comment`. Its
        own metadata has the messages and the status of the last run. The tests of a notebook that
        is missing or cannot be read were not run, so they have no results.
    title : str
        Assignment and notebook.
    totals : Totals
    delimiters : HiddenTestDelimiters, optional
        The delimiters of hidden tests.
    folder : str
        The folder of the notebook, for images in the instructor's text.
    """
    safe = without_hidden_tests(inert(notebook, OUTPUT_BYTES), delimiters)
    language = safe["metadata"].get("language_info", {}).get("name", "python")
    student_text = sum(len(cell["source"]) for cell in safe["cells"] if _is_student_text(cell))
    long = student_text > MAX_NOTEBOOK_LENGTH
    lengths_before = accumulate((len(cell["source"]) for cell in safe["cells"]), initial=0)
    shown = [
        _with_line_of_bare_assert(cell, join_text(original["source"]))
        for cell, original in zip(safe["cells"], notebook["cells"], strict=True)
    ]
    cells = [
        _shown_cell(cell, language, folder, before, long=long)
        for cell, before in zip(shown, lengths_before, strict=False)
        if cell.get("id") != NOT_GRADED_ID
    ]
    noted = safe["metadata"].get(METADATA, {})
    ran = noted.get("status") not in NOT_RUN
    html: str = _template().render(
        title=displayable(title),
        totals=totals,
        messages=[displayable(join_text(message)) for message in noted.get("messages", [])],
        cells=cells,
        results=[
            cell.result if ran else replace(cell.result, message="")
            for cell in cells
            if cell.result and (ran or cell.result.score or cell.result.comment)
        ],
        heading="The notebook as it ran" if ran else "The notebook of this assignment",
        css=Markup((TEMPLATES / "feedback.css").read_text("utf-8")),  # noqa: S704 - our own file
    )
    return html


def template_environment() -> Environment:
    """Return what reads the templates of pages; it escapes all texts."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@functools.cache
def _template() -> Template:
    environment = template_environment()
    environment.filters["points"] = lambda value: f"{float(value):.6g}"
    return environment.get_template("feedback.html.j2")


def _with_line_of_bare_assert(cell: Json, original: str) -> Json:
    """Return a cell whose failed assertion without a message says which line failed.

    Parameters
    ----------
    cell : dict
        Without its hidden tests.
    original : str
        Its source with them. If there are any, the number of a line would not be that of the page.
    """
    lines = cell["source"].split("\n")
    if original.rstrip() != cell["source"].rstrip():
        return cell
    outputs = [_naming_line(output, lines) for output in cell.get("outputs", [])]
    return cell | {"outputs": outputs} if outputs else cell


def _naming_line(output: Json, lines: list[str]) -> Json:
    bare = output["output_type"] == "error" and output["ename"] == "AssertionError"
    place = LINE_OF_TEST.search("\n".join(output["traceback"])) if bare else None
    if not place or output["evalue"].strip() not in ("", "AssertionError"):
        return output
    number = int(place[1])
    text = lines[number - 1].strip() if 0 < number <= len(lines) else ""
    return output | {"evalue": f"Line {number} of the test failed: {text}".rstrip(": ")}


def _is_student_text(cell: Json) -> bool:
    return cell["cell_type"] != "code" and is_student_cell(cell)


def _shown_cell(cell: Json, language: str, folder: str, before: int, *, long: bool) -> ShownCell:
    text = cell["cell_type"] != "code"
    result = _result_of(cell)
    outputs = cell.get("outputs", [])
    if result and result.kind == "Test" and result.message and not result.shortened:
        outputs = [output for output in outputs if not _only_repeats_message(output)]
    return ShownCell(
        label=_label(cell),
        source=_text(cell, folder, long=long)
        if text
        else highlight_source(cell["source"], language, before),
        text=text,
        outputs=outputs,
        result=result,
    )


def _only_repeats_message(output: Json) -> bool:
    """Return whether an error adds nothing to its message: its traceback has no line of source."""
    return output["output_type"] == "error" and not any(
        line.startswith("---->") or "-> " in line for line in output["traceback"]
    )


def _label(cell: Json) -> str:
    nbgrader = cell["metadata"].get("nbgrader", {})
    if is_student_cell(cell):
        return "Your answer" if nbgrader.get("solution") else STUDENT_LABELS[cell["cell_type"]]
    return "Test" if nbgrader.get("grade") and cell["cell_type"] == "code" else ""


def _text(cell: Json, folder: str, *, long: bool) -> Markup:
    trusted = not is_student_cell(cell)
    if long and not trusted:
        return Markup(as_preformatted(cell["source"]))  # noqa: S704 - escaped there
    html = render(
        cell["source"],
        trusted=trusted,
        attachments=cell.get("attachments"),
        heading_level=2,
        folder=folder,
    )
    return Markup(html)  # noqa: S704 - cleaned there


def _result_of(cell: Json) -> CellResult | None:
    nbgrader = cell["metadata"].get("nbgrader", {})
    written = nbgrader.get("comment") or ""
    if isinstance(written, str) and written.startswith(UNPROTECTED_COMMENT):
        written = ""  # it would tell students where a test can be fooled
    stopped = _stopped(cell)
    if not (nbgrader.get("grade") or nbgrader.get("task") or written or stopped):
        return None
    is_test = cell["cell_type"] == "code" and not nbgrader.get("solution")
    score, points = nbgrader.get("score"), float(nbgrader.get("points") or 0)
    lost_points = score is None or score < points
    message = message_of(cell) if is_test and lost_points else stopped
    short = shortened(message)
    comment = render(written, heading_level=6)
    return CellResult(
        name=str(nbgrader.get("grade_id", "")),
        score=score,
        points=points,
        message=short,
        shortened=short != message,
        comment=Markup(comment),  # noqa: S704 - cleaned there
        kind="Test" if is_test else "Answer",
    )


def _stopped(cell: Json) -> str:
    """Return with which error an answer ended; its tests may only say that a name is missing."""
    if not (is_student_cell(cell) and cell["metadata"].get("nbgrader", {}).get("solution")):
        return ""
    errors = [o for o in cell.get("outputs", []) if o["output_type"] == "error"]
    if not errors:
        return ""
    said = PLACE.sub(r"(\1)", _error_text(errors[0]) or "AssertionError")
    return f"This cell ended with an error: {said}"


def shortened(message: str) -> str:
    """Return a message, or the beginning of a long one so that the other results stay in sight."""
    lines = message.split("\n")
    short = "\n".join(lines[:MAX_LINES])[:MAX_CHARACTERS]
    return message if short == message else f"{short.rstrip()} …"


def message_of(cell: Json) -> str:
    """Return what a test says about a wrong answer, or the error that stopped it.

    Parameters
    ----------
    cell : dict
        A grade cell without its hidden tests.
    """
    errors = [
        _error_text(output)
        for output in cell.get("outputs", [])
        if output["output_type"] == "error"
    ]
    record = cell["metadata"].get(METADATA, {})
    recorded = displayable(join_text(record.get("message", ""))).strip()
    message = next((text for text in [*errors, recorded] if text), "")
    outcome = record.get("outcome")
    if outcome == "passed" and not message:
        return PARTIAL
    return outcome_message(outcome, message) if outcome else message or NO_MESSAGE


def _error_text(output: Json) -> str:
    name, value = output["ename"], output["evalue"].strip()
    return value if name in UNNAMED_ERRORS else f"{name}: {value}".strip(": ")
