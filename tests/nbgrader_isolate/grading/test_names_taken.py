"""A name becomes the student's where the solution takes it, and an import is never replaced."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.grading.engine import Engine
from support.prepared import cell, graded, notebook, plain, records, student

pytestmark = pytest.mark.slow
IMPORTS = {"imports": "from math import isclose, sqrt, tau", "asked": ["isclose", "sqrt", "tau"]}
REFUSED = "the variable {}: something else than what your own cell imports"


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(Limits(cell_seconds=10.0)) as running:
        yield running


def imported(engine: Engine, text: str, *tests: str, more: str = "") -> list[dict[str, object]]:
    cells = [student(text, takes=[], **IMPORTS), *(graded(test) for test in tests)]
    if more:
        cells += [student(more, takes=[]), *(graded(test) for test in tests)]
    return records(engine.run(notebook(*cells), files={}, student_names=[], seed=1))[1:]


@pytest.mark.parametrize(
    "text",
    [
        "from math import sqrt, tau\ndef f(*a, **k): return True\nisclose = f",
        "from math import sqrt, tau\ndef isclose(*a, **k): return True\nisclose.__name__ = 'x'",
        "from math import sqrt, tau\nimport math as isclose",
        "from math import sqrt, tau\nisclose = 7",
        "from math import sqrt, tau\nisclose = object()",
    ],
)
def test_what_takes_the_place_of_an_import_is_not_used_to_check(engine: Engine, text: str) -> None:
    root, close = imported(engine, text, "assert sqrt(4) == 2", "assert isclose(1, 2)")
    assert root["outcome"] == "passed"
    assert (close["outcome"], close["refused"]) == ("failed", REFUSED.format("isclose"))


def test_constants_that_differ_are_refused(engine: Engine) -> None:
    (found,) = imported(engine, "tau = 3", "assert tau < 7")
    assert (found["outcome"], found["refused"]) == ("failed", REFUSED.format("tau"))


def test_an_import_that_is_missing_is_missing_until_it_is_there(engine: Engine) -> None:
    missing, there = imported(
        engine, "from math import sqrt", "assert tau > 6", more="from math import *"
    )[::2]
    assert (missing["outcome"], missing["message"]) == (
        "failed",
        "NameError: name 'tau' is not defined",
    )
    assert there["outcome"] == "passed"


TOTAL = "def total(p):\n    return sum(p.values())"
TEST = graded("assert total(prices) == sum(prices.values()) > 0")


@pytest.mark.parametrize("first", ["prices = {'tea': 2, 'milk': 1}", "prices = {'tea': 2}\n1 / 0"])
@pytest.mark.parametrize(
    "early",
    [[student("prices = {0: 1}", takes=[])], [student("prices = {0: 1}\n", takes=["total"])]],
)
def test_a_name_is_the_instructors_until_the_cell_whose_solution_takes_it(
    engine: Engine, first: str, early: list[object]
) -> None:
    cells = [
        plain(first),
        *early,
        student(TOTAL, takes=["total"]),
        graded("assert prices['tea'] == 2"),
        student("prices = {'tea': 5}", takes=["prices"]),
        graded("assert prices['tea'] == 5"),
    ]
    done = records(
        engine.run(notebook(*cells), files={}, student_names=["prices", "total"], seed=1)
    )
    assert [done[number]["outcome"] for number in (3, 5)] == ["passed", "passed"]


def test_a_cell_that_fails_before_it_binds_a_name_does_not_give_it_away(engine: Engine) -> None:
    cells = [
        student(TOTAL + "\nprices = {}", takes=["total"]),
        plain("assert total({0: 9}) == 0\nprices = {'tea': 2}"),
        graded("assert total(prices) == sum(prices.values())"),
        student("prices['tea'] = 5", takes=["prices"]),
    ]
    done = records(
        engine.run(notebook(*cells), files={}, student_names=["prices", "total"], seed=1)
    )
    assert done[2]["outcome"] == "failed"
    assert "prices" in str(done[2]["message"])


def test_pythons_own_functions_are_not_replaced_before_the_exercise_about_them(
    engine: Engine,
) -> None:
    cells = [
        student("def total(p): return 0\ndef sum(x): return 0", takes=["total"]),
        graded("assert total([3]) == sum([3])"),
        student("def sum(x): return 0", takes=["sum"]),
        graded("assert sum([1]) == 0"),
    ]
    done = records(engine.run(notebook(*cells), files={}, student_names=["sum", "total"], seed=1))
    assert [done[number]["outcome"] for number in (1, 3)] == ["failed", "passed"]


SPYING = """
import nbgrader_isolate.bridge.student as server
seen, reply = [], server.Server.reply
def spy(self, request):
    seen.append(request)
    return reply(self, request)
server.Server.reply = spy
def f(x): return x
"""
SPIED = """
def check(v):
    expected_secret_name = v + 1
    return expected_secret_name
assert check(1) and all(f(other_secret) == other_secret for other_secret in [1])
"""


def test_the_students_process_learns_no_local_name_of_a_test(engine: Engine) -> None:
    cells = [student(SPYING), graded(SPIED), student("print(seen)")]
    executed = engine.run(notebook(*cells), files={}, student_names=["f"], seed=1)
    assert records(executed)[1]["outcome"] == "passed"
    seen = executed.cells[2].outputs[0].text
    assert "'get': ['f']" in seen
    assert "secret" not in seen


def test_what_one_test_got_says_nothing_about_a_name_that_the_next_binds_anew(
    engine: Engine,
) -> None:
    isolated = {"owner": "instructor", "mode": "isolated", "kinds": {}}
    cells = [
        student("def f(): return 1j\ndef g(): return 1"),
        cell("got = f()\nassert got", **isolated),
        cell("got = g()\nassert got == 1", **isolated),
    ]
    done = records(engine.run(notebook(*cells), files={}, student_names=["f", "g"], seed=1))
    assert [one["outcome"] for one in done[1:]] == ["failed", "passed"]
    assert "complex" in str(done[1]["refused"])


FILES = """
import os
links = [f"/proc/self/fd/{name}" for name in os.listdir("/proc/self/fd")]
assert sum("memfd" in os.readlink(one) for one in links if os.path.lexists(one)) == 1
assert g() == 1
"""


def test_the_memory_file_of_a_kernel_that_died_is_closed(engine: Engine) -> None:
    dies = "import os\ndef f(): os._exit(1)\ndef g(): return 1"
    cells = [student(dies), graded("f()"), graded("f()"), graded(FILES)]
    done = records(engine.run(notebook(*cells), files={}, student_names=["f", "g"], seed=1))
    assert [one["outcome"] for one in done[1:]] == ["died", "died", "passed"]
