"""Turn messages back into plain data, trusting nothing in them; `pack` describes their format."""

from __future__ import annotations

import base64
import math
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nbgrader_isolate.bridge import dtypes, library_values, stdlib_types
from nbgrader_isolate.bridge.callbacks import InlineMemory
from nbgrader_isolate.bridge.failures import (
    Failure,
    PeerGoneError,
    RefusedError,
    UngradableError,
)
from nbgrader_isolate.bridge.memory import (
    SharedMemory,
    Span,
    allocate,
    bounds,
    extent,
    flat_of,
    mark,
)
from nbgrader_isolate.bridge.opaque_array import make_opaque_array
from nbgrader_isolate.bridge.pack import DEPTH, TYPES
from nbgrader_isolate.bridge.sparse_spans import Layout, SparsePart

OUTSIDE = (
    "the array has strides {strides} and reaches bytes outside the memory it is a view of, "
    "so no element was read."
)
BESIDE = (
    "the array has strides {strides} and reaches bytes beside the arguments of the call, "
    "so no element was read."
)
LYING = {
    np.ma.MaskedArray: "a masked array, which hides what is not a number,",
    np.matrix: "a matrix (np.matrix), which multiplies in its own way,",
}
"""Values that may be right, but that many tests would take for right whatever they contain."""
PRETENDED = {"strides", "flags", "__array_interface__"}
"""Fields of a named tuple that pretends to be an array."""
MASKED = "a masked array with masked elements, which compare as equal to everything,"
READ_ONLY = (
    "the array is writeable, but the memory it is a view of is read-only, so no element was read."
)
_LARGEST_SHAPE = (1 << 63) - 1
_FOUND = {"callback", "own", "function", "object", "class", "instructor", "generator"}
"""Tags of what is looked up by number or name."""
SPARSE_LOCATION = 3
"""Numbers in the location of a sparse span: position and length of its part, and its own size."""


class Unpacker:
    """Reads messages; trusts nothing in them.

    Parameters
    ----------
    message : dict
        With the table "o" and the locations of spans "m".
    memory : SharedMemory or InlineMemory
    objects, spans : sequences
        For an answer: the objects and spans of the request.
    find_class : callable, optional
        Returns this side's own class of a name, or None.
    read_failures : list of Failure, optional
        Collects the failures of attempts to read elements of opaque arrays.
    masked, missing : bool
        Whether masked elements are accepted, and the missing value of pandas.
    sparse : bool
        Whether spans may be sparse: the message comes from a test.
    find_function : callable, optional
        Returns the function that a tag and its parts stand for: "callback", a number and a name,
        or "own" and the name of one of the student's functions.
    """

    def __init__(  # noqa: PLR0913 (the parts of a message, and what this side has)
        self,
        message: dict[str, Any],
        memory: SharedMemory | InlineMemory,
        objects: Sequence[Any] = (),
        spans: Sequence[Span] = (),
        find_class: stdlib_types.FindClass = lambda _name: None,
        *,
        read_failures: list[Failure] | None = None,
        masked: bool = True,
        missing: bool = True,
        sparse: bool = False,
        find_function: Callable[..., Any] | None = None,
    ) -> None:
        self.find_class, self.masked = find_class, masked
        self.builders = library_values.Builders(missing=missing)
        self.find_function = find_function
        self.read_failures: list[Failure] = [] if read_failures is None else read_failures
        self.entries = message.get("o", [])
        locations = message.get("m", [])
        if not isinstance(self.entries, list) or not isinstance(locations, list):
            raise PeerGoneError("an answer without a table of objects")
        self.objects: list[Any] = [*objects, *[_NOT_BUILT] * len(self.entries)]
        self.known = len(objects)
        self.known_spans = len(spans)
        self.spans: list[Span] = list(spans)
        self.memory = memory
        owners = self._owners()
        for number, location in enumerate(locations, len(spans)):
            if sparse and len(location) == SPARSE_LOCATION:
                self.spans.append(self._receive_sparse(location, number))
            else:
                self.spans.append(self._receive(location, owners.get(number, ())))
        self._check_owners()

    def _owners(self) -> dict[int, list[int]]:
        """Return the numbers of the arrays that own each span."""
        owners: dict[int, list[int]] = {}
        for number, entry in enumerate(self.entries, self.known):
            if isinstance(entry, list) and len(entry) == 8 and entry[0] == "a" and entry[5] is True:  # noqa: PLR2004
                owners.setdefault(entry[6] if type(entry[6]) is int else -1, []).append(number)
        return owners

    def _receive(self, location: Any, owners: Sequence[int]) -> Span:  # noqa: ANN401
        """Copy a span out of shared memory, into the array that owns it if there is one."""
        for number in owners:
            dtype, shape, strides, _, offset = self._layout(self.entries[number - self.known])
            low, high = extent(offset, shape, strides, dtype.itemsize)
            if not isinstance(location, list) or [low, high] != [0, location[-1]]:
                continue
            array = allocate(shape, dtype, strides)
            if array is not None:
                span = Span(flat_of(array, *bounds(array)))
                self.memory.read(location, span.flat)
                self.objects[number] = array
                return span
        return Span(self.memory.read(location))

    def _receive_sparse(self, location: list[Any], number: int) -> Span:
        """Copy the bytes of the arrays of a span out of shared memory."""
        found = [
            (offset, shape, strides, dtype.itemsize)
            for entry in self.entries
            if entry[0] == "a" and entry[6] == number
            for dtype, shape, strides, _, offset in [self._layout(entry)]
        ]
        *place, nbytes = location
        part = SparsePart(nbytes, [Layout(*each) for each in found if math.prod(each[1]) * each[3]])
        return Span(part.scatter(self.memory.read(place)), part)

    @staticmethod
    def _layout(
        entry: list[Any],
    ) -> tuple[np.dtype[Any], tuple[int, ...], tuple[int, ...], bool, int]:
        """Return dtype, shape, strides, writeable and offset of an array's entry."""
        _, described, shape, strides, writeable, _, _, offset = entry
        numbers = [*shape, *strides, offset]
        if (
            len(shape) != len(strides)
            or len(shape) > 64  # noqa: PLR2004 (NumPy's limit)
            or not all(type(number) is int and abs(number) < 1 << 62 for number in numbers)
            or not all(size >= 0 for size in shape)
            or type(writeable) is not bool
        ):
            raise UngradableError("a malformed array description")
        dtype = dtypes.build(described)
        if math.prod(max(size, 1) for size in shape) * max(dtype.itemsize, 1) > _LARGEST_SHAPE:
            raise UngradableError(f"an array of the impossible shape {tuple(shape)}")
        return dtype, tuple(shape), tuple(strides), writeable, offset

    def unpack(self, tree: Any, depth: int = 0) -> Any:  # noqa: ANN401
        """Return the value of a tree.

        Raises
        ------
        UngradableError
            If the tree is malformed.
        """
        if not isinstance(tree, list):
            if isinstance(tree, dict):
                raise UngradableError("malformed data")
            return tree
        try:
            if tree[0] == "r":
                return self._object(tree[1], depth)
            return self._unpack_tagged(*tree, depth=depth)
        except _ERRORS as error:
            raise UngradableError(f"malformed data ({type(error).__name__})") from error

    def _unpack_tagged(self, tag: str, *parts: Any, depth: int) -> Any:  # noqa: ANN401
        if tag in _READERS:
            return _READERS[tag](*parts)
        if tag in stdlib_types.TAGS:
            value = stdlib_types.rebuild(tag, self._children(parts, depth), self.find_class)
            if not self.masked:
                refuse_lying(value)
            return value
        if tag in library_values.TAGS:
            return self.builders.build(tag, self._children(parts, depth))
        if tag in _FOUND and self.find_function is not None:
            return self.find_function(tag, *parts)
        kind = {"f": frozenset, "slice": slice, "range": range}[tag]
        children = self._children(parts, depth)
        return kind(children) if kind is frozenset else kind(*children)

    def _children(self, trees: Sequence[Any], depth: int) -> list[Any]:
        if depth > DEPTH:
            raise UngradableError(f"data nested more than {DEPTH} deep")
        unpack, below = self.unpack, depth + 1
        return [unpack(tree, below) for tree in trees]

    def _object(self, number: int, depth: int) -> Any:  # noqa: ANN401
        if type(number) is not int or number < 0:
            raise ValueError(number)
        value = self.objects[number]
        if value is not _NOT_BUILT:
            return value
        tag, *parts = self.entries[number - self.known]
        if tag in _CONTAINERS:
            kind = _CONTAINERS[tag]
            self.objects[number] = value = kind((), *parts[:1]) if kind is deque else kind()
            self.fill(value, [tag, *parts], depth)
            return value
        if tag == "tuple":
            value = tuple(self._children(parts, depth))
        elif tag == "a":
            value = self._array([tag, *parts])
        elif tag in library_values.MUTABLE:
            value = self.builders.build(tag, self._children(parts, depth))
        else:
            raise ValueError(tag)
        self.objects[number] = value
        return value

    def fill(self, container: Any, entry: Sequence[Any], depth: int = 0) -> None:  # noqa: ANN401
        """Replace the contents of a container by those of its entry."""
        tag, *parts = entry
        if tag in library_values.MUTABLE:
            new = self.builders.build(tag, self._children(parts, depth))
            library_values.refill(container, new)
            return
        if _CONTAINERS.get(tag) is not type(container):
            raise UngradableError("a container whose type has changed")
        if tag == "bytearray":
            container[:] = base64.b64decode(parts[0], validate=True)
            return
        children = self._children(parts, depth)
        if tag == "list":
            container[:] = children
            return
        container.clear()
        if tag == "deque":
            container.extend(children[1:])
        elif tag == "set":
            container.update(children)
        else:
            if tag == "defaultdict":
                factory, *children = children
                if not any(factory is known for known in (None, *TYPES.values())):
                    raise UngradableError("a defaultdict with a function of its own")
                container.default_factory = factory
            # The `update` of a Counter adds to the counts that it has.
            update = dict.update if tag == "Counter" else type(container).update
            update(container, zip(children[::2], children[1::2], strict=True))

    def _array(self, entry: list[Any]) -> np.ndarray:
        dtype, shape, strides, writeable, offset = self._layout(entry)
        number, owns_data = entry[6], entry[5] is True
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
                reason=OUTSIDE.format(strides=strides),
                read_failures=self.read_failures,
                base=span.flat if number >= 0 else None,
                writeable=writeable,
            )
        if self._is_beside(span, offset, shape, strides, dtype.itemsize):
            return make_opaque_array(
                shape,
                dtype,
                strides,
                address=span.address + offset,
                reason=BESIDE.format(strides=strides),
                read_failures=self.read_failures,
                base=span.flat,
                writeable=writeable,
            )
        if high == low or number < 0:
            owner = span if number >= 0 else None
            return _empty_array(
                shape, dtype, strides, owner, offset, writeable=writeable, owns_data=owns_data
            )
        array = np.ndarray(shape, dtype, span.flat, offset, strides)
        dtypes.refuse_invalid_elements(array)
        if owns_data and number >= self.known_spans:
            copy = array.copy(order="K")
            array = copy if copy.strides == strides else array
        if array.flags.writeable and not writeable:
            array.flags.writeable = False
        elif writeable and not array.flags.writeable:
            return make_opaque_array(
                shape,
                dtype,
                strides,
                address=span.address + offset,
                reason=READ_ONLY,
                read_failures=self.read_failures,
                base=span.flat,
            )
        return array

    @staticmethod
    def _is_beside(
        span: Span, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], itemsize: int
    ) -> bool:
        """Return whether an array reaches bytes of an argument's span that did not cross."""
        if span.mask is None or 0 in shape:
            return False
        mask = np.zeros(span.nbytes, bool)
        mark(mask, offset, shape, strides, itemsize)
        return bool((mask & ~span.mask).any())

    def _check_owners(self) -> None:
        """Check and finish the arrays that own their spans; they were built before that."""
        for number in range(self.known, len(self.objects)):
            array = self.objects[number]
            if isinstance(array, np.ndarray):
                dtypes.refuse_invalid_elements(array)
                if not self.entries[number - self.known][4]:
                    array.flags.writeable = False


def _scalar(described: Any, digits: str) -> Any:  # noqa: ANN401
    """Return the NumPy scalar of a dtype with the given bytes, as hexadecimal digits."""
    dtype, data = dtypes.build(described), bytes.fromhex(digits)
    if len(data) != dtype.itemsize:
        raise ValueError(digits)
    array: np.ndarray = np.ndarray((), dtype, data) if data else np.zeros((), dtype)
    dtypes.refuse_invalid_elements(array)
    return array[()]


_NOT_BUILT = object()
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
_ERRORS = (LookupError, TypeError, ValueError, ArithmeticError, MemoryError, OSError)


def _empty_array(  # noqa: PLR0913 (the layout of an array)
    shape: tuple[int, ...],
    dtype: np.dtype[Any],
    strides: tuple[int, ...],
    span: Span | None,
    offset: int,
    *,
    writeable: bool,
    owns_data: bool,
) -> np.ndarray:
    """Return an array without elements, or whose elements have no bytes."""
    owner = allocate(shape, dtype, strides) if owns_data or not dtype.itemsize else None
    if span is not None and 0 in shape and 0 <= offset <= span.nbytes:
        array = np.ndarray(shape, dtype, span.flat, offset, strides)
    elif owner is not None:
        array = owner
    else:
        array = np.ndarray(shape, dtype, np.empty(max(dtype.itemsize, 1), np.uint8), 0, strides)
    if array.flags.writeable and not writeable:
        array.flags.writeable = False
    return array


def refuse_lying(value: Any) -> None:  # noqa: ANN401
    """Refuse a student's value that tests would take for right although it may be wrong.

    Raises
    ------
    UngradableError
    """
    if isinstance(value, np.ma.MaskedArray) and value.mask.any():
        raise UngradableError(MASKED)
    for kind, words in LYING.items():
        if isinstance(value, kind):
            raise RefusedError(words)
    names = getattr(value, "_fields", ())
    fields = dict(zip(names, value, strict=True)) if isinstance(value, tuple) and names else {}
    pretends = fields.keys() & PRETENDED or isinstance(fields.get("base"), np.ndarray)
    if pretends or any(callable(item) for item in fields.values()):
        raise RefusedError("a named tuple that has types, functions or attributes of arrays,")
