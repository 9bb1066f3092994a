"""A test that passes with a value of a kind that the reference does not return goes to a person."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.core.models import AssignmentPlan, CellScore
from nbgrader_isolate.core.serialization import from_json, to_json
from nbgrader_isolate.grading.engine import Engine
from nbgrader_isolate.grading.submission import grade
from nbgrader_isolate.planning.dry_run import DryRun
from nbgrader_isolate.planning.isolation import IsolationAnalysis
from nbgrader_isolate.planning.value_kinds import asked_kinds, expected_kinds
from support.small_course import answered, assignment, code, plan_of, task_of

SETUP = "import numpy as np\nimport pandas as pd\nwant = np.array([2.0, 1.0, 3.0])"
TESTS = {
    "shape": "got = values()\nassert got.shape == (3,) and np.max(np.abs(got - want)) <= 1e-9",
    "squares": "assert (number(3) - 9) ** 2 < 1e-9",
    "member": "assert 7 in some()",
    "equals": "assert series().equals(pd.Series([1.0]))",
    "earlier": "assert np.max(np.abs(result - want)) <= 1e-9",
    "asks": "got = values()\nassert isinstance(got, (np.ndarray, pd.Series)) and got[0] == 2",
    "variable": "assert (total - 9) ** 2 < 1e-9",
}
REFERENCE = """
def values():
    return np.array([2.0, 1.0, 3.0])
def number(x):
    return float(x * x)
def some():
    return [7]
def series():
    return pd.Series([1.0])
total = 9
"""
CELLS = [
    code(SETUP),
    code("raise NotImplementedError()", "answer", solution=True),
    code("result = values()"),
    *(code(text, name, grade=True, points=1, locked=True) for name, text in TESTS.items()),
]
ATTACKS = {
    "def values():\n    return pd.Series([2.0, np.nan, np.nan])": {"shape", "earlier"},
    "def number(x):\n    return np.complex128(9 + 5j)": {"squares"},
    "def some():\n    return pd.Interval(-np.inf, np.inf)": {"member"},
    ("from collections import namedtuple\ndef some():\n    return namedtuple('R', 'value')(7)"): {
        "member"
    },
    "total = np.complex128(9 + 5j)": {"variable"},
    "def values():\n    return np.array([np.nan, 1.0, 3.0], dtype=object)": {"shape", "earlier"},
}
HONEST = [
    "",
    "def values():\n    return np.array([2, 1, 3], dtype=np.float32)",
    "def values():\n    return np.array([2, 1, 3])",
    "def number(x):\n    return x * x",
    "def number(x):\n    return np.float64(x * x)",
    "def number(x):\n    return np.int64(x * x)",
    "def number(x):\n    from fractions import Fraction\n    return Fraction(x * x)",
    "def some():\n    return (7,)",
    "def some():\n    return {7}",
    "def some():\n    return np.array([7])",
    "def some():\n    return {7: None}.keys()",
    "total = np.float64(9)",
]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(Limits()) as running:
        yield running


@pytest.fixture(scope="module")
def plan(engine: Engine) -> AssignmentPlan:
    names = ["values", "number", "some", "series", "total"]
    bare = replace(plan_of(CELLS), student_names=names)
    executed = DryRun(bare, engine, {}).executed({"answer": REFERENCE})
    analysis = IsolationAnalysis([SETUP], [""], [REFERENCE], [*TESTS.values()])
    kinds = expected_kinds(bare, executed, analysis)
    return from_json(AssignmentPlan, to_json(assignment(replace(bare, kinds=kinds))))


def results(
    engine: Engine, plan: AssignmentPlan, change: str
) -> tuple[dict[str, CellScore], list[str]]:
    """Grade the reference solution with a change."""
    data = json.dumps(answered({"answer": f"{REFERENCE}\n{change}"}, CELLS)).encode()
    task = task_of({"hw.ipynb": data})
    (notebook,) = grade(task, plan, engine, Limits()).notebooks
    return notebook.cells, notebook.review_reasons


def test_the_plan_has_the_kinds_of_the_reference_solution(plan: AssignmentPlan) -> None:
    (notebook,) = plan.notebooks
    assert notebook.kinds["squares"] == {"number(…)": []}
    assert notebook.kinds["equals"] == {"series(…)": ["a pandas Series"]}
    assert notebook.kinds["earlier"] == {"values(…)": []}
    assert notebook.kinds["variable"] == {"the variable total": []}
    assert notebook.kinds["asks"] == {"": ["a pandas Series"], "values(…)": []}


@pytest.mark.sample(every=4)
@pytest.mark.parametrize("change", HONEST)
def test_another_natural_type_keeps_its_points(
    engine: Engine, plan: AssignmentPlan, change: str
) -> None:
    cells, reasons = results(engine, plan, change)
    assert {name: (cell.score, cell.mode) for name, cell in cells.items()} == dict.fromkeys(
        TESTS, (1.0, "isolated")
    )
    assert reasons == []


@pytest.mark.sample(every=2)
@pytest.mark.parametrize(("change", "left"), ATTACKS.items())
def test_another_kind_of_value_is_left_to_a_person(
    engine: Engine, plan: AssignmentPlan, change: str, left: set[str]
) -> None:
    cells, reasons = results(engine, plan, change)
    assert {name for name, cell in cells.items() if cell.score is None} == left
    assert len(reasons) == len(left)
    for reason in reasons:
        assert ": got " in reason
        assert "where the reference solution gives" in reason
        assert "give the points by hand" in reason


def test_a_function_in_a_named_tuple_is_left_to_a_person_whatever_the_reference_gives(
    engine: Engine, plan: AssignmentPlan
) -> None:
    change = (
        "from collections import namedtuple\n"
        "def series():\n    return namedtuple('R', 'equals')(lambda other: True)"
    )
    cells, (reason,) = results(engine, plan, change)
    assert [name for name, cell in cells.items() if cell.score is None] == ["equals"]
    assert "series(…): a named tuple that has types, functions or attributes of arrays" in reason
    assert "give the points by hand" in reason


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("assert isinstance(f(1), complex)", {"complex numbers"}),
        ("assert type(f(1)) is pd.DataFrame", {"a pandas DataFrame"}),
        ("assert callable(f(1))", {"a function"}),
        ("assert f(pd.Series([1])) == 1", set()),
        ("assert f(1)._fields == ('a',)", {"a named tuple"}),
    ],
)
def test_what_a_test_asks_for(text: str, kinds: set[str]) -> None:
    assert set(asked_kinds([ast.parse(text)])) == kinds
