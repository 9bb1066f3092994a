"""Fonts, steady lines, targets for a thumb, and paper: what every page keeps to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from support.sample_lesson import SLUG

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from conftest import Visitor

LESSON = f"lessons/{SLUG}.html"
PAGES = ["index.html", "cheat-sheet.html", "glossary.html", "exercises/index.html", LESSON]
SMALLEST = 24
SHIFT = 0.01
WATCH = """
    self.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) self.shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
"""


@pytest.mark.sample("index.html", "lessons/02-memory-layout-and-strides.html")
@pytest.mark.parametrize("path", PAGES)
def test_pages_come_in_their_own_fonts_from_the_disk(visitor: Visitor, path: str) -> None:
    page = visitor.open(path)
    page.evaluate("document.fonts.ready")
    loaded: list[str] = page.evaluate(
        "[...document.fonts].filter((f) => f.status === 'loaded').map((f) => f.family)"
    )
    assert {name.strip('"') for name in loaded} >= {"Course Serif", "Course Sans", "Course Math"}
    assert "Course Serif" in page.evaluate("getComputedStyle(document.body).fontFamily")


def test_an_index_in_a_formula_is_small_and_lowered(visitor: Visitor) -> None:
    page = visitor.open(LESSON)
    page.evaluate(
        "document.querySelector('.kicker').innerHTML ="
        " '<math><msub><mi>i</mi><mn>0</mn></msub></math>'"
    )
    page.evaluate("document.fonts.ready")
    letter, index = (page.locator(f".kicker {tag}").bounding_box() for tag in ("mi", "mn"))
    assert letter is not None
    assert index is not None
    assert index["y"] + index["height"] > letter["y"] + letter["height"] + 2
    size = "(part) => parseFloat(getComputedStyle(part).fontSize)"
    assert page.locator(".kicker mn").evaluate(size) < 0.8 * page.locator(".kicker mi").evaluate(
        size
    )


@pytest.mark.sample(every=4)
@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_moves_while_a_page_loads(visitor: Visitor, path: str, width: int) -> None:
    page = visitor.open(path, width, reused=False)
    page.add_init_script(WATCH)
    page.reload()
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(500)
    assert page.evaluate("self.shift") <= SHIFT


def too_small(page: Page) -> list[str]:
    """Return what is to be touched, outside of running text, and less than 24 px wide or high."""
    found: list[str] = page.evaluate(
        """(least) => [...document.querySelectorAll('a[href], button, summary, input')]
          .filter((one) => one.checkVisibility() && !one.closest('.skip'))
          .filter((one) => !one.closest('p, li, td, figcaption, dd') || one.matches('button'))
          .filter((one) => {
            const { width, height } = one.getBoundingClientRect();
            return width > 1 && (width < least || height < least);
          })
          .map((one) => one.outerHTML.slice(0, 100))""",
        SMALLEST,
    )
    return found


@pytest.mark.sample(every=4)
@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [1280, 390])
def test_what_is_to_be_touched_is_large_enough(visitor: Visitor, path: str, width: int) -> None:
    assert too_small(visitor.open(path, width)) == []


def test_a_button_has_its_words_in_its_middle(visitor: Visitor) -> None:
    page = visitor.open("index.html")
    gaps = page.locator(".button").evaluate_all(
        """(all) => all.map((one) => {
          const range = document.createRange();
          range.selectNodeContents(one);
          const [text, box] = [range.getBoundingClientRect(), one.getBoundingClientRect()];
          return Math.abs((text.top - box.top) - (box.bottom - text.bottom));
        })"""
    )
    assert gaps
    assert max(gaps) <= 2


def test_paper_has_no_controls(visitor: Visitor) -> None:
    page = visitor.open(LESSON)
    page.emulate_media(media="print")
    assert page.locator("button:visible").count() == 0
    assert page.locator("header.top:visible, .contents:visible, .steps:visible").count() == 0


def test_a_lesson_on_paper_fills_its_sheets(visitor: Visitor) -> None:
    page = visitor.open(LESSON)
    height = page.evaluate("document.querySelector('main').scrollHeight")
    sheets = len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4")))
    assert sheets <= 2 + height / 900
