"""Turn SciPy's sparse arrays and matrices into plain data, and build them again from it.

Only the formats CSR, CSC and COO cross, by value. SciPy is imported only if such a value crosses.
"""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np

from nbgrader_isolate.bridge.copied_arrays import CopiedArrays
from nbgrader_isolate.bridge.failures import UngradableError

_NAMES = tuple(f"{form}_{kind}" for form in ("csr", "csc", "coo") for kind in ("array", "matrix"))
TAGS = frozenset(f"sp.{name}" for name in _NAMES)
MUTABLE = TAGS
"""Tags of values that have an identity and that a call can change: all of them."""


@cache
def tags() -> dict[type, str]:
    """Return the tags of SciPy's own types."""
    sparse: Any = sys.modules["scipy.sparse"]
    return {getattr(sparse, name): f"sp.{name}" for name in _NAMES}


def tag_of(kind: type) -> str:
    """Return the tag of a type of SciPy; "" if its values do not cross."""
    return tags().get(kind, "") if "scipy.sparse" in sys.modules else ""


def describe(value: Any, tag: str) -> tuple[Any, ...]:  # noqa: ANN401
    """Return a sparse array as its shape and the arrays in it."""
    if "coo" in tag:
        return (value.shape, np.array(value.data), *map(np.array, value.coords))
    return (value.shape, *map(np.array, (value.data, value.indices, value.indptr)))


def refill(old: Any, new: Any) -> None:  # noqa: ANN401
    """Give a sparse array the contents of another one of its format."""
    kind: Any = type(old)
    kind.__init__(old, new)


class Builder(CopiedArrays):
    """Builds sparse arrays from what `describe` returned; nothing in it is trusted.

    SciPy's compiled code relies on the indices, so all of them are checked.
    """

    def __init__(self) -> None:
        super().__init__("sparse array")
        self.sparse: Any = import_module("scipy.sparse")

    def build(self, tag: str, parts: list[Any]) -> Any:  # noqa: ANN401
        """Return the value for a tag and its parts.

        Raises
        ------
        Failure, Exception
            If the parts are malformed.
        """
        shape, data, *indices = parts
        if type(shape) is not tuple or not all(
            type(size) is int and 0 <= size < 1 << 31 for size in shape
        ):
            raise UngradableError("malformed data of a sparse array")
        values = self.numbers(data, "biufc")
        places = [self.numbers(each, "i") for each in indices]
        name = tag.removeprefix("sp.")
        if name.startswith("coo"):
            check_coordinates(places, shape, values.size)
            return getattr(self.sparse, name)((values, tuple(places)), shape=shape)
        made = getattr(self.sparse, name)((values, *places), shape=shape)
        made.check_format(full_check=True)
        return made


def check_coordinates(places: list[np.ndarray], shape: tuple[int, ...], size: int) -> None:
    """Check that coordinates are within a shape, and that there is one for each element."""
    inside = len(places) == len(shape) and all(
        each.size == size and (not size or (each.min() >= 0 and each.max() < limit))
        for each, limit in zip(places, shape, strict=False)
    )
    if not inside:
        raise UngradableError("malformed data of a sparse array")
