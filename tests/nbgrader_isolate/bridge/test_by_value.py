"""Objects of other types cross by their value, and none of their methods decides anything."""

# ruff: noqa: ANN401

from __future__ import annotations

import array
import types
from collections import UserDict, UserList, UserString
from fractions import Fraction
from typing import Any

import pytest

from nbgrader_isolate.bridge import stdlib_types
from nbgrader_isolate.bridge.failures import RefusedError, UngradableError


class Text(str):
    __slots__ = ()


class Always(int):
    """An integer that says it equals everything."""

    __slots__ = ()

    def __eq__(self, _: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0

    def __index__(self) -> int:
        return 42


class Labeled(str):  # noqa: SLOT000 (it has attributes)
    """A string with more than its text."""

    def __init__(self, _: str) -> None:
        self.label = "mine"


class Ratio:
    """A number of a library, which Python's classes of numbers do not know."""

    def __float__(self) -> float:
        return 2.5


Ratio.__module__ = "library"


class Own:
    """A class of the student's that can be converted to a number."""

    def __float__(self) -> float:
        return 2.5


Own.__module__ = "__main__"


def sent(value: Any, find: Any = lambda _: None) -> Any:
    tag, *parts = stdlib_types.parts(value, type(value), answer=True)
    return stdlib_types.rebuild(tag, parts, find)


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (UserDict(a=1), {"a": 1}),
        (UserList([1, 2]), [1, 2]),
        (UserString("ab"), "ab"),
        (types.MappingProxyType({"a": 1}), {"a": 1}),
        (array.array("i", [1, 2]), [1, 2]),
        (memoryview(b"ab"), [97, 98]),
        (Ratio(), 2.5),
    ],
)
def test_a_foreign_container_or_number_crosses_as_plain_data(value: object, plain: object) -> None:
    assert sent(value) == plain
    assert type(sent(value)) is type(plain)


def test_a_subclass_stays_a_subclass_without_its_methods() -> None:
    text = sent(Text("ab"))
    assert text == "ab"
    assert (type(text).__name__, type(text).__mro__[1:]) == ("Text", (str, object))
    number = sent(Always(7))
    assert number == 7
    assert number != 8


def test_an_instance_of_the_instructors_subclass_gets_that_class() -> None:
    assert type(sent(Text("ab"), {"Text": Text}.get)) is Text
    assert type(sent(Text("ab"), {"Text": Fraction}.get)) is not Fraction


@pytest.mark.parametrize("value", [Labeled("a"), Own(), object(), len, iter])
def test_what_is_more_than_its_value_is_refused(value: object) -> None:
    with pytest.raises(UngradableError, match="an object of type"):
        sent(value)


def test_forged_parts_are_refused() -> None:
    for parts in (["X", "int", "7"], [3, "str", "a"], ["X", "list", (1,)]):
        with pytest.raises(TypeError):
            stdlib_types.rebuild("sub", parts, lambda _: None)
    with pytest.raises(KeyError):
        stdlib_types.rebuild("sub", ["X", "type", 1], lambda _: None)


def test_a_dataclass_that_the_test_does_not_know_is_refused_and_looked_at_again() -> None:
    with pytest.raises(RefusedError):
        stdlib_types.rebuild("data", ["Point", 1, "x", 3], lambda _: None)
