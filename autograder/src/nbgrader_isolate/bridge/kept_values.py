"""Which of the instructor's objects and names hold what a cell got from the student's code.

The kinds of what a cell has got (see `value_kinds`) go on to every cell that reads one of them,
however the cell gets there: by a name, through a function, out of a closure.
"""

from __future__ import annotations

import builtins
import functools
import gc
import operator
import types
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from nbgrader_isolate.bridge.own_code import facts_of
from nbgrader_isolate.bridge.own_objects import (
    Look,
    OwnObjects,
    Reach,
    is_ours,
    is_own_container,
    is_own_name,
    module_of,
    own_modules,
)

Sources = dict[str, set[str]]
"""Kinds by the source that they came from."""


class KeptValues:
    """Follows what the instructor's code keeps, from cell to cell.

    Parameters
    ----------
    namespace : dict
        The names of the instructor's. It is only read as a plain dict.

    Attributes
    ----------
    objects : dict of int to (object, dict)
        What holds something of the student's, by `id`, and the kinds of that.
    everywhere : dict of str to set of str
        The kinds of what may be anywhere, because there were too many objects to look at.
    """

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        self.namespace, self.own = namespace, OwnObjects(namespace)
        self.objects: dict[int, tuple[Any, Sources]] = {}
        self.everywhere: Sources = {}
        self._names: set[str] = set()
        self._words: frozenset[str] = frozenset()
        self._before: Reach | None = None
        self._bound: dict[str, Any] = {}

    def __bool__(self) -> bool:
        return bool(self.objects or self.everywhere)

    def begin(self, names: Collection[str], words: Collection[str] = ()) -> None:
        """Begin a cell that reads or binds some names.

        Parameters
        ----------
        names, words : collection of str
            These names, and the words in the cell's text, which may name modules.
        """
        self._names, self._before, self._bound = {*names}, None, {}
        self._words = frozenset(words)

    def start(self) -> None:
        """Note how things are before the cell gets the first value of a kind."""
        if self._before is None:
            self._bound = self.bound()
            self._before = self._reach(self._names)

    def bound(self) -> dict[str, Any]:
        """Return what the names stand for, also those that are Python's own."""
        own: dict[str, Any] = dict(dict.items(self.namespace))  # type: ignore[arg-type]
        return {**vars(builtins), **own}

    def _reach(self, names: Iterable[str]) -> Reach:
        return self.own.reach({*names, *own_modules().keys() & self._words})

    def readable(self, names: Iterable[str]) -> tuple[set[str], list[Sources]]:
        """Return the names that a cell reads, itself or by functions, and what else it has got.

        Parameters
        ----------
        names : iterable of str
            The names in its text.
        """
        reach = self._reach(names)
        if not reach.complete:
            return {*reach.names, *self.bound()}, [kinds for _, kinds in self.objects.values()]
        held = [self.objects[key][1] for key in reach.looks.keys() & self.objects.keys()]
        return reach.names, [*held, self.everywhere]

    def end(self, current: Sources) -> set[str]:
        """End the cell; return the names whose values may hold what it has got.

        Parameters
        ----------
        current : dict of str to set of str
            The kinds of what the cell has got.
        """
        if self._before is None:
            return set()
        after = self._reach(self._names)
        names, written = set(), []
        for one in written_by(after, self.namespace):
            if isinstance(one, str):
                names.add(one)
            else:
                written.append(one)
        changed = [
            value for value, look in self._before.looks.values() if differs(look, self.own, value)
        ]
        for value in (*changed, *written):
            _, kinds = self.objects.setdefault(id(value), (value, {}))
            merge(kinds, current)
        if not (self._before.complete and after.complete):
            merge(self.everywhere, current)
        now = self.bound()
        names |= {name for name in now if self._bound.get(name, self) is not now[name]}
        self._before, self._bound = None, {}
        return names


def merge(kinds: Sources, more: Sources) -> None:
    """Add kinds to those of each source."""
    for source, came in more.items():
        kinds.setdefault(source, set()).update(came)


def differs(before: Look, own: OwnObjects, value: Any) -> bool:  # noqa: ANN401
    """Return whether an object consists of something else than before."""
    now = own.look(value)
    return not (
        before.content == now.content
        and len(before.parts) == len(now.parts)
        and all(map(operator.is_, before.parts, now.parts))
    )


def written_by(reach: Reach, namespace: Mapping[str, Any]) -> Iterator[Any]:
    """Yield what functions may have changed without a trace: objects, and names as text.

    A flag that stays True was set to True by what the student's code returned, too.
    """
    bound: dict[str, Any] = dict(dict.items(namespace))  # type: ignore[arg-type]
    for value, look in reach.looks.values():
        kind: Any = type(value)
        if kind is types.FunctionType and look.parts:
            yield from written_by_function(value, namespace, bound)
        elif not is_ours(kind) and has_writers(kind):
            yield value


def written_by_function(
    value: types.FunctionType, namespace: Mapping[str, Any], bound: Mapping[str, Any]
) -> Iterator[Any]:
    """Yield what a function may have changed without a trace, directly."""
    facts = facts_of(value.__code__)
    closure = value.__closure__ or ()
    cells = dict(zip(value.__code__.co_freevars, closure, strict=True))
    yield from (cells[name] for name in facts.cells & cells.keys())
    if not facts.writes:
        return
    if value.__globals__ is namespace:
        yield from facts.globals
        yield from (
            bound[name] for name in facts.names & bound.keys() if is_own_container(bound[name])
        )
    elif is_own_name(dict.get(value.__globals__, "__name__")):
        yield module_of(value) or value.__globals__
    else:
        return
    yield from filter(
        is_own_container, (part for cell in closure for part in gc.get_referents(cell))
    )
    yield from filter(is_own_container, value.__defaults__ or ())


@functools.lru_cache(4096)
def has_writers(kind: type) -> bool:
    """Return whether methods of a class of the instructor's may change objects."""
    for base in type.__getattribute__(kind, "__mro__"):
        inside = type.__getattribute__(base, "__dict__")
        if base is not object and is_own_name(inside.get("__module__")):
            codes = (code for value in inside.values() for code in codes_of(value))
            if any(facts_of(code).writes for code in codes):
                return True
    return False


def codes_of(value: Any) -> Iterator[types.CodeType]:  # noqa: ANN401
    """Yield the code of what a class has under a name: a method, a property."""
    for part in (value, *(gc.get_referents(value) if gc.is_tracked(value) else ())):
        if type(part) is types.FunctionType:
            yield part.__code__
