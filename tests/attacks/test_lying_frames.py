"""Wrong frames and series that resemble right ones, against the common ways to test them.

All answers and tests are in one notebook, which runs in the sandbox. The right answer passes all
tests. A wrong one passes only those that do not look at what is wrong, as in one process.
"""

from __future__ import annotations

import pytest

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.grading.engine import Engine
from support.prepared import graded, notebook, plain, records, student
from support.tiers import some

pytestmark = pytest.mark.slow

SETUP = """
import numpy as np
import pandas as pd
want = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": ["x", "y", "z"]})
row = pd.Series([1.0, 2.0, 3.0], name="a")
"""
LIAR = """
class Yes:
    __eq__ = lambda *a: True
    __ne__ = lambda *a: False
    __bool__ = lambda *a: True
    __hash__ = lambda *a: hash("a")
class Frame(pd.DataFrame):
    __class__ = pd.DataFrame
    shape, size, equals = (3, 2), 6, lambda *a: True
    __eq__ = lambda *a: pd.DataFrame({"a": [True]})
    __len__ = lambda *a: 3
class Series(pd.Series):
    __class__ = pd.Series
    __eq__ = lambda *a: pd.Series([True])
    tolist = lambda *a: [1.0, 2.0, 3.0]
"""
FRAMES = {
    "right": "want.copy()",
    "of its own class": "Frame({'a': [7.0]})",
    "liars": "pd.DataFrame({'a': [Yes()] * 3, 'b': [Yes()] * 3})",
    "liars as labels": "pd.DataFrame([[7.0, 'q']] * 3, columns=[Yes(), 'b'])",
    "missing": "pd.DataFrame({'a': [pd.NA] * 3, 'b': [pd.NA] * 3})",
    "missing numbers": "want.assign(a=pd.array([pd.NA] * 3, dtype='Float64'))",
    "missing text": "want.assign(b=pd.array([pd.NA] * 3, dtype='string'))",
    "nan": "pd.DataFrame(np.nan, index=range(3), columns=['a', 'b'])",
    "nan numbers": "want.assign(a=np.nan)",
    "none": "pd.DataFrame(None, index=range(3), columns=['a', 'b'], dtype=object)",
    "without rows": "want.iloc[:0]",
    "without columns": "want[[]]",
    "without anything": "pd.DataFrame()",
    "without an end": "pd.DataFrame(index=range(1 << 60), columns=[])",
    "other numbers": "want.assign(a=7.0)",
    "other text": "want.assign(b='q')",
    "other labels": "want.set_axis(['a', 'c'], axis=1)",
    "other index": "want.set_axis([1, 2, 3])",
    "text for numbers": "want.astype(str)",
    "one row": "want.head(1)",
    "rows twice": "pd.concat([want, want])",
    "columns twice": "pd.concat([want, want * 2], axis=1)",
    "categories": "want.assign(a=pd.Categorical([7.0] * 3, categories=[7.0, 1.0, 2.0, 3.0]))",
    "a dict": "{'a': [7.0] * 3, 'b': ['x', 'y', 'z']}",
    "an array": "want.to_numpy()[::-1]",
}
FRAME_TESTS = {
    "testing": "pd.testing.assert_frame_equal(answer(), want)",
    "testing, not dtypes": "pd.testing.assert_frame_equal(answer(), want, check_dtype=False)",
    "testing, like": "pd.testing.assert_frame_equal(answer(), want, check_like=True)",
    "equals": "assert answer().equals(want)",
    "all": "assert (answer() == want).all().all()",
    "all of values": "assert (answer().values == want.values).all()",
    "not any": "assert not (answer() != want).any().any()",
    "empty compare": "assert answer().compare(want).empty",
    "dict": "assert answer().to_dict('list') == {'a': [1, 2, 3], 'b': ['x', 'y', 'z']}",
    "columns": "got = answer()\nassert list(got.columns) == ['a', 'b'] and got['a'].sum() == 6",
    "cells": (
        "got = answer()\nassert got.loc[0, 'a'] == 1 and got.iloc[2, 1] == 'z' and len(got) == 3"
    ),
    "rows": "assert [tuple(r) for r in answer().values] == [tuple(r) for r in want.values]",
    "difference": "assert (answer()['a'] - want['a']).abs().max() < 1e-9",
    "sum of differences": "assert (answer()['a'] - want['a']).abs().sum() < 1e-9",
    "numpy": "np.testing.assert_array_equal(answer().to_numpy(), want.to_numpy())",
    "isin": "assert answer()['b'].isin(want['b']).all() and answer()['a'].isin(want['a']).all()",
    "merged": "assert len(want.merge(answer())) == 3",
    "credit": "int((answer()['a'] == want['a']).sum())",
}
SERIES = {
    "right": "row.copy()",
    "of its own class": "Series([7.0])",
    "liars": "pd.Series([Yes()] * 3)",
    "a liar as a name": "pd.Series([7.0] * 3, name=Yes())",
    "missing": "pd.Series([pd.NA] * 3, name='a')",
    "missing numbers": "pd.Series([pd.NA] * 3, dtype='Float64', name='a')",
    "missing integers": "pd.array([pd.NA] * 3, dtype='Int64')",
    "missing scalar": "pd.NA",
    "nan without a mask": (
        "pd.Series(pd.arrays.FloatingArray(np.full(3, np.nan), np.zeros(3, bool)), name='a')"
    ),
    "empty, with a mask": "pd.Series([], dtype='Float64')",
    "other labels, with a mask": "pd.Series([1, 2, 3], index=[7, 8, 9], dtype='Int64', name='a')",
    "not a time": "pd.Series([pd.NaT] * 3)",
    "nan": "pd.Series([np.nan] * 3, name='a')",
    "one nan": "pd.Series([1.0, np.nan, 3.0], name='a')",
    "nan index": "pd.Series([1.0, 2.0, 3.0], index=[np.nan] * 3, name='a') * 2",
    "none": "pd.Series([None] * 3, name='a')",
    "empty": "pd.Series([], dtype=float, name='a')",
    "other": "pd.Series([7.0] * 3, name='a')",
    "categories": "pd.Series([7.0] * 3, name='a').astype('category')",
    "text": "pd.Series(['1.0', '2.0', '3.0'], name='a')",
    "an index": "pd.Index([3.0, 2.0, 1.0])",
    "a frame": "pd.DataFrame({'a': [7.0] * 3})",
    "without an end": "pd.RangeIndex(1 << 60)",
}
SERIES_TESTS = {
    "testing": "pd.testing.assert_series_equal(answer(), row)",
    "testing loosely": (
        "pd.testing.assert_series_equal(answer(), row, check_dtype=False, check_names=False)"
    ),
    "equals": "assert answer().equals(row)",
    "all": "assert (answer() == row).all()",
    "not any": "assert not (answer() != row).any()",
    "tolist": "assert answer().tolist() == [1, 2, 3]",
    "list": "assert list(answer()) == [1, 2, 3]",
    "zip": "assert all(a == b for a, b in zip(answer(), row, strict=True))",
    "sum": "assert answer().sum() == 6",
    "largest difference": "assert (answer() - row).abs().max() < 1e-9",
    "sum of differences": "assert (answer() - row).abs().sum() < 1e-9",
    "far": "if ((answer() - row).abs() > 1e-9).any():\n    raise AssertionError",
    "numpy": "np.testing.assert_allclose(answer(), row)",
    "allclose": "assert np.allclose(answer(), row)",
    "isclose": "assert np.isclose(answer(), row).all()",
    "to dict": "assert answer().to_dict() == {0: 1, 1: 2, 2: 3}",
    "by labels": "got = answer()\nassert got[0] == 1 and got.loc[1] == 2 and got.iloc[2] == 3",
    "set": "assert set(answer()) == {1, 2, 3}",
}
VALUES_ALONE = {"other index", "other labels"}
A_COLUMN_ALONE = {"one row", "other labels", "other text", "rows twice"}
NAN = {"nan", "nan index", "none", "one nan"}
KNOWN = {
    # the test looks at a part of the answer only
    "all of values": VALUES_ALONE,
    "numpy": VALUES_ALONE,
    "rows": VALUES_ALONE,
    "merged": VALUES_ALONE,
    "dict": {"other index"},
    "cells": {"other labels"},
    "columns": {"other index", "other text"},
    "credit": {"other labels", "other text"},
    "isin": {"one row", "other index", "rows twice", "without rows"},
    "set": {"an index"},
    "difference": A_COLUMN_ALONE,
    # the sum of no numbers, or of missing ones, is 0, and comparisons with NaN are false
    "sum of differences": A_COLUMN_ALONE | NAN | {"nan numbers", "without rows", "empty"},
    "largest difference": {"one nan"},
    "far": NAN | {"empty"},
}
"""The wrong answers that pass a test."""


@pytest.mark.parametrize(
    ("answers", "tests"), [(FRAMES, FRAME_TESTS), (SERIES, SERIES_TESTS)], ids=["frames", "series"]
)
def test_only_known_pairs_of_a_test_and_a_wrong_answer_pass(
    answers: dict[str, str], tests: dict[str, str]
) -> None:
    cells = [student(f"import pandas as pd\nimport numpy as np\n{SETUP}{LIAR}")]
    names = []
    tried = some(answers, every=4)  # the right one is the first
    for number, value in enumerate(answers[name] for name in tried):
        names.append(f"answer_{number}")
        cells.append(student(f"def {names[-1]}():\n    return {value}"))
        cells += [graded(text.replace("answer()", f"{names[-1]}()")) for text in tests.values()]
    with Engine(Limits(notebook_seconds=200)) as engine:
        executed = engine.run(notebook(plain(SETUP), *cells), files={}, student_names=names, seed=1)
    found = iter(records(executed)[2:])
    passed = set()
    for answer in tried:
        next(found)
        for test in tests:
            record = next(found)
            points = record["credit"]
            earned = 0 < points <= 3 if isinstance(points, float) else points is None
            if record["outcome"] == "passed" and earned:
                passed.add((test, answer))
    known = {(test, wrong) for test in tests for wrong in KNOWN.get(test, set()) & {*tried}}
    known |= {(test, "right") for test in tests}
    assert sorted(passed ^ known) == []
