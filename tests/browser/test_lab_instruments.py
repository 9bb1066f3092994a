"""Every instrument in a real JupyterLab and in the page that the site makes of the same
notebook."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import nbformat
import pytest

from course.site.execute import run_lessons
from support.axe import violations
from support.instrument_pages import CALLS, PAGE, READY, kinds, plain_notebook, write_notebook
from support.jupyter_lab import open_notebook, run_all

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Locator, Page

    from conftest import Scheme, Visitor
    from course.site.execute import LessonRun
    from support.jupyter_lab import Lab

pytestmark = pytest.mark.slow
NOTEBOOK = "instruments/all.ipynb"


def live(page: Page, kind: str) -> Locator:
    return page.locator(f".ss-live.ss-{kind}")


def test_every_kind_of_the_front_end_is_tried_here() -> None:
    assert set(kinds()) <= set(CALLS)


# In JupyterLab ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lab_page(lab: Lab, lab_profile: BrowserContext) -> Iterator[Page]:
    """The notebook with one instrument of each kind, run in JupyterLab."""
    file = lab.folders.work / NOTEBOOK
    file.parent.mkdir()
    file.write_text(nbformat.writes(plain_notebook()))
    page = open_notebook(lab, lab_profile, NOTEBOOK)
    run_all(page, page.locator(".ss-live").nth(len(kinds()) - 1), seconds=10)
    yield page
    page.close()


@pytest.mark.parametrize("kind", kinds())
def test_it_lives_in_jupyterlab(lab_page: Page, kind: str) -> None:
    assert live(lab_page, kind).count() == 1
    assert live(lab_page, kind).inner_text().strip()
    assert lab_page.locator(".jp-OutputArea-output[data-mime-type$='stderr']").count() == 0


def test_an_answer_in_jupyterlab_is_written_beside_the_notebook(lab_page: Page, lab: Lab) -> None:
    file = (lab.folders.work / NOTEBOOK).with_name(".stridescope-ledger.json")
    assert not file.exists()
    question = live(lab_page, "predict")
    question.get_by_role("button", name="(4, 1)", exact=True).click()
    question.get_by_role("button", name="(4, 1): think so").click()
    assert "Not yet. Bytes." in question.inner_text()
    assert question.get_by_role("button", name="Copy my answers").count() == 0
    for _ in range(100):
        if file.exists():
            break
        lab_page.wait_for_timeout(100)
    ((_key, entry),) = json.loads(file.read_text("utf-8")).items()
    assert entry["ask"] == "What is `a.strides`?"
    assert entry["tries"] == [{"said": "`(4, 1)`", "sure": False, "right": False, "seed": 0}]


# In the page --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def page_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the same notebook: run by the course's own runner, rendered by its own
    renderer."""
    root = tmp_path_factory.mktemp("live-site")
    source = tmp_path_factory.mktemp("live-source") / "instruments.ipynb"
    source.write_text(nbformat.writes(plain_notebook()))
    runs: list[LessonRun] = []
    # In a thread of its own: playwright's event loop runs in this one.
    with ThreadPoolExecutor(1) as other:
        other.submit(run_lessons, [source], str, runs.append).result()
    assert runs[0].error is None
    assert runs[0].notebook is not None
    write_notebook(root, runs[0].notebook)
    return root


@pytest.fixture
def reader(visitor: Visitor, page_site: Path) -> Visitor:
    visitor.site = page_site
    return visitor


def test_every_instrument_lives_in_the_exported_page(reader: Visitor) -> None:
    page = reader.open(PAGE)
    page.wait_for_function(READY)
    assert {kind: live(page, kind).count() for kind in kinds()} == dict.fromkeys(kinds(), 1)
    assert page.locator("[data-model]").count() == len(kinds())


def test_every_instrument_is_a_picture_without_scripts(reader: Visitor) -> None:
    page = reader.open(PAGE, scripts=False)
    assert page.locator(".ss-live").count() == 0
    for place in page.locator("[data-model]").all():
        assert place.locator(".ss").first.is_visible()
        assert place.inner_text().strip()


@pytest.mark.sample("light-1280", "dark-390")
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_together_pass_axe_and_fit_the_page(
    reader: Visitor, width: int, scheme: Scheme
) -> None:
    page = reader.open(PAGE, width, scheme)
    page.wait_for_function(READY)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_paper_has_pictures_and_no_controls(reader: Visitor) -> None:
    page = reader.open(PAGE)
    page.wait_for_function(READY)
    page.emulate_media(media="print")
    assert page.locator(".ss-ctl:visible, .ss-act:visible").count() == 0
    assert page.locator(".ss-layout svg:visible").count() == 2


SHIFTS = """() => new Promise((done) => {
  let sum = 0;
  const isCell = ({ node }) => node instanceof Element && node.closest(".cell");
  new PerformanceObserver((list) => {
    for (const { sources, value } of list.getEntries()) if (sources.some(isCell)) sum += value;
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 200);
})"""


@pytest.mark.sample("390")
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_moves_while_the_instruments_come_to_life(reader: Visitor, width: int) -> None:
    page = reader.open(PAGE, width)
    page.wait_for_function(READY)
    assert page.evaluate(SHIFTS) <= 0.01


def test_the_page_and_what_it_shares_stay_within_their_budgets(page_site: Path) -> None:
    assert (page_site / PAGE).stat().st_size <= 120_000
    sizes = {file.name: file.stat().st_size for file in (page_site / "static").iterdir()}

    def only(start: str) -> int:
        (size,) = (size for name, size in sizes.items() if name.startswith(start))
        return size

    state, front_end, style = only("models-"), only("instruments-"), only("style-")
    assert state <= 60_000
    page = ("fonts.css", "course.css", "course.js", "covers.js", "host.js")
    assert front_end + style + sum(sizes[name] for name in page) <= 150_000
