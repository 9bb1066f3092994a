"""What is said to be outside a buffer is what NumPy's own bounds say."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stridescope.model.strides import Layout
from stridescope.model.value_text import MINUS
from stridescope.model.verdict import outside_words, reach_words


@given(
    st.integers(-60, 120),
    st.lists(st.tuples(st.integers(0, 4), st.integers(-24, 24)), max_size=3),
    st.integers(0, 48),
    st.sampled_from([1, 2, 8]),
)
def test_positions_outside_are_counted_as_if_one_by_one(
    offset: int, axes: list[tuple[int, int]], nbytes: int, itemsize: int
) -> None:
    shape, strides = tuple(n for n, _ in axes), tuple(s for _, s in axes)
    lay = Layout(offset, shape, strides, itemsize)
    at = [lay.byte(index) for index in np.ndindex(shape)]
    missed = sum(not 0 <= byte <= nbytes - itemsize for byte in at)
    said = f"All {lay.size} elements are inside the {nbytes} bytes."
    if lay.size < 2:
        said = f"The only element is inside the {nbytes} bytes."
    if not lay.size:
        said = "There are no elements."
    if missed:
        said = f"Outside the buffer and never read: {missed} of {lay.size} elements."
    assert outside_words(lay, nbytes) == said


@given(
    st.integers(0, 60),
    st.lists(st.tuples(st.integers(0, 4), st.integers(-24, 24)), max_size=3),
    st.integers(0, 48),
    st.sampled_from([1, 2, 8]),
)
def test_how_far_as_strided_would_reach_is_the_bounds_that_numpy_computes(
    offset: int, axes: list[tuple[int, int]], nbytes: int, itemsize: int
) -> None:
    shape, strides = tuple(n for n, _ in axes), tuple(s for _, s in axes)
    # Large enough on both sides that the same steps stay inside; only its bounds are asked.
    room = np.ndarray(shape, f"V{itemsize}", bytes(1000), offset + 400, strides)
    start = room.__array_interface__["data"][0] - offset
    low, high = (bound - start for bound in np.lib.array_utils.byte_bounds(room))
    said = reach_words(Layout(offset, shape, strides, itemsize), nbytes).replace(MINUS, "-")
    expected = [f"back to byte {low}"] * (low < 0) + [f"on to byte {high - 1}"] * (high > nbytes)
    if room.size and expected:
        assert f"It would read {' and '.join(expected)}; the buffer has" in said
    else:
        assert said == ""
