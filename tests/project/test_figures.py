"""Figures in the READMEs are those of the last measurement that is committed."""

from __future__ import annotations

import re

import pytest

from course.bootstrap import ROOT

PAIRS = [
    # page, what it says, file that measured it, what is there
    ("README.md", r"downloads included: (\d+) s", "main_job", r"downloads included \| (\d+) s"),
    ("README.md", r"run and rendered: (\d+) s", "main_job", r"9 notebooks, .* \| (\d+) s"),
    ("README.md", r"run and rendered: ([\d.]+) times", "main_job", r"\*\*([\d.]+) × as fast"),
    ("README.md", r"edit to the template: ([\d.]+) s", "main_job", r"template edited.* ([\d.]+) s"),
    ("README.md", r"heaviest page: (\d+) KB", "main_job", r"heaviest page.*\| (\d+) KB"),
    ("README.md", r"on screen after (\d+) ms", "instruments", r"10,000 elements on.*?\| (\d+) ms"),
    ("README.md", r"10¹¹ after (\d+) ms", "instruments", r"10¹¹ elements on .*?\| (\d+) ms"),
    (
        "README.md",
        r"grading: ([\d.]+) times|cells and 6 tests: ([\d.]+) times",
        "grading",
        r"\| 30 \| our command \| [\d.]+ \| ([\d.]+)",
    ),
    (
        "README.md",
        r"30 submissions, ([\d.]+) times",
        "grading",
        r"\| 300 \| our command \| [\d.]+ \| ([\d.]+)",
    ),
    *(
        (
            f"docs/autograder/{page}.md",
            said,
            "grading",
            rf"\| {size} \| {way} \| [\d.]+ \| ([\d.]+)",
        )
        for page, said, size, way in [
            ("speed", r"at 30 submissions \| ([\d.]+)", 30, "our command"),
            ("speed", r"15 times at 300 \| ([\d.]+)", 300, "our command"),
            ("speed", r"4 times \| ([\d.]+) at 30", 30, "stock under our settings"),
            ("speed", r"4 times \| [\d.]+ at 30, ([\d.]+)", 300, "stock under our settings"),
            ("nbgrader-plugin", r"settings grades ([\d.]+) times", 30, "stock under our settings"),
            ("nbgrader-plugin", r"([\d.]+) times for 300", 300, "stock under our settings"),
            ("nbgrader-plugin", r"own command ([\d.]+) and", 30, "our command"),
            ("nbgrader-plugin", r"own command [\d.]+ and ([\d.]+)", 300, "our command"),
        ]
    ),
]


def found(text: str, pattern: str) -> str:
    """Return the figure that a pattern finds; line ends count as spaces."""
    match = re.search(pattern, re.sub(r"\n(?!\|)\s*", " ", text))
    assert match, pattern
    return next(group for group in match.groups() if group)


@pytest.mark.parametrize(("page", "said", "file", "measured"), PAIRS, ids=[p[1] for p in PAIRS])
def test_a_figure_is_the_measured_one(page: str, said: str, file: str, measured: str) -> None:
    benchmark = (ROOT / "benchmarks" / f"{file}.md").read_text("utf-8")
    assert found((ROOT / page).read_text("utf-8"), said) == found(benchmark, measured)


@pytest.mark.parametrize("page", ["autograder/README.md", "SECURITY.md"])
def test_attacks_are_counted_as_in_their_table(page: str) -> None:
    table = (ROOT / "docs" / "autograder" / "attacks.md").read_text("utf-8")
    attacks, work = (
        found(table, r"(\d+) attacks\."),
        found(table, r"(\d+) (?:of them )?work on plain"),
    )
    text = re.sub(r"\s+", " ", (ROOT / page).read_text("utf-8"))
    assert re.findall(r"(\d+) attacks", text) in ([attacks], [])
    assert re.findall(r"(\d+) of them (?:work|succeed)", text) == [work]
