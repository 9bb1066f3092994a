"""`ss.wheel` lives: step past 127 by key, button, bit and touch."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

import stridescope as ss
from support.tiers import some

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from support.instrument_pages import Show


def value(page: Page) -> int:
    return int(page.locator(".ss-wheel").get_attribute("data-value") or "")


def test_one_step_past_127(show: Show) -> None:
    page = show(ss.wheel("int8"))
    dial = page.get_by_role("spinbutton", name="Ring of 256 values")
    dial.press("ArrowUp")
    assert value(page) == int((np.array([127], np.int8) + np.int8(1))[0]) == -128
    assert "wraps around" in page.locator(".ss-say").inner_text()
    dial.press("ArrowDown")
    dial.press("ArrowDown")
    assert value(page) == 126
    assert dial.get_attribute("aria-valuenow") == "126"


def test_the_lines_follow_the_value(show: Show) -> None:
    page = show(ss.wheel("uint8", 254))
    lines = page.locator(".ss-wheel-steps")
    assert "RuntimeWarning" not in lines.inner_text()
    page.get_by_role("button", name="+ 1").click()
    assert "np.uint8(0), RuntimeWarning: overflow encountered in scalar add" in lines.inner_text()
    with pytest.raises(OverflowError) as error:
        np.uint8(256)
    assert f"OverflowError: {error.value}" in lines.inner_text()


def test_a_bit_is_flipped_by_key(show: Show) -> None:
    page = show(ss.wheel("int8", 5))
    page.get_by_role("button", name="bit 7: 0").focus()
    page.keyboard.press("Enter")
    assert value(page) == int(np.array(5 | 128, np.uint8).view(np.int8)) == -123
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    assert value(page) == -124


def test_a_touch_on_the_ring_takes_the_nearest_value(show: Show) -> None:
    page = show(ss.wheel("int8", 0), width=390)
    for k in (32, 100, 200):
        box = page.get_by_role("spinbutton", name="Ring of 256 values").bounding_box()
        assert box is not None
        angle = 2 * math.pi * k / 256
        page.mouse.click(
            box["x"] + 176 + 130 * math.sin(angle), box["y"] + 176 - 130 * math.cos(angle)
        )
        assert abs(value(page) % 256 - k) <= 1


def test_home_and_end_go_to_the_ends_of_the_ring(show: Show) -> None:
    page = show(ss.wheel("int8", 5))
    ring = page.get_by_role("spinbutton", name="Ring of 256 values")
    ring.press("Home")
    assert value(page) == -128
    ring.press("End")
    assert value(page) == 127
    assert "Past the seam" not in page.locator(".ss-say").inner_text()


def test_a_drag_across_the_seam_says_so(show: Show) -> None:
    page = show(ss.wheel("int8", 120))
    box = page.get_by_role("spinbutton", name="Ring of 256 values").bounding_box()
    assert box is not None

    def place(k: int) -> tuple[float, float]:
        angle = 2 * math.pi * k / 256
        return box["x"] + 176 + 130 * math.sin(angle), box["y"] + 176 - 130 * math.cos(angle)

    page.mouse.move(*place(124))
    page.mouse.down()
    page.mouse.move(*place(133))
    page.mouse.up()
    assert value(page) == -123
    assert "Past the seam" in page.locator(".ss-say").inner_text()
    page.mouse.click(*place(200))
    assert "Past the seam" not in page.locator(".ss-say").inner_text()


def test_the_ring_fits_into_the_smallest_window_and_is_touched_there(show: Show) -> None:
    page = show(ss.wheel("int8", 0), width=320)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = page.get_by_role("spinbutton", name="Ring of 256 values").bounding_box()
    assert box is not None
    middle, radius = box["width"] / 2, 130 * box["width"] / 352
    page.mouse.click(box["x"] + middle + radius, box["y"] + middle)
    assert abs(value(page) - 64) <= 1


def test_64_bits_are_exact(show: Show) -> None:
    page = show(ss.wheel("int64"))
    page.get_by_role("spinbutton", name="Odometer").press("ArrowUp")
    assert value(page) == np.iinfo(np.int64).min
    page.get_by_role("button", name="− 1").click()
    assert value(page) == np.iinfo(np.int64).max


@pytest.mark.whole("test_instrument_layout.py and others open links")
def test_a_link_opens_its_state_and_a_broken_one_the_default(show: Show) -> None:
    figure = ss.wheel("int8", 100)
    page = show(figure, permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="+ 1").click()
    page.get_by_role("button", name="Copy as NumPy").click()
    page.wait_for_selector("text=Copied: np.array(101, 'uint8').view('int8')[()]")
    page.get_by_role("button", name="Copy link").click()
    page.wait_for_selector("text=Copied: file:")
    link = page.evaluate("navigator.clipboard.readText()").split("#")[1]
    assert value(show(figure, fragment=link)) == 101
    for broken in some(("x", "-1", "256", "99999999999999999999999"), every=3):
        assert value(show(figure, fragment=f"{link.split('=')[0]}={broken}")) == 100


@pytest.mark.whole("test_lab_instruments.py tries axe on all instruments together")
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    show: Show, width: int, scheme: str
) -> None:
    page = show(ss.wheel("int8"), ss.wheel("uint64"), width=width, scheme=scheme)
    found = Axe().run(page, options={"resultTypes": ["violations"], "preload": False})
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.whole("test_lab_instruments.py tries all instruments without scripts")
def test_without_scripts_the_static_form_stands(show: Show) -> None:
    page = show(ss.wheel("int8"), scripts=False)
    assert page.get_by_text("One step up: −128.").first.is_visible()
