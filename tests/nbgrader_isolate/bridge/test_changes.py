"""Changes to objects are found, and repeated in place."""

from __future__ import annotations

import copy
from collections import Counter, OrderedDict, defaultdict, deque
from typing import Any

import numpy as np
import pandas as pd
import pytest
import scipy.sparse

from nbgrader_isolate.bridge.changes import change_in_place, differ

PAIRS: list[tuple[Any, Any]] = [
    ([1, [2]], [1, [2.0]]),
    ({"a": 1}, {"a": True}),
    ({1, 2}, {1}),
    (bytearray(b"a"), bytearray(b"b")),
    (deque([1]), deque([1, 2])),
    (OrderedDict(a=1), OrderedDict(b=1)),
    (Counter("aab"), Counter("abb")),
    (defaultdict(int, {1: 2}), defaultdict(int, {1: 3})),
    (np.arange(3), np.array([0, 1, 9])),
    (pd.DataFrame({"a": [1.0, np.nan]}), pd.DataFrame({"a": [1.0, 2.0], "b": ["x", None]})),
    (pd.Series([1, 2], name="n"), pd.Series([1, 2], name="m")),
    (scipy.sparse.csr_array(np.eye(2)), scipy.sparse.csr_array(np.zeros((2, 2)))),
]


@pytest.mark.parametrize(("old", "new"), PAIRS, ids=lambda value: type(value).__name__)
def test_an_object_gets_the_contents_of_another_and_stays_itself(old: Any, new: Any) -> None:  # noqa: ANN401
    old = copy.deepcopy(old)
    assert not differ(old, copy.deepcopy(old))
    assert differ(old, new)
    assert change_in_place(old, new)
    assert not differ(old, new)


def test_an_object_of_another_type_is_not_changed() -> None:
    for old, new in [
        ([1], (1,)),
        ((1,), (2,)),
        (pd.DataFrame(), pd.Series(dtype=float)),
        (np.arange(3), np.arange(4)),
        (pd.Index([1]), pd.Index([2])),
    ]:
        assert not change_in_place(old, new)


def test_sharing_counts() -> None:
    inner: list[int] = []
    assert differ([inner, inner], [[], []])


def test_what_cannot_be_sent_may_have_changed() -> None:
    value = [object()]
    assert differ(value, value)
