"""Describe dtypes as plain data, and check bytes from the student before they become elements."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np

from nbgrader_isolate.bridge.failures import UngradableError

PLAIN = re.compile(
    r"[<>|=](?:b1|[iu][1248]|f(?:2|4|8|12|16)|c(?:8|16|24|32)|[SUV]\d{1,9}"
    r"|[mM]8(?:\[\d{0,9}(?:Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as)\])?)"
)
"""The strings that may become a dtype: no objects and no strings of variable length."""
LARGEST_ITEM = 1 << 30
_DEPTH = 8
_LAST_CODE_POINT = 0x10FFFF
_CODE_BYTES = 4


def describe(dtype: np.dtype[Any]) -> str | list[Any]:
    """Return a dtype as plain data.

    Raises
    ------
    UngradableError
        If its elements are not plain data (objects, for example).
    """
    if dtype.subdtype is not None:
        base, shape = dtype.subdtype
        return ["sub", describe(base), list(shape)]
    if dtype.names is not None and dtype.fields is not None:
        fields = [
            [name, describe(dtype.fields[name][0]), dtype.fields[name][1]] for name in dtype.names
        ]
        return ["rec", dtype.itemsize, fields]
    if not PLAIN.fullmatch(dtype.str):
        raise UngradableError(f"an array of dtype {dtype}")
    return dtype.str


def build(description: object, depth: int = 0) -> np.dtype[Any]:
    """Return the dtype for a description made by `describe`, which is not trusted.

    Raises
    ------
    UngradableError
        If the description is malformed, or describes a dtype that is not allowed.
    """
    try:
        dtype = _build(description, depth)
    except (TypeError, ValueError, LookupError, OverflowError, MemoryError) as error:
        raise UngradableError(f"a malformed dtype ({str(description)[:80]})") from error
    if dtype.itemsize > LARGEST_ITEM or dtype.hasobject:
        raise UngradableError(f"data of the dtype {str(description)[:80]}")
    return dtype


def _build(description: Any, depth: int) -> np.dtype[Any]:  # noqa: ANN401
    if isinstance(description, str):
        if not PLAIN.fullmatch(description):
            raise ValueError(description)
        dtype = np.dtype(description)
        if dtype.str != description:  # what is noted about a value is read from its description
            raise ValueError(description)
        return dtype
    if depth > _DEPTH or not isinstance(description, list):
        raise ValueError(description)
    if description[0] == "sub":
        _, base, shape = description
        if math.prod(shape) > LARGEST_ITEM or not all(type(n) is int and n >= 0 for n in shape):
            raise ValueError(shape)
        return np.dtype((build(base, depth + 1), tuple(shape)))
    tag, itemsize, fields = description
    if tag != "rec" or type(itemsize) is not int or not 0 <= itemsize <= LARGEST_ITEM:
        raise ValueError(description)
    return np.dtype(
        {
            "names": [str(name) for name, _, _ in fields],
            "formats": [build(one, depth + 1) for _, one, _ in fields],
            "offsets": [int(offset) for _, _, offset in fields],
            "itemsize": itemsize,
        }
    )


def refuse_invalid_elements(array: np.ndarray) -> None:
    """Refuse invalid Booleans and code points, which NumPy does not check.

    Raises
    ------
    UngradableError
        If a Boolean is neither 0 nor 1, or a character is not a Unicode code point.
    """
    for name in array.dtype.names or ():
        refuse_invalid_elements(array[name])
    kind = array.dtype.kind
    if kind not in "bU" or not array.size or not array.itemsize:
        return
    index = tuple(slice(0, 1) if step == 0 else slice(None) for step in array.strides)
    distinct = array[(*index, ...)]
    low, high = np.lib.array_utils.byte_bounds(distinct)
    if distinct.nbytes > 4 * (high - low):
        raise UngradableError(
            f"an array of dtype {array.dtype} whose elements overlap too often to be checked"
        )
    if kind == "b":
        invalid = (distinct.view(np.uint8) > 1).any()
    else:
        order = array.dtype.str[0]
        codes = np.dtype([("codes", f"{order}u4", (array.itemsize // _CODE_BYTES,))])
        invalid = (distinct.view(codes)["codes"] > _LAST_CODE_POINT).any()
    if invalid:
        raise UngradableError(f"an array of dtype {array.dtype} with invalid elements")
