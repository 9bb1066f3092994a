"""Small tables are beside each other, and so are small owners; large ones are not."""

from __future__ import annotations

import numpy as np
import pytest

import stridescope as ss
from stridescope.drawing.figure import NARROW, WIDE
from stridescope.drawing.grid import Grid
from stridescope.drawing.side_by_side import HALF, are_beside, table_rooms
from stridescope.model.memory import describe
from stridescope.model.strides import Layout
from support.svg_reading import svgs


def layout(*shape: int) -> Layout:
    return describe(np.zeros(shape, np.int8)).layout


def test_tables_are_side_by_side_if_small_cells_allow_it() -> None:
    assert table_rooms([layout(3, 3)], WIDE) == [WIDE]
    assert table_rooms([layout(3, 3), layout(3, 3)], NARROW) == [166, 166]
    assert table_rooms([layout(3, 6), layout(6, 3)], NARROW) == [NARROW, NARROW]
    assert table_rooms([layout(3, 3), layout(30, 3)], WIDE) == [WIDE, WIDE]


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("shapes", [[(3, 2), (2, 3)], [(3, 3), (3,)], [(2, 2), (7, 2)], [(3, 4)]])
def test_tables_beside_each_other_have_cells_of_one_size(
    width: int, shapes: list[tuple[int, ...]]
) -> None:
    arrays = [np.zeros(shape, np.int8) for shape in shapes]
    rooms = table_rooms([layout(*shape) for shape in shapes], width)
    assert (rooms == [width] * len(shapes)) is (len(shapes) == 1)
    assert len(shapes) == 1 or sum(rooms) + 24 * (len(shapes) - 1) <= width
    cells = {Grid(describe(a), None, room).cell for a, room in zip(arrays, rooms, strict=True)}
    assert len(cells) == 1


@pytest.mark.parametrize(
    ("boxes", "shape", "beside"),
    [(9, (3, 3), True), (10, (3, 3), False), (9, (3, 3, 2), False), (0, (0,), False)],
)
def test_owners_are_beside_each_other_if_both_fit(
    boxes: int, shape: tuple[int, ...], *, beside: bool
) -> None:
    other = (9, [layout(3, 3)])
    assert are_beside([other, (boxes, [layout(*shape)])]) is beside
    assert not are_beside([other])


def test_two_orders_of_one_table_are_drawn_beside_each_other() -> None:
    rows = np.arange(9, dtype=np.uint8).reshape(3, 3)
    html = ss.relate(in_rows=rows, in_cols=np.asfortranarray(rows)).html
    assert '<div class="ss-owners"><div>' in html
    strips = svgs(html, "Owner")
    assert len(strips) == 2, "one form fits a phone and half a picture"
    assert all(int(strip.get("width", "0")) <= HALF for strip in strips)
    state = ss.relate(in_rows=rows, in_cols=np.asfortranarray(rows)).state
    assert state["half"] == HALF, "the live form does the same"
    wide = np.arange(32, dtype=np.uint8).reshape(4, 8)
    assert "ss-owners" not in ss.relate(a=wide, b=wide.copy()).html
