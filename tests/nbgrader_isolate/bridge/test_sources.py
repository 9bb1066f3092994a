"""What the text of a cell tells: the names that it binds, its functions, their signatures."""

from __future__ import annotations

import inspect
import math

import pytest

from nbgrader_isolate.bridge.sources import (
    bound_names,
    definitions,
    located,
    own_names,
    signature_in,
    star_names,
)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("a = b = 1\nc: int = 2\nd += 1", {"a", "b", "c", "d"}),
        ("(a, [b, *c]) = 1, [2]\nfor i in x: j = i", {"a", "b", "c", "i", "j"}),
        ("import os.path, numpy as np\nfrom a import b as c", {"os", "np", "c"}),
        ("def f(x):\n    inside = 1\nclass C:\n    y = 1", {"f", "C"}),
        ("with x as y:\n    pass\nif (n := 3): pass", {"y", "n"}),
        ("f = lambda z: z\nx[0] = 1\ny.z = 2", {"f"}),
        ("def f(:", set()),
        ("\0", set()),
    ],
)
def test_the_names_that_a_cell_binds_at_its_top_level(source: str, names: set[str]) -> None:
    assert bound_names(source) == names


@pytest.mark.parametrize(
    ("sources", "names"),
    [
        (["import numpy as np\nLIMIT = 3"], {"np", "LIMIT"}),
        (["expected = answer + 1"], {"expected"}),
        (["found = sorted(found)"], set()),
        (["assert total == 3", "total = 4"], set()),
        (["total = 4", "assert total == 4", "total = 5"], {"total"}),
        (["points += 1"], set()),
        (["points = 0", "points += double(1) == 2"], {"points"}),
        (["old = double\ndel double\ndouble = old"], {"old"}),
        (["double(2)", "def double(n): return n"], {"double"}),
    ],
)
def test_a_name_that_is_read_before_it_is_bound_is_not_the_instructors(
    sources: list[str], names: set[str]
) -> None:
    assert own_names(sources) == names


def test_names_behind_a_star_are_those_that_the_module_gives() -> None:
    assert {"sin", "pi"} <= star_names("from math import *")
    assert star_names("from math import sin\nx = 2 * 3") == set()
    assert star_names("from no_such_module import *\nfrom math import *") == star_names(
        "from math import *"
    )


def test_a_signature_has_all_kinds_of_parameters() -> None:
    source = "def f(a, /, b=2, *args, c, d=[1], e=math.pi, **more): pass"
    found = signature_in(f"def f(): pass\n{source}", "f")
    assert found is not None
    here: dict[str, object] = {"math": math}
    exec(source, here)  # noqa: S102
    real = inspect.signature(here["f"])  # type: ignore[arg-type]
    kinds = [(one.name, one.kind) for one in found.parameters.values()]
    assert kinds == [(one.name, one.kind) for one in real.parameters.values()]
    assert found.parameters["d"].default == [1]
    assert found.parameters["e"].default == "math.pi"
    assert signature_in(source, "g") is None
    assert signature_in("def f(:", "f") is None


def test_the_source_of_a_function_is_found_in_the_cell() -> None:
    cell = "import math\n\ndef double(n):\n    return 2 * n\n"
    code = located((lambda: 0).__code__, "double", cell)
    assert (code.co_name, code.co_firstlineno) == ("double", 3)
    assert inspect.getsource(code) == "def double(n):\n    return 2 * n\n"
    assert [one.name for one in definitions(cell)] == ["double"]
    elsewhere = located((lambda: 0).__code__, "triple", cell)
    assert (elsewhere.co_name, elsewhere.co_filename) == ("triple", __file__)
