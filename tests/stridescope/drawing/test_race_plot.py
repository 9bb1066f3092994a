"""The figures of a race have room beside each other."""

from __future__ import annotations

import itertools
import re

import pytest

from stridescope.drawing.figure import WIDE
from stridescope.drawing.race_plot import CHARACTER, HEAD, SMALL, TOP, Runner, plot
from stridescope.model.units import ratio_words, size_words
from support.svg_reading import svgs, texts


@pytest.mark.parametrize("ratio", [1.0, 275_078.0, 6_543_210.0])
@pytest.mark.parametrize("width", [704, 358])
def test_a_long_ratio_does_not_run_into_the_time(ratio: float, width: int) -> None:
    runner = Runner("way", 0.0358, ratio, (ratio, ratio), 10**6, equal=True, recorded=None)
    (drawing,) = svgs(str(plot([runner], width)), "Ratios")
    figures = {text: (x, y) for x, y, text in texts(drawing)}
    shown = ratio_words(ratio)
    x, y = figures[shown]
    end = x + CHARACTER * (len(shown) + 1)
    assert y + 12 < figures["35.8 ms"][1] or end < figures["35.8 ms"][0]
    memory, baseline = figures[size_words(10**6) + (" at the peak" if width < WIDE else "")]
    assert y + 12 < baseline or end < memory


def test_columns_and_marks_are_named_in_the_picture() -> None:
    runners = [
        Runner(name, seconds, ratio, (ratio, ratio), 10**6, equal=True, recorded=ratio)
        for name, seconds, ratio in (("slow", 0.2, 1.0), ("fast", 0.1, 0.5))
    ]
    (drawing,) = svgs(str(plot(runners, WIDE)), "Ratios")
    heads = {text: x for x, y, text in texts(drawing) if y < HEAD}
    assert list(heads) == [
        "times as long (log scale)",
        "best time",
        "peak memory",
        "here",
        "recorded",
    ]
    rows = {text: x for x, _, text in texts(drawing)}
    assert rows["100 ms"] == heads["best time"]
    bars = next(p.get("d") or "" for p in drawing.iter("path") if p.get("class") == "c")
    assert re.findall(r"M(\d+)", bars) == [str(heads["peak memory"])] * 2
    ends = heads["recorded"] + SMALL * len("recorded")
    assert ends < heads["best time"]
    bold = [text for *_, text in texts(drawing, "k")]
    assert "fast" in bold
    assert "slow" not in bold


def test_without_a_recorded_race_there_is_one_mark_and_no_key() -> None:
    runner = Runner("way", 0.1, 1.0, (1.0, 1.0), 10**6, equal=True, recorded=None)
    (drawing,) = svgs(str(plot([runner], WIDE)), "Ratios")
    assert "recorded" not in [text for *_, text in texts(drawing)]


def test_on_a_phone_no_line_of_the_axis_crosses_a_name_or_a_figure() -> None:
    runners = [
        Runner(name, 0.1, ratio, (ratio, 1.1 * ratio), 10**6, equal=True, recorded=ratio)
        for name, ratio in (("first", 1.0), ("second", 40.0))
    ]
    (drawing,) = svgs(str(plot(runners, 358)), "Ratios")
    paths = {path.get("class"): path.get("d", "") for path in drawing.iter() if path.get("d")}
    lines = re.findall(r"M\d+ (\d+)V(\d+)", paths["g"] + paths["v"])
    assert len(lines) > 2 * len(runners)
    for _, baseline, text in texts(drawing):
        top = baseline - 11
        crossed = [line for line in lines if int(line[0]) < baseline and top < int(line[1])]
        assert crossed == [], text


@pytest.mark.parametrize("width", [704, 358])
@pytest.mark.parametrize("ratio", [0.9, 3.0, 47.0, 6e3, 6e6, 6e9])
def test_labels_of_the_axis_do_not_overlap(width: int, ratio: float) -> None:
    runners = [
        Runner("way", 0.1, one, (one, one), 10**6, equal=True, recorded=None)
        for one in (1.0, ratio)
    ]
    (drawing,) = svgs(str(plot(runners, width)), "Ratios")
    labels = sorted((x, text) for x, y, text in texts(drawing) if y == TOP - 14)
    assert "×1" in [text for _, text in labels]
    for (x, text), (other, next_text) in itertools.pairwise(labels):
        assert x + CHARACTER * len(text) / 2 < other - CHARACTER * len(next_text) / 2
