"""Someone at a lesson's page of the small live site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.live_site import FREE

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

DONE = """(number) => {
  const cell = document.querySelector(`.cell[data-cell="${number}"]`);
  const state = cell.querySelector(".state")?.textContent;
  return !cell.classList.contains("running") && (cell.querySelector(".from") || state);
}"""


class Reader:
    """Someone at a page of the live site.

    Parameters
    ----------
    page : Page
        The page, open.
    """

    def __init__(self, page: Page) -> None:
        self.page = page

    def cell(self, number: int) -> Locator:
        """Return a cell."""
        return self.page.locator(f'.cell[data-cell="{number}"]')

    def press(self, number: int, act: str) -> None:
        """Press a button of a cell."""
        self.cell(number).locator(f'[data-do="{act}"]').first.click()

    def wait(self, number: int) -> None:
        """Wait until a cell has run."""
        self.page.wait_for_function(DONE, arg=number)

    def run(self, number: int) -> str:
        """Run a cell and return what it shows."""
        self.forget(number)
        self.press(number, "run")
        self.wait(number)
        return self.shown(number)

    def forget(self, number: int) -> None:
        """Remove the traces of an earlier run, so that one can wait for the next."""
        self.cell(number).evaluate(
            "(cell) => { cell.querySelector('.from')?.remove();"
            "  const state = cell.querySelector('.state'); if (state) state.textContent = ''; }"
        )

    def shown(self, number: int) -> str:
        """Return the output of a cell."""
        return self.cell(number).locator(".out").inner_text()

    def state(self, number: int) -> str:
        """Return the sentence beside a cell's buttons."""
        return self.cell(number).locator(".state").inner_text()

    def write(self, number: int, source: str) -> None:
        """Replace the text of a cell, as by a paste."""
        if self.cell(number).locator(".cm-content").count() == 0:
            self.press(number, "edit")
        content = self.cell(number).locator(".cm-content")
        content.click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.press("Delete")
        self.page.keyboard.insert_text(source)

    def try_(self, source: str) -> str:
        """Write and run the free cell; return what it shows."""
        self.write(FREE, source)
        return self.run(FREE)
