"""A small NumPy assignment to try the grader on: 17 cells, 6 of them tests (one in-process).

`assignment()` returns the instructor's source with solutions and hidden tests; `HELPER` is a module
beside it; `answered` writes answers to the released notebook.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

if TYPE_CHECKING:
    from nbformat import NotebookNode

NOTEBOOK = "lab"
HELPER = "lab_helper.py"
FULL = 11.0
"""Points of the whole notebook. Only `center-memory` runs in-process."""

ANSWERS = {
    "flat-index": "def flat_index(row, col, n_cols):\n    return row * n_cols + col",
    "transpose": "def transpose(a):\n    return a.T",
    "windows": (
        "def windows(a, n):\n    step = a.strides[0]\n"
        "    shape = (a.size - n + 1, n)\n"
        "    return np.lib.stride_tricks.as_strided(a, shape, (step, step), writeable=False)"
    ),
    "strides": "column_strides = (8, 32)",
    "center": "def center(a):\n    a -= a.mean()",
}
"""A right answer to each task, by the grade_id of its solution cell."""

HELPER_SOURCE = '''"""What the tests share."""

import numpy as np


def same(got, want, said):
    """Check an array against the expected one."""
    assert isinstance(got, np.ndarray), f"{said}: expected an array, got {type(got).__name__}."
    assert got.shape == want.shape, f"{said}: expected shape {want.shape}, got {got.shape}."
    assert np.array_equal(got, want), f"{said}: expected {want.tolist()}, got {got.tolist()}."
'''

TESTS = {
    "flat-index-visible": (
        1,
        """\
got = flat_index(1, 2, 5)
assert got == 7, f"flat_index(1, 2, 5): expected 7, got {got!r}."
""",
    ),
    "flat-index-hidden": (
        2,
        """\
### BEGIN HIDDEN TESTS
for row, col, n_cols in [(0, 0, 1), (9, 3, 4), (3465, 18923, 20000)]:
    want = row * n_cols + col
    got = flat_index(row, col, n_cols)
    assert got == want, f"flat_index({row}, {col}, {n_cols}): expected {want}, got {got!r}."
### END HIDDEN TESTS""",
    ),
    "transpose-test": (
        2,
        """\
a = np.arange(12, dtype=np.int64).reshape(3, 4)
same(transpose(a), a.T, 'transpose(a)')
### BEGIN HIDDEN TESTS
wide = np.arange(40, dtype=np.int16).reshape(2, 20)[:, ::2]
turned = transpose(wide)
same(turned, wide.T, 'transpose(a) of every second column')
assert np.shares_memory(turned, wide), 'transpose(a): expected a view, got a copy.'
assert turned.strides == wide.strides[::-1], f'strides: got {turned.strides}.'
### END HIDDEN TESTS""",
    ),
    "windows-test": (
        3,
        """\
points = 0
a = np.arange(6, dtype=np.float64)
seen = windows(a, 3)
points += seen.shape == (4, 3)
### BEGIN HIDDEN TESTS
seen = windows(a, 2)
right = seen.tolist() == [[i, i + 1] for i in range(5)]
points += right
points += bool(right and np.shares_memory(seen, a))
### END HIDDEN TESTS
int(points)""",
    ),
    "strides-test": (
        1,
        """\
assert isinstance(column_strides, tuple), 'column_strides: expected a tuple.'
### BEGIN HIDDEN TESTS
want = np.zeros((4, 3), dtype=np.int64, order='F').strides
assert column_strides == want, f'column_strides: expected {want}, got {column_strides}.'
### END HIDDEN TESTS""",
    ),
    "center-memory": (
        2,
        """\
import tracemalloc
big = np.arange(100_000, dtype=np.float64)
tracemalloc.start()
try:
    center(big)
    held = tracemalloc.get_traced_memory()[1]
finally:  # else all that comes after a wrong answer is traced too, and slow
    tracemalloc.stop()
### BEGIN HIDDEN TESTS
assert abs(big.mean()) < 1e-6, f'center(a): the mean is now {big.mean()}.'
assert held < big.nbytes / 2, f'center(a) held {held} bytes beside the array.'
### END HIDDEN TESTS""",
    ),
}
"""Points and source of each test, by grade_id."""

IN_PROCESS = "center-memory"


def metadata(kind: Literal["solution", "grade"], grade_id: str, points: int) -> dict[str, Any]:
    """Return nbgrader's metadata of a cell of this kind."""
    grade = kind == "grade"
    words = {"grade": grade, "solution": not grade, "locked": grade, "task": False}
    about: dict[str, Any] = {"grade_id": grade_id, "schema_version": 3, **words}
    if grade:
        about["points"] = points
    found: dict[str, Any] = {"nbgrader": about}
    if grade_id == IN_PROCESS:
        found["nbgrader_isolate"] = {"isolation": "in-process"}
    return found


def solution(grade_id: str) -> NotebookNode:
    """Return a solution cell with its answer."""
    source = f"### BEGIN SOLUTION\n{ANSWERS[grade_id]}\n### END SOLUTION"
    about = metadata("solution", grade_id, 0)
    cell: NotebookNode = new_code_cell(source, id=grade_id, metadata=about)
    return cell


def check(grade_id: str) -> NotebookNode:
    """Return a grade cell with its test."""
    points, source = TESTS[grade_id]
    about = metadata("grade", grade_id, points)
    cell: NotebookNode = new_code_cell(source, id=grade_id, metadata=about)
    return cell


def assignment() -> NotebookNode:
    """Return the instructor's notebook, with solutions and hidden tests."""
    cells = [
        new_markdown_cell("# Strides\n\nSix tests look at five answers.", id="title"),
        new_code_cell(
            "import matplotlib.pyplot as plt\nimport numpy as np\nfrom lab_helper import same",
            id="imports",
        ),
        new_markdown_cell("## Where an element lies\n\nReturn its place in memory order.", id="t1"),
        solution("flat-index"),
        check("flat-index-visible"),
        check("flat-index-hidden"),
        new_markdown_cell("## Rows become columns\n\nReturn a view, not a copy.", id="t2"),
        solution("transpose"),
        check("transpose-test"),
        solution("windows"),
        check("windows-test"),
        new_markdown_cell("## Bytes from one element to the next", id="t3"),
        solution("strides"),
        check("strides-test"),
        solution("center"),
        check("center-memory"),
        new_code_cell("plt.plot(np.arange(10) ** 2);", id="plot"),
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook: NotebookNode = new_notebook(cells=cells, metadata={"kernelspec": kernel})
    return notebook


def answered(released: NotebookNode, answers: Mapping[str, str]) -> NotebookNode:
    """Return the students' notebook with these answers, by grade_id, in place of its stubs."""
    notebook = copy.deepcopy(released)
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader", {})
        if about.get("solution") and about["grade_id"] in answers:
            cell.source = answers[about["grade_id"]]
    return notebook
