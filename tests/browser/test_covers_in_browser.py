"""What a reader sees of an answer before and after answering; and questions one at a time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from support.axe import violations
from support.sample_lesson import SLUG, V4, lesson

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from conftest import Visitor


from course.render import Renderer
from course.render.course_map import load
from support import sample_lesson

WEB = Path(__file__).parents[2] / "web"
LESSON = f"lessons/{SLUG}.html"
SCREEN = 900
EXPLAINS = "The first number is a row of three elements."
BUILDS_ON = "So a table of four columns has other strides."
QUIZ_ANSWER = "1: (64, 8)"


@pytest.fixture(scope="module")
def covered_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample lesson with an explanation below its first question, a deck and a quiz."""
    root = tmp_path_factory.mktemp("covers")
    file, notebooks = sample_lesson.write_map(tmp_path_factory.mktemp("map"))
    text, code = V4.new_markdown_cell, V4.new_code_cell
    notebook = lesson()
    deck = [
        code(
            f"ask({k})",
            outputs=[sample_lesson.html(sample_lesson.PREDICTION)],
            metadata={"tags": ["predict", "quick"]},
        )
        for k in range(3)
    ]
    notebook.cells[7:7] = [text(EXPLAINS), text(BUILDS_ON), text("## Guess\n\nThree."), *deck]
    notebook.cells.append(code("print(1)", outputs=[sample_lesson.printed(QUIZ_ANSWER)]))
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
    renderer = Renderer(load(file, notebooks), WEB)
    files = {LESSON: renderer.lesson(notebook, SLUG).encode()}
    files |= {f"static/{name}": data for name, data in renderer.assets().items()}
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    return root


@pytest.fixture
def page(visitor: Visitor, covered_site: Path) -> Page:
    visitor.site = covered_site
    return visitor.open(LESSON)


def within_a_screen(page: Page) -> str:
    """Return the text that can be seen no more than a screen below the first question."""
    seen: str = page.evaluate(
        """(height) => {
          const top = document.querySelector('.predicts').getBoundingClientRect().top;
          return [...document.querySelectorAll('main :is(p, pre, li, td, h2, h3)')]
            .filter((one) => one.checkVisibility())
            .filter((one) => {
              const place = one.getBoundingClientRect();
              return place.top >= top && place.top <= top + height;
            })
            .map((one) => one.textContent).join(' ');
        }""",
        SCREEN,
    )
    return seen


def test_nothing_within_a_screen_explains_what_is_asked(page: Page) -> None:
    seen = within_a_screen(page)
    assert "What is a.strides?" in seen
    assert "Predict first" in seen
    assert EXPLAINS not in seen
    assert BUILDS_ON not in seen
    page.locator(".ss-predict summary", has_text="(24, 8)").first.click()
    expect(page.get_by_text(EXPLAINS)).to_be_visible()
    assert EXPLAINS in within_a_screen(page)


def test_what_was_opened_is_open_after_a_reload(page: Page) -> None:
    page.locator(".cover").first.get_by_role("button").click()
    page.reload()
    expect(page.get_by_text(EXPLAINS)).to_be_visible()
    expect(page.get_by_text(QUIZ_ANSWER)).to_be_hidden()


def test_a_link_into_what_is_covered_opens_it(page: Page) -> None:
    page.evaluate(
        "(text) => [...document.querySelectorAll('.prose p')]"
        ".find((p) => p.textContent === text).id = 'there'",
        EXPLAINS,
    )
    page.evaluate("location.hash = 'there'")
    expect(page.get_by_text(EXPLAINS)).to_be_in_viewport()


def test_an_instrument_that_a_link_leads_to_is_uncovered(page: Page) -> None:
    page.evaluate(
        "document.querySelector('.gated').dispatchEvent("
        "new CustomEvent('ss-linked', { bubbles: true }))"
    )
    expect(page.get_by_text(EXPLAINS)).to_be_visible()


def test_the_answers_of_the_quiz_open_on_request(page: Page) -> None:
    cover = page.locator("[data-covered-by=quiz]")
    expect(cover.get_by_text(QUIZ_ANSWER)).to_be_hidden()
    cover.get_by_role("button", name="Show me").click()
    expect(cover.get_by_text(QUIZ_ANSWER)).to_be_visible()


def test_a_deck_shows_one_question_and_how_far_the_reader_is(page: Page) -> None:
    deck = page.locator(".deck")
    questions = deck.locator(".predicts")
    shown = "(all) => all.map((one) => one.checkVisibility())"
    assert questions.evaluate_all(shown) == [True, False, False]
    expect(deck.get_by_text("Question 1 of 3")).to_be_visible()
    expect(deck.get_by_role("img", name="0 of 3 answered")).to_be_visible()
    questions.nth(0).locator("summary").first.click()
    expect(deck.get_by_role("img", name="1 of 3 answered")).to_be_visible()
    assert questions.evaluate_all(shown) == [True, False, False], "the verdict stays to be read"
    deck.get_by_role("button", name="Next question").click()
    assert questions.evaluate_all(shown) == [False, True, False]
    assert questions.nth(1).evaluate("(one) => one.contains(document.activeElement)")
    page.reload()
    assert questions.evaluate_all(shown) == [False, True, False], "where the reader was"
    deck.get_by_role("button", name="Back").click()
    assert questions.evaluate_all(shown) == [True, False, False]


def test_the_last_question_of_a_deck_has_no_next_one(page: Page) -> None:
    deck = page.locator(".deck")
    following = deck.get_by_role("button", name="Next question")
    following.click()
    following.click()
    expect(deck.get_by_text("Question 3 of 3")).to_be_visible()
    expect(following).to_be_hidden()


@pytest.mark.sample("390")
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_before_and_after(
    visitor: Visitor, covered_site: Path, width: int
) -> None:
    visitor.site = covered_site
    page = visitor.open(LESSON, width)
    assert violations(page) == []
    while page.locator(".cover:visible").count():
        page.locator(".cover:visible").first.get_by_role("button").click()
    assert violations(page) == []


def test_all_questions_of_a_deck_are_there_without_scripts_and_on_paper(
    visitor: Visitor, covered_site: Path
) -> None:
    visitor.site = covered_site
    page = visitor.open(LESSON, scripts=False)
    assert page.locator(".deck .predicts:visible").count() == 3
    expect(page.get_by_text(EXPLAINS)).to_be_visible()
    page = visitor.open(LESSON)
    page.emulate_media(media="print")
    assert page.locator(".deck .predicts:visible").count() == 3
    expect(page.get_by_text(EXPLAINS)).to_be_visible()
