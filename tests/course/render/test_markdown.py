"""Markdown as the pages want it: mathematics, links, code."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup

from course.render.markdown import hang_long_lines
from support.lesson_page import (
    code,
    markdown,
    render,
)


def test_mathematics_is_mathml() -> None:
    page = BeautifulSoup(render(markdown(r"Sum $\sum_k i_k s_k$ and $$a = 1$$")), "html.parser")
    assert [m["display"] for m in page.find_all("math")] == ["inline", "block"]
    assert "$" not in page.find("main").get_text()  # type: ignore[union-attr]


def test_a_link_to_the_notebook_of_a_ready_lesson_leads_to_its_page() -> None:
    page = render(markdown("See [views](03-views.ipynb) and [this](03-views.ipynb#Rules)."))
    links = [str(a["href"]) for a in BeautifulSoup(page, "html.parser").select(".prose a")]
    assert links == ["03-views.html", "03-views.html#Rules"]


def test_a_link_to_the_notebook_of_an_exercise_leads_to_its_page() -> None:
    page = render(markdown("Write [ravel](../exercises/02-strides/ravel.ipynb)."))
    (link,) = BeautifulSoup(page, "html.parser").select(".prose a")
    assert link["href"] == "../exercises/02-strides/ravel.html"


def test_an_empty_cell_in_the_head_of_a_table_names_no_column() -> None:
    page = BeautifulSoup(render(markdown("| | col 0 |\n|-|-|\n| row 0 | 7 |")), "html.parser")
    assert [cell.name for cell in page.select("thead tr > *")] == ["td", "th"]


def test_code_in_the_line_of_a_folded_box_is_code() -> None:
    source = "<details>\n<summary>4. Does `x.T < y` do `<b>` to `x`?</summary>\n\n`y`\n\n</details>"
    box = BeautifulSoup(render(markdown(source)), "html.parser").find("details")
    assert box is not None
    assert box.summary is not None
    assert [c.get_text() for c in box.summary.find_all("code")] == ["x.T < y", "<b>", "x"]
    assert box.summary.get_text() == "4. Does x.T < y do <b> to x?"


@pytest.mark.parametrize(
    "source",
    [
        'print(f"{a.shape!r} and {b:>3}", end="")  # <b> & "text"',
        "def f(x):\n    return x < 1 and x > -1e3\n\n\nclass A(B): pass",
        "%%timeit -n 1 -r 1\n!ls *.py\nnp.zeros?",
        "s = '''a\nb'''",
        "a[",
    ],
)
def test_highlighting_changes_no_character_of_the_code(source: str) -> None:
    page = BeautifulSoup(render(code(source)), "html.parser")
    shown_code = page.select(".in code")[0]
    assert shown_code.get_text() == source
    runs = re.findall(r'<span class="(\w)">[^<]*</span>(?=<span class="\1">)', str(shown_code))
    assert runs == []


def test_two_blank_lines_are_a_box_that_can_be_lower() -> None:
    source = "def f():\n    pass\n\n\ndef g():\n    pass\n\nf()"
    page = BeautifulSoup(render(code(source)), "html.parser")
    assert [gap.get_text() for gap in page.select(".in u")] == ["\n\n"]
    assert page.select(".in code")[0].get_text() == source


def test_long_code_in_a_text_may_be_broken_and_short_code_not() -> None:
    page = BeautifulSoup(
        render(markdown("`c.reshape(2, 3)` or `np.ndarray(shape, dtype, buffer)`")), "html.parser"
    )
    assert [c.get("class") for c in page.select(".prose p code")] == [None, ["long"]]


def test_exercises_are_rows_with_their_names_as_titles() -> None:
    one, two = "../exercises/02-strides/ravel.ipynb", "../exercises/02-strides/offset-of.ipynb"
    text = f"**Exercises.** [strides of a\ntable]({one}); [windows]({two})."
    page = BeautifulSoup(render(markdown(text)), "html.parser")
    (tasks,) = page.select("p.tasks")
    assert [a.get_text() for a in tasks.select("a")] == ["Strides of a\ntable", "Windows"]
    assert tasks.select("strong")[0].get_text() == "Exercises"
    assert ";" not in tasks.get_text()
    mixed = render(markdown(f"**Exercise.** Then do [windows]({two})."))
    assert BeautifulSoup(mixed, "html.parser").select("p.tasks") == []


def test_a_line_too_long_for_a_phone_is_a_box_that_knows_its_indent() -> None:
    long = "    " + "x" * 40
    html = hang_long_lines(f"def f():\n{long}\n    y\n")
    assert html == f'def f():\n<i style="--i:4">{long}\n</i>    y\n'


def test_a_text_over_several_lines_is_cut_where_one_of_them_is_long() -> None:
    long = "x" * 40
    html = hang_long_lines(f'a <span class="s">one\n{long}\ntwo</span> b')
    box = f'<i style="--i:0"><span class="s">{long}\n</span></i>'
    assert html == f'a <span class="s">one\n</span>{box}<span class="s">two</span> b'
