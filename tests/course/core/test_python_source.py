"""What some Python source defines: names, functions and what each name stands for."""

from __future__ import annotations

import pytest

from course.core.python_source import bindings, defining, functions, imports_of, names_of

SOURCE = """
import numpy as np
import os.path
from math import prod, sqrt as root
SIZE: int = 3
low, (high, *rest) = 1, (2, 3)


def area(n):  # with a comment
    local = prod(n)
    return local


class Box:
    side = 1
"""


def test_what_each_name_at_the_top_level_stands_for() -> None:
    found = bindings(SOURCE)
    assert set(found) == {
        *("np", "os", "prod", "root", "SIZE", "low", "high", "rest", "area", "Box"),
    }
    assert found["area"] == bindings("def area(n):\n    local = prod(n)\n    return local")["area"]
    assert found["area"] != bindings("def area(n):\n    return n")["area"]
    assert found["prod"] == bindings("from math import sqrt, prod")["prod"]
    assert found["prod"] != bindings("from numpy import prod")["prod"]
    assert found["np"] != bindings("import cupy as np")["np"]


@pytest.mark.parametrize("source", ["def area(:", "%timeit 1"])
def test_what_is_not_valid_python_has_no_names(source: str) -> None:
    assert bindings(source) == {}
    assert names_of(source) == set()


def test_the_functions_the_imports_and_the_source_that_defines_a_name() -> None:
    assert list(functions(SOURCE)) == ["area"]
    assert imports_of(SOURCE)[2] == "from math import prod, sqrt as root"
    assert defining(["x = 1", SOURCE], "SIZE") == SOURCE
    assert defining(["x = 1"], "local") is None
