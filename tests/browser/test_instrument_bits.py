"""`ss.bits` lives: flip a bit, and every figure is NumPy's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

import stridescope as ss
from support.tiers import some

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from support.instrument_pages import Show


def facts(page: Page) -> list[list[str]]:
    pairs = page.locator(".ss-bits .ss-facts > div")
    found: list[list[str]] = pairs.evaluate_all(
        "all => all.map(d => [...d.children].map(c => c.textContent))"
    )
    return found


def same_as(page: Page, figure: ss.Instrument) -> None:
    """Check that the live form says what Python says of this number."""
    assert [": ".join(pair) for pair in facts(page)] == figure.text.splitlines()[1:]
    assert page.locator(".ss-say").inner_text() == figure.text.splitlines()[0]


def test_flipping_the_lowest_bit_gives_the_neighbour(show: Show) -> None:
    page = show(ss.bits("float32", 0.1))
    same_as(page, ss.bits("float32", 0.1))
    page.get_by_role("button", name="bit 0: 1").click()
    same_as(page, ss.bits("float32", np.nextafter(np.float32(0.1), np.float32(0))))
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    same_as(page, ss.bits("float32", -np.nextafter(np.float32(0.1), np.float32(0))))


@pytest.mark.sample("float16")
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_special_values_are_numpys(show: Show, dtype: str) -> None:
    page = show(ss.bits(dtype, 1.0))
    info = np.finfo(dtype)
    special: dict[str, Any] = {
        "smallest": info.smallest_subnormal,
        "largest": info.max,
        "inf": np.inf,
        "−0": -0.0,
        "0.1": 0.1,
        "nan": np.nan,
    }
    for name, number in special.items():
        page.get_by_role("button", name=name, exact=True).click()
        assert [": ".join(pair) for pair in facts(page)] == (
            ss.bits(dtype, number).text.splitlines()[1:]
        )


def test_a_number_is_typed_and_letters_are_refused(show: Show) -> None:
    page = show(ss.bits("float64", 1.0), width=390)
    field = page.get_by_role("textbox", name="A number of float64")
    field.fill("0.3")
    field.press("Enter")
    same_as(page, ss.bits("float64", 0.3))
    field.fill("0.3x")
    field.press("Enter")
    assert "is not a number that float64 can hold" in page.locator(".ss-refused").inner_text()
    same_as(page, ss.bits("float64", 0.3))


@pytest.mark.sample("-inf", "NaN")
@pytest.mark.parametrize("text", ["Infinity", "-inf", "NaN", "+Infinity", "nan", "INF"])
def test_numbers_are_typed_as_numpy_takes_them(show: Show, text: str) -> None:
    page = show(ss.bits("float32", 1.0))
    field = page.get_by_role("textbox", name="A number of float32")
    field.fill(text)
    field.press("Enter")
    assert page.locator(".ss-refused").inner_text() == ""
    same_as(page, ss.bits("float32", np.float32(text)))


@pytest.mark.whole("test_instrument_windows.py and others refuse numbers")
def test_a_refusal_goes_away_when_the_next_thing_works(show: Show) -> None:
    page = show(ss.bits("float32", 1.0))
    field = page.get_by_role("textbox", name="A number of float32")
    for name, text in (("largest", "three"), ("next", "four")):
        field.fill(text)
        field.press("Enter")
        assert "is not a number that float32 can hold" in page.locator(".ss-refused").inner_text()
        page.get_by_role("button", name=name, exact=True).click()
        assert page.locator(".ss-refused").inner_text() == ""


def test_a_bit_that_is_1_has_a_shape_where_the_readers_colors_rule(show: Show) -> None:
    page = show(ss.bits("uint8", 1), forced_colors="active")
    style = "b => getComputedStyle(b).outlineStyle"
    assert page.get_by_role("button", name="bit 0: 1").evaluate(style) == "solid"
    assert page.get_by_role("button", name="bit 1: 0").evaluate(style) == "none"


def test_integers_refuse_what_numpy_refuses(show: Show) -> None:
    page = show(ss.bits("uint8", 200))
    field = page.get_by_role("textbox", name="A number of uint8")
    field.fill("300")
    field.press("Enter")
    with pytest.raises(OverflowError) as error:
        np.array(300, np.uint8)
    assert str(error.value) in page.locator(".ss-refused").inner_text()
    page.get_by_role("button", name="bit 7: 1").click()
    same_as(page, ss.bits("uint8", 72))


def test_bits_are_one_tab_stop_and_24_px_wide(show: Show) -> None:
    page = show(ss.bits("float64", 0.1), width=390)
    assert page.locator(".ss-field button[tabindex='0']").count() == 1
    sizes = page.locator(".ss-field button").evaluate_all(
        "all => all.map(b => b.getBoundingClientRect()).map(r => [r.width, r.height])"
    )
    assert len(sizes) == 64
    assert all(width >= 24 and height >= 44 for width, height in sizes)


@pytest.mark.whole("test_instrument_layout.py and others open links")
def test_a_link_opens_its_state_and_a_broken_one_the_default(show: Show) -> None:
    figure = ss.bits("float16", 0.1)
    page = show(figure, permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="1", exact=True).click()
    page.get_by_role("button", name="Copy link").click()
    page.wait_for_selector("text=Copied: file:")
    link = page.evaluate("navigator.clipboard.readText()").split("#")[1]
    same_as(show(figure, fragment=link), ss.bits("float16", 1.0))
    for broken in some(("x", "65536", ""), every=3):
        same_as(show(figure, fragment=f"{link.split('=')[0]}={broken}"), figure)


@pytest.mark.whole("test_lab_instruments.py tries axe on all instruments together")
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    show: Show, width: int, scheme: str
) -> None:
    page = show(ss.bits("float64", 5e-324), ss.bits("int16", -2), width=width, scheme=scheme)
    found = Axe().run(page, options={"resultTypes": ["violations"], "preload": False})
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.whole("test_lab_instruments.py tries all instruments without scripts")
def test_without_scripts_the_static_form_stands(show: Show) -> None:
    page = show(ss.bits("float32", 0.1), scripts=False)
    assert page.get_by_text("0.100000001490116119384765625").first.is_visible()
