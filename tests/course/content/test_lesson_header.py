"""The minutes under a lesson's title: what a newcomer needs for its core."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import nbformat
import pytest

from course.content.lesson_header import minutes

if TYPE_CHECKING:
    from nbformat import NotebookNode

V4: Any = nbformat.v4  # nbformat is not annotated


def code(source: str, *tags: str) -> NotebookNode:
    made: NotebookNode = V4.new_code_cell(source, metadata={"tags": list(tags)})
    return made


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([V4.new_markdown_cell("word " * 1500)], 10),
        ([code("print(1)")] * 20, 15),
        ([code("ss.layout(a)")] * 20, 35),
        ([code("ss.workbench(a)")] * 20, 95),
        ([code("n = ss.scale(1, 2)")] * 20, 15),
        ([code("ss.predict()", "predict")] * 20, 50),
        ([code("ss.predict()", "predict", "quick")] * 20, 15),
        ([code("ss.predict()", "predict", "quick"), code("print(1)")] * 20, 20),
        ([code("print(1)", "hide-input")] * 20, 0),
        ([code("ss.layout(a)", "hide-input")] * 20, 35),
    ],
    ids=[
        "words",
        "code",
        "pictures",
        "workbenches",
        "what draws nothing",
        "predictions",
        "quick questions",
        "quick questions with their answers",
        "folded code",
        "folded code that draws",
    ],
)
def test_each_kind_of_cell_has_its_time(cells: list[NotebookNode], expected: int) -> None:
    assert minutes(nbformat.NotebookNode(cells=cells)) == expected
