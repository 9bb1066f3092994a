"""Queries on the syntax tree of a cell."""

from __future__ import annotations

import ast

import pytest

from nbgrader_isolate.notebook.ast_queries import source_of_last_value

LAST_VALUES = {
    "double(3)": "double",
    "x = 1\ndouble(3).sum() / 2": "double",
    "answer": "answer",
    "-answer[0]": "answer",
    "len(answer)": "",
    "points = 2\npoints": "",
    "assert double(3) == 6": "",
    "double(3) == 6": "",
    "double(3)\n2": "",
    "": "",
}


@pytest.mark.parametrize(("source", "name"), LAST_VALUES.items())
def test_the_name_behind_the_last_value_is_found(source: str, name: str) -> None:
    assert source_of_last_value(ast.parse(source), {"double", "answer"}) == name
