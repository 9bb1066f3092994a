"""The figures of a race have room beside each other, and its bars are as long as its times."""

from __future__ import annotations

import itertools
import re

import pytest

from stridescope.drawing.figure import WIDE
from stridescope.drawing.race_axis import HEAD, MAIN, THIN, TOP
from stridescope.drawing.race_plot import CHARACTER, LARGE, Figures, Runner, plot
from stridescope.model.units import ratio_words, size_words
from support.svg_reading import BOX, svgs, texts

PHONE = 358


def runner(name: str, ratio: float, seconds: float = 0.0358, *, recorded: bool = False) -> Runner:
    """Return a function that took the same in both races, if there are two."""
    figures = Figures(seconds, ratio, 10**6)
    return Runner(name, figures, (ratio, 1.1 * ratio), recorded=figures if recorded else None)


def paths(one: Runner, width: int) -> dict[str, str]:
    (drawing,) = svgs(str(plot([runner("first", 1.0), one], width)), "Ratios")
    return {p.get("class", ""): p.get("d", "") for p in drawing.iter() if p.get("d")}


def bars(data: str, height: int) -> list[tuple[int, int, int]]:
    """Return left end, top and length of the bars of one height, from top to bottom."""
    found = [tuple(map(int, box)) for box in BOX.findall(data)]
    return sorted(((x, y, w) for x, y, w, h in found if h == height), key=lambda bar: bar[1])


def lines(data: str) -> list[tuple[int, int, int]]:
    """Return left end, y and right end of the lines to the right."""
    return [tuple(map(int, line)) for line in re.findall(r"M(\d+) (\d+)H(\d+)", data)]


@pytest.mark.parametrize("ratio", [1.0, 275_078.0, 6_543_210.0])
@pytest.mark.parametrize("recorded", [False, True])
def test_figures_end_in_columns_and_do_not_run_into_each_other(
    ratio: float, *, recorded: bool
) -> None:
    one = runner("way", ratio, recorded=recorded)
    (drawing,) = svgs(str(plot([one], WIDE)), "Ratios")
    rows: dict[int, list[tuple[int, str]]] = {}
    for x, y, text in texts(drawing, "x"):
        if y > TOP:
            rows.setdefault(y, []).append((x, text))
    shown = [text for row in rows.values() for _, text in row]
    assert shown.count(ratio_words(ratio)) == 1 + recorded
    assert size_words(10**6) in shown
    ends = [[x for x, _ in sorted(row)] for row in rows.values()]
    assert all(row == ends[0] for row in ends), "both lines have the same columns"
    for row in rows.values():
        for (x, _), (next_x, text) in itertools.pairwise(sorted(row)):
            assert x + 4 < next_x - CHARACTER * len(text), text


def test_a_phone_has_the_whole_of_a_long_name_above_the_longest_figures() -> None:
    one = runner("modern C without any array", 47_000.0, recorded=True)
    (drawing,) = svgs(str(plot([one], PHONE)), "Ratios")
    placed = {text: (x, y) for x, y, text in texts(drawing)}
    name, run = placed["modern C without any array"], "this run ×47,000 · 35.8 ms · 1 MB"
    assert name[0] + LARGE * len("modern C without any array") < PHONE
    assert name[1] < placed[ratio_words(47_000.0)][1] < placed[run][1]
    assert placed[run][0] - CHARACTER * len(run) > 0


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_a_line_that_ends_beyond_the_axis_is_cut_off_there_and_makes_no_bar_shorter(
    width: int,
) -> None:
    calm, noisy = (Runner("way", Figures(0.1, 1.0, None), (1.0, top)) for top in (1.05, 2.8))
    assert paths(calm, width)["m"] == paths(noisy, width)["m"]
    caps = [paths(one, width)["wh"].count("v8") for one in (calm, noisy)]
    assert caps == [3, 2], "those of the key, the first way and this one"
    assert max(end for *_, end in lines(paths(noisy, width)["wh"])) <= width


def test_columns_and_bars_are_named_in_the_picture() -> None:
    runners = [runner("slow", 1.0, 0.2, recorded=True), runner("fast", 0.5, 0.1, recorded=True)]
    (drawing,) = svgs(str(plot(runners, WIDE)), "Ratios")
    heads = {text: x for x, y, text in texts(drawing) if y < HEAD}
    columns = ["times as long", "time", "peak memory"]
    assert list(heads) == ["recorded", "this run", "most rounds", *columns]
    rows = {text: x for x, _, text in texts(drawing)}
    assert rows["100 ms"] == heads["time"]
    assert rows["1 MB"] == heads["peak memory"]
    assert heads["most rounds"] + CHARACTER * 11 < heads["times as long"] - CHARACTER * 13
    assert heads["time"] + 24 <= heads["peak memory"] - CHARACTER * 11
    (phone,) = svgs(str(plot(runners, PHONE)), "Ratios")
    named = [(x, text) for x, y, text in texts(phone) if y < HEAD]
    assert [text for _, text in named] == ["recorded", "this run", "most rounds"]
    assert named[-1][0] + CHARACTER * 11 < PHONE


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_the_key_of_a_logarithmic_axis_has_room(width: int) -> None:
    runners = [runner("f", 1.0, recorded=True), runner("g", 1e5, recorded=True)]
    (drawing,) = svgs(str(plot(runners, width)), "Ratios")
    named = [(x, text) for x, y, text in texts(drawing) if y < HEAD]
    (x, scale), others = named[3], named[4:]
    assert scale in {"log scale", "log"}
    ends = [x - CHARACTER * len(text) for x, text in others] or [width]
    assert x + CHARACTER * len(scale) < min(ends)


def test_without_a_recorded_race_there_is_one_bar() -> None:
    (drawing,) = svgs(str(plot([runner("way", 1.0, 0.1)], WIDE)), "Ratios")
    heads = [text for _, y, text in texts(drawing) if y < HEAD]
    assert heads == ["best round", "most rounds", "times as long", "time", "peak memory"]
    drawn = paths(runner("way", 1.0), WIDE)
    assert len(bars(drawn["m"], MAIN)) == 2
    assert "d" not in drawn


def test_memory_that_hardly_counts_has_no_column() -> None:
    few = Runner("way", Figures(0.1, 1.0, 152), (1.0, 1.1))
    shown = [text for *_, text in texts(svgs(str(plot([few], WIDE)), "Ratios")[0])]
    assert "peak memory" not in shown
    assert "152 B" not in shown


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_bars_start_at_zero_and_are_as_long_as_the_times(width: int) -> None:
    ratios = (1.0, 4.0, 25.8)
    svg = plot([runner(str(ratio), ratio) for ratio in ratios], width)
    drawn = bars(svg.paths["m"], MAIN)
    assert len({x for x, *_ in drawn}) == 1
    unit = drawn[0][2]
    for (_, _, length), ratio in zip(drawn, ratios, strict=True):
        assert length == pytest.approx(ratio * unit, abs=ratio)


def test_a_race_over_orders_of_magnitude_has_a_logarithmic_axis_and_says_so() -> None:
    runners = [runner("first", 1.0), runner("ten", 10.0), runner("thousand", 1000.0)]
    (drawing,) = svgs(str(svg := plot(runners, WIDE)), "Ratios")
    assert "log scale" in [text for *_, text in texts(drawing)]
    first, ten, thousand = bars(svg.paths["m"], MAIN)
    assert thousand[2] == pytest.approx(3 * ten[2], abs=3)
    assert first[2] == 3, "nothing beside itself"


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_the_recorded_ratio_has_the_main_bar_and_this_run_a_thin_one_below(width: int) -> None:
    here, past = Figures(0.035, 17.0, 62_000), Figures(0.104, 3.77, 62_000)
    both = paths(Runner("C", here, (17.5, 20.0), recorded=past), width)
    main, thin = bars(both["m"], MAIN)[-1], bars(both["d"], THIN)[-1]
    assert main[0] == thin[0]
    assert main[1] + MAIN < thin[1] < main[1] + 2 * MAIN
    assert main[2] < thin[2]


def test_a_spread_that_says_more_of_the_machine_is_left_out() -> None:
    quiet = Runner("way", Figures(0.1, 1.0, None), (1.1, 2.9))
    busy = Runner("way", Figures(0.1, 1.0, None), (1.1, 5.0))
    assert (quiet.noisy, busy.noisy) == (False, True)
    assert len(lines(paths(quiet, WIDE)["wh"])) == 3, "that of the key, too"
    assert len(lines(paths(busy, WIDE)["wh"])) == 2
    alone = svgs(str(plot([busy], WIDE)), "Ratios")[0]
    assert "most rounds" not in [text for *_, text in texts(alone)]


@pytest.mark.parametrize("width", [WIDE, PHONE])
@pytest.mark.parametrize("recorded", [False, True])
def test_a_line_starts_at_the_end_of_its_bar_and_ends_on_the_axis(
    width: int, *, recorded: bool
) -> None:
    drawn = paths(runner("way", 2.4, recorded=recorded), width)
    boxes = bars(drawn["d" if recorded else "m"], THIN if recorded else MAIN)
    boxes = [box for box in boxes if box[1] > TOP]
    _, *found = sorted(lines(drawn["wh"]), key=lambda line: line[1])
    assert len(found) == len(boxes) == 2
    for (start, y, end), (x, top, length) in zip(found, boxes, strict=True):
        assert start == x + length
        assert top < y < top + (THIN if recorded else MAIN)
        assert start < end <= width


def test_a_line_over_the_bar_of_a_faster_function_can_be_seen() -> None:
    drawn = paths(Runner("fast", Figures(0.1, 0.015, None), (0.01, 0.03)), WIDE)
    (bar,) = [box for box in bars(drawn["m"], MAIN) if box[2] > 3]
    (over,) = lines(drawn["u2"])
    assert over[0] == bar[0]
    assert over[2] < bar[0] + bar[2]


def test_a_ratio_within_chance_is_said_to_be_about_one() -> None:
    same = Runner("way", Figures(0.0986, 0.986, None, same=True), (1.0, 1.1))
    (drawing,) = svgs(str(plot([runner("first", 1.0, 0.1), same], WIDE)), "Ratios")
    shown = [text for *_, text in texts(drawing)]
    assert "about ×1" in shown
    assert "×0.986" not in shown


@pytest.mark.parametrize("width", [WIDE, PHONE])
@pytest.mark.parametrize("ratio", [1.2, 1.6, 1.95, 2.3, 9.0, 30.0])
def test_each_label_of_the_axis_is_another_number(width: int, ratio: float) -> None:
    drawing = svgs(str(plot([runner("first", 1.0), runner("second", ratio)], width)), "Ratios")[0]
    found = [text for _, y, text in texts(drawing) if y == TOP - 10 and text.startswith("×")]
    assert len(found) == len({*found}) >= 2


def test_a_function_that_was_not_recorded_says_so() -> None:
    new = runner("new", 2.0)
    for width in (WIDE, PHONE):
        drawing = plot([runner("first", 1.0, recorded=True), new], width)
        shown = [text for *_, text in texts(svgs(str(drawing), "Ratios")[0])]
        assert "not recorded" in shown
        assert "new this run ×2" in drawing.desc or "new ×2" in drawing.desc


@pytest.mark.parametrize("recorded", [False, True])
def test_no_line_of_the_axis_runs_through_a_text_on_a_phone(*, recorded: bool) -> None:
    runners = [runner(name, ratio, recorded=recorded) for name, ratio in (("a", 1.0), ("b", 40.0))]
    svg = plot(runners, PHONE)
    lines = re.findall(r"M\d+ (\d+)V(\d+)", svg.paths["g"] + svg.paths["v"])
    assert len(lines) >= 4
    baselines = [y for _, y, _ in texts(svgs(str(svg), "Ratios")[0])]
    for top, end in lines:
        assert not any(int(top) < y and y - 13 < int(end) for y in baselines)


@pytest.mark.parametrize("width", [WIDE, PHONE])
@pytest.mark.parametrize("ratio", [0.9, 3.0, 47.0, 6e3, 6e6, 6e9])
def test_labels_of_the_axis_do_not_overlap(width: int, ratio: float) -> None:
    runners = [runner("way", one) for one in (1.0, ratio)]
    (drawing,) = svgs(str(plot(runners, width)), "Ratios")
    labels = sorted((x, text) for x, y, text in texts(drawing) if y == TOP - 10)
    assert "×1" in [text for _, text in labels]
    assert len(labels) >= 2
    assert all(x - CHARACTER * len(text) / 2 >= 0 for x, text in labels)
    for (x, text), (other, next_text) in itertools.pairwise(labels):
        assert x + CHARACTER * len(text) / 2 < other - CHARACTER * len(next_text) / 2
