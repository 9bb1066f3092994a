"""Values of the standard library and of the instructor's classes keep their types on the way."""

from __future__ import annotations

import collections
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from nbgrader_isolate.bridge import stdlib_types
from nbgrader_isolate.bridge.failures import (
    ContractError,
    Failure,
    RefusedError,
    UngradableError,
)
from nbgrader_isolate.bridge.memory import SharedMemory, sealed_file
from nbgrader_isolate.bridge.pack import Packer
from nbgrader_isolate.bridge.unpack import Unpacker
from support.answers import Color, Point, Spot, makes
from support.bridged import Bridge, bridge

UTC = "datetime.timezone.utc"
VALUES = [
    "collections.Counter('aab')", "collections.OrderedDict(b=1, a=2)",
    "collections.deque([1, 2], 5)",
    "collections.defaultdict(int, {1: 2})", "datetime.date(2024, 2, 29)",
    "datetime.time(3, 4, 5, 6)",
    "datetime.datetime(2024, 10, 27, 2, 30, fold=1)", f"datetime.datetime(1, 1, 1, tzinfo={UTC})",
    "datetime.timedelta(-1, 2, 3)", "datetime.timezone(datetime.timedelta(hours=2), 'X')",
    "decimal.Decimal('1.10')", "decimal.Decimal('-Infinity')", "fractions.Fraction(-2, 6)",
    "pathlib.Path('/a/b')", "pathlib.PurePosixPath('c')", "Point(1, [2])", "Spot(1, [2])",
    "Color.RED",
    "np.linalg.slogdet(np.eye(2))", "[datetime.date(1, 1, 1), {Point(1, 2): Color.RED}]",
]  # fmt: skip
SAME_CLASS = {"Point": Point, "Spot": Spot, "Color": Color}


@pytest.fixture(scope="module")
def there() -> Iterator[Bridge]:
    with bridge() as connected:
        connected.remote.find_class = SAME_CLASS.get
        yield connected


@pytest.mark.parametrize("source", VALUES)
def test_a_value_of_the_standard_library_comes_back_equal_and_with_the_same_repr(
    there: Bridge, source: str
) -> None:
    expected, got = makes(source), there.makes(source)
    assert got == expected
    assert repr(got) == repr(expected)


def test_an_instance_of_the_instructors_class_is_one_of_the_tests_own(there: Bridge) -> None:
    values = there.makes("[Point(1, 2), Spot(3, []), Color.RED]")
    assert [type(value) for value in values] == [Point, Spot, Color]


def test_a_named_tuple_of_the_students_has_its_names_and_is_equal_to_a_tuple() -> None:
    with bridge() as there:
        point = there.makes("Point(1, 2)")
    assert (point, point.y, point._fields) == ((1, 2), 2, ("x", "y"))


def test_a_number_of_an_enumeration_of_the_students_is_that_number(there: Bridge) -> None:
    level = there.makes("Level.HIGH")
    assert (level, type(level)) == (3, int)


@pytest.mark.parametrize("source", ["Own(1)", "enum.Enum('E', 'A').A", "Liar()", "[Liar()]"])
def test_an_object_of_the_students_own_class_is_a_failure(there: Bridge, source: str) -> None:
    with pytest.raises(UngradableError, match="an object of type"):
        there.makes(source)


@pytest.mark.parametrize(
    "source",
    [
        "map(int, '123')",
        "zip('ab', 'cd')",
        "reversed([1, 2])",
        "enumerate('a')",
        "iter({1: 2})",
        "filter(None, [0, 1])",
    ],
)
def test_an_iterator_comes_back_as_one_with_the_same_elements(there: Bridge, source: str) -> None:
    got = there.makes(source)
    assert iter(got) is got
    assert list(got) == list(makes(source))


def test_a_generator_comes_back_as_a_generator(there: Bridge) -> None:
    got = there.yields(3)
    assert (type(got).__name__, list(got)) == ("generator", [0, 1, 2])


def test_what_a_generator_raises_is_raised_by_the_call(there: Bridge) -> None:
    with pytest.raises(ValueError, match="-1"):
        there.yields(-1)


def test_an_endless_generator_is_too_large_and_the_next_call_works(there: Bridge) -> None:
    with pytest.raises(RefusedError, match="an iterator of more than"):
        there.makes("itertools.count()")
    assert there.same(1) == 1


@pytest.mark.parametrize("source", ["{1: 2}.keys()", "{1: 2}.items()", "{2: 1}.keys() | {3}"])
def test_a_view_of_a_dict_comes_back_as_one(there: Bridge, source: str) -> None:
    got = there.makes(source)
    assert type(got) is type(makes(source))
    assert got == makes(source)


@pytest.mark.parametrize(
    "source",
    [
        "np.eye(2).view(np.recarray)",
        "np.array([1, None, 'a', [2]], dtype=object)",
    ],
)
def test_arrays_of_numpys_other_classes_come_back_unchanged(there: Bridge, source: str) -> None:
    expected, got = makes(source), there.makes(source)
    assert type(got) is type(expected)
    assert got.dtype == expected.dtype
    assert got.tolist() == expected.tolist()


def test_a_masked_array_comes_back_unless_its_masked_elements_are_equal_to_all(
    there: Bridge,
) -> None:
    there.remote.masked = True
    got = there.makes("np.ma.masked_array([1, 2], [0, 0], fill_value=7)")
    assert (got.tolist(), got.fill_value) == ([1, 2], 7)
    there.remote.masked = False
    with pytest.raises(UngradableError, match="masked elements, which compare as equal"):
        there.makes("np.ma.masked_array([1, 2], [0, 1], fill_value=7)")


@pytest.mark.parametrize(
    "source",
    [
        "np.ma.MaskedArray([1.0, np.nan])",
        "np.matrix([[0, 1e6], [-1e6, 0]])",
        "collections.namedtuple('R', 'columns shape equals')(['a'], (3, 1), str)",
        "collections.namedtuple('R', 'equals')(lambda other: True)",
        "collections.namedtuple('R', 'shape strides')((3,), (8,))",
        "collections.namedtuple('R', 'shape base')((3,), np.eye(2))",
    ],
)
def test_a_value_that_many_tests_take_for_right_is_run_again(there: Bridge, source: str) -> None:
    with pytest.raises(RefusedError):
        there.makes(source)


def test_an_honest_named_tuple_of_arrays_comes_back(there: Bridge) -> None:
    got = there.makes("np.linalg.eigh(np.eye(2))")
    assert got.eigenvalues.tolist() == [1, 1]


def test_a_calls_changes_to_a_counter_and_a_deque_are_made_in_the_callers_own(
    there: Bridge,
) -> None:
    counter, queue = collections.Counter("aab"), collections.deque([1, 2], maxlen=2)
    there.grows(counter, queue)
    assert counter == {"a": 2, "b": 3}
    assert queue == collections.deque([2, 3], maxlen=2)


def test_a_value_that_a_call_could_change_unnoticed_is_not_sent(there: Bridge) -> None:
    for value in (Spot(1, []), np.array([None]), collections.defaultdict(lambda: 0)):
        with pytest.raises(ContractError):
            there.same(value)


@pytest.mark.parametrize(
    "tree",
    [
        ["named", "x; import os", 1, "a", 1], ["named", "X", 1, "a b", 1],
        ["named", "X", 2, "a", 1], ["named", "X", "1"],
        ["named", "X", 1, "_a", 1], ["named", "X", 2, "a", "a", 1, 2], ["named", 3, 0], ["named"],
        ["data", "Spot", 1, "x", 1],
        ["data", "np", 1, "x", 1], ["data", "Point", 2, "x", "y", 1, 2],
        ["enum", "Color", "mro", None], ["enum", "Color", 3],
        ["enum", "Spot", "x", None], ["datetime", ["b", "B+gBAQAAAAAAAA=="], 0, None],
        ["datetime", 1, 1, 1, 0, 0, 0, 0, 0, "UTC"],
        ["date", ["b", "B+gBAQ=="]], ["date", 0, 0, 0], ["time", 25, 0, 0, 0, 0, None],
        ["timedelta", 1 << 62], ["timezone", 3, None],
        ["ZoneInfo", "../../etc/passwd"], ["Decimal", "x"], ["Decimal", 1.5], ["Fraction", 1, 0],
        ["Fraction", "1", 2],
        ["PosixPath", 3], ["matrix", 3], ["MaskedArray", 1, 2, 3], ["recarray", "x"],
        ["objects", 1, 1 << 60], ["objects", 2, -1, -1, 3], ["objects", "1"],
        ["objects", 65, *[1] * 65, 0],
        ["keys", ["r", 0]], ["items", 1], ["iterator"], ["Drained"],
    ],
)  # fmt: skip
def test_a_forged_value_is_a_failure_and_runs_nothing(tree: list[Any]) -> None:
    message = {"o": [["list"]], "m": []}
    reader = Unpacker(
        message, SharedMemory(sealed_file(4096)), find_class={**SAME_CLASS, "np": np}.get
    )
    with pytest.raises(Failure):
        reader.unpack(tree)


def test_every_type_that_can_be_taken_apart_can_be_rebuilt() -> None:
    known = {kind.__name__ for kind in stdlib_types._SPLIT} | set(stdlib_types._VIEWS.values())  # noqa: SLF001
    assert known <= stdlib_types.TAGS


def test_an_iterator_is_not_taken_out_of_a_variable() -> None:
    with pytest.raises(UngradableError):
        Packer().pack(iter([1]))
