"""What later cells need of a cell, by its text alone."""

from __future__ import annotations

import pytest

from nbgrader_isolate.notebook.name_flow import (
    Flow,
    flow_of,
    flows,
    independent_part,
    may_change,
    needs,
)

TEST = """\
from __future__ import annotations
import math, os as system
from numpy import *
from statistics import mean, median as middle
near = lambda a, b: abs(a - b) < eps
eps = 1e-9
def check(x, y):
    return near(mean(x), y)
assert check([1, 2], 1.5)"""


def test_a_name_is_needed_if_it_is_read_before_it_is_bound() -> None:
    assert needs("a = b\nc = a\ndef f(x):\n    return x + d\nfor i in e:\n    i") == {"b", "d", "e"}
    assert needs("[k for k in xs if k > low]") == {"xs", "low"}
    assert needs("x = 1\ndef f():\n    return x") == set()


def test_imports_and_definitions_flow_as_text_and_the_rest_as_data() -> None:
    assert flow_of(TEST, {"math"}) == Flow("import math")
    assert flow_of(TEST, {"system", "middle"}) == Flow(
        "import os as system\nfrom statistics import median as middle"
    )
    assert flow_of(TEST, {"check"}) == Flow(
        "from statistics import mean\nnear = lambda a, b: abs(a - b) < eps\n"
        "def check(x, y):\n    return near(mean(x), y)",
        ("eps",),
    )
    assert flow_of(TEST, {"eps", "unknown"}) == Flow("", ("eps",))


def test_only_what_a_later_cell_reads_flows() -> None:
    first, second = "secret = 41\nshared = 1", "def late():\n    return shared"
    found = flows([first, None, second, None], [(), (), (), ("late",)])
    assert found == [Flow("", ("shared",)), Flow(), Flow("def late():\n    return shared"), Flow()]
    assert not flows([first], [()])[0]


@pytest.mark.parametrize(
    ("source", "wanted", "part"),
    [
        ("cases = [(1, 2)]\nresult = double(3)", {"cases", "result"}, "cases = [(1, 2)]"),
        ("a = double(3)\nb = a + 1\nc = 2", {"b", "c"}, "c = 2"),
        ("n = 2\nm = n * n\nfor i in range(3):\n    m += i", {"m"}, "n = 2\nm = n * n"),
        ("import math\nassert double(1)\ndef area(r):\n    return math.pi * r", {"area"},
         "import math\ndef area(r):\n    return math.pi * r"),
    ],
)  # fmt: skip
def test_a_part_that_does_not_depend_on_the_student_can_be_repeated(
    source: str, wanted: set[str], part: str
) -> None:
    assert independent_part(source, frozenset(wanted), frozenset({"double"})) == part


@pytest.mark.parametrize(
    ("source", "changed"),
    [
        ("stack.append(3)", {"stack"}),
        ("table['a'][0] = 1\ndel rows[0]\nitem.name = 1", {"table", "rows", "item"}),
        ("total += 1", {"total"}),
        ("push(stack, 3)\nlen(other)\nsorted(third)", {"stack"}),
        ("assert stack == [1]", set()),
    ],
)
def test_what_a_cell_may_change_is_known(source: str, changed: set[str]) -> None:
    assert may_change(source) == changed
