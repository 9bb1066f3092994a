"""`ss.broadcast` lives: lengths change by key and touch, shapes match, stretch and clash."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

import stridescope as ss
from support.tiers import some

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from support.instrument_pages import Show

COLUMN, ROW = np.arange(1, 4).reshape(3, 1), np.arange(10, 14)


def said(page: Page) -> str:
    return page.locator(".ss-say").inner_text()


def figure() -> ss.Instrument:
    return ss.broadcast(COLUMN, ROW, names=["col", "row"])


def test_a_stretched_axis_reads_the_same_bytes_again(show: Show) -> None:
    page = show(figure())
    assert said(page) == "col (3, 1) and row (4,) broadcast to (3, 4)."
    strip = page.locator("svg[aria-label='Bytes read by row']")
    assert strip.locator("g.d").all_text_contents() == ["×3"] * 4
    boxes = strip.locator("[data-byte]")
    assert boxes.evaluate_all("all => all.map(g => +g.dataset.value)") == ROW.tolist()


def test_keys_move_in_the_table_and_change_a_length(show: Show) -> None:
    page = show(figure())
    page.get_by_role("button", name="col, axis 1: 1, stretched to 4, stride 0").focus()
    page.keyboard.press("+")
    assert page.evaluate("document.querySelector('.ss-broadcast').dataset.verdict") == "clash"
    with pytest.raises(ValueError, match="shape mismatch") as error:
        np.broadcast_shapes((3, 2), (4,))
    assert " ".join(str(error.value).split()) in " ".join(said(page).split())
    page.keyboard.press("-")
    assert said(page) == "col (3, 1) and row (4,) broadcast to (3, 4)."
    page.keyboard.press("ArrowDown")
    focused = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert focused == "row, axis 1: 4, match"
    page.keyboard.press("-")
    assert "row (3,) broadcast to (3, 3)" in said(page)


def test_a_button_at_its_limit_keeps_the_keyboards_focus(show: Show) -> None:
    page = show(figure())
    more = page.get_by_role("button", name="Add an axis to col")
    more.focus()
    for _ in range(6):
        page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "Add an axis to col"
    assert said(page) == "col has 6 axes, the most that fit here."


def test_an_array_with_another_shape_has_no_values(show: Show) -> None:
    page = show(figure())
    page.get_by_role("button", name="row, axis 1: 4, match").click()
    page.get_by_role("spinbutton", name="row, length of axis 1").press("ArrowUp")
    boxes = page.locator("svg[aria-label='Bytes read by row'] [data-byte]")
    assert set(boxes.evaluate_all("all => all.map(g => g.dataset.value)")) == {"·"}
    page.get_by_role("button", name="Reset").click()
    assert boxes.evaluate_all("all => all.map(g => +g.dataset.value)") == ROW.tolist()


def test_axes_come_and_go_and_bad_lengths_are_refused(show: Show) -> None:
    page = show(figure(), width=390)
    page.get_by_role("button", name="Add an axis to col").click()
    assert "col (1, 3, 1)" in said(page)
    length = page.get_by_role("spinbutton", name="col, length of axis 0")
    length.fill("-3")
    length.press("Enter")
    assert "Lengths start at 0." in page.locator(".ss-refused").inner_text()
    length.fill("999999999999999")
    length.press("Enter")
    assert "2^40" in page.locator(".ss-refused").inner_text()
    for _ in range(3):
        page.get_by_role("button", name="Drop the first axis of col").click()
    assert said(page) == "col () and row (4,) broadcast to (4,)."


@pytest.mark.whole("test_instrument_layout.py and others open links")
def test_a_link_opens_its_state_and_a_broken_one_the_default(show: Show) -> None:
    page = show(figure(), permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="row, axis 1: 4, match").press("-")
    page.get_by_role("button", name="Copy link").click()
    page.wait_for_selector("text=Copied: file:")
    link = page.evaluate("navigator.clipboard.readText()").split("#")[1]
    assert "row (3,) broadcast" in said(show(figure(), fragment=link))
    for value in some(("x", "3,1", "3,1;4;5", "-1;4", "1,1,1,1,1,1,1;4"), every=3):
        again = show(figure(), fragment=f"{link.split('=')[0]}={value}")
        assert "col (3, 1) and row (4,) broadcast" in said(again)


@pytest.mark.whole("test_lab_instruments.py tries axe on all instruments together")
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    show: Show, width: int, scheme: str
) -> None:
    page = show(figure(), ss.broadcast((3,), (4,)), ss.broadcast((8, 1, 6, 1), (7, 1, 5)),
                width=width, scheme=scheme)  # fmt: skip
    found = Axe().run(page, options={"resultTypes": ["violations"], "preload": False})
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.whole("test_lab_instruments.py tries all instruments without scripts")
def test_without_scripts_the_static_form_stands(show: Show) -> None:
    page = show(figure(), scripts=False)
    assert page.get_by_text("broadcast to (3, 4).").first.is_visible()
