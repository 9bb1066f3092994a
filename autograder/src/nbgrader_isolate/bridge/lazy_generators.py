"""Generators that the student's code returns and that a test reads step by step.

If the text of a test asks for single elements, as `next` and `send` do, the generator stays in the
student's process. The test gets a generator of its own, and each step of that is a request. Other
tests get the elements together (see `stdlib_types.drain`).
"""

from __future__ import annotations

import types
from collections.abc import Callable, Generator
from typing import Any

from nbgrader_isolate.bridge.callbacks import described
from nbgrader_isolate.bridge.failures import UngradableError, rebuild_error

MOST = 10_000
"""How many generators may cross in the life of a student's process."""
TAG = "generator"


def resume(generator: Any, how: str, value: Any) -> list[Any]:  # noqa: ANN401
    """Run a generator to its next element; on the student's side.

    Parameters
    ----------
    generator : generator
    how : {"send", "throw"}
    value : object
        What is sent, or the classes and the text of the error that is thrown.

    Returns
    -------
    list
        "item" and the element, or "end" and what the generator has returned.
    """
    try:
        if how == "send":
            return ["item", generator.send(value)]
        return ["item", generator.throw(rebuild_error(value["error"], value["text"], None))]
    except StopIteration as end:
        return ["end", end.value]


class StudentGenerators:
    """The generators that the student's process has sent, by number."""

    def __init__(self) -> None:
        self.generators: list[Any] = []

    def describe(self, value: Any) -> list[Any] | None:  # noqa: ANN401
        """Return what crosses for a generator; None for other values."""
        if type(value) is not types.GeneratorType:
            return None
        number = next((n for n, one in enumerate(self.generators) if one is value), None)
        if number is None:
            if len(self.generators) >= MOST:
                raise UngradableError(f"more than {MOST:,} generators")
            number = len(self.generators)
            self.generators.append(value)
        return [TAG, number, str(value.__name__)[:100]]

    def find(self, number: int) -> Any:  # noqa: ANN401
        """Return the generator of a number."""
        return self.generators[number]


class LazyGenerators:
    """The test's own generators for those of the student's process; on the test's side.

    Parameters
    ----------
    call : callable
        Lets the student's process run a generator: takes words for messages and the arguments of
        `resume`.
    """

    def __init__(self, call: Callable[..., Any]) -> None:
        self.call = call
        self.known: dict[int, Generator[Any, Any, Any]] = {}

    def find(self, number: object, name: object) -> Generator[Any, Any, Any]:
        """Return the generator for what has crossed.

        Raises
        ------
        UngradableError
            If that is malformed.
        """
        if type(number) is not int or not 0 <= number < MOST or type(name) is not str:
            raise UngradableError("a malformed generator")
        if number not in self.known:
            made: Any = self.make(number, name[:100])
            made.__name__ = made.__qualname__ = name[:100]
            self.known[number] = made
        return self.known[number]

    def describe(self, value: Any) -> list[Any] | None:  # noqa: ANN401
        """Return what crosses for a generator that goes back; None for other values."""
        if type(value) is not types.GeneratorType:
            return None
        number = next((number for number, one in self.known.items() if one is value), None)
        return None if number is None else [TAG, number]

    def make(self, number: int, name: str) -> Generator[Any, Any, Any]:
        """Yield what the student's generator yields; an end is the end of both.

        The student's generator is not closed if this one is: that happens whenever Python drops it.
        """
        how, value = "send", None
        while True:
            answer = self.call(f"next({name})", (self.known[number], how, value))
            if type(answer) is not list or len(answer) != 2 or answer[0] not in {"item", "end"}:  # noqa: PLR2004
                raise UngradableError("a malformed answer of a generator")
            if answer[0] == "end":
                return answer[1]
            try:
                how, value = "send", (yield answer[1])
            except Exception as error:  # noqa: BLE001 (thrown into the student's generator)
                how, value = "throw", described(error)
