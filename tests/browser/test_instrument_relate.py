"""`relate` in the page: poke a value; the sharers change, the others do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import stridescope as ss
from support.axe import violations
from support.tiers import some

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from playwright.sync_api import Page

    from conftest import Scheme
    from support.instrument_pages import Show

SCREENS = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]


def table() -> NDArray[np.int64]:
    return np.arange(1, 10, dtype=np.int64).reshape(3, 3).copy()


def shown(page: Page, name: str) -> list[str]:
    """The values of an array on the picture, in C order."""
    grid = page.locator(f"svg[aria-label^='Elements of {name}.']")
    found: list[str] = grid.locator("g[data-index]").evaluate_all(
        "all => all.map(g => g.dataset.value)"
    )
    return found


def poke(page: Page, name: str, index: tuple[int, ...], value: int | str) -> str:
    """Put a value into an element as a reader does, and return what is said."""
    at = ",".join(map(str, index))
    page.locator(f"svg[aria-label^='Elements of {name}.'] g[data-index='{at}'] text").click()
    field = page.get_by_role("spinbutton")
    field.fill(str(value))
    field.press("Enter")
    return page.locator(".ss-say").inner_text()


def test_sharers_change_as_in_numpy_and_a_copy_does_not(show: Show) -> None:
    a = table()
    arrays = {"a": a, "turned": a.T, "row": a[1], "copy": a.copy()}
    page = show(ss.relate(*arrays.values(), names=[*arrays]))
    said = poke(page, "a", (1, 2), 99)
    a[1, 2] = 99
    for name, array in arrays.items():
        assert shown(page, name) == [str(v) for v in array.ravel()]
    changed = "turned[2, 1], row[2] changed, too. copy did not change."
    assert said == f"In this picture, a[1, 2] = 99. {changed}"
    page.get_by_role("button", name="Reset").click()
    assert shown(page, "turned") == [str(v) for v in table().T.ravel()]


def test_bytes_read_as_other_dtypes_change_as_in_numpy(show: Show) -> None:
    a = np.array([0, 0], np.int32)
    arrays: dict[str, NDArray[Any]] = {
        "a": a,
        "u": a.view(np.uint8),
        "f": a.view(np.float32),
        "big": a.view(">i4"),
    }
    page = show(ss.relate(*arrays.values(), names=[*arrays]))
    poke(page, "big", (1,), -2)
    arrays["big"][1] = -2
    poke(page, "u", (3,), 64)
    arrays["u"][3] = 64
    poke(page, "f", (1,), 7)
    arrays["f"][1] = 7
    for name, array in arrays.items():
        assert shown(page, name) == [str(v) for v in array]


@pytest.mark.sample("i1", "c16")
@pytest.mark.parametrize("kind", ["?", "i1", "u2", "i8", "f2", ">f4", "f8", "c8", "c16"])
def test_each_dtype_is_written_as_numpy_writes_it(show: Show, kind: str) -> None:
    a = np.zeros(3, kind)
    # Over fifteen columns the picture leaves some out.
    bits = a.view(np.uint8).reshape(-1, max(1, a.itemsize // 2))
    page = show(ss.relate(a=a, bits=bits))
    poke(page, "a", (1,), 100)
    a[1] = 100
    assert shown(page, "bits") == [str(v) for v in bits.ravel()]


def test_what_numpy_refuses_is_refused_in_its_words(show: Show) -> None:
    a = np.array([1, 2], np.int8)
    page = show(ss.relate(a=a, ro=np.broadcast_to(a, (2, 2))))
    poke(page, "a", (0,), 128)
    with pytest.raises(OverflowError) as error:
        a[0] = 128
    assert f"OverflowError: {error.value}" in page.inner_text("figure")
    poke(page, "ro", (1, 0), 5)
    assert "ValueError: assignment destination is read-only" in page.inner_text("figure")
    poke(page, "a", (0,), "x")
    assert "\u201cx\u201d is not a whole number. 1 is kept." in page.inner_text("figure")
    poke(page, "a", (0,), 9223372036854775807)
    assert "too large here" in page.inner_text("figure")
    assert shown(page, "a") == ["1", "2"]


def test_the_keyboard_alone_pokes(show: Show) -> None:
    a = table()
    page = show(ss.relate(a=a, turned=a.T))
    page.locator("svg[aria-label^='Elements of turned']").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    page.keyboard.type("77")
    page.keyboard.press("Enter")
    assert (
        page.locator(".ss-say")
        .inner_text()
        .startswith("In this picture, turned[1, 1] = 77. a[1, 1] changed")
    )
    assert shown(page, "a")[4] == "77"


def test_no_poke_is_offered_where_an_element_is_no_number(show: Show) -> None:
    records = np.zeros(3, dtype=[("day", "i2"), ("heat", "f8")])
    page = show(ss.relate(records=records, heat=records["heat"]))
    page.locator("svg[aria-label^='Elements of records']").focus()
    page.keyboard.press("ArrowRight")
    assert not page.get_by_text("Change a value:").is_visible()
    page.locator("svg[aria-label^='Elements of heat']").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    assert page.locator(".ss-say").inner_text().startswith("In this picture, heat[")
    assert "7.0" in shown(page, "heat")


def test_the_two_walks_stand_under_the_bytes(show: Show) -> None:
    a = table()
    page = show(ss.relate(a=a, turned=a.T))
    walk = "all => all.map(t => [Number(t.dataset.byte), parseInt(t.textContent)])"
    groups = page.locator("svg[aria-label^='Owner'] g.ord")
    assert groups.first.locator("text").all_text_contents()[:4] == ["1st", "2nd", "3rd", "4th"]
    for k, array in enumerate((a, a.T)):
        start = a.__array_interface__["data"][0]
        expected = {
            array[i, j, ...].__array_interface__["data"][0] - start: step
            for step, (i, j) in enumerate(np.ndindex(array.shape), 1)
        }
        assert dict(groups.nth(k).locator("text").evaluate_all(walk)) == expected


def test_tiles_of_another_dtype_show_values_that_follow_an_edit(show: Show) -> None:
    one = np.array([1, 2, 3], ">u2")
    page = show(ss.relate(one=one, other=one.view("<u2"), bytes="hex"))
    tiles = page.locator("svg[aria-label^='Owner'] g.y:not(.i)").locator("text")
    assert tiles.all_text_contents() == ["256", "512", "768"]
    assert page.locator(".hx text").all_text_contents()[:4] == ["00", "01", "00", "02"]
    poke(page, "one", (0,), 513)
    assert tiles.all_text_contents() == [str(n) for n in (258, 512, 768)]
    page.get_by_role("button", name="Bytes in hex").click()
    assert page.locator(".hx text").count() == 0


def test_a_click_on_a_byte_finds_its_element(show: Show) -> None:
    a = table()
    page = show(ss.relate(copy=a.copy(), row=a[1]))
    page.locator("svg[aria-label^='Owner 2'] g[data-byte='32'] text").click()
    assert "row[1] =" in page.inner_text("figure")


def test_links_and_lines_carry_the_pokes(show: Show) -> None:
    a = table()
    shared = ss.relate(a=a, turned=a.T)
    page = show(shared, permissions=["clipboard-read", "clipboard-write"])
    poke(page, "turned", (0, 2), -5)
    page.get_by_role("button", name="Copy as NumPy").click()
    page.wait_for_function("document.querySelector('.ss-said').textContent.startsWith('Copied')")
    made: dict[str, Any] = {"np": np}
    exec(page.evaluate("navigator.clipboard.readText()"), made)  # noqa: S102 - the promise itself
    a.T[0, 2] = -5
    assert (made["a"] == a).all()
    assert (made["turned"] == a.T).all()
    page.get_by_role("button", name="Copy link").click()
    page.wait_for_function("document.querySelector('.ss-said').textContent.includes('file:')")
    fragment = page.evaluate("navigator.clipboard.readText()").split("#")[1]
    assert shown(show(shared, fragment=fragment), "a")[6] == "-5"
    for bad in some(("=9,1,0,0", "=0,1,5,5", "=0,1", "=;", "=0,1,0,0;x"), every=3):
        again = show(shared, fragment=fragment.split("=")[0] + bad)
        assert shown(again, "a") == [str(v) for v in table().ravel()]


def test_odd_arrays_stand_side_by_side(show: Show) -> None:
    a = np.arange(3)
    page = show(
        ss.relate(
            none=a[:0],
            a=a,
            huge=np.broadcast_to(a, (10**11, 3)),
            o=np.array([{}, 1], object),
            d=np.array(["2024-05-17"], "M8[D]"),
        )
    )
    assert "none: no elements" in page.inner_text("figure")
    page.locator("svg[aria-label^='Elements of o.'] g[data-index='0'] text").click()
    assert not page.get_by_role("spinbutton").is_visible()
    assert shown(page, "d") == ["2024-05-17"]


@pytest.mark.whole("test_lab_instruments.py tries axe on all instruments together")
@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    show: Show, width: int, scheme: Scheme
) -> None:
    a = table()
    page = show(ss.relate(a=a, turned=a.T, copy=a.copy()), width=width, scheme=scheme)
    poke(page, "a", (1, 2), 99)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
