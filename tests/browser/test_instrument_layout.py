"""`layout` in the page: one focus for elements, formula and bytes; every number is NumPy's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided

import stridescope as ss
from support.axe import violations
from support.tiers import some

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from playwright.sync_api import Locator, Page

    from conftest import Scheme
    from support.instrument_pages import Show

SCREENS = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]
A = np.arange(1, 10, dtype=np.int64).reshape(3, 3).copy()


def byte(a: NDArray[Any], index: tuple[int, ...], owner: NDArray[Any]) -> int:
    """Where an element lies in its owner, by NumPy."""
    start: int = owner.__array_interface__["data"][0]
    one: NDArray[Any] = a[tuple(slice(i, i + 1) for i in index)]
    found: int = one.__array_interface__["data"][0] - start
    return found


def readout(page: Page) -> str:
    return page.locator(".ss-say").inner_text()


def grid(page: Page) -> Locator:
    return page.locator(".ss-row svg").first


def test_each_arrow_key_says_where_numpy_has_the_element(show: Show) -> None:
    page = show(ss.layout(A[::-1].T, name="v", focus=(0, 0)))
    view = A[::-1].T
    grid(page).focus()
    at = [0, 0]
    for key, axis, step in [("Right", 1, 1), ("Down", 0, 1), ("Right", 1, 1), ("Up", 0, -1)]:
        page.keyboard.press(f"Arrow{key}")
        at[axis] += step
        first = byte(view, (at[0], at[1]), A)
        said = f"row {at[0]}, column {at[1]}: value {view[*at]}, bytes {first} to {first + 7}"
        assert readout(page) == said
        assert f"byte {first}" in page.locator(".ss-sum").inner_text()


def test_the_end_of_an_axis_is_said_and_not_left(show: Show) -> None:
    page = show(ss.layout(A, focus=(0, 2)))
    grid(page).focus()
    page.keyboard.press("ArrowRight")
    assert readout(page) == "Axis 1 ends here: row 0, column 2: value 3, bytes 16 to 23"
    page.keyboard.press("Home")
    assert readout(page).startswith("row 0, column 0")


def test_brackets_choose_the_axis_of_a_cube(show: Show) -> None:
    cube = np.arange(24, dtype=np.int16).reshape(2, 3, 4).copy()
    page = show(ss.layout(cube, focus=(0, 0, 0)))
    grid(page).focus()
    page.keyboard.press("[")
    assert readout(page) == "Up and down arrows move along axis 0."
    page.keyboard.press("ArrowDown")
    first = byte(cube, (1, 0, 0), cube)
    assert readout(page) == (
        f"axis 0: 1, row 0, column 0: value {cube[1, 0, 0]}, bytes {first} to {first + 1}"
    )


def test_b_crosses_to_the_bytes_and_back(show: Show) -> None:
    page = show(ss.layout(A))
    grid(page).focus()
    page.keyboard.press("b")
    label = "document.activeElement.getAttribute('aria-label')"
    assert page.evaluate(label).startswith("Bytes of a")
    page.keyboard.press("ArrowLeft")
    assert "value 5" in readout(page)
    page.keyboard.press("b")
    assert page.evaluate(label).startswith("Elements of a")


def test_hover_shows_a_click_pins_and_a_second_click_or_escape_frees(show: Show) -> None:
    page = show(ss.layout(A))
    cell = page.locator("g[data-index='2,0'] text")
    cell.hover()
    assert readout(page) == "row 2, column 0: value 7, bytes 48 to 55"
    page.locator(".ss-strip g[data-byte='8'] text").click()
    assert readout(page) == "Pinned: row 0, column 1: value 2, bytes 8 to 15"
    cell.hover()
    assert "value 2" in readout(page)
    assert grid(page).get_attribute("data-pinned") == "true"
    page.locator(".ss-strip g[data-byte='8'] text").click()
    assert readout(page) == "Free: row 0, column 1: value 2, bytes 8 to 15"
    page.locator("g[data-index='2,1'] text").hover()
    assert "value 8" in readout(page)
    page.locator("g[data-index='0,0'] text").click()
    page.locator("g[data-index='2,2'] text").click()
    assert readout(page).startswith("Pinned: row 2, column 2")
    page.keyboard.press("Escape")
    page.locator("g[data-index='2,1'] text").hover()
    assert "value 8" in readout(page)


def test_each_value_on_the_picture_is_numpys(show: Show) -> None:
    arrays = [
        np.linspace(-1, 1, 6, dtype=np.float32).reshape(2, 3).T,
        np.array([1e300, np.nan, -np.inf, 0.1, -0.0]),
        np.arange(6, dtype=">i4")[::-1],
        np.array([True, False]),
        np.array([1 + 2j, -0.5j]),
        np.array(["2024-05-17", "NaT"], "M8[D]"),
        np.array(["ab", "é"]),
    ]
    page = show(*(ss.layout(a) for a in arrays))
    for k, a in enumerate(arrays):
        cells = page.locator("figure").nth(k).locator("g[data-index]")
        shown = cells.evaluate_all("all => all.map(g => [g.dataset.index, g.dataset.value])")
        expected = {
            ",".join(map(str, index)): str(a[index]).strip("()") for index in np.ndindex(a.shape)
        }
        assert dict(shown) == expected


def test_ten_thousand_elements_and_a_huge_view_answer_at_once(show: Show) -> None:
    big = np.arange(10_000, dtype=np.int64).reshape(100, 100).copy()
    wide = np.broadcast_to(np.arange(5.0)[:, None], (5, 10**11))
    page = show(ss.layout(big), ss.layout(wide))
    assert page.locator("figure").nth(0).locator("g[data-index]").count() <= 200
    page.locator("svg[role=application]").nth(0).focus()
    for _ in range(12):
        page.keyboard.press("ArrowDown")
    said = page.locator(".ss-say").nth(0).inner_text()
    # The page holds the bytes of what was visible, and invents no other.
    assert said == "row 13, column 2: value not in this page, bytes 10416 to 10423"
    page.locator("svg[role=application]").nth(2).focus()
    page.keyboard.press("End")
    assert page.locator(".ss-say").nth(1).inner_text() == (
        "row 1, column 99999999999: value 1.0, bytes 8 to 15"
    )


def test_what_lies_outside_is_hatched_and_said_never_read(show: Show) -> None:
    page = show(ss.layout(as_strided(A, (3, 3), (-800, 8)), focus=(0, 0)))
    grid(page).focus()
    page.keyboard.press("ArrowDown")
    assert readout(page) == "row 1, column 0: outside, never read, bytes \u2212800 to \u2212793"


def copied(page: Page, words: str = "Copy as NumPy") -> str:
    """Press a button, and return what it put on the clipboard."""
    page.evaluate("navigator.clipboard.writeText('')")
    page.get_by_role("button", name=words).click()
    page.wait_for_function("navigator.clipboard.readText().then(text => text !== '')")
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text


def test_the_copied_line_makes_this_array(show: Show) -> None:
    view = A[::-1, 1:]
    page = show(ss.layout(view, name="v"), permissions=["clipboard-read", "clipboard-write"])
    made: dict[str, Any] = {"np": np}
    exec(copied(page), made)  # noqa: S102 - the promise itself
    assert (made["v"] == view).all()
    assert made["v"].strides == view.strides


def test_a_plain_array_is_copied_as_one_short_line(show: Show) -> None:
    twelve = ss.layout(np.arange(12).reshape(3, 4))
    page = show(twelve, permissions=["clipboard-read", "clipboard-write"])
    assert copied(page) == "a = np.arange(12).reshape(3, 4)"


def test_a_link_brings_back_the_focus_and_a_broken_one_the_default(show: Show) -> None:
    shown = ss.layout(A)
    page = show(shown, permissions=["clipboard-read", "clipboard-write"])
    page.locator("g[data-index='2,0'] text").click()
    page.get_by_role("button", name="Copy link").click()
    page.wait_for_function("document.querySelector('.ss-said').textContent.startsWith('Copied')")
    link: str = page.evaluate("navigator.clipboard.readText()")
    fragment = link.split("#")[1]
    assert "byte 48" in show(shown, fragment=fragment).locator(".ss-sum").inner_text()
    for bad in some(
        (fragment + "9", fragment.split("=")[0] + "=9,9", "ss.layout.zzz=0,0", "%E0%A4"), every=3
    ):
        assert "byte 40" in show(shown, fragment=bad).locator(".ss-sum").inner_text()


TOP = "document.querySelectorAll('figure.ss-live')[2].getBoundingClientRect().top"


def test_a_link_opens_at_its_instrument_which_stands_out(show: Show) -> None:
    shown = [ss.layout(A + k, name=f"a{k}") for k in range(3)]
    page = show(*shown, permissions=["clipboard-read", "clipboard-write"])
    last = page.locator("figure.ss-live").nth(2)
    last.locator("g[data-index='2,0'] text").click()
    page.evaluate("navigator.clipboard.writeText('')")
    last.get_by_role("button", name="Copy link").click()
    page.wait_for_function("navigator.clipboard.readText().then(text => text !== '')")
    link: str = page.evaluate("navigator.clipboard.readText()")
    opened = show(*shown, fragment=link.split("#")[1])
    assert 0 <= opened.evaluate(TOP) < 900
    assert "byte 48" in opened.locator(".ss-sum").nth(2).inner_text()
    assert opened.locator(".ss-linked").count() <= 1


def test_a_link_that_is_pasted_into_an_open_page_works(show: Show) -> None:
    shown = [ss.layout(A + k, name=f"a{k}") for k in range(3)]
    page = show(*shown)
    key = page.locator("figure.ss-live").nth(2).get_attribute("data-link")
    page.evaluate("scrollTo(0, 0)")
    page.evaluate("(hash) => { location.hash = hash; }", f"ss.{key}=2,0")
    page.locator("figure.ss-live").nth(2).locator("css=.ss-sum >> text=byte").first.wait_for()
    page.wait_for_function("document.querySelector('.ss-linked') !== null")
    assert "byte 48" in page.locator(".ss-sum").nth(2).inner_text()
    assert 0 <= page.evaluate(TOP) < 900
    assert "byte 40" in page.locator(".ss-sum").nth(0).inner_text()
    page.wait_for_function("document.querySelector('.ss-linked') === null")


PATH = "document.querySelector('.ss-strip path.way')?.getAttribute('d') ?? ''"


def test_the_reading_order_is_played_as_a_path_over_bytes_that_stay(show: Show) -> None:
    page = show(ss.layout(A.T, focus=(2, 1)))
    boxes = "[...document.querySelectorAll('.ss-strip g[data-byte] text')].map(t => t.outerHTML)"
    before = page.evaluate(boxes)
    page.get_by_role("button", name="Play the reading order").click()
    assert page.locator("button.ss-stop").inner_text() == "Stop"
    page.wait_for_function(f"({PATH}).match(/[MQ]/g)?.length === 9")
    page.get_by_role("button", name="Play the reading order").wait_for()
    width = int(page.locator(".ss-strip svg").get_attribute("width") or 0) // 9
    stops = [int(x) for x in re.findall(r"(?:M|Q\S+ \S+ )(\d+)", page.evaluate(PATH))]
    assert [1 + x // width for x in stops] == [*A.T.flat]
    assert page.evaluate(boxes) == before
    assert readout(page).startswith("Reading order: bytes 0, 24, 48, 8")
    assert readout(page).endswith(" 16, 40 …")
    numerals = page.locator(".ss-strip .ord text").all_text_contents()
    assert sorted(numerals) == ["1st", "2nd", "3rd", *(f"{n}th" for n in range(4, 10))]


def test_formula_and_focus_follow_the_reading_order_while_it_plays(show: Show) -> None:
    page = show(ss.layout(A.T, focus=(2, 1)))
    page.evaluate(
        """() => {
            window.steps = [];
            const sum = document.querySelector('.ss-sum');
            const note = () => {
                const bold = document.querySelector('.ss-row g.i.y').dataset.index;
                steps.push([sum.querySelector('b').textContent, bold]);
            };
            new MutationObserver(note).observe(sum, {childList: true});
        }"""
    )
    page.get_by_role("button", name="Play the reading order").click()
    page.wait_for_function("document.querySelector('.ss-sum b').textContent === '[2,2]'")
    page.get_by_role("button", name="Play the reading order").wait_for()
    steps = page.evaluate("steps")
    assert len(steps) > 1
    assert all(index == f"[{bold}]" for index, bold in steps)
    grid(page).focus()
    page.keyboard.press("ArrowUp")
    assert readout(page).startswith("row 1, column 2: value 8")


def test_under_reduced_motion_the_whole_path_is_there_at_once(show: Show) -> None:
    page = show(ss.layout(A), reduced_motion="reduce")
    page.get_by_role("button", name="Play the reading order").click()
    assert page.evaluate(f"({PATH}).split('Q').length") == 9
    assert page.evaluate("document.getAnimations().length") == 0


def test_bytes_are_written_in_hex_on_demand(show: Show) -> None:
    page = show(ss.layout(np.array([1, 2, 3], ">u2")), ss.layout(np.arange(3, dtype=np.uint8)))
    toggle = page.get_by_role("button", name="Bytes in hex").first
    assert page.locator(".ss-strip .hx").count() == 0
    toggle.click()
    assert page.locator(".ss-strip .hx text").all_text_contents() == [
        *("00", "01", "00", "02", "00", "03")
    ]
    assert toggle.get_attribute("aria-pressed") == "true"
    toggle.click()
    assert page.locator(".ss-strip .hx").count() == 0


@pytest.mark.sample("390")
@pytest.mark.parametrize("width", [1280, 390])
def test_bytes_in_hex_rest_with_a_whole_element_at_the_left_edge(show: Show, width: int) -> None:
    page = show(ss.layout(A, bytes="hex", focus=(0, 0)), width=width)
    grid(page).focus()
    for key in ("Down", "Right"):
        page.keyboard.press(f"Arrow{key}")
    page.wait_for_function(
        """() => {
            const box = document.querySelector('.ss-strip .ss-scroll');
            const left = box.getBoundingClientRect().left;
            const edges = [...box.querySelectorAll('.a text')].map((text) =>
                text.getBoundingClientRect().left - left - 1);
            return box.scrollLeft > 0 && edges.some((x) => Math.abs(x) < 1.5);
        }"""
    )


@pytest.mark.sample("a0-1280", "a2-390")
@pytest.mark.parametrize(
    ("a", "width"),
    [
        (np.arange(1, 10).reshape(3, 3), 1280),
        (np.arange(18, dtype=np.int8).reshape(3, 2, 3), 1280),
        (np.arange(1, 10).reshape(3, 3), 390),
    ],
)
def test_one_line_stays_one_line_and_fits(show: Show, a: NDArray[Any], width: int) -> None:
    page = show(ss.layout(a), width=width)
    addresses = page.locator(".ss-strip .a text")
    tops = addresses.evaluate_all("all => all.map(t => t.getAttribute('y'))")
    assert len(set(tops)) == 1
    assert page.locator(".ss-strip .ss-scroll").count() == 0


def test_on_a_phone_a_long_line_scrolls_and_keeps_the_focus_in_view(show: Show) -> None:
    page = show(ss.layout(np.arange(40).reshape(8, 5), focus=(0, 0)), width=390)
    box = page.locator(".ss-strip .ss-scroll")
    assert box.evaluate("e => e.scrollLeft") == 0
    assert box.get_attribute("data-more") == "right"
    grid(page).focus()
    for _ in range(7):
        page.keyboard.press("ArrowDown")
    page.wait_for_function("document.querySelector('.ss-strip .ss-scroll').scrollLeft > 500")
    page.wait_for_function(
        "document.querySelector('.ss-strip .ss-scroll').dataset.more.startsWith('left')"
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_reset_brings_back_the_first_focus(show: Show) -> None:
    page = show(ss.layout(A))
    page.locator("g[data-index='0,0'] text").click()
    page.get_by_role("button", name="Reset").click()
    assert "byte 40" in page.locator(".ss-sum").inner_text()


def test_odd_arrays_are_drawn_or_said(show: Show) -> None:
    page = show(
        ss.layout(np.array(3.5)),
        ss.layout(np.zeros((0, 3))),
        ss.layout(np.array([{}, 1], object)),
        ss.layout(np.zeros(2, [("x", "i4"), ("y", "f8")])),
        ss.layout(np.zeros((1, 2, 1, 2, 1, 2))),
    )
    figures = page.locator("figure.ss-live")
    assert figures.count() == 5
    assert "[()] → 0" in figures.nth(0).inner_text()
    assert "No elements: axis 0 has length 0." in figures.nth(1).inner_text()
    assert figures.nth(2).locator("g[data-index]").first.get_attribute("data-value") == "dict"
    assert figures.nth(3).locator("g[data-index]").first.get_attribute("data-value") == "(0, 0.0)"


@pytest.mark.whole("test_lab_instruments.py tries axe on all instruments together")
@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    show: Show, width: int, scheme: Scheme
) -> None:
    page = show(ss.layout(A), ss.layout(A.T[::-1]), width=width, scheme=scheme)
    page.locator("g[data-index='2,0'] text").first.click()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


# The browser lays out the page again if a width is read after a change: the slowest part of
# a move, and one that a count shows on any machine.
COUNT_WIDTHS = """() => {
  const true_one = Object.getOwnPropertyDescriptor(Element.prototype, 'clientWidth').get;
  window.asked = 0;
  Object.defineProperty(Element.prototype, 'clientWidth', {
    get() { window.asked += 1; return true_one.call(this); },
  });
}"""


def test_a_move_never_asks_for_the_width_of_the_page(show: Show) -> None:
    page = show(ss.layout(np.arange(10_000).reshape(100, 100)))
    page.evaluate(COUNT_WIDTHS)
    heard = set()
    for row in range(8):
        grid(page).hover(position={"x": 60, "y": 50 + 32 * row})
        heard.add(readout(page))
    assert len(heard) > 5
    assert page.evaluate("window.asked") == 0


def test_a_narrower_window_draws_the_picture_again(show: Show) -> None:
    page = show(ss.layout(np.arange(12).reshape(3, 4)))
    before = page.locator(".ss-strip svg").get_attribute("width")
    page.set_viewport_size({"width": 390, "height": 900})
    page.wait_for_function(
        "(old) => document.querySelector('.ss-strip svg').getAttribute('width') !== old", arg=before
    )
    assert int(page.locator(".ss-strip svg").get_attribute("width") or 0) <= 390
