"""`ss.race` is fair, checks results, weighs memory, and says what was recorded elsewhere."""

from __future__ import annotations

import re
import sys

import numpy as np
import pytest

import stridescope as ss
from stridescope.instruments.race import difference, machine_words
from support.svg_reading import parse, svgs, texts

A = np.arange(10_000.0)


def test_equal_results_are_equal() -> None:
    nan = np.array([1.0, np.nan])
    assert difference(nan, nan.copy()) == ""
    assert difference(0.3, 0.1 + 0.2) == ""
    assert difference([1, 2], np.array([1, 2])) == ""
    assert difference(None, None) == ""
    assert difference("x", "x") == ""
    assert difference([[1], [1, 2]], [[1], [1, 2]]) == ""


def test_a_different_result_says_where() -> None:
    one, two = np.zeros((2, 3)), np.zeros((2, 3))
    two[1, 2] = 5
    assert (
        difference(one, two)
        == "gives 5.0 at [1, 2], but the first gives 0.0 (elements that differ: 1)"
    )
    assert difference(one, one[0]) == "gives shape (3,), but the first gives (2, 3)"
    assert difference(1, 2) == "gives 2, but the first gives 1"
    assert difference(1, None) == "gives None, but the first gives 1"
    assert difference("x", "y") == "gives y, but the first gives x"
    assert difference([[1], [1, 2]], [[1], [1, 3]]) == "gives a different result"


@pytest.mark.slow
def test_a_wrong_way_is_marked_and_named() -> None:
    figure = ss.race({"sum": A.sum, "wrong": lambda: 2 * A.sum()}, seconds=0.02)
    assert "Different result: `wrong` gives" in figure.text
    wide = svgs(figure.html, "Ratios")[0]
    assert sum("✗" in t for *_, t in texts(wide)) == 1
    assert "All ways gave" not in figure.text


@pytest.mark.slow
def test_the_figures_are_those_of_the_record() -> None:
    figure = ss.race({"sum": A.sum, "copy": lambda: sum(A.copy())}, seconds=0.02)
    record = figure.record
    assert record["peaks"]["copy"] >= A.nbytes > record["peaks"]["sum"]
    ratio = record["seconds"]["copy"] / record["seconds"]["sum"]
    shown = [t for *_, t in texts(svgs(figure.html, "Ratios")[0]) if t.startswith("×")]
    assert any(abs(float(t[1:].replace(",", "")) - ratio) < 0.01 * ratio for t in shown)
    assert "NumPy" in record["machine"]


@pytest.mark.slow
def test_a_recorded_race_is_said_to_be_recorded() -> None:
    past = {"machine": "a desk in 2024", "seconds": {"sum": 0.01, "list": 0.5}}
    figure = ss.race({"sum": A.sum, "list": lambda: sum(A.tolist())}, seconds=0.02, recorded=past)
    assert "Recorded (the blue bars), on another machine: a desk in 2024." in figure.text
    line = next(line for line in figure.text.splitlines() if line.startswith("list"))
    assert re.match(r"list: recorded 500 ms, ×50; this run [\d.]+ .s, ×[\d.,]+ \(middle half", line)
    assert "This run (the thin bars): " in figure.text
    wide = svgs(figure.html, "Ratios")[0]
    for mark in "md":
        marks = next(p.get("d") or "" for p in wide.iter("path") if p.get("class") == mark)
        assert marks.count("M") == 3, "one in the key, and one for each function"


@pytest.mark.slow
def test_a_record_can_be_shown_beside_the_next_race() -> None:
    first = ss.race({"sum": A.sum}, seconds=0.02)
    assert "recorded" in ss.race({"sum": A.sum}, seconds=0.02, recorded=first.record).text.lower()


@pytest.mark.slow
def test_without_a_plot_the_ratios_stand_in_a_table() -> None:
    past = {"machine": "a desk in 2024", "seconds": {"sum": 0.01, "list": 0.5}}
    ways = {"sum": A.sum, "list": lambda: sum(A.tolist()), "new": lambda: A.copy().sum()}
    figure = ss.race(ways, seconds=0.02, recorded=past, plot=False)
    seconds = figure.record["seconds"]
    head, *rows, verdict = figure.text.splitlines()
    assert head.split() == ["recorded", "this", "run"]
    assert [row.split()[0] for row in rows] == list(ways)
    ratio = float(rows[1].split()[2][1:].replace(",", ""))
    assert ratio == pytest.approx(seconds["list"] / seconds["sum"], rel=0.01)
    assert [row.split()[1] for row in rows[:2]] == ["×1", "×50"]
    assert [row.split()[-1] for row in rows[:1]] == ["×1"]
    assert verdict == "All ways gave the same result."
    table = parse(figure.html[figure.html.index("<table") : figure.html.index("</table>") + 8])
    cells = [["".join(cell.itertext()) for cell in row] for row in table.iter("tr")]
    assert cells[0] == ["", "recorded", "this run"]
    assert [row[0] for row in cells[1:]] == list(ways)
    assert cells[2][1] == "×50"
    assert cells[3][1] == "", "not in the recorded race"
    assert "<svg" not in figure.html
    assert figure.record["peaks"] == {}


@pytest.mark.slow
def test_a_table_of_what_was_not_recorded_has_one_column_and_names_the_wrong_way() -> None:
    ways = {"<sum>": A.sum, "wrong": lambda: 2 * A.sum()}
    figure = ss.race(ways, seconds=0.02, plot=False)
    parse(figure.html)
    assert "recorded" not in figure.text
    assert "Different result: `wrong` gives" in figure.text
    assert "&lt;sum&gt;" in figure.html


@pytest.mark.slow
def test_no_host_is_named() -> None:
    import platform

    assert (
        platform.node() == "" or platform.node() not in ss.race({"sum": A.sum}, seconds=0.01).text
    )


@pytest.mark.slow
def test_the_picture_is_well_formed_and_safe() -> None:
    figure = ss.race({"<script>": A.sum, "b" * 80: A.sum}, seconds=0.01, caption="`sum`")
    parse(figure.html)
    assert "<script" not in figure.html
    assert figure.kind == ""


@pytest.mark.parametrize(
    ("functions", "kwargs", "kind", "problem"),
    [
        ([A.sum], {}, TypeError, "takes a mapping of functions"),
        ({}, {}, ValueError, "got no function"),
        ({"sum": 3.0}, {}, TypeError, "got float for 'sum', which is a result"),
        (
            {"s": A.sum},
            {"recorded": {"seconds": {"s": 1}}},
            ValueError,
            "needs a machine and seconds",
        ),
        (
            {"s": A.sum},
            {"recorded": {"machine": "m", "seconds": {"t": 1}}},
            ValueError,
            "one for 's'",
        ),
        ({"s": A.sum}, {"recorded": {"machine": "m", "seconds": {"s": 0}}}, ValueError, "above 0"),
    ],
)
def test_bad_calls_say_what_to_do(
    functions: object, kwargs: dict, kind: type[Exception], problem: str
) -> None:
    with pytest.raises(kind, match=problem):
        ss.race(functions, **kwargs)  # type: ignore[arg-type]


def test_an_error_in_a_way_is_the_readers_own() -> None:
    with pytest.raises(ZeroDivisionError):
        ss.race({"a": lambda: 1 / 0})


def test_a_page_is_named_as_the_machine_without_its_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "emscripten")
    assert machine_words().startswith("a web page (WebAssembly, 64-bit), one thread, Python 3.")
