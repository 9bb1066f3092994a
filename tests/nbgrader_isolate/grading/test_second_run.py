"""A right answer whose value does not cross is looked at again, and a person gives the points."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.core.models import CellScore
from nbgrader_isolate.grading.engine import Engine
from nbgrader_isolate.grading.submission import grade
from support.small_course import answered, assignment, code, plan_of, task_of

pytestmark = pytest.mark.slow
CELLS = [
    code("def double(x):\n    raise NotImplementedError", "double", solution=True),
    code(
        "assert double(2) == 4\n### secret\nassert double(3) == 6",
        "t",
        grade=True,
        points=2,
        locked=True,
    ),
    code("assert double(0) == 0", "zero", grade=True, points=1, locked=True),
]
OBJECT = "class Own:\n    def __init__(self, n):\n        self.n = n\n"
EQUAL = OBJECT + "    def __eq__(self, other):\n        return self.n == other\n"
NUMBERS = "def double(x):\n    return Own(2 * x) if x else 0"
SPY = (
    "\nimport builtins\n_old = Own.__eq__\ndef spy(self, other):\n    print(In)\n    return True\n"
)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(Limits()) as running:
        yield running


def graded(engine: Engine, answer: str) -> tuple[dict[str, CellScore], list[str], str]:
    plan = assignment(plan_of(CELLS))
    data = json.dumps(answered({"double": answer}, CELLS)).encode()
    (notebook,) = grade(task_of({"hw.ipynb": data}), plan, engine, Limits()).notebooks
    return notebook.cells, notebook.review_reasons, json.dumps(notebook.notebook)


def test_a_right_value_of_a_foreign_type_is_left_to_a_person(engine: Engine) -> None:
    cells, reasons, _ = graded(engine, EQUAL + NUMBERS)
    assert (cells["t"].score, cells["t"].mode) == (None, "in-process")
    assert (cells["zero"].score, cells["zero"].mode) == (1.0, "isolated")
    (reason,) = reasons
    assert "an object of type Own cannot be graded" in reason
    assert "give the points by hand" in reason


def test_an_object_that_equals_everything_gains_nothing_by_itself(engine: Engine) -> None:
    cells, reasons, _ = graded(engine, EQUAL + SPY + "Own.__eq__ = spy\n" + NUMBERS)
    assert cells["t"].score is None
    assert len(reasons) == 1


def test_what_the_second_run_printed_is_not_kept(engine: Engine) -> None:
    _, _, notebook = graded(engine, EQUAL + SPY + "Own.__eq__ = spy\n" + NUMBERS)
    outputs = [cell["outputs"] for cell in json.loads(notebook)["cells"]]
    assert "secret" not in str(outputs)


def test_a_wrong_value_of_a_foreign_type_gets_no_points(engine: Engine) -> None:
    cells, reasons, _ = graded(engine, OBJECT + NUMBERS)
    assert (cells["t"].score, cells["t"].mode) == (0.0, "isolated")
    assert reasons == []


HONEST = {
    "a defaultdict": (
        "import collections\ndef f(x):\n    return collections.defaultdict(lambda: 0, a=x)",
        "assert f(1)['b'] == 0",
    ),
    "a dict with its own default": (
        "class D(dict):\n    __missing__ = lambda self, key: 0\ndef f(x):\n    return D(a=x)",
        "assert f(1)['b'] == 0",
    ),
    "a method of a named tuple": (
        (
            "from typing import NamedTuple\nclass P(NamedTuple):\n    x: int\n"
            "    def twice(self):\n        return 2 * self.x\ndef f(x):\n    return P(x)"
        ),
        "assert f(2).twice() == 4",
    ),
    "the text of an error": (
        "class Empty(Exception):\n    pass\ndef f(x):\n    raise Empty('it is empty')",
        "try:\n    f(1)\nexcept Exception as error:\n    assert str(error) == 'it is empty'",
    ),
    "a warning": (
        (
            "import warnings\nclass Odd(UserWarning):\n    pass\n"
            "def f(x):\n    warnings.warn('odd', Odd)"
        ),
        (
            "import warnings\nwith warnings.catch_warnings(record=True) as seen:\n    f(1)\n"
            "assert len(seen) == 1"
        ),
    ),
    "a long list": (
        "def f(x):\n    return [i / 7 for i in range(1_000_000)]",
        "assert len(f(1)) == 1_000_000",
    ),
}


@pytest.mark.sample(every=2)
@pytest.mark.parametrize(("answer", "test"), HONEST.values(), ids=HONEST)
def test_a_right_answer_that_loses_something_on_its_way_is_left_to_a_person(
    engine: Engine, answer: str, test: str
) -> None:
    cells = [
        code("def f(x):\n    raise NotImplementedError", "f", solution=True),
        code(test, "t", grade=True, points=2, locked=True),
    ]
    data = json.dumps(answered({"f": answer}, cells)).encode()
    task = task_of({"hw.ipynb": data})
    (notebook,) = grade(task, assignment(plan_of(cells)), engine, Limits()).notebooks
    assert (notebook.cells["t"].score, notebook.cells["t"].mode) == (None, "in-process")
    assert "give the points by hand" in notebook.review_reasons[0]


def test_a_wrong_answer_that_loses_something_gets_no_points(engine: Engine) -> None:
    cells, reasons, _ = graded(
        engine, "from collections import UserList\ndef double(x):\n    return UserList([x])"
    )
    assert [cell.score for cell in cells.values() if cell.mode] == [0.0, 0.0]
    assert reasons == []


TABLE = [
    code("rows = [1, 2, 3]\nimport collections\ncounts = collections.Counter('aab')"),
    code("total = None", "total", solution=True),
    code("assert total == sum(rows)", "t", grade=True, points=2, locked=True),
    code("assert counts['a'] == 2", "other", grade=True, points=1, locked=True),
]


def shared(engine: Engine, answer: str) -> tuple[dict[str, CellScore], list[str]]:
    """Grade an answer to a task whose test reads an object of the instructor's."""
    plan = replace(plan_of(TABLE), shared={"t": ["rows", "missing"], "other": ["counts"]})
    data = json.dumps(answered({"total": answer}, TABLE)).encode()
    task = task_of({"hw.ipynb": data})
    (notebook,) = grade(task, assignment(plan), engine, Limits()).notebooks
    return notebook.cells, notebook.review_reasons


def test_an_object_that_is_still_the_same_is_the_tests_own(engine: Engine) -> None:
    cells, reasons = shared(engine, "total = sum(rows)")
    assert [(cell.score, cell.mode) for cell in cells.values()] == [
        (2.0, "isolated"),
        (1.0, "isolated"),
    ]
    assert reasons == []


@pytest.mark.sample(every=3)
@pytest.mark.parametrize(
    "change",
    [
        "rows.append(4)",
        "rows = [0]",
        "rows = 0",
        "rows = print",
        "del rows",
        "import math as rows",
        "class Yes:\n    __eq__ = lambda *a: True\nrows = Yes()",
        "rows = [1, 2.0, 3]",
        "rows = (1, 2, 3)",
        "rows.append(rows)",
    ],
)
def test_an_object_that_the_student_has_changed_is_left_to_a_person_or_fails(
    engine: Engine, change: str
) -> None:
    cells, reasons = shared(engine, f"total = 6\n{change}")
    assert cells["t"].score in {None, 0.0}
    assert (cells["t"].score is None) == bool(reasons)
    assert cells["other"].score == 1.0
    assert all("the variable rows" in reason for reason in reasons)


def test_a_subclass_and_a_foreign_number_are_decided_by_their_values(engine: Engine) -> None:
    subclass = "class N(int):\n    pass\ndef double(x):\n    return N(2 * x)"
    cells, reasons, _ = graded(engine, subclass)
    assert [cell.score for cell in cells.values()] == [2.0, 1.0]
    assert reasons == []
