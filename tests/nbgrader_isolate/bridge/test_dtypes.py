"""A dtype crosses as plain data, and only one whose elements are plain data is built again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nbgrader_isolate.bridge.dtypes import build, describe, refuse_invalid_elements
from nbgrader_isolate.bridge.failures import UngradableError

DTYPES: list[Any] = [
    "?", "i1", ">u8", "<f2", ">c16", "S0", "U7", "V3", "M8[ns]", "m8[7D]",
    ("i4", (2, 3)),
    [("a", "f8"), ("b", "U2", (2,)), ("c", [("d", "?")])],
    {"names": ["x", "y"], "formats": ["i2", "i2"], "offsets": [4, 0], "itemsize": 9},
]  # fmt: skip


@pytest.mark.parametrize("given", DTYPES, ids=str)
def test_a_described_dtype_is_built_again(given: Any) -> None:  # noqa: ANN401
    dtype = np.dtype(given)
    assert build(describe(dtype)) == dtype


@pytest.mark.parametrize("given", ["O", [("a", "i4"), ("b", "O")], ("O", (2,))], ids=str)
def test_elements_that_are_objects_are_not_described(given: Any) -> None:  # noqa: ANN401
    with pytest.raises(UngradableError, match="dtype object"):
        describe(np.dtype(given))


NESTED: Any = "<i4"
for _ in range(20):
    NESTED = ["sub", NESTED, [1]]


@pytest.mark.parametrize(
    "description",
    [
        "=c16", "|c16", "=f8", "|i4",
        "|O", "O", "f8,f8", "(2,)f8", "int", "<f8\n", "<U9999999999", "T", "", None, 8, {}, [],
        ["rec"], ["rec", 8, [["a", "|O", 0]]], ["rec", -1, []], ["rec", 1 << 60, []],
        ["rec", 8, [["a", "<i8", 4]]], ["rec", 8, 3], ["rec", "8", []],
        ["sub", "<i4", [-1]], ["sub", "<i4", [1 << 31, 2]], ["sub", "<i4", ["2"]],
        ["sub", "<i4"], ["object", "<i4", [2]], NESTED,
    ],
    ids=lambda value: str(value)[:20],
)  # fmt: skip
def test_a_forged_description_builds_nothing(description: object) -> None:
    with pytest.raises(UngradableError):
        build(description)


def test_booleans_and_characters_that_python_does_not_have_are_refused() -> None:
    good = np.array([True, False])
    refuse_invalid_elements(good)
    refuse_invalid_elements(np.array(["é", ""]))
    with pytest.raises(UngradableError, match="invalid elements"):
        refuse_invalid_elements(np.array([0, 2], np.uint8).view(bool))
    with pytest.raises(UngradableError, match="invalid elements"):
        refuse_invalid_elements(np.array([0x110000], "<u4").view("<U1"))
    record = np.zeros(2, [("a", "i1"), ("b", "?")])
    refuse_invalid_elements(record)
    record.view(np.uint8)[1] = 7
    with pytest.raises(UngradableError, match="dtype bool"):
        refuse_invalid_elements(record)


def test_elements_that_overlap_are_checked_where_that_costs_little() -> None:
    one = np.array([1, 7], np.uint8).view(bool)
    refuse_invalid_elements(np.broadcast_to(one[:1], (1 << 40,)))
    with pytest.raises(UngradableError, match="invalid elements"):
        refuse_invalid_elements(np.broadcast_to(one[1:], (1 << 40,)))
    many = np.lib.stride_tricks.as_strided(np.zeros(100, bool), (50, 50), (1, 1))
    with pytest.raises(UngradableError, match="overlap too often"):
        refuse_invalid_elements(many)
