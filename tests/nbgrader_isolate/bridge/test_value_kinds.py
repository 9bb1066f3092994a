"""The kinds of values in messages, and how a test's cells collect them."""

from __future__ import annotations

import datetime as dt
import math
from collections import UserDict, defaultdict, namedtuple
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest

from nbgrader_isolate.bridge.pack import Packer
from nbgrader_isolate.bridge.value_kinds import REDUCED, SUPPRESSED, SeenKinds, kinds_in

Point = namedtuple("Point", "x y")  # noqa: PYI024
PLAIN: list[Any] = [
    *(None, True, 1, 1 << 70, 1.5, "c", b"c", range(3), np.float64(1), np.True_, np.arange(3.0)),
    *(np.array(["c16"]), np.array([1, None], object), Fraction(1, 2), dt.date(2020, 1, 1)),
]
OTHERS: dict[str, Any] = {
    "complex numbers": 1j,
    "a named tuple": Point(1, 2),
    "an array of Python objects": np.array([1.5, None], object),
    "a masked array": np.ma.array([1.5]),
    "a type": int,
}
WRAPS = [lambda x: x, lambda x: [x], lambda x: {"k": (1, x)}, lambda x: [[x], [x]]]


def kinds(value: Any) -> set[str]:  # noqa: ANN401 (any value)
    packer = Packer()
    return {
        kind
        for kind in kinds_in([packer.pack(value)], packer.entries)
        if not kind.startswith(REDUCED)
    }


@pytest.mark.parametrize("wrap", WRAPS)
def test_plain_data_has_no_kind_however_it_is_nested(wrap: Any) -> None:  # noqa: ANN401
    assert [value for value in PLAIN if kinds(wrap(value))] == []


@pytest.mark.parametrize("wrap", WRAPS)
def test_a_container_has_the_kinds_of_all_its_parts(wrap: Any) -> None:  # noqa: ANN401
    for (one, first), (other, second) in product(OTHERS.items(), repeat=2):
        assert kinds([wrap(first), wrap(second)]) == {one, other}


def test_the_function_of_a_defaultdict_is_no_value() -> None:
    assert kinds(defaultdict(int, a=1)) == set()
    assert kinds(defaultdict(list, a=[1j])) == {"complex numbers"}


class Long(float):
    """A number of the student's own class."""


@pytest.mark.parametrize(
    "item", [math.nan, Long("nan"), np.float64("nan"), np.array([math.nan]), 1j, (1, 2)]
)
def test_an_object_array_is_plain_only_if_it_has_nothing_but_integers_and_text(item: Any) -> None:  # noqa: ANN401
    array = np.array([None, 1, "a", True, 1 << 70], object)
    assert kinds(array) == set()
    array[0] = item
    assert "an array of Python objects" in kinds(array)


def test_what_has_lost_something_on_its_way_is_noted_but_is_no_kind() -> None:
    packer = Packer()
    trees = [packer.pack(value) for value in (Long(1), UserDict(a=1), defaultdict(lambda: 0))]
    seen = SeenKinds()
    seen.begin(())
    assert seen.reduced() == ""
    for name, tree in zip("abc", trees, strict=True):
        seen.note(name, kinds_in([tree], packer.entries))
    assert seen.as_data() == {"a": [], "b": [], "c": []}
    assert seen.unexpected({}) == ""
    assert seen.reduced() == "a: got only the value of an object of another class."
    seen.begin(())
    seen.note("c", kinds_in(trees[2:], packer.entries))
    assert seen.reduced() == "c: got only the value of a defaultdict."


def test_an_array_of_complex_numbers_also_as_a_field() -> None:
    assert kinds(np.zeros(2, np.complex64)) == {"complex numbers"}
    assert kinds(np.zeros(2, [("a", "c16")])) == {"complex numbers"}


def test_a_list_that_contains_itself_ends() -> None:
    value: list[Any] = [1j]
    value.append(value)
    assert kinds(value) == {"complex numbers"}


def test_what_a_cell_binds_carries_what_it_got_until_it_is_bound_again() -> None:
    seen = SeenKinds()
    seen.begin(())
    seen.note("f(…)", ["complex numbers"])
    seen.carry({"got"}, {"log"})
    seen.begin({"got"})
    assert seen.as_data() == {"f(…)": ["complex numbers"]}
    seen.begin({"log"})
    seen.carry({"more"}, ())
    seen.begin({"more"})
    assert seen.as_data() == {"f(…)": ["complex numbers"]}
    seen.begin(())
    seen.carry({"got"}, ())
    seen.begin({"got"})
    assert seen.as_data() == {}


def seen(source: str, kind: str) -> SeenKinds:
    """What a cell has got of one kind."""
    kinds = SeenKinds()
    kinds.begin(())
    kinds.note(source, [kind])
    return kinds


def test_a_source_that_the_reference_does_not_have_gives_plain_data() -> None:
    known = {"f(…)": ["a function"]}
    assert seen("f(…)", "a function").unexpected(known) == ""
    assert seen("g(…)", "a function").unexpected({"": ["a function"], "g(…)": []}) == ""
    for expected in (known, {**known, "g(…)": []}, {}):
        assert seen("g(…)", "a function").unexpected(expected) == (
            "g(…): got a function, where the reference solution gives plain numbers, text, lists "
            "or arrays."
        )


def test_an_unknown_object_may_give_what_the_same_attribute_gives_elsewhere() -> None:
    known = {"Bag(…)": ["an object"], "….next(…)": ["an object"], "Bag.items(…)": []}
    assert seen("Bag.next(…)", "an object").unexpected(known) == ""
    assert seen("T.items(…)", "an object").unexpected(known)
    assert seen("T.Bag(…)", "an object").unexpected(known)
    assert seen("items(…)", "an object").unexpected(known)


def test_what_an_object_decides_has_a_sentence_of_its_own() -> None:
    text = seen("A.__exit__(…)", f"{SUPPRESSED}KeyError in line 2").unexpected({"A(…)": []})
    assert text == (
        "A.__exit__(…): got a suppressed KeyError in line 2, where the reference solution gives "
        "none."
    )
