"""Copies that the two sides of the bridge have of one object are not taken for independent."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from nbgrader_isolate.bridge.failures import RefusedError
from nbgrader_isolate.bridge.namespace import Namespace
from nbgrader_isolate.bridge.sharing import contents, has_changed, held_elsewhere
from support.bridged import Bridge, bridge

pytestmark = pytest.mark.slow

HERE = """
import numpy as np
class Copies:
    def __init__(self, items=()):
        self.own = list(items)
    def push(self, x):
        self.own.append(x)
    def items(self):
        return list(self.own)
    def __len__(self):
        return len(self.own)
class Shares(Copies):
    def __init__(self, items=()):
        self.own = items
    def items(self):
        return self.own
class Field:
    def __init__(self, a):
        self.a = a[1:]
    def grow(self):
        self.a += 1
    def total(self):
        return self.a.sum()
total = 10
log = []
cache = {}
def append_to(x, to=[]):
    to.append(x)
    return to
def keep(v):
    return lambda: v
def record(x):
    log.append(x)
def count():
    global total
    total += 1
def squares(n):
    return cache.setdefault(n, [i * i for i in range(n)])
grid = np.ones(3)
tree = {"a": []}
def put(where, x):
    where.append(x)
def read():
    return list(log)
def read_tree():
    return {"a": list(tree["a"])}
def double(x):
    x *= 2
def sort(x):
    x.sort()
def nested(x):
    return [x, [x], {"k": (x, [3])}]
def fail(x):
    x.append(1)
    raise ValueError("no")
for _kind in list(vars().values()):
    if isinstance(_kind, type):
        _kind.__module__ = "__main__"
vars(answers).update(vars())
for _name in ("append_to", "keep", "record", "count", "squares", "read", "read_tree"):
    exec(f"answers.{_name} = types.FunctionType({_name}.__code__, vars(answers), _name, "
         f"{_name}.__defaults__)", {"types": __import__("types"), "answers": answers, **vars()})
"""
SHARING = {
    "the argument of a constructor": "d = [1, 2]\ns = Shares(d)\ns.push(3)\nassert d == [1, 2]",
    "an argument that the test changes": "d = [1]\ns = Shares(d)\nd.append(9)\nassert len(s) == 1",
    "a result": "s = Shares([1])\ns.items().append(5)\nassert len(s) == 1",
    "a default argument": "a = append_to(1)\nb = append_to(2)\nassert a == [1]",
    "what a closure keeps": "d = [1]\ng = keep(d)\nd.append(2)\nassert g() == [1]",
    "a part": "d = [[1], 2]\ng = keep(d[0])\nd[0].append(2)\nassert g() == [1]",
    "a dict": "d = {}\ng = keep(d)\nd['x'] = 1\nassert g() == {}",
    "an array": "a = np.ones(3)\nf = Field(a)\nf.grow()\nassert a.sum() == 3",
    "an array of the test": "a = np.ones(3)\nf = Field(a)\na[:] = 0\nassert f.total() == 2",
    "a variable": "assert log == []\nrecord(1)\nassert log == []",
    "a number": "assert total == 10\ncount()\nassert total == 10",
}
HONEST = {
    "copies": "d = [1, 2]\ns = Copies(d)\ns.push(3)\nd.append(7)\nassert s.items() == [1, 2, 3]",
    "a result of its own": "s = Copies([1])\ns.items().append(5)\nassert len(s) == 1",
    "an attribute read twice": "s = Copies()\nassert s.own == []\ns.push(1)\nassert s.own == [1]",
    "a cache": "assert squares(3) == [0, 1, 4]\na = squares(3)\nassert a == squares(3)",
    "the same list again": "d = [3, 1]\nsort(d)\nd.append(0)\nsort(d)\nassert d == [0, 1, 3]",
    "nested": "d = [1]\nassert nested(d)[0] is d\nd.append(2)\nassert nested(d)[1][0] is d",
    "a variable that a call changes": "put(log, 1)\nput(log, 2)\nassert log == [1, 2] == read()",
    "a variable that a call changes in part": (
        "put(tree['a'], 1)\nput(tree['a'], 2)\nassert tree == {'a': [1, 2]} == read_tree()"
    ),
    "an array that calls change": (
        "f = Field(grid)\ndouble(grid)\ndouble(grid)\nassert grid.sum() == 12"
    ),
    "an object that is passed again": (
        "d = [1]\ns = Shares(d)\nput(d, 2)\nput(d, 3)\nassert s.items() == [1, 2, 3] == d"
    ),
    "an array again": "a = np.arange(3)\na[0] = same(a)[1]\nassert same(a) is a",
    "errors": "d = []\nfor i in range(3):\n    try:\n        fail(d)\n    except ValueError:\n"
    "        d.append(i)\nassert d == [1, 0, 1, 1, 1, 2]",
}


@pytest.fixture
def process() -> Iterator[Bridge]:
    with bridge(before=HERE) as connected:
        connected.remote.objects.allowed = True
        yield connected


@pytest.fixture
def there(process: Bridge) -> Namespace:
    process.namespace["np"] = np
    process.namespace.begin(process.remote, set())
    return process.namespace


@pytest.mark.sample(every=2)
@pytest.mark.parametrize("test", SHARING.values(), ids=SHARING)
def test_a_test_of_sharing_is_refused_if_the_code_shares(there: Namespace, test: str) -> None:
    with pytest.raises(RefusedError, match=r"the test has changed|an earlier call"):
        exec(test, there)  # noqa: S102


def test_what_the_code_does_not_keep_is_no_reason_to_refuse(there: Namespace) -> None:
    for test in HONEST.values():
        exec(test, there)  # noqa: S102


def test_nothing_is_watched_that_only_the_bridge_holds(process: Bridge, there: Namespace) -> None:
    for _ in range(20):
        there["nested"]([np.ones(3), {"a": [1]}])
        there["sort"]([2, 1])
    assert process.remote.kept.objects == {}
    assert len(there["squares"](5)) == len(there["squares"](5))
    assert len(process.remote.kept.drop_unused()) == 2  # the student's code has them in a cache
    assert process.remote.kept.objects == {}


def test_a_list_is_held_if_something_else_refers_to_it_or_to_what_is_in_it() -> None:
    kept = [7]
    assert held_elsewhere([[1], kept, [[2], kept], (3,), {}]) == {1: [7]}
    array = np.ones(4)
    view = array[1:]
    del array
    assert list(held_elsewhere([view[1:], np.ones(2)])) == [0]
    del view


@pytest.mark.parametrize(
    ("value", "change"),
    [
        ([1, [2]], "value.append(3)"),
        ([1, [2]], "value[0] = 4"),
        ({"a": 1}, "value['a'] = 2"),
        (Counter("ab"), "value['a'] += 1"),
        ({1, 2}, "value.add(3)"),
        (deque([1]), "value.clear()"),
        (bytearray(b"ab"), "value[0] = 1"),
        (np.ones(3), "value[1] = 0"),
        (np.ones((2, 3)), "value.shape = 6"),
        (np.zeros(0), "value.shape = (0, 3)"),
    ],
)
def test_every_change_of_a_value_is_seen_and_nothing_else(value: Any, change: str) -> None:  # noqa: ANN401
    before = contents(value)
    assert not has_changed(value, before)
    exec(change, {"value": value})  # noqa: S102
    assert has_changed(value, before)


def test_a_frame_that_the_code_keeps() -> None:
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"a": [1, 2]})
    before = contents(frame)
    assert not has_changed(frame, before)
    frame["b"] = 3
    assert has_changed(frame, before)
