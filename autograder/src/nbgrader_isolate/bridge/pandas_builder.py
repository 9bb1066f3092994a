"""Build values of pandas from plain data, with pandas' own constructors; nothing is trusted."""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

from nbgrader_isolate.bridge.copied_arrays import CopiedArrays
from nbgrader_isolate.bridge.failures import RefusedError, UngradableError
from nbgrader_isolate.bridge.pandas_values import MASKED, PLAIN_KINDS

MISSING = (
    "data with the missing value pd.NA, which disappears from comparisons, so that wrong answers "
    "pass (a test that names pd.NA accepts it),"
)
_ZONE = re.compile(r"(?!dateutil)\w[\w+-]*(/\w[\w+-]*)*")


class Builder(CopiedArrays):
    """Builds values of pandas from what `pandas_values.describe` returned, and trusts nothing.

    All arrays are copied, so that nothing shares memory, and are checked to be no larger together
    than `copied_arrays.BYTES`.

    Parameters
    ----------
    missing : bool
        Whether the missing value of pandas, `pd.NA`, is accepted.
    """

    def __init__(self, *, missing: bool) -> None:
        super().__init__("frame")
        self.missing = missing
        self.pd: Any = import_module("pandas")

    def build(self, tag: str, parts: list[Any]) -> Any:  # noqa: ANN401
        """Return the value for a tag and its parts.

        Raises
        ------
        Failure, Exception
            If the parts are malformed.
        """
        builders: dict[str, Callable[..., Any]] = {
            "pd.DataFrame": self.frame,
            "pd.Series": self.series,
            "pd.Index": lambda *spec: self.index(spec),
            "pd.array": lambda *spec: self.extension_array(spec),
            "pd.Timestamp": self.timestamp,
            "pd.Timedelta": self.timedelta,
            "pd.Interval": lambda low, high, closed: self.pd.Interval(low, high, text(closed)),
            "pd.Period": self.period,
            "pd.NA": self.na,
            "pd.NaT": lambda: self.pd.NaT,
        }
        return builders[tag](*parts)

    def na(self) -> Any:  # noqa: ANN401
        """Return `pd.NA`, if it is accepted."""
        if not self.missing:
            raise RefusedError(MISSING)
        return self.pd.NA

    def numbers(self, array: object, kinds: str, axes: int = 1) -> np.ndarray:
        """Return a copy of an array, which must have no gaps, after it was checked."""
        copied = super().numbers(array, kinds, axes)
        if copied.size and isinstance(array, np.ndarray) and not array.flags.c_contiguous:
            raise UngradableError("malformed data of a frame")
        return copied

    def items(self, items: object) -> np.ndarray:
        """Return a list as an array of objects."""
        if type(items) is not list:
            raise UngradableError("malformed data of a frame")
        self.take(8 * len(items))
        if any(map(callable, items)):
            raise UngradableError("a frame of functions")
        return np.fromiter(items, dtype=object, count=len(items))

    def data(self, spec: Any) -> Any:  # noqa: ANN401
        """Return the array that `describe_data` described: NumPy's or an extension array."""
        tag, *parts = parts_of(spec)
        builders: dict[str, Callable[..., Any]] = {
            "numpy": lambda array: self.numbers(array, PLAIN_KINDS),
            "objects": self.items,
            "text": self.texts,
            "category": self.categories,
            "zoned": self.zoned,
            "period": self.periods,
            "interval": self.intervals,
            "masked": self.masked,
        }
        return builders[tag](*parts)

    def categories(self, codes: Any, categories: Any, ordered: Any) -> Any:  # noqa: ANN401
        """Return an array of categories."""
        return self.pd.Categorical.from_codes(
            self.numbers(codes, "i"), self.index(categories), ordered=ordered is True
        )

    def zoned(self, times: Any, zone: Any) -> Any:  # noqa: ANN401
        """Return an array of times in a time zone."""
        universal = self.pd.DatetimeIndex(self.numbers(times, "M")).tz_localize("UTC")
        return universal.tz_convert(zone_of(zone)).array

    def periods(self, ordinals: Any, freq: Any) -> Any:  # noqa: ANN401
        """Return an array of spans of time."""
        numbers = self.numbers(ordinals, "i")
        return self.pd.PeriodIndex.from_ordinals(numbers, freq=text(freq)).array

    def intervals(self, left: Any, right: Any, closed: Any) -> Any:  # noqa: ANN401
        """Return an array of intervals."""
        sides = self.index(left), self.index(right)
        return self.pd.arrays.IntervalArray.from_arrays(*sides, closed=text(closed))

    def extension_array(self, spec: Any) -> Any:  # noqa: ANN401
        """Return the extension array that `describe_data` described."""
        data = self.data(spec)
        return self.pd.array(data, dtype=data.dtype) if type(data) is np.ndarray else data

    def texts(self, storage: Any, is_nan: Any, texts: Any) -> Any:  # noqa: ANN401
        """Return an array of text; None is the missing value of its dtype."""
        items = self.items(texts)
        if not all(item is None or type(item) is str for item in texts):
            raise UngradableError("malformed data of a frame")
        if is_nan is not True and not self.missing:
            raise RefusedError(MISSING)
        na_value = {"na_value": np.nan} if is_nan is True else {}
        return self.pd.array(items, dtype=self.pd.StringDtype(text(storage), **na_value))

    def masked(self, name: Any, data: Any, mask: Any) -> Any:  # noqa: ANN401
        """Return an array of numbers or Booleans with a mask of missing elements."""
        values, hidden = self.numbers(data, MASKED[name]), self.numbers(mask, "b")
        if not self.missing:  # arithmetic with other labels, or with NaN, makes missing values
            raise RefusedError(MISSING)
        return getattr(self.pd.arrays, name)(values, hidden)

    def index(self, spec: Any) -> Any:  # noqa: ANN401
        """Return the index that `describe_index` described."""
        tag, *parts = parts_of(spec)
        if tag == "range":
            *numbers, name = parts
            return self.pd.RangeIndex(*numbers, name=name)
        if tag == "multi":
            names, levels, codes = parts
            return self.pd.MultiIndex(
                levels=[self.index(level) for level in levels],
                codes=[self.numbers(each, "i") for each in codes],
                names=names,
            )
        if tag != "index":
            raise UngradableError("malformed data of a frame")
        name, described, freq = parts
        data = self.data(described)
        dtype = object if is_of_objects(data) else None
        index = self.pd.Index(data, dtype=dtype, name=name, tupleize_cols=False)
        if freq is not None:
            try:
                index.freq = text(freq)
            except ValueError:  # one of a calendar of its own; nothing else is lost
                return index
        return index

    def column(self, spec: Any, index: Any, name: Any = None) -> Any:  # noqa: ANN401
        """Return a series with an index of its own length."""
        data = self.data(spec)
        dtype = object if is_of_objects(data) else None
        return self.pd.Series(data, index=index, name=name, dtype=dtype, copy=False)

    def series(self, name: Any, spec: Any, index: Any, attributes: Any) -> Any:  # noqa: ANN401
        """Return a series."""
        series = self.column(spec, self.index(index), name)
        series.attrs = attributes_of(attributes)
        return series

    def frame(self, names: Any, index: Any, attributes: Any, blocks: Any, rest: Any) -> Any:  # noqa: ANN401
        """Return a frame."""
        columns, rows = self.index(names), self.index(index)
        found: dict[int, Any] = {}
        for positions, block in blocks:
            array = self.numbers(block, PLAIN_KINDS, axes=2)
            pairs = enumerate(positions)
            found |= {number: array[:, place] for place, number in pairs}
            if len(positions) != array.shape[1] or len(array) != len(rows):
                raise UngradableError("a frame whose columns differ in length")
        found |= {position: self.column(spec, rows) for position, spec in rest}
        if sorted(found) != list(range(len(columns))):
            raise UngradableError("a frame whose columns do not fit its labels")
        frame = self.pd.DataFrame({n: found[n] for n in range(len(columns))}, index=rows)
        frame.columns = columns
        frame.attrs = attributes_of(attributes)
        return frame

    def timestamp(self, moment: Any, zone: Any) -> Any:  # noqa: ANN401
        """Return a point in time."""
        if type(moment) is not np.datetime64:
            raise UngradableError("malformed time")
        stamp = self.pd.Timestamp(moment)
        return stamp if zone is None else stamp.tz_localize("UTC").tz_convert(zone_of(zone))

    def timedelta(self, duration: Any) -> Any:  # noqa: ANN401
        """Return a duration."""
        if type(duration) is not np.timedelta64:
            raise UngradableError("malformed time")
        return self.pd.Timedelta(duration)

    def period(self, ordinal: Any, freq: Any) -> Any:  # noqa: ANN401
        """Return a span of time."""
        if type(ordinal) is not int:
            raise UngradableError("malformed time")
        return self.pd.Period(ordinal=ordinal, freq=text(freq))


def parts_of(spec: Any) -> tuple[Any, ...]:  # noqa: ANN401
    """Return the parts of a description, which is a tuple and begins with a name.

    `value_kinds` looks for such descriptions in the message, and sees no others.
    """
    if type(spec) is not tuple or not spec or type(spec[0]) is not str:
        raise UngradableError("malformed data of a frame")
    return spec


def is_of_objects(data: Any) -> bool:  # noqa: ANN401
    """Return whether the elements of an array are Python's objects."""
    return isinstance(data.dtype, np.dtype) and data.dtype.kind == "O"


def text(value: object) -> str:
    """Return a short text, which is a name of pandas'."""
    if type(value) is not str or len(value) > 100:  # noqa: PLR2004
        raise UngradableError("malformed data of a frame")
    return value


def zone_of(zone: Any) -> Any:  # noqa: ANN401
    """Return a time zone that crossed."""
    if type(zone) in {dt.timezone, zoneinfo.ZoneInfo}:
        return zone
    if not _ZONE.fullmatch(text(zone)):  # pandas also takes names of files
        raise UngradableError("a malformed time zone")
    return zone


def attributes_of(attributes: Any) -> dict[Any, Any]:  # noqa: ANN401
    """Return the attributes of a frame, which are a dict."""
    if type(attributes) is not dict:
        raise UngradableError("malformed data of a frame")
    return attributes
