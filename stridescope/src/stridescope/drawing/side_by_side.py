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


def table_room(layouts: Sequence[Layout], width: int) -> int:
    """Return the width for each table, px, so that all are side by side if small cells allow it."""
    gaps = (NARROW_GAP if width == NARROW else GAP) * (len(layouts) - 1)
    if not gaps or not all(map(_is_small, layouts)):
        return width
    needed = sum(map(_least_width, layouts)) + gaps
    return (width - gaps) // len(layouts) if needed <= width else width


def table_rooms(layouts: Sequence[Layout], width: int) -> list[int]:
    """Return the width for each table, px: tables beside each other have cells of one size."""
    room = table_room(layouts, width)
    if room == width:
        return [width for _ in layouts]
    cell = min(max(w for w, h in CELLS if _fits(lay, w, h, room)) for lay in layouts)
    return [_width(lay, cell) for lay in layouts]


def _fits(layout: Layout, w: int, h: int, room: int) -> bool:
    """Whether a table of cells of one size is in its room, as `Grid` would have it."""
    rows = (1, 1, *layout.shape)[-2]
    return _width(layout, w) <= room and (h == CELL_H or HEAD + rows * h <= TALL)


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
