"""Arrays of which only the facts are known: shape, strides, dtype, address. To read an element is a failure.

An array whose strides lead outside its memory must not be read, but what it says of itself tells which mistake was
made. So the facts cross, and the elements do not.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
from numpy.lib.array_utils import byte_bounds

from nbgrader_isolate.bridge.failures import UngradableError

POISON = 0xA5
"""Every byte that code finds which reads past the guards below; no address leads there."""

_READ = """__getitem__ __setitem__ __iter__ __contains__ __array_ufunc__ __array_wrap__ tolist tobytes tofile copy astype item
view reshape ravel flatten all any argmax argmin argpartition argsort byteswap choose clip compress conj cumprod cumsum
diagonal dot dump dumps fill getfield max mean min nonzero partition prod put repeat resize round searchsorted setfield
sort squeeze std sum swapaxes take trace transpose var __abs__ __bool__ __complex__ __copy__ __deepcopy__ __float__
__format__ __index__ __int__ __repr__ __str__ __reduce__ __reduce_ex__ __buffer__"""
_ONLY_FACTS = {
    np.may_share_memory,
    np.shares_memory,
    np.shape,
    np.ndim,
    np.size,
}


refused: list[UngradableError] = []
"""What was raised for elements that were read; whoever runs a cell looks here, for a test may catch it."""


@dataclass(frozen=True)
class Facts:
    """What a stranger says of an array, and why it is not read."""

    strides: tuple[int, ...]
    address: int
    why: str
    base: np.ndarray | None
    flags: dict[str, bool]


class Flags:
    """The flags that are claimed; the rest are those of any array."""

    def __init__(self, claimed: dict[str, bool]) -> None:
        self.__dict__.update(claimed)

    def __getitem__(self, name: str) -> bool:
        return bool(getattr(self, name.lower()))


class Interface(dict[str, Any]):
    """The claimed facts, to be looked at one by one: a copy of all would let `as_strided` read at the claimed address."""

    def __init__(self, facts: dict[str, Any], array: OpaqueArray) -> None:
        super().__init__(facts)
        self.array = array

    def _refuse(self, *_: object) -> NoReturn:
        refuse(self.array)

    __iter__ = keys = values = items = copy = __or__ = __ror__ = _refuse


class OpaqueArray(np.ndarray):
    """An array with facts and no elements; make one by `unreadable`."""

    facts: Facts

    @property  # type: ignore[misc]
    def strides(self) -> tuple[int, ...]:
        """The claimed strides, in bytes."""
        return self.facts.strides

    @property
    def base(self) -> Any:  # noqa: ANN401
        """The array that the claimed one is a view of, if it was."""
        return self.facts.base

    @property
    def flags(self) -> Any:  # noqa: ANN401
        """The claimed flags."""
        return Flags(self.facts.flags)

    @property
    def __array_interface__(self) -> dict[str, Any]:
        facts = {
            "version": 3,
            "shape": self.shape,
            "typestr": self.dtype.str,
            "descr": self.dtype.descr,
            "strides": self.facts.strides,
            "data": (self.facts.address, not self.facts.flags["writeable"]),
        }
        return Interface(facts, self)

    @property
    def ctypes(self) -> Any:  # noqa: ANN401
        """The claimed address, shape and strides."""
        return type(
            "ctypes", (), {"data": self.facts.address, "shape": self.shape, "strides": self.strides}
        )()

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:  # noqa: ANN401
        """Let pass what needs facts only; everything else is a failure."""
        if function in (np.shape, np.ndim, np.size):
            return super().__array_function__(function, types, args, kwargs)
        if function not in _ONLY_FACTS:
            refuse(self)
        if not self.size or not args[0].size or not args[1].size:
            return False
        (low, high), (first, last) = (tuple(map(int, byte_bounds(one))) for one in args[:2])
        return low < last and first < high


def refuse(array: OpaqueArray, *_: object, **__: object) -> NoReturn:
    """Raise the failure that says why there are no elements."""
    failure = UngradableError(array.facts.why)
    refused.append(failure)
    raise failure


def guard() -> None:
    """Let `as_strided` refuse such arrays in this process: it reads a plain view of them, as far as it is told."""
    module = sys.modules["numpy.lib._stride_tricks_impl"]
    for place in (module, np.lib.stride_tricks):
        place.as_strided = _guarded(place.as_strided)  # type: ignore[attr-defined]


def _guarded(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def as_strided(x: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        if isinstance(x, OpaqueArray):
            refuse(x)
        return function(x, *args, **kwargs)

    return as_strided


for _name in _READ.split():
    setattr(OpaqueArray, _name, refuse)
for _name in ("T", "mT", "data", "flat", "imag", "real"):
    setattr(OpaqueArray, _name, property(refuse))


def make_opaque_array(  # noqa: PLR0913 (the facts of an array)
    shape: tuple[int, ...],
    dtype: np.dtype[Any],
    strides: tuple[int, ...],
    *,
    address: int,
    why: str,
    base: np.ndarray | None = None,
    writeable: bool = True,
    owndata: bool = False,
) -> OpaqueArray:
    """Return an array of which only the facts can be read.

    Parameters
    ----------
    shape, dtype, strides
        As claimed; strides in bytes.
    address : int
        Where its first element is said to be, in this process.
    why : str
        What whoever reads an element is told.
    base : ndarray, optional
        What it is a view of.
    writeable, owndata : bool
        As claimed.
    """
    one = np.frombuffer(
        bytes([POISON if dtype.kind not in "bU" else 0]) * max(dtype.itemsize, 1), np.uint8
    )
    cell = np.ndarray((), dtype, one)
    made = np.ndarray.view(np.broadcast_to(cell, shape), OpaqueArray)
    flags = {
        **{name: bool(getattr(cell.flags, name)) for name in ("aligned", "writebackifcopy")},
        "writeable": writeable,
        "owndata": owndata,
        **contiguity(shape, strides, dtype.itemsize),
    }
    made.facts = Facts(strides, address, why, base, flags)
    return made


def contiguity(shape: tuple[int, ...], strides: tuple[int, ...], itemsize: int) -> dict[str, bool]:
    """Return whether elements follow one another in C order and in Fortran order."""

    def one(pairs: Any) -> bool:  # noqa: ANN401
        step = itemsize
        for size, stride in pairs:
            if size != 1 and stride != step:
                return False
            step *= size
        return True

    pairs = list(zip(shape, strides, strict=True))
    c, f = one(reversed(pairs)), one(pairs)
    return {
        "c_contiguous": c,
        "f_contiguous": f,
        "contiguous": c,
        "fnc": f and not c,
        "forc": f or c,
    }
