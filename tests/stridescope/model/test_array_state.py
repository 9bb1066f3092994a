"""A page gets what it shows of an array: bytes of its owner, as few as needed, and no pointer."""

from __future__ import annotations

import json

import numpy as np
import pytest

from stridescope.model.array_state import BYTES, PAGE, TEXTS, array_state, elements_state
from stridescope.model.memory import describe


def test_a_small_array_is_sent_whole() -> None:
    a = np.arange(6, dtype=">i2").reshape(2, 3)
    state, data = array_state(describe(a.T), "a")
    assert data == a.tobytes()
    assert state["layout"] == {"offset": 0, "shape": [3, 2], "strides": [2, 6], "itemsize": 2}
    assert state["dtype"] == {
        "kind": "i",
        "itemsize": 2,
        "little": False,
        "name": "big-endian int16",
    }
    assert (state["name"], state["nbytes"], state["start"]) == ("a", 12, 0)
    json.dumps(state)


@pytest.mark.parametrize(("first", "start"), [(0, 0), (1000, 8000), (9999, 80_000 - BYTES)])
def test_of_a_large_owner_a_window_is_sent(first: int, start: int) -> None:
    a = np.arange(10_000)
    state, data = array_state(describe(a[first:]), "a")
    assert (state["start"], len(data)) == (start, BYTES)
    assert data == a.tobytes()[start : start + BYTES]


@pytest.mark.parametrize("kind", ["U2", "S3", "M8[s]", "O", [("a", "i4")], "g"])
def test_what_a_browser_cannot_decode_is_sent_as_text(kind: str) -> None:
    memory = describe(np.zeros(1000, kind))
    state, data = array_state(memory, "a")
    assert data == b""
    assert len(state["texts"]) == TEXTS
    json.dumps(state)


def test_elements_of_a_large_array_are_sent_in_runs() -> None:
    a = np.arange(1000)
    state, data = elements_state(describe(a), [0, 8, 16, 800, 7992, 8000, -8])
    assert state["runs"] == [[0, 24], [800, 808], [7992, 8000]]
    assert np.frombuffer(data, int).tolist() == [0, 1, 2, 100, 999]
    small, whole = elements_state(describe(a[: PAGE // 8].copy()), [0])
    assert small["runs"] == [[0, PAGE]]
    assert len(whole) == PAGE


def test_no_pointer_is_ever_sent() -> None:
    memory = describe(np.array([1, "a"], dtype=object))
    state, data = elements_state(memory, [0, 8])
    assert (state["runs"], data) == ([], b"")
    assert state["texts"] == {"0": "int", "8": "str"}
    assert array_state(memory, "a")[1] == b""
