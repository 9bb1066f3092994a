"""What the text of a cell tells: the names that it binds, its functions, their signatures."""

from __future__ import annotations

import inspect
import math

import pytest

from nbgrader_isolate.bridge.sources import (
    bound_names,
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


def test_a_name_that_any_cell_of_the_instructors_binds_is_the_instructors() -> None:
    sources = ["assert total == TOL", "TOL = 3", "match x:\n    case [a, *b]: pass", "x += 1"]
    assert own_names(sources) == {"TOL", "a", "b", "x"}


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
    elsewhere = located((lambda: 0).__code__, "triple", cell)
    with pytest.raises(OSError, match="source code"):
        inspect.getsource(elsewhere)


@pytest.mark.parametrize(
    ("cell", "source"),
    [
        ("%timeit 1\ndef double(n):\n    return 2 * n\n", "def double(n):\n    return 2 * n\n"),
        ("%%time\n@staticmethod\ndef double(n): return 2 * n\n", None),
        ("if True:\n    def double(n):\n        return 2 * n\n", None),
        ("double = lambda n: 2 * n\ndouble?", "double = lambda n: 2 * n\n"),
        ("!echo a\n\nasync def double(n): return 2 * n\n", "async def double(n): return 2 * n\n"),
    ],
)
def test_magics_in_a_cell_do_not_hide_the_source_of_a_function(
    cell: str, source: str | None
) -> None:
    found = inspect.getsource(located((lambda: 0).__code__, "double", cell))
    assert "2 * n" in found
    assert source in {None, found}
    assert bound_names(cell) == {"double"}
    assert str(signature_in(cell, "double")) == "(n)"
