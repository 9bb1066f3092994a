"""The figures of a race have room beside each other."""

from __future__ import annotations

import pytest

from stridescope.drawing.race_plot import CHARACTER, Runner, plot
from stridescope.model.units import ratio_words
from support.svg_reading import svgs, texts


@pytest.mark.parametrize("ratio", [1.0, 275_078.0, 6_543_210.0])
@pytest.mark.parametrize("width", [704, 358])
def test_a_long_ratio_does_not_run_into_the_time(ratio: float, width: int) -> None:
    runner = Runner("way", 0.0358, ratio, (ratio, ratio), 10**6, equal=True, recorded=None)
    (drawing,) = svgs(str(plot([runner], width)), "Ratios")
    figures = {text: x for x, _, text in texts(drawing)}
    shown = ratio_words(ratio)
    assert figures[shown] + CHARACTER * (len(shown) + 1) < figures["35.8 ms"]
