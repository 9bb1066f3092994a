"""`scale`: one place that chooses how large a lesson's arrays are."""

from __future__ import annotations

import math
import os
import warnings
from typing import TypeVar

from stridescope.model.available_memory import available_memory

Size = TypeVar("Size", int, tuple[int, ...])

SHARE = 0.75
"""Part of the available memory that a size may fill; the rest is for temporaries and the system."""
UNKNOWN = 10**9
"""Bytes taken as available where the system does not say: what every lesson is promised to need."""


class Scale:
    """Choose between a size that runs anywhere and the one of the headline.

    ``ss.scale(small, full)`` returns `small`, unless the environment says ``SCALE=full`` and `full`
    fits into the memory that this process may use. ``ss.scale.fits(nbytes)`` asks that alone.

    Examples
    --------
    >>> import stridescope as ss
    >>> ss.scale.fits(1000)
    True
    >>> n = ss.scale(10**6, 10**8)
    >>> rows, columns = ss.scale((1000, 2000), (10_000, 20_000), itemsize=8)
    """

    def __call__(self, small: Size, full: Size, *, itemsize: float = 8) -> Size:
        """Return `full` if it is asked for and fits, else `small`.

        Parameters
        ----------
        small, full
            Numbers of elements, or shapes.
        itemsize
            Bytes needed for each element of `full`, by all arrays together: 16 for an array of
            float64 and a copy of it.

        Returns
        -------
        int or tuple of int
            One of the two.

        Raises
        ------
        ValueError
            If ``SCALE`` is neither ``small`` nor ``full``.

        Warns
        -----
        ResourceWarning
            If ``SCALE=full`` and `full` does not fit: then `small` is used.
        """
        if wanted() == "small":
            return small
        nbytes = math.ceil(elements(full) * itemsize)
        if self.fits(nbytes):
            return full
        warnings.warn(
            f"SCALE=full asks for {nbytes:,} bytes, and {self.room():,} may be used here: "
            f"the small size, {small}, is used",
            ResourceWarning,
            stacklevel=2,
        )
        return small

    def fits(self, nbytes: float) -> bool:
        """Return whether arrays of `nbytes` bytes in all fit into `room`."""
        return nbytes <= self.room()

    def room(self) -> int:
        """Return the bytes that arrays may fill here: three quarters of what is available."""
        free = available_memory()
        return int((UNKNOWN if free is None else free) * SHARE)

    def __repr__(self) -> str:
        return f"ss.scale(small, full): SCALE={wanted()}, room for {self.room():,} bytes"


def wanted() -> str:
    """Return the scale that the environment asks for: ``small`` or ``full``."""
    said = os.environ.get("SCALE", "").strip().lower() or "small"
    if said not in {"small", "full"}:
        msg = f"SCALE={said} is neither small nor full: leave it out, or set SCALE=full"
        raise ValueError(msg)
    return said


def elements(size: int | tuple[int, ...]) -> int:
    """Return the number of elements of a size or shape."""
    return math.prod(size) if isinstance(size, tuple) else size


scale = Scale()
"""The one dial of the course."""
