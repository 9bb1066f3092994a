"""What a test may do with objects of the student's classes; on the student's side.

Only numbers cross, and the names of classes and of their special methods. The test's side has
proxies (`object_proxies`), which send their operations here. Values that never change, such as
strings and named tuples, cross by value even if their class is the student's.
"""

from __future__ import annotations

import copy
import dataclasses
import enum
import math
import operator
import types
from collections.abc import Callable
from typing import Any

from nbgrader_isolate.bridge.callbacks import MARK, marked
from nbgrader_isolate.bridge.failures import UngradableError, rebuild_error
from nbgrader_isolate.bridge.lazy_generators import resume
from nbgrader_isolate.bridge.returned_functions import ReturnedFunctions

MOST = 10_000
"""How many objects may cross in the life of a student's process."""
BY_VALUE = (int, float, complex, str, bytes, tuple, frozenset, BaseException)
_METHODS = (types.MethodType, types.BuiltinMethodType)


def read_attribute(value: Any, name: str) -> tuple[Any, ...]:  # noqa: ANN401
    """Return an attribute in a tuple; of a method or another function, only that it is one."""
    found = getattr(value, name)
    is_function = type(found) in (*_METHODS, types.FunctionType) and marked(found, MARK) is None
    return ("method",) if is_function else ("value", found)


def is_method(found: Any, value: Any) -> bool:  # noqa: ANN401
    """Return whether something is a method that is bound to an object."""
    return type(found) in _METHODS and found.__self__ is value


def call(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
    """Call a class or an object."""
    return function(*args, **kwargs)


def call_method(value: Any, name: str, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
    """Call a method of an object."""
    return getattr(value, name)(*args, **kwargs)


def next_items(iterator: Any) -> list[Any]:  # noqa: ANN401
    """Return the next item in a list, which is empty at the end."""
    try:
        return [next(iterator)]
    except StopIteration:
        return []


def enter(value: Any) -> Any:  # noqa: ANN401
    """Enter a context manager."""
    return type(value).__enter__(value)


def leave(value: Any, names: list[str], text: str) -> bool:  # noqa: ANN401
    """Leave a context manager, with an error of these classes; return whether it suppresses it."""
    error = rebuild_error(names, text, None) if names else None
    return bool(type(value).__exit__(value, type(error) if error else None, error, None))


UNARY: dict[str, Callable[..., Any]] = {
    "__len__": len,
    "__iter__": iter,
    "__bool__": bool,
    "__hash__": hash,
    "__abs__": abs,
    "__neg__": operator.neg,
    "__pos__": operator.pos,
    "__invert__": operator.invert,
    "__int__": int,
    "__float__": float,
    "__complex__": complex,
    "__index__": operator.index,
    "__trunc__": math.trunc,
    "__floor__": math.floor,
    "__ceil__": math.ceil,
    "__reversed__": reversed,
    "__next__": next_items,
    "__enter__": enter,
}
COMPARISONS = ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__")
ARITHMETIC = (
    *("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "pow"),
    *("lshift", "rshift", "and", "or", "xor"),
)
OTHERS: dict[str, Callable[..., Any]] = {
    "__contains__": operator.contains,
    "__getitem__": operator.getitem,
    "__setitem__": operator.setitem,
    "__delitem__": operator.delitem,
    "__call__": call,
    "__round__": round,
    "__exit__": leave,
}
ALWAYS: dict[str, Callable[..., Any]] = {
    "read": read_attribute,
    "write": setattr,
    "delete": delattr,
    "method": call_method,
    "names": dir,
    "text": str,
    "description": repr,
    "formatted": format,
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "resume": resume,
}
"""Operations that all objects have."""
SPECIAL: dict[str, Callable[..., Any]] = {
    **UNARY,
    **OTHERS,
    **{name: getattr(operator, name) for name in COMPARISONS},
    **{f"__{name}__": getattr(operator, f"__{name}__") for name in ARITHMETIC},
    **{f"__i{name}__": getattr(operator, f"__i{name}__") for name in ARITHMETIC},
}
REFLECTED = {f"__r{name}__": f"__{name}__" for name in ARITHMETIC}
"""Special methods for operators whose first operand is another object."""
OPERATIONS = {**SPECIAL, **ALWAYS}


def special_methods(kind: type) -> list[str]:
    """Return the special methods of a class that plain objects do not have."""
    defined = {name for base in kind.__mro__ if base is not object for name in vars(base)}
    found = [name for name in (*SPECIAL, *REFLECTED) if name in defined]
    return [*found, "__ne__"] if "__eq__" in found and "__ne__" not in found else found


def crosses_by_value(kind: type) -> bool:
    """Return whether instances of a class cross by value, if the instructor has the class."""
    return issubclass(kind, enum.Enum) or dataclasses.is_dataclass(kind)


class StudentObjects:
    """The objects that the student's process has sent, by number.

    Parameters
    ----------
    returned : ReturnedFunctions
        Describes the functions that it has sent.

    Attributes
    ----------
    by_value : set of str, or None
        Classes of the instructor's whose instances cross by value. None if the test does not use
        the student's classes; then no objects cross.
    """

    def __init__(self, returned: ReturnedFunctions) -> None:
        self.returned = returned
        self.by_value: set[str] | None = None
        self.objects: list[Any] = []
        self.numbers: dict[int, int] = {}

    def describe(self, value: Any) -> list[Any] | None:  # noqa: ANN401
        """Return what crosses for a function, a class or an object; None if it is another value."""
        if self.by_value is not None and isinstance(value, type):
            return ["class", *self.class_of(value)] if value.__module__ == "__main__" else None
        kind = type(value)
        if self.by_value is not None and kind.__module__ == "__main__" and self.is_sent(kind):
            return ["object", self.number_of(value), self.class_of(kind)]
        return self.returned.describe(value)

    def is_object(self, value: Any) -> bool:  # noqa: ANN401
        """Return whether a value crosses as a class or an object."""
        described = None if self.by_value is None else self.describe(value)
        return described is not None and described[0] in {"class", "object"}

    def is_sent(self, kind: type) -> bool:
        """Return whether the objects of a class are sent by number."""
        if crosses_by_value(kind):
            return kind.__name__ not in (self.by_value or ())
        return not issubclass(kind, BY_VALUE)

    def class_of(self, kind: type, depth: int = 20) -> list[Any]:
        """Return the number of a class, its name, special methods, bases, and error classes."""
        bases = [base for base in kind.__bases__ if base.__module__ == "__main__" and depth]
        errors = [base.__name__ for base in kind.__mro__] if issubclass(kind, Exception) else []
        methods = special_methods(kind)
        methods += ["unhashable"] if kind.__hash__ is None else []
        parents = [self.class_of(base, depth - 1) for base in bases]
        return [self.number_of(kind), kind.__name__, methods, parents, errors]

    def number_of(self, value: Any) -> int:  # noqa: ANN401
        """Return the number of an object or a class."""
        number = self.numbers.get(id(value))
        if number is None:
            if len(self.objects) >= MOST:
                raise UngradableError(f"more than {MOST:,} objects")
            number = self.numbers[id(value)] = len(self.objects)
            self.objects.append(value)
        return number

    def find(self, number: int) -> Any:  # noqa: ANN401
        """Return the object of a number."""
        return self.objects[number]
