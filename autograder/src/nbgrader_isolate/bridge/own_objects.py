"""The objects that the instructor's own code has, and which of them a cell has changed.

A function of the instructor's may keep what it is given, or what follows from that: in a list, an
attribute, a default, a closure, a class, a module beside the notebook. Whoever reads such an object
later reads what the student's code made. No code of such an object runs here, except that pandas
says what its objects hold.
"""

from __future__ import annotations

import array
import contextvars
import functools
import gc
import io
import pickle
import sys
import threading
import types
import weakref
import zlib
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from nbgrader_isolate.bridge.own_code import facts_of

MOST_OBJECTS = 200_000
"""Objects that are looked at. If there are more, all that were seen count as changed."""
MOST_BYTES = 64 << 20
"""Bytes of one array or frame; a larger one counts as changed."""
_ATOMS = {int, float, complex, bool, str, bytes, type(None), type(...), range, types.CodeType}
_ATOMS |= {types.FrameType, types.TracebackType, type(NotImplemented)}
_OPAQUE = (threading.local, contextvars.ContextVar, io.IOBase)
"""Types whose objects keep values where `gc` does not see them."""
_OWN = "nbgrader_isolate"
_FOLDERS = tuple({sys.prefix, sys.base_prefix, sys.exec_prefix})


class Look(NamedTuple):
    """What an object consists of.

    Parameters
    ----------
    parts : list
        What it refers to; they are compared by identity.
    content : object
        What else it holds.
    children : list
        What to look at next.
    """

    parts: list[Any]
    content: object
    children: list[Any]


@dataclass
class Reach:
    """What can be reached from some names.

    Attributes
    ----------
    looks : dict of int to (object, Look)
        By `id`; the objects stay alive as long as this does.
    names : set of str
        Names that the functions among them may read, and the names themselves.
    complete : bool
        False if there was too much.
    """

    looks: dict[int, tuple[Any, Look]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    complete: bool = True


class OwnObjects:
    """Looks at the objects of a namespace.

    Parameters
    ----------
    namespace : dict
        The names of the instructor's. It is only read as a plain dict.
    """

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        self.namespace = namespace

    def reach(self, names: Iterable[str]) -> Reach:
        """Return what can be reached from some names, also of modules beside the notebook."""
        found = Reach(names=set(names))
        bound: dict[str, Any] = dict(dict.items(self.namespace))  # type: ignore[arg-type]
        bound = {**own_modules(), **bound}
        todo = [bound[name] for name in found.names & bound.keys()]
        while todo:
            value = todo.pop()
            if type(value) in _ATOMS or id(value) in found.looks:
                continue
            if len(found.looks) >= MOST_OBJECTS:
                found.complete = False
                break
            look = self.look(value)
            found.looks[id(value)] = value, look
            todo += look.children
            if type(value) is types.FunctionType and look.parts:
                names = facts_of(value.__code__).names
                inside = value.__globals__
                if inside is self.namespace:
                    new = names & bound.keys() - found.names
                    found.names |= new
                    todo += [bound[name] for name in new]
                elif module_of(value) is not None and is_own_name(inside.get("__name__")):
                    todo += [inside[name] for name in names & inside.keys()]
        return found

    def look(self, value: Any) -> Look:  # noqa: ANN401, PLR0911 (one for each kind of object)
        """Return what an object consists of."""
        kind = type(value)
        if is_ours(kind):
            return Look([], None, [])  # a proxy of the student's, or something of ours
        if issubclass(kind, types.FunctionType):
            return self._look_at_function(value)
        if issubclass(kind, types.ModuleType):
            inside = vars(value)
            return whole([*inside.values()]) if is_own_module(value) else shallow(inside)
        if issubclass(kind, type):
            inside = type.__getattribute__(value, "__dict__")
            own = is_own_name(inside.get("__module__"))
            bases = type.__getattribute__(value, "__bases__")
            return whole([*inside.values(), *bases]) if own else shallow(inside)
        if issubclass(kind, np.ndarray):
            return look_at_array(value)
        if issubclass(kind, _OPAQUE):
            return Look([object()], None, gc.get_referents(value))
        if issubclass(kind, weakref.ReferenceType):
            return whole([weakref.ReferenceType.__call__(value)])
        if str(kind.__module__).startswith("pandas."):
            return look_at_pandas(value)
        content = bytes(value) if issubclass(kind, bytearray | array.array) else None
        return Look(parts := gc.get_referents(value), content, parts)

    def _look_at_function(self, value: types.FunctionType) -> Look:
        inside = value.__globals__
        name = dict.get(inside, "__name__")
        if inside is not self.namespace and str(name).startswith(_OWN):
            return Look([], None, [])
        parts: list[Any] = [*(value.__closure__ or ()), *(value.__defaults__ or ())]
        parts += [value.__kwdefaults__, value.__dict__]
        if inside is self.namespace or module_of(value) is not None:
            return whole(parts)  # what its names stand for is looked at, too
        return whole([*parts, inside])


def is_ours(kind: type) -> bool:
    """Return whether a class is one of ours, such as that of a proxy of a student's object."""
    modules = (type.__getattribute__(each, "__module__") for each in (kind, type(kind)))
    return any(str(module).startswith(_OWN) for module in modules)


def whole(parts: list[Any]) -> Look:
    """Return what an object consists of whose parts are all looked at."""
    return Look(parts, None, parts)


def shallow(inside: Mapping[str, Any]) -> Look:
    """Return what a module or class of a library holds: data, of which nothing else is seen."""
    code = types.ModuleType, types.FunctionType, types.BuiltinFunctionType, type
    names = [name for name, value in [*inside.items()] if not issubclass(type(value), code)]
    names = [name for name in names if not name.startswith("__")]
    return Look([inside.get(name) for name in names], tuple(names), [])


def look_at_array(value: np.ndarray) -> Look:
    """Return what an array consists of: its elements, and what they belong to."""
    plain = np.ndarray.view(value, np.ndarray)
    facts: tuple[Any, ...] = plain.shape, plain.strides, plain.dtype.str
    around = [part for part in (value.base, getattr(value, "__dict__", None)) if part is not None]
    if plain.nbytes > MOST_BYTES:
        return Look([object()], facts, around)
    if plain.dtype.hasobject:
        elements = [part for item in plain.ravel().tolist() for part in items_of(item)]
        return Look(elements, facts, [*elements, *around])
    return Look([], (*facts, plain.tobytes() if plain.nbytes < 1 << 16 else crc(plain)), around)


def crc(flat: np.ndarray) -> int:
    """Return a checksum of the elements of an array."""
    return zlib.crc32(np.ascontiguousarray(flat).view(np.uint8).data)


def items_of(item: Any) -> tuple[Any, ...]:  # noqa: ANN401
    """Return the fields of an element of an array, or the element itself."""
    return (item, *item) if type(item) is tuple else (item,)


class _ByIdentity(pickle.Pickler):
    """Says what an object of a library holds, without a look into code and the student's proxies.

    Attributes
    ----------
    others : list
        What it has left out.
    """

    def __init__(self, out: _Sum) -> None:
        super().__init__(out, protocol=5)
        self.others: list[Any] = []

    def persistent_id(self, value: Any) -> int | None:  # noqa: ANN401
        """Return the identity of what is not looked into."""
        kind = type(value)
        if not (is_ours(kind) or issubclass(kind, types.FunctionType)):
            return None
        self.others.append(value)
        return id(value)


class _Sum:
    """A file that keeps a checksum and the number of bytes only."""

    def __init__(self) -> None:
        self.sum, self.count = 0, 0

    def write(self, data: Any) -> int:  # noqa: ANN401
        """Add some bytes."""
        size = memoryview(data).nbytes
        self.sum, self.count = zlib.crc32(data, self.sum), self.count + size
        if self.count > MOST_BYTES:
            raise OverflowError("too large")
        return size


def look_at_pandas(value: Any) -> Look:  # noqa: ANN401
    """Return what an object of pandas holds; what it notes for its own use is left out."""
    total = _Sum()
    pickler = _ByIdentity(total)
    try:
        pickler.dump(value)
    except OverflowError:
        return Look([object()], None, [])
    except Exception:  # noqa: BLE001 (whatever it cannot say)
        return whole(gc.get_referents(value))
    return Look(pickler.others, (total.sum, total.count), [*pickler.others])


def own_modules() -> dict[str, types.ModuleType]:
    """Return the modules beside the notebook that have been imported, by name."""
    return {name: module for name, module in [*sys.modules.items()] if is_own_module(module)}


def is_own_module(module: object) -> bool:
    """Return whether a module is the instructor's: no library's, and none of ours."""
    if not issubclass(type(module), types.ModuleType):
        return False
    inside = vars(module)
    name = str(inside.get("__name__"))
    if name == "__main__" or name.partition(".")[0] == _OWN:
        return False
    if inside.get("__spec__") is None and sys.modules.get(name) is not module:
        return True  # made by hand
    return is_own_file(str(inside.get("__file__")))


@functools.lru_cache(4096)
def is_own_file(path: str) -> bool:
    """Return whether a file of Python belongs to no library."""
    return path.endswith(".py") and not (path.startswith(_FOLDERS) or "-packages" in path)


def is_own_name(module: object) -> bool:
    """Return whether classes and functions that name a module are the instructor's."""
    found = sys.modules.get(str(module))
    return module == "__main__" or found is None or is_own_module(found)


def module_of(function: types.FunctionType) -> types.ModuleType | None:
    """Return the imported module that a function belongs to, or None."""
    module = sys.modules.get(str(dict.get(function.__globals__, "__name__")))
    found = issubclass(type(module), types.ModuleType) and vars(module) is function.__globals__
    return module if found else None


def is_own_container(value: Any) -> bool:  # noqa: ANN401
    """Return whether a value is one that code of the instructor's may change: no library's own."""
    kind = type(value)
    if issubclass(kind, types.FunctionType):
        return is_own_name(dict.get(value.__globals__, "__name__"))
    if issubclass(kind, types.ModuleType):
        return is_own_module(value)
    if issubclass(kind, type):
        return is_own_name(type.__getattribute__(value, "__dict__").get("__module__"))
    if issubclass(kind, (list, dict, set, bytearray, deque, np.ndarray)):
        return True
    module = str(type.__getattribute__(kind, "__module__"))
    return module.startswith("pandas.") or is_own_name(module)
