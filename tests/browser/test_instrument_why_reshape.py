"""`ss.why_reshape` lives: another shape, another verdict, NumPy's own."""

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

A = np.arange(1, 7, dtype=np.int64).reshape(2, 3).T


def said(page: Page) -> str:
    return page.locator(".ss-say").inner_text()


def test_the_first_false_equation_stands_in_the_chain(show: Show) -> None:
    page = show(ss.why_reshape(A, (2, 3), name="a.T"))
    assert said(page) == "np.reshape(a.T, (2, 3)) is a copy: 8 = 2·24 is false."
    assert page.locator(".ss-chain-fail").inner_text().split() == (
        ["✗", "8", "≠", "2·24", "=", "48"]
    )
    assert page.get_by_text("Walk 0 → 24 → 8: steps +24, −16.").is_visible()


@pytest.mark.sample("shape0-C", "shape1-F")
@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("shape", [(6,), (2, 3), (3, 2)])
def test_each_shape_that_fits_gets_numpys_verdict(
    show: Show, order: str, shape: tuple[int, ...]
) -> None:
    page = show(ss.why_reshape(A, (3, 2)))
    page.get_by_role("button", name=f"order {order}").click()
    fit = page.get_by_role("button", name=str(shape), exact=True)
    fit.click()
    assert fit.get_attribute("aria-pressed") == "true"
    assert page.locator(".ss-ctl > button[aria-pressed='true']").count() == 1
    try:
        strides = np.reshape(A, shape, order=order, copy=False).strides  # type: ignore[call-overload]
    except ValueError:
        assert " is a copy: " in said(page)
    else:
        assert f" is a view: shape {shape}, strides {strides}." in said(page)


def test_a_stepper_by_keyboard_and_a_size_that_does_not_fit(show: Show) -> None:
    page = show(ss.why_reshape(A, (2, 3)))
    length = page.get_by_role("spinbutton", name="Length of axis 1")
    length.press("ArrowUp")
    with pytest.raises(ValueError, match="reshape") as error:
        np.reshape(A, (2, 4))
    assert str(error.value) in said(page)
    length.fill("-1")
    length.press("Enter")
    assert "Lengths start at 0." in page.locator(".ss-refused").last.inner_text()
    page.get_by_role("button", name="Reset").click()
    assert "is a copy" in said(page)


def test_axes_are_added_and_dropped(show: Show) -> None:
    page = show(ss.why_reshape(A, (3, 2)))
    page.get_by_role("button", name="Add an axis").click()
    assert f"shape (3, 2, 1), strides {A.reshape(3, 2, 1).strides[:2]}"[:-1] in said(page)
    page.get_by_role("button", name="Drop the last axis").click()
    page.get_by_role("button", name="Drop the last axis").click()
    assert "is refused" in said(page)


@pytest.mark.whole("test_instrument_layout.py and others open links")
def test_a_link_opens_its_state_and_a_broken_one_the_default(show: Show) -> None:
    figure = ss.why_reshape(A, (2, 3))
    page = show(figure, permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="order F").click()
    page.get_by_role("button", name="Copy link").click()
    page.wait_for_selector("text=Copied: file:")
    link = page.evaluate("navigator.clipboard.readText()").split("#")[1]
    assert "(2, 3), 'F') is a view" in said(show(figure, fragment=link))
    key = link.split("=")[0]
    for value in some(("x", "2,3", "2,3;7", "-2,-3;0", "1,1,1,1,1,1,1;0"), every=3):
        assert "(2, 3)) is a copy" in said(show(figure, fragment=f"{key}={value}"))


@pytest.mark.whole("test_lab_instruments.py tries axe on all instruments together")
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    show: Show, width: int, scheme: str
) -> None:
    page = show(
        ss.why_reshape(A, (2, 3)),
        ss.why_reshape(np.arange(60).reshape(3, 4, 5)[:, 1:], (15, -1)),
        width=width,
        scheme=scheme,
    )
    found = Axe().run(page, options={"resultTypes": ["violations"], "preload": False})
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.whole("test_lab_instruments.py tries all instruments without scripts")
def test_without_scripts_the_static_form_stands(show: Show) -> None:
    page = show(ss.why_reshape(A, (2, 3)), scripts=False)
    assert page.get_by_text("is a copy: 8 = 2·24 is false.").first.is_visible()
