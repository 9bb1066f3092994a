"""JupyterLab on the second day: what was saved is there again, and nothing asks to be saved."""

from __future__ import annotations

import json
import urllib.request
from typing import TYPE_CHECKING

import nbformat
import pytest
from playwright.sync_api import expect

from support.instrument_pages import kinds, plain_notebook
from support.jupyter_lab import open_notebook, run_all
from support.patience import patience

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

    from support.jupyter_lab import Lab

pytestmark = pytest.mark.slow
NOTEBOOK = "second-day/all.ipynb"
WINDOW: ViewportSize = {"width": 1280, "height": 900}
WIDGETS = "application/vnd.jupyter.widget-state+json"


def shut_down(lab: Lab) -> None:
    """Shut down all kernels, as on the evening of the first day."""
    for session in json.loads(asked(lab, "GET", "sessions")):
        asked(lab, "DELETE", f"sessions/{session['id']}")


def asked(lab: Lab, method: str, path: str) -> bytes:
    request = urllib.request.Request(f"{lab.address}/api/{path}", method=method)  # noqa: S310 - here
    request.add_header("Authorization", f"token {lab.token}")
    with urllib.request.urlopen(request, timeout=patience(10)) as answer:  # noqa: S310 - here
        found: bytes = answer.read()
        return found


def answer(page: Page) -> None:
    """Answer the prediction of the notebook, wrongly and without being sure."""
    question = page.locator(".ss-live.ss-predict")
    question.get_by_role("button", name="(4, 1)", exact=True).click()
    question.get_by_role("button", name="(4, 1): think so").click()


def save(page: Page, file: Path) -> None:
    """Save with the keyboard, and wait until the widgets are in the file."""
    page.locator(".jp-Notebook").click(position={"x": 5, "y": 5})
    page.keyboard.press("Control+s")
    for _ in range(100):
        if WIDGETS in file.read_text("utf-8"):
            return
        page.wait_for_timeout(100)
    raise AssertionError("the notebook was not saved with its widgets")


@pytest.fixture(scope="module")
def second_day(lab: Lab, chromium: Browser) -> Iterator[Page]:
    """A notebook with all instruments that was run, answered and saved, opened by a new kernel, in
    a browser that has kept nothing of the first day."""
    file = lab.folders.work / NOTEBOOK
    file.parent.mkdir()
    file.write_text(nbformat.writes(plain_notebook()))
    page = open_notebook(lab, chromium.new_context(viewport=WINDOW), NOTEBOOK)
    run_all(page, page.locator(".ss-live").nth(len(kinds()) - 1), seconds=10)
    answer(page)
    save(page, file)
    page.context.close()
    shut_down(lab)
    page = open_notebook(lab, chromium.new_context(viewport=WINDOW), NOTEBOOK)
    yield page
    page.context.close()


def test_every_instrument_is_there_again(second_day: Page) -> None:
    live = second_day.locator(".ss-live")
    expect(live).to_have_count(len(kinds()), timeout=1000 * patience(20))
    assert second_day.get_by_text("model not found").count() == 0
    assert second_day.locator(".ss-live.ss-layout svg").first.is_visible()


def test_a_saved_answer_is_there_again(second_day: Page) -> None:
    expect(second_day.locator(".ss-predict-wrong")).to_contain_text("✗ you, think so")


def test_an_answer_is_there_again_after_the_cells_have_run_again(second_day: Page) -> None:
    run_all(second_day, second_day.locator(".ss-live").nth(len(kinds()) - 1), seconds=10)
    expect(second_day.locator(".ss-predict-wrong")).to_contain_text("✗ you, think so")


def test_a_notebook_with_many_instruments_stays_small(second_day: Page, lab: Lab) -> None:
    assert second_day.locator(".ss-live").count() == len(kinds())
    size = (lab.folders.work / NOTEBOOK).stat().st_size
    assert size < 150_000 * len(kinds()), f"{size:,} bytes"


def test_keys_pressed_in_an_instrument_do_nothing_to_the_notebook(second_day: Page) -> None:
    count = second_day.locator(".jp-Cell").count()
    second_day.locator(".ss-live.ss-layout svg[tabindex]").first.focus()
    for key in ("d", "d", "x", "a", "b", "Enter"):
        second_day.keyboard.press(key)
    second_day.wait_for_timeout(500)
    assert second_day.locator(".jp-Cell").count() == count


@pytest.mark.whole("others open notebooks, and JupyterLab starts slowly")
def test_a_notebook_that_was_only_opened_need_not_be_saved(
    lab: Lab, lab_profile: BrowserContext
) -> None:
    page = open_notebook(lab, lab_profile, "lessons/01-shape-dtype-overflow.ipynb")
    page.wait_for_timeout(1000)
    assert page.locator(".jp-mod-dirty").count() == 0
    page.close()


def test_jupyterlab_opens_the_first_lesson_without_panels_for_instructors(
    lab: Lab, lab_profile: BrowserContext
) -> None:
    page = lab_profile.new_page()
    page.goto(f"{lab.address}/?token={lab.token}")
    page.get_by_role("heading", name="Start here").wait_for(timeout=1000 * patience(20))
    assert page.url.endswith("lessons/00-start-here.ipynb")
    assert "Nbgrader" not in page.locator(".lm-MenuBar-itemLabel").all_inner_texts()
    panels = page.locator(".jp-SideBar .lm-TabBar-tab")
    assert not [t for t in panels.evaluate_all("a => a.map((x) => x.title)") if "Nbgrader" in t]
    page.close()
