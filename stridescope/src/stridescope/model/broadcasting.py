"""The rules of broadcasting, axis by axis; NumPy is asked for the common shape."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stridescope.model.strides import Index


def common_shape(shapes: Sequence[Index]) -> tuple[Index | None, str]:
    """Ask NumPy for the common shape; None and its words if there is none."""
    try:
        return np.broadcast_shapes(*shapes), ""
    except ValueError as error:
        return None, f"ValueError: {error}"


def aligned_lengths(shapes: Sequence[Index]) -> list[list[int | None]]:
    """Return for each shape its length on each axis of the longest; None where it has none."""
    most = max(map(len, shapes))
    return [[*[None] * (most - len(shape)), *shape] for shape in shapes]


def axis_fate(length: int | None, axis: Sequence[int | None]) -> str:
    """Return what happens to one operand on one axis: match, stretch, new or clash.

    Parameters
    ----------
    length
        Its length there; None if it has no such axis.
    axis
        The lengths of all operands there.
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
    """Return the length that an axis has in the result, as far as the operands agree."""
    return (wanted_lengths(axis) or ["1"])[0]
