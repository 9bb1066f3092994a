"""The memory file that array bytes travel through, and the blocks of memory at its two ends.

The file is made on our side and sealed: nobody can shrink it, grow it or take the seals off. It is a letter box, never
mapped: one side writes the bytes of a request or an answer into it (`pwrite`), the other copies them out (`pread`)
before it looks at them.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from nbgrader_isolate.bridge.failures import PeerGoneError, TooLargeError

ALIGNED = 64
"""Bytes to a multiple of which blocks begin in the file."""
WHOLE = 1 << 20
"""Up to so many bytes the owner of a view travels with it, so that what lies beside the view is there, too."""


def sealed_file(nbytes: int) -> int:
    """Return the descriptor of a new memory file whose size can never change."""
    fd = os.memfd_create("arrays", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.ftruncate(fd, nbytes)
    seals = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL
    fcntl.fcntl(fd, fcntl.F_ADD_SEALS, seals)
    return fd


class SharedMemory:
    """A memory file, from one of its two sides.

    Parameters
    ----------
    fd : int
    """

    def __init__(self, fd: int) -> None:
        self.fd = fd
        self.nbytes = os.fstat(fd).st_size

    def write(self, flats: Sequence[np.ndarray]) -> list[list[int]]:
        """Lay bytes into the file; return position and length of each.

        Parameters
        ----------
        flats : sequence of ndarray of uint8, one axis

        Raises
        ------
        TooLargeError
            When the file has no room for them.
        """
        places, top = [], 0
        for flat in flats:
            places.append([top, flat.size])
            top += -(-flat.size // ALIGNED) * ALIGNED
        needed = sum(places[-1]) if places else 0
        if needed > self.nbytes:
            raise TooLargeError(
                f"{needed:,} bytes of arrays; {self.nbytes:,} can cross in one call"
            )
        for flat, (start, _) in zip(flats, places, strict=True):
            sent = 0
            while sent < flat.size:
                sent += os.pwrite(self.fd, flat.data[sent:], start + sent)
        return places

    def read(self, place: Any, into: np.ndarray | None = None) -> np.ndarray:  # noqa: ANN401
        """Return a copy of the bytes at [position, length], in `into` if given.

        Raises
        ------
        PeerGoneError
            When that is no place in the file.
        """
        if (
            not isinstance(place, list)
            or [type(one) for one in place] != [int, int]
            or not 0 <= place[0] <= place[0] + place[1] <= self.nbytes
        ):
            raise PeerGoneError(f"no place in the shared memory: {str(place)[:80]}")
        start, nbytes = place
        flat = np.empty(nbytes, np.uint8) if into is None else into
        done = 0
        while done < nbytes:
            got = os.preadv(self.fd, [flat.data[done:]], start + done)
            if not got:
                raise PeerGoneError("the shared memory is shorter than it was")
            done += got
        return flat


class Span:
    """A stretch of memory that arrays lie in.

    Parameters
    ----------
    flat : ndarray of uint8, one axis
        Its bytes; views of it are views of the array that owns them.
    """

    def __init__(self, flat: np.ndarray) -> None:
        self.flat = flat
        self.address: int = flat.__array_interface__["data"][0]
        self.nbytes = flat.size

    @property
    def end(self) -> int:
        """The address after its last byte."""
        return self.address + self.nbytes

    def holds(self, low: int, high: int) -> bool:
        """Tell whether the bytes from address `low` up to `high` lie in it."""
        return self.address <= low <= high <= self.end


class AddressRange:
    """Bytes at an address that the array `base` keeps alive, for `numpy.asarray`."""

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
    """Return the first byte that an array reaches and the one after its last; both `offset` if it is empty."""
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
    """Return the addresses that an array reaches from, and up to."""
    address = np.ndarray.__array_interface__.__get__(array)["data"][0]
    return extent(address, array.shape, array.strides, array.itemsize)


def root_of(array: np.ndarray) -> np.ndarray:
    """Return the last array in the chain of bases: the one that has the memory, or got it from something else."""
    root, base = array, array.base
    while base is not None:
        if isinstance(base, np.ndarray):
            root = base
        base = getattr(base, "base", None)
    return root if type(root) is np.ndarray else np.ndarray.view(root, np.ndarray)


def flat_of(root: np.ndarray, low: int, high: int) -> np.ndarray:
    """Return the bytes from address `low` up to `high` of an array as one axis of uint8, without a copy."""
    first, last = bounds(root)
    whole = root.flags.c_contiguous or root.flags.f_contiguous
    if whole and root.itemsize and first <= low and high <= last:
        flat = root.reshape(-1, order="A").view(np.uint8)
        return flat if (first, last) == (low, high) else flat[low - first : high - first]
    return np.asarray(AddressRange(root, low, high))


def spans_of(arrays: Sequence[np.ndarray]) -> list[Span]:
    """Return the blocks of memory that arrays lie in; those that overlap lie in one.

    A view takes its owner along if that is not larger than `WHOLE`.
    """
    ranges: list[tuple[int, int, np.ndarray]] = []
    for array in arrays:
        low, high = bounds(array)
        root = root_of(array)
        first, last = bounds(root)
        if first <= low and high <= last and last - first <= max(WHOLE, high - low):
            low, high = first, last
        if high > low or root is array:
            ranges.append((low, high, root))
    merged: list[tuple[int, int, np.ndarray]] = []
    for low, high, root in sorted(ranges, key=lambda range_: (range_[0], -range_[1])):
        if merged and low < merged[-1][1]:
            start, end, kept = merged[-1]
            merged[-1] = (start, max(end, high), kept)
        else:
            merged.append((low, high, root))
    return [Span(flat_of(root, low, high)) for low, high, root in merged]
