"""Turn values of pandas into plain data, and build them again from it, without pickle.

A frame, a series or an index becomes tuples of arrays, lists and names (`describe`), and
`pandas_builder.Builder` makes a new one with pandas' own constructors. Frames cross by value: no
two of them share memory on the other side. pandas is imported only if a value of pandas crosses.
"""

from __future__ import annotations

import datetime as dt
import sys
import zoneinfo
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from nbgrader_isolate.bridge.failures import UngradableError

PLAIN_KINDS = "biufcmM"
"""Kinds of dtypes whose arrays cross as they are."""
MASKED = {"IntegerArray": "iu", "FloatingArray": "f", "BooleanArray": "b"}
"""Extension arrays with a mask, and the kinds of the dtypes of their elements."""
_INDEXES = (
    *("Index", "RangeIndex", "MultiIndex", "CategoricalIndex", "DatetimeIndex", "PeriodIndex"),
    *("TimedeltaIndex", "IntervalIndex"),
)
_SCALARS = ("Timestamp", "Timedelta", "Interval", "Period")
MUTABLE = frozenset({"pd.DataFrame", "pd.Series"})
"""Tags of values that have an identity and that a call can change."""
TAGS = MUTABLE | {"pd.Index", "pd.array", "pd.NA", "pd.NaT", *(f"pd.{name}" for name in _SCALARS)}


@cache
def tags() -> dict[type, str]:
    """Return the tags of pandas' own types."""
    pd: Any = sys.modules["pandas"]
    found: dict[type, str] = {pd.DataFrame: "pd.DataFrame", pd.Series: "pd.Series"}
    found |= {getattr(pd, name): "pd.Index" for name in _INDEXES}
    found |= {getattr(pd, name): f"pd.{name}" for name in _SCALARS}
    return found | {type(pd.NA): "pd.NA", type(pd.NaT): "pd.NaT"}


def tag_of(kind: type) -> str:
    """Return the tag of a type of pandas; "" if its values do not cross."""
    pd: Any = sys.modules.get("pandas")
    if pd is None:
        return ""
    is_array = issubclass(kind, pd.api.extensions.ExtensionArray)
    return tags().get(kind) or ("pd.array" if is_array else "")


def describe(value: Any, tag: str) -> tuple[Any, ...]:  # noqa: ANN401
    """Return a value of pandas as tuples of plain data and arrays.

    Raises
    ------
    UngradableError
        If it has a dtype that does not cross.
    """
    return _DESCRIBE[tag](value)


def describe_series(series: Any) -> tuple[Any, ...]:  # noqa: ANN401
    """Return a series as its name, its elements, its labels and its attributes."""
    labels = describe_index(series.index)
    return (series.name, describe_data(series), labels, dict(series.attrs))


def describe_frame(frame: Any) -> tuple[Any, ...]:  # noqa: ANN401
    """Return a frame as its labels, its attributes, and its columns.

    Columns of one plain dtype are sent together, as an array with the axes (row, column).
    """
    dtypes = list(frame.dtypes)
    blocks: dict[np.dtype[Any], list[int]] = {}
    columns = []
    for position, dtype in enumerate(dtypes):
        if is_plain(dtype):
            blocks.setdefault(dtype, []).append(position)
        else:
            columns.append((position, describe_data(frame.iloc[:, position])))
    arrays = [
        (positions, np.ascontiguousarray(frame.iloc[:, positions].to_numpy()))
        for positions in blocks.values()
    ]
    labels = describe_index(frame.columns), describe_index(frame.index)
    return (*labels, dict(frame.attrs), arrays, columns)


def is_plain(dtype: Any) -> bool:  # noqa: ANN401
    """Return whether a dtype is one of NumPy's for numbers, Booleans or times."""
    return isinstance(dtype, np.dtype) and dtype.kind in PLAIN_KINDS


def describe_data(values: Any) -> tuple[Any, ...]:  # noqa: ANN401, PLR0911 (one for each kind)
    """Return the elements of a series, an index or an extension array, with their dtype."""
    pd: Any = sys.modules["pandas"]
    dtype = values.dtype
    if type(dtype).__name__ == "NumpyEADtype":
        dtype = dtype.numpy_dtype
    if is_plain(dtype):
        return ("numpy", np.ascontiguousarray(values.to_numpy()))
    if dtype.kind == "O" and isinstance(dtype, np.dtype):
        return ("objects", list(values.to_numpy()))
    array = getattr(values, "array", values)
    if isinstance(dtype, pd.StringDtype):
        texts: list[Any] = [each if type(each) is str else None for each in array]
        return ("text", dtype.storage, dtype.na_value is not pd.NA, texts)
    if isinstance(dtype, pd.CategoricalDtype):
        categories = describe_index(dtype.categories)
        return ("category", np.array(array.codes), categories, bool(dtype.ordered))
    if isinstance(dtype, pd.DatetimeTZDtype):
        times = np.ascontiguousarray(array.to_numpy(f"M8[{dtype.unit}]"))
        return ("zoned", times, describe_zone(dtype.tz))
    if isinstance(dtype, pd.PeriodDtype):
        frequency = dtype.name.removeprefix("period[").removesuffix("]")
        return ("period", np.ascontiguousarray(pd.PeriodIndex(array).asi8), frequency)
    if isinstance(dtype, pd.IntervalDtype):
        return ("interval", *map(describe_index, (array.left, array.right)), array.closed)
    if type(array).__name__ in MASKED:
        data = array.to_numpy(dtype.numpy_dtype, na_value=dtype.type(0))
        return ("masked", type(array).__name__, data, np.asarray(array.isna()))
    raise UngradableError(f"data of the dtype {str(dtype)[:100]}")


def describe_index(index: Any) -> tuple[Any, ...]:  # noqa: ANN401
    """Return the labels of an axis, with their names."""
    pd: Any = sys.modules["pandas"]
    if type(index) not in tags():
        raise UngradableError(f"an index of type {type(index).__name__[:100]}")
    if isinstance(index, pd.RangeIndex):
        return ("range", index.start, index.stop, index.step, index.name)
    if isinstance(index, pd.MultiIndex):
        levels = [describe_index(level) for level in index.levels]
        return ("multi", list(index.names), levels, [np.array(codes) for codes in index.codes])
    frequency = getattr(index, "freqstr", None) if index.dtype.kind in "mM" else None
    return ("index", index.name, describe_data(index), frequency)


def describe_zone(zone: Any) -> Any:  # noqa: ANN401
    """Return a time zone; one that is not of the standard library, by its name."""
    if zone is None or type(zone) in {dt.timezone, zoneinfo.ZoneInfo}:
        return zone
    return str(zone)[:100]


_DESCRIBE: dict[str, Callable[[Any], tuple[Any, ...]]] = {
    "pd.DataFrame": describe_frame,
    "pd.Series": describe_series,
    "pd.Index": describe_index,
    "pd.array": describe_data,
    "pd.Timestamp": lambda value: (np.datetime64(value.asm8), describe_zone(value.tz)),
    "pd.Timedelta": lambda value: (np.timedelta64(value.asm8),),
    "pd.Interval": lambda value: (value.left, value.right, value.closed),
    "pd.Period": lambda value: (value.ordinal, value.freqstr),
    "pd.NA": lambda _: (),
    "pd.NaT": lambda _: (),
}


def refill(old: Any, new: Any) -> None:  # noqa: ANN401
    """Give a frame or a series the contents of another one; what refers to it sees the change."""
    kind: Any = type(old)
    kind.__init__(old, new)
    old.attrs = new.attrs
