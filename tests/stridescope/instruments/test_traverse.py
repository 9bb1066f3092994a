"""`ss.traverse` counts what its model says, and visits as NumPy does."""

from __future__ import annotations

import re

import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided

import stridescope as ss
from stridescope.model.cache_lines import LIMIT, indices
from support.svg_reading import parse, svgs, texts


def test_swapping_the_order_makes_8_loads_64() -> None:
    a = np.zeros((8, 8))
    assert "64 visits load 8 lines" in ss.traverse(a).text
    assert "64 visits load 64 lines" in ss.traverse(a, "F").text
    assert "64 visits load 64 lines" in ss.traverse(a.T).text
    assert "64 visits load 8 lines" in ss.traverse(a.T, "F").text


def test_a_cache_that_holds_all_loads_each_line_once() -> None:
    for order in ("C", "F", "blocks"):
        assert "64 visits load 8 lines" in ss.traverse(np.zeros((8, 8)), order, lines=8).text


def test_an_element_across_two_lines_loads_both() -> None:
    raw = np.zeros(200, np.uint8)
    a = raw[60:68].view(np.float64)
    assert "1 visits load 2 lines" in ss.traverse(a).text


@pytest.mark.parametrize("order", ["C", "F", "blocks"])
def test_the_numerals_stand_where_the_visits_are(order: str) -> None:
    a = np.zeros((5, 6))
    wide = svgs(ss.traverse(a, order).html, "Order of visits")[0]
    column = {x: int(t) for x, y, t in texts(wide, "s") if y == 14}
    drawn = {(y, column[x]): int(t) for x, y, t in texts(wide) if x in column and y > 14}
    ys = sorted({y for y, _ in drawn})
    expected = {index: k for k, index in enumerate(indices(a.shape, order, 4), 1)}
    assert {(ys.index(y), j): k for (y, j), k in drawn.items()} == expected


def test_the_model_is_said_to_be_a_model() -> None:
    text = ss.traverse(np.zeros(3), lines=1).text
    assert "This is a model: a cache of one line of 64 bytes" in text
    assert "in advance" in text


@pytest.mark.sample("0-d", "6-d", "huge", "structured")
@pytest.mark.slow
@pytest.mark.parametrize(
    "a",
    [
        np.zeros(()),
        np.zeros((2, 3, 2, 1, 2, 2), "i2"),
        np.broadcast_to(np.zeros(5)[:, None], (5, 10**11)),
        np.zeros((3, 4), ">f4")[::-1],
        np.array([np.nan, np.inf]),
        np.array([[1, "x"], [None, 2]], object),
        np.zeros(4, [("x", "i2"), ("y", "f8")]),
        as_strided(np.zeros(3), (2, 3), (-800, 8)),
    ],
    ids=["0-d", "6-d", "huge", "swapped", "nan", "object", "structured", "outside"],
)
def test_odd_arrays_are_drawn(a: np.ndarray) -> None:
    for order in ("C", "F", "blocks"):
        figure = ss.traverse(a, order)
        parse(figure.html)
        assert "lines" in figure.text


@pytest.mark.slow
def test_a_huge_array_is_counted_in_part_and_says_so() -> None:
    text = ss.traverse(np.broadcast_to(0.0, (5, 10**11))).text
    assert f"Counted over the first {LIMIT:,} of 500,000,000,000 visits." in text


def test_an_empty_array_says_so_and_is_not_live() -> None:
    figure = ss.traverse(np.zeros((0, 3)))
    assert "No elements, so nothing is loaded." in figure.text
    assert figure.kind == ""


def test_pointers_are_said_to_cost_more() -> None:
    assert "objects they point to" in ss.traverse(np.array([None])).text


def test_no_element_is_read() -> None:
    """A page that may not be read would end the process; a stride of 2⁴⁰ would leave it."""
    assert "2 visits" in ss.traverse(as_strided(np.zeros(1), (2,), (1 << 40,))).text


@pytest.mark.parametrize(
    ("kwargs", "problem"),
    [
        ({"order": "A"}, "order must be 'C', 'F' or 'blocks', not 'A'"),
        ({"lines": 0}, "lines must be a positive integer, not 0"),
        ({"block": 1.5}, "block must be a positive integer, not 1.5"),
        ({"lines": True}, "lines must be a positive integer, not True"),
    ],
)
def test_bad_settings_say_what_to_give(kwargs: dict, problem: str) -> None:
    with pytest.raises(ValueError, match=re.escape(problem)):
        ss.traverse(np.zeros(3), **kwargs)


def test_a_list_is_no_array() -> None:
    with pytest.raises(TypeError, match=r"ss\.traverse takes a NumPy array, not list"):
        ss.traverse([1, 2])


def test_names_cannot_inject_markup() -> None:
    assert "<script" not in ss.traverse(np.zeros(3), name="<script>").html


@pytest.mark.slow
def test_the_state_is_small() -> None:
    assert len(repr(ss.traverse(np.zeros((1000, 1000))).state)) < 1500
