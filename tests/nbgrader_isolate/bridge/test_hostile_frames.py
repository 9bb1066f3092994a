"""Frames and sparse arrays that lie: nothing is read outside its memory, and no test is fooled."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

from nbgrader_isolate.bridge.failures import (
    CallTimeoutError,
    Failure,
    RefusedError,
    UngradableError,
)
from support import frames
from support.bridged import Bridge, bridge

pytestmark = pytest.mark.slow

FORGE = f"""
{frames.HERE}
import numpy as np
from nbgrader_isolate.bridge import library_values, pandas_values, sparse_values
from numpy.lib.stride_tricks import as_strided
described = library_values.describe
LABELS = ("index", None, ("objects", ["a"]), None)
ROWS = ("range", 0, 2, 1, None)
ones = np.ones((2, 1))
library_values.describe = lambda value, tag: eval(lie, globals() | {{'value': value}})
def forged(source, spec):
    global lie
    lie = spec
    return eval(source, vars(frames))
def forged_change(frame):
    turns = [described, described, lambda *_: (LABELS, ROWS, {{}}, [], [])]
    library_values.describe = lambda value, tag: turns.pop(0)(value, tag)
    frame["b"] = 3
answers.forged, answers.forged_change = forged, forged_change
"""
"""Describes a value by an expression that the test chooses instead of by its contents."""
FRAMES = {
    "more rows than labels": "LABELS, ROWS, {}, [([0], np.ones((5, 1)))], []",
    "fewer rows than labels": "LABELS, ROWS, {}, [], [(0, ('objects', [1]))]",
    "positions without a column": "LABELS, ROWS, {}, [([0, 1], ones)], []",
    "a column without a position": "LABELS, ROWS, {}, [([], ones)], []",
    "no columns for its labels": "LABELS, ROWS, {}, [], []",
    "columns without labels": "LABELS, ROWS, {}, [([0], ones)], [(1, ('objects', [1, 2]))]",
    "a position below zero": "LABELS, ROWS, {}, [([-1], ones)], []",
    "a block that repeats": (
        "LABELS, ROWS, {}, [([0], np.broadcast_to(np.ones((1, 1)), (1 << 20, 1 << 20)))], []"
    ),
    "a block outside its memory": (
        "LABELS, ROWS, {}, [([0], as_strided(np.ones(2), (2, 1), (1 << 30, 8)))], []"
    ),
    "a block with gaps": "LABELS, ROWS, {}, [([0], np.ones((2, 4))[:, ::4])], []",
    "one block a thousand times": (
        "LABELS, ('range', 0, 1 << 18, 1, None), {}, [([0], big)] * 1000, []"
    ),
    "one list a thousand times": (
        "LABELS, ('range', 0, 50_000, 1, None), {}, [], [(0, ('objects', long))] * 100_000"
    ),
    "a block of text": "LABELS, ROWS, {}, [([0], np.array([['a'], ['b']]))], []",
    "a block that is a list": "LABELS, ROWS, {}, [([0], [[1.0], [2.0]])], []",
    "attributes that are a list": "LABELS, ROWS, [], [([0], ones)], []",
    "labels that are a number": "3, ROWS, {}, [([0], ones)], []",
    "an unknown index": "('index2', None, ('objects', ['a']), None), ROWS, {}, [([0], ones)], []",
    "a name that is a list": (
        "('index', [1], ('objects', ['a']), None), ROWS, {}, [([0], ones)], []"
    ),
    "a range of text": "LABELS, ('range', '0', 2, 1, None), {}, [([0], ones)], []",
    "a range beyond all numbers": "LABELS, ('range', 0, 1 << 70, 1, None), {}, [([0], ones)], []",
    "itself in a column": "LABELS, ROWS, {}, [], [(0, ('objects', [value, value]))]",
}
COLUMNS = {
    "codes beyond the categories": "('category', np.array([0, 7], 'i1'), LABELS, False)",
    "codes below all": "('category', np.array([0, -9], 'i1'), LABELS, False)",
    "codes of fractions": "('category', np.array([0.5, 0]), LABELS, False)",
    "categories twice": (
        "('category', np.array([0, 1], 'i1'), ('index', None, ('objects', [1, 1]), None), False)"
    ),
    "a list for ordered categories": ("['category', np.array([0, 0], 'i1'), LABELS, True]"),
    "ordered categories that NumPy names": (
        "(np.str_('category'), np.array([0, 0], 'i1'), LABELS, True)"
    ),
    "a mask of numbers": "('masked', 'IntegerArray', np.arange(2), np.arange(2))",
    "a mask of another length": "('masked', 'IntegerArray', np.arange(2), np.zeros(3, bool))",
    "a masked array of its own": "('masked', 'PandasArray', np.arange(2), np.zeros(2, bool))",
    "numbers for Booleans": "('masked', 'BooleanArray', np.arange(2), np.zeros(2, bool))",
    "text that is a number": "('text', 'python', True, ['a', 3])",
    "text in a set": "('text', 'python', True, {'a', 'b'})",
    "text stored somewhere else": "('text', 'elsewhere', True, ['a', 'b'])",
    "a zone that is a file": "('zoned', np.zeros(2, 'M8[s]'), 'dateutil//etc/localtime')",
    "a zone in another folder": "('zoned', np.zeros(2, 'M8[s]'), '../../etc/localtime')",
    "zoned numbers": "('zoned', np.zeros(2), 'UTC')",
    "a frequency that is code": "('period', np.arange(2), '__import__(\"os\")')",
    "a very long frequency": "('period', np.arange(2), 'D' * 100_000)",
    "an interval that is upside down": "('interval', two('left'), two('right'), 'left')",
    "an interval of one side": "('interval', ROWS, ROWS)",
    "three": "('numpy', np.arange(3))",
    "none": "('numpy', np.arange(0))",
    "two axes": "('numpy', np.ones((2, 2)))",
    "a number": "('numpy', 3)",
    "nothing known": "('eval', 'print(1)')",
}
INDEXES = {
    "codes beyond a level": "'multi', ['x'], [LABELS], [np.array([0, 1])]",
    "codes far below a level": "'multi', ['x'], [LABELS], [np.array([-100, 0])]",
    "more codes than levels": "'multi', ['x'], [LABELS], [np.arange(1), np.arange(1)]",
    "levels of itself": "'multi', ['x'], [value], [np.array([0])]",
    "a frequency that is a list": "'index', None, ('numpy', np.zeros(2, 'M8[s]')), ['D']",
    "nothing": "()",
}
SPARSE = {
    "indices beyond the shape": "(2, 3), np.ones(1), np.array([9]), np.array([0, 1, 1])",
    "indices below zero": "(2, 3), np.ones(1), np.array([-5]), np.array([0, 1, 1])",
    "pointers beyond the data": "(2, 3), np.ones(1), np.array([0]), np.array([0, 1 << 30, 1])",
    "pointers that decrease": "(2, 3), np.ones(2), np.array([0, 1]), np.array([0, 2, 1])",
    "too few pointers": "(2, 3), np.ones(1), np.array([0]), np.array([0])",
    "indices of fractions": "(2, 3), np.ones(1), np.array([0.5]), np.array([0, 1, 1])",
    "a shape below zero": "(-2, 3), np.ones(1), np.array([0]), np.array([0, 1, 1])",
    "a shape of text": "('2', 3), np.ones(1), np.array([0]), np.array([0, 1, 1])",
    "a shape without an end": "(1 << 62, 3), np.ones(1), np.array([0]), np.array([0, 1, 1])",
    "data that repeats": (
        "(2, 3), np.broadcast_to(np.ones(1), (1 << 40,)), np.array([0]), np.array([0, 1, 1])"
    ),
    "one array only": "(2, 3), np.ones(1)",
}
COORDINATES = {
    "rows beyond the shape": "(2, 3), np.ones(1), np.array([2]), np.array([0])",
    "columns below zero": "(2, 3), np.ones(1), np.array([0]), np.array([-1])",
    "fewer rows than data": "(2, 3), np.ones(2), np.array([0]), np.array([0, 1])",
    "one axis": "(2, 3), np.ones(1), np.array([0])",
}
MORE = """
big, long = np.ones((1 << 18, 1)), [0] * 50_000
def two(side):
    return ("index", None, ("numpy", np.array([1, 2] if side == "left" else [0, 1])), None)
"""
FORGERIES = {
    **{f"frame: {name}": ("table()", spec) for name, spec in FRAMES.items()},
    **{
        f"column: {name}": ("table()", f"LABELS, ROWS, {{}}, [], [(0, {spec})]")
        for name, spec in COLUMNS.items()
    },
    **{
        f"series: {name}": ("table()['id']", f"None, {spec}, ROWS, {{}}")
        for name, spec in COLUMNS.items()
        if name != "none"
    },
    **{f"index: {name}": ("table().index", spec) for name, spec in INDEXES.items()},
    **{f"csr: {name}": ("scipy.sparse.csr_array(np.eye(2))", s) for name, s in SPARSE.items()},
    **{f"coo: {name}": ("scipy.sparse.coo_array(np.eye(2))", s) for name, s in COORDINATES.items()},
    "time: a number": ("pd.Timestamp(0)", "5, None"),
    "time: beyond all": ("pd.Timestamp(0)", "np.datetime64(1 << 62, 'Y'), None"),
    "time: a zone that is a number": ("pd.Timestamp(0)", "np.datetime64(1, 's'), 3"),
    "duration: text": ("pd.Timedelta(0)", "'1 day'"),
    "span: text": ("pd.Period('2024', 'Y')", "'2024', 'Y'"),
    "span: no frequency": ("pd.Period('2024', 'Y')", "3, None"),
    "interval: upside down": ("pd.Interval(0, 1)", "3, 1, 'left'"),
    "interval: closed by code": ("pd.Interval(0, 1)", "1, 3, {}"),
}


@pytest.fixture(scope="module")
def forging() -> Iterator[Bridge]:
    with bridge(before=FORGE + MORE) as connected:
        yield connected


@pytest.mark.sample(every=3)
@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_value_of_a_library_is_a_failure(forging: Bridge, name: str) -> None:
    source, spec = FORGERIES[name]
    forging.remote.failures.clear()
    with pytest.raises(Failure) as caught:
        forging.forged(source, f"({spec})" if spec.endswith(")") else f"({spec},)")
    assert caught.value in forging.remote.failures
    assert forging.same(1) == 1


def test_an_index_of_a_level_of_its_own_is_not_forged(forging: Bridge) -> None:
    assert list(forging.forged("table().index", "'index', None, ('objects', [1]), None")) == [1]


@pytest.fixture(scope="module")
def there() -> Iterator[Bridge]:
    with bridge(before=frames.HERE) as connected:
        yield connected


@pytest.mark.parametrize(
    "kind",
    [
        "a frame of its own class", "an object in a column", "a label", "a name",
        "a function in a column", "attributes", "a class that says frame",
    ],
)  # fmt: skip
def test_a_frame_with_objects_of_the_students_is_a_failure(there: Bridge, kind: str) -> None:
    with pytest.raises(UngradableError):
        there.lies(kind)
    assert there.same(1) == 1


MISSING = [
    "pd.Series([pd.NA, 1], dtype='Int64')", "pd.Series([pd.NA], dtype='Float64')",
    "pd.Series([pd.NA], dtype='boolean')", "pd.Series([pd.NA], dtype='string')",
    "pd.Series([pd.NA], dtype=object)", "pd.DataFrame({'a': [1, pd.NA]})",
    "pd.array([1, None])", "pd.Index([pd.NA])", "pd.NA", "[pd.NA]", "{'a': (1, pd.NA)}",
    "pd.Series([1], name=pd.NA)", "np.array([pd.NA], dtype=object)",
    "pd.Series([], dtype='Float64')", "pd.Series([1], dtype='Int64')",
    "pd.Series(pd.arrays.FloatingArray(np.full(2, np.nan), np.zeros(2, bool)))",
    "pd.Categorical(pd.array([1, 2]).astype('Int64')[:0]), pd.NA",
]  # fmt: skip


@pytest.mark.parametrize("source", MISSING)
def test_a_value_that_vanishes_from_comparisons_is_refused_unless_the_test_names_it(
    there: Bridge, source: str
) -> None:
    there.remote.missing = False
    with pytest.raises(RefusedError, match=r"pd\.NA"):
        there.makes_frame(source)
    there.remote.missing = True
    try:
        assert repr(there.makes_frame(source)) == repr(frames.makes_frame(source))
    finally:
        there.remote.missing = False


def test_a_dtype_that_is_never_found_is_stopped() -> None:
    with bridge(before=frames.HERE) as there:
        there.remote.call_seconds = 0.5
        with pytest.raises(CallTimeoutError):
            there.endless()


def test_a_frame_larger_than_the_shared_memory_is_too_large() -> None:
    with bridge(before=frames.HERE, arrays=1 << 16) as there:
        with pytest.raises(Failure, match="too much"):
            there.makes_frame("pd.DataFrame(np.zeros((10_000, 10)))")
        with pytest.raises(Failure, match="cannot be sent"):
            there.same_frame(pd.DataFrame(np.zeros((10_000, 10))))
        assert there.same(1) == 1


def test_an_argument_is_not_changed_by_an_answer_that_cannot_be_read() -> None:
    with bridge(before=FORGE + MORE) as there:
        frame = pd.DataFrame({"a": [1, 2]})
        with pytest.raises(Failure):
            there.forged_change(frame)
        assert frame.to_dict("list") == {"a": [1, 2]}
