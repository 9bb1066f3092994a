"""Notice when copies would hide that two processes do not share an object.

What crosses is copied. That makes a difference only if the student's code keeps an object of one
call and the test has it, too, and one of them changes it later: a list that a class stores without
copying it, a default argument that is changed. The student's side notices what its code keeps, and
which later call changes that. The test's side notices what the test still has and changes. Such a
test runs once more in one process. Only if the test passes a kept object to a call again, and the
call changes its copy of that, the kept object follows.
"""

from __future__ import annotations

import copy
import sys
import zlib
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from nbgrader_isolate.bridge import library_values, random_values
from nbgrader_isolate.bridge.changes import change_in_place, differ
from nbgrader_isolate.bridge.memory import root_of
from nbgrader_isolate.bridge.pack import DICTS, TABLED

MOST = 2_000
"""How many objects each side watches at a time; objects beyond that are not watched."""
TEST_CHANGED = "the test has changed an object that the student's code keeps"
CALL_CHANGED = "it changes an object that the test has from an earlier call"
_SEQUENCES = (list, deque, set)
_ATOMS = (bool, int, float, complex, str, bytes, type(None))


def is_watched(value: object) -> bool:
    """Return whether a value can be changed, and crosses as a copy; a random generator does not."""
    kind = type(value)
    if kind in TABLED:
        return kind is not tuple
    return library_values.is_mutable(value) and not random_values.tag_of(kind)


def held_elsewhere(objects: list[Any]) -> dict[int, Any]:
    """Return, by position, the objects that something other than the list refers to.

    The list is emptied. An array is also held if something refers to the array that it is a view
    of, which is returned then.
    """
    found = watched_in(objects)
    objects.clear()
    if not found:
        return {}
    found["alone"] = []
    alone: list[Any] = ["alone"]
    while alone:  # a list that only another one of them held is alone now
        usual = sys.getrefcount(found["alone"])
        alone = [key for key in found if key != "alone" and sys.getrefcount(found[key]) <= usual]
        for key in alone:
            del found[key]
    del found["alone"]
    return {key[-1] if type(key) is tuple else key: value for key, value in found.items()}


def watched_in(objects: Sequence[Any]) -> dict[Any, Any]:
    """Return the objects that can change, by position, and the arrays that others are views of."""
    found: dict[Any, Any] = {
        number: value for number, value in enumerate(objects) if is_watched(value)
    }
    known = {id(value) for value in found.values()}
    for number, value in [*found.items()]:
        if type(value) is np.ndarray and id(root := root_of(value)) not in known:
            known.add(id(root))
            found["root", number] = root
    return found


def contents(value: Any) -> Any:  # noqa: ANN401
    """Return what `has_changed` compares a value with later; its elements are not copied."""
    kind = type(value)
    if kind is np.ndarray:
        return digest(value)
    if kind is bytearray:
        return bytes(value)
    if kind in DICTS:
        return [each for pair in value.items() for each in pair]
    return [*value] if kind in _SEQUENCES else copy.deepcopy(value)


def digest(array: np.ndarray) -> tuple[Any, ...]:
    """Return the layout of an array and a checksum of its bytes."""
    layout = array.shape, array.dtype
    return (*layout, zlib.crc32(np.ascontiguousarray(array).tobytes()))


def has_changed(value: Any, before: Any) -> bool:  # noqa: ANN401
    """Return whether a value has other contents than it had."""
    if library_values.is_mutable(value):
        return differ(value, before)
    now = contents(value)
    if type(value) not in (*DICTS, *_SEQUENCES):
        return bool(now != before)
    return len(now) != len(before) or not all(map(is_same, now, before))


def is_same(one: object, other: object) -> bool:
    """Return whether two elements are the same object, or equal numbers or text."""
    if one is other:
        return True
    kind = type(one)
    return kind is type(other) and (kind in _ATOMS or isinstance(one, np.generic)) and one == other


class Watched:
    """Objects that both sides have, on one of the two sides, with what was in them.

    A key is the request in which an object crossed, and its position in the table of that message.
    """

    def __init__(self) -> None:
        self.objects: dict[str, tuple[Any, Any]] = {}
        self.names: dict[str, Any] = {}

    def add(self, request: str, objects: Mapping[int, Any]) -> None:
        """Watch the objects of a message, by their positions in its table."""
        for number, value in objects.items():
            if len(self.objects) < MOST:
                self.objects[f"{request}:{number}"] = value, contents(value)

    def drop(self, keys: Iterable[str]) -> None:
        """Stop watching objects that the other side does not have any more."""
        for key in keys:
            self.objects.pop(key, None)

    def changed(self) -> list[str]:
        """Return the keys of the objects that have changed since this was last asked."""
        found = []
        for key, (value, before) in self.objects.items():
            if has_changed(value, before):
                found.append(key)
                self.objects[key] = value, contents(value)
        return found

    def drop_unused(self) -> list[str]:
        """Stop watching what nothing else refers to; return the keys."""
        keys = [*self.objects]
        before = [(id(value), old) for value, old in self.objects.values()]
        values = [value for value, _ in self.objects.values()]
        self.objects.clear()
        for number, held in held_elsewhere(values).items():
            known, old = before[number]
            self.objects[keys[number]] = held, old if id(held) == known else contents(held)
        return [key for key in keys if key not in self.objects]


class KeptByStudent(Watched):
    """What the student's process has of the objects that have crossed.

    Attributes
    ----------
    crossed : list
        The objects in the table of the answer that is being made.
    """

    def __init__(self) -> None:
        super().__init__()
        self.crossed: list[Any] = []

    def begin(self) -> None:
        """Begin a cell, which fetches variables again."""
        self.names = {}

    def fetched(self, names: Mapping[str, Any]) -> None:
        """Watch which objects some names are bound to."""
        self.names |= names

    def rebound(self, names: Mapping[str, Any]) -> list[str]:
        """Return which of the variables that the test has fetched are bound to something else."""
        found = [name for name, value in self.names.items() if not is_same(names.get(name), value)]
        for name in found:
            del self.names[name]
        return found

    def follow(
        self, passed: Mapping[str, Sequence[str]], objects: Sequence[Any], before: Mapping[str, Any]
    ) -> None:
        """Give kept objects the contents that a call has given to its copies of them.

        Parameters
        ----------
        passed : mapping of str to sequence of str
            The keys of the kept objects, by the numbers of their copies.
        objects : sequence
            The copies.
        before : mapping of str to object
            What was in them before the call.
        """
        for number, keys in passed.items():
            value = objects[int(number)]
            for key in keys if has_changed(value, before[number]) else ():
                kept, old = self.objects.get(key, (value, None))
                if (
                    kept is not value
                    and not has_changed(kept, old)
                    and change_in_place(kept, value)
                ):
                    self.objects[key] = kept, contents(kept)

    def after(self, request: dict[str, Any], names: Mapping[str, Any]) -> dict[str, Any]:
        """Return what an answer says about kept objects, when the call's own frames are gone.

        Parameters
        ----------
        request : dict
        names : mapping
            The student's namespace.
        """
        objects, self.crossed = self.crossed, []
        if not (objects or self.objects or self.names):
            return {}
        self.drop(request.get("gone", ()))
        late, rebound = self.changed(), self.rebound(names)
        kept = held_elsewhere(objects)
        self.add(request["id"], kept)
        said = {"kept": [*kept], "late": late, "rebound": rebound}
        return {key: value for key, value in said.items() if value}


class KeptByTest(Watched):
    """What the test has of the objects that the student's code keeps; nothing said is trusted."""

    def before(self) -> tuple[list[str], bool]:
        """Return what the test does not have any more, and whether it has changed anything."""
        if not self.objects:
            return [], False
        changed = bool(self.changed())
        return self.drop_unused(), changed

    def passed(self, objects: Sequence[Any]) -> dict[str, list[str]]:
        """Return the keys of those objects of a request that are watched, by their numbers."""
        if not (self.objects and objects):
            return {}
        keys: dict[int, list[str]] = {}
        for key, (value, _) in self.objects.items():
            keys.setdefault(id(value), []).append(key)
        return {
            str(number): keys[id(value)]
            for number, value in enumerate(objects)
            if id(value) in keys
        }

    def refresh(self, keys: Iterable[str]) -> None:
        """Take what is in some objects for what the other side has, too."""
        for key in keys:
            value, _ = self.objects[key]
            self.objects[key] = value, contents(value)

    def after(self, request: str, answer: dict[str, Any], objects: Sequence[Any]) -> bool:
        """Take note of an answer; return whether the call changed what the test has.

        Parameters
        ----------
        request : str
        answer : dict
        objects : sequence
            The test's objects in the table of the answer.
        """
        if answer.keys().isdisjoint(("late", "rebound", "kept")):
            return False
        late, rebound = answer.get("late"), answer.get("rebound")
        if late and isinstance(late, list):
            self.drop_unused()
        found = isinstance(late, list) and any(
            type(key) is str and key in self.objects for key in late
        )
        kept = answer.get("kept")
        numbers = [number for number in kept if type(number) is int] if type(kept) is list else []
        own = {
            number: objects[number]
            for number in numbers
            if 0 <= number < len(objects) and is_watched(objects[number])
        }
        self.add(request, own)
        return found or bool(rebound)
