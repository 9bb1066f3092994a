"""The strides model: where each element of an array is in memory, by arithmetic alone.

Nothing here touches memory or needs NumPy. A `Layout` holds what NumPy knows about an array apart
from its bytes and dtype: an offset into a buffer, a shape, strides and an itemsize. All offsets,
strides, extents and itemsizes are in bytes; byte 0 is the first byte of the buffer.

The rules come from "Internal organization of NumPy arrays" in NumPy's reference and, for
contiguity, from `numpy/_core/src/multiarray/flagsobject.c`. The tests compare with NumPy.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from types import EllipsisType
from typing import TypeAlias

from stridescope.model.search import Search

Index: TypeAlias = tuple[int, ...]
Key: TypeAlias = int | slice | EllipsisType | None


@dataclass(frozen=True, slots=True)
class Layout:
    """Offset, shape, strides and itemsize of an array over a buffer.

    Parameters
    ----------
    offset
        Bytes from the start of the buffer to the element at index ``(0, …, 0)``.
    shape, strides
        Length and step in bytes of each axis. Strides may be zero or negative.
    itemsize
        Bytes of one element.

    Raises
    ------
    ValueError
        If shape and strides differ in length, or an axis has a negative length.
    """

    offset: int
    shape: Index
    strides: Index
    itemsize: int

    def __post_init__(self) -> None:
        if len(self.shape) != len(self.strides):
            msg = (
                f"shape {self.shape} has {len(self.shape)} axes but strides {self.strides} "
                f"has {len(self.strides)}: give one stride for each axis"
            )
            raise ValueError(msg)
        if any(n < 0 for n in self.shape):
            msg = f"shape {self.shape} has a negative length: lengths start at 0"
            raise ValueError(msg)

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """Number of elements."""
        return math.prod(self.shape)

    @property
    def is_c_contiguous(self) -> bool:
        """Whether NumPy would set the flag ``C_CONTIGUOUS``."""
        return _is_packed(self.shape[::-1], self.strides[::-1], self.itemsize)

    @property
    def is_f_contiguous(self) -> bool:
        """Whether NumPy would set the flag ``F_CONTIGUOUS``."""
        return _is_packed(self.shape, self.strides, self.itemsize)

    def byte(self, index: Sequence[int]) -> int:
        """Return the first byte of an element: offset + Σ index[k]·strides[k].

        Raises
        ------
        IndexError
            If the index has the wrong number of entries, or one of them is out of bounds. Negative
            entries count from the end.
        """
        terms = zip(self.normal(index), self.strides, strict=True)
        return self.offset + sum(i * s for i, s in terms)

    def normal(self, index: Sequence[int]) -> Index:
        """Return the index with non-negative entries only.

        Raises
        ------
        IndexError
            If the index has the wrong number of entries, or one of them is out of bounds.
        """
        if len(index) != self.ndim:
            msg = f"index {tuple(index)} has {len(index)} entries, the array has {self.ndim} axes"
            raise IndexError(msg)
        for i, n in zip(index, self.shape, strict=True):
            if not -n <= i < n:
                msg = f"index {tuple(index)} is outside shape {self.shape}"
                raise IndexError(msg)
        return tuple(i % n for i, n in zip(index, self.shape, strict=True))

    def extent(self) -> tuple[int, int]:
        """Return the half-open range of bytes from the lowest to the highest element.

        Like `numpy.lib.array_utils.byte_bounds`, but relative to the buffer. The extent of an empty
        array is ``(offset, offset)``.
        """
        if self.size == 0:
            return self.offset, self.offset
        reach = [(n - 1) * s for n, s in zip(self.shape, self.strides, strict=True)]
        low = self.offset + sum(r for r in reach if r < 0)
        return low, self.offset + sum(r for r in reach if r > 0) + self.itemsize

    def fits(self, nbytes: int) -> bool:
        """Whether every element is inside a buffer of `nbytes` bytes."""
        low, high = self.extent()
        return low >= 0 and high <= nbytes

    def times_read(self, byte: int) -> int | None:
        """Count the indices whose element starts at `byte`.

        This never enumerates the array. Axes of stride 0 multiply the count, the last two axes are
        solved in closed form, and the others are searched only where they can still reach `byte`.

        Returns
        -------
        int or None
            None if the search would take more than `stridescope.model.search.STEPS` steps.
        """
        repeats, axes, target = self._equation(byte)
        return None if (n := Search(axes).count(target)) is None else n * repeats

    def take(self, *key: Key) -> Layout:
        """Return the layout of basic indexing: integers, slices, None and one Ellipsis.

        Raises
        ------
        IndexError
            If an integer is out of bounds, or there are more entries than axes.
        """
        offset, shape, strides, axis = self.offset, [], [], 0
        for k in _without_ellipsis(key, self.ndim):
            if k is None:
                shape.append(1)
                strides.append(0)
                continue
            n, s = self.shape[axis], self.strides[axis]
            if isinstance(k, slice):
                start, stop, step = k.indices(n)
                length = len(range(start, stop, step))
                # NumPy does not move the offset when the slice selects nothing.
                offset += start * s if length else 0
                shape.append(length)
                # NumPy ignores the step of an empty slice, too.
                strides.append(s * step if length else s)
            elif -n <= k < n:
                offset += k % n * s
            else:
                msg = f"index {k} is out of bounds for axis {axis} with size {n}"
                raise IndexError(msg)
            axis += 1
        return Layout(offset, tuple(shape), tuple(strides), self.itemsize)

    def broadcast_to(self, shape: Sequence[int]) -> Layout:
        """Return the layout stretched to `shape`: stretched and new axes get stride 0.

        Raises
        ------
        ValueError
            If the array cannot be broadcast to `shape`.
        """
        new = len(shape) - self.ndim
        pairs = list(zip(self.shape, shape[max(new, 0) :], strict=False))
        if new < 0 or any(n not in (1, m) for n, m in pairs):
            msg = f"shape {self.shape} does not broadcast to {tuple(shape)}"
            raise ValueError(msg)
        own = [0 if n == 1 else s for n, s in zip(self.shape, self.strides, strict=True)]
        return Layout(self.offset, tuple(shape), (0,) * new + tuple(own), self.itemsize)

    def _equation(self, byte: int) -> tuple[int, list[tuple[int, int]], int]:
        """Restate "which elements start at this byte" with positive strides: Σ iₖ·sₖ = target."""
        low, _ = self.extent()
        repeats = math.prod(n for n, s in zip(self.shape, self.strides, strict=True) if s == 0)
        pairs = zip(self.shape, self.strides, strict=True)
        moving = [(n, abs(s)) for n, s in pairs if s != 0]
        axes = sorted(moving, key=lambda axis: -axis[1])
        return (repeats if self.size else 0), axes, byte - low


def c_strides(shape: Sequence[int], itemsize: int) -> Index:
    """Return the strides in bytes of a contiguous array whose last index varies fastest."""
    return f_strides(shape[::-1], itemsize)[::-1]


def f_strides(shape: Sequence[int], itemsize: int) -> Index:
    """Return the strides in bytes of a contiguous array whose first index varies fastest.

    As in NumPy, an axis of length 0 counts as 1.
    """
    strides, step = [], itemsize
    for n in shape:
        strides.append(step)
        step *= max(n, 1)
    return tuple(strides)


def merges(outer: tuple[int, int], inner: tuple[int, int]) -> bool:
    """Whether two neighboring axes, each (length, stride), act as one axis in C order.

    They do if the outer stride equals the full length of the inner axis in bytes: s₀ = n₁·s₁.
    """
    return outer[0] == 1 or inner[0] == 1 or outer[1] == inner[0] * inner[1]


def is_aligned(layout: Layout) -> bool:
    """Whether elements never partly overlap: each stride is a multiple of the itemsize."""
    pairs = zip(layout.shape, layout.strides, strict=True)
    size = layout.itemsize or 1
    return layout.size == 0 or all(n == 1 or s % size == 0 for n, s in pairs)


def _is_packed(shape: Index, strides: Index, itemsize: int) -> bool:
    """Whether the strides, fastest axis first, are contiguous; an axis of length 1 may have any."""
    if 0 in shape:
        return True
    step = itemsize
    for n, s in zip(shape, strides, strict=True):
        if n != 1 and s != step:
            return False
        step *= n
    return True


def _without_ellipsis(key: tuple[Key, ...], ndim: int) -> list[int | slice | None]:
    """Replace the Ellipsis, or the entries missing at the end, with full slices."""
    used = sum(k is not None and k is not Ellipsis for k in key)
    if used > ndim or sum(k is Ellipsis for k in key) > 1:
        msg = f"index {key} has more entries than the {ndim} axes, or more than one Ellipsis"
        raise IndexError(msg)
    full: list[int | slice | None] = []
    for k in key if Ellipsis in key else (*key, Ellipsis):
        if isinstance(k, EllipsisType):
            full += [slice(None)] * (ndim - used)
        else:
            full.append(k)
    return full
