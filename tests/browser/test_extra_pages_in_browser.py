"""The search, the cheat sheet on paper, and what the first page remembers, in a real browser from
disk."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

from support.sample_lesson import SLUG

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from conftest import Scheme, Visitor

LESSON = f"lessons/{SLUG}.html"
RULE = (
    "A reshape keeps the order of the elements, "
    "and moves them only if no strides fit the new shape."
)


def search(page: Page, words: str) -> None:
    page.keyboard.press("/")
    page.get_by_role("combobox").fill(words)
    page.get_by_role("option").first.wait_for()


def test_slash_opens_the_search_and_enter_goes_to_the_place(visitor: Visitor) -> None:
    page = visitor.open("index.html")
    search(page, "refuses buffer")
    box = page.get_by_role("combobox")
    assert box.evaluate("(box) => box === document.activeElement")
    assert box.get_attribute("aria-expanded") == "true"
    chosen = page.get_by_role("option", selected=True)
    assert box.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    assert "What fails" in chosen.inner_text()
    assert "Memory layout and strides" in chosen.inner_text()
    assert chosen.locator("mark").all_inner_texts() == ["refuses", "buffer"]
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{LESSON}#What-fails")


def test_arrows_walk_through_the_places_and_escape_closes(visitor: Visitor) -> None:
    page = visitor.open(LESSON)
    search(page, "strides")
    count = page.get_by_role("option").count()
    assert count > 1
    assert page.get_by_role("status").filter(has_text=f"{count} places").count() == 1
    chosen = page.get_by_role("option", selected=True)
    first = chosen.inner_text()
    assert first.startswith("strides Glossary")
    page.get_by_role("combobox").fill("stride")  # one word for one thing, in both its forms
    assert chosen.inner_text().startswith("strides Glossary")
    page.get_by_role("combobox").fill("strides")
    page.keyboard.press("ArrowDown")
    assert chosen.count() == 1
    assert chosen.inner_text() != first
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.get_by_role("option").last.get_attribute("aria-selected") == "true"
    page.keyboard.press("Escape")
    assert not page.get_by_role("dialog").is_visible()
    page.keyboard.press("/")
    assert page.get_by_role("combobox").input_value() == "strides"


def test_a_click_on_the_button_and_on_a_place_does_the_same(visitor: Visitor) -> None:
    page = visitor.open(LESSON, 390)
    page.get_by_role("button", name="Search").click()
    page.get_by_role("combobox").fill("as in a.strides")
    page.get_by_role("option", name="strides").first.click()
    page.wait_for_url("**/glossary.html#strides")


def test_a_short_word_is_found_at_the_start_of_words_only(visitor: Visitor) -> None:
    page = visitor.open("index.html")
    page.keyboard.press("/")
    page.get_by_role("combobox").fill("zq")
    page.get_by_text("Nothing found").wait_for()
    assert page.get_by_role("combobox").get_attribute("aria-expanded") == "false"
    page.get_by_role("combobox").fill("0")
    marks = page.locator("[role=option] mark")
    marks.first.wait_for()
    around = "(mark) => mark.previousSibling?.textContent.slice(-1) ?? ''"
    befores = [mark.evaluate(around) for mark in marks.all()]
    assert [before for before in befores if re.fullmatch(r"\w", before)] == []


def test_a_slash_in_a_field_is_a_slash(visitor: Visitor) -> None:
    page = visitor.open("index.html")
    page.evaluate("document.querySelector('main').append(document.createElement('input'))")
    page.locator("main input").press("/")
    assert page.locator("main input").input_value() == "/"
    assert page.get_by_role("dialog").count() == 0


@pytest.mark.sample("dark-390")
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_open_search(visitor: Visitor, width: int, scheme: Scheme) -> None:
    page = visitor.open(LESSON, width, scheme)
    search(page, "strides")
    found = Axe().run(page, options={"preload": False}).response["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_nothing_of_the_search_is_loaded_before_it_is_opened(visitor: Visitor) -> None:
    page = visitor.open(LESSON)
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(Path(request.url).name))
    page.reload()
    assert "course.js" in loaded
    assert [name for name in loaded if name.startswith("search")] == []
    search(page, "strides")
    assert {"search.js", "search.css", "search-index.js"} <= set(loaded)


@pytest.mark.sample(every=2)
@pytest.mark.parametrize(
    "path", ["index.html", "cheat-sheet.html", "glossary.html", "teaching.html"]
)
def test_pages_read_well_without_scripts_and_the_search_is_hidden(
    visitor: Visitor, path: str
) -> None:
    page = visitor.open(path, scripts=False)
    assert not page.get_by_role("button", name="Search").is_visible()
    assert page.get_by_role("heading", level=1).is_visible()
    assert page.get_by_role("contentinfo").get_by_role("link", name="Glossary").is_visible()


def sheets(page: Page) -> int:
    """Print a page on A4, as the browser does without being asked, and count the sheets."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4")))


def test_the_cheat_sheet_of_the_sample_lesson_prints_on_one_sheet(visitor: Visitor) -> None:
    assert sheets(visitor.open("cheat-sheet.html")) == 1


def test_eight_full_cards_print_on_two_sheets(visitor: Visitor) -> None:
    page = visitor.open("cheat-sheet.html")
    page.evaluate(
        """(rule) => {
          const cards = document.querySelector('.cards');
          const card = cards.querySelector('.card');
          const list = `<ol>${`<li>${rule}</li>`.repeat(8)}</ol>`;
          card.replaceChildren(card.querySelector('h2'), ...document.createRange()
            .createContextualFragment(list).childNodes);
          for (let k = 1; k < 8; k += 1) cards.append(card.cloneNode(true));
        }""",
        RULE,
    )
    assert page.locator(".card").count() == 8
    assert page.locator(".card li").count() == 64
    assert sheets(page) <= 2


def test_the_first_page_leads_back_to_where_the_reader_was(visitor: Visitor) -> None:
    page = visitor.open(LESSON)
    page.evaluate("document.getElementById('What-fails').scrollIntoView()")
    page.wait_for_function("localStorage.getItem('inside-the-ndarray/last')?.includes('What')")
    page.goto(page.url.replace(LESSON, "index.html"))
    link = page.get_by_role("link", name="Go on with Memory layout and strides")
    assert link.get_attribute("href") == f"{LESSON}#What-fails"


def test_a_link_to_a_folded_box_opens_it(visitor: Visitor) -> None:
    page = visitor.open(LESSON)
    page.evaluate("document.querySelector('main details > summary').id = 'Further-in:-a,-b'")
    page.evaluate("location.hash = encodeURIComponent('Further-in:-a,-b')")
    page.locator("main details[open] > #Further-in\\:-a\\,-b").wait_for()


def found(page: Page, words: str) -> list[str]:
    page.keyboard.press("/")
    page.get_by_role("combobox").fill(words)
    page.get_by_role("status").filter(has_text=re.compile("place|Nothing")).wait_for()
    places = page.get_by_role("option").all_inner_texts()
    page.keyboard.press("Escape")
    return places


@pytest.mark.sample(every=3)
@pytest.mark.parametrize(
    ("words", "heading"),
    [
        ("refusing", "What fails"),
        ("buffers vs shapes", "One buffer, many shapes"),
        ("stepping by distances", "Why bytes and not elements?"),
        ("stride", "strides"),
        ("how is a row contiguous", "One buffer, many shapes"),
        ("dimension", "One buffer, many shapes"),
    ],
)
def test_other_forms_of_a_word_and_other_words_find_the_same(
    visitor: Visitor, words: str, heading: str
) -> None:
    page = visitor.open("index.html")
    assert [place for place in found(page, words) if place.startswith(heading)]


def test_a_word_as_it_was_typed_comes_before_its_other_forms(visitor: Visitor) -> None:
    page = visitor.open("index.html")
    assert found(page, "strides")[0].startswith("strides Glossary")
    assert found(page, "of the")[0], "small words are looked for if there are no others"
