"""Functions of a test that the student's code calls.

If a test passes a function, only a number crosses, and the student's side makes a function of it.
Calling that sends the number and the arguments, which are plain data, while the call of the test is
pending; the test's side calls its own function and sends the result or the error back. The
student's code can call what it was given, whenever the test waits for it, and nothing else.
"""

from __future__ import annotations

import base64
import builtins
import functools
import os
import threading
import types
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nbgrader_isolate.bridge.failures import TEXT, PeerGoneError, TooLargeError, UngradableError

CLASSES = 20
"""How many of the classes of an error cross."""
DEPTH = 20
"""How many calls of the two sides may be inside each other."""
CALLABLES: tuple[type, ...] = (
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodType,
    np.ufunc,
    type(np.sum),
    functools.partial,
)
"""Types of functions that a test may pass."""
NEVER_PASSED = frozenset(
    getattr(builtins, name)
    for name in (
        *("eval", "exec", "compile", "open", "__import__", "getattr", "setattr", "delattr", "vars"),
        *("globals", "locals", "input", "breakpoint", "dir", "print"),
    )
)
"""Functions of Python that would give the student's code a hold on the test process."""
MANY = 20_000
"""After so many calls of a test's functions, a timeout is blamed on the bridge."""
MARK = "__nbgrader_isolate_callback__"
"""Attribute of a function on the student's side that stands for one of the test's."""
PROXY = "__nbgrader_isolate_proxy__"
"""Attribute of a function on the test's side that stands for one of the student's."""


class AbandonedError(BaseException):
    """The call of the test that the student's code is in has been given up."""


class InlineMemory:
    """Carries the bytes of arrays in the message itself, as text.

    Messages between the two messages of a call cannot use the shared memory, which still holds the
    arguments of that call.

    Parameters
    ----------
    limit : int
        The most bytes of all arrays of a message.
    """

    def __init__(self, limit: int) -> None:
        self.nbytes = limit

    def write(self, flats: Sequence[np.ndarray]) -> list[list[Any]]:
        """Return the bytes of each array, as [text, length].

        Raises
        ------
        TooLargeError
        """
        if sum(flat.size for flat in flats) > self.nbytes:
            raise TooLargeError(f"more than {self.nbytes:,} bytes of arrays")
        return [[base64.b64encode(flat.tobytes()).decode(), flat.size] for flat in flats]

    def read(self, location: Any, into: np.ndarray | None = None) -> np.ndarray:  # noqa: ANN401
        """Return the bytes of an array; `into` receives them if given.

        Raises
        ------
        PeerGoneError
            If the location is malformed.
        """
        try:
            text, size = location
            data = np.frombuffer(base64.b64decode(text, validate=True), np.uint8)
        except (TypeError, ValueError) as error:
            raise PeerGoneError("malformed bytes of an array") from error
        if type(size) is not int or data.size != size or data.size > self.nbytes:
            raise PeerGoneError("malformed bytes of an array")
        if into is None:
            return data.copy()
        into[...] = data
        return into

    def holds(self, location: Any, flat: np.ndarray) -> bool:  # noqa: ANN401
        """Return whether the bytes at a location are those of an array."""
        return np.array_equal(self.read(location), flat)


@dataclass
class Callbacks:
    """The functions that the current cell has passed to the student's process.

    Attributes
    ----------
    functions : dict of int to callable
        By number. A number is used once in the life of a process.
    depth : int
        How many of them are running, one inside another.
    made : int
        How many calls of them there were.
    """

    functions: dict[int, Callable[..., Any]] = field(default_factory=dict)
    depth: int = 0
    made: int = 0
    _next: int = 0

    def begin(self) -> None:
        """Begin a cell: what earlier cells have passed cannot be called any more."""
        self.functions.clear()
        self.depth = self.made = 0

    def number_of(self, function: Callable[..., Any]) -> int:
        """Return the number of a function, which may be called from now on."""
        for number, known in self.functions.items():
            if known is function:
                return number
        self._next += 1
        self.functions[self._next] = function
        return self._next

    def describe(self, function: Callable[..., Any]) -> list[Any] | None:
        """Return what crosses for a function; None if it is not one that a test may pass."""
        if not isinstance(function, CALLABLES) or is_dangerous(function):
            return None
        own = marked(function, PROXY)
        if isinstance(own, str | int):
            return ["own", own]
        return ["callback", self.number_of(function), name_of(function)]

    def find(self, tag: object, number: object, _name: object = "") -> Callable[..., Any]:
        """Return the test's own function of a number that came back.

        Raises
        ------
        UngradableError
        """
        function = self.functions.get(number) if type(number) is int else None
        if function is None or tag != "callback":
            raise UngradableError("a function that the test did not pass")
        return function


def is_dangerous(function: Callable[..., Any]) -> bool:
    """Return whether a function, or what it is a partial application of, must not be passed."""
    while isinstance(function, functools.partial):
        function = function.func
    return isinstance(function, types.BuiltinFunctionType) and function in NEVER_PASSED


def name_of(function: Callable[..., Any]) -> str:
    """Return the name of a function, for messages."""
    name = getattr(function, "__name__", type(function).__name__)
    return str(name)[:100]


def mark(function: Callable[..., Any], name: str, value: str | int) -> None:
    """Mark a function as one that stands for another."""
    setattr(function, name, (value, function))


def marked(function: Any, name: str) -> Any:  # noqa: ANN401
    """Return what a function was marked with; None if the mark was copied (`functools.wraps`)."""
    found: Any = getattr(function, name, None)
    is_own = type(found) is tuple and len(found) == 2 and found[1] is function  # noqa: PLR2004
    return found[0] if is_own else None


def callback_proxy(
    call: Callable[[int, tuple[Any, ...], dict[str, Any]], Any], number: int, name: str
) -> Callable[..., Any]:
    """Return the proxy for a test's function in the student's process.

    Parameters
    ----------
    call : callable
        Sends a call to the test's side and returns the result.
    number : int
    name : str
    """
    process, lock = os.getpid(), _LOCK

    def function(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        if os.getpid() != process:
            raise RuntimeError(f"{name} can be called in the process of the notebook only")
        with lock:
            return call(number, args, kwargs)

    function.__name__ = function.__qualname__ = str(name)
    mark(function, MARK, number)
    return function


_LOCK = threading.RLock()


def described(error: BaseException) -> dict[str, Any]:
    """Return the classes of an error, and its text, as data."""
    names = [kind.__name__ for kind in type(error).__mro__ if kind is not object][:CLASSES]
    try:
        text = str(error)[:TEXT]
    except Exception:  # noqa: BLE001 (the `__str__` of an error can fail)
        text = ""
    return {"error": names, "text": text}
