"""Functions of libraries that a test replaces, and that calls of the student's code take along.

A test patches `random.randint` or `builtins.print` in its own process. The student's code would not
notice, so each call sends what is replaced: a function as one that calls back, anything else as
data. On the student's side, it is replaced while the call runs.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any

from nbgrader_isolate.notebook.ipython_syntax import parse_cell

MODULES = frozenset(
    {"random", "numpy.random", "math", "statistics", "requests", "urllib.request", "webbrowser"}
)
"""Modules whose functions can be replaced over the bridge."""
NAMES = frozenset({"builtins.print", "time.sleep", "getpass.getpass"})
"""Other functions that can be replaced over the bridge."""
ELSEWHERE = frozenset({"builtins.input", "sys.stdin", "sys.stdout", "sys.stderr"})
"""What calls take along in other ways."""
WITHOUT_RESULT = frozenset({"builtins.print", "time.sleep"})
"""Those whose results nobody uses: what a mock returns need not cross."""
ABSENT = object()


def is_taken_along(target: object) -> bool:
    """Return whether calls take along what a test sets at a place such as "random.randint"."""
    if type(target) is not str:
        return False
    module, _, name = target.rpartition(".")
    return target in NAMES | ELSEWHERE or (module in MODULES and not name.startswith("_"))


@lru_cache(4096)
def targets_in(source: str) -> frozenset[str]:
    """Return what a cell may replace, of what calls take along."""
    found: set[str] = set()
    for node in ast.walk(parse_cell(source)):
        match node:
            case ast.Call(args=[ast.Constant(value=str(target)), *_]):
                found.add(target)
            case ast.Call(
                args=[ast.Name() | ast.Attribute() as owner, ast.Constant(str(name)), *_]
            ):
                found.add(f"{path_of(owner)}.{name}")
            case ast.Attribute(ctx=ast.Store()):
                found.add(path_of(node))
    return frozenset(target for target in found if is_taken_along(target)) - ELSEWHERE


def path_of(expression: ast.expr) -> str:
    """Return a dotted name as text, with the usual alias of NumPy written out."""
    text = ast.unparse(expression)
    return f"numpy{text[2:]}" if text.startswith("np.") else text


def value_at(target: str) -> Any:  # noqa: ANN401
    """Return what is at a place such as "random.randint", or `ABSENT`."""
    module, _, name = target.rpartition(".")
    try:
        return getattr(importlib.import_module(module), name, ABSENT)
    except ImportError:
        return ABSENT


@contextlib.contextmanager
def replaced(values: dict[str, Any]) -> Iterator[None]:
    """Replace what is at some places, as long as the context lasts."""
    with contextlib.ExitStack() as undo:
        for target, value in values.items():
            module, _, name = target.rpartition(".")
            owner, before = importlib.import_module(module), value_at(target)
            if before is not ABSENT:
                undo.callback(setattr, owner, name, before)
                setattr(owner, name, value)
        yield


class PatchedNames:
    """What the current cell has replaced; on the test's side."""

    def __init__(self) -> None:
        self.before: dict[str, Any] = {}
        self.silent: dict[int, tuple[Any, Callable[..., None]]] = {}

    def begin(self, targets: Iterable[str]) -> None:
        """Begin a cell, which may replace what is at some places (see `targets_in`)."""
        self.before = {target: value_at(target) for target in targets}
        self.silent = {}

    def describe(
        self, number_of: Callable[[Any], int], pack: Callable[[Any], Any]
    ) -> dict[str, list[Any]]:
        """Return what has been replaced, by its place: a function's number, or data."""
        found: dict[str, list[Any]] = {}
        for target, before in self.before.items():
            value = value_at(target)
            if before is ABSENT or value is before:
                continue
            if not callable(value):
                found[target] = ["value", pack(value)]
                continue
            function = self.without_result(value) if target in WITHOUT_RESULT else value
            found[target] = ["callback", number_of(function)]
        return found

    def without_result(self, function: Callable[..., Any]) -> Callable[..., None]:
        """Return a function that calls another one and returns None; the same one each time."""

        def silent(*args: Any, **kwargs: Any) -> None:  # noqa: ANN401
            function(*args, **kwargs)

        return self.silent.setdefault(id(function), (function, silent))[1]
