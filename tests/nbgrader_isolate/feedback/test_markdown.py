"""Markdown and formulas become markup of a few known kinds, and nothing else."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup

from nbgrader_isolate.feedback.markdown import MATHML, formula, render
from support.outputs import Tags

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    "latex",
    [
        r"\href{javascript:alert(1)}{x}",
        r"\class{a}{x}",
        r"\style{color:red}{x}",
        r"\text{<b>x</b>}",
    ],
)
def test_a_formula_is_mathml_and_nothing_else(latex: str) -> None:
    tags = Tags(formula(latex))
    assert tags.names <= MATHML | {"code"}
    assert {name for name, _ in tags.attributes} <= {"display"}


def test_a_formula_that_cannot_be_parsed_is_shown_as_its_source() -> None:
    assert formula(r"\frac{<}{\frac{") == r"<code>\frac{&lt;}{\frac{</code>"


@pytest.mark.parametrize(
    "latex",
    [
        r"\hspace{-3000em} x", r"\rule{5000px}{3000px}", r"\raise{90em}{\text{11 of 11}}",
        r"\mspace{-90mu} x", r"\smash{\rule{1em}{99em}}",
        r"\left(\rule{1px}{9000px}\right)", r"a\hspace{90000px}b", r"\rlap{over}", r"\!" * 100,
    ],
)  # fmt: skip
def test_a_formula_covers_nothing_and_takes_only_the_space_it_fills(latex: str) -> None:
    lengths = re.findall(r'(?:width|height|depth|voffset|space|size)="([^"]*)"', formula(latex))
    assert all(re.fullmatch(r"\d{0,2}(\.\d+)?(em|ex|px|pt)?", one) for one in lengths), lengths
    assert "mpadded " not in formula(latex)


def test_an_instructors_html_stays_and_its_scripts_are_removed() -> None:
    html = render("<details><summary>More</summary>x</details><script>y</script>", trusted=True)
    assert "<details>" in html
    assert "<script>" not in html


def test_an_instructors_details_box_keeps_its_text_if_images_are_embedded() -> None:
    hint = "<details>\n<summary>Hint</summary>\n\nCount the *rows*.\n\n</details>"
    box = BeautifulSoup(render(hint, trusted=True, folder="."), "html.parser").details
    assert box is not None
    assert box.em.get_text() == "rows"
