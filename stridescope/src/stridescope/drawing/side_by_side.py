"""What fits beside each other in a picture of several arrays: their tables, and their owners."""

from __future__ import annotations

from collections.abc import Sequence

from stridescope.drawing.figure import NARROW, WIDE
from stridescope.drawing.grid import CELL_H, CELL_W, CELLS, TALL
from stridescope.model.strides import Layout

GAP, NARROW_GAP = 40, 24
"""Room between two tables, px, and in a narrow picture."""
HALF = (WIDE - 32) // 2
"""Width of an owner beside another one, px."""
BOX = 36
"""Least width of a box of memory in half a picture, px."""
HEAD = 36
"""Height of the name and the numbers above a table, px."""
FEW_ROWS, FEW_COLUMNS = 8, 6
"""Sizes of a table up to which it may have smaller cells, so that another one is beside it."""


def table_rooms(layouts: Sequence[Layout], width: int) -> list[int]:
    """Return the width for each table, px: small tables are side by side, in cells of one size."""
    gaps = (NARROW_GAP if width == NARROW else GAP) * (len(layouts) - 1)
    for w, h in CELLS if gaps and all(map(_is_small, layouts)) else ():
        rooms = [_width(lay, w) for lay in layouts]
        tall = HEAD + h * max((1, 1, *lay.shape)[-2] for lay in layouts)
        if sum(rooms) + gaps <= width and (tall <= TALL or h == CELL_H):
            return rooms
    return [width for _ in layouts]


def are_beside(owners: Sequence[tuple[int, Sequence[Layout]]]) -> bool:
    """Whether owners are side by side: of each, the number of boxes and its arrays' layouts."""
    return len(owners) > 1 and all(
        boxes * BOX <= HALF
        and all(map(_is_small, layouts))
        and sum(map(_least_width, layouts)) + GAP * (len(layouts) - 1) <= HALF
        for boxes, layouts in owners
    )


def _is_small(layout: Layout) -> bool:
    rows, columns = (1, 1, *layout.shape)[-2:]
    return layout.ndim <= 2 and 0 < rows <= FEW_ROWS and 0 < columns <= FEW_COLUMNS  # noqa: PLR2004


def _least_width(layout: Layout) -> int:
    """Return the width of a small table with its row numbers, px."""
    return _width(layout, CELL_W)


def _width(layout: Layout, cell: int) -> int:
    """Return the width of a table with its row numbers, px, by that of a cell."""
    numbers = 0 if layout.ndim < 2 else 32  # noqa: PLR2004 - no axis goes down
    return numbers + cell * (1, *layout.shape)[-1] + 2
