"""Functions that the student's code returns: closures, decorated functions, elements of a list.

Only a number and a name cross. The test gets a function that sends its calls to the student's
process, where the number leads to the function. Objects that merely can be called do not cross.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable
from typing import Any

from nbgrader_isolate.bridge.callbacks import MARK, PROXY, mark, marked
from nbgrader_isolate.bridge.failures import UngradableError
from nbgrader_isolate.bridge.sources import without_source

MOST = 10_000
"""How many functions may cross in the life of a student's process."""
KINDS: tuple[type, ...] = (
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodType,
    functools.partial,
    type(functools.lru_cache(len)),
)
"""Types of functions that may be returned."""


class ReturnedFunctions:
    """The functions that the student's process has sent, by number; on the student's side."""

    def __init__(self) -> None:
        self.functions: list[Callable[..., Any]] = []
        self.numbers: dict[int, int] = {}

    def describe(self, value: Any) -> list[Any] | None:  # noqa: ANN401
        """Return what crosses for a function: also for one of the test's that comes back."""
        if isinstance(value, types.FunctionType):
            number = marked(value, MARK)
            if type(number) is int:
                return ["callback", number, ""]
        if type(value) not in KINDS:
            return None
        number = self.numbers.get(id(value))
        if number is None:
            if len(self.functions) >= MOST:
                raise UngradableError(f"more than {MOST:,} functions")
            number = self.numbers[id(value)] = len(self.functions)
            self.functions.append(value)
        return ["function", number, str(getattr(value, "__name__", "a function"))[:100]]

    def find(self, number: int) -> Callable[..., Any]:
        """Return the function of a number."""
        return self.functions[number]


class FunctionProxies:
    """Proxies for the functions of the student's process; on the test's side.

    Parameters
    ----------
    call : callable
        Calls the student's function of a number: takes the name, the arguments, the keyword
        arguments and the number.
    """

    def __init__(self, call: Callable[..., Any]) -> None:
        self.call = call
        self.known: dict[int, Callable[..., Any]] = {}

    def find(self, number: object, name: object) -> Callable[..., Any]:
        """Return the function for what has crossed.

        Raises
        ------
        UngradableError
            If that is malformed.
        """
        if type(number) is not int or not 0 <= number < MOST or type(name) is not str:
            raise UngradableError("a malformed function")
        if number not in self.known:
            self.known[number] = self.make(number, name[:100])
        return self.known[number]

    def make(self, number: int, name: str) -> Callable[..., Any]:
        """Return a new function that calls the student's function of a number."""

        def function(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
            return self.call(name, args, kwargs, number)

        function.__name__ = function.__qualname__ = name
        function.__module__ = "__main__"
        function.__code__ = without_source(function.__code__)
        mark(function, PROXY, number)
        return function
