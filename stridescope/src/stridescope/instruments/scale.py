"""`scale`: choose array sizes that fit into the memory of this machine."""

from __future__ import annotations

import math
import os
import warnings
from typing import TypeVar

from stridescope.model.available_memory import available_memory

Size = TypeVar("Size", int, tuple[int, ...])

SHARE = 0.75
"""Share of the available memory that arrays may fill; the rest is for temporaries."""
UNKNOWN = 10**9
"""Bytes that are assumed to be available if the system does not say."""


class Scale:
    """Choose between a small size, which runs anywhere, and the full size.

    ``ss.scale(small, full)`` returns `small`, unless the environment variable ``SCALE`` is ``full``
    and the full size fits into the memory that this process can use. Where even `small` does not
    fit, as in a page that runs Python on a phone, it is halved until it does.
    ``ss.scale.fits(nbytes)`` tells only whether some bytes fit.

    Examples
    --------
    >>> import stridescope as ss
    >>> ss.scale.fits(1000)
    True
    >>> n = ss.scale(10**6, 10**8)
    >>> rows, columns = ss.scale((1000, 2000), (10_000, 20_000), itemsize=8)
    """

    def __call__(self, small: Size, full: Size, *, itemsize: float = 8) -> Size:
        """Return `full` if the environment asks for it and it fits, else what fits of `small`.

        Parameters
        ----------
        small, full
            Numbers of elements, or shapes.
        itemsize
            Bytes that all arrays together need for each element; for example, 16 for an array of
            float64 and a copy of it.

        Returns
        -------
        int or tuple of int
            One of the two. If `small` does not fit, it, or the longest axis of it, is halved as
            often as necessary.

        Raises
        ------
        ValueError
            If ``SCALE`` is neither ``small`` nor ``full``.

        Warns
        -----
        ResourceWarning
            If ``SCALE`` is ``full`` and `full` does not fit, so that `small` is used.
        """
        if wanted() == "small":
            return self.fitting(small, itemsize)
        nbytes = math.ceil(elements(full) * itemsize)
        if self.fits(nbytes):
            return full
        warnings.warn(
            f"SCALE=full needs {nbytes:,} bytes, but only {self.room():,} can be used here: "
            f"using the small size, {small}",
            ResourceWarning,
            stacklevel=2,
        )
        return self.fitting(small, itemsize)

    def fitting(self, size: Size, itemsize: float) -> Size:
        """Return a size, or the largest that fits of those that halving its longest axis gives."""
        axes = list(size) if isinstance(size, tuple) else [size]
        while max(axes, default=1) > 1 and not self.fits(math.prod(axes) * itemsize):
            axes[axes.index(max(axes))] //= 2
        return tuple(axes) if isinstance(size, tuple) else axes[0]

    def fits(self, nbytes: float) -> bool:
        """Return whether arrays with `nbytes` bytes in total fit into memory."""
        return nbytes <= self.room()

    def room(self) -> int:
        """Return the bytes that arrays may fill: three quarters of what is available."""
        available = available_memory()
        return int((UNKNOWN if available is None else available) * SHARE)

    def __repr__(self) -> str:
        return f"ss.scale(small, full): SCALE={wanted()}, room for {self.room():,} bytes"


def wanted() -> str:
    """Return the scale that the environment asks for: ``small`` or ``full``."""
    value = os.environ.get("SCALE", "").strip().lower() or "small"
    if value not in {"small", "full"}:
        msg = f"SCALE={value} is neither small nor full: unset it, or set SCALE=full"
        raise ValueError(msg)
    return value


def elements(size: int | tuple[int, ...]) -> int:
    """Return the number of elements of a size or shape."""
    return math.prod(size) if isinstance(size, tuple) else size


scale = Scale()
"""The one instance."""
