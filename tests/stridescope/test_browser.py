"""In a browser: the form that fits is shown, nothing is cut off, small or hard to read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from numpy.lib.stride_tricks import as_strided

import stridescope as ss
from stridescope.runtime.styles import style_tag

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.sample("1280-light", "390-dark")]
SCREENS = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]

# Text that leaves its drawing, and type under 13 px as it is on screen.
CUT_OFF = """() => [...document.querySelectorAll('svg text')]
  .filter(t => t.getClientRects().length)
  .filter(t => {
    const a = t.getBoundingClientRect(), b = t.ownerSVGElement.getBoundingClientRect();
    return a.left < b.left - 1 || a.right > b.right + 1
      || a.top < b.top - 3 || a.bottom > b.bottom + 3;
  }).map(t => t.textContent)"""
SMALL = """() => [...document.querySelectorAll('.ss *')]
  .filter(e => e.getClientRects().length && parseFloat(getComputedStyle(e).fontSize) < 13)
  .map(e => e.textContent)"""


def figures() -> list[ss.Instrument]:
    a = np.arange(1, 10, dtype=np.int64).reshape(3, 3)
    return [
        ss.layout(a, caption="The array `a` and its bytes."),
        ss.layout(a[::-1, 1:], name="view"),
        ss.layout(np.array([126, 127, -128, -127], np.int8)),
        ss.layout(np.array([True, False])),
        ss.layout(np.arange(36).reshape(2, 3, 3, 2)),
        ss.layout(np.broadcast_to(np.arange(5.0)[:, None], (5, 10**11))),
        ss.layout(np.arange(10_000).reshape(100, 100), focus=(50, 60)),
        ss.layout(np.arange(60).reshape(4, 15)),
        ss.layout(as_strided(a, (3, 3), (-800, 8))),
        ss.layout(np.array(["long string of characters", "b"])),
        ss.relate(a=a, row=a[1], u=a.view(np.uint8)[:1, :3], copy=a.copy()),
        ss.workbench(np.arange(6), shape=(3, 4), strides=(16, 8)),
        ss.workbench(bytes(range(16)), shape=(4,), strides=(3,), dtype="<i4"),
        ss.predict("What is `a.strides`?", (24, 8), {(24, 8): "", (3, 1): "Bytes."}, why="3·8."),
    ]


@pytest.fixture(scope="module", params=SCREENS, ids=[f"{w}-{s}" for w, s in SCREENS])
def page(
    request: pytest.FixtureRequest, chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Page]:
    width, scheme = request.param
    place: Path = tmp_path_factory.mktemp("figures") / "figures.html"
    body = "".join(f.html for f in figures())
    place.write_text(
        "<!doctype html><html lang=en><meta charset=utf-8><title>Figures</title>"
        "<meta name=viewport content='width=device-width'>"
        f"<style>main{{max-width:736px;margin:auto;padding:0 16px}}</style>{style_tag()}"
        f"<main><h1>Figures</h1>{body}</main>",
        encoding="utf-8",
    )
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    shown = context.new_page()
    shown.goto(place.as_uri())
    yield shown
    context.close()


def test_the_form_that_fits_is_shown(page: Page) -> None:
    wide = page.viewport_size is not None and page.viewport_size["width"] > 704
    assert page.locator(".ss-wide").first.is_visible() == wide
    assert page.locator(".ss-narrow").first.is_visible() != wide


def test_the_page_never_scrolls_sideways(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_no_text_is_cut_off(page: Page) -> None:
    assert page.evaluate(CUT_OFF) == []


def test_no_type_is_smaller_than_12_px_on_screen(page: Page) -> None:
    assert page.evaluate(SMALL) == []


def test_values_stay_inside_their_boxes(page: Page) -> None:
    out = page.evaluate("""() => [...document.querySelectorAll('svg')].flatMap(svg => {
      if (!svg.getClientRects().length) return [];
      const boxes = [...(svg.querySelector('path.eb')?.getAttribute('d') ?? '')
        .matchAll(/M(\\d+) (\\d+)h(\\d+)v36h-\\d+z/g)].map(m => m.slice(1).map(Number));
      return [...svg.querySelectorAll('text')].filter(t => {
        const x = +t.getAttribute('x'), y = +t.getAttribute('y');
        const box = boxes.find(b => y === b[1] + 23 && x > b[0] && x < b[0] + b[2]);
        return box && t.getBBox().width > box[2];
      }).map(t => t.textContent);
    })""")
    assert out == []


@pytest.mark.sample("390-dark")
def test_axe_finds_nothing(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_a_choice_opens_by_keyboard(page: Page) -> None:
    choice = page.locator(".ss-predict details").first
    choice.locator("summary").focus()
    page.keyboard.press("Enter")
    assert choice.evaluate("d => d.open")
    page.keyboard.press("Enter")
