"""Proxies for objects of the test's own classes; on the student's side.

See `instructor_objects`. A proxy has the special methods that the instructor's class defines, and
each of them calls back. Attributes with a leading underscore that libraries look for do not exist.
If the class extends `str`, `int` or `float`, the proxy is such a value, too, and what the class
does not define works on that value without a call back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nbgrader_isolate.bridge.callbacks import described
from nbgrader_isolate.bridge.instructor_objects import COPIES, IMMUTABLE, TEXTS
from nbgrader_isolate.bridge.object_operations import REFLECTED, SPECIAL
from nbgrader_isolate.bridge.object_proxies import NEVER_READ

BASES: dict[str, type] = {"object": object, **{kind.__name__: kind for kind in IMMUTABLE}}
LINK = "__nbgrader_isolate_instructor__"
Call = Callable[..., Any]
"""Does something with an object on the test's side: takes the operation and its arguments."""


def link_of(proxy: Any) -> tuple[list[Any], Call] | None:  # noqa: ANN401
    """Return what crosses for a proxy, and what sends its operations; None for other values."""
    if LINK not in vars(type(proxy)):
        return None
    found: tuple[list[Any], Call] = object.__getattribute__(proxy, "__dict__")[LINK]
    return found


def described_proxy(value: Any) -> list[Any] | None:  # noqa: ANN401
    """Return what crosses for a proxy, which goes back to the test; None for other values."""
    link = link_of(value)
    return None if link is None else link[0]


def operate(proxy: Any, operation: str, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
    """Let the test's side do something with an object."""
    link = link_of(proxy)
    if link is None:
        raise TypeError("a proxy that was not made by the bridge")
    return link[1](operation, *args, **kwargs)


def read(proxy: Any, name: str) -> Any:  # noqa: ANN401
    """Return an attribute of an object of the test."""
    if name.startswith(NEVER_READ):
        raise AttributeError(f"{type(proxy).__name__!r} object has no attribute {name!r}")
    found = operate(proxy, "read", name)
    if found[0] == "value":
        return found[1]

    def method(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        return operate(proxy, "method", name, *args, **kwargs)

    method.__name__ = method.__qualname__ = name
    return method


def write(proxy: Any, name: str, value: Any) -> None:  # noqa: ANN401
    """Set an attribute of an object of the test."""
    operate(proxy, "write", name, value)


def delete(proxy: Any, name: str) -> None:  # noqa: ANN401
    """Delete an attribute of an object of the test."""
    operate(proxy, "delete", name)


def special(name: str) -> Callable[..., Any]:
    """Return the special method of proxies for one operation."""
    operation = TEXTS.get(name, name)

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        return operate(self, operation, *args, **kwargs)

    def following(self: Any) -> Any:  # noqa: ANN401
        items = operate(self, operation)
        if not items:
            raise StopIteration
        return items[0]

    def leaving(self: Any, _kind: object, error: object, _trace: object) -> Any:  # noqa: ANN401
        about = described(error) if isinstance(error, BaseException) else {"error": [], "text": ""}
        return operate(self, operation, about["error"], about["text"])

    others: dict[str, Callable[..., Any]] = {"__next__": following, "__exit__": leaving}
    return others.get(name, method)


METHODS = {name: special(name) for name in (*SPECIAL, *REFLECTED, *TEXTS)}


def new_class(about: list[Any], own: Any) -> type:  # noqa: ANN401
    """Return a class of proxies.

    Parameters
    ----------
    about : list
        See `instructor_objects.class_of`.
    own : object
        What the student's process has under the name of the class. If that is the same class of an
        instructor's cell, the proxies are instances of it.
    """
    name, base, methods, public = about
    names: dict[str, Any] = {method: METHODS[method] for method in methods if method in METHODS}
    names |= {
        each: property(lambda self, each=each: read(self, each))  # type: ignore[misc]
        for each in public
    }
    names |= {
        "__module__": "__main__",
        LINK: True,
        "__getattr__": read,
        "__setattr__": write,
        "__delattr__": delete,
        "__copy__": lambda self: operate(self, COPIES[0]),
        "__deepcopy__": lambda self, _known: operate(self, COPIES[1]),
        "__reduce_ex__": refuse_pickle,
    }
    if "unhashable" in methods:
        names["__hash__"] = None
    elif "__eq__" in names and "__hash__" not in names:
        names["__hash__"] = BASES[base].__hash__
    for parents in [(own,), (BASES[base],)] if isinstance(own, type) else [(BASES[base],)]:
        try:
            made = type(name, parents, dict(names))
            base_of(base, made, 0)
        except TypeError:
            continue
        return made
    raise TypeError(name)


def refuse_pickle(_self: Any, _protocol: Any) -> Any:  # noqa: ANN401
    """Refuse to pickle a proxy."""
    raise TypeError("an object of the test's process cannot be pickled")


def base_of(base: str, kind: type, plain: Any) -> Any:  # noqa: ANN401
    """Return a new instance of a class of proxies."""
    return object.__new__(kind) if base == "object" else BASES[base].__new__(kind, plain)


class InstructorProxies:
    """Makes the proxies of one student's process, one for each number."""

    def __init__(self) -> None:
        self.known: dict[int, Any] = {}
        self.classes: dict[str, type] = {}

    def find(self, number: int, about: list[Any], plain: Any, call: Call, own: Any) -> Any:  # noqa: ANN401
        """Return the proxy for what has crossed.

        Parameters
        ----------
        number : int
        about : list
            See `instructor_objects.class_of`.
        plain : int, float, str or None
        call : callable
        own : object
            What the student's process has under the name of the class.
        """
        if number not in self.known:
            key = repr(about)
            if key not in self.classes:
                self.classes[key] = new_class(about, own)
            proxy = base_of(about[1], self.classes[key], plain)
            object.__getattribute__(proxy, "__dict__")[LINK] = (
                [
                    "instructor",
                    number,
                    about,
                    plain,
                ],
                call,
            )
            self.known[number] = proxy
        return self.known[number]
