"""A race in words names what was recorded first, and never makes a figure of chance."""

from __future__ import annotations

from stridescope.drawing.race_plot import Figures, Runner
from stridescope.drawing.race_words import line, notes, ratios, wrong
from support.svg_reading import parse

FIRST = Runner("a", Figures(1.0, 1.0, 80), (1.1, 1.2), recorded=Figures(2.0, 1.0, 800))
SAME = Runner(
    "<b>",
    Figures(0.986, 0.986, None, same=True),
    (1.04, 1.15),
    recorded=Figures(2.02, 1.01, None, same=True),
)
OTHER = Runner("c", Figures(3.0, 3.0, 62_000), (3.1, 9.5))


def test_a_line_has_the_recorded_figures_first() -> None:
    assert line(FIRST, 0) == "a: recorded 2 s, 800 B at its peak; this run 1 s, 80 B at its peak."
    assert line(OTHER, 2) == "c: 3 s, ×3 (middle half ×3.1 to ×9.5), 62 kB at its peak."


def test_a_ratio_within_chance_is_not_a_number() -> None:
    assert line(SAME, 1) == (
        "<b>: recorded 2.02 s, about the same; "
        "this run 986 ms, about the same (middle half ×1.04 to ×1.15)."
    )


def test_ratios_make_a_table_in_both_forms() -> None:
    html, text = ratios([FIRST, SAME, OTHER], recorded=True)
    cells = [["".join(cell.itertext()) for cell in row] for row in parse(html).iter("tr")]
    assert cells == [
        ["", "recorded", "this run"],
        ["a", "×1", "×1"],
        ["<b>", "about the same", "about the same"],
        ["c", "", "×3"],
    ]
    assert [line.split() for line in text.splitlines()] == [
        ["recorded", "this", "run"],
        ["a", "×1", "×1"],
        ["<b>", *(2 * ["about", "the", "same"])],
        ["c", "×3"],
    ]
    html, text = ratios([OTHER], recorded=False)
    assert "recorded" not in html + text


def test_notes_say_where_it_was_measured_and_that_the_machine_was_busy() -> None:
    recorded, here, busy = notes(5, [FIRST, OTHER], "this machine", "a desk in 2024")
    assert recorded == "Recorded (the blue bars), on another machine: a desk in 2024."
    assert here.startswith("This run (the thin bars): this machine. Best of 5 rounds in random")
    assert busy.startswith("The machine was busy: ")
    assert "(c)" in busy
    (here,) = notes(5, [FIRST], "this machine", "")
    assert here.startswith("This run: this machine.")


def test_a_result_that_differs_is_named() -> None:
    assert wrong({"a": "", "b": "gives 2"}) == ["Different result: `b` gives 2."]
    assert wrong({"a": "", "b": ""}) == ["All ways gave the same result."]
    assert wrong({"a": ""}) == []
