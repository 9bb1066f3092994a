"""Objects of the test's own classes, which the student's code uses by proxies, and abuses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Self

import pytest

from nbgrader_isolate.bridge.failures import (
    CallTimeoutError,
    ContractError,
    RefusedError,
    UngradableError,
)
from nbgrader_isolate.bridge.instructor_objects import MOST, InstructorObjects
from support.bridged import Bridge, bridge, forged

pytestmark = pytest.mark.slow

THERE = """
import copy
def use(f, *a):
    return f(*a)
answers.__dict__.update({
    "length": len,
    "first": lambda s: s[0],
    "upper": lambda s: s.upper(),
    "add": lambda a, b: a + b,
    "radd": lambda a, b: b + a,
    "equal": lambda a, b: a == b,
    "differ": lambda a, b: a != b,
    "items": lambda a: [each for each in a],
    "same": lambda a: a,
    "again": lambda a: a is keep[0],
    "keep_it": lambda a: keep.append(a),
    "read": getattr,
    "write": lambda a, name, value: setattr(a, name, value),
    "delete": lambda a, name: delattr(a, name),
    "call": lambda a, *args, **kw: a(*args, **kw),
    "method": lambda a, name, *args: getattr(a, name)(*args),
    "text": lambda a: [str(a), repr(a), f"{a:>4}"],
    "hashed": lambda a: hash(a),
    "kind": lambda a: [type(a).__name__, isinstance(a, str)],
    "copied": lambda a: [copy.copy(a).n, copy.deepcopy(a).n],
    "inside": lambda a: a[0]["k"][0].n,
    "swallow": lambda a, name: getattr(a, name, None),
    "within": lambda a: [a.__enter__(), a.__exit__(None, None, None)],
    "raising": lambda a: entered(a),
    "forever": lambda a: [a.n for _ in iter(int, 1)],
    "put": lambda a, values: values.append(a),
    "truth": lambda a: bool(a),
    "use_kept": lambda: keep[-1].n,
})
keep = []
def entered(a):
    with a:
        raise KeyError("k")
"""


@pytest.fixture(scope="module")
def there() -> Iterator[Bridge]:
    with bridge(THERE) as made:
        yield made


@pytest.fixture(autouse=True)
def _begun(there: Bridge) -> None:
    there.remote.begin()


def own(kind: type) -> Any:  # noqa: ANN401
    """Let a class look as if a cell had defined it."""
    kind.__module__ = "__main__"
    return kind


@own
class Strict(str):
    """A string that is compared character by character."""

    __slots__ = ("__dict__",)

    def __eq__(self, other: object) -> bool:
        if len(self) != 1 or len(str(other)) != 1:
            raise ValueError("compare characters")
        return str(self) == str(other)

    __hash__ = None  # type: ignore[assignment]

    def __getitem__(self, key: object) -> str:
        if not isinstance(key, int):
            raise TypeError("no slices")
        return str(self)[key]

    def upper(self) -> str:
        return "UPPER"


@own
class Counter:
    """Counts its calls."""

    def __init__(self, n: int = 0) -> None:
        self.n = n
        self._hidden = 42

    def __call__(self, by: int = 1) -> int:
        self.n += by
        return self.n

    def bump(self) -> Counter:
        self.n += 10
        return self

    @property
    def double(self) -> int:
        return 2 * self.n

    def fails(self) -> None:
        raise ValueError("not today")

    def __len__(self) -> int:
        return self.n

    def __iter__(self) -> Iterator[int]:
        yield from range(self.n)

    def __add__(self, other: object) -> Counter:
        return Counter(self.n + getattr(other, "n", other))

    __radd__ = __add__

    def __eq__(self, other: object) -> bool:
        return self.n == getattr(other, "n", other)

    def __hash__(self) -> int:
        return 7

    def __str__(self) -> str:
        return f"<{self.n}>"

    def __repr__(self) -> str:
        return f"Counter({self.n})"

    def __format__(self, form: str) -> str:
        return format(str(self), form)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> bool:
        self.left = getattr(kind, "__name__", "")
        return True


def test_a_string_of_the_test_is_a_string_there_too(there: Bridge) -> None:
    word = Strict("word")
    assert there.length(word) == 4
    assert there.first(word) == "w"
    assert there.upper(word) == "UPPER"
    assert there.kind(word) == ["Strict", True]
    assert there.equal(Strict("a"), "a") is True
    assert there.differ("a", Strict("b")) is True
    assert there.radd(Strict("d"), "wor") == "word"
    assert type(there.radd(Strict("d"), "wor")) is str


def test_what_the_class_forbids_is_forbidden_there(there: Bridge) -> None:
    with pytest.raises(ValueError, match="compare characters"):
        there.equal(Strict("ab"), "ab")
    with pytest.raises(TypeError, match="no slices"):
        there.read(Strict("ab"), "__getitem__")(slice(1))
    with pytest.raises(TypeError, match="unhashable"):
        there.hashed(Strict("a"))


def test_the_object_stays_the_test_s_own(there: Bridge) -> None:
    counter = Counter(3)
    assert there.same(counter) is counter
    assert there.same([counter])[0] is counter
    assert there.call(counter) == 4
    assert there.call(counter, by=5) == 9
    assert counter.n == 9
    assert there.method(counter, "bump") is counter
    assert there.read(counter, "double") == 2 * counter.n


def test_operators_iteration_and_text(there: Bridge) -> None:
    counter = Counter(2)
    assert there.length(counter) == 2
    assert there.items(counter) == [0, 1]
    assert there.add(counter, 3).n == 5
    assert there.radd(counter, 3).n == 5
    assert there.add(counter, counter).n == 4
    assert there.equal(counter, Counter(2)) is True
    assert there.differ(counter, 2) is False
    assert there.hashed(counter) == 7
    assert there.text(counter) == ["<2>", "Counter(2)", " <2>"]
    assert there.truth(Counter(0)) is False
    assert there.copied(counter) == [2, 2]
    assert there.within(counter)[0] is counter
    there.raising(counter)
    assert counter.left == "KeyError"


def test_objects_in_containers_and_across_calls(there: Bridge) -> None:
    counter = Counter(2)
    assert there.inside([{"k": (counter,)}]) == 2
    there.keep_it(counter)
    assert there.again(counter) is True
    assert there.again(Counter(2)) is False
    values: list[Any] = []
    there.put(counter, values)
    assert values[0] is counter


def test_an_error_of_a_method_reaches_the_code_that_called_it(there: Bridge) -> None:
    with pytest.raises(ValueError, match="not today"):
        there.method(Counter(), "fails")
    with pytest.raises(AttributeError, match="absent"):
        there.read(Counter(), "absent")


@pytest.mark.parametrize("name", ["__class__", "__init__", "__globals__", "__dict__", "__func__"])
def test_names_of_python_do_not_reach_the_test(there: Bridge, name: str) -> None:
    there.remote.failures.clear()
    found = there.swallow(Counter(3).bump, name) if name == "__func__" else None
    assert found is None
    assert not there.remote.failures


@pytest.mark.parametrize("name", ["_hidden", "_x"])
def test_a_name_that_is_not_public_is_refused_so_that_the_test_runs_once_more(
    there: Bridge, name: str
) -> None:
    with pytest.raises(RefusedError, match=f"the attribute {name} of an object of the class"):
        there.read(Counter(), name)


def test_attributes_of_the_test_s_objects_are_not_set_there(there: Bridge) -> None:
    counter = Counter(3)
    with pytest.raises(RefusedError, match=r"the attribute n of an object .* cannot be set by"):
        there.write(counter, "n", 0)
    with pytest.raises(RefusedError, match="cannot be deleted by the student's code"):
        there.delete(counter, "n")
    assert counter.n == 3


def test_attributes_of_classes_that_both_processes_have_are_set_there(there: Bridge) -> None:
    there.remote.passed.shared = {Counter}
    counter = Counter(3)
    there.write(counter, "n", 8)
    there.write(counter, "mark", [1, 2])
    there.delete(counter, "mark")
    assert vars(counter) == {"n": 8, "_hidden": 42}
    for name in ("bump", "double"):
        with pytest.raises(RefusedError, match=f"the attribute {name} of .* cannot be set"):
            there.write(counter, name, 0)
    with pytest.raises(RefusedError, match="not public"):
        there.write(counter, "_hidden", 0)
    there.remote.passed.shared = set()


def test_a_value_that_cannot_be_sent_is_refused_so_that_the_test_runs_once_more(
    there: Bridge,
) -> None:
    counter = Counter()
    counter.file = object()
    with pytest.raises(RefusedError, match="an object of the test has a value that cannot be"):
        there.read(counter, "file")


def test_objects_of_an_earlier_cell_cannot_be_used(there: Bridge) -> None:
    there.keep_it(Counter(1))
    there.remote.begin()
    with pytest.raises(UngradableError, match="an object that the test did not pass"):
        there.use_kept()


def test_code_that_asks_forever_is_stopped(there: Bridge) -> None:
    there.remote.call_seconds, before = 0.5, there.remote.call_seconds
    try:
        with pytest.raises(CallTimeoutError):
            there.forever(Counter())
    finally:
        there.remote.call_seconds = before


def test_too_many_objects_are_an_error_of_the_test(there: Bridge) -> None:
    with pytest.raises(ContractError, match=f"more than {MOST:,} objects of classes of the test"):
        there.length([Counter() for _ in range(MOST + 1)])


def test_other_objects_of_the_test_are_still_refused(there: Bridge) -> None:
    class Listed(list[int]):
        __module__ = "__main__"

    with pytest.raises(ContractError, match="Listed"):
        there.length(Listed())


FORGED_CALLS = {
    "another number": (99, "read"),
    "a number that is text": ("1", "read"),
    "a number that is a truth value": (True, "read"),
    "an unknown operation": (1, "__subclasshook__"),
    "an operation that the class lacks": (1, "__setitem__"),
    "an operation that is a list": (1, ["read"]),
    "no operation": (1, None),
}


@pytest.mark.parametrize(("number", "operation"), FORGED_CALLS.values(), ids=FORGED_CALLS.keys())
def test_forged_operations_gain_nothing(number: object, operation: object) -> None:
    passed = InstructorObjects()
    assert passed.describe(Counter()) is not None
    with pytest.raises((UngradableError, TypeError)):
        passed.operation(number, operation)


@pytest.mark.parametrize("name", ["__class__", "__dict__", "_hidden", 7, None, ["n"]])
@pytest.mark.parametrize("operation", ["read", "write", "delete", "method"])
def test_forged_names_of_attributes_gain_nothing(name: object, operation: str) -> None:
    passed, counter = InstructorObjects(), Counter()
    passed.describe(counter)
    before = dict(vars(counter))
    with pytest.raises(RefusedError):
        passed.operation(1, operation)(name, *([1] if operation == "write" else []))
    assert vars(counter) == before


@pytest.mark.parametrize("name", ["n", "double", "kept"])
def test_only_methods_are_called(name: str) -> None:
    passed, counter = InstructorObjects(), Counter()
    counter.kept = type  # a test may hold anything
    passed.describe(counter)
    with pytest.raises(TypeError, match="is not a method"):
        passed.operation(1, "method")(name, "x")


def test_forged_messages_are_a_failure_of_the_test() -> None:
    call = {"callback": 1, "operation": ["read"], "o": [], "m": [], "args": ["n"], "kwargs": {}}
    with (
        forged(f"send({{'id': read()['id'], **{call!r}}})") as there,
        pytest.raises(UngradableError, match="cannot be graded"),
    ):
        there.length(Counter())


def test_a_forged_object_in_an_answer_gains_nothing() -> None:
    with (
        forged("send(answer(['instructor', 5, ['X', 'str', [], []], 'x']))") as there,
        pytest.raises(UngradableError, match="an object that the test did not pass"),
    ):
        there.length(Counter())
