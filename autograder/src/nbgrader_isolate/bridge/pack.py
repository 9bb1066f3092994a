"""Turn plain data into JSON: everything that crosses between the two processes.

A message has a tree, a table of objects and a list of spans of shared memory. Atoms (None,
Booleans, numbers, text) appear in the tree as they are, and everything else as a list that begins
with a tag. Objects with an identity (lists, dicts, sets, tuples, arrays) are entries of the table,
and the tree refers to them by number, so that sharing and cycles survive. The table contains the
layout of an array; its bytes are in a span. Both sides number the objects of a request alike, so
"object 3" in an answer is the caller's own object 3.
"""

from __future__ import annotations

import base64
import builtins
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from nbgrader_isolate.bridge import dtypes, library_values, stdlib_types
from nbgrader_isolate.bridge.callbacks import InlineMemory
from nbgrader_isolate.bridge.failures import TooLargeError, UngradableError
from nbgrader_isolate.bridge.memory import SharedMemory, Span, bounds, root_of, spans_of

DEPTH = 200
"""How deep containers may be nested."""
ELEMENTS = 1 << 22
"""The most elements that all containers of a message may have together."""
DICTS = (dict, Counter, OrderedDict, defaultdict)
TABLED = (list, set, tuple, bytearray, np.ndarray, deque, *DICTS)
"""Types whose objects have an identity, and so an entry in the table."""
_ATOMS = (bool, float, str, type(None))
_BUILTIN = ("bool", "int", "float", "complex", "str", "bytes", "list", "tuple", "dict", "set")
TYPES: dict[str, type] = {
    **{name: getattr(builtins, name) for name in _BUILTIN},
    **{
        f"numpy.{kind.__name__}": kind
        for kind in set(np.sctypeDict.values())
        if kind is not np.object_
    },
    "numpy.ndarray": np.ndarray,
}
_TYPE_NAMES = {kind: name for name, kind in TYPES.items()}
_WRITERS: dict[type, Callable[[Any], list[Any]]] = {
    complex: lambda value: ["c", value.real, value.imag],
    bytes: lambda value: ["b", base64.b64encode(value).decode()],
    type(...): lambda _: ["..."],
}


_SPLIT: dict[type, tuple[str, Callable[[Any], Any]]] = {
    frozenset: ("f", lambda value: value),
    slice: ("slice", lambda value: (value.start, value.stop, value.step)),
    range: ("range", lambda value: (value.start, value.stop, value.step)),
}


class Packer:
    """Builds messages.

    Parameters
    ----------
    objects : sequence
        For an answer: the objects of the request, which are referred to and not sent again.
    spans : sequence of Span
        For an answer: the spans of the request. An array in one of them refers to it.
    answer : bool
        Whether the message is an answer, which goes back to the test.
    with_owners : bool
        For a request: whether the owner of a view crosses too.
    describe_function : callable, optional
        Returns what crosses for a function, or None if it does not cross.
    """

    def __init__(
        self,
        objects: Sequence[Any] = (),
        spans: Sequence[Span] = (),
        *,
        answer: bool = True,
        with_owners: bool = False,
        describe_function: Callable[[Any], list[Any] | None] | None = None,
    ) -> None:
        self.answer = answer
        self.describe_function = describe_function
        self.with_owners = answer or with_owners
        self.objects = list(objects)
        self.known = len(self.objects)
        self.known_spans = list(spans)
        self.numbers = {id(value): number for number, value in enumerate(self.objects)}
        self.entries: list[list[Any]] = []
        self._arrays: list[tuple[list[Any], np.ndarray]] = []
        self.spans: list[Span] = []
        self.changed_spans: list[Span] = []
        self._budget = ELEMENTS

    def rollback(self, entries: int, objects: int, arrays: int) -> None:
        """Go back to earlier numbers of entries, objects and arrays, after a value was refused."""
        for value in self.objects[objects:]:
            del self.numbers[id(value)]
        del self.entries[entries:], self.objects[objects:], self._arrays[arrays:]

    def pack(self, value: Any, depth: int = 0) -> Any:  # noqa: ANN401
        """Return the tree of a value.

        Raises
        ------
        UngradableError
            If the value is not plain data, or contains something that is not.
        """
        kind = type(value)
        if kind in _ATOMS:
            return value
        if kind is int:
            return value if -(1 << 63) <= value < 1 << 64 else ["i", hex(value)]
        if kind in TABLED and not (kind is np.ndarray and value.dtype == object):
            return self._refer(value, depth)
        if isinstance(value, np.generic) and kind is value.dtype.type:
            array = np.asarray(value)  # its dtype also has space for an empty string
            return ["g", dtypes.describe(array.dtype), array.tobytes().hex()]
        return self._pack_rare(value, kind, depth)

    def pack_all(self, values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        """Yield the tree of each value that can be sent, with its name."""
        for name, value in values.items():
            state = len(self.entries), len(self.objects), len(self._arrays)
            try:
                yield name, self.pack(value)
            except (UngradableError, TooLargeError):
                self.rollback(*state)

    def _pack_rare(self, value: Any, kind: type, depth: int) -> list[Any]:  # noqa: ANN401, PLR0911 (one for each kind)
        if kind in _WRITERS:
            return _WRITERS[kind](value)
        if kind in _SPLIT:
            tag, split = _SPLIT[kind]
            return [tag, *self._children(split(value), depth)]
        if isinstance(value, np.dtype):
            return ["dtype", dtypes.describe(value)]
        if kind is type and value in _TYPE_NAMES:
            return ["type", _TYPE_NAMES[value]]
        if kind is np.memmap:
            return self._refer(np.asarray(value), depth)
        if self.describe_function is not None:
            described = self.describe_function(value)
            if described is not None:
                return described
        if library_values.tag_of(kind) in library_values.MUTABLE:
            return self._refer(value, depth)
        tag, *parts = stdlib_types.parts(value, kind, answer=self.answer)
        return [tag, *self._children(parts, depth)]

    def _children(self, values: Any, depth: int) -> list[Any]:  # noqa: ANN401
        if depth > DEPTH:
            raise UngradableError(f"data nested more than {DEPTH} deep")
        self._budget -= len(values)
        if self._budget < 0:
            raise TooLargeError(f"lists of more than {ELEMENTS:,} elements")
        pack, below = self.pack, depth + 1
        return [pack(value, below) for value in values]

    def _refer(self, value: Any, depth: int) -> list[Any]:  # noqa: ANN401
        number = self.numbers.get(id(value))
        if number is None:
            number = self.numbers[id(value)] = len(self.objects)
            self.objects.append(value)
            entry: list[Any] = []
            self.entries.append(entry)
            entry.extend(self.describe(value, depth, entry))
        return ["r", number]

    def describe(self, value: Any, depth: int = 0, entry: list[Any] | None = None) -> list[Any]:  # noqa: ANN401
        """Return the table's entry for an object; `finish` completes the `entry` of an array."""
        kind = type(value)
        if kind is np.ndarray:
            shape, strides = list(value.shape), list(value.strides)
            layout = [dtypes.describe(value.dtype), shape, strides, bool(value.flags.writeable)]
            if entry is not None:
                self._arrays.append((entry, value))
            return ["a", *layout, bool(value.flags.owndata and value.base is None)]
        if kind in DICTS:
            keys_and_values = [child for pair in value.items() for child in pair]
            first = [self._factory(value)] if kind is defaultdict else []
            return [kind.__name__, *first, *self._children(keys_and_values, depth)]
        if kind is deque:
            return ["deque", value.maxlen, *self._children(value, depth)]
        if kind is bytearray:
            return ["bytearray", base64.b64encode(value).decode()]
        if kind not in TABLED and (tag := library_values.tag_of(kind)):
            return [tag, *self._children(library_values.describe(value, tag), depth)]
        return [kind.__name__, *self._children(value, depth)]

    def _factory(self, value: defaultdict[Any, Any]) -> Any:  # noqa: ANN401
        """Return the factory of a defaultdict; in an answer, None replaces a student's function."""
        factory = value.default_factory
        known = isinstance(factory, type) and factory in _TYPE_NAMES
        if factory is None or (self.answer and not known):
            return None
        if not known:
            raise UngradableError("a defaultdict with a function of its own")
        return self._pack_rare(factory, type(factory), 0)

    def finish(self, memory: SharedMemory | InlineMemory) -> dict[str, Any]:
        """Write the arrays' bytes into shared memory; return the table and the locations of spans.

        Raises
        ------
        TooLargeError
            If the shared memory is too small.
        """
        fresh = [array for _, array in self._arrays if self._known_span(array) is None]
        own = [array for array in fresh if _within_root(array)]
        self.spans = spans_of(own, with_owners=self.with_owners)
        spans = (*self.spans, *self.changed_spans)
        locations = memory.write([span.crossing() for span in spans])
        for span, location in zip(self.spans, locations, strict=False):
            if span.sparse is not None:
                location.append(span.nbytes)
        for entry, array in self._arrays:
            entry.extend(self._locate(array))
        count = len(self.spans)
        return {"o": self.entries, "m": locations[:count], "w": locations[count:]}

    def _known_span(self, array: np.ndarray) -> int | None:
        """Return the number of the request's span that contains an array or its root, or None."""
        return span_of(array, self.known_spans)

    def _locate(self, array: np.ndarray) -> list[int]:
        """Return the number of an array's span and the offset of its first element.

        The number is -1 if the array has no bytes and so no span, and -2 if its bytes must not be
        read.
        """
        address = bounds_start(array)
        number = self._known_span(array)
        if number is not None:
            return [number, address - self.known_spans[number].address]
        if not _within_root(array):
            return [-2, 0]
        number = span_of(array, self.spans)
        if number is None:
            return [-1, 0]
        return [len(self.known_spans) + number, address - self.spans[number].address]


def bounds_start(array: np.ndarray) -> int:
    """Return the address of an array's first element."""
    address: int = array.__array_interface__["data"][0]
    return address


def span_of(array: np.ndarray, spans: Sequence[Span]) -> int | None:
    """Return the number of the span that contains an array, or else its root, or None."""
    if not spans:
        return None
    for candidate in (array, root_of(array)):
        low, high = bounds(candidate)
        if low == high and candidate is array and array.base is not None:
            continue  # an empty view belongs to the span of its root
        for number, span in enumerate(spans):
            if span.holds(low, high) and (high > low or span.address == low):
                return number
    return None


def _within_root(array: np.ndarray) -> bool:
    """Tell whether an array reaches only bytes of the array that it is a view of."""
    low, high = bounds(array)
    first, last = bounds(root_of(array))
    return first <= low and high <= last
