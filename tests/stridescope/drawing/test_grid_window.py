"""A large array is drawn in part, and the same part in Python and in the browser."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stridescope.drawing.figure import NARROW, WIDE
from stridescope.drawing.grid_window import SHOWN, window
from support.in_node import NODE, in_node

SHAPES = st.lists(st.sampled_from([1, 2, 3, 7, 15, 16, 17, 40, 10**6]), max_size=6)


@given(SHAPES, st.data())
def test_few_elements_are_drawn_and_the_focus_is_one_of_them(
    shape: list[int], data: st.DataObject
) -> None:
    focus = tuple(data.draw(st.integers(0, n - 1)) for n in shape)
    part = window(tuple(shape), focus)
    drawn = list(part.indices())
    assert focus in drawn
    assert len(drawn) <= SHOWN
    assert part.cut == (len(drawn) < math.prod(shape))
    for slots, n in zip(part.axes, shape, strict=True):
        kept = [i for i in slots if i is not None]
        assert kept == sorted(set(kept))
        assert 0 <= kept[0] <= kept[-1] < n


@pytest.mark.slow
@pytest.mark.skipif(
    NODE is None, reason="no node on this machine; get it with `apt-get install nodejs`"
)
def test_the_browser_draws_the_same_part() -> None:
    rng = np.random.default_rng(3)
    cases = []
    for _ in range(1000):
        shape = [int(n) for n in rng.choice([1, 2, 3, 5, 12, 16, 30, 1000], rng.integers(0, 6))]
        focus = [int(rng.integers(n)) for n in shape]
        cases.append([shape, focus, int(rng.choice([WIDE, NARROW]))])
    drawn = in_node(
        {"drawing/board_layout.js": ["gridWindow"]}, "(c) => gridWindow(c[0], c[1], c[2])", cases
    )
    for (shape, focus, width), axes in zip(cases, drawn, strict=True):
        assert axes == [list(slots) for slots in window(tuple(shape), tuple(focus), width).axes]
