"""Plain data crosses with its types, its sharing and its cycles; anything else is refused."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from nbgrader_isolate.bridge import pack
from nbgrader_isolate.bridge.failures import TooLargeError, UngradableError
from nbgrader_isolate.bridge.memory import SharedMemory, sealed_file
from nbgrader_isolate.bridge.pack import Packer
from nbgrader_isolate.bridge.unpack import Unpacker


@pytest.fixture
def memory() -> Iterator[SharedMemory]:
    fd = sealed_file(1 << 16)
    yield SharedMemory(fd)
    os.close(fd)


def crossed(value: Any, memory: SharedMemory) -> Any:  # noqa: ANN401 - any plain data
    """Return what arrives at the other side."""
    packer = Packer()
    tree = packer.pack(value)
    return Unpacker(packer.finish(memory), memory).unpack(tree)


@pytest.mark.parametrize(
    "value",
    [
        None, True, 3, 1 << 63, -(1 << 70), -0.0, 1 + 2j, "é\ud800", b"\xff", ..., slice(1, None),
        range(3, 9, 2), (1, (2,)), pytest.param(frozenset({1, "a"}), id="frozenset"),
        {"a": [1, {2}]}, bytearray(b"x"), np.float32(1.5), np.str_(""), int, np.int8,
        np.ndarray, np.dtype("<U3"),
    ],
    ids=repr,
)  # fmt: skip
def test_plain_data_arrives_equal_and_of_the_same_type(value: object, memory: SharedMemory) -> None:
    got = crossed(value, memory)
    assert type(got) is type(value)
    assert repr(got) == repr(value)


def test_one_object_arrives_as_one_and_a_cycle_as_a_cycle(memory: SharedMemory) -> None:
    row = [1]
    table: list[Any] = [row, row]
    table.append(table)
    got = crossed(table, memory)
    assert got[0] is got[1]
    assert got[2] is got
    array = np.arange(6)
    whole, part = crossed([array, array[1::2]], memory)
    whole[1] = 99
    assert part.tolist() == [99, 3, 5]


def test_the_bytes_of_an_array_are_not_in_the_message(memory: SharedMemory) -> None:
    packer = Packer()
    tree = packer.pack(np.full(1000, 7, np.uint8))
    message = packer.finish(memory)
    assert tree == ["r", 0]
    assert message == {
        "o": [["a", "|u1", [1000], [1], True, True, 0, 0]],
        "m": [[0, 1000]],
        "w": [],
    }


@pytest.mark.parametrize(
    "value",
    [object(), len, lambda: 1, type("Own", (), {}), np.array, {1: len}],
    ids=["object", "built-in", "lambda", "own class", "function", "in a dict"],
)
def test_what_is_not_plain_data_is_refused(value: object) -> None:
    with pytest.raises(UngradableError):
        Packer().pack(value)


def test_data_that_is_too_deep_or_too_large_is_refused(
    memory: SharedMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pack, "DEPTH", 20)
    deep: list[Any] = []
    for _ in range(30):
        deep = [deep]
    with pytest.raises(UngradableError, match="nested more than 20 deep"):
        Packer().pack(deep)
    monkeypatch.setattr(pack, "ELEMENTS", 10)
    with pytest.raises(TooLargeError, match="more than 10 elements"):
        Packer().pack([[0] * 6, [0] * 6])
    packer = Packer()
    packer.pack(np.zeros(1 << 17, np.uint8))
    with pytest.raises(TooLargeError, match="131,072 bytes of arrays"):
        packer.finish(memory)


def test_a_refused_value_leaves_nothing_behind(memory: SharedMemory) -> None:
    packer = Packer()
    kept = [1]
    tree = packer.pack(kept)
    numbers = len(packer.entries), len(packer.objects), 0
    with pytest.raises(UngradableError):
        packer.pack([kept, np.arange(3), object()])
    packer.rollback(*numbers)
    assert packer.pack(kept) == tree
    assert Unpacker(packer.finish(memory), memory).unpack(tree) == kept


def test_an_answer_refers_to_the_objects_of_its_request(memory: SharedMemory) -> None:
    given = [1, 2]
    answer = Packer([given])
    tree = answer.pack({"same": given})
    message = answer.finish(memory)
    assert Unpacker(message, memory, [given]).unpack(tree)["same"] is given
