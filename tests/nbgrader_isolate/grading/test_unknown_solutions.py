"""Whose a name is where no solution is known: never the student's if it may be another's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.grading.engine import Engine
from support.prepared import graded, notebook, plain, records, student

pytestmark = pytest.mark.slow
NAMES = ["area", "isclose", "allclose", "np", "math", "approx", "prices", "total", "sum", "x"]
AREA = "def area(r):\n    return {}\n"
RIGHT, WRONG = AREA.format("3.14159 * r * r"), AREA.format("0")
BOTH = "both your own cell and the student's bind it"
JUDGES = "the test judges answers with what a cell of the student's has made"


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(Limits(cell_seconds=30.0)) as running:
        yield running


def run(engine: Engine, *cells: object) -> list[tuple[str, str]]:
    """How each test ends, and why a person has to look."""
    done = records(engine.run(notebook(*cells), files={}, student_names=NAMES, seed=1))
    return [(one["outcome"], one["refused"]) for one in done if one.get("mode")]


def answer(source: str, *takes: str) -> object:
    return student(source, takes=[*takes], unknown=True)


TESTS = {
    "call": ("isclose", "assert isclose(area(2), 12.56636, abs_tol=1e-3)"),
    "variable": ("isclose", "got = area(2)\nassert isclose(got, 12.56636, abs_tol=1e-3)"),
    "loop": (
        "isclose",
        "for r in (2, 2.0):\n    got = area(r)\n    assert isclose(got, 12.56636, abs_tol=1e-3)",
    ),
    "all": (
        "isclose",
        "assert all(isclose(got, 12.56636, abs_tol=1e-3) for got in [area(2), area(2.0)])",
    ),
    "map": ("isclose", "assert all(map(isclose, [area(2)], [12.56636]))"),
    "walrus": ("isclose", "assert (got := area(2)) is not None and isclose(got, 12.56636)"),
    "alias": ("isclose", "near = isclose\nassert near(area(2), 12.56636)"),
    "method": (
        "isclose",
        "got = []\ngot.append(area(2))\nassert isclose(got[0], 12.56636)",
    ),
    "item": ("isclose", "got = {}\ngot['a'] = area(2)\nassert isclose(got['a'], 12.56636)"),
    "function": (
        "isclose",
        "def check(r, want):\n    assert isclose(area(r), want)\ncheck(2, 12.56636)",
    ),
    "parameter": (
        "isclose",
        "def check(got, want): assert isclose(got, want)\ncheck(area(2), 12.56636)",
    ),
    "keyword": ("isclose", "assert isclose(b=12.56636, a=area(2))"),
}
CLOSE = "from math import isclose"


@pytest.mark.parametrize("name", TESTS)
@pytest.mark.parametrize(
    "taken",
    [
        "def isclose(*a, **k): return True",
        "def f(*a, **k): return True\nisclose = f",
        "from math import isclose\ndef isclose(*a, **k): return True",
        "import math\nmath.isclose = lambda *a, **k: True\nfrom math import isclose",
        "class isclose:\n    def __new__(cls, *a, **k): return True",
    ],
)
def test_no_function_of_the_students_judges(engine: Engine, name: str, taken: str) -> None:
    (found,) = run(engine, answer(taken), answer(WRONG, "area"), graded(TESTS[name][1]))
    assert found[0] == "failed"
    assert "import isclose" in taken or JUDGES in found[1]


@pytest.mark.parametrize("name", TESTS)
@pytest.mark.parametrize("imports", [CLOSE, "from math import *", "from math import isclose, pi"])
def test_what_an_honest_answer_imports_judges(engine: Engine, name: str, imports: str) -> None:
    test = (
        TESTS[name][1].replace("12.56636)", "4 * 3.14159)").replace("[12.56636]", "[4 * 3.14159]")
    )
    (found,) = run(engine, answer(imports), answer(RIGHT, "area"), graded(test))
    assert found == ("passed", "")
    (found,) = run(engine, answer(imports), answer(WRONG, "area"), graded(test))
    assert found == ("failed", "")


def test_no_function_of_the_students_judges_in_a_helper(engine: Engine) -> None:
    lie = answer("def isclose(*a, **k): return True")
    for helper in (plain, graded):
        cells = [helper("def check(got, want): assert isclose(got, want)")]
        test = graded("check(area(2), 4 * 3.14159)")
        found = run(engine, *cells, lie, answer(WRONG, "area"), test)[-1]
        assert found[0] == "failed"
        assert JUDGES in found[1]
        found = run(engine, *cells, answer(CLOSE), answer(RIGHT, "area"), test)[-1]
        assert found == ("passed", "")


MODULE = "assert np.isclose(area(2), 12.56636)"


@pytest.mark.parametrize(
    "taken",
    [
        "class Lie:\n    def isclose(*a): return True\nnp = Lie()",
        "class np:\n    isclose = staticmethod(lambda *a: True)",
        "import operator as np",
        "def np(): return 1\nnp.isclose = lambda *a: True",
    ],
)
def test_no_module_of_the_students_judges(engine: Engine, taken: str) -> None:
    (found,) = run(engine, answer(taken), answer(WRONG, "area"), graded(MODULE))
    assert found[0] == "failed"
    (found,) = run(engine, answer("import numpy as np"), answer(RIGHT, "area"), graded(MODULE))
    assert found == ("passed", "")


def test_an_exercise_that_is_called_like_a_function_of_a_library_is_graded(engine: Engine) -> None:
    mean = "def allclose(xs): return all(abs(x - xs[0]) < 1 for x in xs)"
    assert run(engine, answer(mean), graded("xs = [1, 1.5]\nassert allclose(xs)")) == [
        ("passed", "")
    ]
    area = answer(RIGHT, "area")
    stubbed = answer("def isclose(a, b): return abs(a - b) < 1", "isclose")
    test = graded("assert isclose(area(1), 3)")
    assert run(engine, stubbed, area, test) == [("passed", "")]


PRICES = plain("prices = {'tea': 2, 'milk': 1}")
TOTAL = graded("assert total(prices) == sum(prices.values())")
BINDING = {
    "assignment": "prices = {}",
    "for": "for prices in [{}]: pass",
    "with": "import contextlib\nwith contextlib.nullcontext({}) as prices: pass",
    "import": "import math as prices",
    "walrus": "(prices := {})",
    "match": "match {}:\n    case prices: pass",
    "global": "def bind():\n    global prices\n    prices = {}\nbind()",
    "unpacking": "prices, _ = {}, 1",
}


@pytest.mark.parametrize("form", BINDING)
def test_a_name_that_an_earlier_answer_binds_is_left_to_a_person(engine: Engine, form: str) -> None:
    wrong = answer(f"def total(p): return 0\n{BINDING[form]}", "total")
    later = answer("prices = {'tea': 5}", "prices")
    after = graded("assert prices == {'tea': 5}")
    first, second = run(engine, PRICES, wrong, TOTAL, later, after)
    assert first[0] == "failed"
    assert BOTH in first[1]
    assert second == ("passed", "")


def test_a_helper_that_reads_a_disputed_name_is_refused_too(engine: Engine) -> None:
    helper = plain("def want(): return sum(prices.values())")
    wrong = answer("def total(p): return 0\nprices = {}", "total")
    test = graded("assert total(1) == want()")
    (found,) = run(engine, PRICES, helper, wrong, test, answer("prices = 1", "prices"))
    assert found[0] == "failed"


def test_an_honest_answer_before_the_exercise_keeps_its_points(engine: Engine) -> None:
    right = answer("def total(p): return sum(p.values())", "total")
    later = answer("prices = {'tea': 5}", "prices")
    after = graded("assert prices == {'tea': 5}")
    assert run(engine, PRICES, right, TOTAL, later, after) == [("passed", "")] * 2


def test_a_name_that_a_test_reads_first_is_the_students_until_a_cell_binds_it(
    engine: Engine,
) -> None:
    cells = [
        answer("x = 3"),
        graded("assert x == 3"),
        plain("x = 5"),
        graded("assert x == 5"),
        answer("y = 1"),
        graded("assert x == 5"),
        answer("x = 6"),
        graded("assert x == 6"),
    ]
    *known, last = run(engine, *cells)
    assert known == [("passed", "")] * 3
    assert BOTH in last[1]


def test_pythons_own_functions_stay_where_solutions_are_unknown(engine: Engine) -> None:
    early = answer("def total(p): return 0\ndef sum(x): return 0", "total")
    test = graded("assert total([3]) == sum([3])")
    later, after = answer("def sum(x): return 0", "sum"), graded("assert sum([1]) == 0")
    first, second = run(engine, early, test, later, after)
    assert (first[0], second) == ("failed", ("passed", ""))
