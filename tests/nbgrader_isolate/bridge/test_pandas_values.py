"""Values of pandas cross the bridge as they would be in one process."""

from __future__ import annotations

import copy
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbgrader_isolate.bridge.failures import ContractError
from support import frames
from support.bridged import Bridge, bridge
from support.tiers import examples

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:The inplace keyword"),  # courses use it
]


@pytest.fixture(scope="module")
def there() -> Iterator[Bridge]:
    with bridge(before=frames.HERE) as connected:
        connected.remote.missing = True  # as in a test that names such a dtype
        yield connected


def assert_same(got: Any, expected: Any) -> None:  # noqa: ANN401
    """Check that two values are alike in everything that pandas can compare."""
    assert type(got) is type(expected)
    if isinstance(expected, pd.DataFrame):
        assert got.attrs == expected.attrs
        pd.testing.assert_frame_equal(
            got, expected, check_exact=True, check_index_type="exact", check_column_type="exact"
        )
    elif isinstance(expected, pd.Series):
        pd.testing.assert_series_equal(got, expected, check_exact=True, check_index_type="exact")
    elif isinstance(expected, pd.Index):
        pd.testing.assert_index_equal(got, expected, exact=True)
        assert getattr(got, "freq", None) == getattr(expected, "freq", None)
    elif isinstance(expected, pd.api.extensions.ExtensionArray):
        pd.testing.assert_extension_array_equal(got, expected)
    elif isinstance(expected, list | tuple):
        for one, other in zip(got, expected, strict=True):
            assert_same(one, other)
    elif isinstance(expected, dict):
        assert_same(list(got.items()), list(expected.items()))
    else:
        assert repr(got) == repr(expected)


@pytest.mark.sample(every=2)
@pytest.mark.parametrize("source", frames.SOURCES)
def test_a_value_is_the_same_when_it_comes_back(there: Bridge, source: str) -> None:
    assert_same(there.makes_frame(source), frames.makes_frame(source))


@pytest.mark.parametrize("source", frames.SOURCES)
def test_a_value_is_the_same_when_it_is_passed(there: Bridge, source: str) -> None:
    value = frames.makes_frame(source)
    if isinstance(value, pd.api.extensions.ExtensionArray):
        with pytest.raises(ContractError, match="an object of type"):
            there.same_frame(value)
    else:
        before = copy.deepcopy(value)
        assert_same(there.same_frame(value), before)
        assert_same(value, before)


@pytest.mark.parametrize("how", frames.CHANGES)
def test_a_function_changes_a_frame_as_in_one_process(there: Bridge, how: str) -> None:
    mine, theirs = frames.table(), frames.table()
    others = mine[["id"]], theirs[["id"]]
    expected, got = frames.changes(how, mine), there.changes(how, theirs)
    assert_same(theirs, mine)
    assert_same(got, expected)
    assert_same(*others)
    assert (got is theirs) == (expected is mine)


def test_a_function_changes_a_series_and_its_owner_does_not_see_it(there: Bridge) -> None:
    column = frames.table()["id"]
    there.appends(column, 7)
    assert column.tolist() == [3, 1, 2, 1, 7]
    assert column.name == "id"


def test_one_frame_in_two_places_is_one_frame(there: Bridge) -> None:
    frame = frames.table()
    first, (second, other) = there.same_frame([frame, (frame, frame.copy())])
    assert first is frame
    assert second is frame
    assert other is not frame


def test_results_share_no_memory(there: Bridge) -> None:
    got = there.makes_frame("[pd.DataFrame(np.ones((3, 2)))] * 2 + [pd.DataFrame(np.ones(3))]")
    assert got[0] is got[1]
    assert not np.shares_memory(got[0].to_numpy(), got[2].to_numpy())
    got[0].loc[0, 0] = 5.0
    assert got[2].loc[0, 0] == 1.0


def test_frames_cross_as_arguments_of_functions_of_the_test(there: Bridge) -> None:
    seen: list[pd.DataFrame] = []

    def keeps(frame: pd.DataFrame) -> pd.Series:
        seen.append(frame)
        return frame["id"] * 2

    (got,) = there.apply_all(keeps, [frames.table()])
    assert_same(seen[0], frames.table())
    assert_same(got, frames.table()["id"] * 2)


LABELS = st.integers(-5, 5) | st.text(max_size=3) | st.none() | st.floats(allow_nan=False)
COLUMNS = st.sampled_from(
    ["int8", "float32", "bool", "datetime64[s]", "timedelta64[ns]", "object", "str", "category",
     "complex128", "Int16"]
)  # fmt: skip


@given(st.lists(st.tuples(LABELS, COLUMNS), max_size=5), st.lists(LABELS, max_size=4))
@settings(max_examples=examples(150), deadline=None)
def test_frames_with_any_labels_and_dtypes_are_the_same(
    there: Bridge, columns: list[tuple[Any, str]], rows: list[Any]
) -> None:
    numbers = pd.Series(range(len(rows)), dtype="int64")
    found = {place: numbers.astype(dtype) for place, (_, dtype) in enumerate(columns)}
    frame = pd.DataFrame(found)
    frame.columns = pd.Index([label for label, _ in columns], dtype=object if columns else None)
    frame.index = pd.Index(rows) if len(frame) == len(rows) else frame.index
    assert_same(there.same_frame([frame, frame.T]), [frame, frame.T])
    assert_same(there.changes("a copy", frame), frames.changes("a copy", frame))


def test_pandas_is_imported_only_if_a_value_of_it_crosses() -> None:
    code = """
import sys
from support.bridged import bridge
with bridge() as there:
    there.apply_all(len, ["a", [1, {2}]])
    assert there.same(3.5) == 3.5
    assert not {"pandas", "scipy.sparse"} & set(sys.modules)
    assert there.makes("[] if 'pandas' in sys.modules else [1]") == [1]
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd="tests", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
