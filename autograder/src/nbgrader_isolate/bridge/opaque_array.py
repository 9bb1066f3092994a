"""Arrays with metadata only: shape, strides, dtype and address. Reading an element is a failure.

An array whose strides lead outside its memory must not be read, but its metadata shows which
mistake the student made. So the metadata crosses, and the elements do not.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
from numpy.lib.array_utils import byte_bounds

from nbgrader_isolate.bridge.failures import Failure, UngradableError

POISON = 0xA5
"""The value of every byte that code finds if it bypasses the guards below: harmless memory."""

_READING_METHODS = """
__getitem__ __setitem__ __iter__ __contains__ __array_ufunc__ __array_wrap__ tolist tobytes
tofile copy astype item view reshape ravel flatten all any argmax argmin argpartition argsort
byteswap choose clip compress conj cumprod cumsum diagonal dot dump dumps fill getfield max mean
min nonzero partition prod put repeat resize round searchsorted setfield sort squeeze std sum
swapaxes take trace transpose var __abs__ __bool__ __complex__ __copy__ __deepcopy__ __float__
__format__ __index__ __int__ __repr__ __str__ __reduce__ __reduce_ex__ __buffer__
"""
_METADATA_FUNCTIONS = {
    np.may_share_memory,
    np.shares_memory,
    np.shape,
    np.ndim,
    np.size,
}


@dataclass(frozen=True)
class Claims:
    """What the student's process claims about an array, and the reason why it is not read.

    `read_failures` collects the failures of attempts to read elements, because a test may catch
    them.
    """

    strides: tuple[int, ...]
    address: int
    reason: str
    base: np.ndarray | None
    flags: dict[str, bool]
    read_failures: list[Failure]


class Flags:
    """The claimed flags of an array."""

    def __init__(self, claimed: dict[str, bool]) -> None:
        self.__dict__.update(claimed)

    def __getitem__(self, name: str) -> bool:
        return bool(getattr(self, name.lower()))


class Interface(dict[str, Any]):
    """The claimed metadata, which can only be read key by key.

    A copy of all of it would let `as_strided` read at the claimed address.
    """

    def __init__(self, claims: dict[str, Any], array: OpaqueArray) -> None:
        super().__init__(claims)
        self.array = array

    def _refuse(self, *_: object) -> NoReturn:
        refuse(self.array)

    __iter__ = keys = values = items = copy = __or__ = __ror__ = _refuse


class OpaqueArray(np.ndarray):
    """An array with metadata and no elements, created by `make_opaque_array`."""

    claims: Claims

    @property  # type: ignore[misc]
    def strides(self) -> tuple[int, ...]:
        """The claimed strides, in bytes."""
        return self.claims.strides

    @property
    def base(self) -> Any:  # noqa: ANN401
        """The array that it is a view of, or None."""
        return self.claims.base

    @property
    def flags(self) -> Any:  # noqa: ANN401
        """The claimed flags."""
        return Flags(self.claims.flags)

    @property
    def __array_interface__(self) -> dict[str, Any]:
        claims = {
            "version": 3,
            "shape": self.shape,
            "typestr": self.dtype.str,
            "descr": self.dtype.descr,
            "strides": self.claims.strides,
            "data": (self.claims.address, not self.claims.flags["writeable"]),
        }
        return Interface(claims, self)

    @property
    def ctypes(self) -> Any:  # noqa: ANN401
        """The claimed address, shape and strides."""
        return type(
            "ctypes",
            (),
            {"data": self.claims.address, "shape": self.shape, "strides": self.strides},
        )()

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:  # noqa: ANN401
        """Allow functions that need only metadata; everything else is a failure."""
        if function in (np.shape, np.ndim, np.size):
            return super().__array_function__(function, types, args, kwargs)
        if function not in _METADATA_FUNCTIONS:
            refuse(self)
        if not self.size or not args[0].size or not args[1].size:
            return False
        (low, high), (first, last) = (tuple(map(int, byte_bounds(array))) for array in args[:2])
        return low < last and first < high


def refuse(array: OpaqueArray, *_: object, **__: object) -> NoReturn:
    """Raise the failure that explains why the elements cannot be read."""
    failure = UngradableError(array.claims.reason)
    array.claims.read_failures.append(failure)
    raise failure


def guard() -> None:
    """Let `as_strided` refuse opaque arrays in this process; it would read a plain view of them.

    Modules that were imported before this, such as libraries in the warm process, may have taken
    the function, so it stays the same object and gets other code.
    """
    function: Any = np.lib.stride_tricks.as_strided
    unguarded = types.FunctionType(
        function.__code__, function.__globals__, function.__name__, function.__defaults__
    )
    unguarded.__kwdefaults__ = function.__kwdefaults__
    function.__wrapped__ = unguarded  # `inspect.signature` follows this
    function.__code__ = _guarded.__code__
    function.__defaults__ = None
    function.__kwdefaults__ = {"_check": _check, "_unguarded": unguarded}


def _guarded(
    x: Any,  # noqa: ANN401
    *args: Any,  # noqa: ANN401
    _check: Callable[[Any], None],
    _unguarded: Callable[..., Any],
    **kwargs: Any,  # noqa: ANN401
) -> Any:  # noqa: ANN401
    _check(x)
    return _unguarded(x, *args, **kwargs)


def _check(array: object) -> None:
    if isinstance(array, OpaqueArray):
        refuse(array)


for _name in _READING_METHODS.split():
    setattr(OpaqueArray, _name, refuse)
for _name in ("T", "mT", "data", "flat", "imag", "real"):
    setattr(OpaqueArray, _name, property(refuse))


def make_opaque_array(  # noqa: PLR0913 (the metadata of an array)
    shape: tuple[int, ...],
    dtype: np.dtype[Any],
    strides: tuple[int, ...],
    *,
    address: int,
    reason: str,
    read_failures: list[Failure],
    base: np.ndarray | None = None,
    writeable: bool = True,
    owndata: bool = False,
) -> OpaqueArray:
    """Return an array that allows reading only its metadata.

    Parameters
    ----------
    shape, dtype, strides
        The claimed ones; strides are in bytes.
    address : int
        The claimed address of its first element, in this process.
    reason : str
        The message of the failure that reading an element raises.
    read_failures : list of Failure
        Where such failures are collected.
    base : ndarray, optional
        The array that it is a view of.
    writeable, owndata : bool
        The claimed flags.
    """
    data = np.frombuffer(
        bytes([POISON if dtype.kind not in "bU" else 0]) * max(dtype.itemsize, 1), np.uint8
    )
    element = np.ndarray((), dtype, data)
    array = np.ndarray.view(np.broadcast_to(element, shape), OpaqueArray)
    flags = {
        **{name: bool(getattr(element.flags, name)) for name in ("aligned", "writebackifcopy")},
        "writeable": writeable,
        "owndata": owndata,
        **contiguity(shape, strides, dtype.itemsize),
    }
    array.claims = Claims(strides, address, reason, base, flags, read_failures)
    return array


def contiguity(shape: tuple[int, ...], strides: tuple[int, ...], itemsize: int) -> dict[str, bool]:
    """Return the contiguity flags of an array: in C order, in Fortran order, and combinations."""

    def is_contiguous(pairs: Any) -> bool:  # noqa: ANN401
        step = itemsize
        for size, stride in pairs:
            if size != 1 and stride != step:
                return False
            step *= size
        return True

    pairs = list(zip(shape, strides, strict=True))
    c, f = is_contiguous(reversed(pairs)), is_contiguous(pairs)
    return {
        "c_contiguous": c,
        "f_contiguous": f,
        "contiguous": c,
        "fnc": f and not c,
        "forc": f or c,
    }
