"""Objects of the student's classes are used over the bridge, and decide nothing about data."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from nbgrader_isolate.bridge.failures import Failure, RefusedError, UngradableError
from nbgrader_isolate.bridge.namespace import Namespace
from nbgrader_isolate.bridge.object_operations import MOST
from support.bridged import Bridge, bridge, forged

pytestmark = pytest.mark.slow

HERE = """
import dataclasses, enum
class Shape:
    def area(self):
        raise NotImplementedError
class Square(Shape):
    sides = 4
    def __init__(self, a):
        self.a = a
    def area(self):
        return self.a ** 2
class Stack:
    def __init__(self):
        self.items = []
    def push(self, x):
        self.items.append(x)
        return self
    def pop(self):
        return self.items.pop()
    def __len__(self):
        return len(self.items)
    def __getitem__(self, i):
        return self.items[i]
    def __contains__(self, x):
        return x in self.items
class V:
    def __init__(self, x):
        self.x = x
    def __add__(self, o):
        return V(self.x + getattr(o, "x", o))
    __radd__ = __add__
    def __eq__(self, o):
        return self.x == o.x
    def __lt__(self, o):
        return self.x < o.x
    def __repr__(self):
        return f"V({self.x})"
class Count:
    def __init__(self, n):
        self.n = n
    def __iter__(self):
        return self
    def __next__(self):
        if self.n == 0:
            raise StopIteration
        self.n -= 1
        return self.n
class Calm:
    def __enter__(self):
        return self
    def __exit__(self, *a):
        return True
class Color(enum.Enum):
    RED = 1
    BLUE = 2
@dataclasses.dataclass
class Point:
    x: int
class Late(Exception):
    pass
def late():
    raise Late("too late")
class Yes:
    x = 9
    base = shape = None
    __array_interface__ = {"data": (4096, False), "shape": (9,), "typestr": "|u1", "version": 3}
    _repr_html_ = __array_interface__
    __eq__ = __lt__ = __gt__ = __le__ = __ge__ = __bool__ = lambda *a: True
    __ne__ = lambda *a: False
    __hash__ = lambda self: hash(9)
    __sub__ = __rsub__ = __truediv__ = __mod__ = lambda *a: 0.0
    __abs__ = lambda self: 0.0
    __exit__ = lambda *a: True
    __enter__ = lambda self: self
    __class__ = int
def yes():
    return Yes()
def many():
    return [Yes() for _ in range(10_001)]
for _kind in list(vars().values()):
    if isinstance(_kind, type):
        _kind.__module__ = "__main__"
vars(answers).update(vars())
"""


@pytest.fixture(scope="module")
def process() -> Iterator[Bridge]:
    with bridge(before=HERE) as connected:
        connected.remote.objects.allowed = True
        yield connected


@pytest.fixture
def there(process: Bridge) -> Iterator[Namespace]:
    process.remote.failures.clear()
    process.namespace.begin(process.remote, set())
    yield process.namespace
    process.namespace.end()


def test_objects_are_made_and_read_and_changed(there: Namespace) -> None:
    square = there["Square"](3)
    assert isinstance(square, there["Square"])
    assert type(square) is there["Square"]
    assert (square.a, square.area(), there["Square"].sides) == (3, 9, 4)
    square.a = 5
    assert (square.area(), hasattr(square, "b"), "area" in dir(square)) == (25, False, True)
    with pytest.raises(AttributeError, match="no attribute 'b'"):
        square.b  # noqa: B018
    with pytest.raises(TypeError, match="missing 1 required"):
        there["Square"]()


def test_a_class_has_its_bases_and_those_of_the_instructor(process: Bridge) -> None:
    class Shape:
        """One of the instructor's."""

    process.remote.find_class = {"Shape": Shape}.get
    with bridge(before=HERE) as other:
        other.remote.objects.allowed = True
        other.remote.find_class = {"Shape": Shape}.get
        other.namespace.begin(other.remote, set())
        square = other.namespace["Square"](2)
        assert isinstance(square, Shape)
        assert issubclass(other.namespace["Square"], Shape)
        assert not isinstance(square, other.namespace["Stack"])
    process.remote.find_class = lambda _name: None


def test_objects_have_the_special_methods_of_their_class(there: Namespace) -> None:
    stack = there["Stack"]()
    assert not stack
    assert stack.push(3) is stack
    assert (len(stack), stack[0], 3 in stack, 4 in stack, [*stack]) == (1, 3, True, False, [3])
    assert stack.pop() == 3
    with pytest.raises(IndexError):
        stack.pop()
    with pytest.raises(TypeError):
        stack + stack
    assert not callable(stack)


def test_operators_and_comparisons_with_other_objects(there: Namespace) -> None:
    v = there["V"]
    assert (v(1) + v(2)).x == (1 + v(2)).x == 3
    assert v(1) + v(2) == v(3)
    assert v(1) != v(2)
    assert [one.x for one in sorted([v(2), v(1)])] == [1, 2]
    assert (repr(v(1)), f"{v(2)}") == ("V(1)", "V(2)")
    assert v(1) is not None
    assert v(1) != None  # noqa: E711 (as tests write it)
    with pytest.raises(TypeError, match="unhashable"):
        hash(v(1))


def test_iterators_contexts_enumerations_and_dataclasses(there: Namespace) -> None:
    assert list(there["Count"](3)) == [2, 1, 0]
    with there["Calm"]() as calm:
        1 / 0  # noqa: B018
    assert type(calm).__name__ == "Calm"
    with pytest.raises(AssertionError), there["Calm"]():
        raise AssertionError
    color = there["Color"]
    assert (color.RED.value, color["BLUE"] is color.BLUE, len(color)) == (1, True, 2)
    assert there["Point"](3).x == 3


def test_an_error_of_the_students_class_is_caught_by_its_name(there: Namespace) -> None:
    with pytest.raises(there["Late"], match="too late"):
        there["late"]()


LIES: dict[str, Callable[[Any], object]] = {
    "equal": lambda yes: yes == 9,
    "not unequal": lambda yes: yes != 9,
    "reflected": lambda yes: yes == 9,
    "less": lambda yes: yes < 9,
    "close": lambda yes: abs(yes - 9) < 1e-9,
    "close from the other side": lambda yes: abs(9 - yes) < 1e-9,
    "ratio": lambda yes: yes / 9,
    "in a list": lambda yes: yes in [9, 10],
    "in a set": lambda yes: yes in {9, 10},
    "in a tuple of lists": lambda yes: [yes] == [9],
}


@pytest.mark.parametrize("ask", LIES.values(), ids=LIES.keys())
def test_a_lying_object_is_never_compared_with_data(
    there: Namespace, ask: Callable[[object], object]
) -> None:
    with pytest.raises(RefusedError, match="with data"):
        ask(there["yes"]())
    assert there.remote is not None
    assert there.remote.failures


def test_a_lying_object_does_not_pretend_to_be_something_else(there: Namespace) -> None:
    yes = there["yes"]()
    assert not isinstance(yes, int)
    for name in ("__array_interface__", "__array_struct__", "_repr_html_", "__reduce__"):
        assert not hasattr(yes, name)
    assert np.asarray(yes).dtype == object
    with pytest.raises(TypeError):
        np.add(yes, 1)
    with pytest.raises(AssertionError), yes:
        raise AssertionError
    with pytest.raises(pickle.PicklingError):
        pickle.dumps(yes)


def test_objects_cross_only_where_the_test_uses_the_classes(process: Bridge) -> None:
    process.remote.objects.allowed = False
    with pytest.raises(UngradableError, match="an object of type Yes"):
        process.yes()
    process.remote.objects.allowed = True


def test_only_so_many_objects_cross() -> None:
    assert MOST == 10_000
    with bridge(before=HERE) as other:
        other.remote.objects.allowed = True
        with pytest.raises(Failure, match="objects"):
            other.many()


def test_a_test_cannot_derive_from_a_students_class(there: Namespace) -> None:
    stack = there["Stack"]
    with pytest.raises(RefusedError, match="derived"):

        class Mine(stack):  # type: ignore[misc]
            pass


FORGED = {
    "a number that is text": '["object", "1", [0, "A", [], [], []]]',
    "a class that is an object": '["object", 1, [1, "A", [], [], []]]',
    "no class": '["object", 1]',
    "a name that is a number": '["class", 1, 3, [], [], []]',
    "methods that are numbers": '["class", 1, "A", [3], [], []]',
    "bases that are text": '["class", 1, "A", [], "ab", []]',
    "a number below zero": '["class", -1, "A", [], [], []]',
}


@pytest.mark.parametrize("tree", FORGED.values(), ids=FORGED.keys())
def test_a_forged_object_is_a_failure(tree: str) -> None:
    with forged(f"send(answer({tree}))") as there:
        there.remote.objects.allowed = True
        with pytest.raises(UngradableError, match="malformed"):
            there.anything()


def test_a_test_processs_own_classes_are_not_replaced() -> None:
    tree = '["object", 1, [0, "A", ["__init__", "__del__", "__getattribute__"], [], []]]'
    with forged(f"send(answer({tree}))") as there:
        there.remote.objects.allowed = True
        made = there.anything()
        assert "__del__" not in vars(type(made))
