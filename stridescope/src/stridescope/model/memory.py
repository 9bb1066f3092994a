"""Describe a real array: the owner of its bytes, and its layout over them.

Only bytes of the owner are read, and only the bytes that a caller asks for. What a stride would
reach outside is computed by `stridescope.model.strides` and never touched.
"""

from __future__ import annotations

import mmap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib.array_utils import byte_bounds

from stridescope.model.strides import Layout
from stridescope.model.value_text import full

if TYPE_CHECKING:
    from numpy.typing import NDArray


class _Window:
    """The array interface of a run of bytes; keeps their owner alive."""

    def __init__(self, address: int, nbytes: int, keep: object) -> None:
        self.keep = keep
        self.__array_interface__ = {
            "data": (address, True),
            "shape": (nbytes,),
            "typestr": "|u1",
            "version": 3,
        }


@dataclass(frozen=True)
class Owner:
    """The object that owns an array's bytes, at the end of the chain of `.base`.

    Parameters
    ----------
    key
        The same for all arrays of one owner in this process; never shown.
    words
        What the owner is: ``"int64 array of shape (9,)"``, ``"bytes object"``.
    address, nbytes
        Address of the first byte, and number of bytes.
    array
        The owner itself, if it is an array.
    raw
        A read-only view of the owner's bytes.
    """

    key: int
    words: str
    address: int
    nbytes: int
    array: NDArray[Any] | None = field(repr=False)
    raw: NDArray[np.uint8] = field(repr=False)


@dataclass(frozen=True)
class Memory:
    """The description of an array: its layout over the bytes of its owner.

    Parameters
    ----------
    layout
        Offset in the owner, shape, strides and itemsize, in bytes.
    dtype
        How an element is read.
    owner
        What owns the bytes.
    owns
        Whether the array is its own owner.
    writeable
        NumPy's flag.
    """

    layout: Layout
    dtype: np.dtype[Any]
    owner: Owner
    owns: bool
    writeable: bool

    def holds(self, byte: int) -> bool:
        """Whether an element at `byte` is inside the owner."""
        return byte >= 0 and byte + self.dtype.itemsize <= self.owner.nbytes

    def text(self, byte: int) -> str:
        """Return the value of the element that starts at `byte`, read as this array's dtype.

        References in elements are never followed blindly: the text is the type of the object if
        the owner is known to store one there, and ``·`` otherwise.
        """
        if not self.holds(byte):
            return "?"
        if self.dtype.hasobject:
            return self._type_name(byte)
        one: NDArray[Any] = np.ndarray((), self.dtype, buffer=self.owner.raw, offset=byte)
        return full(one[()])

    def _type_name(self, byte: int) -> str:
        owner = self.owner.array
        known = owner is not None and owner.dtype == self.dtype == np.dtype(object)
        if owner is None or not known or byte % self.dtype.itemsize:
            return "·"
        if owner.nbytes != self.owner.nbytes or not owner.flags.forc:
            return "·"
        return type(owner.ravel("K")[byte // self.dtype.itemsize]).__name__


def describe(a: object, call: str = "layout") -> Memory:
    """Describe an array.

    Parameters
    ----------
    a
        A NumPy array, of any subclass.
    call
        Name of the instrument, for the error.

    Raises
    ------
    TypeError
        If `a` is not an array; the message says how to make one.
    """
    array = as_array(a, call)
    owner = owner_of(array)
    offset = int(array.__array_interface__["data"][0]) - owner.address
    layout = Layout(offset, array.shape, array.strides, array.itemsize)
    return Memory(layout, array.dtype, owner, array.base is None, bool(array.flags.writeable))


def as_array(a: object, call: str) -> NDArray[Any]:
    """Return `a` if it is an array, else raise a TypeError that says how to make one."""
    if isinstance(a, np.ndarray):
        return a
    kind = type(a).__name__
    msg = f"ss.{call} takes a NumPy array, not {kind}: make one first with np.array(...)."
    if kind == "list":
        msg += " It draws memory, and the elements of a list are scattered objects."
    raise TypeError(msg)


def owner_of(a: NDArray[Any]) -> Owner:
    """Follow `.base` to its end: an array, or an object with the buffer protocol.

    If the owner is neither (a capsule, an image), only the bytes that its first array spans are
    known.
    """
    last, base = a, a.base
    while base is not None:
        if isinstance(base, memoryview):
            base = base.obj
        elif isinstance(base, np.ndarray):
            last, base = base, base.base
        elif type(base).__name__ == "DummyArray" and hasattr(base, "base"):
            # numpy.lib.stride_tricks puts one between a view and the array it comes from.
            base = base.base
        else:
            return buffer_of(base) or spanned(last, type(base).__name__, id(base))
    return spanned(last)


def spanned(a: NDArray[Any], words: str = "", key: int | None = None) -> Owner:
    """Return the bytes that an array spans, as an owner.

    Parameters
    ----------
    words, key
        What owns the bytes, if only its name is known.
    """
    low, high = (int(end) for end in byte_bounds(a)) if a.size else (_address(a), _address(a))
    label = words or f"{dtype_words(a.dtype)} array of shape {a.shape}"
    owner = id(a) if key is None else key
    return Owner(owner, label, low, high - low, None if words else a, _raw(low, high - low, a))


def buffer_of(base: object) -> Owner | None:
    """Return a buffer (bytes, mmap, array.array …) as an owner; None if `base` is not a buffer."""
    try:
        nbytes = memoryview(base).nbytes  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    whole: NDArray[np.uint8] = np.ndarray((nbytes,), np.uint8, buffer=base)  # type: ignore[arg-type]
    words = "memory map" if isinstance(base, mmap.mmap) else f"{type(base).__name__} object"
    return Owner(
        id(base), words, _address(whole), nbytes, None, _raw(_address(whole), nbytes, whole)
    )


def _address(a: NDArray[Any]) -> int:
    return int(a.__array_interface__["data"][0])


def _raw(address: int, nbytes: int, keep: object) -> NDArray[np.uint8]:
    """Return a read-only view of a run of bytes."""
    if nbytes == 0:
        return np.empty(0, np.uint8)
    return np.asarray(_Window(address, nbytes, keep))


def dtype_code(dtype: np.dtype[Any]) -> str:
    """Return a dtype as a line of NumPy code names it: ``'i8'``, ``'>i4'``."""
    if dtype.names:
        return repr(dtype.descr)
    return repr(dtype.str.lstrip("|") if not dtype.isnative else dtype.str[1:])


def dtype_words(dtype: np.dtype[Any]) -> str:
    """Return the name of a dtype, with its byte order if it is not the native one."""
    if dtype.kind in "SUV" and not dtype.names:
        return dtype.str.lstrip("<>|=")
    if dtype.kind == "T":
        return "StringDType"
    if dtype.names:
        return f"structured ({', '.join(dtype.names)})"
    order = {">": "big-endian ", "<": "little-endian "}.get(dtype.byteorder, "")
    return f"{'' if dtype.isnative else order}{dtype.name}"
