"""`windows` lives: the window moves by keys and pointer, and its sums are NumPy's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

import stridescope as ss
from support.axe import violations
from support.tiers import some

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from support.instrument_pages import Show

IMAGE = np.arange(36, dtype=np.int64).reshape(6, 6) ** 2
KERNEL = np.array([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]])


def picture(page: Page) -> Locator:
    return page.locator("svg[role='application']")


def total(page: Page) -> str:
    return str(page.locator("[data-total]").get_attribute("data-total"))


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def sums(page: Page) -> dict[tuple[int, ...], str]:
    pairs = page.locator("svg[aria-label='Sums of the windows'] [data-index]").evaluate_all(
        "all => all.map(g => [g.dataset.index, g.textContent])"
    )
    return {tuple(map(int, index.split(","))): text.replace("−", "-") for index, text in pairs}


def numpys(image: np.ndarray, kernel: np.ndarray, *, pad: int = 0, step: int = 1) -> np.ndarray:
    every = sliding_window_view(np.pad(image, pad), kernel.shape)[::step, ::step]
    return (every * kernel).sum(axis=(2, 3))


@pytest.mark.sample("u1", "f4")
@pytest.mark.parametrize("kind", ["i1", "u1", "i8", "?", ">i4", "f4", "f8"])
def test_every_sum_is_numpys(show: Show, kind: str) -> None:
    image = (np.arange(25) * 37 % 251 - ("i" in kind) * 120).reshape(5, 5).astype(kind)
    kernel = KERNEL.astype("f4" if "f" in kind else "i1")
    page = show(ss.windows(image, kernel))
    expected = numpys(image, kernel)
    assert sums(page) == {index: f"{v:.6g}" for index, v in np.ndenumerate(expected)}
    press(page, "flip the kernel")
    expected = numpys(image, kernel[::-1, ::-1])
    assert sums(page) == {index: f"{v:.6g}" for index, v in np.ndenumerate(expected)}


def test_a_product_that_wraps_is_said_to(show: Show) -> None:
    page = show(ss.windows(np.full((3, 3), 200, np.uint8), np.full((2, 2), 2, np.uint8)))
    assert total(page) == "576"
    assert (
        "The products overflow uint8; the exact sum is 1600."
        in page.locator(".ss-sum").inner_text()
    )


def test_arrows_move_the_window(show: Show) -> None:
    page = show(ss.windows(IMAGE, KERNEL, at=(1, 1)))
    expected = numpys(IMAGE, KERNEL)
    picture(page).focus()
    for key, at in (
        ("ArrowRight", (1, 2)),
        ("ArrowDown", (2, 2)),
        ("ArrowLeft", (2, 1)),
        ("ArrowUp", (1, 1)),
    ):
        page.keyboard.press(key)
        assert page.locator(".ss-say").inner_text().startswith(f"Window [{at[0]},{at[1]}]")
        assert total(page) == str(expected[at])
    start = IMAGE[1:, 1:].__array_interface__["data"][0] - IMAGE.__array_interface__["data"][0]
    assert (
        f"They start at bytes {start}, {start + 48} and {start + 96}, 48 bytes apart"
        in page.locator("figure").inner_text()
    )


def test_the_window_stops_at_the_edge_and_says_so(show: Show) -> None:
    page = show(ss.windows(IMAGE, KERNEL, at=(0, 0)))
    picture(page).focus()
    page.keyboard.press("ArrowUp")
    assert "The rows of windows end here." in page.locator(".ss-say").inner_text()
    assert total(page) == str(numpys(IMAGE, KERNEL)[0, 0])


def centre(page: Page, i: int, j: int) -> tuple[float, float]:
    box = picture(page).locator(f"[data-index='{i},{j}']").bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_the_window_is_dragged(show: Show) -> None:
    page = show(ss.windows(IMAGE, KERNEL, at=(0, 0)))
    picture(page).scroll_into_view_if_needed()
    page.mouse.move(*centre(page, 1, 1))
    page.mouse.down()
    page.mouse.move(*centre(page, 3, 4), steps=6)
    page.mouse.up()
    assert page.locator(".ss-say").inner_text().startswith("Window [2,3]")
    assert total(page) == str(numpys(IMAGE, KERNEL)[2, 3])
    page.mouse.move(*centre(page, 0, 0))
    assert page.locator(".ss-say").inner_text().startswith("Window [2,3]")


def test_a_touch_brings_the_window(show: Show) -> None:
    page = show(ss.windows(IMAGE, KERNEL, at=(0, 0)), width=390, has_touch=True)
    picture(page).scroll_into_view_if_needed()
    page.touchscreen.tap(*centre(page, 3, 3))
    assert page.locator(".ss-say").inner_text().startswith("Window [2,2]")


@pytest.mark.sample("2-2")
@pytest.mark.parametrize(("pad", "step"), [(1, 1), (2, 2), (0, 3)])
def test_pad_and_step_are_numpys(show: Show, pad: int, step: int) -> None:
    page = show(ss.windows(IMAGE, KERNEL))
    for name, value in (("pad", pad), ("step", step)):
        box = page.get_by_role("spinbutton", name=name)
        box.fill(str(value))
        box.press("Enter")
    expected = numpys(IMAGE, KERNEL, pad=pad, step=step)
    shown = sums(page)
    assert shown
    assert shown == {index: f"{expected[index]:.6g}"[:5] for index in shown}
    strides = sliding_window_view(np.pad(IMAGE, pad), (3, 3))[::step, ::step].strides
    assert f"strides {strides}" in page.locator("figure").inner_text()


def test_what_does_not_fit_is_refused_and_nothing_changes(show: Show) -> None:
    page = show(ss.windows(IMAGE[:3, :3], KERNEL, pad=1))
    box = page.get_by_role("spinbutton", name="pad")
    for text, words in (
        ("-1", "pad is 0 to 7 here"),
        ("9", "pad is 0 to 7"),
        ("x", "not a whole number"),
    ):
        box.fill(text)
        box.press("Enter")
        assert words in page.locator(".ss-refused").first.inner_text()
    assert len(sums(page)) == 9


def test_a_large_image_moves_within_what_was_sent(show: Show) -> None:
    image = (np.arange(160_000) * 7919 % 251).astype(np.uint8).reshape(400, 400)
    page = show(ss.windows(image, KERNEL, at=(200, 100)))
    expected = numpys(image, KERNEL)
    assert total(page) == str(expected[200, 100])
    picture(page).focus()
    for _ in range(40):
        page.keyboard.press("ArrowRight")
    assert "was not sent with this page" in page.locator(".ss-say").inner_text()
    at = page.locator(".ss-sum b").first.inner_text().strip("[]").split(",")
    assert total(page) == str(expected[int(at[0]), int(at[1])])
    known = {index: text for index, text in sums(page).items() if text != "·"}
    assert known
    assert known == {index: str(expected[index]) for index in known}


def copied(page: Page, name: str) -> str:
    press(page, name)
    page.wait_for_selector("text=Copied:")
    return str(page.evaluate("navigator.clipboard.readText()"))


@pytest.mark.whole("test_instrument_temporaries.py and others copy lines of NumPy")
def test_the_lines_of_numpy_make_the_sum(show: Show) -> None:
    page = show(
        ss.windows(IMAGE, KERNEL, pad=1, step=2, flip=True),
        permissions=["clipboard-read", "clipboard-write"],
    )
    *lines, last = copied(page, "Copy as NumPy").splitlines()
    scope = {"np": np, "image": IMAGE}
    exec("\n".join(lines), scope)  # noqa: S102 - our own lines
    assert str(eval(last, scope)) == total(page)  # noqa: S307


@pytest.mark.whole("test_instrument_layout.py and others open links")
def test_a_link_brings_a_state_back_and_a_broken_one_does_not(show: Show) -> None:
    figure = ss.windows(IMAGE, KERNEL, at=(0, 0))
    page = show(figure, permissions=["clipboard-read", "clipboard-write"])
    picture(page).focus()
    page.keyboard.press("ArrowRight")
    press(page, "flip the kernel")
    link, there = copied(page, "Copy link").split("#")[1], total(page)
    press(page, "Reset")
    assert total(page) == str(numpys(IMAGE, KERNEL)[0, 0])
    assert total(show(figure, fragment=link)) == there
    key = link.split("=")[0]
    for value in some(("%", "99,0,0,1,0", "0,0,0,0,0", "0,0,0,1,2", "1", "-1,0,0,1,0"), every=3):
        assert total(show(figure, fragment=f"{key}={value}")) == str(numpys(IMAGE, KERNEL)[0, 0])


@pytest.mark.whole("test_lab_instruments.py tries axe on all instruments together")
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    show: Show, width: int, scheme: str
) -> None:
    large = np.zeros((400, 400), np.uint8)
    page = show(
        ss.windows(IMAGE, KERNEL),
        ss.windows(large, KERNEL, at=(9, 9), pad=1),
        width=width,
        scheme=scheme,
    )
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.whole("test_lab_instruments.py tries all instruments without scripts")
def test_without_scripts_the_static_form_stands(show: Show) -> None:
    page = show(ss.windows(IMAGE, KERNEL, at=(1, 2)), scripts=False)
    assert f"= {numpys(IMAGE, KERNEL)[1, 2]}" in page.locator(".ss-sum").inner_text()
