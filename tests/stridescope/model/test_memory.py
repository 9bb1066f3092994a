"""A real array is described by its owner and its layout; no byte outside is read."""

from __future__ import annotations

import mmap
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from stridescope.model.memory import describe, dtype_code, dtype_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

NINE = np.arange(9).reshape(3, 3)


@pytest.mark.parametrize(
    ("view", "offset"),
    [(NINE, 0), (NINE.T, 0), (NINE[1:, ::2], 24), (NINE[::-1], 48), (NINE.ravel()[4:][::-1], 64)],
)
def test_a_view_lies_in_its_owner_where_numpy_has_it(view: NDArray[Any], offset: int) -> None:
    memory = describe(view)
    assert memory.layout.offset == offset
    assert (memory.layout.shape, memory.layout.strides) == (view.shape, view.strides)
    assert memory.owner.key == describe(NINE).owner.key
    assert memory.owner.words == "int64 array of shape (9,)"
    assert memory.owner.raw.tobytes() == np.arange(9).tobytes()
    assert not memory.owner.raw.flags.writeable
    assert not memory.owns


def test_an_owner_owns_and_a_read_only_array_says_so() -> None:
    array = np.zeros(3)
    assert describe(array).owns
    array.flags.writeable = False
    assert not describe(array).writeable


@pytest.mark.parametrize(
    ("buffer", "words"),
    [
        (b"abcdefgh", "bytes object"),
        (bytearray(8), "bytearray object"),
        (memoryview(b"abcdefgh")[4:], "bytes object"),
        (mmap.mmap(-1, 8), "memory map"),
    ],
)
def test_a_buffer_is_an_owner_as_a_whole(buffer: bytes, words: str) -> None:
    memory = describe(np.frombuffer(buffer, "u1", 2))
    assert (memory.owner.words, memory.owner.nbytes) == (words, 8)


def test_an_array_of_strides_from_elsewhere_has_the_array_it_came_from_as_owner() -> None:
    base = np.arange(6)
    wild = np.lib.stride_tricks.as_strided(base, (2, 1 << 40), (0, 8))
    assert describe(wild).owner.key == describe(base).owner.key


def test_values_are_read_inside_the_owner_only() -> None:
    memory = describe(np.array([1.5, -2.0]))
    assert [memory.text(byte) for byte in (0, 8, -1, 9, 16, 1 << 62)] == ["1.5", "-2.0", *"????"]


def test_a_pointer_is_never_followed_where_none_is_known() -> None:
    objects = np.array([1, "a", None], dtype=object)
    memory = describe(objects)
    assert [memory.text(byte) for byte in (0, 8, 16, 4)] == ["int", "str", "NoneType", "·"]
    forged = np.ndarray(1, object, np.zeros(8, np.uint8))
    assert describe(forged).text(0) == "·"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([1, 2], "not list: make one first with np.array(...). It draws memory"),
        (3.0, "ss.why takes a NumPy array, not float: make one first with np.array(...)."),
        (None, "not NoneType"),
    ],
)
def test_what_is_not_an_array_is_refused(value: object, words: str) -> None:
    with pytest.raises(TypeError) as refused:
        describe(value, "why")
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("dtype", "words", "code"),
    [
        ("i8", "int64", "'i8'"),
        (">i4", "big-endian int32", "'>i4'"),
        ("S3", "S3", "'S3'"),
        ("u1", "uint8", "'u1'"),
        ("?", "bool", "'b1'"),
        ([("a", "i4"), ("b", "f8")], "structured (a, b)", "[('a', '<i4'), ('b', '<f8')]"),
    ],
)
def test_a_dtype_is_named_in_words_and_as_code(dtype: Any, words: str, code: str) -> None:  # noqa: ANN401
    assert dtype_words(np.dtype(dtype)) == words
    assert dtype_code(np.dtype(dtype)) == code
