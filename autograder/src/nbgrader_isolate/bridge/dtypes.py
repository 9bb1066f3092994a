"""Types of array elements as plain data, and the checks that bytes from a stranger need before they are elements."""

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
"""Texts that may become a dtype; no objects, no strings of variable length."""
LARGEST_ITEM = 1 << 30
_DEPTH = 8
_LAST_CODE_POINT = 0x10FFFF
_CODE_BYTES = 4


def describe(dtype: np.dtype[Any]) -> str | list[Any]:
    """Return a dtype as plain data.

    Raises
    ------
    UngradableError
        When its elements are no plain data (objects, for example).
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
        raise UngradableError(f"an array of dtype {dtype} is no plain data")
    return dtype.str


def build(description: object, depth: int = 0) -> np.dtype[Any]:
    """Return the dtype that `describe` described; trusts nothing.

    Raises
    ------
    UngradableError
        When the description is none.
    """
    try:
        made = _build(description, depth)
    except (TypeError, ValueError, KeyError, OverflowError, MemoryError) as error:
        raise UngradableError(f"no dtype: {str(description)[:80]}") from error
    if made.itemsize > LARGEST_ITEM or made.hasobject:
        raise UngradableError(f"no dtype for graded data: {str(description)[:80]}")
    return made


def _build(description: Any, depth: int) -> np.dtype[Any]:  # noqa: ANN401
    if isinstance(description, str):
        if not PLAIN.fullmatch(description):
            raise ValueError(description)
        return np.dtype(description)
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


def refuse_wrong_elements(array: np.ndarray) -> None:
    """Refuse truth values other than 0 and 1, and code points that are none: NumPy trusts them.

    Raises
    ------
    UngradableError
        When there is one.
    """
    for name in array.dtype.names or ():
        refuse_wrong_elements(array[name])
    kind = array.dtype.kind
    if kind not in "bU" or not array.size or not array.itemsize:
        return
    places = tuple(slice(0, 1) if step == 0 else slice(None) for step in array.strides)
    once = array[(*places, ...)]
    low, high = np.lib.array_utils.byte_bounds(once)
    if once.nbytes > 4 * (high - low):
        raise UngradableError(
            f"an array of dtype {array.dtype} overlaps itself too often to be checked"
        )
    if kind == "b":
        wrong = (once.view(np.uint8) > 1).any()
    else:
        order = array.dtype.str[0]
        codes = np.dtype([("codes", f"{order}u4", (array.itemsize // _CODE_BYTES,))])
        wrong = (once.view(codes)["codes"] > _LAST_CODE_POINT).any()
    if wrong:
        raise UngradableError(
            f"an array of dtype {array.dtype} holds bytes that are no such elements"
        )
