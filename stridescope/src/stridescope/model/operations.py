"""The operations of an expression: operands, shape and dtype of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Shape = tuple[int, ...]


class ExpressionError(ValueError):
    """The expression is outside the subset, or NumPy refuses it; the message says why."""


@dataclass(frozen=True)
class Value:
    """An operand.

    Parameters
    ----------
    root
        What owns its memory: the name of a given array, the index of an operation, or None for a
        number.
    suffix
        The code that makes this view of it: ``""`` or ``".T"``.
    shape
        Its shape.
    tiny
        An array of one element with the same dtype and number of axes, or the number itself.
    """

    root: str | int | None
    suffix: str
    shape: Shape
    tiny: Any

    @property
    def dtype(self) -> np.dtype[Any]:
        """Its dtype."""
        return np.asarray(self.tiny).dtype


@dataclass(frozen=True)
class Operation:
    """One operation.

    Parameters
    ----------
    written, called
        The operation as the expression writes it, and as the start of a call to which ``out=`` can
        be added; ``{}`` for each operand.
    operands
        What it works on.
    shape, dtype
        Of its result.
    elementwise
        Whether it may write into existing memory.
    out
        The given array that it writes into, if the expression says so.
    """

    written: str
    called: str
    operands: tuple[Value, ...]
    shape: Shape
    dtype: np.dtype[Any]
    elementwise: bool
    out: str | None
