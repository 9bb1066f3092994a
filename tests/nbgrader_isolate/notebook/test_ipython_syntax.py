"""Magics, shell commands and questions in a cell, and the Python that is left."""

from __future__ import annotations

import ast

import pytest

from nbgrader_isolate.notebook.ipython_syntax import (
    MAX_LENGTH,
    as_python,
    ipython_line,
    parse_cell,
)
from nbgrader_isolate.notebook.name_uses import bound_by, uses_of

DEFINES = "def f(x):\n    return x"
CELLS = {
    "%timeit f(3)": 1,
    "%matplotlib inline": 1,
    "!ls -l | head": 1,
    "f?": 1,
    "f.__doc__??": 1,
    "?f": 1,
    "x = !ls": 1,
    "x = %timeit -o f(3)": 1,
    "x, y = %who_ls": 1,
    "if True:\n    %time f(3)": 2,
    "!echo \\\n  two lines": 1,
    "await g()": 0,
    "text = '''\n%timeit 1\n!ls\n'''": 0,
    "a = 7 % 3": 0,
    "a = not_a_magic != 3": 0,
    "get_ipython().run_line_magic('time', '1')": 0,
    "def g(:": 0,
}


@pytest.mark.parametrize("cell", CELLS)
def test_a_line_for_ipython_is_found_and_hides_nothing(cell: str) -> None:
    assert ipython_line(cell) == CELLS[cell]
    if cell != "def g(:":
        tree = parse_cell(f"{DEFINES}\n{cell}")
        assert "f" in bound_by(tree)
        reads = {use.name for use in uses_of(tree) if use.kind == "reads"}
        assert ("get_ipython" in reads) == ("get_ipython" in cell)


@pytest.mark.parametrize("magic", ["%%time", "%%capture out --no-stderr", "%%prun -l 3"])
def test_below_a_magic_that_runs_python_the_lines_keep_their_numbers(magic: str) -> None:
    (function,) = parse_cell(f"{magic}\n{DEFINES}").body
    assert isinstance(function, ast.FunctionDef)
    assert function.lineno == 2
    assert ipython_line(f"{magic}\n{DEFINES}") == 1


@pytest.mark.parametrize("magic", ["%%bash", "%%timeit", "%%writefile x.py", "%%html"])
def test_below_any_other_magic_nothing_is_defined(magic: str) -> None:
    assert bound_by(parse_cell(f"{magic}\n{DEFINES}")) == set()


def test_an_assignment_from_a_magic_binds_its_name() -> None:
    assert bound_by(parse_cell("files = !ls\nt = %timeit -o 1\na, b = 1, 2")) == {
        "files",
        "t",
        "a",
        "b",
    }


def test_a_huge_cell_is_read_without_ipython() -> None:
    cell = "x = 1\n" + "%time 1\n" * (MAX_LENGTH // 8) + "y = 2"
    assert "get_ipython" not in as_python(cell)
    assert bound_by(parse_cell(cell)) == {"x", "y"}


@pytest.mark.parametrize("cell", ["def g(:", "\0", "(" * 400, "%%", "%", "!", "?", "%%time"])
def test_what_is_not_a_cell_of_python_is_read_without_an_error(cell: str) -> None:
    assert bound_by(parse_cell(cell)) == set()
