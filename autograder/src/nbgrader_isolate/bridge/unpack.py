"""Messages back into plain data. Nothing in them is trusted: `pack` says what they look like."""

from __future__ import annotations

import base64
import math
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Sequence
from itertools import permutations
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from nbgrader_isolate.bridge import dtypes, stdlib_types
from nbgrader_isolate.bridge.failures import PeerGoneError, UngradableError
from nbgrader_isolate.bridge.memory import SharedMemory, Span, bounds, extent, flat_of
from nbgrader_isolate.bridge.opaque_array import make_opaque_array
from nbgrader_isolate.bridge.pack import DEPTH, TYPES

OUTSIDE = "the array has strides {strides} and reaches bytes outside the memory it is a view of: no element was read."
READ_ONLY = (
    "the array can be written, but the memory it is a view of is read-only: no element was read."
)
_LARGEST_SHAPE = (1 << 63) - 1
_AXES = 4


class Unpacker:
    """Reads messages; trusts nothing in them.

    Parameters
    ----------
    message : dict
        With the table "o" and the places of blocks "m".
    arena : Arena
    objects, blocks : sequences
        Of the request that is answered.
    classes : callable, optional
        Returns the class of the reader's own that has a name, or None.
    """

    def __init__(
        self,
        message: dict[str, Any],
        memory: SharedMemory,
        objects: Sequence[Any] = (),
        spans: Sequence[Span] = (),
        classes: stdlib_types.Classes = lambda _name: None,
    ) -> None:
        self.classes = classes
        self.entries = message.get("o", [])
        places = message.get("m", [])
        if not isinstance(self.entries, list) or not isinstance(places, list):
            raise PeerGoneError("an answer without a table of objects")
        self.objects: list[Any] = [*objects, *[_UNMADE] * len(self.entries)]
        self.known = len(objects)
        self.known_spans = len(spans)
        self.spans: list[Span] = list(spans)
        self.memory = memory
        owners = self._owners()
        for number, place in enumerate(places, len(spans)):
            self.spans.append(self._receive(place, owners.get(number, ())))
        self._check_owners()

    def _owners(self) -> dict[int, list[int]]:
        """Return the numbers of the arrays that own each block."""
        found: dict[int, list[int]] = {}
        for number, entry in enumerate(self.entries, self.known):
            if isinstance(entry, list) and len(entry) == 8 and entry[0] == "a" and entry[5] is True:  # noqa: PLR2004
                found.setdefault(entry[6] if type(entry[6]) is int else -1, []).append(number)
        return found

    def _receive(self, place: Any, owners: Sequence[int]) -> Span:  # noqa: ANN401
        """Copy a block out of the memory file, into the array that owns it if there is one."""
        for number in owners:
            dtype, shape, strides, _, offset = self._facts(self.entries[number - self.known])
            low, high = extent(offset, shape, strides, dtype.itemsize)
            if not isinstance(place, list) or [low, high] != [0, place[-1]]:
                continue
            made = _empty(shape, dtype, strides)
            if made is not None:
                span = Span(flat_of(made, *bounds(made)))
                self.memory.read(place, span.flat)
                self.objects[number] = made
                return span
        return Span(self.memory.read(place))

    @staticmethod
    def _facts(
        entry: list[Any],
    ) -> tuple[np.dtype[Any], tuple[int, ...], tuple[int, ...], bool, int]:
        """Return dtype, shape, strides, writeable and offset of an array's entry."""
        _, described, shape, strides, writeable, _, _, offset = entry
        numbers = [*shape, *strides, offset]
        if (
            len(shape) != len(strides)
            or len(shape) > 64  # noqa: PLR2004 (NumPy's limit)
            or not all(type(one) is int and abs(one) < 1 << 62 for one in numbers)
            or not all(size >= 0 for size in shape)
            or type(writeable) is not bool
        ):
            raise UngradableError("an array whose facts are none")
        dtype = dtypes.build(described)
        if math.prod(max(size, 1) for size in shape) * max(dtype.itemsize, 1) > _LARGEST_SHAPE:
            raise UngradableError(f"an array of shape {tuple(shape)}, which no memory can hold")
        return dtype, tuple(shape), tuple(strides), writeable, offset

    def unpack(self, tree: Any, depth: int = 0) -> Any:  # noqa: ANN401
        """Return the value of a tree.

        Raises
        ------
        UngradableError
            When it is none.
        """
        if not isinstance(tree, list):
            if isinstance(tree, dict):
                raise UngradableError("data that is none")
            return tree
        try:
            if tree[0] == "r":
                return self._object(tree[1], depth)
            return self._unpack_tagged(*tree, depth=depth)
        except _WRONG as error:
            raise UngradableError(f"data that is none ({type(error).__name__})") from error

    def _unpack_tagged(self, tag: str, *parts: Any, depth: int) -> Any:  # noqa: ANN401
        if tag in _READERS:
            return _READERS[tag](*parts)
        if tag in stdlib_types.TAGS:
            return stdlib_types.rebuild(tag, self._children(parts, depth), self.classes)
        made = {"f": frozenset, "slice": slice, "range": range}[tag]
        children = self._children(parts, depth)
        return made(children) if made is frozenset else made(*children)

    def _children(self, trees: Sequence[Any], depth: int) -> list[Any]:
        if depth > DEPTH:
            raise UngradableError(f"data nested more than {DEPTH} deep")
        unpack, below = self.unpack, depth + 1
        return [unpack(one, below) for one in trees]

    def _object(self, number: int, depth: int) -> Any:  # noqa: ANN401
        if type(number) is not int or number < 0:
            raise ValueError(number)
        made = self.objects[number]
        if made is not _UNMADE:
            return made
        tag, *parts = self.entries[number - self.known]
        if tag in _CONTAINERS:
            new = _CONTAINERS[tag]
            self.objects[number] = made = new((), *parts[:1]) if new is deque else new()
            self.fill(made, [tag, *parts], depth)
            return made
        if tag == "tuple":
            made = tuple(self._children(parts, depth))
        elif tag == "a":
            made = self._array([tag, *parts])
        else:
            raise ValueError(tag)
        self.objects[number] = made
        return made

    def fill(self, made: Any, entry: Sequence[Any], depth: int = 0) -> None:  # noqa: ANN401
        """Make a container hold what its entry says, and nothing else."""
        tag, *parts = entry
        if _CONTAINERS.get(tag) is not type(made):
            raise UngradableError("a container that is another one now")
        if tag == "bytearray":
            made[:] = base64.b64decode(parts[0], validate=True)
            return
        children = self._children(parts, depth)
        if tag == "list":
            made[:] = children
            return
        made.clear()
        if tag == "deque":
            made.extend(children[1:])
        elif tag == "set":
            made.update(children)
        else:
            if tag == "defaultdict":
                made.default_factory, *children = children
            update = dict.update if tag == "Counter" else type(made).update  # Counter's own adds
            update(made, zip(children[::2], children[1::2], strict=True))

    def _array(self, entry: list[Any]) -> np.ndarray:
        dtype, shape, strides, writeable, offset = self._facts(entry)
        number, own = entry[6], entry[5] is True
        if type(number) is not int or not -2 <= number < len(self.spans):  # noqa: PLR2004
            raise ValueError(number)
        low, high = extent(offset, shape, strides, dtype.itemsize)
        span = self.spans[number] if number >= 0 else Span(np.empty(0, np.uint8))
        if number == -2 or (high > low and not 0 <= low <= high <= span.nbytes):  # noqa: PLR2004
            return make_opaque_array(
                shape,
                dtype,
                strides,
                address=span.address + offset,
                why=OUTSIDE.format(strides=strides),
                base=span.flat if number >= 0 else None,
                writeable=writeable,
            )
        if high == low or number < 0:
            where = span if number >= 0 else None
            return _nothing(shape, dtype, strides, where, offset, writeable=writeable, own=own)
        made = np.ndarray(shape, dtype, span.flat, offset, strides)
        dtypes.refuse_wrong_elements(made)
        if own and number >= self.known_spans:
            copy = made.copy(order="K")
            made = copy if copy.strides == strides else made
        if made.flags.writeable and not writeable:
            made.flags.writeable = False
        elif writeable and not made.flags.writeable:
            return make_opaque_array(
                shape,
                dtype,
                strides,
                address=span.address + offset,
                why=READ_ONLY,
                base=span.flat,
            )
        return made

    def _check_owners(self) -> None:
        """Check and complete the arrays that own their blocks; they were made before they were looked at."""
        for number in range(self.known, len(self.objects)):
            made = self.objects[number]
            if isinstance(made, np.ndarray):
                dtypes.refuse_wrong_elements(made)
                if not self.entries[number - self.known][4]:
                    made.flags.writeable = False


def _scalar(described: Any, digits: str) -> Any:  # noqa: ANN401
    """Return a NumPy scalar from its dtype and its bytes as hexadecimal digits."""
    dtype, data = dtypes.build(described), bytes.fromhex(digits)
    if len(data) != dtype.itemsize:
        raise ValueError(digits)
    one: np.ndarray = np.ndarray((), dtype, data) if data else np.zeros((), dtype)
    dtypes.refuse_wrong_elements(one)
    return one[()]


_UNMADE = object()
_READERS: dict[str, Any] = {
    "i": lambda digits: int(digits, 16),
    "g": _scalar,
    "c": complex,
    "b": lambda text: base64.b64decode(text, validate=True),
    "...": lambda: Ellipsis,
    "dtype": dtypes.build,
    "type": lambda name: TYPES[name],
}
_CONTAINERS: dict[str, Any] = {
    kind.__name__: kind
    for kind in (list, dict, set, bytearray, deque, Counter, OrderedDict, defaultdict)
}
_WRONG = (LookupError, TypeError, ValueError, ArithmeticError, MemoryError, OSError)


def _empty(
    shape: tuple[int, ...], dtype: np.dtype[Any], strides: tuple[int, ...]
) -> np.ndarray | None:
    """Return an array with its own memory and these strides, if one can be had."""
    for order in ("C", "F"):
        made: np.ndarray = np.empty(shape, dtype, order=order)
        if made.strides == strides:
            return made
    # What `copy(order="K")` of some view had: its axes in another order, also those of size 1.
    for axes in permutations(range(len(shape))) if len(shape) <= _AXES else ():
        steps = [8 * dtype.itemsize << 4 * axes.index(axis) for axis in range(len(shape))]
        made = np.empty_like(as_strided(np.empty(1, dtype), shape, steps))
        if made.strides == strides:
            return made
    return None


def _nothing(  # noqa: PLR0913 (the facts of an array)
    shape: tuple[int, ...],
    dtype: np.dtype[Any],
    strides: tuple[int, ...],
    span: Span | None,
    offset: int,
    *,
    writeable: bool,
    own: bool,
) -> np.ndarray:
    """Return an array without elements, or with elements of no bytes."""
    found = _empty(shape, dtype, strides) if own or not dtype.itemsize else None
    if span is not None and 0 in shape and 0 <= offset <= span.nbytes:
        made = np.ndarray(shape, dtype, span.flat, offset, strides)
    elif found is not None:
        made = found
    else:
        made = np.ndarray(shape, dtype, np.empty(max(dtype.itemsize, 1), np.uint8), 0, strides)
    if made.flags.writeable and not writeable:
        made.flags.writeable = False
    return made
