"""Turn values of the standard library and of the instructor's classes into data, without pickle.

`parts` takes a value apart, and `rebuild` puts it together again. Of a class only its name crosses:
an instance becomes one of the class with the same name and fields that the instructor's cells
define, and none of its methods is called. A student's named tuple becomes one without methods.
"""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
import decimal
import enum
import fractions
import functools
import itertools
import math
import pathlib
import types
import zoneinfo
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from nbgrader_isolate.bridge import by_value, library_values, polynomial_values
from nbgrader_isolate.bridge.failures import RefusedError, TooLargeError, UngradableError

FindClass = Callable[[str], Any]
"""Returns the value of a name in the reader's own namespace, or None."""
LONGEST = 1 << 20
"""The most elements that are taken out of an iterator."""
_VIEWS = {type({}.keys()): "keys", type({}.values()): "values", type({}.items()): "items"}
_EXAMPLES: list[Any] = [[], (), range(1), range(1 << 70), "", "é", b"", set(), {}]
_EXAMPLES += [{}.values(), {}.items()]
_ITERATORS: set[type] = {types.GeneratorType, map, filter, zip, enumerate, reversed}
_ITERATORS |= {type(iter(example)) for example in _EXAMPLES}
_ITERATORS |= {type(reversed(example)) for example in (_EXAMPLES[0], _EXAMPLES[2], *_EXAMPLES[-3:])}
_ITERATORS |= {kind for kind in vars(itertools).values() if isinstance(kind, type)}


@dataclasses.dataclass(frozen=True)
class DrainedIterator:
    """The elements of an iterator that a function returned."""

    items: list[Any]
    generator: bool


def drain(value: Any) -> Any:  # noqa: ANN401
    """Return a value unchanged, but replace one of Python's own iterators by its elements.

    Raises
    ------
    TooLargeError
        If the iterator has more than `LONGEST` elements.
    """
    if type(value) not in _ITERATORS:
        return value
    items = list(itertools.islice(value, LONGEST + 1))
    if len(items) > LONGEST:
        raise TooLargeError(f"an iterator of more than {LONGEST:,} elements")
    return DrainedIterator(items, isinstance(value, types.GeneratorType))


def parts(value: Any, kind: type, *, answer: bool) -> list[Any]:  # noqa: ANN401
    """Return the tag of a value and its parts.

    Parameters
    ----------
    value : object
    kind : type
        The type of the value.
    answer : bool
        Whether the value goes back to the test. Then mutable objects are allowed too, because
        nobody will see later changes to them.

    Raises
    ------
    UngradableError
        If the type of the value is not supported.
    TooLargeError
    """
    result = _of_library(value, kind, answer=answer) or polynomial_values.parts(value, kind)
    result = result or _of_class(value, kind, answer=answer)
    if result is None and answer:
        result = by_value.parts(value, kind)
    if result is None:
        raise UngradableError(f"an object of type {kind.__name__[:100]}")
    return result


def _of_library(value: Any, kind: type, *, answer: bool) -> list[Any] | None:  # noqa: ANN401
    if kind in _SPLIT:
        return [kind.__name__, *_SPLIT[kind](value)]
    if kind in _VIEWS:
        return [_VIEWS[kind], *(itertools.chain(*value) if _VIEWS[kind] == "items" else value)]
    if kind is DrainedIterator:
        return ["iterator", value.generator, *value.items]
    if kind is np.ndarray and answer:
        if value.size > LONGEST:
            raise TooLargeError(f"an array of {value.size:,} objects")
        return ["objects", value.ndim, *value.shape, *value.ravel().tolist()]
    tag = library_values.tag_of(kind)
    if tag and (answer or tag not in library_values.ANSWERS_ONLY):
        return [tag, *library_values.describe(value, tag)]
    return None


def _of_class(value: Any, kind: type, *, answer: bool) -> list[Any] | None:  # noqa: ANN401
    if isinstance(value, enum.Enum):
        plain = value.value if isinstance(value, int | float | str) else None
        return ["enum", kind.__name__, value.name, plain]
    if isinstance(value, tuple):
        fields: Any = getattr(kind, "_fields", None)
        if not isinstance(fields, tuple) or len(fields) != len(value):
            return None
        return ["named", kind.__name__, len(fields), *fields, *value]
    if dataclasses.is_dataclass(kind) and (answer or kind.__dataclass_params__.frozen):  # type: ignore[attr-defined]
        names = [field.name for field in dataclasses.fields(kind)]
        return [
            "data",
            kind.__name__,
            len(names),
            *names,
            *(getattr(value, name) for name in names),
        ]
    return None


def rebuild(tag: str, values: Sequence[Any], find_class: FindClass) -> Any:  # noqa: ANN401
    """Return the value that `parts` took apart; nothing is trusted.

    Raises
    ------
    UngradableError, TypeError, ValueError, ArithmeticError, KeyError, OSError
        If the parts are malformed.
    """
    if tag in _OF_CLASSES:
        return _OF_CLASSES[tag](find_class, *values)
    if tag in polynomial_values.TAGS:
        return polynomial_values.rebuild(tag, list(values))
    kinds, make = _JOIN[tag]
    if kinds and not all(type(value) in kinds for value in values):
        raise TypeError(tag)
    return make(*values)


def _fields(count: Any, rest: Sequence[Any]) -> tuple[tuple[str, ...], Sequence[Any]]:  # noqa: ANN401
    names, values = tuple(rest[:count]), rest[count:]
    if (
        type(count) is not int
        or len(names) != len(values)
        or not all(type(name) is str for name in names)
    ):
        raise ValueError(count)
    return names, values


def _named(find_class: FindClass, name: str, count: int, *rest: Any) -> Any:  # noqa: ANN401
    names, values = _fields(count, rest)
    own = find_class(name)
    if isinstance(own, type) and issubclass(own, tuple) and getattr(own, "_fields", None) == names:
        return tuple.__new__(own, values)
    return tuple.__new__(_new_class(name, names), values)


@functools.lru_cache(64)
def _new_class(name: str, names: tuple[str, ...]) -> type[tuple[Any, ...]]:
    return collections.namedtuple(name, names)  # noqa: PYI024 (it refuses invalid names)


def _data(find_class: FindClass, name: str, count: int, *rest: Any) -> Any:  # noqa: ANN401
    names, values = _fields(count, rest)
    own = find_class(name)
    if not isinstance(own, type) or not dataclasses.is_dataclass(own):
        raise RefusedError(f"an object of type {str(name)[:100]}")
    if tuple(field.name for field in dataclasses.fields(own)) != names:
        raise UngradableError(f"an object of a type {name} whose fields differ from the test's")
    instance: Any = object.__new__(own)
    for field_name, value in zip(names, values, strict=True):
        object.__setattr__(instance, field_name, value)
    return instance


def _enum(find_class: FindClass, name: str, member: str, plain: Any) -> Any:  # noqa: ANN401
    own = find_class(name)
    if isinstance(own, enum.EnumType) and member in own.__members__:
        return own[member]
    if type(plain) not in {int, float, str}:
        raise RefusedError(f"an object of type {str(name)[:100]}")
    return plain


def _zone(value: dt.timezone) -> list[Any]:
    name = value.tzname(None)
    return [value.utcoffset(None), None if name.startswith("UTC") else name]


def _datetime(*values: Any) -> dt.datetime:  # noqa: ANN401
    *numbers, fold, zone = values
    _require_integers(*numbers, fold)
    value = dt.datetime(*numbers, tzinfo=zone)  # type: ignore[misc]
    return value.replace(fold=fold)


def _time(*values: Any) -> dt.time:  # noqa: ANN401
    *numbers, fold, zone = values
    _require_integers(*numbers, fold)
    value = dt.time(*numbers, tzinfo=zone)  # type: ignore[misc]
    return value.replace(fold=fold)


def _require_integers(*numbers: Any) -> None:  # noqa: ANN401
    if not all(type(number) is int for number in numbers):
        raise TypeError(numbers)


def _iterator(generator: object, *items: Any) -> Iterator[Any]:  # noqa: ANN401
    return (item for item in items) if generator is True else iter(items)


def _array(kind: type[Any], array: Any) -> Any:  # noqa: ANN401
    if type(array) is not np.ndarray:
        raise TypeError(kind)
    return array.view(kind)


def _masked(array: Any, mask: Any, fill: Any) -> Any:  # noqa: ANN401
    if type(array) is not np.ndarray or type(mask) is not np.ndarray or mask.dtype != np.bool:
        raise TypeError(mask)
    if mask.shape != array.shape:
        raise ValueError(mask.shape)
    return np.ma.MaskedArray(array, mask=mask, fill_value=fill)


def _objects(axes: Any, *rest: Any) -> np.ndarray:  # noqa: ANN401
    shape, items = rest[:axes], rest[axes:]
    _require_integers(axes, *shape)
    if min(shape, default=0) < 0 or math.prod(shape) != len(items):
        raise ValueError(shape)
    array = np.empty(len(items), dtype=object)
    for index, item in enumerate(items):
        array[index] = item
    return array.reshape(shape)


_TIME_FIELDS = ("hour", "minute", "second", "microsecond", "fold", "tzinfo")
_SPLIT: dict[type, Callable[[Any], Sequence[Any]]] = {
    dt.date: lambda value: [value.year, value.month, value.day],
    dt.datetime: lambda value: [
        value.year,
        value.month,
        value.day,
        *(getattr(value, name) for name in _TIME_FIELDS),
    ],
    dt.time: lambda value: [getattr(value, name) for name in _TIME_FIELDS],
    dt.timedelta: lambda value: [value.days, value.seconds, value.microseconds],
    dt.timezone: _zone,
    zoneinfo.ZoneInfo: lambda value: [value.key],
    decimal.Decimal: lambda value: [str(value)],
    fractions.Fraction: lambda value: [value.numerator, value.denominator],
    pathlib.PosixPath: lambda value: [str(value)],
    pathlib.PurePosixPath: lambda value: [str(value)],
    np.matrix: lambda value: [np.asarray(value)],
    np.recarray: lambda value: [np.asarray(value)],
    np.ma.MaskedArray: lambda value: [
        np.asarray(value.data),
        np.ma.getmaskarray(value),
        value.fill_value,
    ],
}
_NUMBER: set[type] = {int}
_TEXT: set[type] = {str}
_ANY: set[type] = set()
_JOIN: dict[str, tuple[set[type], Callable[..., Any]]] = {
    "date": (_NUMBER, dt.date),
    "datetime": (_ANY, _datetime),
    "time": (_ANY, _time),
    "timedelta": (_NUMBER, dt.timedelta),
    "timezone": (
        _ANY,
        lambda offset, name: dt.timezone(offset, name) if name else dt.timezone(offset),
    ),
    "ZoneInfo": (_TEXT, zoneinfo.ZoneInfo),
    "Decimal": (_TEXT, decimal.Decimal),
    "Fraction": (_NUMBER, fractions.Fraction),
    "PosixPath": (_TEXT, pathlib.PosixPath),
    "PurePosixPath": (_TEXT, pathlib.PurePosixPath),
    "matrix": (_ANY, functools.partial(_array, np.matrix)),
    "recarray": (_ANY, functools.partial(_array, np.recarray)),
    "MaskedArray": (_ANY, _masked),
    "objects": (_ANY, _objects),
    "keys": (_ANY, lambda *all_: dict.fromkeys(all_).keys()),
    "values": (_ANY, lambda *all_: dict(enumerate(all_)).values()),
    "items": (_ANY, lambda *all_: dict(zip(all_[::2], all_[1::2], strict=True)).items()),
    "iterator": (_ANY, _iterator),
}
_OF_CLASSES: dict[str, Callable[..., Any]] = {
    "named": _named,
    "data": _data,
    "enum": _enum,
    **by_value.REBUILD,
}
TAGS = {*_JOIN, *_OF_CLASSES, *polynomial_values.TAGS}
