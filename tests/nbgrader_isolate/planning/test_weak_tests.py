"""The plan warns of tests that give points to answers which are wrong in a common way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.grading.engine import Engine
from nbgrader_isolate.planning.dry_run import DryRun
from nbgrader_isolate.planning.weak_tests import WARNINGS, weak_tests
from support.small_course import code, plan_of

pytestmark = pytest.mark.slow

REFERENCE = {
    "answer": """
def cube(a):
    return a ** 3

def mean(a):
    return sum(a) / len(a)

def evens(a):
    return a[a % 2 == 0]

def center(a):
    a -= a.mean()

def overlap(a, b):
    return np.shares_memory(a, b)
"""
}
WEAK = [
    ("overwritten", "a = np.arange(4)\nassert np.array_equal(cube(a), a ** 3)"),
    ("overwritten", "a = [1, 2, 4]\nassert mean(a) == sum(a) / 3"),
    ("overwritten", "a = np.arange(4.0)\ncenter(a)\nassert abs(a.mean()) < 1e-9"),
    ("nan", "if abs(mean([1, 2, 4]) - 7 / 3) > 1e-9:\n    raise ValueError"),
    ("nan", "got = cube(np.arange(4.0))\nassert not (abs(got - [0, 1, 8, 27]) > 1e-9).any()"),
    ("empty", "assert (evens(np.arange(2)) == np.array([0])).all()"),
    ("empty", "np.testing.assert_allclose(mean([1, 2]), 1.5)"),
    ("empty", "assert np.allclose(cube(np.arange(3.0)), [0, 1, 8])"),
]
STRICT = [
    "a = np.arange(4)\nwant = a ** 3\nassert np.array_equal(cube(a), want)",
    "a = np.arange(4)\nk = a.copy()\nassert np.array_equal(cube(a), a ** 3) and (a == k).all()",
    "assert abs(mean([1, 2, 4]) - 7 / 3) <= 1e-9",
    "got = evens(np.arange(2))\nassert got.shape == (1,) and (got == [0]).all()",
    "a = np.ones(3)\nassert np.array_equal(cube(a), a ** 3)\nassert cube(2) == 8",
    "a = np.arange(4.0)\nwant = a - 1.5\ncenter(a)\nassert np.array_equal(a, want)",
    "a = np.arange(4.0)\nassert overlap(a, a[1:]) and not overlap(a, a.copy())",
]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(Limits()) as running:
        yield running


def warnings(engine: Engine, *tests: str) -> list[str]:
    """Return the warnings about tests named t0, t1 …"""
    cells = [
        code("import numpy as np", "imports", locked=True),
        code("raise NotImplementedError()", "answer", solution=True),
        *(
            code(test, f"t{number}", grade=True, points=1, locked=True)
            for number, test in enumerate(tests)
        ),
    ]
    plan = replace(plan_of(cells), student_names=["cube", "mean", "evens", "center", "overlap"])
    return list(weak_tests(plan, REFERENCE, DryRun(plan, engine, {}).executed))


def test_a_test_that_passes_a_wrong_answer_is_named_with_what_to_do(engine: Engine) -> None:
    tests = [test for _, test in WEAK]
    found = warnings(engine, *tests)
    for number, (way, test) in enumerate(WEAK):
        assert f"hw/t{number}: {WARNINGS[way]}" in found, test


def test_a_test_that_fails_all_of_them_is_not_named(engine: Engine) -> None:
    assert warnings(engine, *STRICT) == []


def test_a_function_that_calls_itself_or_another_one_is_changed_once(engine: Engine) -> None:
    reference = {
        "answer": "def down(n):\n    return n and 1 + down(n - 1)\n"
        "def up(n):\n    return down(n) + 1\n"
    }
    cells = [
        code("raise NotImplementedError()", "answer", solution=True),
        code("assert not up(20) > 21", "t", grade=True, points=1, locked=True),
    ]
    plan = replace(plan_of(cells), student_names=["down", "up"])
    found = list(weak_tests(plan, reference, DryRun(plan, engine, {}).executed))
    assert found == [f"hw/t: {WARNINGS['nan']}"]
