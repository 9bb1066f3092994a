"""Lessons run in the Python of the pages as a page runs them, and their outputs are kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from course.core.paths import Folders
from course.qa.page_lessons import PageLesson, outputs_of, run_lesson
from course.qa.page_python import PagePython, PageRun, page_python

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def python() -> Iterator[PagePython]:
    with page_python(Folders()) as started:
        yield started


def lesson_of(python: PagePython, folder: Path, *cells: tuple[str, list[str]]) -> PageLesson:
    """Write a lesson of code cells, source and tags, and run it."""
    v4 = nbformat.v4
    made = v4.new_notebook(cells=[v4.new_markdown_cell("# One")])  # type: ignore[no-untyped-call]
    for number, (source, tags) in enumerate(cells):
        cell = v4.new_code_cell(source, id=f"c{number}", metadata={"tags": tags})  # type: ignore[no-untyped-call]
        made.cells.append(cell)
    nbformat.write(made, folder / "01-one.ipynb")  # type: ignore[no-untyped-call]
    return run_lesson(python, folder / "01-one.ipynb")


def test_a_lesson_keeps_the_recorded_output_where_a_page_does(
    python: PagePython, tmp_path: Path
) -> None:
    lesson = lesson_of(
        python,
        tmp_path,
        ("a = 1", []),
        ("import subprocess; subprocess.run('ls')", ["needs-computer"]),
        ("2**40", ["needs-64-bit"]),
        ("import scipy\nb = a", []),
        ("print(a)", []),
        ("b + 1", []),
        ("never", []),
    )
    recorded = {"c1": "needs-computer", "c2": "needs-64-bit", "c3": "scipy", "c5": "b"}
    assert lesson.recorded == recorded
    shown = lesson.shown()
    code = [cell for cell in shown.cells if cell.cell_type == "code"]
    assert [cell.id for cell in code] == ["c0", "c4", "c6"]
    assert code[1].outputs[0].text == "1\n"
    assert code[2].outputs[0].ename == "NameError"


def test_a_lesson_goes_on_after_a_cell_that_ends_python(python: PagePython, tmp_path: Path) -> None:
    cells = [("a = 1", []), ("import os; os._exit(1)", []), ("print(a)", [])]
    lesson = lesson_of(python, tmp_path, *cells)
    assert lesson.notebook.cells[2].outputs[0].ename == "PythonEnded"
    assert lesson.notebook.cells[3].outputs[0].text == "1\n"


def test_what_a_run_showed_becomes_outputs_with_each_stream_in_one_piece() -> None:
    run = PageRun(
        [
            {"type": "stream", "name": "stdout", "text": "a"},
            {"type": "display", "data": {"text/plain": "x", "model": {"key": "i0"}}},
            {"type": "stream", "name": "stdout", "text": "b\n"},
        ],
        error={"name": "ValueError", "value": "no"},
    )
    stream, shown, error = outputs_of(run)
    assert stream.text == "ab\n"
    assert shown.data == {"text/plain": "x"}
    assert (error.ename, error.evalue) == ("ValueError", "no")
