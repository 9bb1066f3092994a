"""A real JupyterLab on a student's copies: the lesson runs from top to bottom, with its
pictures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from course.core.paths import ROOT
from support.jupyter_lab import Lab, open_notebook, run_all, wait_for_idle
from support.patience import patience

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.slow
LESSON = "lessons/02-memory-layout-and-strides.ipynb"


@pytest.fixture(scope="module")
def lesson(lab: Lab, lab_profile: BrowserContext) -> Iterator[Page]:
    """A lesson whose cells have run."""
    page = open_notebook(lab, lab_profile, LESSON)
    run_all(page, page.get_by_text(re.compile(r"Made with NumPy \d")), seconds=10)
    wait_for_idle(page)
    yield page
    page.close()


@pytest.mark.whole("test_lab_day_two.py runs a notebook with all instruments")
def test_the_lesson_runs_and_shows_its_pictures(lesson: Page) -> None:
    source = (ROOT / LESSON).read_text("utf-8")
    pictures = len(re.findall(r"ss\.(layout|relate|workbench|race|review)\(", source))
    questions = source.count("ss.predict(")
    # A live form comes a moment after the output it stands in.
    lesson.locator(".ss-predict.ss-live").nth(questions - 1).wait_for(timeout=1000 * patience(15))
    assert lesson.locator(".ss-predict").count() == questions
    assert lesson.locator("figure.ss:not(.ss-predict)").count() == pictures
    assert (
        lesson.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']").count()
        == 1
    )


@pytest.mark.whole("others open JupyterLab in the same way, and it starts slowly")
def test_nobody_is_asked_about_news_or_updates(lab: Lab, chromium: Browser) -> None:
    page = chromium.new_context().new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{lab.address}/lab?token={lab.token}")
    page.locator("#jp-main-dock-panel").wait_for(timeout=1000 * patience(15))
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1000)
    assert page.locator(".Toastify__toast").all_inner_texts() == []
    assert page.get_by_text("notified about official Jupyter news").count() == 0
    assert [url for url in asked if re.search(r"/api/news", url)] == []
    assert [url for url in asked if not url.startswith((lab.address, "data:", "blob:"))] == []
    page.context.close()


@pytest.mark.whole("test_lab_day_two.py answers a question")
def test_a_question_is_answered_in_place_and_its_source_is_folded(lesson: Page) -> None:
    question = lesson.locator(".ss-predict.ss-live").first
    question.get_by_role("textbox", name="Your answer").fill("(4, 2)")
    question.get_by_role("button", name="Your answer: sure").click()
    assert "✓ Yes, and you were sure." in question.inner_text()
    assert lesson.locator(".jp-InputArea-editor").filter(has_text="ss.predict(").count() == 0


def test_an_exercise_says_what_is_wrong(lab: Lab, lab_profile: BrowserContext) -> None:
    work = lab.folders.work / "exercises" / "02-strides" / "ravel.ipynb"
    stub = '# YOUR CODE HERE\\n",\n    "    raise NotImplementedError()'
    text = work.read_text("utf-8")
    assert stub in text
    work.write_text(text.replace(stub, "return row * n_rows + col"), "utf-8")
    page = open_notebook(lab, lab_profile, "exercises/02-strides/ravel.ipynb")
    said = page.locator(".jp-OutputArea-output").filter(has_text="AssertionError")
    run_all(page, said.first, seconds=5)
    assert said.first.inner_text().startswith(
        "AssertionError: ravel(2, 3, 4, 8): expected 19, got 11"
    )
    assert "Going down one row skips n_cols elements" in said.first.inner_text()
    traceback = page.locator(".jp-OutputArea-output details").first
    assert traceback.inner_text() == "Show the traceback"
    traceback.locator("summary").click()
    assert "Traceback (most recent call last)" in traceback.inner_text()
    page.close()
