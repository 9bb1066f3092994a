"""A call over the bridge has the same effects as a call within one process.

That concerns values, types, sharing, changes and errors.
"""

# ruff: noqa: ANN401, PLR0124, PLR0911

from __future__ import annotations

import copy
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nbgrader_isolate.bridge.memory import root_of
from support import answers
from support.bridged import Bridge
from support.tiers import examples

pytestmark = pytest.mark.slow


atoms = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.complex_numbers()
    | st.text(st.characters(exclude_categories=[]))
    | st.binary(max_size=20)
    | st.sampled_from([1 << 63, -(1 << 63), 1 << 64, 10**40, -0.0, ..., range(3, 9, 2)])
    | st.sampled_from(
        [
            np.float32(1.5),
            np.int8(-3),
            np.datetime64("2020-01-02T03", "h"),
            np.str_("ü"),
            np.bool(True),
        ]
    )
    | st.sampled_from(
        [np.dtype("i2"), np.dtype([("a", "<f4"), ("b", "?", (2,))]), int, np.float64, np.ndarray]
    )
)
hashable = st.recursive(
    atoms, lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=3), max_leaves=4
)
plain_data = st.recursive(
    atoms | st.just(slice(1, None, -2)),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(hashable, inner, max_size=3)
        | st.sets(hashable, max_size=3)
    ),
    max_leaves=12,
)
DTYPES = [
    "?", "i1", "u2", "<i4", ">i4", "i8", "f2", "f4", "f8", ">f8", "c8", "c16", "S3", "U2", ">U3",
    "V5", "M8[s]", "m8[7D]",
    [("a", "i2"), ("b", "?"), ("c", "U1", (2,))],
    {"names": ["x", "y"], "formats": ["f8", "i1"], "offsets": [1, 12], "itemsize": 16},
]  # fmt: skip


def alike(mine: Any, theirs: Any) -> bool:
    """Tell whether two values have the same types throughout and are equal.

    NaN equals NaN, and 0.0 does not equal -0.0.
    """
    if type(mine) is not type(theirs):
        return False
    if isinstance(mine, np.ndarray):
        layouts = [
            (a.shape, a.strides, a.dtype, a.flags.writeable, a.flags.owndata)
            for a in (mine, theirs)
        ]
        return layouts[0] == layouts[1] and same_elements(mine, theirs)
    if isinstance(mine, list | tuple):
        return len(mine) == len(theirs) and all(map(alike, mine, theirs))
    if isinstance(mine, dict):
        return all(map(alike, mine.items(), theirs.items())) and len(mine) == len(theirs)
    if isinstance(mine, set | frozenset):
        return len(mine) == len(theirs) and all(any(alike(a, b) for b in theirs) for a in mine)
    if isinstance(mine, np.generic):
        return mine.dtype == theirs.dtype and same_elements(np.asarray(mine), np.asarray(theirs))
    if isinstance(mine, float):
        if mine != mine or theirs != theirs:  # the sign of a NaN is lost
            return mine != mine and theirs != theirs
        return mine == theirs and math.copysign(1, mine) == math.copysign(1, theirs)
    if isinstance(mine, complex):
        return alike(mine.real, theirs.real) and alike(mine.imag, theirs.imag)
    return bool(mine == theirs)


def same_elements(mine: np.ndarray, theirs: np.ndarray) -> bool:
    """Tell whether two arrays have the same bytes, ignoring those between a record's fields."""
    if mine.dtype.names:
        return all(same_elements(mine[name], theirs[name]) for name in mine.dtype.names)
    return mine.tobytes() == theirs.tobytes()


@given(plain_data)
@settings(max_examples=examples(300), deadline=None)
def test_plain_data_comes_back_unchanged(there: Bridge, value: Any) -> None:
    before = copy.deepcopy(value)
    got = there.pick([value], 0)
    assert alike(got, before)
    assert alike(value, before)


@st.composite
def arrays(draw: st.DrawFn) -> np.ndarray:
    """An array or a view of one, with any layout and one of many dtypes."""
    dtype = np.dtype(draw(st.sampled_from(DTYPES)))
    shape = draw(hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4))
    size = math.prod(shape) * dtype.itemsize
    raw = np.frombuffer(draw(st.binary(min_size=size, max_size=size)) or b"", np.uint8).copy()
    owner = sane(np.ndarray(shape, dtype, raw if size else bytearray(64)).copy())
    if owner.ndim > 1 and draw(st.booleans()):
        owner = np.asfortranarray(owner).copy(order="K")
    how = draw(
        st.sampled_from(["owner", "T", "reversed", "step", "read-only", "broadcast", "middle"])
    )
    return {
        "owner": lambda: owner,
        "T": lambda: owner.T,
        "reversed": lambda: owner[::-1] if owner.ndim else owner,
        "step": lambda: owner[..., ::2] if owner.ndim else owner,
        "read-only": lambda: answers._read_only(owner),  # noqa: SLF001
        "broadcast": lambda: np.broadcast_to(owner, (2, *owner.shape)),
        "middle": lambda: owner[1:3] if owner.ndim else owner,
    }[how]()


def sane(array: np.ndarray) -> np.ndarray:
    """Give Booleans and characters valid bytes."""
    for name in array.dtype.names or ():
        array[name] = sane(array[name].copy())
    if array.dtype.kind == "b":
        array[...] = array.view(np.uint8) % 2
    elif array.dtype.kind == "U":
        array[...] = "aé"
    return array


HOW = [
    "T", "self", "copy", "copy K", "reverse", "every second", "first", "none", "flat", "ravel F",
    "bytes", "broadcast",
    "newaxis", "windows", "strided", "list", "element", "read-only", "set zero", "sort", "both",
    "of a copy",
]  # fmt: skip


@given(arrays(), st.sampled_from(HOW))
@settings(max_examples=examples(1500), deadline=None)
def test_a_function_of_an_array_has_the_same_effects_there_and_here(
    there: Bridge, array: np.ndarray, how: str
) -> None:
    assume(how != "list" or array.dtype.kind not in "mM")  # these become `datetime` objects
    assume(how != "bytes" or not array.dtype.names)  # there may be bytes between the fields
    mine, theirs = copied(array), copied(array)
    expected, got = outcome(answers.apply, mine, how), outcome(there.apply, theirs, how)
    assert alike(got, expected)
    assert alike(theirs, mine), "what it did to its argument"
    assert alike(root_of(theirs), root_of(mine)), (
        "what it did to the array that its argument is a view of"
    )
    for one, other in zip(flattened(got), flattened(expected), strict=True):
        assert np.shares_memory(one, theirs) == np.shares_memory(other, mine)
        assert address(one) - address(theirs) == address(other) - address(
            mine
        ) or not np.shares_memory(other, mine)
        assert (one is theirs) == (other is mine)
        by_interface = not isinstance(
            other.base, np.ndarray | None
        )  # as_strided puts an object between
        assert (one.base is theirs) == (other.base is mine) or not other.size or by_interface


def copied(array: np.ndarray) -> np.ndarray:
    """A copy of an array together with the owner that it is a view of."""
    root = root_of(array)
    again = root.copy(order="K")
    if array is root:
        return again
    offset = address(array) - address(root)
    flat = again.reshape(-1, order="A").view(np.uint8) if again.itemsize else again
    made: np.ndarray = np.ndarray(array.shape, array.dtype, flat, offset, array.strides)
    made.flags.writeable = array.flags.writeable
    return made


def address(array: np.ndarray) -> int:
    return int(array.__array_interface__["data"][0])


def outcome(function: Any, *args: Any) -> Any:
    try:
        return function(*args)
    except Exception as error:  # noqa: BLE001 (the error is what is compared)
        return type(error).__name__, str(error)


def flattened(value: Any) -> list[np.ndarray]:
    if isinstance(value, np.ndarray):
        return [value]
    return (
        [one for part in value for one in flattened(part)]
        if isinstance(value, list | tuple)
        else []
    )


@pytest.mark.parametrize("how", ["owner", "view", "read-only", "fortran"])
def test_a_function_sees_its_argument_as_it_would_see_it_here(there: Bridge, how: str) -> None:
    owner = np.arange(12, dtype=np.int32).reshape(3, 4).copy()
    array = {
        "owner": owner,
        "view": owner[:, 1],
        "read-only": answers._read_only(owner),  # noqa: SLF001
        "fortran": np.asfortranarray(owner),
    }[how]
    assert there.apply(array, "facts") == answers.apply(array, "facts")


def test_arguments_that_share_memory_share_it_there(there: Bridge) -> None:
    line = np.arange(6)
    got = there.apply(line[2:5], "set zero"), there.pick([line, line[1:4]], 1)
    assert line.tolist() == [0, 1, 0, 0, 0, 5]
    assert got[1].base is line


@pytest.mark.parametrize(
    ("values", "how"),
    [
        ([1, 2], "append"), ([1], "clear"), ([1], "cycle"), ([[1], 2], "inner"), ({"a": 1}, "key"),
        ({1, 2}, "add"),
        ([1, float("nan"), 3], "reverse"), ({"a": 1}, "clear"), (bytearray(b"abc"), "reverse"),
    ],
)  # fmt: skip
def test_a_functions_changes_to_a_list_are_made_in_the_callers_list(
    there: Bridge, values: Any, how: str
) -> None:
    mine, theirs = copy.deepcopy(values), copy.deepcopy(values)
    inner = theirs[0] if how == "inner" else None
    answers.change(mine, how)
    assert there.change(theirs, how) is None
    assert repr(theirs) == repr(mine)
    assert inner is None or theirs[0] is inner


def test_an_argument_that_is_returned_is_that_argument(there: Bridge) -> None:
    for value in ([1, [2]], {"a": []}, {1}, (1, []), np.arange(3), bytearray(b"x")):
        assert there.same(value) is value
    inner = [1]
    assert there.pick({"k": (inner, 2)}, "k", 0) is inner


@pytest.mark.parametrize(
    "args",
    [
        ("ValueError", "no"), ("KeyError", "k"), ("KeyError", 3), ("IndexError",),
        ("ZeroDivisionError", "x"),
        ("RecursionError", "deep"), ("NotImplementedError",), ("LinAlgError", "singular"),
        ("TypeError", "a", 2),
    ],
)  # fmt: skip
def test_a_builtin_error_is_that_error_here(there: Bridge, args: tuple[Any, ...]) -> None:
    mine, theirs = outcome(answers.raises, *args), outcome(there.raises, *args)
    assert theirs == mine


def test_an_error_of_the_students_own_is_the_builtin_one_it_derives_from(there: Bridge) -> None:
    with pytest.raises(ValueError, match=r"^mine$") as caught:
        there.raises("OwnError", "mine")
    assert type(caught.value) is ValueError


def test_axis_errors_cross(there: Bridge) -> None:
    with pytest.raises(np.exceptions.AxisError, match="out of bounds"):
        there.raises("AxisError", 3, 1)


def test_a_wrong_number_of_arguments_is_reported_as_python_reports_it(there: Bridge) -> None:
    assert outcome(there.same) == outcome(answers.same)


def test_what_a_call_prints_and_warns_comes_with_it(
    there: Bridge, capsys: pytest.CaptureFixture[str]
) -> None:
    assert there.says("hello") == 5
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("hello\n", "and an error\n")
    with pytest.warns(RuntimeWarning, match="careful"):
        assert there.warns("careful") == 1


def test_an_argument_that_the_student_keeps_stays_as_it_was(there: Bridge) -> None:
    first = np.arange(3)
    there.remember(first)
    assert there.remember(np.arange(100, 200)).tolist() == [0, 1, 2]


def test_half_a_trillion_elements_cost_forty_bytes(there: Bridge) -> None:
    column = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    got = there.wide(column, 10**11)
    assert (got.shape, got.strides, got[4, -1]) == ((5, 10**11), (8, 0), 5.0)
    assert np.shares_memory(got[:, :1], column)


def test_variables_that_share_memory_there_share_it_here(there: Bridge) -> None:
    there.namespace.begin(there.remote, {"table", "turned", "pair", "number"})
    table, turned, pair = (there.namespace[name] for name in ("table", "turned", "pair"))
    assert turned.base is table
    assert pair[0] is table
    assert np.shares_memory(pair[1], table)
    assert there.namespace["number"] == 41
    assert there.namespace["module"] is np
