"""Objects of the test's own classes that the student's code uses; on the test's side.

If a test passes an instance of a class that only the test has, such as a string that counts how
often it is read, the object stays in the test process. Only a number crosses, the name of its
class, the names that the class defines and, for a subclass of `str` or `int`, the plain value. The
student's side makes a proxy (`instructor_proxies`), and each operation on that is a call back: the
instructor's methods run here, with plain data as arguments.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nbgrader_isolate.bridge.failures import RefusedError, TooLargeError, UngradableError
from nbgrader_isolate.bridge.object_operations import (
    OPERATIONS,
    REFLECTED,
    call_method,
    is_method,
    read_attribute,
    special_methods,
)

MOST = 10_000
"""How many objects may cross while one test runs."""
TAG = "instructor"
IMMUTABLE: tuple[type, ...] = (int, float, str)
"""Types of Python whose subclasses cross; the proxy is an instance of the same type."""
TEXTS = {"__str__": "text", "__repr__": "description", "__format__": "formatted"}
"""Special methods that make text, and their operations."""
COPIES = ("copy", "deepcopy")
ATTRIBUTES = ("read", "write", "delete", "method")


def is_sent(kind: type) -> bool:
    """Return whether instances of a class stay here, and proxies for them cross."""
    if kind.__module__ != "__main__" or issubclass(kind, enum.Enum | BaseException | type):
        return False
    if dataclasses.is_dataclass(kind) and kind.__dataclass_params__.frozen:  # type: ignore[attr-defined]
        return False
    return all(base is object or base in IMMUTABLE or is_own(base) for base in kind.__mro__)


def is_own(kind: type) -> bool:
    """Return whether a class was defined in a cell."""
    return kind.__module__ == "__main__"


def class_of(kind: type) -> list[Any]:
    """Return the name of a class, the type of Python that it extends, and what it defines."""
    base = next((base.__name__ for base in kind.__mro__ if base in IMMUTABLE), "object")
    defined = {name for each in filter(is_own, kind.__mro__) for name in vars(each)}
    methods = [name for name in (*special_methods(kind), *TEXTS) if name in defined]
    if "__eq__" in defined and "__ne__" not in methods and base == "object":
        methods.append("__ne__")
    methods += ["unhashable"] if kind.__hash__ is None else []
    public = sorted(name for name in defined if not name.startswith("_"))
    return [kind.__name__, base, methods, public]


def plain_of(value: Any) -> Any:  # noqa: ANN401
    """Return the plain value of an instance of a subclass of `int`, `float` or `str`, or None."""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int.__index__(value)
    return float.__float__(value) if isinstance(value, float) else None


@dataclass
class InstructorObjects:
    """The objects that the current cell has passed to the student's process, by number.

    Attributes
    ----------
    shared : set of type
        Classes of the instructor's ungraded cells, which both processes have. The student's code
        may set attributes of their objects.
    objects : dict of int to object
        A number is used once in the life of a process.
    """

    shared: set[type] = field(default_factory=set)
    objects: dict[int, Any] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict)
    _next: int = 0

    def begin(self) -> None:
        """Begin a cell: what earlier cells have passed cannot be used any more."""
        self.objects.clear()
        self.numbers.clear()

    def describe(self, value: Any) -> list[Any] | None:  # noqa: ANN401
        """Return what crosses for an object; None for other values.

        Raises
        ------
        TooLargeError
            If too many objects have crossed.
        """
        kind = type(value)
        if not is_sent(kind):
            return None
        number = self.numbers.get(id(value))
        if number is None:
            if len(self.objects) >= MOST:
                raise TooLargeError(f"more than {MOST:,} objects of classes of the test")
            self._next += 1
            number = self.numbers[id(value)] = self._next
            self.objects[number] = value
        return [TAG, number, class_of(kind), plain_of(value)]

    def find(self, number: object, *_about: object) -> Any:  # noqa: ANN401
        """Return the object of a number that came back.

        Raises
        ------
        UngradableError
        """
        if type(number) is not int or number not in self.objects:
            raise UngradableError("an object that the test did not pass")
        return self.objects[number]

    def operation(self, number: object, name: object) -> Callable[..., Any]:
        """Return a function that does something with an object; nothing is trusted.

        Raises
        ------
        UngradableError
            If there is no such object, or if its class does not define the operation.
        """
        value = self.find(number)
        if name in ATTRIBUTES:
            may_set = type(value) in self.shared
            return lambda attribute, *args, **kwargs: at_attribute(
                str(name), value, attribute, args, kwargs, may_set=may_set
            )
        methods = class_of(type(value))[2]
        allowed = {*COPIES, *(TEXTS.get(method, method) for method in methods)}
        if type(name) is not str or name not in allowed:
            raise UngradableError("an operation that an object of the test does not have")
        if name in REFLECTED:
            return lambda other: OPERATIONS[REFLECTED[name]](other, value)
        return lambda *args, **kwargs: OPERATIONS[name](value, *args, **kwargs)


def at_attribute(  # noqa: PLR0913 (what a call has)
    action: str,
    value: Any,  # noqa: ANN401
    name: object,
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    *,
    may_set: bool,
) -> Any:  # noqa: ANN401
    """Read, set or delete a public attribute of an object, or call a method.

    Parameters
    ----------
    action : {"read", "method", "write", "delete"}
    value : object
    name : object
        Of the attribute; not trusted.
    args, kwargs
        Of the method; the first is the new value of an attribute.
    may_set : bool
        Whether attributes can be set and deleted. Methods and properties cannot.

    Raises
    ------
    RefusedError
        If the attribute is not public, or must not be set or deleted: the test may count with it.
    """
    about = f"the attribute {str(name)[:100]} of an object of the class {type(value).__name__}"
    if type(name) is not str or name.startswith("_"):
        raise RefusedError(f"{about}, which is not public, cannot cross.")
    if action == "read":
        return read_attribute(value, name)
    if action == "method":
        if not is_method(getattr(value, name), value):
            raise TypeError(f"{name!r} is not a method")
        return call_method(value, name, *args, **kwargs)
    known = getattr(type(value), name, None)
    change = "set" if action == "write" else "deleted"
    if not may_set or callable(known) or hasattr(type(known), "__get__"):
        raise RefusedError(f"{about} cannot be {change} by the student's code.")
    return setattr(value, name, *args) if action == "write" else delattr(value, name)
