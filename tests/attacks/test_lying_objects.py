"""An object that is equal to everything gains nothing from a test that uses its class.

The second half has the kinds of values that a reference solution gives, as the plan notes them: an
object in the place of data, or one that decides what the reference leaves to Python, is refused.
"""

from __future__ import annotations

from typing import Any

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


BAG = """
class Bag:
    def __init__(self): self._d = {}
    def add(self, x): self._d[x] = self._d.get(x, 0) + 1
    def items(self): return set(self._d)
    def counts(self): return dict(self._d)
    def size(self): return len(self._d)
    def __iter__(self): return iter(self._d)
    def first(self): return Box(1)
class Box:
    def __init__(self, x): self.x = x
class Calm:
    x = 3
    def __enter__(self): return self
    def __exit__(self, *a): return None
class Patient:
    x = 3
    def __enter__(self): return self
    def __exit__(self, kind, *a): return kind is ValueError
def retry(f):
    return f()
def count():
    return 1
"""
ECHO = """
class All:
    def __contains__(self, x): return True
    def __and__(self, o): return o
    __rand__ = __or__ = __ror__ = __xor__ = __mul__ = __add__ = __radd__ = __and__
    def __iter__(self): return iter(())
    def __exit__(self, *a): return True
    def __enter__(self): return None
    def __getattr__(self, name):
        raise ValueError(name)
class T:
    def add(self, x): pass
    def items(self): return All()
    def __contains__(self, x): return True
    counts = size = items
    first = items
    x = property(items)
Calm = Patient = All
def retry(f):
    try:
        f()
    except AssertionError:
        pass
    return 5
def count():
    return 0
"""
RENAMED = f"{ECHO}\nBag = Box = T"
SAME_NAME = f"{ECHO}\nclass Bag(T): pass\nclass Box(T): pass"
BORROWED_NAME = f"{RENAMED}\nT.__name__ = T.__qualname__ = 'Box'\nAll.__name__ = 'Bag'"
MADE = "b = Bag()\nfor x in ('a', 'b', 'a'):\n    b.add(x)\n"
DECIDING = {
    "in": f"{MADE}for want in ('a', 'b'):\n    assert want in b.items()",
    "all in": f"{MADE}assert all(k in b.counts() for k in ('a', 'b'))",
    "in the object": f"{MADE}assert 'a' in b",
    "and": f"{MADE}assert b.items() & {{'a', 'b'}} == {{'a', 'b'}}",
    "reflected and": f"{MADE}assert len({{'a', 'b'}} & b.items()) == 2",
    "or": f"{MADE}assert b.items() | {{'a', 'b'}} == {{'a', 'b'}}",
    "subset": f"{MADE}assert {{'a', 'b'}}.issubset(b.items())",
    "disjoint": f"{MADE}assert not {{'a', 'b'}}.isdisjoint(b.items())",
    "times": "b = Bag()\nb.add(1)\nassert b.size() * 3 == 3",
    "plus": "b = Bag()\nb.add(1)\nassert 1 + b.size() == 2",
    "not in": "b = Bag()\nb.add(1)\nassert 2 not in b.items() and 1 in b.items()",
    "range": "b = Bag()\nb.add(1)\nassert b.size() in range(1, 2)",
    "isclose": "import math\nb = Bag()\nb.add(1)\nassert math.isclose(b.size(), 1)",
    "round": "b = Bag()\nb.add(1)\nassert round(b.size(), 3) == 1",
    "dict": "b = Bag()\nb.add(1)\nassert {**b.counts()} == {1: 1}",
    "object of an object": "assert 1 in [1] and Bag().first().x in (1, 2)",
    "member of that": "assert isinstance(Bag().first(), Box) and Bag().first().x + 1 == 2",
    "with": "with Calm() as c:\n    assert c.x == 3",
    "with an error": "with Calm() as c:\n    if c is None or c.x != 3:\n        raise OSError",
    "another error": (
        "with Patient() as p:\n    assert p.x == 3\n    raise ValueError\nassert True"
    ),
    "failed in a function": (
        "def f():\n    assert count() == 1\n    return 5\nassert retry(f) == 5"
    ),
}


def ran(engine: Engine, source: str, kinds: dict[str, Any] | None) -> dict[str, dict[str, Any]]:
    """What becomes of each test, with the kinds of values that are expected."""
    tests = [
        cell(text, owner="instructor", mode="isolated", objects=True)
        if kinds is None
        else cell(text, owner="instructor", mode="isolated", objects=True, kinds=kinds[name])
        for name, text in DECIDING.items()
    ]
    names = ["Bag", "Box", "Calm", "Patient", "retry", "count"]
    done = engine.run(notebook(student(source), *tests), files={}, student_names=names, seed=0)
    return dict(zip(DECIDING, records(done)[1:], strict=True))


def test_no_object_decides_about_data_that_the_reference_returns() -> None:
    with Engine(Limits()) as engine:
        reference = ran(engine, BAG, None)
        assert {name for name, one in reference.items() if one["outcome"] != "passed"} == set()
        kinds = {name: one["returned"] for name, one in reference.items()}
        again = ran(engine, BAG, kinds)
        assert {name for name, one in again.items() if one["outcome"] != "passed"} == set()
        for attack in (RENAMED, SAME_NAME, BORROWED_NAME):
            attacked = ran(engine, attack, kinds)
            assert [name for name, one in attacked.items() if one["outcome"] == "passed"] == []
