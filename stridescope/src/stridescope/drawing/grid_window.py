"""Choose which elements of an array are drawn in a grid."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from stridescope.drawing.figure import WIDE
from stridescope.model.strides import Index

SHOWN = 200
"""Most elements drawn; of more, the first and last rows and columns are drawn."""
Slots = list[int | None]


@dataclass(frozen=True)
class Window:
    """The indices of each axis that are drawn; None marks those left out."""

    axes: tuple[Slots, ...]

    @property
    def cut(self) -> bool:
        """Whether anything is left out."""
        return any(None in slots for slots in self.axes)

    def indices(self) -> Iterator[Index]:
        """Yield the indices drawn, in C order."""
        yield from product(*([i for i in slots if i is not None] for slots in self.axes))


def window(shape: Index, focus: Index, width: int = WIDE) -> Window:
    """Choose the elements of a shape that are drawn: at most `SHOWN`, including the focus."""
    boards = len(shape) - 2
    if math.prod(shape) <= SHOWN:
        limits = [16] * max(boards, 0) + [16, 15]
    elif boards > 0:
        # Only the board in focus is drawn of further axes, because their boards multiply.
        limits = [1] * (boards - 1) + [4, 4, 5]
    else:
        limits = [8, 12 if width == WIDE else 6]
    shown = limits[len(limits) - len(shape) :]
    return Window(tuple(_slots(n, lim, f) for n, lim, f in zip(shape, shown, focus, strict=True)))


def _slots(n: int, limit: int, focus: int) -> Slots:
    """Return the indices 0 to n - 1, or the first, the last and the focus with None between."""
    if n <= limit:
        return list(range(n))
    tail = limit // 3
    shown = sorted({*range(limit - tail), *range(n - tail, n), focus}) if tail else [focus]
    slots: Slots = []
    for before, i in zip([-1, *shown], shown, strict=False):
        slots += [i] if i == before + 1 else [None, i]
    return slots if shown[-1] == n - 1 else [*slots, None]
