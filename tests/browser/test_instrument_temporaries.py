"""`temporaries` lives: steps, and what `out=` changes, with the bytes of the model in Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

import stridescope as ss
from stridescope.model.allocations import program
from stridescope.model.expression import operations
from support.axe import violations
from support.tiers import some

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from support.instrument_pages import Show

A = np.arange(1.0, 1_000_001.0)
SUM = "np.sqrt(a**2 + b**2)"


def said(page: Page) -> str:
    return page.locator(".ss-say").inner_text()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def blocks(page: Page, cls: str = "n") -> dict[str, int]:
    pairs = page.locator(f"path.{cls}[data-block]").evaluate_all(
        "all => all.map(p => [p.dataset.block, +p.dataset.nbytes])"
    )
    return dict(pairs)


@pytest.mark.sample("reuse-out= temporaries")
@pytest.mark.parametrize(
    ("mode", "button"),
    [("", "as written"), ("reuse", "out= temporaries"), ("buffers", "out= buffers")],
)
def test_held_and_peak_are_those_of_python(show: Show, mode: str, button: str) -> None:
    page = show(ss.temporaries(SUM, a=A, b=A))
    press(page, button)
    made = program(operations(SUM, {"a": A, "b": A}), mode)
    steps = page.get_by_role("slider", name="Step")
    for k, step in enumerate(made.steps, 1):
        steps.fill(str(k))
        assert f"Step {k} of 4: {step.code}." in said(page)
        held = {b.name: b.nbytes for b in made.blocks if b.birth <= k <= b.death}
        assert blocks(page) == held
        assert ("the peak" in said(page)) == (held != {} and made.held(k) == made.peak)
    assert len(blocks(page, "b")) == 2 + len(made.buffers)


def test_adding_out_takes_a_block_away_and_the_peak_falls(show: Show) -> None:
    page = show(ss.temporaries(SUM, a=A, b=A))
    assert "Peak: 24 MB" in page.locator(".ss-peak").inner_text()
    assert len(blocks(page)) + len(blocks(page, "ss-gone")) == 4
    press(page, "out= temporaries")
    assert "Peak: 16 MB" in page.locator(".ss-peak").inner_text()
    assert len(blocks(page)) + len(blocks(page, "ss-gone")) == 2
    press(page, "out= buffers")
    assert "Peak: 0 B" in page.locator(".ss-peak").inner_text()


def test_the_steps_are_scrubbed_by_keys_and_touched(show: Show) -> None:
    page = show(ss.temporaries("np.sqrt(np.sum(a**2))", a=A))
    assert said(page).startswith("Step 1 of 3: t1 = a ** 2.")
    page.get_by_role("slider", name="Step").press("ArrowRight")
    assert said(page).startswith("Step 2 of 3: t2 = np.sum(t1).")
    page.get_by_role("slider", name="Step").press("ArrowRight")
    assert said(page) == (
        "Step 3 of 3: t3 = np.sqrt(t2). New memory held: t2 8 B, t3 8 B; 16 B in all."
    )
    page.get_by_text("t1 = a ** 2").click()
    assert said(page).startswith("Step 1 of 3")
    page.get_by_role("button", name="One step forward").click()
    assert said(page).startswith("Step 2 of 3")


def test_the_walk_plays_and_reduced_motion_jumps(show: Show) -> None:
    page = show(ss.temporaries(SUM, a=A, b=A))
    page.get_by_role("slider", name="Step").fill("1")
    press(page, "Walk")
    page.wait_for_function("document.querySelector('.ss-say').textContent.startsWith('Step 4')")
    still = show(ss.temporaries(SUM, a=A, b=A), reduced_motion="reduce")
    press(still, "Walk")
    assert said(still).startswith("Step 4")


def copied(page: Page, name: str) -> str:
    press(page, name)
    page.wait_for_selector("text=Copied:")
    return str(page.evaluate("navigator.clipboard.readText()"))


@pytest.mark.sample("buffers")
@pytest.mark.parametrize("out", [None, "reuse", "buffers"])
def test_the_lines_of_numpy_compute_the_same(show: Show, out: str | None) -> None:
    page = show(
        ss.temporaries(SUM, a=A, b=A, out=out), permissions=["clipboard-read", "clipboard-write"]
    )
    scope: dict[str, object] = {"np": np, "a": A, "b": A.copy()}
    exec(copied(page, "Copy as NumPy"), scope)  # noqa: S102 - our own lines
    result = {None: "t4", "reuse": "t1", "buffers": "buf"}[out]
    np.testing.assert_allclose(scope[result], np.sqrt(A**2 + A**2))  # type: ignore[arg-type]


@pytest.mark.whole("test_instrument_layout.py and others open links")
def test_a_link_brings_a_state_back_and_a_broken_one_does_not(show: Show) -> None:
    figure = ss.temporaries(SUM, a=A, b=A)
    page = show(figure, permissions=["clipboard-read", "clipboard-write"])
    press(page, "out= buffers")
    page.get_by_role("slider", name="Step").fill("4")
    link = copied(page, "Copy link").split("#")[1]
    press(page, "Reset")
    assert said(page).startswith("Step 3 of 4: t3 = t1 + t2.")
    assert said(show(figure, fragment=link)).startswith("Step 4 of 4: np.sqrt(buf, out=buf).")
    key = link.split("=")[0]
    for value in some(("%", "3,1", "0,9", "0,0", "x", "1"), every=3):
        assert said(show(figure, fragment=f"{key}={value}")).startswith("Step 3 of 4: t3 = t1")


@pytest.mark.whole("test_lab_instruments.py tries axe on all instruments together")
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    show: Show, width: int, scheme: str
) -> None:
    page = show(
        ss.temporaries(SUM, a=A, b=A),
        ss.temporaries("(a - a.mean()) / np.sqrt(np.mean((a - a.mean())**2))", a=A),
        width=width,
        scheme=scheme,
    )
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_no_text_leaves_the_drawing_on_a_phone(show: Show) -> None:
    page = show(ss.temporaries(SUM, a=np.broadcast_to(1.0, (100, 10**6)), b=A), width=390)
    cut = page.evaluate("""() => [...document.querySelectorAll('.ss-live svg text')].filter(t => {
      const a = t.getBoundingClientRect(), b = t.ownerSVGElement.getBoundingClientRect();
      return a.left < b.left - 1 || a.right > b.right + 1 || a.bottom > b.bottom + 3;
    }).map(t => t.textContent)""")
    assert cut == []


@pytest.mark.whole("test_lab_instruments.py tries all instruments without scripts")
def test_without_scripts_the_static_form_stands(show: Show) -> None:
    page = show(ss.temporaries(SUM, a=A, b=A), scripts=False)
    assert "Peak: 24 MB of new memory, first at step 3" in page.locator("figure").inner_text()
