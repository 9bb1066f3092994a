"""Make the proxies for the student's classes and objects from what crosses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nbgrader_isolate.bridge.failures import ALLOWED, Failure, RefusedError, UngradableError
from nbgrader_isolate.bridge.object_operations import MOST
from nbgrader_isolate.bridge.object_proxies import (
    LINK,
    SPECIAL_METHODS,
    Link,
    ProxyClass,
    StudentObject,
    link_of,
)

DEPTH = 20
"""How deep the bases of a class may be nested."""


class ObjectProxies:
    """Makes the proxies for the objects and classes of one student's process.

    Parameters
    ----------
    call : callable
        Sends an operation: takes its name, words for messages, the arguments and the keyword
        arguments.
    record_failure : callable
        Records a failure and returns it.
    find_class : callable
        Returns the instructor's class of a name, or None.

    Attributes
    ----------
    allowed : bool
        Whether objects cross in the current cell.
    """

    def __init__(
        self,
        call: Callable[..., Any],
        record_failure: Callable[[Failure], Failure],
        find_class: Callable[[str], Any],
    ) -> None:
        self.call, self.record_failure, self.find_class = call, record_failure, find_class
        self.allowed = False
        self.known: dict[int, Any] = {}
        self.errors: dict[str, type[Exception]] = {}

    def operate(
        self,
        operation: str,
        name: str,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:  # noqa: ANN401
        """Let the student's process do something, and return the result."""
        about = args[1] if operation in {"read", "write", "delete", "method"} else operation
        return self.call(
            operation, name if about == "__call__" else f"{name}.{about}", args, kwargs
        )

    def refused(self, what: str) -> Failure:
        """Record and return the failure of a test that does what is decided elsewhere."""
        return self.record_failure(RefusedError(f"{what} cannot be graded."))

    def describe(self, value: Any) -> list[Any] | None:  # noqa: ANN401
        """Return what crosses for a proxy; None for another value."""
        link = link_of(value)
        if link is None:
            return None
        if link.owner is not self:
            raise UngradableError("an object of a process that has ended")
        return ["object", link.number]

    def find(self, tag: str, number: Any, *parts: Any) -> Any:  # noqa: ANN401
        """Return the proxy for a class or an object that has crossed; nothing is trusted.

        Raises
        ------
        UngradableError
            If what has crossed is malformed, or if no objects cross in this cell.
        """
        if type(number) is not int or not 0 <= number < MOST:
            raise UngradableError("a malformed object")
        if not self.allowed:
            raise RefusedError("an object of a class of the student's")
        if number not in self.known:
            make = self.new_class if tag == "class" else self.new_object
            self.known[number] = make(number, *parts)
        return self.known[number]

    def new_object(self, number: int, described_class: list[Any]) -> Any:  # noqa: ANN401
        """Return a new proxy for an object."""
        kind = self.find("class", *described_class)
        if not isinstance(kind, ProxyClass) or number in self.known:
            raise UngradableError("a malformed object")
        instance: Any = object.__new__(kind)  # type: ignore[arg-type]
        object.__getattribute__(instance, "__dict__")[LINK] = Link(self, number, kind.__name__)
        return instance

    def new_class(self, number: int, *parts: Any, depth: int = DEPTH) -> type:  # noqa: ANN401
        """Return a new proxy for a class, or for an error a class of its own."""
        name, methods, bases, errors = parts
        if depth <= 0 or not all(type(word) is str for word in [name, *methods, *errors]):
            raise UngradableError("a malformed class")
        if errors:
            kind = next((ALLOWED[base] for base in errors if base in ALLOWED), Exception)
            self.errors[name] = type(name[:100], (kind,), {"__module__": "__main__"})
            return self.errors[name]
        parents: list[type] = []
        for base_number, *base in bases:
            if type(base_number) is not int or not 0 <= base_number < MOST:
                raise UngradableError("a malformed class")
            if base_number not in self.known:
                self.known[base_number] = self.new_class(base_number, *base, depth=depth - 1)
            parents.append(self.known[base_number])
        if not all(isinstance(parent, ProxyClass) for parent in parents):
            raise UngradableError("a malformed class")
        names: dict[str, Any] = {
            key: SPECIAL_METHODS[key] for key in methods if key in SPECIAL_METHODS
        }
        names["__hash__"] = names.get("__hash__", object.__hash__)
        if "unhashable" in methods:
            names["__hash__"] = None
        names |= {"__module__": "__main__", LINK: Link(self, number, name[:100])}
        return self.derived(name[:100], tuple(parents) or (StudentObject,), names)

    def derived(self, name: str, parents: tuple[type, ...], names: dict[str, Any]) -> type:
        """Return a class that derives from the instructor's class of its name, if there is one."""
        own = self.find_class(name)
        for chosen in [(*parents, own), parents] if isinstance(own, type) else [parents]:
            try:
                made = ProxyClass(name, chosen, dict(names))
                type.__setattr__(made, "__abstractmethods__", frozenset())
                object.__new__(made)  # type: ignore[arg-type]
            except TypeError:
                continue
            return made
        raise RefusedError(f"the class {name}")
