"""In a browser, student content is inactive on the feedback page and in the formgrader."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from nbgrader_isolate.feedback.page import page
from support.hostile_course import (
    NOTEBOOK,
    A,
    formgrader,
    hostile,
    make,
    nbgrader,
    released,
    submit,
)
from support.outputs import code, display, notebook
from support.patience import patience
from support.payloads import BUNDLES, MARKDOWN
from support.sample_feedback import TOTALS, cell, graded

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Route

pytestmark = pytest.mark.browser
TRAP = "window.canary = () => { console.log('CANARY'); };"


@dataclass
class Watched:
    """A browser tab with a trap; `fired` lists the active content that triggered it."""

    tab: Page
    origin: str
    fired: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        """Set the trap."""
        context.add_init_script(TRAP)
        context.route("**/*", self._only_own)
        self.tab.on(
            "console", lambda message: "CANARY" in message.text and self.fired.append("script")
        )
        self.tab.on("framenavigated", lambda frame: self._left(frame.url))

    def _left(self, address: str) -> None:
        if "canary" in address or address.startswith("data:"):
            self.fired.append(address)

    def _only_own(self, route: Route) -> None:
        address, method = route.request.url, route.request.method
        if "canary" in address or method == "POST":
            self.fired.append(f"{method} {address}")
        if address.startswith((self.origin, "data:")):
            route.continue_()
        else:
            route.abort()

    def poke(self, where: str) -> None:
        """Do what a reader may do: click everything, move the focus through the page, wait."""
        for target in self.tab.locator(f"{where} :is(a, button, .click)").all():
            address = target.get_attribute("href") or ""
            if not address.startswith(("http", "#", "/")) and target.is_visible():
                target.click(timeout=2000, no_wait_after=True)
        for _ in range(15):
            self.tab.keyboard.press("Tab")
        self.tab.mouse.move(300, 300)
        self.tab.wait_for_timeout(500)


@pytest.fixture
def watched(chromium: Browser) -> Iterator[Watched]:
    """A tab for pages on disk."""
    context = chromium.new_context()
    context.set_default_timeout(1000 * patience(30))
    tab = Watched(context.new_page(), "file:")
    tab.watch(context)
    yield tab
    context.close()


def hostile_cells() -> list[dict[str, object]]:
    """Return graded cells with every payload, not yet sanitized."""
    outputs = [display(bundle) for bundle in BUNDLES]
    answers = [
        cell("markdown", text, "student", grade=True, solution=True, grade_id=f"a{k}", comment=text)
        for k, text in enumerate(MARKDOWN)
    ]
    return [*answers, code(*outputs)]


def test_the_feedback_page_has_no_active_content(watched: Watched, tmp_path: Path) -> None:
    file = tmp_path / "feedback.html"
    file.write_text(page(notebook(*hostile_cells()), "ps1: reading", TOTALS), "utf-8")
    watched.tab.goto(file.as_uri())
    watched.poke("main")
    assert watched.fired == []
    assert "window.canary" in watched.tab.locator("main").inner_text()


def test_nbconverts_own_page_of_the_same_notebook_triggers_the_trap(
    watched: Watched, tmp_path: Path
) -> None:
    """Without this test, the one above might pass because its trap does not work."""
    import nbformat
    from nbconvert.exporters import HTMLExporter

    file = tmp_path / "stock.html"
    outputs = [display(bundle) for bundle in BUNDLES if "text/html" in bundle]
    given = nbformat.from_dict(notebook(code(*outputs, id="shown")))
    html, _ = HTMLExporter(template_name="classic").from_notebook_node(given)  # type: ignore[no-untyped-call]
    file.write_text(html, "utf-8")
    watched.tab.goto(file.as_uri(), wait_until="commit")
    watched.tab.wait_for_timeout(1000)
    assert "script" in watched.fired
    assert any("GET" in fired for fired in watched.fired)


@pytest.mark.sample("390-dark", "1280-light")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_feedback_page_is_accessible(
    chromium: Browser, tmp_path: Path, width: int, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    file = tmp_path / "feedback.html"
    file.write_text(page(graded(), "02-strides: ravel", TOTALS), "utf-8")
    context = chromium.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
        bypass_csp=True,  # axe is a script, and the page allows none
    )
    context.set_default_timeout(1000 * patience(30))
    tab = context.new_page()
    tab.goto(file.as_uri())
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    report = Axe().run(tab)
    assert report.violations_count == 0, report.generate_report()
    context.close()


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with one submission, as hostile as possible, graded by nbgrader's own command."""
    root = tmp_path_factory.mktemp("hostile") / "course"
    make(root)
    submit(root, "mallory", hostile(released(root)))
    nbgrader(root, "autograde", A)
    return root


@pytest.fixture(scope="module")
def server(course: Path) -> Iterator[tuple[str, str]]:
    """The address and the token of a formgrader that shows the course."""
    with formgrader(course) as running:
        yield running


@pytest.fixture
def instructor(chromium: Browser, server: tuple[str, str]) -> Iterator[Watched]:
    """The tab of an instructor who is signed in."""
    address, token = server
    context = chromium.new_context(extra_http_headers={"Authorization": f"token {token}"})
    context.set_default_timeout(1000 * patience(30))
    tab = Watched(context.new_page(), address.removesuffix("/formgrader"))
    tab.watch(context)
    yield tab
    context.close()


def submission(course: Path) -> str:
    """Return the id under which the formgrader shows the submission."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        submission_id: str = gradebook.find_submission_notebook(NOTEBOOK, A, "mallory").id
        return submission_id


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_formgraders_page_has_no_active_student_content(
    course: Path, server: tuple[str, str], instructor: Watched
) -> None:
    instructor.tab.goto(f"{server[0]}/submissions/{submission(course)}/")
    instructor.tab.locator("input.score").first.wait_for(timeout=1000 * patience(15))
    instructor.tab.locator("textarea.comment").first.wait_for(timeout=1000 * patience(15))
    instructor.poke("#notebook-container .text_cell_render")
    assert instructor.fired == []
    text = instructor.tab.locator("#notebook-container").first.inner_text()
    assert "window.canary" in text
    assert "return x" in text


@pytest.mark.whole("test_exporter.py finds no active content in the graded notebook itself")
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_formgrader_without_our_settings_is_safe_too(
    course: Path, chromium: Browser, tmp_path: Path
) -> None:
    """The notebooks in `autograded/` are inert by themselves."""
    import shutil

    other = tmp_path / "course"
    shutil.copytree(course, other)
    (other / "nbgrader_config.py").write_text(
        'c = get_config()\nc.CourseDirectory.course_id = "foreign"\n'
    )
    with formgrader(other) as (address, token):
        context = chromium.new_context(extra_http_headers={"Authorization": f"token {token}"})
        context.set_default_timeout(1000 * patience(30))
        stock = Watched(context.new_page(), address.removesuffix("/formgrader"))
        stock.watch(context)
        stock.tab.goto(f"{address}/submissions/{submission(course)}/")
        stock.tab.locator("input.score").first.wait_for(timeout=1000 * patience(15))
        stock.poke("#notebook-container .text_cell_render")
        assert stock.fired == []
        context.close()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_formgraders_buttons_grade_and_write_feedback_our_way(
    course: Path, server: tuple[str, str], instructor: Watched
) -> None:
    answers = {
        verb: json.loads(
            instructor.tab.request.post(
                f"{server[0]}/api/submission/{A}/mallory/autograde"
                if verb == "autograde"
                else f"{server[0]}/api/assignment/{A}/generate_feedback",
                timeout=1000 * patience(30),
            ).text()
        )
        for verb in ("autograde", "generate_feedback")
    }
    assert all(answer["success"] for answer in answers.values()), answers
    html = (course / "feedback" / "mallory" / A / f"{NOTEBOOK}.html").read_text()
    assert "default-src 'none'" in html
    assert "4711" not in html
