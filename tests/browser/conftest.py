"""A site made of the sample lesson, and a Chromium that can reach nothing but its folder."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import nbformat
import pytest

from course.core.paths import Folders
from course.render import Renderer
from course.render.course_map import load
from course.site.build import BESIDE
from course.site.extra_pages import SitePages
from support import sample_lesson
from support.chromium import running
from support.instrument_pages import Show
from support.jupyter_lab import Lab, running_lab
from support.live_site import write_live_site
from support.shared import made_once
from support.tabs import Tabs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page, Route

Scheme = Literal["light", "dark"]
GLOSSARY = f"""
strides:
  means: Bytes to step for the next element along each axis, as in `a.strides`.
  lesson: {sample_lesson.SLUG}
  at: One buffer, many shapes
"""
SCHEDULES = f"""
- name: One session of 90 minutes
  minutes: 90
  sessions:
  - title: One line of bytes
    parts:
    - lesson: {sample_lesson.SLUG}
      at: ['One buffer, many shapes']
"""
WEB = Path(__file__).parents[2] / "web"
# Matplotlib and JupyterLite are downloaded for these.
DOWNLOADING = ["test_jupyterlite_in_browser.py", "test_live_matplotlib.py"]
collect_ignore = [] if os.environ.get("TEST_TIER") == "all" else DOWNLOADING


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass
class Visitor:
    """A reader with a browser: opens pages of the site and keeps a record of what went wrong."""

    tabs: Tabs
    site: Path
    used: list[Page] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.listeners = {
            "console": lambda message: self.troubles.append(f"console: {message.text}"),
            "pageerror": lambda error: self.troubles.append(f"error: {error}"),
            "requestfailed": lambda request: self.troubles.append(f"failed: {request.url}"),
        }

    def open(
        self,
        path: str,
        width: int = 1280,
        scheme: Scheme = "light",
        *,
        scripts: bool = True,
        reused: bool = True,
        **options: Any,  # noqa: ANN401 - of Browser.new_context
    ) -> Page:
        """Open a page of the site in an empty profile, from disk.

        Parameters
        ----------
        path : str
        width : int
        scheme : {"light", "dark"}
        scripts : bool
            Whether scripts run.
        reused : bool
            Whether another test may have the tab afterwards; not if this one adds a script to it.
        **options
            Options of `Browser.new_context`.
        """
        options |= {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
        if not scripts:
            options["java_script_enabled"] = False
        if reused:
            page = self.tabs.take(**options)
            self.used.append(page)
        else:
            context = self.tabs.browser.new_context(**options)
            self.contexts.append(context)
            page = context.new_page()
        page.route("**/*", self._only_own)
        for event, listener in self.listeners.items():
            page.on(event, listener)  # type: ignore[call-overload]
        page.goto(f"{self.site.as_uri()}/{path}")
        return page

    def leave(self, page: Page) -> None:
        """Leave a page that was opened in a tab that is used again."""
        self.used.remove(page)
        page.unroute_all()
        for event, listener in self.listeners.items():
            page.remove_listener(event, listener)
        self.tabs.give_back(page)

    def leave_all(self) -> None:
        """Close what was opened."""
        for page in list(self.used):
            self.leave(page)
        for context in self.contexts:
            context.close()

    def _only_own(self, route: Route) -> None:
        url = route.request.url
        if url.startswith((self.site.as_uri(), "data:", "blob:")):
            route.continue_()
        else:
            self.foreign.append(url)
            route.abort()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a whole site."""
    made = made_once(tmp_path_factory, "whole", lambda folder: write_site(folder / "site", folder))
    return made / "site"


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small live site, with all exercises."""
    return Folders(made_once(tmp_path_factory, "live", write_live_site)).site


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """One JupyterLab for all tests that need it; it takes seconds to start."""
    with running_lab(tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("course")) as started:
        yield started


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One Chromium for all of this folder's tests; none of them needs an event loop of its own."""
    with running() as browser:
        yield browser


@pytest.fixture(scope="package")
def lab_profile(chromium: Browser) -> Iterator[BrowserContext]:
    """One profile for all tabs in which JupyterLab is opened: its scripts are compiled once."""
    profile = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield profile
    profile.close()


@pytest.fixture(scope="package")
def tabs(chromium: Browser) -> Tabs:
    """The tabs of this folder's tests."""
    return Tabs(chromium)


@pytest.fixture
def visitor(tabs: Tabs, site: Path) -> Iterator[Visitor]:
    """A reader; whatever the test is about, no page may reach out or stumble meanwhile."""
    reader = Visitor(tabs, site)
    yield reader
    reader.leave_all()
    assert reader.foreign == []
    assert reader.troubles == []


@pytest.fixture
def show(visitor: Visitor, tmp_path: Path) -> Show:
    """Opens pages of instruments; see `instruments.Show`."""

    def open_page(folder: Path, path: str, width: int, scheme: Scheme, **options: Any) -> Page:  # noqa: ANN401
        visitor.site = folder
        for page in [page for page in visitor.used if "#" in page.url]:
            visitor.leave(page)  # a link is looked at, and then the next one
        return visitor.open(path, width, scheme, **options)

    return Show(tmp_path, open_page)


def write_site(root: Path, scratch: Path) -> None:
    """Render the sample lesson and the index into `root`."""
    file, notebooks = sample_lesson.write_map(scratch)
    course = load(file, notebooks)
    renderer = Renderer(course, WEB)
    (scratch / "docs").mkdir()
    shutil.copy(WEB.parent / "docs" / "teaching.md", scratch / "docs")
    (file.parent / "glossary.yml").write_text(GLOSSARY, "utf-8")
    (file.parent / "schedules.yml").write_text(SCHEDULES, "utf-8")
    beside = SitePages(Folders(scratch), course)
    notebook = sample_lesson.lesson()
    other = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("# Views and copies\n\nA view shares.")]
    )
    pages = {
        f"lessons/{sample_lesson.SLUG}.html": renderer.lesson(notebook, sample_lesson.SLUG),
        f"lessons/{sample_lesson.NEXT}.html": renderer.lesson(other, sample_lesson.NEXT),
    }
    files = {name: text.encode() for name, text in pages.items()}
    files |= {path: beside.bytes_of(renderer, name) for name, path in BESIDE.items()}
    files |= {f"static/{name}": data for name, data in renderer.assets().items()}
    for slug, made in ((sample_lesson.SLUG, notebook), (sample_lesson.NEXT, other)):
        files[f"lessons/{slug}.ipynb"] = nbformat.writes(made).encode()
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
