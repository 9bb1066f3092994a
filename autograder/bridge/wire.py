"""Plain data as JSON, and back: the whole of what crosses between the two kernels.

A message has a tree, a table of objects and a list of blocks. Atoms (None, truth values, numbers, text) stand in the tree as
themselves, everything else as a list that begins with a tag. What has an identity (lists, dicts, sets, tuples, arrays)
stands in the table and is referred to by number, so that sharing and cycles survive. Of an array the table has the
facts; its bytes lie in a block of the shared memory file. Both sides number the objects of a request alike: an answer
that says "object 3" means the caller's own.
"""

from __future__ import annotations

import base64
import builtins
import math
from collections.abc import Callable, Sequence
from itertools import permutations
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from autograder.bridge import dtypes
from autograder.bridge.failures import DeadError, TooLargeError, UngradableError
from autograder.bridge.memory import Arena, Block, blocks_of, bounds, extent, flat_of, root_of
from autograder.bridge.unreadable import unreadable

DEPTH = 200
"""How deep lists may be nested in one another."""
ELEMENTS = 1 << 22
"""Of all lists, tuples, dicts and sets of a message together."""
TABLED = (list, dict, set, tuple, bytearray, np.ndarray)
"""Types of what has an identity."""
_ATOMS = (bool, float, str, type(None))
_BUILTIN = ("bool", "int", "float", "complex", "str", "bytes", "list", "tuple", "dict", "set")
_TYPES: dict[str, type] = {
    **{name: getattr(builtins, name) for name in _BUILTIN},
    **{
        f"numpy.{kind.__name__}": kind
        for kind in set(np.sctypeDict.values())
        if kind is not np.object_
    },
    "numpy.ndarray": np.ndarray,
}
_TYPE_NAMES = {kind: name for name, kind in _TYPES.items()}
_WRITERS: dict[type, Callable[[Any], list[Any]]] = {
    complex: lambda value: ["c", value.real, value.imag],
    bytes: lambda value: ["b", base64.b64encode(value).decode()],
    type(...): lambda _: ["..."],
}
_LARGEST_SHAPE = (1 << 63) - 1
_AXES = 4
OUTSIDE = "the array has strides {strides} and reaches bytes outside the memory it is a view of: no element was read."
READ_ONLY = (
    "the array can be written, but the memory it is a view of is read-only: no element was read."
)


class Packer:
    """Makes messages.

    Parameters
    ----------
    objects : sequence
        Those of the request that is answered: they are referred to, not sent again.
    blocks : sequence of Block
        The request's blocks: an array in one of them is described by it.
    """

    def __init__(self, objects: Sequence[Any] = (), blocks: Sequence[Block] = ()) -> None:
        self.kept = list(objects)
        self.known = len(self.kept)
        self.known_blocks = list(blocks)
        self.numbers = {id(one): number for number, one in enumerate(self.kept)}
        self.entries: list[list[Any]] = []
        self._arrays: list[tuple[list[Any], np.ndarray]] = []
        self.blocks: list[Block] = []
        self.blocks_changed: list[Block] = []
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
        if kind in TABLED:
            return self._refer(value, depth)
        if isinstance(value, np.generic) and kind is value.dtype.type:
            one = np.asarray(value)  # whose dtype has room for the empty text, too
            return ["g", dtypes.describe(one.dtype), one.tobytes().hex()]
        return self._pack_rare(value, kind, depth)

    def _pack_rare(self, value: Any, kind: type, depth: int) -> list[Any]:  # noqa: ANN401
        if kind in _WRITERS:
            return _WRITERS[kind](value)
        if kind is frozenset:
            return ["f", *self._children(value, depth)]
        if kind is slice or kind is range:
            return [kind.__name__, *self._children((value.start, value.stop, value.step), depth)]
        if isinstance(value, np.dtype):
            return ["dtype", dtypes.describe(value)]
        if kind is type and value in _TYPE_NAMES:
            return ["type", _TYPE_NAMES[value]]
        raise UngradableError(f"an object of type {kind.__name__[:100]}")

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
        if kind is dict:
            pairs = [one for pair in value.items() for one in pair]
            return ["dict", *self._children(pairs, depth)]
        if kind is bytearray:
            return ["bytearray", base64.b64encode(value).decode()]
        return [kind.__name__, *self._children(value, depth)]

    def finish(self, arena: Arena) -> dict[str, Any]:
        """Write the arrays' bytes into the memory file; return the table and the places of the blocks.

        Raises
        ------
        TooLargeError
            When there is no room for them.
        """
        fresh = [array for _, array in self._arrays if self._known_block(array) is None]
        self.blocks = blocks_of([array for array in fresh if _within_root(array)])
        places = arena.write([block.flat for block in (*self.blocks, *self.blocks_changed)])
        for entry, array in self._arrays:
            entry.extend(self._locate(array))
        count = len(self.blocks)
        return {"o": self.entries, "m": places[:count], "w": places[count:]}

    def _known_block(self, array: np.ndarray) -> int | None:
        """Return the number of the request's block that an array, or what it is a view of, lies in."""
        return block_of(array, self.known_blocks)

    def _locate(self, array: np.ndarray) -> list[int]:
        """Return the number of an array's block and the offset of its first element.

        -1: it has no bytes, and no block; -2: it has none that may be read.
        """
        address = bounds_start(array)
        number = self._known_block(array)
        if number is not None:
            return [number, address - self.known_blocks[number].address]
        if not _within_root(array):
            return [-2, 0]
        number = block_of(array, self.blocks)
        if number is None:
            return [-1, 0]
        return [len(self.known_blocks) + number, address - self.blocks[number].address]


def bounds_start(array: np.ndarray) -> int:
    """Return the address of an array's first element."""
    address: int = array.__array_interface__["data"][0]
    return address


def block_of(array: np.ndarray, blocks: Sequence[Block]) -> int | None:
    """Return the number of the block that an array lies in, or if it lies in none, its root; None: neither does."""
    if not blocks:
        return None
    for one in (array, root_of(array)):
        low, high = bounds(one)
        if low == high and one is array and array.base is not None:
            continue  # an empty view lies where its root does
        for number, block in enumerate(blocks):
            if block.holds(low, high) and (high > low or block.address == low):
                return number
    return None


def _within_root(array: np.ndarray) -> bool:
    """Tell whether an array reads only bytes of the array it is a view of."""
    from autograder.bridge.memory import root_of

    low, high = bounds(array)
    first, last = bounds(root_of(array))
    return first <= low and high <= last


class Unpacker:
    """Reads messages; trusts nothing in them.

    Parameters
    ----------
    message : dict
        With the table "o" and the places of blocks "m".
    arena : Arena
    objects, blocks : sequences
        Of the request that is answered.
    """

    def __init__(
        self,
        message: dict[str, Any],
        arena: Arena,
        objects: Sequence[Any] = (),
        blocks: Sequence[Block] = (),
    ) -> None:
        self.entries = message.get("o", [])
        places = message.get("m", [])
        if not isinstance(self.entries, list) or not isinstance(places, list):
            raise DeadError("an answer without a table of objects")
        self.objects: list[Any] = [*objects, *[_UNMADE] * len(self.entries)]
        self.known = len(objects)
        self.known_blocks = len(blocks)
        self.blocks: list[Block] = list(blocks)
        self.arena = arena
        owners = self._owners()
        for number, place in enumerate(places, len(blocks)):
            self.blocks.append(self._receive(place, owners.get(number, ())))
        self._check_owners()

    def _owners(self) -> dict[int, list[int]]:
        """Return the numbers of the arrays that own each block."""
        found: dict[int, list[int]] = {}
        for number, entry in enumerate(self.entries, self.known):
            if isinstance(entry, list) and len(entry) == 8 and entry[0] == "a" and entry[5] is True:  # noqa: PLR2004
                found.setdefault(entry[6] if type(entry[6]) is int else -1, []).append(number)
        return found

    def _receive(self, place: Any, owners: Sequence[int]) -> Block:  # noqa: ANN401
        """Copy a block out of the memory file, into the array that owns it if there is one."""
        for number in owners:
            dtype, shape, strides, _, offset = self._facts(self.entries[number - self.known])
            low, high = extent(offset, shape, strides, dtype.itemsize)
            if not isinstance(place, list) or [low, high] != [0, place[-1]]:
                continue
            made = _empty(shape, dtype, strides)
            if made is not None:
                block = Block(flat_of(made, *bounds(made)))
                self.arena.read(place, block.flat)
                self.objects[number] = made
                return block
        return Block(self.arena.read(place))

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
        except (IndexError, KeyError, TypeError, ValueError, OverflowError, MemoryError) as error:
            raise UngradableError(f"data that is none ({type(error).__name__})") from error

    def _unpack_tagged(self, tag: str, *parts: Any, depth: int) -> Any:  # noqa: ANN401
        if tag in _READERS:
            return _READERS[tag](*parts)
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
            self.objects[number] = made = _CONTAINERS[tag]()
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
        made.update(zip(children[::2], children[1::2], strict=True) if tag == "dict" else children)

    def _array(self, entry: list[Any]) -> np.ndarray:
        dtype, shape, strides, writeable, offset = self._facts(entry)
        number, own = entry[6], entry[5] is True
        if type(number) is not int or not -2 <= number < len(self.blocks):  # noqa: PLR2004
            raise ValueError(number)
        low, high = extent(offset, shape, strides, dtype.itemsize)
        block = self.blocks[number] if number >= 0 else Block(np.empty(0, np.uint8))
        if number == -2 or (high > low and not 0 <= low <= high <= block.nbytes):  # noqa: PLR2004
            return unreadable(
                shape,
                dtype,
                strides,
                address=block.address + offset,
                why=OUTSIDE.format(strides=strides),
                base=block.flat if number >= 0 else None,
                writeable=writeable,
            )
        if high == low or number < 0:
            where = block if number >= 0 else None
            return _nothing(shape, dtype, strides, where, offset, writeable=writeable, own=own)
        made = np.ndarray(shape, dtype, block.flat, offset, strides)
        dtypes.refuse_wrong_elements(made)
        if own and number >= self.known_blocks:
            copy = made.copy(order="K")
            made = copy if copy.strides == strides else made
        if made.flags.writeable and not writeable:
            made.flags.writeable = False
        elif writeable and not made.flags.writeable:
            return unreadable(
                shape,
                dtype,
                strides,
                address=block.address + offset,
                why=READ_ONLY,
                base=block.flat,
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
    "type": lambda name: _TYPES[name],
}
_CONTAINERS: dict[str, Any] = {"list": list, "dict": dict, "set": set, "bytearray": bytearray}


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
    block: Block | None,
    offset: int,
    *,
    writeable: bool,
    own: bool,
) -> np.ndarray:
    """Return an array without elements, or with elements of no bytes."""
    found = _empty(shape, dtype, strides) if own or not dtype.itemsize else None
    if block is not None and 0 in shape and 0 <= offset <= block.nbytes:
        made = np.ndarray(shape, dtype, block.flat, offset, strides)
    elif found is not None:
        made = found
    else:
        made = np.ndarray(shape, dtype, np.empty(max(dtype.itemsize, 1), np.uint8), 0, strides)
    if made.flags.writeable and not writeable:
        made.flags.writeable = False
    return made
