"""A small live site: one lesson whose outputs are written by hand, and the real runtime beside
it."""

from __future__ import annotations

import shutil
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import nbformat

from course.core.paths import ROOT, Folders
from course.live.build import LiveSite
from course.render import Renderer
from course.render.course_map import CourseMap, Lesson
from course.site.exercise_pages import slugs
from course.site.extra_pages import SitePages

if TYPE_CHECKING:
    from collections.abc import Iterator

# nbformat is not annotated.
V4: Any = nbformat.v4
SLUG = "01-live"
PAGE = f"lessons/{SLUG}.html"
WITHOUT_STORAGE = (
    (
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no') } })",
        "does not let the page keep anything",
    ),
    (
        "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError') }",
        "storage for the page is full",
    ),
)
"""What makes a browser keep nothing, and what a page says then."""
QUESTION = (
    '<section class="ss ss-predict" aria-label="Prediction"><p>What are the strides?</p>'
    "<details><summary>(24, 8)</summary><p>Yes.</p></details></section>"
)
(
    START,
    STRIDES,
    PREDICT,
    COVERED,
    LAYOUT,
    RAISES,
    COMPUTER,
    BITS,
    SCIPY,
    BUILDS_ON_SCIPY,
    PLOT,
    RACE,
    SILENT,
    FREE,
) = CELLS = (*range(2, 6), *range(7, 17))
"""The numbers of the cells in the page; `FREE` prints "free" and is there to be edited."""
DOT = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
    "rkJggg=="
)
WIDE = "The view in this cell has 4 TB, and an array in a page has less than 2 GB."
SAYS_NOTHING = "In a page, this division gives no warning."
RACE_CODE = """was = {"machine": "a computer", "seconds": {"sum": 1e-6, "by rows": 4e-6}}
ways = {"sum": a.sum, "by rows": lambda: a.sum(axis=0).sum()}
ss.race(ways, seconds=0.1, recorded=was, plot=False)"""


def notebook() -> Any:  # noqa: ANN401 - a notebook
    """Return the lesson, with outputs as if it had been executed."""
    cells = [
        V4.new_markdown_cell("# Live\n\nA lesson to run."),
        code("import numpy as np\nimport stridescope as ss\na = np.arange(1, 10).reshape(3, 3)"),
        code("a.strides", text("(24, 8)")),
        code("ss.predict('', ['a'], answer='a')", html(QUESTION), tags=["predict"]),
        code("print(a.T.strides)", text("(8, 24)")),
        V4.new_markdown_cell("## What the question does not cover"),
        code("ss.layout(a)", html("<p>a picture</p>")),
        code("a[7]", tags=["raises-exception"]),
        code("print('no')", text("recorded on a computer"), tags=["needs-computer"]),
        code("wide = 1", text("recorded"), tags=["needs-64-bit"], course={"in_page": WIDE}),
        code("import scipy", text("recorded with SciPy")),
        code("scipy.__version__", text("recorded as well")),
        code("import matplotlib.pyplot as plt\nplt.plot([1, 2])", picture()),
        code(RACE_CODE, text("recorded race")),
        code("a.dtype.char", text("'l'"), course={"in_page": SAYS_NOTHING}),
        code("print('free')", text("free")),
    ]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    return V4.new_notebook(cells=cells)


def code(
    source: str,
    *outputs: Any,  # noqa: ANN401
    tags: list[str] | None = None,
    **metadata: dict[str, str],
) -> Any:  # noqa: ANN401
    """Return a code cell."""
    facts = {"tags": tags or [], **metadata}
    return V4.new_code_cell(source, outputs=list(outputs), metadata=facts)


def picture() -> Any:  # noqa: ANN401
    """Return an output that shows a picture."""
    return V4.new_output(
        "display_data",
        data={"image/png": DOT, "text/plain": "x"},
        metadata={"alt": "A line from 1 to 2."},
    )


def text(value: str) -> Any:  # noqa: ANN401
    """Return an output that shows text."""
    return V4.new_output("stream", name="stdout", text=value)


def html(markup: str) -> Any:  # noqa: ANN401
    """Return an output that shows HTML."""
    return V4.new_output("display_data", data={"text/html": markup, "text/plain": "x"})


def write_live_site(root: Path, *, with_matplotlib: bool = False) -> Folders:
    """Write a checkout with one lesson, and its live site, below `root`.

    With Matplotlib, its wheels are downloaded to the real `_build/wheels` and kept there.
    """
    folders = Folders(root)
    if with_matplotlib:
        kept = Folders().build / "wheels"
        kept.mkdir(parents=True, exist_ok=True)
        folders.build.mkdir(parents=True)
        (folders.build / "wheels").symlink_to(kept)
    folders.lessons.mkdir(parents=True)
    for name in ("exercises", "web", "vendor", "stridescope"):
        (root / name).symlink_to(ROOT / name)
    nbformat.write(notebook(), folders.lessons / f"{SLUG}.ipynb")
    lesson = Lesson(SLUG, "01", "Live", "About.", 10, (), (), ready=True)
    course = CourseMap("A course", "for tests", (lesson,))
    renderer = Renderer(course, folders.web, live=True)
    packed = Folders().build / "live"
    if (packed / "index.json").is_file():  # it takes seconds to pack what the checkout has packed
        shutil.copytree(packed, folders.build / "live")
    live = LiveSite(folders, with_matplotlib=with_matplotlib)
    live.write()
    pages = {PAGE: renderer.lesson(notebook(), SLUG).encode()}
    beside = SitePages(folders, course, with_matplotlib=with_matplotlib)
    own = {"index": "index.html", "live": "live.html", "exercises": "exercises/index.html"}
    paths = {**own, **slugs(folders)}
    pages |= {path: beside.bytes_of(renderer, name) for name, path in paths.items()}
    pages |= {f"static/{name}": data for name, data in renderer.assets().items()}
    for name, data in pages.items():
        (folders.site / name).parent.mkdir(parents=True, exist_ok=True)
        (folders.site / name).write_bytes(data)
    shutil.copy(folders.lessons / f"{SLUG}.ipynb", folders.site / "lessons")
    shutil.copytree(folders.exercises, folders.site / "exercises", dirs_exist_ok=True)
    return folders


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder below a sub-path, with the headers that a test wants, and says nothing."""

    headers_to_send: dict[str, str] = {}  # noqa: RUF012 - set by each test's subclass
    prefix = "/some/where"

    def translate_path(self, path: str) -> str:
        """Return the file of an address; none outside the sub-path."""
        inside = path.startswith(self.prefix)
        return super().translate_path(path.removeprefix(self.prefix) if inside else "/nothing")

    def end_headers(self) -> None:
        """Add the headers."""
        for name, value in self.headers_to_send.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def served(site: Path, headers: dict[str, str]) -> Iterator[str]:
    """Serve a site from a sub-path while a test runs; yields the site's address."""
    handler = type("WithHeaders", (Handler,), {"headers_to_send": headers})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(site)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{Handler.prefix}"
    finally:
        server.shutdown()
        server.server_close()
