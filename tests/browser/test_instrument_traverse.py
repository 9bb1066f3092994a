"""`traverse` lives: orders, steps and the cache, with the numbers of the model in Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

import stridescope as ss
from stridescope.model.cache_lines import indices, loads, walk
from stridescope.model.memory import describe
from support.axe import violations
from support.tiers import some

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from support.instrument_pages import Show

A = np.zeros((8, 8))


def said(page: Page) -> str:
    return page.locator(".ss-say").inner_text()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def slider(page: Page) -> Locator:
    return page.get_by_role("slider", name="Visits so far")


def numerals(page: Page) -> dict[tuple[int, ...], int]:
    pairs = page.locator("svg[aria-label^='Order of visits'] [data-index]").evaluate_all(
        "all => all.map(g => [g.dataset.index, g.textContent])"
    )
    return {tuple(map(int, index.split(","))): int(text) for index, text in pairs if text}


def counts(page: Page) -> dict[str, int]:
    pairs = page.locator("[data-loads]").evaluate_all(
        "all => all.map(e => [e.dataset.order, +e.dataset.loads])"
    )
    return dict(pairs)


def expected(a: np.ndarray, lines: int = 4, block: int = 4) -> dict[str, int]:
    lay = describe(a).layout
    return {kind: loads(walk(lay, kind, lines, block)) for kind in ("C", "F", "blocks")}


@pytest.mark.sample("view", "3-d")
@pytest.mark.parametrize(
    "a",
    [A, A.T, A[::-1, ::2], np.zeros((7, 9), "i2"), np.zeros(12), np.zeros(()), np.zeros((2, 3, 5))],
    ids=["C", "F", "view", "i2", "1-d", "0-d", "3-d"],
)
def test_orders_and_counts_are_those_of_python(show: Show, a: np.ndarray) -> None:
    page = show(ss.traverse(a))
    for name, order in (("C order", "C"), ("F order", "F"), ("blocks", "blocks")):
        press(page, name)
        assert counts(page) == expected(a)
        rows = {index: k for k, index in enumerate(np.ndindex(a.shape[:-1]))}
        cells = {
            (rows[index[:-1]], index[-1] if index else 0): k
            for k, index in enumerate(indices(a.shape, order, 4), 1)
        }
        assert numerals(page) == cells


def test_swapping_the_order_makes_8_loads_64(show: Show) -> None:
    page = show(ss.traverse(A))
    assert "64 visits load 8 lines" in said(page)
    press(page, "F order")
    assert "64 visits load 64 lines, 4,096 bytes, to read 512" in said(page)
    page.get_by_role("button", name="lines in the cache, 1 more").click(click_count=4)
    assert counts(page) == expected(A, lines=8) == {"C": 8, "F": 8, "blocks": 8}


def test_the_walk_is_scrubbed_by_keys(show: Show) -> None:
    page = show(ss.traverse(A))
    slider(page).focus()
    slider(page).press("Home")
    assert said(page) == (
        "Visit 1: [0,0], bytes 0 to 7: loads the line from byte 0. 1 loaded so far."
    )
    assert numerals(page) == {(0, 0): 1}
    slider(page).press("ArrowRight")
    assert said(page).startswith("Visit 2: [0,1], bytes 8 to 15: its line is cached.")
    assert slider(page).get_attribute("aria-valuetext") == "visit 2 of 64"
    assert page.locator(".ss-cache code").all_inner_texts() == ["0"]
    page.get_by_role("button", name="One step back").click()
    assert numerals(page) == {(0, 0): 1}


def test_the_cache_holds_the_lines_used_last(show: Show) -> None:
    page = show(ss.traverse(A, "F"))
    slider(page).fill("6")
    assert page.locator(".ss-cache code").all_inner_texts() == ["128", "192", "256", "320"]


def test_a_cell_tells_its_visit(show: Show) -> None:
    page = show(ss.traverse(A, "F"))
    page.locator("svg[aria-label^='Order of visits'] [data-index='2,1']").click()
    assert "row 2, column 1: visit 11, loads its line" in said(page)
    page.keyboard.press("ArrowRight")
    assert "row 2, column 2: visit 19" in said(page)


@pytest.mark.whole("test_instrument_temporaries.py plays a walk")
def test_the_walk_plays_and_ends(show: Show) -> None:
    page = show(ss.traverse(np.zeros((2, 3))))
    slider(page).fill("1")
    press(page, "Walk")
    page.wait_for_function(
        "document.querySelector('.ss-say').textContent.includes('6 visits load')"
    )
    assert len(numerals(page)) == 6
    assert page.get_by_role("button", name="Walk", exact=True).is_visible()


@pytest.mark.whole("test_instrument_why.py and test_instrument_temporaries.py try reduced motion")
def test_reduced_motion_shows_the_end_at_once(show: Show) -> None:
    page = show(ss.traverse(A), reduced_motion="reduce")
    slider(page).fill("1")
    press(page, "Walk")
    assert len(numerals(page)) == 64
    press(page, "Walk")
    assert len(numerals(page)) == 1


@pytest.mark.whole("test_instrument_windows.py and others refuse numbers")
def test_letters_and_zero_are_refused(show: Show) -> None:
    page = show(ss.traverse(A))
    lines = page.get_by_role("spinbutton", name="lines in the cache")
    lines.fill("many")
    lines.press("Enter")
    assert "is not a whole number" in page.locator(".ss-refused").first.inner_text()
    lines.fill("0")
    lines.press("Enter")
    assert "holds 1 to 999 lines" in page.locator(".ss-refused").first.inner_text()
    assert counts(page) == expected(A)


def copied(page: Page, name: str) -> str:
    press(page, name)
    page.wait_for_selector("text=Copied:")
    return str(page.evaluate("navigator.clipboard.readText()"))


@pytest.mark.whole("test_instrument_temporaries.py and others copy lines of NumPy")
@pytest.mark.parametrize("order", ["C", "F", "blocks"])
def test_the_line_of_numpy_visits_in_this_order(show: Show, order: str) -> None:
    a = np.arange(42.0).reshape(6, 7)
    page = show(ss.traverse(a, order), permissions=["clipboard-read", "clipboard-write"])
    made = eval(copied(page, "Copy as NumPy"), {"a": a})  # noqa: S307 - our own line
    flat = made if order != "blocks" else np.concatenate([part.ravel() for part in made])
    assert flat.tolist() == [a[index] for index in indices(a.shape, order, 4)]


@pytest.mark.whole("test_instrument_layout.py and others open links")
def test_a_link_brings_a_state_back_and_a_broken_one_does_not(show: Show) -> None:
    figure = ss.traverse(A)
    page = show(figure, permissions=["clipboard-read", "clipboard-write"])
    press(page, "F order")
    slider(page).fill("6")
    link = copied(page, "Copy link").split("#")[1]
    press(page, "Reset")
    assert "64 visits load 8 lines" in said(page)
    assert said(show(figure, fragment=link)).startswith("Visit 6: [5,0]")
    key = link.split("=")[0]
    for value in some(("%", "9,4,4,1", "0,0,4,1", "1,2", "x", "0,4,4,-1"), every=3):
        assert "64 visits load 8 lines" in said(show(figure, fragment=f"{key}={value}"))


@pytest.mark.whole("tests/stridescope/instruments/test_traverse.py counts one in part")
def test_a_huge_view_is_walked_in_part(show: Show) -> None:
    page = show(ss.traverse(np.broadcast_to(0.0, (5, 10**11))))
    assert "Counted over the first 20,000 of 500,000,000,000 visits." in said(page)


@pytest.mark.whole("test_lab_instruments.py tries axe on all instruments together")
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    show: Show, width: int, scheme: str
) -> None:
    page = show(
        ss.traverse(A), ss.traverse(np.zeros((100, 100)), "blocks"), width=width, scheme=scheme
    )
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.whole("test_lab_instruments.py tries all instruments without scripts")
def test_without_scripts_the_static_form_stands(show: Show) -> None:
    page = show(ss.traverse(A), scripts=False)
    assert page.locator(".ss-on").first.inner_text() == "8 C order"
