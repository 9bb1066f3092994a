"""What a reader writes is kept: with a full storage, in two tabs, and after a second thought."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.axe import violations
from support.live_reader import Reader
from support.live_site import FREE, PAGE, START
from support.visits import visiting

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.tabs import Tabs
    from support.visits import Visits

pytestmark = pytest.mark.slow
FULL = """() => {
  self.setItem ??= Storage.prototype.setItem;
  Storage.prototype.setItem = () => { throw new DOMException("", "QuotaExceededError"); };
}"""
ROOM = "() => { Storage.prototype.setItem = self.setItem; }"
UNDO = f"document.querySelector(`.cell[data-cell='{FREE}'] [data-do=undo]`).click()"


@pytest.fixture
def visits(tabs: Tabs) -> Iterator[Visits[Reader]]:
    """Pages for one test."""
    with visiting(tabs, Reader) as opened:
        yield opened


def content(reader: Reader) -> str:
    """Return what the editor of the free cell shows."""
    place = reader.cell(FREE).locator(".cm-content")
    place.wait_for()
    return place.inner_text()


def way_back(reader: Reader) -> str:
    """Return what the button says that goes back."""
    return reader.cell(FREE).locator('[data-do="undo"]').inner_text()


def test_a_warning_stays_until_saving_works_again(visits: Visits[Reader], live: Path) -> None:
    reader = visits.open(f"{live.as_uri()}/{PAGE}")
    trouble = reader.cell(START).locator(".trouble")
    reader.write(START, "1 + 1")
    assert not trouble.is_visible()
    reader.page.evaluate(FULL)
    reader.write(START, "1 + 2")
    assert "storage for the page is full" in trouble.inner_text()
    assert violations(reader.page) == []
    reader.run(START)
    assert "storage for the page is full" in trouble.inner_text()
    reader.page.evaluate(ROOM)
    reader.run(FREE)  # any run tries again
    assert not trouble.is_visible()
    reader.page.reload()
    assert reader.cell(START).locator(".cm-content").inner_text() == "1 + 2"


def test_the_browser_asks_before_a_page_with_unkept_edits_is_left(
    visits: Visits[Reader], live: Path
) -> None:
    reader = visits.open(f"{live.as_uri()}/{PAGE}", reused=False)
    asked: list[str] = []
    reader.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    reader.write(START, "1 + 1")
    reader.page.reload()
    assert asked == []
    reader.page.evaluate(FULL)
    reader.write(START, "1 + 2")
    reader.page.reload()
    assert asked == ["beforeunload"]


def test_an_undone_edit_comes_back_after_a_reload_and_in_another_tab(
    visits: Visits[Reader], live: Path
) -> None:
    address = f"{live.as_uri()}/{PAGE}"
    one = visits.open(address)
    one.write(FREE, "mine")
    two = visits.another(address)
    assert content(two) == "mine"
    one.press(FREE, "undo")
    assert way_back(one) == "Redo my edits"
    two.cell(FREE).get_by_text("Redo my edits").wait_for()
    one.page.reload()
    assert content(one) == "print('free')"
    one.press(FREE, "undo")
    assert content(one) == "mine"
    two.cell(FREE).locator(".cm-content").get_by_text("mine").wait_for()


@pytest.mark.whole("others reload pages with edits")
def test_after_a_reload_an_edited_cell_says_whose_output_is_shown(
    visits: Visits[Reader], live: Path
) -> None:
    reader = visits.open(f"{live.as_uri()}/{PAGE}")
    note = reader.cell(FREE).get_by_text("This is the recorded output of the original code.")
    reader.write(FREE, "print('mine')")
    reader.page.reload()
    note.wait_for()
    assert violations(reader.page) == []
    reader.press(FREE, "undo")
    assert note.count() == 0
    reader.press(FREE, "undo")
    note.wait_for()
    reader.run(FREE)
    assert note.count() == 0


def test_undo_in_two_tabs_at_once_loses_nothing(visits: Visits[Reader], live: Path) -> None:
    address = f"{live.as_uri()}/{PAGE}"
    one = visits.open(address)
    one.write(FREE, "mine")
    two = visits.another(address)
    assert content(two) == "mine"
    for tab in (one, two):
        tab.page.evaluate(f"setTimeout(() => {UNDO}, 300 - Date.now() % 300)")
    for tab in (one, two):
        tab.cell(FREE).locator(".cm-content").get_by_text("print('free')").wait_for()
        tab.cell(FREE).get_by_text("Redo my edits").wait_for()
    two.page.close()
    one.page.reload()
    content(one)
    one.press(FREE, "undo")
    assert content(one) == "mine"


def test_what_is_typed_after_undo_does_not_take_the_undone_edit_away(
    visits: Visits[Reader], live: Path
) -> None:
    reader = visits.open(f"{live.as_uri()}/{PAGE}")
    reader.write(FREE, "mine")
    reader.press(FREE, "undo")
    reader.cell(FREE).locator(".cm-content").click()
    reader.page.keyboard.press("End")
    reader.page.keyboard.type("#")
    reader.page.keyboard.press("Backspace")
    reader.press(FREE, "undo")
    assert content(reader) == "mine"
