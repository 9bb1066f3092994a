"""Shapes agree, stretch and clash in the browser as they do in NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from support.in_node import in_node


@pytest.mark.slow
def test_the_live_form_agrees_with_numpy_on_2000_sets_of_shapes() -> None:
    rng = np.random.default_rng(5)
    cases = [
        [
            [int(n) for n in rng.choice([0, 1, 1, 2, 2, 3], rng.integers(0, 5))]
            for _ in range(rng.integers(1, 5))
        ]
        for _ in range(2000)
    ]
    found = in_node({"model/broadcasting.js": ["commonOf"]}, "commonOf", cases)
    for shapes, got in zip(cases, found, strict=True):
        try:
            want: dict[str, object] = {"shape": list(np.broadcast_shapes(*map(tuple, shapes)))}
        except ValueError as error:
            want = {"refused": f"ValueError: {error}"}
        assert got == want
    assert {key for got in found for key in got} == {"shape", "refused"}
