"""What a reader may rely on, seen in a real browser without network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import pytest

from support.axe import violations
from support.sample_lesson import NEXT, SLUG

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from conftest import Scheme, Visitor

LESSON = f"lessons/{SLUG}.html"
PAGES = ["index.html", "cheat-sheet.html", "glossary.html", "teaching.html", LESSON]


def first_cover(page: Page) -> Locator:
    return page.locator(".cover").first


def first_answer(page: Page) -> Locator:
    return page.locator("[data-covered-by] > .out").first


# Every page ---------------------------------------------------------------------------------------


@pytest.mark.sample(
    "light-390-lessons/02-memory-layout-and-strides.html",
    "dark-1280-glossary.html",
    "dark-390-index.html",
)
@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(visitor: Visitor, path: str, width: int, scheme: Scheme) -> None:
    page = visitor.open(path, width, scheme)
    assert violations(page) == []


@pytest.mark.sample("dark")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_when_all_is_open(visitor: Visitor, scheme: Scheme) -> None:
    page = visitor.open(LESSON, 390, scheme)
    page.evaluate("document.querySelectorAll('details').forEach((box) => { box.open = true; })")
    while page.locator(".cover:visible").count():
        page.locator(".cover:visible").first.get_by_role("button").click()
    page.get_by_role("button", name="Contents").click()
    assert violations(page) == []


@pytest.mark.sample(
    "860-lessons/02-memory-layout-and-strides.html", "390-glossary.html", "320-index.html"
)
@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [1280, 860, 390, 320])
def test_the_page_itself_never_scrolls_sideways(visitor: Visitor, path: str, width: int) -> None:
    page = visitor.open(path, width)
    page.evaluate("document.querySelectorAll('details').forEach((box) => { box.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.sample(every=3)
@pytest.mark.parametrize("path", PAGES)
def test_every_link_leads_somewhere(visitor: Visitor, site: Path, path: str) -> None:
    page = visitor.open(path)
    links = page.eval_on_selector_all("a[href]", "all => all.map((a) => a.getAttribute('href'))")
    assert len(links) > 5
    for link in links:
        if urlsplit(link).scheme == "https":
            continue
        target = urlsplit(urljoin(f"{site.as_uri()}/{path}", link))
        assert Path(target.path).is_file(), link
        if target.fragment and not urlsplit(link).path:
            assert page.evaluate(
                "(id) => !!document.getElementById(decodeURIComponent(id))", target.fragment
            ), link


def test_text_has_the_measure_and_code_the_wider_column(visitor: Visitor) -> None:
    page = visitor.open(LESSON)
    width = "(box) => box.getBoundingClientRect().width"
    assert page.locator(".prose > p").first.evaluate(width) <= 36 * 16
    assert page.locator(".in").first.evaluate(width) <= 46 * 16
    assert page.locator(".in:visible").first.evaluate(width) > 40 * 16


SCROLLS = "(pre) => pre.scrollWidth > pre.clientWidth && pre.tabIndex === 0"


def test_arrays_keep_their_rows_and_scroll_by_keyboard(visitor: Visitor) -> None:
    page = visitor.open(LESSON, 600)
    first_cover(page).get_by_role("button").click()
    rows = page.locator(".out pre", has_text="[[ 0  1  2")
    assert rows.evaluate(SCROLLS)
    assert rows.evaluate("(pre) => Math.round(pre.clientHeight / 23)") == 2


def test_on_a_phone_what_is_printed_and_code_wrap(visitor: Visitor) -> None:
    page = visitor.open(LESSON, 390)
    first_cover(page).get_by_role("button").click()
    rows = page.locator(".out pre", has_text="[[ 0  1  2")
    assert rows.evaluate("(pre) => pre.scrollWidth <= pre.clientWidth")
    assert rows.evaluate("(pre) => Math.round(pre.clientHeight / 20)") > 2
    long = page.locator(".prose pre", has_text="the whole story")
    assert long.evaluate("(pre) => pre.scrollWidth <= pre.clientWidth && pre.tabIndex === -1")
    line = page.locator(".prose pre i", has_text="the whole story")
    edges = line.evaluate(
        """(line) => {
          const range = document.createRange();
          range.selectNodeContents(line);
          const [first, ...more] = [...range.getClientRects()].map((box) => Math.round(box.left));
          return [first, Math.max(...more)];
        }"""
    )
    assert edges[0] < edges[1], "goes on further in than it began"
    short = page.locator(".in pre", has_text="np.int8(127)")
    assert short.get_attribute("tabindex") is None


def test_the_list_of_contents_opens_and_closes_on_a_phone(visitor: Visitor) -> None:
    page = visitor.open(LESSON, 390)
    contents = page.get_by_role("navigation", name="Contents")
    assert not contents.is_visible()
    page.get_by_role("button", name="Contents").click()
    assert contents.is_visible()
    contents.get_by_role("link", name="What fails").click()
    assert not contents.is_visible()
    assert page.evaluate("decodeURIComponent(location.hash)") == "#What-fails"


def test_sections_seen_are_counted_and_remembered(visitor: Visitor) -> None:
    page = visitor.open(LESSON)
    page.get_by_role("heading", name="Quiz").scroll_into_view_if_needed()
    page.get_by_role("heading", name="What fails").scroll_into_view_if_needed()
    all_seen = page.get_by_role("img", name="3 of 3 sections seen")
    all_seen.wait_for()
    page.goto(page.url.replace(LESSON, "index.html"))
    all_seen.wait_for()


# Covers -------------------------------------------------------------------------------------------


def test_an_answer_is_covered_but_its_code_is_not(visitor: Visitor) -> None:
    page = visitor.open(LESSON)
    assert first_cover(page).is_visible()
    assert not first_answer(page).is_visible()
    assert page.locator("[data-covered-by] > .in").first.is_visible()


@pytest.mark.sample("(24, 8)", "Show me")
@pytest.mark.parametrize("choice", ["(24, 8)", "(3, 1)", "Show me"])
def test_any_choice_opens_the_answer_and_is_announced(visitor: Visitor, choice: str) -> None:
    page = visitor.open(LESSON)
    question = page.locator(".ss-predict").first
    summary = question.locator("summary", has_text=choice)
    summary.focus()
    page.keyboard.press("Enter")
    first_answer(page).wait_for(state="visible")
    assert not first_cover(page).is_visible()
    assert "open" in page.get_by_role("status").inner_text()
    assert summary.evaluate("(box) => box === document.activeElement")
    assert question.locator("summary").count() == 3
    assert page.locator(".cover").last.is_visible()


@pytest.mark.parametrize("by", ["pointer", "keyboard"])
def test_show_me_opens_the_answer_and_takes_the_focus_there(visitor: Visitor, by: str) -> None:
    page = visitor.open(LESSON)
    button = first_cover(page).get_by_role("button", name="Show me")
    if by == "pointer":
        button.click()
    else:
        button.focus()
        page.keyboard.press("Space")
    assert first_answer(page).is_visible()
    assert first_answer(page).evaluate("(box) => box === document.activeElement")
    assert "open" in page.get_by_role("status").inner_text()


def test_reading_the_code_of_a_question_opens_nothing(visitor: Visitor) -> None:
    page = visitor.open(LESSON)
    page.locator(".predicts .source summary").first.click()
    page.wait_for_timeout(100)
    assert first_cover(page).is_visible()


def test_an_opened_answer_stays_open(visitor: Visitor) -> None:
    page = visitor.open(LESSON)
    first_cover(page).get_by_role("button").click()
    page.reload()
    assert first_answer(page).is_visible()
    assert page.locator(".cover").last.is_visible()


def test_covers_work_where_the_browser_may_not_remember(visitor: Visitor) -> None:
    page = visitor.open(LESSON, reused=False)
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('denied') } })"
    )
    page.reload()
    first_cover(page).get_by_role("button").click()
    assert first_answer(page).is_visible()
    page.get_by_role("button", name="Theme").click()


def test_all_is_open_without_scripts(visitor: Visitor) -> None:
    page = visitor.open(LESSON, scripts=False)
    assert page.locator(".cover:visible").count() == 0
    assert page.locator("[data-covered-by] > .out:visible").count() == 2
    assert not page.get_by_role("button", name="Theme").is_visible()


@pytest.mark.sample("dark")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_paper_has_everything_open_in_black_on_white(visitor: Visitor, scheme: Scheme) -> None:
    page = visitor.open(LESSON, scheme=scheme)
    page.get_by_role("button", name="Theme").click()
    page.get_by_role("button", name="Theme").click()
    page.emulate_media(media="print")
    assert page.locator(".cover:visible").count() == 0
    assert page.locator("[data-covered-by] > .out:visible").count() == 2
    assert page.get_by_text("Strides are counted in bytes").first.is_visible()
    colours = "(body) => [getComputedStyle(body).color, getComputedStyle(body).backgroundColor]"
    assert page.locator("body").evaluate(colours) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]


# Colours ------------------------------------------------------------------------------------------


def background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def test_the_page_follows_the_system_until_told_otherwise(visitor: Visitor) -> None:
    page = visitor.open(LESSON, scheme="dark")
    dark = background(page)
    button = page.get_by_role("button", name="Theme")
    assert button.text_content() == "Theme: auto"
    button.click()
    light = background(page)
    assert button.text_content() == "Theme: light"
    assert page.get_by_role("status").inner_text() == "Theme: light"
    assert dark == "rgb(22, 24, 28)"
    assert light == "rgb(255, 253, 249)"
    page.reload()
    assert background(page) == light
    button.click()
    assert background(page) == dark
    button.click()
    assert button.text_content() == "Theme: auto"


@pytest.mark.sample(every=2)
@pytest.mark.parametrize("path", [LESSON, "index.html", "glossary.html"])
def test_every_page_has_the_same_header_on_a_phone(visitor: Visitor, path: str) -> None:
    page = visitor.open(path, 390)
    parts = [_box(page.locator(".brand"))]
    for name in ("Search", "Contents", "Theme"):
        button = _box(page.locator(".top").get_by_role("button", name=name))
        assert min(button["width"], button["height"]) >= 44
        parts.append(button)
    assert [part["x"] for part in parts] == sorted(part["x"] for part in parts)
    assert _box(page.locator(".top"))["height"] <= 56
    assert parts[-1]["x"] + parts[-1]["width"] <= 390
    word = page.locator(".top .word").first
    assert _box(word)["width"] <= 1, "a sign, whose name is for a screen reader"


@pytest.mark.parametrize(
    ("path", "width", "shown"),
    [(LESSON, 1280, True), (LESSON, 390, False), ("index.html", 390, False)],
)
def test_the_parts_of_the_course_are_in_the_header_or_in_the_contents(
    visitor: Visitor, path: str, width: int, *, shown: bool
) -> None:
    page = visitor.open(path, width)
    exercises = page.locator(".top").get_by_role("link", name="Exercises")
    assert exercises.is_visible() is shown
    if not shown:
        page.get_by_role("button", name="Contents").click()
        assert page.locator(".contents").get_by_role("link", name="Exercises").is_visible()


# The first page -----------------------------------------------------------------------------------


def test_the_array_on_the_first_page_answers_keyboard_and_pointer(visitor: Visitor) -> None:
    page = visitor.open("index.html")
    formula = page.locator(".formula")
    assert formula.inner_text() == "[1,2] → 0 + 1·24 + 2·8 = byte 40"
    page.locator(".board td.on").focus()
    page.keyboard.press("ArrowLeft")
    assert formula.inner_text() == "[1,1] → 0 + 1·24 + 1·8 = byte 32"
    assert page.get_by_role("status").inner_text() == "row 1, column 1: value 5, bytes 32 to 39"
    terms = "all => all.map((one) => getComputedStyle(one, '::after').content)"
    named = page.locator(".formula span").evaluate_all(terms)
    assert [name.split('"')[1] for name in named] == ["offset", "axis 0", "axis 1", "value 5"]
    page.locator(".strip li").nth(6).hover()
    assert formula.inner_text() == "[2,0] → 0 + 2·24 + 0·8 = byte 48"


BOARD = "() => [...document.querySelectorAll('.board tbody td')].map((c) => c.textContent)"
STRIP = "() => [...document.querySelectorAll('.strip b')].map((c) => c.textContent)"
COLORS = """(cells) => [...document.querySelectorAll(cells)]
  .map((c) => [c.textContent, getComputedStyle(c).backgroundColor])"""
MITER = 4
"""What Chromium adds to the box of a path for the corners of its stroke, px."""
TRANSPOSED = ["1", "4", "7", "2", "5", "8", "3", "6", "9"]


def test_transposing_keeps_the_element_and_the_bytes(visitor: Visitor) -> None:
    page = visitor.open("index.html")
    page.locator(".strip li").nth(5).click()
    before = page.evaluate(STRIP)
    colors = page.evaluate(COLORS, ".strip b")
    page.get_by_role("button", name="Transpose").click()
    page.get_by_role("button", name="Transpose back").wait_for()
    assert page.evaluate(BOARD) == TRANSPOSED
    assert page.evaluate(STRIP) == before
    assert page.evaluate(COLORS, ".strip b") == colors, "a byte keeps its color"
    assert sorted(page.evaluate(COLORS, ".board td > span")) == sorted(colors)
    assert len({color for _, color in colors}) == 3
    assert page.locator(".formula").inner_text() == "[2,1] → 0 + 2·8 + 1·24 = byte 40"
    assert page.locator(".strip .on").inner_text().startswith("6")
    assert page.locator(".board .name").inner_text() == "a.T"
    page.get_by_role("button", name="Transpose back").click()
    page.get_by_role("button", name="Transpose", exact=True).wait_for()
    assert page.locator(".formula").inner_text() == "[1,2] → 0 + 1·24 + 2·8 = byte 40"


OVERLAPS = """(part) => {
  const tiles = document.getAnimations().filter((a) => a.effect.getTiming().fill === 'forwards');
  for (const a of tiles) a.currentTime = part * a.effect.getComputedTiming().endTime;
  const boxes = tiles.map((a) => a.effect.target).map((tile) => [
    tile.textContent, tile.getBoundingClientRect()]);
  return boxes.flatMap(([one, a], k) => boxes.slice(k + 1).filter(([, b]) =>
    a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1,
  ).map(([other]) => `${one} and ${other}`));
}"""
HOLD = """() => document.getAnimations().filter((a) => a.effect.getTiming().fill === 'forwards')
  .map((a) => a.pause()).length"""
GO = "() => { for (const a of document.getAnimations()) a.finish(); }"


@pytest.mark.sample("1280", "320")
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_no_element_hides_another_on_its_way_and_labels_change_last(
    visitor: Visitor, width: int
) -> None:
    page = visitor.open("index.html", width)
    page.locator(".strip li").nth(5).click()
    page.get_by_role("button", name="Transpose").click()
    assert page.evaluate(HOLD) == len(TRANSPOSED)
    for part in range(1, 40):
        assert page.evaluate(OVERLAPS, part / 40) == [], part
    assert page.locator(".board .name").inner_text() == "a"
    assert page.locator(".path svg").count() == 0, "no step of an array that is on its way"
    page.evaluate(GO)
    page.get_by_role("button", name="Transpose back").wait_for()
    assert page.evaluate(BOARD) == TRANSPOSED
    assert page.locator(".board .name").inner_text() == "a.T"


def test_who_does_not_wait_has_the_end_at_once(visitor: Visitor) -> None:
    page = visitor.open("index.html")
    page.locator(".strip li").nth(5).click()
    button = page.locator("#transpose")
    button.click()
    button.click()
    assert button.inner_text() == "Transpose back"
    assert page.evaluate(BOARD) == TRANSPOSED


def test_the_array_is_transposed_and_back_by_itself_once(visitor: Visitor) -> None:
    page = visitor.open("index.html")
    before = page.evaluate(BOARD)
    page.get_by_role("button", name="Transpose back").wait_for()
    assert page.evaluate(BOARD) == TRANSPOSED
    page.get_by_role("button", name="Transpose", exact=True).wait_for()
    page.wait_for_timeout(5000)
    assert page.evaluate(BOARD) == before


def test_steps_back_are_below_the_bytes(visitor: Visitor) -> None:
    page = visitor.open("index.html")
    page.locator(".strip li").nth(5).click()
    page.locator(".path svg").wait_for()
    assert page.locator(".path .back").count() == 0
    page.get_by_role("button", name="Transpose").click()
    page.get_by_role("button", name="Transpose back").wait_for()
    ahead, back = page.locator(".path path:not(.back)"), page.locator(".path path.back")
    assert (ahead.count(), back.count()) == (6, 2)
    strip, caption = page.locator(".strip b").first, page.locator(".touch figcaption")
    address = page.locator(".strip li > span").first
    middle, below = _box(strip), _box(caption)["y"]
    for hop in ahead.all():
        assert _box(hop)["y"] + _box(hop)["height"] <= middle["y"] + MITER
    for hop in back.all():
        assert _box(hop)["y"] + MITER >= _box(address)["y"] + _box(address)["height"]
        assert _box(hop)["y"] + _box(hop)["height"] <= below


def _box(found: Locator) -> dict[str, float]:
    """Return where something is on the page; it is there."""
    box = found.bounding_box()
    assert box is not None
    return dict(box)


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_nothing_moves_for_who_is_busy_or_wants_no_motion(visitor: Visitor, motion: str) -> None:
    page = visitor.open("index.html", reduced_motion=motion)
    if motion == "no-preference":
        page.locator(".strip li").nth(2).click()
    page.wait_for_timeout(2500)
    assert page.evaluate(BOARD)[1] == "2"
    page.get_by_role("button", name="Transpose").click()
    page.get_by_role("button", name="Transpose back").wait_for()
    assert page.evaluate(BOARD) == TRANSPOSED


def test_the_path_of_the_reading_fits_the_strip(visitor: Visitor) -> None:
    for width in (1280, 390, 320):
        page = visitor.open("index.html", width)
        page.locator(".path svg").wait_for()
        svg, strip = (page.locator(name).bounding_box() for name in (".path svg", ".strip"))
        assert svg is not None
        assert strip is not None
        assert abs(svg["width"] - strip["width"]) <= 1
        tops = {li.bounding_box()["y"] for li in page.locator(".strip li").all()}  # type: ignore[index]
        assert len(tops) == 1, "one line stays one line"


def test_the_path_says_how_far_a_step_of_each_kind_goes(visitor: Visitor) -> None:
    page = visitor.open("index.html")
    page.locator(".strip li").nth(5).click()
    page.get_by_role("button", name="Transpose").click()
    page.get_by_role("button", name="Transpose back").wait_for()
    page.evaluate(GO)
    words = page.locator(".path text")
    assert words.all_text_contents() == ["+24 to the next element", "\u221240 to the next row"]
    ahead, back = (_box(word) for word in words.all())
    arcs = [_box(one) for one in page.locator(".path path").all()]
    # The box of the text has its halo; the type is 14 px.
    assert ahead["y"] + ahead["height"] / 2 + 7 <= min(arc["y"] for arc in arcs)
    assert back["y"] + back["height"] / 2 - 7 >= max(arc["y"] + arc["height"] for arc in arcs)
    assert back["y"] + back["height"] <= _box(page.locator(".touch figcaption"))["y"] + MITER
    chosen = _box(page.locator(".path path.now"))
    others = [_box(one)["y"] for one in page.locator(".path path:not(.now):not(.back)").all()]
    assert chosen["y"] < min(others), "it rises above all others"


def test_no_head_is_there_before_its_step(visitor: Visitor) -> None:
    page = visitor.open("index.html")
    page.locator(".strip li").nth(5).click()
    page.get_by_role("button", name="Transpose").click()
    page.get_by_role("button", name="Transpose back").wait_for()
    # Halfway through, no matter how late this looks: all animations are set to the same moment.
    early = page.evaluate("""() => {
      const found = [];
      for (const one of document.getAnimations()) one.pause();
      for (const time of [50, 200, 350, 500, 650]) {
        for (const one of document.getAnimations()) one.currentTime = time;
        const hops = [...document.querySelectorAll(".path path")];
        for (const hop of hops) {
          const isDone = Number.parseFloat(getComputedStyle(hop).strokeDashoffset) < 0.01;
          const { opacity } = getComputedStyle(hop.nextElementSibling);
          if (!isDone && opacity !== "0") found.push(time);
        }
      }
      return found;
    }""")
    assert early == []


def test_the_first_page_has_no_placeholder_and_a_picture_for_each_lesson(visitor: Visitor) -> None:
    page = visitor.open("index.html")
    assert page.locator(".home var").count() == 0
    assert page.locator("ol.map > li").count() == page.locator("ol.map > li > svg.mark").count()
    how = page.locator(".ways summary")
    how.click()
    assert page.get_by_text("python -m course lab").is_visible()
    foot, main = _box(page.locator(".foot nav")), _box(page.locator("h1"))
    assert foot["x"] == main["x"]


def test_the_first_page_says_it_all_without_scripts(visitor: Visitor) -> None:
    page = visitor.open("index.html", scripts=False)
    assert page.get_by_text("1·24 + 2·8 = byte 40").is_visible()
    assert not page.get_by_role("button", name="Transpose").is_visible()
    assert page.get_by_role("link", name="Views and copies").get_attribute("href") == (
        f"lessons/{NEXT}.html"
    )
