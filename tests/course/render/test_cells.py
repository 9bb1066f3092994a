"""Outputs made fit for a page: nothing is lost, and nothing of the machine stays."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from course.render import (
    HeadingError,
    Renderer,
)
from course.render.cells import lighter, makes_names, readable, without_repeats
from support.lesson_page import (
    COURSE,
    PIXEL,
    SLUG,
    V4,
    WEB,
    code,
    markdown,
    render,
    shown,
)

if TYPE_CHECKING:
    from nbformat import NotebookNode


def test_each_style_of_the_outputs_is_one_shared_file() -> None:
    style = "<style>.ss { margin: 0 }</style>"
    cells = [
        code("1", shown(text_html=f"{style}<b>1</b>")),
        code("2", shown(text_html=f"{style}<b>2</b>")),
    ]
    renderer = Renderer(COURSE, WEB)
    notebook = V4.new_notebook(cells=[markdown("# Strides"), *cells])
    page = renderer.lesson(notebook, SLUG)
    files = {name: text for name, text in renderer.assets().items() if name.startswith("style-")}
    assert list(files.values()) == [b".ss { margin: 0 }\n"]
    assert "<style" not in page
    assert page.count(f'href="../static/{next(iter(files))}"') == 1


def test_regions_of_one_name_are_told_apart() -> None:
    region = '<section aria-label="Prediction">?</section>'
    page = render(*(code(str(k), shown(text_html=region)) for k in range(3)))
    names = [str(s["aria-label"]) for s in BeautifulSoup(page, "html.parser").find_all("section")]
    assert names == ["Prediction", "Prediction 2", "Prediction 3"]


def test_a_picture_has_its_cells_alt_text() -> None:
    page = render(code("plot()", shown(image_png=PIXEL), alt="A curve that rises"))
    assert re.search(r'<img [^>]*alt="A curve that rises"', page)


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("\x1b[0;31mValueError\x1b[0m: x", "ValueError: x"),
        ("/home/x/ipykernel_12/34.py:7: RuntimeWarning: x", "line 7: RuntimeWarning: x"),
        (r"C:\Temp\ipykernel_12\34.py:7: W", "line 7: W"),
        ("File /a/b/site-packages/numpy/core.py:3", "File numpy/core.py:3"),
        ("a / b and c:d", "a / b and c:d"),
    ],
)
def test_terminal_text_has_no_colours_and_no_paths_of_the_machine(raw: str, read: str) -> None:
    assert readable(raw) == read


def further(text: str) -> tuple[NotebookNode, ...]:
    return (
        markdown(f"### Further in: {text}"),
        markdown("A **detail**.", tags=["further"]),
        code("x", shown(text_plain="7"), tags=["further"]),
    )


def test_cells_tagged_further_are_one_folded_box_named_by_their_heading() -> None:
    page = BeautifulSoup(
        render(
            markdown("## Two\n\n[below](#Further-in:-size-1-&-more)"),
            *further("what `nditer` undoes"),
            *further("size-1 & more"),
            markdown("After."),
        ),
        "html.parser",
    )
    one, two = page.select("details.further")
    assert [str(one.summary.code), two.summary.get_text()] == [  # type: ignore[union-attr]
        "<code>nditer</code>",
        "Further in: size-1 & more",
    ]
    assert two.summary["id"] == "Further-in:-size-1-&-more"  # type: ignore[index]
    for box in (one, two):
        assert box.find("strong") is not None
        assert "7" in box.get_text()
        assert "After." not in box.get_text()
        assert not box.has_attr("open")
    assert page.find("h3") is None


def test_a_box_at_the_end_of_a_page_is_closed() -> None:
    page = BeautifulSoup(render(markdown("## Two"), *further("the end")), "html.parser")
    assert page.select("details.further nav") == []
    assert "7" in page.select("details.further")[0].get_text()


@pytest.mark.parametrize("before", ["## Two", "### Further in: x\n\nand text", "### Deeper"])
def test_further_cells_without_a_heading_of_their_own_are_refused(before: str) -> None:
    with pytest.raises(HeadingError, match=r"cell 3.*only `### Further in: …`"):
        render(markdown(before), markdown("A detail.", tags=["further"]))


def test_a_live_picture_carries_one_static_form_and_another_both() -> None:
    svg = '<svg width="9"><title>t</title></svg>'
    wide = f'<div class="ss-scroll ss-wide" tabindex="0">{svg}</div>'
    plain = f'<div class="ss-wide">{svg}</div>'
    narrow = f'<div class="ss-scroll ss-narrow" tabindex="0">{svg}</div>'
    assert lighter(wide + narrow + plain) == (
        f'<div class="ss-scroll" tabindex="0">{svg}</div><div>{svg}</div>'
    )
    page = render(code("ss.race({})", shown(text_html=wide + narrow)))
    assert wide in page
    assert narrow in page


def test_a_style_that_stands_whole_in_another_is_loaded_once() -> None:
    styles = {"style-1.css": "a {}\n", "style-2.css": "a {}\nb {}\n", "style-3.css": "c {}\n"}
    assert list(without_repeats(styles)) == ["style-2.css", "style-3.css"]


@pytest.mark.parametrize(
    ("source", "makes"),
    [
        ("import numpy as np\n", True),
        ("b, _ = 1, 2", True),
        ("def f(x):\n    return x", True),
        ("class C: ...", True),
        ("del a", False),
        ("%timeit a", False),
    ],
)
def test_a_folded_cell_makes_names_or_not(source: str, *, makes: bool) -> None:
    assert makes_names(source) is makes


def test_a_folded_cell_without_output_sets_up_names_or_is_not_shown() -> None:
    page = render(
        code("import numpy as np\nrng = np.random", tags=["hide-input"]),
        code("rng", tags=[]),
        code("del rng", tags=["hide-input"]),
    )
    first, last = BeautifulSoup(page, "html.parser").select(".setup")
    assert first.summary is not None
    assert first.summary.get_text() == "Setup code"
    assert not first.has_attr("hidden")
    assert last.has_attr("hidden")
    assert "del rng" in last.get_text()
