"""Proxies for the student's classes and their objects; on the test's side.

A proxy holds a number and sends every operation to the student's process. What comes back is
data, or another proxy. The student's code decides what its own objects are equal to, so nothing
that compares an object with data is sent there: not the data, and not the decision. Such a test is
refused here, and runs once more in the student's process.
"""

from __future__ import annotations

import contextlib
import types
from abc import ABCMeta
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from nbgrader_isolate.bridge.callbacks import described
from nbgrader_isolate.bridge.failures import Failure, UngradableError
from nbgrader_isolate.bridge.object_operations import (
    COMPARISONS,
    REFLECTED,
    SPECIAL,
)
from nbgrader_isolate.bridge.sources import without_source
from nbgrader_isolate.bridge.value_kinds import OPERATOR, SUPPRESSED

DIFFERENCES = {
    f"__{prefix}{name}__"
    for prefix in ("", "r", "i")
    for name in ("sub", "truediv", "floordiv", "mod", "xor")
}
"""Operators that show how much an object differs from another operand."""
DECIDED = {"__contains__", *REFLECTED, *REFLECTED.values()}
DECIDED |= {name.replace("__r", "__i", 1) for name in REFLECTED}
"""Operators that may get data, and so decide something about it."""
READABLE = {"__dict__", "__doc__", "__annotations__", "__slots__", "__name__"}
"""Names with two underscores on both sides that are read in the student's process."""
NEVER_READ = ("__", "_repr_", "_ipython_", "_abc_", "_as_parameter_")
"""Beginnings of names that libraries look for; what they would find is not trusted."""
LINK = "__nbgrader_isolate_object__"


class Owner(Protocol):
    """What sends the operations of proxies to the student's process."""

    def operate(
        self, operation: str, link: Link, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:  # noqa: ANN401
        """Let the student's process do something, and return the result."""

    def refused(self, what: str) -> Failure:
        """Record and return the failure of a test that does what is decided elsewhere."""

    def note(self, proxy: Any, operation: str, kind: str) -> None:  # noqa: ANN401
        """Note what the student's object decides in an operation; see `value_kinds`."""


class Link(NamedTuple):
    """Which object of the student's a proxy is for.

    `name` is the student's own name of the class, for messages. `origin` is where the test has the
    object from, in its own words; see `value_kinds.SeenKinds`.
    """

    owner: Owner
    number: int
    name: str
    origin: str


class ProxyClass(ABCMeta):
    """The class of proxies for the student's classes."""

    def __new__(  # noqa: D102
        mcs, name: str, bases: tuple[type, ...], names: dict[str, Any]
    ) -> ProxyClass:
        if "__module__" in names and LINK not in names:
            link = next((link_of(base) for base in bases if isinstance(base, ProxyClass)), None)
            if link is not None:
                raise link.owner.refused(f"a test's class derived from the student's {link.name}")
        return super().__new__(mcs, name, bases, names)

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401, D102
        return operate(cls, "__call__", *args, **kwargs)

    def __getattribute__(cls, name: str) -> Any:  # noqa: ANN401
        if name.startswith(("__", "_abc_")):
            return super().__getattribute__(name)
        return read(cls, name)

    def __setattr__(cls, name: str, value: Any) -> None:  # noqa: ANN401
        if name.startswith(("__", "_abc_")):
            super().__setattr__(name, value)
        else:
            operate(cls, "write", name, value)

    def __delattr__(cls, name: str) -> None:
        operate(cls, "delete", name)

    def __dir__(cls) -> Any:  # noqa: ANN401
        return operate(cls, "names")

    def __bool__(cls) -> bool:
        return True

    def __len__(cls) -> int:
        length: int = operate(cls, "__len__")
        return length

    def __iter__(cls) -> Any:  # noqa: ANN401
        return operate(cls, "__iter__")

    def __getitem__(cls, key: Any) -> Any:  # noqa: ANN401
        return operate(cls, "__getitem__", key)

    def __contains__(cls, value: Any) -> bool:  # noqa: ANN401
        note_operator(cls, "__contains__", value)
        return operate(cls, "__contains__", value) is True

    def __instancecheck__(cls, instance: Any) -> bool:  # noqa: ANN401
        return type.__instancecheck__(cls, instance)

    def __subclasscheck__(cls, kind: type) -> bool:
        return type.__subclasscheck__(cls, kind)

    def __repr__(cls) -> str:
        return f"<class '__main__.{cls.__name__}'>"


class StudentObject:
    """A proxy for an object of a student's class; subclasses have its special methods."""

    __array_ufunc__ = None  # NumPy leaves operators to the proxy

    def __getattribute__(self, name: str) -> Any:  # noqa: ANN401
        return object.__getattribute__(self, name) if name == "__class__" else read(self, name)

    def __setattr__(self, name: str, value: Any) -> None:  # noqa: ANN401
        operate(self, "write", name, value)

    def __delattr__(self, name: str) -> None:
        operate(self, "delete", name)

    def __dir__(self) -> Any:  # noqa: ANN401
        return operate(self, "names")

    def __str__(self) -> str:
        return text(operate(self, "text"))

    def __repr__(self) -> str:
        return text(operate(self, "description"))

    def __format__(self, form: str) -> str:
        return text(operate(self, "formatted", form))

    def __copy__(self) -> Any:  # noqa: ANN401
        return operate(self, "copy")

    def __deepcopy__(self, _known: Any) -> Any:  # noqa: ANN401
        return operate(self, "deepcopy")

    def __reduce_ex__(self, _protocol: Any) -> Any:  # noqa: ANN401
        raise TypeError("an object of the student's process cannot be pickled")


def link_of(proxy: Any) -> Link | None:  # noqa: ANN401
    """Return the link of a proxy, or None if the value is not one."""
    if isinstance(type(proxy), ProxyClass):
        found = object.__getattribute__(proxy, "__dict__").get(LINK)
    elif isinstance(type(proxy), type) and issubclass(type(proxy), ProxyClass):
        found = type.__getattribute__(proxy, "__dict__").get(LINK)
    else:
        found = None
    return found if isinstance(found, Link) else None


def operate(proxy: Any, operation: str, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
    """Let the student's process do something with an object."""
    link = link_of(proxy)
    if link is None:
        raise TypeError("a proxy that was not made by the bridge")
    return link.owner.operate(operation, link, (proxy, *args), kwargs)


def read(proxy: Any, name: str) -> Any:  # noqa: ANN401
    """Return an attribute of an object or a class."""
    if name in {*SPECIAL, *REFLECTED} and name in dir_of(type(proxy)):
        return types.MethodType(getattr(type(proxy), name), proxy)
    if name.startswith(NEVER_READ) and name not in READABLE:
        raise AttributeError(f"{type(proxy).__name__!r} object has no attribute {name!r}")
    found = operate(proxy, "read", name)
    if type(found) is not tuple or not found:
        raise malformed(proxy)
    if found[0] == "value":
        return found[-1]

    def method(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        return operate(proxy, "method", name, *args, **kwargs)

    method.__name__ = method.__qualname__ = name
    method.__code__ = without_source(method.__code__)
    return method


def dir_of(kind: type) -> set[str]:
    """Return the names of the special methods that proxies of a class have."""
    return {name for base in kind.__mro__ for name in base.__dict__}


def text(value: object) -> str:
    """Return a value that must be text."""
    if type(value) is not str:
        raise TypeError("__str__ returned no text")
    return value


def malformed(proxy: Any) -> Failure:  # noqa: ANN401
    """Return the failure for an answer that no operation has."""
    link = link_of(proxy)
    return link.owner.refused("a malformed answer") if link else UngradableError("malformed data")


def following(name: str) -> Callable[..., Any]:
    """Return a `__next__` of proxies."""

    def method(self: Any) -> Any:  # noqa: ANN401
        items = operate(self, name)
        if type(items) is not list:
            raise malformed(self)
        if not items:
            raise StopIteration
        return items[0]

    return method


def leaving(name: str) -> Callable[..., Any]:
    """Return an `__exit__` of proxies; it never suppresses a failed assertion.

    Which other error it suppresses, and in which line of the test, is noted like a kind of value:
    an error that comes before an assertion would skip it.
    """

    def method(self: Any, _kind: object, error: object, trace: object) -> bool:  # noqa: ANN401
        if isinstance(error, BaseException) and not isinstance(error, Exception):
            return False
        about = described(error) if isinstance(error, Exception) else {"error": [], "text": ""}
        if isinstance(error, AssertionError):  # whatever the student's code says or raises
            with contextlib.suppress(Exception):
                operate(self, name, about["error"], about["text"])
            return False
        suppressed = operate(self, name, about["error"], about["text"]) is True
        link = link_of(self)
        if suppressed and error is not None and link is not None:
            line = getattr(trace, "tb_lineno", 0)
            kind = next(kind for kind in type(error).__mro__ if kind.__module__ != "__main__")
            link.owner.note(self, name, f"{SUPPRESSED}{kind.__name__} in line {line} of the test")
        return suppressed

    return method


def comparison(name: str) -> Callable[..., Any]:
    """Return a comparison of proxies, which compares them with each other and with None."""

    def method(self: Any, other: Any) -> Any:  # noqa: ANN401
        if other is None and name in {"__eq__", "__ne__"}:
            return name == "__ne__"
        return operate(self, name, with_object(self, other))

    return method


def operation(name: str) -> Callable[..., Any]:
    """Return another special method of proxies."""

    def method(self: Any, *others: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        if name in DIFFERENCES:
            others = tuple(with_object(self, other) for other in others)
        if name in DECIDED:
            note_operator(self, name, *others)
        if name not in REFLECTED:
            return operate(self, name, *others, **kwargs)
        link = link_of(self)
        assert link is not None  # noqa: S101 (`self` is a proxy)
        return link.owner.operate(REFLECTED[name], link, (*others, self), kwargs)

    return method


def special(name: str) -> Callable[..., Any]:
    """Return the special method of proxies for one operation."""
    makers = {"__next__": following, "__exit__": leaving, **dict.fromkeys(COMPARISONS, comparison)}
    return makers.get(name, operation)(name)


def with_object(proxy: Any, other: Any) -> Any:  # noqa: ANN401
    """Return the other operand of a comparison, which must be a proxy, too."""
    link = link_of(proxy)
    if link is not None and link_of(other) is None:
        raise link.owner.refused(f"a comparison of an object of the class {link.name} with data")
    return other


def note_operator(proxy: Any, name: str, *others: Any) -> None:  # noqa: ANN401
    """Note that an operator of the student's decides about data."""
    link = link_of(proxy)
    if link is not None and any(link_of(other) is None for other in others):
        link.owner.note(proxy, name, OPERATOR)


SPECIAL_METHODS = {name: special(name) for name in (*SPECIAL, *REFLECTED)}
