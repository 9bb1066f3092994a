"""In Jupyter a failed check shows its sentence first, and the traceback folded below; graders still
count it as a failure."""

from __future__ import annotations

import re
from collections.abc import Sequence

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from nbformat import NotebookNode
from nbgrader.utils import determine_grade

from course.core.paths import ROOT

pytestmark = pytest.mark.slow
IMPORT = "from checking import call"
ANSWER = "def half(x):\n    return x / unknown"
SENTENCE = "half(3) raised NameError: name 'unknown' is not defined."


def executed(*sources: str) -> list[NotebookNode]:
    """Run cells in a kernel, with `checking.py` beside them, and return those cells."""
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell(source) for source in (IMPORT, *sources)]
    resources = {"metadata": {"path": str(ROOT / "content" / "solutions")}}
    NotebookClient(
        notebook, allow_errors=True, kernel_name="python3", resources=resources
    ).execute()
    cells: list[NotebookNode] = notebook.cells[1:]
    return cells


@pytest.fixture(scope="module")
def failed() -> Sequence[NotebookNode]:
    """A check that an error in the answer fails, one that a wrong result fails, and two asserts."""
    wrong = 'assert 1 == 2, "expected <2>, got 1. Count again."'
    return executed(ANSWER, "call(half, 3)", wrong, "assert 1 == 2", "1 / 0", "call(print)")[1:]


def test_the_sentence_comes_first_and_the_traceback_is_folded_below(
    failed: Sequence[NotebookNode],
) -> None:
    error, folded = failed[0].outputs
    assert (error.ename, error.evalue) == ("AssertionError", SENTENCE)
    assert error.traceback == [f"AssertionError: {SENTENCE}"]
    assert folded.data["text/html"].startswith("<details><summary>Show the traceback</summary>")
    assert "----&gt; 2     return x / unknown" in folded.data["text/html"]
    assert "\n----> 2     return x / unknown\n" in folded.data["text/plain"]
    assert "checking.py" not in folded.data["text/plain"]


def test_each_sentence_has_a_line_and_is_not_html(failed: Sequence[NotebookNode]) -> None:
    error, folded = failed[1].outputs
    assert error.evalue == "expected <2>, got 1. Count again."
    assert error.traceback == ["AssertionError: expected <2>, got 1.\nCount again."]
    assert "<2>" not in folded.data["text/html"]
    assert "\x1b" not in folded.data["text/html"] + folded.data["text/plain"]


def test_what_has_no_sentence_and_other_errors_look_as_always(
    failed: Sequence[NotebookNode],
) -> None:
    for cell, name in [(failed[2], "AssertionError"), (failed[3], "ZeroDivisionError")]:
        (error,) = cell.outputs
        assert error.ename == name
        assert len(error.traceback) > 1


def test_printing_instead_of_returning_is_shown_before_the_sentence(
    failed: Sequence[NotebookNode],
) -> None:
    printed, error, _folded = failed[4].outputs
    assert printed.output_type == "stream"
    assert error.evalue.startswith("print() returned None")


def test_stock_nbgrader_gives_no_points_for_a_failed_check(failed: Sequence[NotebookNode]) -> None:
    facts = {"grade": True, "solution": False, "locked": True, "points": 2, "grade_id": "visible"}
    for cell in failed[:3]:
        cell.metadata["nbgrader"] = {**facts, "cell_type": "code", "schema_version": 3}
        assert determine_grade(cell) == (0, 2)


def test_an_exported_page_shows_the_sentence_and_the_folded_traceback(
    failed: Sequence[NotebookNode],
) -> None:
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [failed[0]]
    page, _ = HTMLExporter().from_notebook_node(notebook)
    sentence, folded = (re.search(text, page) for text in ("half\\(3\\) raised", "<details>"))
    assert sentence
    assert folded
    assert sentence.start() < folded.start()
