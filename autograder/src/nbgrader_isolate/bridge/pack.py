"""Plain data as JSON, and back: the whole of what crosses between the test process and the student's kernel.

A message has a tree, a table of objects and a list of blocks. Atoms (None, truth values, numbers, text) stand in the tree as
themselves, everything else as a list that begins with a tag. What has an identity (lists, dicts, sets, tuples, arrays)
stands in the table and is referred to by number, so that sharing and cycles survive. Of an array the table has the
facts; its bytes lie in a block of the shared memory file. Both sides number the objects of a request alike: an answer
that says "object 3" means the caller's own.
"""

from __future__ import annotations

import base64
import builtins
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nbgrader_isolate.bridge import dtypes, stdlib_types
from nbgrader_isolate.bridge.failures import TooLargeError, UngradableError
from nbgrader_isolate.bridge.memory import SharedMemory, Span, bounds, root_of, spans_of

DEPTH = 200
"""How deep lists may be nested in one another."""
ELEMENTS = 1 << 22
"""Of all lists, tuples, dicts and sets of a message together."""
DICTS = (dict, Counter, OrderedDict, defaultdict)
TABLED = (list, set, tuple, bytearray, np.ndarray, deque, *DICTS)
"""Types of what has an identity."""
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
    """Makes messages.

    Parameters
    ----------
    objects : sequence
        Those of the request that is answered: they are referred to, not sent again.
    blocks : sequence of Block
        The request's blocks: an array in one of them is described by it.
    answer : bool
        Whether what is packed goes back to the test.
    """

    def __init__(
        self, objects: Sequence[Any] = (), spans: Sequence[Span] = (), *, answer: bool = True
    ) -> None:
        self.answer = answer
        self.kept = list(objects)
        self.known = len(self.kept)
        self.known_spans = list(spans)
        self.numbers = {id(one): number for number, one in enumerate(self.kept)}
        self.entries: list[list[Any]] = []
        self._arrays: list[tuple[list[Any], np.ndarray]] = []
        self.spans: list[Span] = []
        self.changed_spans: list[Span] = []
        self._room = ELEMENTS

    def forget(self, entries: int, kept: int, arrays: int) -> None:
        """Go back to how many entries, objects and arrays there were, after something could not be packed."""
        for one in self.kept[kept:]:
            del self.numbers[id(one)]
        del self.entries[entries:], self.kept[kept:], self._arrays[arrays:]

    def pack(self, value: Any, depth: int = 0) -> Any:  # noqa: ANN401
        """Return the tree of a value.

        Raises
        ------
        UngradableError
            When it is, or holds, what is no plain data.
        """
        kind = type(value)
        if kind in _ATOMS:
            return value
        if kind is int:
            return value if -(1 << 63) <= value < 1 << 64 else ["i", hex(value)]
        if kind in TABLED and not (kind is np.ndarray and value.dtype == object):
            return self._refer(value, depth)
        if isinstance(value, np.generic) and kind is value.dtype.type:
            one = np.asarray(value)  # whose dtype has room for the empty text, too
            return ["g", dtypes.describe(one.dtype), one.tobytes().hex()]
        return self._pack_rare(value, kind, depth)

    def _pack_rare(self, value: Any, kind: type, depth: int) -> list[Any]:  # noqa: ANN401
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
        tag, *parts = stdlib_types.parts(value, kind, answer=self.answer)
        return [tag, *self._children(parts, depth)]

    def _children(self, values: Any, depth: int) -> list[Any]:  # noqa: ANN401
        if depth > DEPTH:
            raise UngradableError(f"data nested more than {DEPTH} deep")
        self._room -= len(values)
        if self._room < 0:
            raise TooLargeError(f"lists of more than {ELEMENTS:,} elements")
        pack, below = self.pack, depth + 1
        return [pack(one, below) for one in values]

    def _refer(self, value: Any, depth: int) -> list[Any]:  # noqa: ANN401
        number = self.numbers.get(id(value))
        if number is None:
            number = self.numbers[id(value)] = len(self.kept)
            self.kept.append(value)
            entry: list[Any] = []
            self.entries.append(entry)
            entry.extend(self.describe(value, depth, entry))
        return ["r", number]

    def describe(self, value: Any, depth: int = 0, entry: list[Any] | None = None) -> list[Any]:  # noqa: ANN401
        """Return the table's entry of an object; that of an array is completed by `finish`, in `entry`."""
        kind = type(value)
        if kind is np.ndarray:
            shape, strides = list(value.shape), list(value.strides)
            facts = [dtypes.describe(value.dtype), shape, strides, bool(value.flags.writeable)]
            if entry is not None:
                self._arrays.append((entry, value))
            return ["a", *facts, bool(value.flags.owndata and value.base is None)]
        if kind in DICTS:
            pairs = [one for pair in value.items() for one in pair]
            first = [self._factory(value)] if kind is defaultdict else []
            return [kind.__name__, *first, *self._children(pairs, depth)]
        if kind is deque:
            return ["deque", value.maxlen, *self._children(value, depth)]
        if kind is bytearray:
            return ["bytearray", base64.b64encode(value).decode()]
        return [kind.__name__, *self._children(value, depth)]

    def _factory(self, value: defaultdict[Any, Any]) -> Any:  # noqa: ANN401
        """Return what makes the missing values of a dict; None for a function in an answer: what is there is data."""
        factory = value.default_factory
        known = isinstance(factory, type) and factory in _TYPE_NAMES
        if factory is None or (self.answer and not known):
            return None
        return self._pack_rare(factory, type(factory), 0)

    def finish(self, memory: SharedMemory) -> dict[str, Any]:
        """Write the arrays' bytes into the memory file; return the table and the places of the blocks.

        Raises
        ------
        TooLargeError
            When there is no room for them.
        """
        fresh = [array for _, array in self._arrays if self._known_span(array) is None]
        self.spans = spans_of([array for array in fresh if _within_root(array)])
        places = memory.write([span.flat for span in (*self.spans, *self.changed_spans)])
        for entry, array in self._arrays:
            entry.extend(self._locate(array))
        count = len(self.spans)
        return {"o": self.entries, "m": places[:count], "w": places[count:]}

    def _known_span(self, array: np.ndarray) -> int | None:
        """Return the number of the request's block that an array, or what it is a view of, lies in."""
        return span_of(array, self.known_spans)

    def _locate(self, array: np.ndarray) -> list[int]:
        """Return the number of an array's block and the offset of its first element.

        -1: it has no bytes, and no block; -2: it has none that may be read.
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
    """Return the number of the block that an array lies in, or if it lies in none, its root; None: neither does."""
    if not spans:
        return None
    for one in (array, root_of(array)):
        low, high = bounds(one)
        if low == high and one is array and array.base is not None:
            continue  # an empty view lies where its root does
        for number, span in enumerate(spans):
            if span.holds(low, high) and (high > low or span.address == low):
                return number
    return None


def _within_root(array: np.ndarray) -> bool:
    """Tell whether an array reads only bytes of the array it is a view of."""
    from nbgrader_isolate.bridge.memory import root_of

    low, high = bounds(array)
    first, last = bounds(root_of(array))
    return first <= low and high <= last
