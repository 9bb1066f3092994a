"""Functions of frames such as students write; they run here and on the other side of a bridge."""

# ruff: noqa: ANN001, ANN201, ANN202, PD002

from __future__ import annotations

import datetime as dt
import decimal
import fractions
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse

HERE = "from support import frames; vars(answers).update(vars(frames))"
"""Makes these functions those of a bridge; see `bridged.bridge`."""
TABLE = {
    "id": [3, 1, 2, 1],
    "name": ["Ada", None, "Grace", "Ada"],
    "score": [1.5, np.nan, -0.0, 2.5],
    "passed": [True, False, True, True],
    "when": pd.to_datetime(["2024-01-02", None, "2024-02-29", "2023-12-31"]),
    "group": pd.Categorical(["b", "a", None, "b"], categories=["b", "a", "c"], ordered=True),
}


def table():
    """A frame with a column of each common dtype."""
    return pd.DataFrame(TABLE, index=pd.Index([10, 20, 30, 40], name="key"))


SOURCES = [
    "table()", "table()[[]]", "table().iloc[:0]", "pd.DataFrame()", "pd.DataFrame(index=[1, 2])",
    "pd.DataFrame(np.eye(3))", "pd.DataFrame(np.eye(3, dtype='i2'), columns=list('aba'))",
    "pd.DataFrame({'a': [1, 2], 1: ['x', 2.5], ('b', 2): [None, [3]]})",
    "table().set_index(['name', 'id'])", "table().groupby('name').agg({'score': ['mean', 'max']})",
    "table().describe(include='all')", "table().T", "table()['score'] / 0",
    "table().pivot_table(index='name', columns='group', values='score', observed=False)",
    "table()['name']", "table()['group']", "table()['group'].cat.codes", "table()['when'].dt.year",
    "table()['id'].value_counts()", "table()['when'].dt.tz_localize('Europe/Berlin')",
    "pd.Series([1, 2], name='n', index=['a', 'b'])", "pd.Series([], dtype='object')",
    "pd.Series(pd.date_range('2024-01-31', periods=3, freq='ME', tz='UTC'))",
    "pd.Series(range(5), index=pd.date_range('2024-01-01', periods=5, freq='D'))",
    "pd.Series([1.0, 2.0]).astype('Float64')", "pd.Series([True, False], dtype='boolean')",
    "pd.Series(['a', 'b'], dtype='string')", "pd.Series([1, 2], dtype='UInt8')",
    "pd.Series([decimal.Decimal('1.1'), datetime.date(2024, 1, 2), fractions.Fraction(1, 3)])",
    "pd.cut(pd.Series([1, 5, 9]), [0, 3, 6, 10])",
    "pd.Series(pd.period_range('2024Q1', periods=3))",
    "pd.Series([{1: {'a'}}, (2, [3])])", "pd.Series([[1, 2], [3, 4]])",
    "pd.DataFrame({'a': [np.eye(2), np.eye(2)], 'b': [(1, 2), (3, 4)]})",
    "pd.Series([1, 2]).rolling(2).mean()",
    "pd.RangeIndex(2, 9, 3, name='r')", "table().index", "table().columns",
    "pd.MultiIndex.from_product([['a', 'b'], [1, 2]], names=['x', None])",
    "pd.interval_range(0, 3)", "pd.timedelta_range('1h', periods=3, freq='30min')",
    "pd.date_range('2024-01-01', periods=3, freq='B')", "pd.CategoricalIndex(['a', 'b', 'a'])",
    "table()['group'].unique()", "table()['name'].unique()", "table()['id'].unique()",
    "table()['when'].array", "table()['score'].array",
    "pd.Timestamp('2024-02-29 01:02:03.000004')", "pd.Timestamp('2024-10-27', tz='Europe/Berlin')",
    "pd.Timestamp('2024-01-01', tz=datetime.timezone.utc)", "table().convert_dtypes().iloc[:1]",
    "pd.Timedelta('3 days 4 ms')", "pd.NaT",
    "pd.Interval(1, 2.5, 'both')", "pd.Period('2024-03', 'M')",
    "[table(), {'s': table()['id']}, (pd.Timestamp(5), [pd.NaT])]", "list(table().iterrows())",
    "list(table().itertuples())[0].score", "dict(list(table().groupby('id')))",
]  # fmt: skip
SPARSE = [
    f"scipy.sparse.{name}(np.array([[0, 1, 0], [2, 0, 3.5]]))"
    for name in ("csr_array", "csc_array", "coo_array", "csr_matrix", "csc_matrix", "coo_matrix")
]


def makes_frame(source):
    """The value of an expression."""
    names = {
        **globals(),
        "datetime": dt,
        "decimal": decimal,
        "fractions": fractions,
        "scipy": scipy,
    }
    return eval(source, names)  # noqa: S307 (a test's own words)


def same_frame(value):
    """What was passed."""
    return value


CHANGES: dict[str, Any] = {
    "nothing": lambda frame: frame.sum(numeric_only=True),
    "a new column": lambda frame: frame.__setitem__("more", frame["id"] * 2),
    "a new column, returned": lambda frame: (frame.__setitem__("more", "x"), frame)[1],
    "a cell": lambda frame: frame.at.__setitem__((20, "score"), 9.0),
    "a missing cell": lambda frame: frame.at.__setitem__((10, "name"), None),
    "rows dropped in place": lambda frame: frame.dropna(inplace=True),
    "sorted in place": lambda frame: frame.sort_values("id", inplace=True),
    "renamed in place": lambda frame: frame.rename(columns={"id": "ID"}, inplace=True),
    "the labels": lambda frame: setattr(frame, "columns", list("uvwxyz")),
    "the name of the index": lambda frame: setattr(frame.index, "name", "other"),
    "a column deleted": lambda frame: frame.pop("name"),
    "a copy": lambda frame: frame.assign(id=0),
    "attributes": lambda frame: frame.attrs.update(unit="m"),
}
"""What a function may do to a frame that it is given."""


def changes(how, frame):
    """Do to a frame what CHANGES says."""
    return CHANGES[how](frame)


def appends(series, value):
    """Write into a series."""
    series.loc["new"] = value


def scales(matrix, factor):
    """Write into a sparse array."""
    matrix.data *= factor


class Liar:
    """Equal to everything."""

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return True


class LyingFrame(pd.DataFrame):
    """A frame that is equal to everything, and claims any length."""

    __class__ = pd.DataFrame
    __hash__ = None

    def __eq__(self, other) -> pd.DataFrame:  # type: ignore[override]
        return pd.DataFrame({"all": [True]})

    def __len__(self) -> int:
        return 3

    def equals(self, other):  # noqa: ARG002
        return True


class Endless(pd.api.extensions.ExtensionArray):
    """A column without an end."""

    @property
    def dtype(self):
        while True:
            pass

    def __len__(self) -> int:
        return 2


def lies(kind):
    """An object that is not what it claims to be."""
    return {
        "a frame of its own class": lambda: LyingFrame({"a": [1]}),
        "an object in a column": lambda: pd.DataFrame({"a": [Liar(), Liar()]}),
        "a label": lambda: pd.Series([1], index=pd.Index([Liar], dtype=object)),
        "a name": lambda: pd.Series([1], name=Liar),
        "a function in a column": lambda: pd.Series([len, print]),
        "attributes": _with_attributes,
        "a class that says frame": type("F", (), {"__class__": pd.DataFrame}),
    }[kind]()


def _with_attributes():
    frame = pd.DataFrame({"a": [1]})
    frame.attrs["x"] = Liar()
    return frame


def endless():
    """A series whose dtype is never found."""
    series = pd.Series([1, 2])
    type(series).dtype = property(lambda _: Endless().dtype)
    return series
