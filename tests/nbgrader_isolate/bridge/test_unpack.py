"""A message builds what it describes if that is plain data inside its memory, and nothing else."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from nbgrader_isolate.bridge.failures import Failure, UngradableError
from nbgrader_isolate.bridge.memory import SharedMemory, sealed_file
from nbgrader_isolate.bridge.opaque_array import OpaqueArray
from nbgrader_isolate.bridge.unpack import Unpacker


@pytest.fixture
def memory() -> Iterator[SharedMemory]:
    """Four numbers, at the start of a small memory file."""
    fd = sealed_file(4096)
    shared = SharedMemory(fd)
    shared.write([np.arange(4.0).view(np.uint8)])
    yield shared
    os.close(fd)


def array(shape: Any = (4,), strides: Any = (8,), **more: Any) -> list[Any]:  # noqa: ANN401
    """Return the entry of an array, which owns the first span unless `more` says otherwise."""
    layout = {"dtype": "<f8", "writeable": True, "owns": True, "span": 0, "offset": 0, **more}
    dtype, *rest = layout.values()
    return ["a", dtype, list(shape), list(strides), *rest]


def first(memory: SharedMemory, *entries: list[Any], spans: Any = ((0, 32),)) -> Any:  # noqa: ANN401
    """Return object 0 of a message with these entries."""
    return Unpacker({"o": [*entries], "m": [list(span) for span in spans]}, memory).unpack(["r", 0])


def test_numbers_and_scalars_are_read_from_their_digits(memory: SharedMemory) -> None:
    reader = Unpacker({}, memory)
    assert reader.unpack(["i", "-0x1f"]) == -31
    scalar = reader.unpack(["g", ">f8", np.array(1.5, ">f8").tobytes().hex()])
    assert (type(scalar), scalar) == (np.float64, 1.5)
    assert reader.unpack(["g", "<U0", ""]) == np.str_("")


def test_an_array_is_a_copy_with_the_described_layout(memory: SharedMemory) -> None:
    got = first(memory, array())
    assert got.tolist() == [0, 1, 2, 3]
    assert got.flags.owndata
    memory.write([np.zeros(4).view(np.uint8)])
    assert got.tolist() == [0, 1, 2, 3]


def test_a_view_shares_the_copied_span(memory: SharedMemory) -> None:
    message = {"o": [array(), array((2,), (-16,), owns=False, offset=24)], "m": [[0, 32]]}
    reader = Unpacker(message, memory)
    owner, view = reader.unpack(["r", 0]), reader.unpack(["r", 1])
    assert view.tolist() == [3, 1]
    owner[3] = 7
    assert view.tolist() == [7, 1]


def test_a_read_only_array_stays_read_only(memory: SharedMemory) -> None:
    assert not first(memory, array(writeable=False)).flags.writeable


@pytest.mark.parametrize(
    ("shape", "strides", "offset"),
    [((5,), (8,), 0), ((4,), (8,), 8), ((4,), (-8,), 0), ((2,), (1 << 40,), 0), ((1,), (8,), -8)],
)
def test_an_array_that_reaches_outside_its_span_has_no_elements_to_read(
    memory: SharedMemory, shape: tuple[int, ...], strides: tuple[int, ...], offset: int
) -> None:
    got = first(memory, array(shape, strides, owns=False, offset=offset))
    assert isinstance(got, OpaqueArray)
    assert (got.shape, got.strides) == (shape, strides)
    with pytest.raises(UngradableError, match="no element was read"):
        got.tolist()


@pytest.mark.parametrize(
    "entry",
    [
        array((-1,)), array((4, 4)), array(("4",)), array((True,)), array((1 << 62,)),
        array((1 << 31, 1 << 31), (0, 0)), array([1] * 65, [8] * 65), array(dtype="|O"),
        array(dtype=["rec", 8, [["a", "|O", 0]]]), array(writeable=1), array(span=1),
        array(span=-3), array(span="0"), array(offset=0.0), array()[:-1],
        ["a"], [], ["b"], ["list", ["r", 9]],
        ["list", ["r", -1]], ["list", ["r", "0"]], ["list", {"a": 1}], ["list", ["?"]],
        ["tuple", ["r", 0]], ["dict", 1], ["dict", ["r", 0], 1], ["set", ["r", 0]],
        ["deque", "x"], ["bytearray", "?"], ["list", ["i", "x"]], ["list", ["g", "<f8", "00"]],
        ["list", ["c", "a", 1]], ["list", ["b", "?"]], ["list", ["type", "os"]],
    ],
    ids=lambda entry: str(entry)[:40],
)  # fmt: skip
def test_a_forged_entry_is_a_failure(memory: SharedMemory, entry: list[Any]) -> None:
    with pytest.raises(Failure):
        first(memory, entry)


@pytest.mark.parametrize(
    "spans", [[[0, 5000]], [[-8, 8]], [[4096, 1]], [["0", 8]], [[0, 8, 8]], [[0, -1]], [[0, True]]]
)
def test_a_span_outside_the_memory_is_a_failure(memory: SharedMemory, spans: list[Any]) -> None:
    with pytest.raises(Failure, match="invalid location"):
        first(memory, array(), spans=spans)


@pytest.mark.parametrize("message", [{"o": {}}, {"o": [], "m": 3}, {"o": None}])
def test_a_message_without_its_tables_is_a_failure(
    memory: SharedMemory, message: dict[str, Any]
) -> None:
    with pytest.raises(Failure, match="without a table"):
        Unpacker(message, memory)


def test_a_container_of_another_type_is_not_filled(memory: SharedMemory) -> None:
    reader = Unpacker({"o": []}, memory)
    kept = [1]
    with pytest.raises(UngradableError, match="whose type has changed"):
        reader.fill(kept, ["set", 2])
    assert kept == [1]
    reader.fill(kept, ["list", 2, 3])
    assert kept == [2, 3]
