"""`ss.why` lives: chips change by key and by touch, and NumPy agrees."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

import stridescope as ss

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from support.instrument_pages import Show

A = np.arange(1, 10, dtype=np.int64).reshape(3, 3)


def said(page: Page) -> str:
    return page.locator(".ss-say").inner_text()


def chip(page: Page, k: int) -> str:
    return page.locator(".ss-chips-kind").nth(k).inner_text()


def test_enter_turns_a_chip_to_a_list_and_a_second_owner_appears(show: Show) -> None:
    page = show(ss.why(A, np.s_[1:, :]))
    assert said(page) == "a[1:] is a view: offset 24, shape (2, 3), strides (24, 8)."
    assert page.get_by_text("A second owner").count() == 0
    page.locator(".ss-chips-kind").nth(1).focus()
    for kind in ("1", "1:", "[0, 2]"):
        page.keyboard.press("Enter")
        assert chip(page, 1) == kind
    r = A[1:, [0, 2]]
    assert f"is a copy: shape {r.shape}, strides {r.strides}, bytes of its own" in said(page)
    assert page.get_by_text("A second owner: the copy, 32 bytes").is_visible()
    copied = page.locator("svg[aria-label='Bytes read by the copy'] g[data-byte]")
    values = copied.evaluate_all("all => all.map(g => [+g.dataset.byte, +g.dataset.value])")
    base = r.base if r.base is not None else r
    assert dict(values) == dict(zip(range(0, 32, 8), base.ravel().tolist(), strict=True))


def numerals(page: Page, strip: str) -> dict[int, str]:
    found = page.locator(f"svg[aria-label='Bytes read by {strip}'] text[data-byte]")
    pairs = found.evaluate_all("all => all.map(t => [+t.dataset.byte, t.textContent])")
    return {byte: re.sub(r"(st|nd|rd|th)$", "", text) for byte, text in pairs}


def test_the_steps_of_a_view_and_of_a_copy_are_numbered_as_numpy_reads(show: Show) -> None:
    page = show(ss.why(A.copy(), np.s_[:, ::-2]))
    start = A.ctypes.data
    view = A[:, ::-2]
    places = [view[index[0] :, index[1] :].ctypes.data - start for index in np.ndindex(view.shape)]
    assert numerals(page, "the view") == {byte: str(k) for k, byte in enumerate(places, 1)}
    assert page.locator("svg[aria-label='Bytes read by the view'] path.w").count() == 1
    page = show(ss.why(A.copy(), [2, 0, 2]))
    assert numerals(page, "picked") == {
        48: "1×2",
        56: "2×2",
        64: "3×2",
        0: "4",
        8: "5",
        16: "6",
    }
    assert [*numerals(page, "the copy").values()] == [str(k) for k in range(1, 10)]
    # The first owner's bracket is solid, and nothing dashed stands beside it.
    assert page.locator("svg[aria-label='Bytes read by picked'] path.w").count() == 0
    assert page.locator("svg[aria-label='Bytes read by picked'] path.b").count() == 1


def test_the_order_of_a_view_is_drawn_anew_when_the_index_changes(show: Show) -> None:
    page = show(ss.why(A.copy(), np.s_[1:, :]))
    strip = page.locator("svg[aria-label='Bytes read by the view']")
    assert strip.locator("path.way").count() == 1
    assert strip.locator(".ss-draw").count() == 0, "nothing moves when the page opens"
    before = strip.locator("path.way").get_attribute("d")
    page.get_by_role("spinbutton", name="start on axis 0").press("ArrowUp")
    assert strip.locator(".ss-draw").count() == 1
    assert strip.locator("path.way").get_attribute("d") != before


def test_what_a_copy_picks_has_the_hues_of_its_rows(show: Show) -> None:
    page = show(ss.why(A.copy(), [2, 0]))
    fills = page.locator("svg[aria-label='Bytes read by picked'] path[class^=c]")
    pieces = fills.evaluate_all(
        "all => all.map(p => [p.getAttribute('class'), p.getAttribute('d').split('M').length - 1])"
    )
    assert dict(pieces) == {"c0": 3, "c3": 3, "cx": 3}, "three are not read: white"


def test_a_copy_moves_in_only_when_it_was_a_view_before(show: Show) -> None:
    page = show(ss.why(A, [0, 2]))
    assert page.get_by_text("A second owner").is_visible()
    moving = page.locator("div.ss-new")
    assert moving.count() == 0
    for kind, copies in (("mask", 0), (":", 0), ("1", 0), ("1:", 0), ("[0, 2]", 1)):
        page.locator(".ss-chips-kind").first.press("Enter")
        assert (kind, moving.count()) == (kind, copies)


def test_numbers_are_edited_and_letters_refused(show: Show) -> None:
    page = show(ss.why(A, 1, 2))
    assert "a scalar, a copy of the value 6 at byte 40" in said(page)
    row = page.get_by_role("spinbutton", name="Index on axis 0")
    row.press("ArrowDown")
    assert "the value 3 at byte 16" in said(page)
    row.fill("abc")
    row.press("Enter")
    assert "not a whole number" in page.locator(".ss-refused").first.inner_text()
    row.fill("7")
    row.press("Enter")
    with pytest.raises(IndexError) as error:
        A[7]
    assert str(error.value) in page.locator(".ss-refused").first.inner_text()
    assert "the value 3 at byte 16" in said(page)


def test_a_slice_by_its_steppers(show: Show) -> None:
    page = show(ss.why(A, np.s_[:, 1:]))
    page.get_by_role("spinbutton", name="step on axis 1").press("ArrowDown")
    assert "cannot be zero" in page.locator(".ss-refused").last.inner_text()
    page.get_by_role("spinbutton", name="step on axis 1").fill("-1")
    page.get_by_role("spinbutton", name="step on axis 1").press("Enter")
    v = A[:, 1::-1]
    assert f"shape {v.shape}, strides {v.strides}" in said(page)
    assert chip(page, 1) == "1::-1"


def test_a_mask_is_touched(show: Show) -> None:
    page = show(ss.why(A, A > 4), width=390)
    page.get_by_role("button", name="0: false").click()
    assert "shape (6,)" in said(page)
    values = page.locator("svg[aria-label='Bytes read by the copy'] g[data-byte]").evaluate_all(
        "all => all.map(g => +g.dataset.value)"
    )
    assert values == [1, 5, 6, 7, 8, 9]


def test_none_is_added_moved_and_removed(show: Show) -> None:
    page = show(ss.why(A, np.s_[:, 0]))
    page.get_by_role("button", name="Add None").click()
    assert f"shape {A[:, 0, None].shape}" in said(page)
    page.locator(".ss-chips-kind").last.click()
    page.locator(".ss-chips-kind").nth(1).click()
    assert f"shape {A[None, :, 0].shape}" in said(page)
    page.get_by_role("button", name="Remove").click()
    assert f"shape {A[:, 0].shape}" in said(page)


def test_an_axis_of_10_to_the_11_goes_through_every_kind(show: Show) -> None:
    huge = np.broadcast_to(np.arange(5.0)[:, None], (5, 10**11))
    page = show(ss.why(huge, np.s_[:, :]))
    assert f"shape {huge.shape}, strides (8, 0)" in said(page)
    page.locator(".ss-chips-kind").nth(1).focus()
    for words in (
        "shape (5,)",
        "shape (5, 99999999999)",
        "shape (5, 2)",
        "shape (5, 100000000000)",
    ):
        page.keyboard.press("Enter")
        assert words in said(page)


def test_reset_copy_and_link_bring_a_state_back(show: Show) -> None:
    figure = ss.why(A, np.s_[1:, [0, 2]])
    page = show(figure, permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="2", exact=True).click()
    page.get_by_role("button", name="Copy as NumPy").click()
    page.wait_for_selector("text=Copied: a[1:, [0]]")
    page.get_by_role("button", name="Copy link").click()
    page.wait_for_selector("text=Copied: file:")
    link = page.evaluate("navigator.clipboard.readText()")
    page.get_by_role("button", name="Reset").click()
    assert "[1:, [0, 2]]" in said(page)
    again = show(figure, fragment=link.split("#")[1])
    assert f"shape {A[1:, [0]].shape}" in said(again)


@pytest.mark.sample("%")
@pytest.mark.parametrize("value", ["%", "[9];:", "[0,[1]];:", "1;2;3", "x;y", "::0;:"])
def test_a_broken_link_opens_the_default(show: Show, value: str) -> None:
    figure = ss.why(A, np.s_[1:, 0])
    page = show(figure, permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy link").click()
    page.wait_for_selector("text=Copied: file:")
    link = page.evaluate("navigator.clipboard.readText()").split("#")[1].split("=")[0]
    assert "a[1:, 0] is a view" in said(show(figure, fragment=f"{link}={value}"))


@pytest.mark.whole("test_lab_instruments.py tries axe on all instruments together")
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    show: Show, width: int, scheme: str
) -> None:
    page = show(
        ss.why(A, np.s_[1:, [0, 2]]), ss.why(A, A > 4), ss.why(A, 1, 2), width=width, scheme=scheme
    )
    found = Axe().run(page, options={"resultTypes": ["violations"], "preload": False})
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_reduced_motion_stills_the_copy(show: Show) -> None:
    page = show(ss.why(A, np.s_[1:, 1:]), reduced_motion="reduce")
    page.locator(".ss-chips-kind").nth(1).press("Enter")
    moved = page.locator("div.ss-new").evaluate("e => getComputedStyle(e).animationName")
    assert moved == "none"


@pytest.mark.whole("test_lab_instruments.py tries all instruments without scripts")
def test_without_scripts_the_static_form_stands(show: Show) -> None:
    page = show(ss.why(A, np.s_[1:, [0, 2]]), scripts=False)
    assert page.get_by_text("is a copy: shape (2, 2)").first.is_visible()
