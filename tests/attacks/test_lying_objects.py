"""An object that is equal to everything gains nothing from a test that uses its class."""

from __future__ import annotations

import pytest

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.grading.engine import Engine
from support.prepared import cell, notebook, records, student

pytestmark = pytest.mark.slow

LIE = """class Stack:
    def __getattr__(self, name):
        return Stack()
    def __call__(self, *a, **k):
        return Stack()
    def __getitem__(self, k):
        if k:
            raise IndexError
        return Stack()
    __eq__ = __lt__ = __gt__ = __le__ = __ge__ = __bool__ = __contains__ = lambda *a: True
    __ne__ = lambda *a: False
    __hash__ = lambda self: 9
    __sub__ = __rsub__ = __truediv__ = __mod__ = __abs__ = __round__ = lambda *a: 0.0
    __enter__ = lambda self: self
    __exit__ = lambda *a: True
    __len__ = lambda self: 1
    __str__ = __repr__ = lambda self: "8"
"""
TESTS = {
    "equals": "assert Stack().pop() == 9",
    "in a list": "assert [one for one in [Stack().pop()]] == [9]",
    "a list": "assert Stack().items == [9]",
    "isclose": "import math\nassert math.isclose(Stack().pop(), 9)",
    "allclose": "import numpy as np\nassert np.allclose(Stack().data, [9.0])",
    "assert_equal": "import numpy as np\nnp.testing.assert_equal(Stack().x, 9)",
    "array_equal": "import numpy as np\nassert np.array_equal(Stack().x, [1, 2])",
    "all": "import numpy as np\nassert (np.array([9]) == Stack().x).all()",
    "difference": "assert abs(Stack().x - 9) < 1e-9",
    "with": "with Stack() as q:\n    assert q.x == 3",
    "caught": "try:\n    assert Stack().x == 9\nexcept BaseException:\n    pass",
    "assertEqual": "import unittest\nunittest.TestCase().assertEqual(Stack().x, 9)",
    "assertAlmostEqual": "import unittest\nunittest.TestCase().assertAlmostEqual(Stack().x, 9)",
    "sum": "assert sum([Stack().x]) == 9",
    "maximum": "assert max(Stack().x, 3) == 9",
    "key": "assert {9: 1}[Stack().x]",
    "method": "assert Stack().x.__eq__(9)",
    "member": "assert Stack().x in (9, 10)",
    "text": "assert str(Stack().x) == '9'",
    "kind": "assert isinstance(Stack().x, int)",
    "drained": "assert [*Stack()] == [9]",
}


def test_no_test_of_data_passes() -> None:
    tests = [
        cell(source, owner="instructor", mode="isolated", objects=True)
        for source in [*TESTS.values(), "assert len(Stack()) == 1"]
    ]
    with Engine(Limits()) as engine:
        ran = engine.run(notebook(student(LIE), *tests), files={}, student_names=["Stack"], seed=0)
    *attacks, honest = records(ran)[1:]
    passed = [name for name, one in zip(TESTS, attacks, strict=True) if one["outcome"] == "passed"]
    assert passed == []
    assert honest["outcome"] == "passed"
