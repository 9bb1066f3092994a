"""Wrong answers that resemble right ones, against the common ways to write a test.

Each answer goes through all tests in the sandbox. The pairs that pass are the known ones, of which
`SECURITY.md` tells, and the plan warns of such tests (`planning/weak_tests.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from course.core.paths import ROOT
from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.grading.engine import Engine
from support.prepared import graded, notebook, plain, records, student
from support.tiers import some

pytestmark = pytest.mark.slow

SETUP = "import math\nimport numpy as np\nwant = np.array([1.0, 2.0, 3.0])"
ANSWERS = {
    "all masked": "return np.ma.array([7.0, 7.0, 7.0], mask=True)",
    "one masked": "return np.ma.array([1.0, 2.0, 7.0], mask=[0, 0, 1])",
    "masked scalar": "return np.ma.array(7, mask=True)",
    "masked constant": "return np.ma.masked",
    "list of masked": "return [np.ma.masked] * 3",
    "masked objects": "return np.ma.array([None] * 3, mask=True)",
    "masked integers": "return np.ma.array([7, 7, 7], mask=True, fill_value=9)",
    "nan": "return float('nan')",
    "nan of numpy": "return np.float64('nan')",
    "nan array": "return np.full(3, np.nan)",
    "nan objects": "return np.array([float('nan')] * 3, dtype=object)",
    "nan list": "return [float('nan')] * 3",
    "nan decimal": "from decimal import Decimal\n    return Decimal('nan')",
    "nan complex": "return complex(9, float('nan'))",
    "not a time": "return np.datetime64('NaT')",
    "not a time array": "return np.full(3, np.timedelta64('NaT'))",
    "infinite": "return float('inf')",
    "empty array": "return np.empty(0)",
    "empty column": "return np.empty((0, 1))",
    "empty list": "return []",
    "empty text": "return ''",
    "empty of objects": "return np.empty(0, dtype=object)",
    "none": "return None",
    "true": "return True",
    "wrong matrix": "return np.matrix([7.0, 7.0, 7.0])",
    "wrong record": "return np.rec.array([7.0, 7.0, 7.0])",
    "column": "return np.array([[7.0], [7.0], [7.0]])",
    "equal to all": (
        "class Yes(float):\n        __eq__ = lambda *a: True\n        __ne__ = lambda *a: False\n"
        "        __hash__ = None\n    return Yes(70)"
    ),
    "array of equal to all": (
        "class Yes:\n        __eq__ = lambda *a: True\n        __ne__ = lambda *a: False\n"
        "    return np.array([Yes()] * 3, dtype=object)"
    ),
    "subclass of ndarray": (
        "class Yes(np.ndarray):\n        __eq__ = lambda *a: True\n"
        "        __array_ufunc__ = lambda *a, **k: np.True_\n"
        "    return np.zeros(3).view(Yes)"
    ),
    "subclass of list": (
        "class Yes(list):\n        __eq__ = lambda *a: True\n        tolist = lambda self: self\n"
        "    return Yes([7, 7, 7])"
    ),
    "named tuple": (
        "from collections import namedtuple\n"
        "    class Yes(namedtuple('Yes', 'a b c')):\n        __eq__ = lambda *a: True\n"
        "    return Yes(7, 7, 7)"
    ),
    "enumeration": (
        "import enum\n    class Yes(enum.IntEnum):\n        a = 70\n"
        "        __eq__ = lambda *a: True\n        __hash__ = int.__hash__\n    return Yes.a"
    ),
    "fraction": "from fractions import Fraction\n    return Fraction(630, 9)",
    "exhausted": "return iter(())",
    "view of nothing": "return np.broadcast_to(np.empty((0, 1)), (0, 3))",
    "record of nan": "return np.full(3, np.nan).view([('a', 'f8')])",
    "text array": "return np.array(['1.0', '2.0', '3.0'])",
}
"""The bodies of functions, by what they return."""
TESTS = {
    "assert_array_equal": "np.testing.assert_array_equal(answer(), want)",
    "assert_allclose": "np.testing.assert_allclose(answer(), want)",
    "assert_equal": "np.testing.assert_equal(answer(), want)",
    "assert_almost_equal": "np.testing.assert_array_almost_equal(answer(), want)",
    "array_equal": "assert np.array_equal(answer(), want)",
    "allclose": "assert np.allclose(answer(), want)",
    "equal_nan": "assert np.array_equal(answer(), want, equal_nan=False)",
    "shape and all": "got = answer()\nassert got.shape == want.shape and (got == want).all()",
    "all alone": "assert (answer() == want).all()",
    "not any": "assert not (answer() != want).any()",
    "largest difference": "assert abs(answer() - want).max() <= 1e-9",
    "negated difference": "assert not (abs(answer() - want) > 1e-9).any()",
    "tolist": "assert answer().tolist() == [1.0, 2.0, 3.0]",
    "list": "assert list(answer()) == [1, 2, 3]",
    "zip": "assert all(a == b for a, b in zip(answer(), want, strict=True))",
    "loop": "for i in range(3):\n    assert answer()[i] == want[i]",
    "equals": "assert answer() == 9",
    "unequal": "if answer() != 9:\n    raise AssertionError",
    "close": "assert abs(answer() - 9) <= 1e-9",
    "far": "if abs(answer() - 9) > 1e-9:\n    raise AssertionError",
    "isclose": "assert math.isclose(answer(), 9)",
    "in": "assert answer() in (9, 10)",
    "scalar allclose": "np.testing.assert_allclose(answer(), 9)",
    "scalar equal": "np.testing.assert_equal(answer(), 9)",
    "as a float": "assert float(answer()) == 9",
    "typed": "got = answer()\nassert isinstance(got, int) and got == 9",
    "rounded": "assert round(answer(), 2) == 9",
    "sorted": "assert sorted(answer()) == [1, 2, 3]",
    "credit": "3 - abs(answer() - 9)",
    "credit by parts": "sum(answer() == n for n in (9, 9, 9))",
    "negated credit": "3 * (not answer() != 9)",
}
TRIED = some(ANSWERS, every=4)
"""The answers that are tried: in the whole tier all."""
NAN = {"nan", "nan of numpy", "nan complex"}
BROADCAST = {"empty column", "view of nothing"}
KNOWN = {
    "far": NAN,  # every comparison with NaN is false
    "negated difference": NAN | {"nan array", "nan list", "nan objects"} | BROADCAST,
    # all of no elements are equal to anything, and any of them differs from nothing
    "all alone": BROADCAST,
    "not any": BROADCAST,
    "allclose": BROADCAST,
    "scalar allclose": {"empty array", "empty list"} | BROADCAST,
    "scalar equal": {"empty array", "empty of objects"} | BROADCAST,
}
"""The wrong answers that pass a test."""


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(Limits()) as running:
        yield running


@pytest.fixture(scope="module")
def passed(engine: Engine) -> set[tuple[str, str]]:
    """The pairs of a test and an answer that it gives points to."""
    found = set()
    for name in TRIED:
        answer = student(f"import numpy as np\ndef answer():\n    {ANSWERS[name]}")
        cells = [plain(SETUP), answer, *map(graded, TESTS.values())]
        executed = engine.run(notebook(*cells), files={}, student_names=["answer"], seed=1)
        for test, record in zip(TESTS, records(executed)[2:], strict=True):
            points = record["credit"]
            earned = 0 < points <= 3 if isinstance(points, float) else points is None
            if record["outcome"] == "passed" and earned:
                found.add((test, name))
    return found


def test_only_known_pairs_of_a_test_and_a_wrong_answer_pass(passed: set[tuple[str, str]]) -> None:
    known = {(test, name) for test, names in KNOWN.items() for name in names if name in TRIED}
    assert sorted(passed ^ known) == []


def test_the_document_counts_them() -> None:
    text = (ROOT / "docs" / "autograder" / "attacks.md").read_text("utf-8")
    assert f"{len(ANSWERS)} wrong answers that resemble right ones" in text
    assert f"{len(TESTS)} common ways to write a test" in text
