"""Before and after in the page: the browser remembers both, and the table follows each answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import stridescope as ss
from stridescope.instruments.predict import QUESTIONS
from support.axe import violations
from support.instrument_pages import READY

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from conftest import Scheme
    from support.instrument_pages import Show


@pytest.fixture(autouse=True)
def _fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    QUESTIONS.clear()


def instruments() -> list[ss.Instrument]:
    first = ss.predict("Before: one?", 1, {1: "", 2: "Two."}, key="one")
    second = ss.predict("After: one?", 1, {1: "", 2: "Two."}, key="one-again")
    return [first, second, ss.before_after({"`a` is one": ("one", "one-again")})]


def cells(page: Page) -> list[str]:
    found: list[str] = page.locator(".ss-before_after td").all_inner_texts()
    return found


def press(page: Page, question: int, name: str) -> None:
    place = page.locator(".ss-predict").nth(question)
    row, colon, _ = name.partition(": ")
    if colon:
        place.get_by_role("button", name=row, exact=True).click()
    place.get_by_role("button", name=name, exact=True).click()


def test_the_table_follows_each_answer_and_counts_the_first(show: Show) -> None:
    page = show(*instruments())
    assert cells(page) == ["no answer", "no answer"]
    press(page, 0, "2: sure")
    assert cells(page) == ["not yet, sure", "no answer"]
    press(page, 0, "Answer again")
    press(page, 0, "1: sure")
    press(page, 1, "1: think so")
    assert cells(page) == ["not yet, sure", "✓, think so"]
    assert page.locator(".ss-before_after").get_by_role("status").first.inner_text() == (
        "Before: 0 of 1 right; wrong and sure: 1. After: 1 of 1 right; wrong and sure: 0."
    )


def test_answers_are_there_again_on_another_day(show: Show) -> None:
    page = show(*instruments())
    press(page, 0, "1: sure")
    page.reload()
    page.wait_for_function(READY)
    assert cells(page) == ["✓, sure", "no answer"]


def test_it_follows_where_the_browser_may_not_remember(show: Show) -> None:
    page = show(*instruments(), reused=False)
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('denied') } })"
    )
    page.reload()
    page.wait_for_function(READY)
    page.get_by_role("button", name="Show me", exact=True).first.click()
    press(page, 1, "2: sure")
    assert cells(page)[0] == "shown"
    assert cells(page)[1] != "no answer"


@pytest.mark.whole("test_lab_instruments.py tries axe on all instruments together")
@pytest.mark.parametrize("width", [1280, 390, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_runs_out_of_the_page(
    show: Show, width: int, scheme: Scheme
) -> None:
    page = show(*instruments(), width=width, scheme=scheme)
    press(page, 0, "2: sure")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.whole("test_lab_instruments.py tries all instruments without scripts")
def test_without_scripts_the_table_says_what_python_knows(show: Show) -> None:
    page = show(*instruments(), scripts=False)
    assert cells(page) == ["no answer", "no answer"]
    assert page.get_by_text("Before: no answers yet.").is_visible()
