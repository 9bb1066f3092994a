"""Make the proxies for the student's classes and objects from what crosses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

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
"""How many bases a class may have, and how deep they may be nested."""


class Operation(NamedTuple):
    """What is done with an object, and how the test would say it; see `SeenKinds`."""

    name: str
    source: str
    """Of the result."""
    origin: str
    """Of the objects in the result."""


def operation_on(link: Link, name: str, attribute: str, *, is_class: bool) -> Operation:
    """Return an operation on an object; the attribute is the name of a special method, too.

    An object that comes from an attribute is called by the attribute alone, so that a long chain of
    objects does not have a long name.
    """
    if is_class and name == "__call__":
        return Operation(name, f"{link.origin}(…)", link.origin)
    return Operation(name, f"{link.origin}.{attribute}(…)", f"….{attribute}")


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
    note_kinds : callable
        Notes the kinds of values that come from a source.

    Attributes
    ----------
    allowed : bool
        Whether objects cross in the current cell.
    origin : str
        Where the objects of the message that is read come from, in the test's words.
    """

    def __init__(
        self,
        call: Callable[..., Any],
        record_failure: Callable[[Failure], Failure],
        find_class: Callable[[str], Any],
        note_kinds: Callable[[str, list[str]], None],
    ) -> None:
        self.call, self.record_failure, self.find_class = call, record_failure, find_class
        self.note_kinds = note_kinds
        self.allowed, self.origin = False, ""
        self.known: dict[int, Any] = {}
        self.errors: dict[str, type[Exception]] = {}

    def operate(
        self,
        operation: str,
        link: Link,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:  # noqa: ANN401
        """Let the student's process do something, and return the result."""
        about = args[1] if operation in {"read", "write", "delete", "method"} else operation
        name = link.name if about == "__call__" else f"{link.name}.{about}"
        is_class = isinstance(args[0], ProxyClass)
        return self.call(
            operation_on(link, operation, about, is_class=is_class), name, args, kwargs
        )

    def note(self, proxy: Any, operation: str, kind: str) -> None:  # noqa: ANN401
        """Note what the student's object decides in an operation."""
        link = link_of(proxy)
        assert link is not None  # noqa: S101 (only proxies note something)
        done = operation_on(link, operation, operation, is_class=False)
        self.note_kinds(done.source, [kind])

    def called(self, name: str, value: Any) -> None:  # noqa: ANN401
        """Take note of a variable that the test reads: its class is called so from now on."""
        if isinstance(value, ProxyClass) and (link := link_of(value)) is not None:
            type.__setattr__(value, LINK, link._replace(origin=name))

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
        object.__getattribute__(instance, "__dict__")[LINK] = Link(
            self, number, kind.__name__, self.origin
        )
        return instance

    def new_class(self, number: int, *parts: Any, depth: int = DEPTH) -> type:  # noqa: ANN401
        """Return a new proxy for a class, or for an error a class of its own."""
        name, methods, bases, errors = parts
        if (
            depth <= 0
            or len(bases) > DEPTH
            or not all(type(word) is str for word in [name, *methods, *errors])
        ):
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
        names |= {"__module__": "__main__", LINK: Link(self, number, name[:100], self.origin)}
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
