"""`workbench` in the page: the bytes never move, only the reading does, and NumPy has the last
word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import stridescope as ss
from support.axe import violations
from support.tiers import some

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Locator, Page

    from conftest import Scheme
    from support.instrument_pages import Show

SCREENS = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]
B = np.arange(12, dtype=np.int64)


def bench(show: Show, **options: Any) -> Page:  # noqa: ANN401
    return show(ss.workbench(B.reshape(3, 4).copy()), **options)


def number(page: Page, name: str) -> Locator:
    return page.get_by_role("spinbutton", name=name, exact=True)


def put(page: Page, name: str, value: int | str) -> None:
    number(page, name).fill(str(value))
    number(page, name).press("Enter")


def values(page: Page) -> dict[tuple[int, ...], str]:
    cells = page.locator(".ss-row > svg[role=application] g[data-index]")
    shown = cells.evaluate_all("all => all.map(g => [g.dataset.index, g.dataset.value])")
    return {tuple(int(i) for i in index.split(",")): value for index, value in shown}


def read(shape: Sequence[int], strides: Sequence[int], offset: int = 0) -> dict[Any, str]:
    """What NumPy reads of the bench's bytes."""
    a: Any = np.ndarray(shape, B.dtype, buffer=B, offset=offset, strides=strides)
    return {index: str(a[index]) for index in np.ndindex(a.shape)}


def test_a_reader_turns_the_table_with_four_numbers_by_keyboard_alone(show: Show) -> None:
    page = bench(show)
    bytes_before = page.locator(".ss-strip").inner_text()
    number(page, "shape, axis 0").focus()
    for key, presses in (("ArrowUp", 1), ("ArrowDown", 1), ("ArrowDown", 3), ("ArrowUp", 3)):
        for _ in range(presses):
            page.keyboard.press(key)
        page.keyboard.press("Tab")
        # Between two lengths is the button that drops an axis.
        if page.evaluate("document.activeElement.ariaLabel") == "Drop axis 1":
            page.keyboard.press("Tab")
    assert values(page) == read((4, 3), (8, 32))
    assert page.locator(".ss-strip").inner_text() == bytes_before
    assert "np.ndarray((4,3), 'i8', buffer=b, strides=(8,32))" in page.inner_text("figure")


@pytest.mark.sample(every=4)
@pytest.mark.parametrize(
    ("preset", "shape", "strides", "offset"),
    [
        ("Transpose", (4, 3), (8, 32), 0),
        ("Reverse", (3, 4), (-32, 8), 64),
        ("Diagonal", (3,), (40,), 0),
        ("Windows", (3, 2, 3), (32, 8, 8), 0),
        ("Broadcast", (3, 3, 4), (0, 32, 8), 0),
        ("+ axis", (1, 3, 4), (0, 32, 8), 0),
        ("Drop axis 0", (4,), (8,), 0),
        ("Drop axis 1", (3,), (32,), 0),
    ],
)
def test_presets_read_as_numpy_does(
    show: Show, preset: str, shape: tuple[int, ...], strides: tuple[int, ...], offset: int
) -> None:
    page = bench(show)
    page.get_by_role("button", name=preset, exact=True).click()
    assert values(page) == read(shape, strides, offset)
    page.get_by_role("button", name="Reset").click()
    assert values(page) == read((3, 4), (32, 8))


@pytest.mark.sample(every=4)
@pytest.mark.parametrize(
    ("name", "value", "given"),
    [
        ("stride in bytes, axis 0", 40, {"shape": (3, 4), "strides": (40, 8)}),
        ("offset in bytes", 8, {"shape": (3, 4), "offset": 8, "strides": (32, 8)}),
        ("offset in bytes", -8, {"shape": (3, 4), "offset": -8, "strides": (32, 8)}),
        ("shape, axis 0", 4, {"shape": (4, 4), "strides": (32, 8)}),
        ("stride in bytes, axis 1", "\u22128", {"shape": (3, 4), "strides": (32, -8)}),
    ],
)
def test_a_refusal_is_in_numpys_own_words(
    show: Show, name: str, value: int | str, given: dict[str, Any]
) -> None:
    page = bench(show)
    put(page, name, value)
    with pytest.raises((ValueError, TypeError)) as refused:
        np.ndarray(dtype="i8", buffer=B, **given)
    said = f"NumPy refuses. {refused.type.__name__}: {refused.value}"
    assert said in page.inner_text("figure")
    assert "?" in values(page).values()


def test_what_numpy_does_not_check_is_said_so(show: Show) -> None:
    page = show(ss.workbench(b"", shape=2, strides=(1,)))
    assert np.ndarray(2, "u1", buffer=b"", strides=(1,)).shape == (2,)
    assert "NumPy accepts this without a check, and would read outside" in page.inner_text("figure")
    assert "Outside the buffer and never read: 2 of 2 elements." in page.inner_text("figure")


def test_what_would_lie_outside_is_hatched_counted_and_never_read(show: Show) -> None:
    page = show(ss.workbench(np.arange(6), shape=(3, 4), strides=(16, 8)))
    assert list(values(page).values()).count("?") == 2
    assert "Outside the buffer and never read: 2 of 12 elements." in page.inner_text("figure")
    assert "It would read on to byte 63; the buffer has bytes 0 to 47." in page.inner_text("figure")
    assert page.locator(".ss-strip .d text").all_text_contents() == ["×2"] * 4


def test_letters_are_refused_and_nothing_is_clamped(show: Show) -> None:
    page = bench(show)
    put(page, "offset in bytes", "eight")
    assert "\u201ceight\u201d is not a whole number. 0 is kept." in page.inner_text("figure")
    assert number(page, "offset in bytes").input_value() == "0"
    put(page, "shape, axis 0", -1)
    assert "negative dimensions are not allowed" in page.inner_text("figure")
    assert number(page, "shape, axis 0").input_value() == "3"
    put(page, "shape, axis 0", 10**15 - 1)
    assert "cannot be counted exactly" in page.inner_text("figure")
    put(page, "offset in bytes", 1000)
    assert number(page, "offset in bytes").input_value() == "1000"
    assert set(values(page).values()) == {"?"}


def test_a_drag_over_the_digits_scrubs_by_one_element(show: Show) -> None:
    page = bench(show)
    number(page, "stride in bytes, axis 0").scroll_into_view_if_needed()
    box = number(page, "stride in bytes, axis 0").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 30, y, steps=6)
    page.mouse.up()
    assert number(page, "stride in bytes, axis 0").input_value() == "16"
    assert values(page) == read((3, 4), (16, 8))


def test_alt_and_an_arrow_move_by_one_byte(show: Show) -> None:
    page = bench(show)
    put(page, "shape, axis 0", 1)
    number(page, "offset in bytes").focus()
    page.keyboard.press("Alt+ArrowUp")
    assert values(page) == read((1, 4), (32, 8), 1)


def test_buttons_of_a_phone_are_large_enough_and_stay_in_reach(show: Show) -> None:
    page = bench(show, width=390, has_touch=True)
    more = page.get_by_role("button", name="stride in bytes, axis 0, 8 more")
    box = more.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    # With the picture at the top of the screen its numbers are at the bottom.
    page.locator("figure.ss").evaluate("figure => figure.scrollIntoView()")
    steps = page.locator(".ss-wb-dock").bounding_box()
    assert steps is not None
    assert steps["y"] + steps["height"] <= 900
    more.tap()
    assert number(page, "stride in bytes, axis 0").input_value() == "40"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_every_button_of_a_phone_is_in_sight(show: Show) -> None:
    page = bench(show, width=390, has_touch=True)
    dock = page.locator(".ss-wb-dock")
    dock.scroll_into_view_if_needed()
    names = ["Transpose", "Reverse", "Diagonal", "Windows", "Broadcast"]
    for name in [*names, "offset", "shape", "strides", "+ axis"]:
        box = page.get_by_role("button", name=name, exact=True).bounding_box()
        assert box is not None, name
        assert box["x"] >= 0, name
        assert box["x"] + box["width"] <= 390, name
        assert box["height"] >= 44, name
    assert dock.evaluate("dock => dock.scrollHeight <= dock.clientHeight")
    assert dock.evaluate("dock => dock.offsetHeight") <= 200
    # One set of numbers at a time.
    assert number(page, "stride in bytes, axis 1").is_visible()
    assert not number(page, "shape, axis 0").is_visible()
    page.get_by_role("button", name="shape", exact=True).tap()
    assert number(page, "shape, axis 0").is_visible()
    assert not number(page, "stride in bytes, axis 1").is_visible()


def test_on_a_phone_table_and_bytes_are_seen_above_the_numbers(show: Show) -> None:
    page = bench(show, width=390, has_touch=True)
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator("figure.ss").evaluate("figure => scrollTo(0, figure.offsetTop - 60)")
    page.wait_for_function("document.querySelector('.ss-reached')")
    dock = page.locator(".ss-wb-dock").bounding_box()
    assert dock is not None
    for part in (".ss-row > svg[role=application]", ".ss-strip svg"):
        box = page.locator(part).first.bounding_box()
        assert box is not None
        assert 0 <= box["y"] <= box["y"] + box["height"] <= dock["y"]
    assert dock["y"] + dock["height"] <= 845


def test_controls_stay_below_until_the_picture_is_reached(show: Show) -> None:
    page = show(ss.layout(B), ss.workbench(B.reshape(3, 4).copy()), width=390, has_touch=True)
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate("document.querySelectorAll('figure')[1].style.marginTop = '70vh'")
    page.evaluate("scrollTo(0, 0)")
    bench_figure = page.locator(".ss-workbench")
    page.wait_for_function("!document.querySelector('.ss-reached')")
    dock = page.locator(".ss-wb-dock")
    assert dock.evaluate("dock => getComputedStyle(dock).position") == "static"
    bench_figure.evaluate("figure => figure.scrollIntoView()")
    page.wait_for_function("document.querySelector('.ss-reached')")
    assert dock.evaluate("dock => getComputedStyle(dock).position") == "sticky"


def test_on_a_wide_screen_table_numbers_and_bytes_stay_where_they_are(show: Show) -> None:
    page = show(ss.workbench(np.arange(5.0), shape=(5, 1)))
    places = []
    for columns in (1, 100_000_000_000):
        put(page, "shape, axis 1", columns)
        put(page, "stride in bytes, axis 1", 0)
        box = number(page, "stride in bytes, axis 0").bounding_box()
        grid = page.locator(".ss-row svg[role=application]").first.bounding_box()
        assert box is not None
        assert grid is not None
        assert grid["x"] + grid["width"] <= box["x"]
        places.append(box["x"])
        steppers = page.locator(".ss-wb-row .ss-nudge")
        boxes = steppers.evaluate_all("""all => all.map(one => {
          const { x, width } = one.getBoundingClientRect();
          return [Math.round(x), Math.round(width)];
        })""")
        assert len(boxes) == 5
        assert boxes[1:3] == boxes[3:5], "each stride is below its length"
        assert len({width for _, width in boxes}) == 1
    assert places[0] == places[1]
    heads = page.locator(".ss-row svg[role=application] text[data-col]").all_text_contents()
    assert heads == ["0", "1", "2", "3", "last"]


def test_a_byte_keeps_its_color_and_a_copy_is_pale(show: Show) -> None:
    page = bench(show)
    fills = """() => [...document.querySelectorAll('.ss-strip path[class^=c]')]
      .map(p => [p.getAttribute('class'), p.getAttribute('d')]).sort()"""
    before = page.evaluate(fills)
    assert [name for name, _ in before] == ["c0", "c3", "c5"]
    page.get_by_role("button", name="Transpose", exact=True).click()
    assert page.evaluate(fills) == before
    assert page.locator(".ss-row path.p").count() == 0
    put(page, "stride in bytes, axis 0", 0)
    pale = page.locator(".ss-row path.p")
    drawn = pale.evaluate_all("all => all.map(p => p.getAttribute('d'))")
    assert sum(data.count("M") for data in drawn) == 9, "the first row is at full strength"


TASKS = [
    {
        "words": "Turn it.",
        "shape": (4, 3),
        "strides": (8, 32),
        "how": "Swap both.",
    },
    {
        "words": "Make it fit.",
        "start": {"shape": (12, 3), "strides": (8, 8)},
        "shape": (10, 3),
        "strides": (8, 8),
        "how": "Ten places.",
    },
]


def test_tasks_are_above_the_picture_and_know_when_they_are_solved(show: Show) -> None:
    page = show(ss.workbench(B.reshape(3, 4).copy(), tasks=TASKS))
    task = page.locator(".ss-wb-task")
    assert task.inner_text().startswith("Task 1 of 2 Turn it.")
    assert "Swap both." not in task.inner_text()
    page.get_by_role("button", name="Transpose", exact=True).click()
    assert task.inner_text().startswith("✓ Task 1 of 2 Turn it. Swap both.")
    assert "Task 1 is solved." in page.locator(".ss-say").inner_text()
    page.get_by_role("button", name="Next task").click()
    assert task.inner_text().startswith("Task 2 of 2 Make it fit.")
    assert list(values(page).values()).count("?") == 3
    page.get_by_role("button", name="Show me how").click()
    assert "Ten places." in task.inner_text()
    put(page, "shape, axis 0", 10)
    assert task.inner_text().startswith("✓ Task 2 of 2")
    page.get_by_role("button", name="First task").click()
    assert values(page) == read((3, 4), (32, 8))
    assert violations(page) == []


def test_the_verdict_has_a_mark_beside_its_color(show: Show) -> None:
    page = bench(show)
    mark = "p => getComputedStyle(p, '::before').content"
    verdict = page.locator(".ss-verdict")
    assert verdict.inner_text() == "NumPy accepts. All 12 elements are inside the 96 bytes."
    assert verdict.evaluate(mark).startswith('"✓"')
    put(page, "offset in bytes", 8)
    assert verdict.evaluate(mark).startswith('"✕"')


def test_a_button_that_drops_an_axis_covers_no_other(show: Show) -> None:
    page = bench(show)
    boxes = [
        page.get_by_role("button", name=name).bounding_box()
        for name in ("offset in bytes, 8 more", "Drop axis 0")
    ]
    offset, drop = boxes
    assert offset is not None
    assert drop is not None
    assert offset["y"] + offset["height"] <= drop["y"]
    more = page.get_by_role("button", name="shape, axis 0, 1 more")
    on_top = """more => {
      const { x, y, width } = more.getBoundingClientRect();
      return more.contains(document.elementFromPoint(x + width / 2, y + 3));
    }"""
    assert more.evaluate(on_top)


def test_the_hint_goes_away_once_a_number_was_changed(show: Show) -> None:
    page = bench(show)
    assert page.get_by_text("Drag a number").is_visible()
    put(page, "offset in bytes", 8)
    assert not page.get_by_text("Drag a number").is_visible()


def test_numbers_count_the_visits_only_while_the_order_is_played(show: Show) -> None:
    page = bench(show, width=390)
    numerals = page.locator(".ss-strip .ord text")
    assert numerals.count() == 0
    page.get_by_role("button", name="Play the reading order").click()
    numerals.nth(3).wait_for()
    assert numerals.first.text_content() == "1"


def test_the_line_of_code_has_the_name_of_the_buffer(show: Show) -> None:
    page = show(ss.workbench(np.arange(5.0), shape=(5, 3), strides=(8, 0), name="five"))
    put(page, "shape, axis 1", 4)
    assert "np.ndarray((5,4), 'f8', buffer=five, strides=(8,0))" in page.inner_text("figure")


def test_forty_bytes_hold_a_matrix_of_half_a_trillion(show: Show) -> None:
    page = show(ss.workbench(np.arange(5.0), shape=(5, 1)))
    put(page, "shape, axis 1", 10**11)
    put(page, "stride in bytes, axis 1", 0)
    text = page.inner_text("figure")
    assert text.count("All 500,000,000,000 elements are inside the 40 bytes.") == 1
    length = number(page, "shape, axis 1")
    assert length.input_value() == "1e11"
    length.focus()
    assert length.input_value() == "100,000,000,000"
    assert "NumPy accepts" in text
    assert page.locator(".ss-strip .d text").all_text_contents() == ["×1e11"] * 5
    put(page, "shape, axis 1", "50_000_000")
    assert number(page, "shape, axis 1").input_value() == "50,000,000"


def test_a_round_of_golf_can_be_won(show: Show) -> None:
    page = bench(show)
    page.get_by_role("button", name="Stride golf").click()
    assert "Hole 1 of 12" in page.inner_text("figure")
    assert "par 4 · you 0" in page.inner_text("figure")
    put(page, "shape, axis 0", 4)
    put(page, "shape, axis 1", 3)
    put(page, "stride in bytes, axis 0", 8)
    assert "par 4 · you 3" in page.inner_text("figure")
    put(page, "stride in bytes, axis 1", 32)
    said = "✓ Reached with 4 changed numbers, par 4."
    assert page.locator(".ss-say").inner_text() == said
    page.get_by_role("button", name="Next hole").press("Enter")
    assert "Hole 2 of 12" in page.inner_text("figure")
    assert values(page) == read((3, 4), (32, 8))
    page.get_by_role("button", name="Back to my bytes").click()
    assert "Hole" not in page.inner_text("figure")


def focused(page: Page) -> tuple[tuple[int, ...], str]:
    """Return index and value of the element in focus."""
    ringed = page.locator(".ss-row > svg[role=application] g.i[data-index]")
    index, value = ringed.evaluate_all("all => all.map(g => [g.dataset.index, g.dataset.value])")[0]
    return tuple(int(i) for i in index.split(",")), value


@pytest.mark.sample("Broadcast-index2")
@pytest.mark.parametrize(
    ("preset", "index"), [("Transpose", (3, 2)), ("Reverse", (0, 3)), ("Broadcast", (0, 2, 3))]
)
def test_an_operation_keeps_the_element_in_focus(
    show: Show, preset: str, index: tuple[int, ...]
) -> None:
    page = bench(show)
    page.locator("g[data-index='2,3'] text").click()
    page.get_by_role("button", name=preset, exact=True).click()
    assert focused(page) == (index, "11")
    assert "byte 88" in page.locator(".ss-sum").inner_text()


def test_an_edited_number_keeps_the_index_in_focus(show: Show) -> None:
    page = bench(show)
    page.locator("g[data-index='1,2'] text").click()
    put(page, "stride in bytes, axis 0", 8)
    assert focused(page) == ((1, 2), "3")


@pytest.mark.sample("+ axis")
@pytest.mark.parametrize(
    "name", ["+ axis", "Drop axis 0", "Stride golf", "Transpose", "Bytes in hex"]
)
def test_a_button_keeps_the_keyboards_focus(show: Show, name: str) -> None:
    page = bench(show)
    one = page.get_by_role("button", name=name, exact=True)
    one.focus()
    one.press("Enter")
    held = page.evaluate("document.activeElement.ariaLabel ?? document.activeElement.textContent")
    assert held == ("Back to my bytes" if name == "Stride golf" else name)
    if name == "+ axis":
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        assert len(next(iter(values(page)))) == 5


def test_the_order_of_reading_is_redrawn_in_under_half_a_second(show: Show) -> None:
    page = bench(show)
    path = page.locator(".ss-strip path.way")
    before = path.get_attribute("d")
    page.get_by_role("button", name="Transpose", exact=True).click()
    assert path.get_attribute("d") != before
    lasted = "document.getAnimations().map(a => [a.animationName, a.effect.getTiming().duration])"
    assert ["ss-draw", 400] in page.evaluate(lasted)


def test_golf_starts_without_old_words(show: Show) -> None:
    page = bench(show)
    put(page, "offset in bytes", 8)
    page.get_by_role("button", name="Transpose", exact=True).click()
    assert "NumPy refuses" in page.locator(".ss-wb-state[role=status]").inner_text()
    page.get_by_role("button", name="Stride golf").click()
    assert page.locator(".ss-say").inner_text() == ""
    assert "NumPy refuses" not in page.inner_text("figure")


def test_the_card_of_golf_is_kept_and_lists_all_holes(show: Show) -> None:
    page = bench(show)
    page.get_by_role("button", name="Stride golf").click()
    page.get_by_role("button", name="Hole 2, par 2: open").click()
    assert "Hole 2 of 12" in page.inner_text("figure")
    put(page, "offset in bytes", 64)
    put(page, "stride in bytes, axis 0", -32)
    assert "1 of 12 holes: 2, par 2" in page.inner_text("figure")
    page.reload()
    page.wait_for_function("document.documentElement.dataset.instruments === 'ready'")
    page.get_by_role("button", name="Stride golf").click()
    assert page.get_by_role("button", name="Hole 2, par 2: reached with 2").is_visible()
    assert "Hole 1 of 12" in page.inner_text("figure")
    page.evaluate("localStorage.setItem('stridescope/golf', '{\"x\":')")
    page.reload()
    page.wait_for_function("document.documentElement.dataset.instruments === 'ready'")
    page.get_by_role("button", name="Stride golf").click()
    assert page.get_by_role("button", name="Hole 2, par 2: open").is_visible()


def test_a_number_that_is_too_large_is_called_that_and_the_words_go_away(show: Show) -> None:
    page = bench(show)
    for number_ in ("9223372036854775807", "999999999999999999999"):
        put(page, "stride in bytes, axis 0", number_)
        said = "That number is too large here. 32 is kept."
        assert said in page.inner_text("figure")
        put(page, "offset in bytes", "x")
        page.get_by_role("button", name="Reset").click()
        assert "too large" not in page.inner_text("figure")
        assert "\u201cx\u201d" not in page.inner_text("figure")


@pytest.mark.sample("Stride golf")
@pytest.mark.parametrize("name", ["Transpose", "Stride golf"])
def test_on_a_phone_the_picture_is_in_sight_after_an_operation(show: Show, name: str) -> None:
    page = show(ss.workbench(B.reshape(3, 4).copy()), ss.layout(B), width=390, has_touch=True)
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator(".ss-wb-dock").evaluate("dock => dock.scrollIntoView({ block: 'end' })")
    one = page.get_by_role("button", name=name, exact=True)
    one.scroll_into_view_if_needed()
    one.tap()
    grid = page.locator(".ss-row > svg[role=application]").first.bounding_box()
    dock = page.locator(".ss-wb-dock").bounding_box()
    assert grid is not None
    assert dock is not None
    assert grid["y"] >= 0
    assert grid["y"] + grid["height"] <= dock["y"] + 1
    assert dock["y"] + dock["height"] <= 845


def test_the_copied_line_and_the_link_bring_the_reading_back(show: Show) -> None:
    page = bench(show, permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Transpose").click()
    page.get_by_role("button", name="Copy as NumPy").click()
    page.wait_for_function("document.querySelector('.ss-said').textContent.startsWith('Copied')")
    text: str = page.evaluate("navigator.clipboard.readText()")
    assert text.splitlines()[0] == "b = np.arange(12)"
    made: dict[str, Any] = {"np": np}
    exec(text, made)  # noqa: S102 - the promise itself
    assert (made["a"] == B.reshape(3, 4).T).all()
    page.get_by_role("button", name="Copy link").click()
    page.wait_for_function("document.querySelector('.ss-said').textContent.includes('file:')")
    fragment = page.evaluate("navigator.clipboard.readText()").split("#")[1]
    assert values(bench(show, fragment=fragment)) == read((4, 3), (8, 32))
    for bad in some(
        ("=0;4,3;8", "=0;4,3;8,32;9", "=x", "=0;-4,3;8,32", "=0;9999999999,9999999999;1,1"), every=3
    ):
        assert values(bench(show, fragment=fragment.split("=")[0] + bad)) == read((3, 4), (32, 8))


@pytest.mark.whole("test_instrument_why.py and test_instrument_temporaries.py try reduced motion")
def test_reduced_motion_moves_nothing(show: Show) -> None:
    page = bench(show, reduced_motion="reduce")
    page.get_by_role("button", name="Transpose").click()
    assert page.evaluate("document.getAnimations().length") == 0
    other = bench(show)
    other.get_by_role("button", name="Transpose").click()
    # What fades as code is scrolled has no time of its own.
    lasted = """document.getAnimations().filter(a => a.timeline === document.timeline)
      .map(a => a.effect.getTiming().duration)"""
    assert set(other.evaluate(lasted)) <= {160, 400}


@pytest.mark.sample("390-dark")
@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    show: Show, width: int, scheme: Scheme
) -> None:
    page = bench(show, width=width, scheme=scheme)
    put(page, "stride in bytes, axis 0", 40)
    assert violations(page) == []
    page.get_by_role("button", name="Stride golf").click()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
