"""The rules of broadcasting, axis by axis; NumPy itself gives the common shape."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stridescope.model.strides import Index


def common_shape(shapes: Sequence[Index]) -> tuple[Index | None, str]:
    """Return the common shape and an empty string, or None and NumPy's error message."""
    try:
        return np.broadcast_shapes(*shapes), ""
    except ValueError as error:
        return None, f"ValueError: {error}"


def aligned_lengths(shapes: Sequence[Index]) -> list[list[int | None]]:
    """Return the lengths of each shape, aligned at the last axis; None where it has no axis."""
    most = max(map(len, shapes))
    return [[*[None] * (most - len(shape)), *shape] for shape in shapes]


def axis_fate(length: int | None, axis: Sequence[int | None]) -> str:
    """Return what happens to one operand on one axis: match, stretch, new or clash.

    Parameters
    ----------
    length
        Its length on this axis; None if it has no such axis.
    axis
        The lengths of all operands on this axis.
    """
    wanted = {n for n in axis if n not in (None, 1)}
    if length is None:
        return "new"
    if length != 1 and len(wanted) > 1:
        return "clash"
    return "stretch" if length == 1 and wanted else "match"


def wanted_lengths(axis: Sequence[int | None]) -> list[str]:
    """Return the lengths other than 1 on one axis, each once, as text."""
    return list(dict.fromkeys(str(n) for n in axis if n not in (None, 1)))


def target_length(axis: Sequence[int | None]) -> str:
    """Return the length of an axis in the result, or the first of several lengths that clash."""
    return (wanted_lengths(axis) or ["1"])[0]
