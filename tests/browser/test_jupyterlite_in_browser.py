"""Lessons and exercises in JupyterLite, as `make jupyterlite` builds it.

Part of `make test-all`, since JupyterLite is downloaded (once, to `_build/jupyterlite`); alone,
`TEST_TIER=all python -m pytest tests/browser/test_jupyterlite_in_browser.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from course.core.paths import Folders
from course.live.jupyterlite import JupyterLite
from support.live_site import served
from support.patience import patience
from support.visits import Visits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from support.tabs import Tabs

pytestmark = pytest.mark.slow
AT = "notebooks/index.html?path="
LESSON = "lessons/02-memory-layout-and-strides.ipynb"
RELATE, RACE, LAYOUT, STRIDES = 0, 1, 2, 3
PICTURES = "lessons/08-stride-tricks-and-convolution.ipynb"
READS_PICTURE = 1
RAVEL = "exercises/02-strides/ravel.ipynb"
ANSWER, WORDS, VISIBLE_TEST = 0, 1, 2
CELL = ".jp-Notebook .jp-CodeCell"
HAS_RUN = """(number) => {
  const cell = document.querySelectorAll(".jp-Notebook .jp-CodeCell")[number];
  return /\\d/.test(cell.querySelector(".jp-InputArea-prompt").textContent);
}"""


class Notebook:
    """Someone at a notebook in JupyterLite; its code cells have numbers from 0."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.set_default_timeout(patience(60) * 1000)
        page.locator(CELL).first.wait_for(state="attached")

    def run(self, number: int) -> str:
        """Run a code cell, and return what it shows."""
        cell = self.page.locator(CELL).nth(number)
        cell.click()
        self.page.keyboard.press("Control+Enter")
        self.page.wait_for_function(HAS_RUN, arg=number)
        return cell.locator(".jp-OutputArea").text_content() or ""  # folded parts, too

    def wait_for_instrument(self, number: int) -> None:
        """Wait until an instrument below a cell is live."""
        self.page.locator(CELL).nth(number).locator(".ss-live").first.wait_for()


@pytest.fixture(scope="module")
def visits(tabs: Tabs) -> Iterator[Visits[Notebook]]:
    """Someone at a lesson in the JupyterLite of this checkout, which may ask nobody else."""
    for address in served(JupyterLite(Folders()).build(), {}):
        opened = Visits(tabs, Notebook)
        try:
            opened.open(f"{address}/{AT}{LESSON}")
            yield opened
        finally:
            opened.close()
        assert opened.foreign == []


def test_the_first_cells_of_a_lesson_run_and_its_instruments_are_live(
    visits: Visits[Notebook],
) -> None:
    notebook = Notebook(visits.contexts[0].pages[0])
    notebook.run(RELATE)
    notebook.wait_for_instrument(RELATE)
    assert "a web page (WebAssembly, 32-bit)" in notebook.run(RACE)
    notebook.run(LAYOUT)
    notebook.wait_for_instrument(LAYOUT)
    assert "strides  (24, 8)" in notebook.run(STRIDES)


def test_a_picture_is_read_by_matplotlib(visits: Visits[Notebook]) -> None:
    site = visits.contexts[0].pages[0].url.partition(AT)[0]
    notebook = visits.another(f"{site}{AT}{PICTURES}")
    notebook.run(0)
    shown = notebook.run(READS_PICTURE)
    assert "uint8" in shown
    assert "Error" not in shown


def test_an_exercise_says_what_its_test_says(visits: Visits[Notebook]) -> None:
    site = visits.contexts[0].pages[0].url.partition(AT)[0]
    notebook = visits.another(f"{site}{AT}{RAVEL}")
    notebook.run(ANSWER)
    notebook.run(WORDS)
    assert "AssertionError: ravel is not written yet." in notebook.run(VISIBLE_TEST)
