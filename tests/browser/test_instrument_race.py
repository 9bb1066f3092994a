"""The plot of a race, on the page: nothing cut off, nothing small, axe clean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

import stridescope as ss
from support.axe import violations

if TYPE_CHECKING:
    from support.instrument_pages import Show

A = np.arange(10_000.0)
CUT = """() => [...document.querySelectorAll('.ss-race svg')].filter(v => v.getClientRects().length)
  .flatMap(v => [...v.querySelectorAll('text')]).filter(t => {
    const a = t.getBoundingClientRect(), b = t.ownerSVGElement.getBoundingClientRect();
    const small = parseFloat(getComputedStyle(t).fontSize) < 13;
    return a.left < b.left - 1 || a.right > b.right + 1 || small;
  }).map(t => t.textContent)"""


@pytest.mark.sample("390-dark")
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_plot_fits_and_axe_finds_nothing(show: Show, width: int, scheme: str) -> None:
    past = {"machine": "a desk in 2024", "seconds": {"sum": 0.001, "a loop in Python": 3.0}}
    ways = {
        "sum": A.sum,
        "a loop in Python": lambda: sum(x for x in A),
        "a way with a name that is far too long for the plot": lambda: 2 * A.sum(),
    }
    page = show(
        ss.race(ways, seconds=0.1, recorded=past), width=width, scheme=scheme, scripts=False
    )
    figure = page.locator("figure.ss-race")
    assert "Recorded (the blue bars), on another machine" in figure.text_content()
    assert "Different result" in figure.inner_text()
    assert page.evaluate(CUT) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    phone = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 800})
    drawn = page.locator(".ss-race .ss-narrow svg").bounding_box()
    assert drawn is not None
    assert drawn["x"] + drawn["width"] <= 320, "the whole race on the smallest phone"
    assert phone is not None
    page.set_viewport_size(phone)
    # With something live beside it, so that the page says when it is ready.
    page = show(ss.race(ways, seconds=0.05), ss.traverse(A[:4]), width=width, scheme=scheme)
    assert violations(page) == []
