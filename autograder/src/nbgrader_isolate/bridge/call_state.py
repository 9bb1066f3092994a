"""What a test sets in its own process for the student's code, and what a call takes along.

That is the function that answers `input()`, what it has put in place of functions such as `print`
(see `patched_names`), the state of the global random generators, and what NumPy does about
floating-point errors. Everything goes to the student's process, and nothing
comes back.
"""

from __future__ import annotations

import builtins
import contextlib
import functools
import random
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from nbgrader_isolate.bridge.callbacks import Callbacks
from nbgrader_isolate.bridge.pack import Packer
from nbgrader_isolate.bridge.patched_names import PatchedNames, replaced

INPUT = builtins.input
ERRORS = np.geterr()
"""What NumPy does about floating-point errors if nobody has changed it."""


SEEDING = ((np.random, "seed"), (np.random, "set_state"), (random, "seed"), (random, "setstate"))
"""Functions that seed the global generators; see `notice_seeding`."""
_seedings: list[str] = []


def notice_seeding() -> None:
    """Let calls of the functions that seed be noticed in this process.

    A test that seeds twice with one number wants the student's code to start from that state twice,
    although its own generator, from which only the student's code draws, is in that state anyway.
    """
    for module, name in SEEDING:
        function = getattr(module, name)
        if not hasattr(function, "__wrapped__"):
            setattr(module, name, noticed(function))


def noticed(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that seeds, and notes that it did."""

    @functools.wraps(function)
    def seed(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        result = function(*args, **kwargs)
        _seedings[:] = [seed.__name__]
        return result

    return seed


class CallState:
    """What the calls of one cell take along; on the test's side.

    Parameters
    ----------
    callbacks : Callbacks
    find : callable
        Returns the test's own object of a name, or None.
    """

    def __init__(
        self, callbacks: Callbacks, find: Callable[[str], Any] = lambda _name: None
    ) -> None:
        self.callbacks, self.find = callbacks, find
        self.seeds, self.stdin = False, sys.stdin
        self.patched = PatchedNames()
        self._sent: list[Any] = []

    def begin(self, targets: Iterable[str] = (), *, seeds: bool) -> None:
        """Begin a cell.

        Parameters
        ----------
        targets : iterable of str
            Places whose functions it may replace, as in `patched_names.targets_in`.
        seeds : bool
            Whether the cell seeds a global random generator.
        """
        self.patched.begin(targets)
        self.seeds, self._sent = seeds, generators() if seeds else []
        _seedings.clear()

    def describe(self, packer: Packer) -> dict[str, Any]:
        """Return what a call takes along; empty for most tests.

        The state of the random generators goes along if the cell has seeded them since the last
        call, or has changed it otherwise and its text seeds them. In other cases the
        student's code continues with its own.
        """
        state: dict[str, Any] = {}
        answers = self.answers()
        if answers is not None:
            state["input"] = self.callbacks.number_of(answers)
        if patches := self.patched.describe(self.callbacks.number_of, packer.pack):
            state["patches"] = patches
        if (errors := np.geterr()) != ERRORS:
            state["errors"] = errors
        self.seeds |= bool(_seedings)
        if self.seeds and (repr(now := generators()) != repr(self._sent) or _seedings):
            state["random"] = packer.pack(now)
            self._sent = now
            _seedings.clear()
        return {"state": state} if state else {}

    def answers(self) -> Callable[..., Any] | None:
        """Return the function that answers the student's `input()`; None if the test has none."""
        function: Callable[..., Any] | None = self.find("input")
        if function is None and builtins.input is not INPUT:
            function = builtins.input
        if function is None and sys.stdin is not self.stdin:
            function = INPUT
        return function


def generators() -> list[Any]:
    """Return the states of the global random generators of NumPy and of Python."""
    name, numbers, *rest = np.random.get_state()  # noqa: NPY002
    return [[name, np.array(numbers).tolist(), *rest], random.getstate()]


@contextlib.contextmanager
def applied(
    state: dict[str, Any],
    unpack: Callable[[Any], Any],
    function_of: Callable[[int], Callable[..., Any]],
) -> Iterator[None]:
    """Apply what a call takes along, on the student's side.

    Parameters
    ----------
    state : dict
    unpack : callable
        Returns the value of a tree.
    function_of : callable
        Returns the function that stands for a test's function of a number.
    """
    if "random" in state:
        legacy, python = unpack(state["random"])
        np.random.set_state(tuple(legacy))  # noqa: NPY002
        random.setstate(python)
    patches = {
        target: function_of(value) if kind == "callback" else unpack(value)
        for target, (kind, value) in state.get("patches", {}).items()
    }
    before = builtins.input
    try:
        with np.errstate(**state.get("errors", {})), replaced(patches):
            if "input" in state:
                builtins.input = function_of(state["input"])
            yield
    finally:
        builtins.input = before
