"""The shared memory file that carries the bytes of arrays, and the spans of memory at its two ends.

Our side creates and seals the file, so that it can never shrink, grow or be unsealed. It works like
a mailbox and is never mapped: one side writes the bytes of a request or an answer into it
(`pwrite`), and the other side copies them out (`pread`) before it looks at them.
"""

from __future__ import annotations

import fcntl
import os
import warnings
from collections.abc import Sequence
from functools import cached_property
from itertools import permutations
from math import prod
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from nbgrader_isolate.bridge import dtypes
from nbgrader_isolate.bridge.failures import PeerGoneError, TooLargeError, UngradableError
from nbgrader_isolate.bridge.sparse_spans import Layout, SparsePart, is_sparse

ALIGNMENT = 64
"""Spans begin at a multiple of this many bytes in the file."""
_AXES = 4
PART_BYTES = 1 << 18
"""Bytes that are compared at a time."""
WHOLE_OWNER_BYTES = 1 << 20
"""An owner up to this size may be sent with its view, so that the bytes beside the view exist."""


def sealed_file(nbytes: int) -> int:
    """Return the descriptor of a new memory file whose size can never change."""
    fd = os.memfd_create("arrays", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.ftruncate(fd, nbytes)
    seals = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL
    fcntl.fcntl(fd, fcntl.F_ADD_SEALS, seals)
    return fd


class SharedMemory:
    """A memory file, as one of its two sides sees it.

    Parameters
    ----------
    fd : int
        The descriptor of the file.
    """

    def __init__(self, fd: int) -> None:
        self.fd = fd
        self.nbytes = os.fstat(fd).st_size

    def close(self) -> None:
        """Close the file: its memory is freed when the other side has, too."""
        os.close(self.fd)

    def write(self, flats: Sequence[np.ndarray]) -> list[list[int]]:
        """Write bytes into the file; return the location of each array, as [position, length].

        Parameters
        ----------
        flats : sequence of ndarray of uint8, one axis

        Raises
        ------
        TooLargeError
            If the file is too small for them.
        """
        locations, position = [], 0
        for flat in flats:
            locations.append([position, flat.size])
            position += -(-flat.size // ALIGNMENT) * ALIGNMENT
        needed = sum(locations[-1]) if locations else 0
        if needed > self.nbytes:
            raise TooLargeError(
                f"{needed:,} bytes of arrays, and one call can transfer at most {self.nbytes:,}"
            )
        for flat, (start, _) in zip(flats, locations, strict=True):
            sent = 0
            while sent < flat.size:
                sent += os.pwrite(self.fd, flat.data[sent:], start + sent)
        return locations

    def read(self, location: Any, into: np.ndarray | None = None) -> np.ndarray:  # noqa: ANN401
        """Return a copy of the bytes at [position, length]; `into` receives them if given.

        Raises
        ------
        PeerGoneError
            If the location is malformed, or outside the file.
        """
        if (
            not isinstance(location, list)
            or [type(number) for number in location] != [int, int]
            or not 0 <= location[0] <= location[0] + location[1] <= self.nbytes
        ):
            raise PeerGoneError(f"an invalid location in shared memory ({str(location)[:80]})")
        start, nbytes = location
        flat = np.empty(nbytes, np.uint8) if into is None else into
        self._copy(start, flat)
        return flat

    def holds(self, location: list[int], flat: np.ndarray) -> bool:
        """Return whether the bytes at a valid [position, length] are those of an array.

        They are compared in parts, so that no copy of all of them is made.
        """
        start, nbytes = location
        part = np.empty(min(PART_BYTES, nbytes), np.uint8)
        for position in range(0, nbytes, PART_BYTES):
            expected = flat[position : position + PART_BYTES]
            found = part[: expected.size]
            self._copy(start + position, found)
            if not np.array_equal(found, expected):
                return False
        return flat.size == nbytes

    def _copy(self, start: int, flat: np.ndarray) -> None:
        """Read bytes from a position on into an array."""
        nbytes = flat.size
        position = 0
        while position < nbytes:
            count = os.preadv(self.fd, [flat.data[position:]], start + position)
            if not count:
                raise PeerGoneError("shared memory that is shorter than it was")
            position += count


class Span:
    """A contiguous piece of memory that contains arrays.

    Parameters
    ----------
    flat : ndarray of uint8, one axis
        The bytes; views of it are views of the array that owns them.
    sparse : SparsePart, optional
        What crosses of a span that is sparse.

    Attributes
    ----------
    layouts : list of Layout, or None
        The arrays in it, if only their bytes cross, and not those between them.
    """

    def __init__(self, flat: np.ndarray, sparse: SparsePart | None = None) -> None:
        self.flat = flat
        self.sparse = sparse
        self.layouts: list[Layout] | None = None
        self.address: int = flat.__array_interface__["data"][0]
        self.nbytes = flat.size

    @property
    def end(self) -> int:
        """The address after the last byte."""
        return self.address + self.nbytes

    def holds(self, low: int, high: int) -> bool:
        """Tell whether it contains the bytes from address `low` up to `high`."""
        return self.address <= low <= high <= self.end

    def limit_to(self, arrays: Sequence[np.ndarray]) -> None:
        """Let only those bytes cross that some arrays reach."""
        layouts: list[Layout] = []
        for array in arrays:
            low, high = bounds(array)
            if self.holds(low, high) and high > low:
                if array.nbytes == self.nbytes and array.flags.forc:
                    return
                start = array.__array_interface__["data"][0] - self.address
                layout = Layout(start, array.shape, array.strides, array.itemsize)
                layouts.append(layout)
        self.layouts = layouts
        if is_sparse(self.nbytes, layouts):
            self.sparse = SparsePart(self.nbytes, layouts)

    @cached_property
    def mask(self) -> np.ndarray | None:
        """Which bytes cross, an array of bool with one axis; None if all do."""
        if self.layouts is None:
            return None
        mask = np.zeros(self.nbytes, bool)
        for layout in self.layouts:
            mark(mask, *layout)
        return None if mask.all() else mask

    def crossing(self) -> np.ndarray:
        """Return the bytes that cross, and zeros between them unless the span is sparse."""
        if self.sparse is not None:
            return self.sparse.gather(self.flat)
        return self.flat if self.mask is None else np.where(self.mask, self.flat, np.uint8(0))


def mark(
    mask: np.ndarray, start: int, shape: Sequence[int], strides: Sequence[int], itemsize: int
) -> None:
    """Mark which of some bytes an array reaches.

    An array may have far more elements than bytes, because elements can share memory. Then they are
    not visited one by one.

    Parameters
    ----------
    mask : ndarray of bool, one axis
        One element for each byte.
    start : int
        The offset of its first element, in bytes.
    shape, strides, itemsize
        As in NumPy. The array must be inside the bytes, and have elements.
    """
    if prod(shape) * itemsize <= mask.size:
        steps = (*strides, 1)
        view: np.ndarray = np.ndarray((*shape, itemsize), bool, mask.data, start, steps)
        view[...] = True
        return
    found = np.zeros_like(mask)
    found[start : start + itemsize] = True
    for size, step in zip(shape, strides, strict=True):
        done = 1
        while step and done < size:
            count = min(done, size - done)
            found |= _shifted(found, count * step)
            done += count
    mask |= found


def _shifted(mask: np.ndarray, step: int) -> np.ndarray:
    moved = np.zeros_like(mask)
    if step > 0:
        moved[step:] = mask[:-step]
    else:
        moved[:step] = mask[-step:]
    return moved


class AddressRange:
    """Bytes at an address, for `numpy.asarray`; the array `base` keeps them alive."""

    def __init__(self, base: np.ndarray, low: int, high: int) -> None:
        self.base = base
        self.__array_interface__ = {
            "version": 3,
            "typestr": "|u1",
            "shape": (high - low,),
            "data": (low, not base.flags.writeable),
        }


def extent(
    offset: int, shape: Sequence[int], strides: Sequence[int], itemsize: int
) -> tuple[int, int]:
    """Return an array's first byte and the one after its last; both are `offset` if it is empty."""
    if 0 in shape:
        return offset, offset
    low = high = offset
    for size, step in zip(shape, strides, strict=True):
        if step < 0:
            low += (size - 1) * step
        else:
            high += (size - 1) * step
    return low, high + itemsize


def bounds(array: np.ndarray) -> tuple[int, int]:
    """Return the address of an array's first byte, and the one after its last."""
    address = np.ndarray.__array_interface__.__get__(array)["data"][0]
    return extent(address, array.shape, array.strides, array.itemsize)


def root_of(array: np.ndarray) -> np.ndarray:
    """Return the last array in the chain of bases, which owns the memory or wraps a buffer."""
    root, base = array, array.base
    while base is not None:
        if isinstance(base, np.ndarray):
            root = base
        base = getattr(base, "base", None)
    return root if type(root) is np.ndarray else np.ndarray.view(root, np.ndarray)


def flat_of(root: np.ndarray, low: int, high: int) -> np.ndarray:
    """Return the bytes of an array from address `low` up to `high`, as uint8 without a copy."""
    first, last = bounds(root)
    contiguous = root.flags.c_contiguous or root.flags.f_contiguous
    if contiguous and root.itemsize and first <= low and high <= last:
        flat = root.reshape(-1, order="A").view(np.uint8)
        return flat if (first, last) == (low, high) else flat[low - first : high - first]
    return np.asarray(AddressRange(root, low, high))


def spans_of(arrays: Sequence[np.ndarray], *, with_owners: bool) -> list[Span]:
    """Return the spans of memory that contain some arrays; overlapping ones are merged.

    Parameters
    ----------
    arrays : sequence of ndarray
    with_owners : bool
        Whether a span contains the owner of a view if it is not larger than `WHOLE_OWNER_BYTES`.
        If not, only the bytes that an array reaches cross, and not those between or beside them.
    """
    ranges: list[tuple[int, int, np.ndarray]] = []
    for array in arrays:
        low, high = bounds(array)
        root = root_of(array)
        first, last = bounds(root)
        if (
            with_owners
            and first <= low
            and high <= last
            and last - first <= max(WHOLE_OWNER_BYTES, high - low)
        ):
            low, high = first, last
        if high > low or root is array:
            ranges.append((low, high, root))
    merged: list[tuple[int, int, np.ndarray]] = []
    for low, high, root in sorted(ranges, key=lambda entry: (entry[0], -entry[1])):
        if merged and low < merged[-1][1]:
            start, end, first_root = merged[-1]
            merged[-1] = (start, max(end, high), first_root)
        else:
            merged.append((low, high, root))
    spans = [Span(flat_of(root, low, high)) for low, high, root in merged]
    for span in spans if not with_owners else ():
        span.limit_to(arrays)
    return spans


def allocate(
    shape: tuple[int, ...], dtype: np.dtype[Any], strides: tuple[int, ...]
) -> np.ndarray | None:
    """Return an array that owns its memory and has these strides, if that is possible."""
    for order in ("C", "F"):
        array: np.ndarray = np.empty(shape, dtype, order=order)
        if array.strides == strides:
            return array
    # The result of `copy(order="K")` has its axes in another order, including those of size 1.
    for axes in permutations(range(len(shape))) if len(shape) <= _AXES else ():
        steps = [8 * dtype.itemsize << 4 * axes.index(axis) for axis in range(len(shape))]
        array = np.empty_like(as_strided(np.empty(1, dtype), shape, steps))
        if array.strides == strides:
            return array
    return None


def change_layout(array: np.ndarray, entry: list[Any]) -> None:
    """Give an argument the shape and the writeable flag that the function set in place."""
    try:
        _, described, shape, strides, writeable = entry[:5]
        same = dtypes.build(described) == array.dtype
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if shape != list(array.shape):
                array.shape = tuple(shape)
            if writeable is not array.flags.writeable:
                array.flags.writeable = bool(writeable)
    except (ValueError, TypeError, AttributeError) as error:
        raise UngradableError(f"a call that changed its argument in place ({error})") from error
    if not same or strides != list(array.strides):
        raise UngradableError("a call that changed dtype or strides of its argument in place")
