"""Tabs that tests use one after the other: nothing of one test is left for the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from support.tabs import Tabs

pytestmark = pytest.mark.slow
OWN = {"timezone_id": "Asia/Tokyo"}
"""An option that no other test has, so that these tabs are not theirs."""
LEAVE = "localStorage.setItem('left', 1); sessionStorage.setItem('left', 2)"
FOUND = """() => [
  localStorage.getItem("left"), sessionStorage.getItem("left"), innerWidth,
  matchMedia("(prefers-color-scheme: dark)").matches,
  matchMedia("(prefers-reduced-motion: reduce)").matches,
  new Intl.DateTimeFormat().resolvedOptions().timeZone,
]"""


def at(page: Page, site: Path) -> Page:
    """Open the first page of the site in a tab."""
    page.goto(f"{site.as_uri()}/index.html")
    return page


def test_a_tab_that_is_used_again_is_empty(tabs: Tabs, site: Path) -> None:
    view = {"width": 390, "height": 900}
    used = {"viewport": view, "color_scheme": "dark", "reduced_motion": "reduce"}
    page = at(tabs.take(**OWN, **used), site)
    page.evaluate(LEAVE)
    assert page.evaluate(FOUND) == ["1", "2", 390, True, True, "Asia/Tokyo"]
    at(page.context.new_page(), site)
    tabs.give_back(page)
    other = at(tabs.take(), site)
    assert other != page
    tabs.give_back(other)
    again = at(tabs.take(**OWN), site)
    assert again == page
    assert again.context.pages == [page]
    assert again.evaluate(FOUND) == [None, None, 1280, False, False, "Asia/Tokyo"]
    tabs.give_back(again)


def test_a_tab_that_cannot_be_emptied_is_closed(tabs: Tabs, site: Path) -> None:
    retired = at(tabs.take(**OWN), site)
    tabs.retire(retired)
    elsewhere = tabs.take(**OWN)
    for page in (retired, elsewhere):  # the second is on no page from disk, where storage is
        tabs.give_back(page)
        assert page.is_closed()
    last = tabs.take(**OWN)
    assert last not in {retired, elsewhere}
    tabs.give_back(at(last, site))
