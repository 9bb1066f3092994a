"""`ss.workbench` reads one buffer as it is told, never outside, and asks NumPy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import stridescope as ss
from stridescope.model.value_text import TIMES
from support.svg_reading import parse, read_strip, svgs, texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray


def six() -> NDArray[np.int64]:
    return np.arange(6, dtype=np.int64)


def test_the_designs_example_is_refused_and_read_twice_in_the_middle() -> None:
    figure = ss.workbench(six(), shape=(3, 4), strides=(16, 8))
    assert "Outside the buffer and never read: 2 of 12 elements." in figure.text
    assert "np.ndarray((3,4), 'i8', buffer=b, strides=(16,8))" in figure.text
    wide = svgs(figure.html, "Bytes")[0]
    assert [t for *_, t in texts(wide, "d")] == [f"{TIMES}2"] * 4
    assert read_strip(wide).boxes["q"] == {48, 56}
    with pytest.raises(ValueError, match="incompatible") as refusal:
        np.ndarray((3, 4), "i8", buffer=six(), strides=(16, 8))
    assert f"NumPy refuses. ValueError: {refusal.value}" in figure.text


@pytest.mark.slow
@settings(deadline=None)
@given(
    st.integers(0, 60),
    st.lists(st.integers(1, 4), max_size=3),
    st.lists(st.integers(-24, 24), min_size=3, max_size=3),
    st.sampled_from(["u1", "i2", "i8"]),
)
def test_the_printed_line_does_what_the_verdict_says(
    offset: int, shape: list[int], steps: list[int], dtype: str
) -> None:
    raw = bytes(range(48))
    strides = tuple(steps[: len(shape)])
    figure = ss.workbench(raw, offset=offset, shape=shape, strides=strides, dtype=dtype)
    line, verdict = figure.text.splitlines()[-2:]
    try:
        a = eval(line, {"np": np, "b": raw})  # noqa: S307 - the line is what we test
    except (ValueError, TypeError) as refusal:
        expected = f"→ NumPy refuses. {type(refusal).__name__}: {refusal}"
    else:
        elements = f"All {a.size} elements are" if a.size > 1 else "The only element is"
        expected = f"→ NumPy accepts. {elements} inside the 48 bytes."
        said = next(t for t in figure.text.splitlines() if t.startswith("Elements"))
        assert re.findall(r"-?\d+", re.sub(r"\[.*?\]", "", said)) == [str(v) for v in a.ravel()]
    assert verdict == expected
    parse(figure.html)


def test_a_packed_reading_is_refused_as_its_line_is() -> None:
    figure = ss.workbench(six(), shape=(3, 4))
    assert "np.ndarray((3,4), 'i8', buffer=b, strides=(32,8))" in figure.text
    assert "NumPy refuses. ValueError: strides is incompatible" in figure.text


def test_the_default_is_the_array_itself() -> None:
    a = np.asfortranarray(np.arange(6, dtype=np.int16).reshape(2, 3))
    figure = ss.workbench(a)
    assert "shape (2, 3), strides (2, 4)" in figure.text
    assert "Elements: [0, …] 0, 1, 2; [1, …] 3, 4, 5." in figure.text


def test_bytes_are_read_as_uint8_and_as_any_dtype() -> None:
    assert "4 bytes, read as uint8: offset 0, shape (4,)" in ss.workbench(b"abcd").text
    big = ss.workbench(bytes([0, 1, 0, 2]), dtype=">i2")
    assert "Elements: 1, 2." in big.text
    assert "np.ndarray((2,), '>i2', buffer=b, strides=(2,))" in big.text


def test_elements_that_overlap_in_part_are_shown_byte_by_byte() -> None:
    figure = ss.workbench(bytes(range(16)), shape=3, strides=3, dtype="<i4")
    wide = svgs(figure.html, "Bytes")[0]
    assert [t for *_, t in texts(wide, "d")] == [f"{TIMES}2"] * 2
    assert "0a" in [t for *_, t in texts(wide)]


def test_what_numpy_does_not_check_is_said() -> None:
    figure = ss.workbench(b"", shape=3, strides=(1,))
    assert "accepts this without a check, and would read outside the buffer." in figure.text
    assert read_strip(svgs(figure.html, "Bytes")[0]).boxes["q"] == {0, 1, 2}


def test_a_negative_offset_is_refused_because_the_line_names_strides() -> None:
    figure = ss.workbench(six(), shape=3, offset=-8)
    assert "NumPy refuses. ValueError" in figure.text
    assert read_strip(svgs(figure.html, "Bytes")[0]).boxes["q"] == {-8}


def test_huge_readings_are_described_and_not_enumerated() -> None:
    figure = ss.workbench(six(), shape=(10**6, 10**6), strides=(8, 8))
    assert (
        "Some of the 1,000,000,000,000 elements are outside the buffer and are never read."
        in figure.text
    )


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: ss.workbench([1, 2]), TypeError, "takes an array or bytes, not list"),
        (lambda: ss.workbench(six()[::2]), ValueError, "not contiguous"),
        (lambda: ss.workbench(b"12345678", dtype=object), TypeError, "elements are pointers"),
        (lambda: ss.workbench(np.array([None])), TypeError, "elements are pointers"),
        (lambda: ss.workbench(b"1", dtype="V0"), ValueError, "no bytes"),
        (lambda: ss.workbench(six(), shape=(2, 3), strides=(8,)), ValueError, "one stride for"),
        (lambda: ss.workbench(six(), shape=(-1,)), ValueError, "negative length"),
    ],
)
def test_bad_calls_say_what_is_wrong(
    call: Callable[[], ss.Instrument], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        call()


@pytest.mark.parametrize("empty", [b"", np.empty((0, 3), np.int32)])
def test_an_empty_buffer_has_no_elements(empty: bytes | NDArray[np.int32]) -> None:
    assert "No elements: axis 0 has length 0." in ss.workbench(empty).text


def test_tasks_are_said_and_sent_with_their_readings() -> None:
    task = {"words": "Turn it.", "shape": (3, 2), "strides": (8, 24), "how": "Swap both."}
    fit = {"words": "Fit.", "start": {"shape": 9, "strides": 8}, "shape": 6, "strides": 8}
    figure = ss.workbench(
        np.arange(6), shape=(2, 3), strides=(24, 8), tasks=[task, fit | {"how": "Six."}]
    )
    assert "Task 1 of 2 Turn it." in figure.text
    assert "Task 2 of 2 Fit." in figure.text
    assert figure.state is not None
    first, second = figure.state["tasks"]
    assert first["start"] == figure.state["layout"]
    assert first["target"] == {"offset": 0, "shape": [3, 2], "strides": [8, 24], "itemsize": 8}
    assert second["start"]["shape"] == [9]
    assert second["target"]["shape"] == [6]
    with pytest.raises(KeyError, match="how"):
        ss.workbench(np.arange(6), tasks=[fit])
