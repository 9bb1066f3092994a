"""Spans of memory that cross only in part: a column of a large table, for example.

Such a span is sent as the bytes of its arrays, one array after the other, and the other side puts
them where they belong. The bytes between them are zero there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import prod
from typing import NamedTuple

import numpy as np

from nbgrader_isolate.bridge.failures import UngradableError

LEAST_BYTES = 1 << 20
"""Smaller spans cross as they are."""
PART = 8
"""A span is sparse if its arrays have at most one part in this many of its bytes."""


class Layout(NamedTuple):
    """Where an array is in a span: the offset of its first element, and as in NumPy."""

    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    itemsize: int

    @property
    def nbytes(self) -> int:
        """The bytes of all elements."""
        return prod(self.shape) * self.itemsize

    def view(self, flat: np.ndarray) -> np.ndarray:
        """Return the bytes of the elements, as a view of the bytes of the span."""
        shape, strides = (*self.shape, self.itemsize), (*self.strides, 1)
        return np.ndarray(shape, flat.dtype, flat, self.offset, strides)


class SparsePart:
    """The part of a span that crosses.

    Parameters
    ----------
    nbytes : int
        The size of the span.
    layouts : iterable of Layout
        Those of the arrays in it. Both sides have them in the same order.
    """

    def __init__(self, nbytes: int, layouts: Iterable[Layout]) -> None:
        self.nbytes = nbytes
        self.layouts = list(layouts)
        self.size = sum(layout.nbytes for layout in self.layouts)

    def gather(self, flat: np.ndarray) -> np.ndarray:
        """Return the bytes that cross, one array after the other."""
        parts = [layout.view(flat).reshape(-1) for layout in self.layouts]
        return np.concatenate(parts) if parts else np.empty(0, np.uint8)

    def scatter(self, data: np.ndarray) -> np.ndarray:
        """Return the bytes of a whole span in which only those that have crossed are not zero.

        Raises
        ------
        UngradableError
            If there are more of them or fewer.
        """
        if data.size != self.size:
            raise UngradableError("an argument whose size has changed")
        flat, start = np.zeros(self.nbytes, np.uint8), 0
        for layout in self.layouts:
            view = layout.view(flat)
            view[...] = data[start : start + view.size].reshape(view.shape)
            start += view.size
        return flat

    def has_more(self, flat: np.ndarray) -> bool:
        """Return whether any byte of a span is not zero that is in none of its arrays."""
        kept = [layout.view(flat).copy() for layout in self.layouts]
        for layout in self.layouts:
            layout.view(flat)[...] = 0
        more = bool(flat.view(bool).any())
        for layout, data in zip(self.layouts, kept, strict=True):
            layout.view(flat)[...] = data
        return more


def is_sparse(nbytes: int, layouts: Sequence[Layout]) -> bool:
    """Return whether a span of this size crosses as the bytes of its arrays."""
    return nbytes >= LEAST_BYTES and PART * sum(each.nbytes for each in layouts) <= nbytes
