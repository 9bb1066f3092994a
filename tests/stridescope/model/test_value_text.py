"""The browser writes floats as NumPy does, also where the shortest text is hard to find."""

from __future__ import annotations

import numpy as np
import pytest

from support.in_node import NODE, in_node


def written(values: np.ndarray) -> list[str]:
    """What the browser makes of them."""
    cases = [{"x": float(x), "size": values.itemsize} for x in values]
    return in_node({"model/value_text.js": ["floatText"]}, "(c) => floatText(c.x, c.size)", cases)


@pytest.mark.slow
@pytest.mark.skipif(
    NODE is None, reason="no node on this machine; get it with `apt-get install nodejs`"
)
@pytest.mark.skipif(
    np.lib.NumpyVersion(np.__version__) < "2.4.0", reason="NumPy before 2.4 writes exponents later"
)
@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_floats_around_powers_of_two_are_as_short_as_numpys(dtype: type[np.floating]) -> None:
    info = np.finfo(dtype)
    powers = dtype(2) ** np.arange(info.minexp, info.maxexp, dtype=dtype)
    near = [powers]
    for way in (0, np.inf):
        moved = powers
        for _ in range(3):
            moved = np.nextafter(moved, dtype(way))
            near.append(moved)
    values = np.unique(np.concatenate(near))
    values = values[np.isfinite(values) & (values > 0)]
    if dtype is np.float16:
        values = np.arange(1, 0x7C00, dtype=np.uint16).view(np.float16)
    assert len(values) > 1500
    assert written(values) == [str(x) for x in values]
