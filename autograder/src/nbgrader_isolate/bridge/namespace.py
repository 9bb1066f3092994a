"""The namespace of a test: its own names, and proxies for the student's.

A `Namespace` is a dict that looks up missing names in the student's process. If the globals are an
instance of a subclass of dict, CPython calls its `__missing__` for names at module level and for
globals that functions read. Only the body of a class does not, but it calls the `__missing__` of
the builtins.
"""

from __future__ import annotations

import builtins
import copy
import importlib
import types
from collections.abc import Callable, Collection, Iterable, KeysView, Mapping
from typing import Any

from nbgrader_isolate.bridge import library_values
from nbgrader_isolate.bridge.callbacks import PROXY, mark, marked
from nbgrader_isolate.bridge.changes import differ
from nbgrader_isolate.bridge.failures import TEXT, Failure, RefusedError, UngradableError
from nbgrader_isolate.bridge.judging_names import imported, is_usual_module
from nbgrader_isolate.bridge.object_operations import crosses_by_value
from nbgrader_isolate.bridge.pack import TABLED, Packer
from nbgrader_isolate.bridge.remote import Remote
from nbgrader_isolate.bridge.sources import bound_names, located, signature_in
from nbgrader_isolate.bridge.unpack import Unpacker
from nbgrader_isolate.bridge.value_kinds import MODULE, kinds_in

MODULES = {
    "bisect",
    "cmath",
    "collections",
    "copy",
    "decimal",
    "fractions",
    "functools",
    "heapq",
    "itertools",
    "math",
    "matplotlib",
    "numpy",
    "operator",
    "pandas",
    "random",
    "re",
    "scipy",
    "statistics",
    "string",
    "struct",
    "time",
}
"""Top-level modules that a student's name may refer to; it becomes this process's own module."""
NOT_IMPORTED = {"conftest", "tests"}
"""Parts of module names that are never imported, because importing such a module has effects."""
NOT_IMPORTED_HERE = "the test judges answers with what a cell of the student's has made: that"
_NEVER_PROXIED = {"get_ipython", "exit", "quit", "In", "Out", "_", "display"}
DOC = 20_000
LONGEST_NAME = 1000


class Builtins(dict[str, Any]):
    """Python's builtins, for a namespace; the body of a class looks up missing globals here."""

    def __init__(self, names: Namespace) -> None:
        super().__init__(vars(builtins))
        self.names = names

    def __missing__(self, name: str) -> Any:  # noqa: ANN401
        if hasattr(builtins, name):  # added later: IPython adds `display`
            return getattr(builtins, name)
        return self.names[name]


class Namespace(dict[str, Any]):
    """The names of a test.

    Attributes
    ----------
    remote : Remote or None
        The student's process, as long as a cell may call it.
    used_names : set of str
        The student's names that the current cell uses. They are fetched together, so that objects
        that they share are shared here too.
    own_names : set of str
        Names that the instructor's cells bind. They are never the student's, even if the cell that
        binds them failed before it did so.
    asked : set of str
        Names that this side has imported for the student, if the student's process has them, too.
    disputed : set of str
        Names of the instructor's that cells of the student's have bound, of which nobody knows
        whether they were meant to.
    judging : set of str
        The student's names that the current cell judges with, of which nobody knows either.
    shared_classes : set of type
        The classes that ungraded cells have defined.
    named_like_builtins : set of str
        Names of Python's own functions that students define functions with, as the stub or the
        solution does.
    """

    def __init__(self) -> None:
        super().__init__(__name__="__main__", __doc__=None)
        dict.__setitem__(self, "__builtins__", Builtins(self))
        self.remote: Remote | None = None
        self.sources: list[str] = []
        self.used_names: set[str] = set()
        self.own_names: set[str] = set()
        self.asked: set[str] = set()
        self.disputed: set[str] = set()
        self.judging: set[str] = set()
        self._withheld: dict[str, Any] = {}
        self.shared_classes: set[type] = set()
        self.named_like_builtins: frozenset[str] = frozenset()
        self.may_change: frozenset[str] = frozenset()
        self._fetched: dict[str, Any] = {}
        self._refused: dict[str, tuple[type[Failure], str]] = {}
        self._before: dict[str, Any] = {}

    def begin(
        self, remote: Remote, used_names: Iterable[str], may_change: Iterable[str] = ()
    ) -> None:
        """Begin a cell: discard what was fetched before.

        Parameters
        ----------
        remote : Remote
        used_names, may_change : iterable of str
            The names that the cell reads, and those whose objects it may change.
        """
        self.remote, self.used_names = remote, set(used_names)
        self.may_change = frozenset(may_change)
        self._fetched, self._refused, self._before = {}, {}, {}

    def end(self) -> None:
        """End a cell: missing names raise an error from now on."""
        self.remote = None
        self._fetched, self._refused, self._before = {}, {}, {}

    def pass_on(self, source: str, names: Iterable[str]) -> None:
        """Give the student's process what later cells there need of the cell that has run.

        Parameters
        ----------
        source : str
            Imports and definitions of the cell, which run there.
        names : iterable of str
            Names that the cell has bound to data. A value that cannot be sent is left out.

        Raises
        ------
        Failure
            If the student's process does not answer.
        """
        assert self.remote is not None  # noqa: S101 (the cell has not ended yet)
        packer = Packer(answer=False, describe_function=self.remote.objects.describe)
        bound = {name: dict.get(self, name) for name in names if dict.__contains__(self, name)}
        changed = {
            name: self._fetched[name]
            for name, before in self._before.items()
            if name in self._fetched and differ(before, self._fetched[name])
        }
        request: dict[str, Any] = {"run": source, "bind": dict(packer.pack_all(bound))}
        count = len(packer.objects)
        request["change"] = dict(packer.pack_all(changed))
        same = self.remote.kept.passed([*changed.values(), *packer.objects[count:]])
        self.remote.kept.refresh(key for keys in same.values() for key in keys)
        if any(request.values()):
            request |= packer.finish(self.remote.memory)
            self.remote.ask(request, "passing names on")

    def compare_shared(self, names: Iterable[str]) -> None:
        """Compare objects of this side with those that the student's cells have had.

        A test that reads its own object would not notice how the student's cells have changed
        theirs. Nothing that the student's process says about them is used in the test.

        Parameters
        ----------
        names : iterable of str
            Names that the instructor's cells bind.

        Raises
        ------
        RefusedError
            If one of them differs.
        """
        names = [name for name in names if dict.__contains__(self, name)]
        if self.remote is None or not names:
            return
        action = f"comparing {', '.join(names)}"
        answer = self.remote.ask({"get": names}, action)
        self.remote.raise_refusal(answer, action)
        changed = self.remote.decode(action, lambda: self._changed(names, answer))
        if changed:
            text = f"the variable {changed}: a value that differs from that of your own cell"
            raise self.remote.record_failure(RefusedError(text))

    def compare_imports(self, names: Iterable[str]) -> None:
        """Take away from the cell what the student has not imported.

        What the student has under such a name is never used: other tests check with it.

        Parameters
        ----------
        names : iterable of str
            The names that the cell reads.

        Raises
        ------
        RefusedError
            If the student has something else under such a name.
        """
        for name, value in self._withheld.items():
            dict.__setitem__(self, name, value)
        self._withheld.clear()
        names = [name for name in names if name in self.asked and dict.__contains__(self, name)]
        if self.remote is None or not names:
            return
        action = f"reading {', '.join(names)}"
        answer = self.remote.ask({"get": names}, action)
        self.remote.raise_refusal(answer, action)
        entries = answer.get("found")
        found = {} if not isinstance(entries, dict) else entries
        for name in names:
            if not isinstance(found.get(name), dict):
                self._withheld[name] = dict.pop(self, name)
        names = [name for name in names if name not in self._withheld]
        values = [name for name in names if "value" in found[name]]
        other = self.remote.decode(action, lambda: self._changed(values, answer))
        for name in names:
            same = name in values or is_same_import(dict.get(self, name), found[name])
            if name == other or not same:
                text = f"the variable {name}: something else than what your own cell imports"
                raise self.remote.record_failure(RefusedError(text))

    def refuse_disputed(self, names: Collection[str]) -> None:
        """Refuse a cell that reads what both the instructor and the student have bound.

        Parameters
        ----------
        names : collection of str
            The names that the cell reads, itself or by functions.

        Raises
        ------
        RefusedError
            If one of them is disputed.
        """
        for name in sorted(self.disputed.intersection(names)) if self.remote is not None else ():
            text = f"the variable {name}: both your own cell and the student's bind it"
            assert self.remote is not None  # noqa: S101 (just asked)
            raise self.remote.record_failure(RefusedError(text))

    def _changed(self, names: list[str], answer: dict[str, Any]) -> str:
        """Return the first name whose value in the student's process differs, or ""."""
        assert self.remote is not None  # noqa: S101 (checked before)
        unpacker = Unpacker(answer, self.remote.memory, find_class=self.own_class)
        entries = answer["found"]
        for name in names:
            entry = entries.get(name, {})
            same = "value" in entry and not differ(
                dict.get(self, name), unpacker.unpack(entry["value"])
            )
            if not same:
                return name
        return ""

    def __missing__(self, name: str) -> Any:  # noqa: ANN401
        if self.remote is None or not self.may_ask(name):
            raise KeyError(name)
        if name not in self._fetched and name not in self._refused:
            self._fetch(name)
        if name in self._refused:
            kind, reason = self._refused[name]
            text = f"the variable {name}: {reason} cannot be graded."
            raise self.remote.record_failure(kind(text))
        return self._fetched[name]

    def own_value(self, name: str) -> Any:  # noqa: ANN401
        """Return what the instructor's cells have bound to a name, or None."""
        return dict.get(self, name)

    def own_class(self, name: str) -> type | None:
        """Return the class that the instructor's cells have bound to a name, or None."""
        value = dict.get(self, name) if isinstance(name, str) else None
        return value if isinstance(value, type) else None

    def classes_by_value(self) -> list[str]:
        """Return the instructor's classes whose instances cross by value."""
        return [
            name
            for name, value in dict.items(self)
            if isinstance(value, type) and crosses_by_value(value)
        ]

    def note_classes(self) -> None:
        """Note the classes that exist after an ungraded cell: both processes have them."""
        values = (value for value in dict.values(self) if isinstance(value, type))
        self.shared_classes.update(kind for kind in values if kind.__module__ == "__main__")

    def may_ask(self, name: str) -> bool:
        """Tell whether a name may be looked up in the student's process."""
        return name not in self.own_names | self._withheld.keys() and (
            name in self.named_like_builtins or may_be_proxied(name)
        )

    def _fetch(self, name: str) -> None:
        """Fetch a name and the others that the cell uses; KeyError if the name does not exist."""
        assert self.remote is not None  # noqa: S101 (checked before)
        known = self._fetched.keys() | self._refused.keys() | dict.keys(self) | {name}
        names = [name, *sorted(filter(self.may_ask, self.used_names - known))]
        action = f"reading the variable {name}"
        watch = {"watch": True, **self.remote.watch_request(action)}
        answer = self.remote.ask({"get": names, **watch}, action)
        if "large" in answer and len(names) > 1:
            names = [name]
            answer = self.remote.ask({"get": names, **watch}, action)
        self.remote.raise_refusal(answer, action)
        unpacker = self.remote.decode(action, lambda: self._take_all(names, answer))
        self.remote.watch_answer(action, answer, unpacker)
        if name not in self._fetched and name not in self._refused:
            raise KeyError(name)

    def _take_all(self, names: list[str], answer: dict[str, Any]) -> Unpacker:
        """Unpack the entries of an answer, which share one table of objects; return that."""
        assert self.remote is not None  # noqa: S101 (checked before)
        entries = answer.get("found")
        unpacker = self.remote.unpacker(answer)
        for name in names:
            entry = entries.get(name) if isinstance(entries, dict) else None
            if isinstance(entry, dict):
                self._take(name, entry, unpacker)
        return unpacker

    def _take(self, name: str, entry: Mapping[str, Any], unpacker: Unpacker) -> None:
        assert self.remote is not None  # noqa: S101 (checked before)
        source = f"the variable {name}"
        if name in self.judging and self._replace_judge(name, entry):
            return
        if "module" in entry:
            module = module_named(entry["module"])
            if module is None:
                self._refused[name] = RefusedError, f"the module {str(entry['module'])[:80]}"
            else:
                self._fetched[name] = module
                self.remote.kinds.note(source, {MODULE})
        elif "callable" in entry:
            doc = entry.get("doc")
            self._fetched[name] = function = self.make_proxy(
                name, doc[:DOC] if isinstance(doc, str) else None
            )
            function.__name__ = function.__qualname__ = str(entry["callable"])[:TEXT]
            if entry.get("defined") is not True:  # a decorator has put another in its place
                vars(function).pop("__signature__", None)
        elif "value" in entry:
            self._take_value(name, entry["value"], unpacker)
        else:
            self._refused[name] = RefusedError, str(entry.get("ungradable"))[:300]

    def _take_value(self, name: str, tree: object, unpacker: Unpacker) -> None:
        """Take what is neither a module nor a function."""
        assert self.remote is not None  # noqa: S101 (checked before)
        self.remote.objects.origin = name
        try:
            self._fetched[name] = value = unpacker.unpack(tree)
        except UngradableError as failure:
            self._refused[name] = type(failure), str(failure)
            return
        kinds = kinds_in([tree], unpacker.entries, self.own_class)
        if kinds and name in self.judging:
            self._refused[name] = RefusedError, NOT_IMPORTED_HERE
        self.remote.kinds.note(f"the variable {name}", kinds)
        self.remote.objects.called(name, value)
        mutable = type(value) in TABLED or library_values.is_mutable(value)
        if mutable and name in self.may_change:
            self._before[name] = copy.deepcopy(value)

    def _replace_judge(self, name: str, entry: Mapping[str, Any]) -> bool:
        """Take what a test judges with from a library, or refuse it; False if it may stay."""
        if "module" in entry:
            refused = not is_usual_module(name, entry["module"])
        elif "callable" in entry:
            own = imported(name, self.sources)
            refused = own is None
            if own is not None:
                self._fetched[name] = own
                return True
        else:
            refused = False
        if refused:
            self._refused[name] = RefusedError, NOT_IMPORTED_HERE
        return refused

    def make_proxy(self, name: str, doc: str | None) -> Callable[..., Any]:
        """Return a function that calls the student's function of this name."""

        def proxy(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
            if self.remote is None:
                raise NameError(f"name {name!r} is not defined here")
            return self.remote.call(name, args, kwargs)

        source = self.solution_source(name, missing="")
        function = types.FunctionType(
            located(proxy.__code__, name, source),
            proxy.__globals__,
            name,
            None,
            proxy.__closure__,
        )
        function.__qualname__, function.__doc__, function.__module__ = name, doc, "__main__"
        mark(function, PROXY, name)
        signature = signature_in(source, name)
        if signature is not None:
            function.__signature__ = signature  # type: ignore[attr-defined]
        return function

    def solution_source(self, name: str, missing: str | None = None) -> str:
        """Return the text of the student's last cell before this one that defines a name.

        Parameters
        ----------
        name : str
            The name of a function, class or variable.
        missing : str, optional
            Returned if no cell defines the name.

        Raises
        ------
        NameError
            If no cell defines the name, and `missing` is not given.
        """
        for source in reversed(self.sources):
            if name in bound_names(source):
                return source
        if missing is None:
            raise NameError(f"no cell of the submission defines {name!r}")
        return missing

    def __contains__(self, name: object) -> bool:
        if super().__contains__(name):
            return True
        if self.remote is None or not isinstance(name, str) or not self.may_ask(name):
            return False
        try:
            self[name]
        except KeyError:
            return False
        return True

    def keys(self) -> KeysView[str]:  # type: ignore[override]
        """Return all names, also the student's: `dir()` and `globals().keys()` show them.

        Only a name's existence is the student's word; what it refers to is fetched when it is read.
        """
        own = dict.fromkeys(dict.keys(self))
        if self.remote is None:
            return own.keys()
        answer = self.remote.ask({"has": None}, "listing the student's names")
        names = answer.get("names")
        listed = names if isinstance(names, list) else []
        theirs = (name for name in listed if type(name) is str and len(name) <= LONGEST_NAME)
        return (own | dict.fromkeys(filter(self.may_ask, theirs))).keys()

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401
        """Return the value of a name, even if it is the student's."""
        try:
            return self[name]
        except KeyError:
            return default

    def __setitem__(self, name: str, value: Any) -> None:  # noqa: ANN401
        """Bind a name; if the value is a proxy, the name is bound in the student's process too."""
        old = marked(value, PROXY) if type(value) is types.FunctionType else None
        if self.remote is not None and isinstance(old, str):
            self.remote.ask({"restore": [old, name]}, f"binding {name}")
            if old == name:
                self._fetched[name] = value
                return
        super().__setitem__(name, value)

    def __delitem__(self, name: str) -> None:
        """Delete a name: the test's own if it exists, else the student's."""
        if super().__contains__(name):
            super().__delitem__(name)
            return
        if self.remote is None or not self.may_ask(name):
            raise KeyError(name)
        if self.remote.ask({"delete": name}, f"deleting {name}").get("missing"):
            raise KeyError(name)
        self._fetched.pop(name, None)
        self.used_names.discard(name)


def may_be_proxied(name: str) -> bool:
    """Tell whether a name can be the student's: no builtin, dunder name or name of IPython's."""
    return not (
        hasattr(builtins, name)
        or name in _NEVER_PROXIED
        or (name.startswith("__") and name.endswith("__"))
    )


def is_same_import(own: Any, entry: Mapping[str, Any]) -> bool:  # noqa: ANN401
    """Return whether what the student's process has under a name may be what this side has.

    Only names are compared; an object that cannot cross and has no name may be anything.
    """
    name = getattr(own, "__name__", "")
    if isinstance(own, types.ModuleType):
        return entry.get("module") == name
    if callable(own):
        return entry.get("callable") == name
    return "callable" not in entry and "module" not in entry


def module_named(name: object) -> types.ModuleType | None:
    """Return this process's own module for a name from the student's process, or None."""
    if not isinstance(name, str):
        return None
    parts = name.split(".")
    if parts[0] not in MODULES or not all(map(str.isidentifier, parts)):
        return None
    if any(part.startswith("_") or part in NOT_IMPORTED for part in parts):
        return None
    try:
        return importlib.import_module(name)
    except ImportError:
        return None
