"""The figures of a race have room beside each other."""

from __future__ import annotations

import itertools
import re

import pytest

from stridescope.drawing.figure import WIDE
from stridescope.drawing.race_plot import CHARACTER, HEAD, SMALL, TOP, Figures, Runner, plot
from stridescope.model.units import ratio_words, size_words
from support.svg_reading import svgs, texts


def runner(name: str, ratio: float, seconds: float = 0.0358, *, recorded: bool = False) -> Runner:
    """Return a function that took the same in both races, if there are two."""
    figures = Figures(seconds, ratio, 10**6)
    return Runner(name, figures, (ratio, 1.1 * ratio), recorded=figures if recorded else None)


def paths(one: Runner, width: int) -> dict[str, str]:
    (drawing,) = svgs(str(plot([runner("first", 1.0), one], width)), "Ratios")
    return {p.get("class", ""): p.get("d", "") for p in drawing.iter() if p.get("d")}


@pytest.mark.parametrize("ratio", [1.0, 275_078.0, 6_543_210.0])
@pytest.mark.parametrize("recorded", [False, True])
def test_figures_do_not_run_into_each_other_or_out_of_the_picture(
    ratio: float, *, recorded: bool
) -> None:
    one = runner("way", ratio, recorded=recorded)
    (drawing,) = svgs(str(plot([one], WIDE)), "Ratios")
    rows: dict[int, list[tuple[int, str]]] = {}
    for x, y, text in texts(drawing):
        if y > TOP and text != "way":
            rows.setdefault(y, []).append((x, text))
    shown = [text for row in rows.values() for _, text in row]
    assert shown.count(ratio_words(ratio)) == 1 + recorded
    assert size_words(10**6) in shown
    for row in rows.values():
        for (x, text), (next_x, _) in itertools.pairwise([*sorted(row), (WIDE + 8, "")]):
            assert x + CHARACTER * len(text) + 4 < next_x, text


def test_the_longest_figures_of_a_phone_fit_beside_a_long_name() -> None:
    one = runner("modern C without array", 47_000.0, recorded=True)
    (drawing,) = svgs(str(plot([one], 358)), "Ratios")
    placed = {text: (x, y) for x, y, text in texts(drawing)}
    name = next(text for text in placed if text.startswith("modern"))
    ratio, line = ratio_words(47_000.0), placed[name][1]
    assert placed[ratio][1] == line
    assert placed[name][0] + CHARACTER * len(name) < placed[ratio][0] - CHARACTER * len(ratio)
    assert "here ×47,000 · 35.8 ms · 1 MB" in placed


def test_columns_and_marks_are_named_in_the_picture() -> None:
    runners = [runner("slow", 1.0, 0.2, recorded=True), runner("fast", 0.5, 0.1, recorded=True)]
    (drawing,) = svgs(str(plot(runners, WIDE)), "Ratios")
    heads = {text: x for x, y, text in texts(drawing) if y < HEAD}
    assert list(heads) == ["times as long (log scale)", "recorded", "here", "peak memory"]
    rows = {text: x for x, _, text in texts(drawing)}
    assert rows["100 ms"] + 14 == heads["here"]
    assert rows["1 MB"] == heads["peak memory"]
    bold = [text for *_, text in texts(drawing, "k")]
    assert "fast" in bold
    assert "slow" not in bold
    (phone,) = svgs(str(plot(runners, 358)), "Ratios")
    heads = {text: x for x, y, text in texts(phone) if y < HEAD}
    assert list(heads) == ["times as long (log scale)", "recorded", "here"]
    ends = [x + SMALL * len(text) for text, x in heads.items()]
    assert all(end < x for end, x in zip(ends, [*list(heads.values())[1:], 358], strict=True))


def test_without_a_recorded_race_there_is_one_mark_and_no_key() -> None:
    (drawing,) = svgs(str(plot([runner("way", 1.0, 0.1)], WIDE)), "Ratios")
    heads = {text: x for x, y, text in texts(drawing) if y < HEAD}
    assert list(heads) == ["times as long (log scale)", "best time", "peak memory"]
    rows = {text: x for x, _, text in texts(drawing)}
    assert rows["100 ms"] == heads["best time"]
    bars = paths(runner("way", 1.0), WIDE)["c"]
    assert re.findall(r"M(\d+)", bars) == [str(heads["peak memory"])] * 2


@pytest.mark.parametrize("width", [WIDE, 358])
def test_the_recorded_ratio_has_the_main_mark_and_this_run_a_small_one_on_its_line(
    width: int,
) -> None:
    here, past = Figures(0.035, 17.0, 62_000), Figures(0.104, 3.77, 62_000)
    both = paths(Runner("C", here, (17.5, 20.0), recorded=past), width)
    main, pale = (re.findall(r"M(\d+) (\d+)l(\d+)", both[cls])[-1] for cls in "my")
    center = [int(y) + int(r) for _, y, r in (main, pale)]
    assert center[0] == center[1]
    assert int(main[2]) > int(pale[2])
    assert int(main[0]) < int(pale[0])
    assert int(main[0]) == int(re.findall(r"H(\d+)", both["sp"])[-1]), "a hairline joins them"


def test_a_spread_that_says_more_of_the_machine_is_left_out() -> None:
    quiet = Runner("way", Figures(0.1, 1.0, None), (1.1, 2.9))
    busy = Runner("way", Figures(0.1, 1.0, None), (1.1, 5.0))
    assert (quiet.noisy, busy.noisy) == (False, True)
    assert paths(quiet, WIDE)["sq"].count("M") == 2
    assert paths(busy, WIDE)["sq"].count("M") == 1


def test_a_ratio_within_chance_is_said_to_be_about_one() -> None:
    same = Runner("way", Figures(0.0986, 0.986, None, same=True), (1.0, 1.1))
    (drawing,) = svgs(str(plot([runner("first", 1.0, 0.1), same], WIDE)), "Ratios")
    shown = [text for *_, text in texts(drawing)]
    assert "about ×1" in shown
    assert "×0.986" not in shown
    assert {"first", "way"} <= {text for *_, text in texts(drawing, "k")}, "both are the fastest"


def test_a_function_that_was_not_recorded_says_so() -> None:
    new = runner("new", 2.0)
    for width in (WIDE, 358):
        drawing = plot([runner("first", 1.0, recorded=True), new], width)
        shown = [text for *_, text in texts(svgs(str(drawing), "Ratios")[0])]
        assert "not recorded" in shown
        assert "new ×2" in drawing.desc


@pytest.mark.parametrize("recorded", [False, True])
@pytest.mark.parametrize("width", [WIDE, 358])
def test_the_lines_of_the_axis_are_whole(width: int, *, recorded: bool) -> None:
    runners = [runner(name, ratio, recorded=recorded) for name, ratio in (("a", 1.0), ("b", 40.0))]
    svg = plot(runners, width)
    lines = re.findall(r"M\d+ (\d+)V(\d+)", svg.paths["g"] + svg.paths["v"])
    assert len(lines) >= 2
    assert {(int(top), int(end)) for top, end in lines} == {(TOP - 6, svg.height - 4)}


@pytest.mark.parametrize("width", [704, 358])
@pytest.mark.parametrize("ratio", [0.9, 3.0, 47.0, 6e3, 6e6, 6e9])
def test_labels_of_the_axis_do_not_overlap(width: int, ratio: float) -> None:
    runners = [runner("way", one) for one in (1.0, ratio)]
    (drawing,) = svgs(str(plot(runners, width)), "Ratios")
    labels = sorted((x, text) for x, y, text in texts(drawing) if y == TOP - 14)
    assert "×1" in [text for _, text in labels]
    assert all(x - CHARACTER * len(text) / 2 >= 0 for x, text in labels)
    for (x, text), (other, next_text) in itertools.pairwise(labels):
        assert x + CHARACTER * len(text) / 2 < other - CHARACTER * len(next_text) / 2
