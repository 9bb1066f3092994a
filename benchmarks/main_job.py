"""Measure what the README claims of the main job: from a clone to the pages.

Run by `make bench`. Prints a Markdown table; `--write` also puts it into `main_job.md`. Ratios come
from ways that were timed in turn, in this run; the times beside them are this machine's.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import yaml

from course.core.paths import ROOT, Folders
from course.site.execute import LessonRun, run_lessons, usable_cpus

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserType

LESSON = "02-memory-layout-and-strides"
COPIES = 7
KB = 1000
IMAGES = re.compile(rb'src="data:image[^"]*"')


def timed(action: Callable[[], object]) -> float:
    """Return the seconds `action` takes."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def run(command: list[str], folder: Path, **environment: str) -> str:
    """Run a command that must succeed; return what it prints."""
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout


def clone_to_pages(scratch: Path) -> str:
    """Time a fresh clone to `_site/`, with empty download caches."""
    clone = scratch / "clone"
    caches = {"UV_CACHE_DIR": str(scratch / "uv"), "PIP_NO_CACHE_DIR": "1"}

    def all_of_it() -> None:
        run(["git", "clone", "--quiet", str(ROOT), str(clone)], scratch)
        run(["make", "html"], clone, **caches)

    seconds = timed(all_of_it)
    if not (clone / "_site" / "lessons" / f"{LESSON}.html").is_file():
        sys.exit("the clone built no page")
    return f"{seconds:.0f} s"


def seven_lessons(scratch: Path) -> Path:
    """Make a checkout whose course is the lesson, seven times."""
    checkout = scratch / "seven"
    ignored = shutil.ignore_patterns(".*", "_site", "_build", "work", "tests", "__pycache__")
    shutil.copytree(ROOT, checkout, ignore=ignored)
    text = (ROOT / "content" / "lessons" / f"{LESSON}.md").read_text("utf-8")
    content = checkout / "content"
    lessons = [*(content / "lessons").glob("*.md"), *(checkout / "lessons").glob("*.*")]
    for file in [
        *lessons,
        *content.glob("*.yml"),
    ]:  # what speaks of the other lessons goes with them
        file.unlink()
    slugs = [f"{number:02}-copy" for number in range(COPIES)]
    entries = [{"slug": slug, "title": "Copy", "about": "Lesson 02."} for slug in slugs]
    course = {"title": "Seven", "subtitle": "The same lesson.", "lessons": entries}
    (content / "course.yml").write_text(yaml.safe_dump(course), "utf-8")
    for slug in slugs:
        (content / "lessons" / f"{slug}.md").write_text(text, "utf-8")
    build_pages(checkout)
    return checkout


def build_pages(checkout: Path) -> None:
    """Run `make html` with this Python."""
    run(["make", f"PYTHON={sys.executable}", "html"], checkout)


def one_by_one(checkout: Path, scratch: Path) -> None:
    """Run and render the same notebooks as stock Jupyter does it, a command each."""
    for notebook in sorted((checkout / "lessons").glob("*.ipynb")):
        stock = [sys.executable, "-m", "nbconvert", "--to", "html", "--execute"]
        run([*stock, "--output-dir", str(scratch / "stock"), str(notebook)], checkout)


def from_scratch(checkout: Path) -> None:
    """Run and render all pages anew."""
    shutil.rmtree(checkout / "_site")
    (checkout / "_build" / "site.json").unlink()
    build_pages(checkout)


def rebuilds(checkout: Path) -> list[tuple[str, str]]:
    """Time a template edit and a build with nothing to do."""
    template = checkout / "web" / "templates" / "course" / "index.html.j2"
    template.write_text(template.read_text("utf-8") + "{# edited #}\n", "utf-8")
    ran = sorted((checkout / "_build" / "executed").iterdir())
    before = [file.stat().st_mtime_ns for file in ran]
    pages = len(list((checkout / "_site").rglob("*.html")))
    edited = timed(lambda: build_pages(checkout))
    if [file.stat().st_mtime_ns for file in ran] != before:
        sys.exit("an edited template ran lessons")
    nothing = statistics.median(timed(lambda: build_pages(checkout)) for _ in range(5))
    return [
        (f"template edited, {pages} pages rendered, nothing run", f"{edited:.1f} s"),
        ("nothing changed", f"{nothing:.2f} s"),
    ]


def whole_course(scratch: Path) -> tuple[str, str]:
    """Time all lessons of the course, run and rendered with nothing kept from before."""
    clone = scratch / "clone"
    seconds = timed(lambda: from_scratch(clone))
    count = len(list((clone / "lessons").glob("*.ipynb")))
    return f"the whole course, {count} notebooks, run and rendered", f"{seconds:.0f} s"


def lesson_itself() -> tuple[str, str]:
    """Run the lesson alone; its time and its kernel's peak."""
    runs: list[LessonRun] = []
    run_lessons([Folders().lessons / f"{LESSON}.ipynb"], str, runs.append)
    (only,) = runs
    if only.error or only.peak_bytes is None:
        sys.exit(str(only.error or "no peak memory on this system"))
    return (
        "lesson 02, run alone",
        f"{only.seconds:.1f} s, {only.peak_bytes / 1e6:.0f} MB at its peak",
    )


def page_weights(site: Path) -> list[tuple[str, str]]:
    """Weigh the heaviest page and what the pages share."""
    page = max(len(IMAGES.sub(b"", file.read_bytes())) for file in site.rglob("*.html"))
    static = {file.name: file.stat().st_size for file in (site / "static").iterdir()}
    own = ("instruments-", "style-", "models-", "search")
    shared = sum(size for name, size in static.items() if not name.startswith(own))
    search = sum(size for name, size in static.items() if name.startswith("search"))
    instruments = sum(size for name, size in static.items() if name.startswith(own[:2]))
    return [
        ("heaviest page, pictures of memory included, images not", f"{page / KB:.0f} KB"),
        ("CSS and JS that all pages share", f"{shared / KB:.0f} KB"),
        ("the search and its index, loaded when it is opened", f"{search / KB:.0f} KB"),
        ("CSS and (compressed) JS of all instruments", f"{instruments / KB:.1f} KB"),
    ]


def in_chromium(site: Path) -> list[tuple[str, str]]:
    """Open every page at two widths and in two schemes; count what should not be."""
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    requests: list[str] = []
    violations = sideways = 0
    pages = sorted(site.rglob("*.html"))
    with sync_playwright() as driver:
        browser = start_chromium(driver.chromium)
        for width in (1280, 390):
            for scheme in ("light", "dark"):
                page = browser.new_page(
                    viewport={"width": width, "height": 900}, color_scheme=scheme
                )
                page.on("request", lambda request: requests.append(request.url))
                for file in pages:
                    page.goto(file.as_uri())
                    violations += len(Axe().run(page).response["violations"])
                    sideways += page.evaluate("document.documentElement.scrollWidth") > width
        browser.close()
    foreign = [url for url in requests if not url.startswith((site.as_uri(), "data:", "blob:"))]
    views = f"{len(pages)} pages at 1280 and 390 px, light and dark"
    return [
        (f"requests that leave the folder, {views}", str(len(foreign))),
        ("axe violations, the same views", str(violations)),
        ("pages that scroll sideways, the same views", str(sideways)),
    ]


def start_chromium(chromium: BrowserType):  # noqa: ANN201 - a Browser
    """Start the system's Chromium."""
    where = shutil.which("chromium") or sys.exit("no Chromium here: apt-get install chromium")
    quiet = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run"
    return chromium.launch(executable_path=where, args=quiet.split())


def measure(scratch: Path) -> list[tuple[str, str]]:
    """Return all figures, in the order of the README's table."""
    rows = [("fresh clone to `_site/`, downloads included", clone_to_pages(scratch))]
    rows.append(whole_course(scratch))
    checkout = seven_lessons(scratch)
    stock, ours = [], []
    for _ in range(2):
        stock.append(timed(lambda: one_by_one(checkout, scratch)))
        ours.append(timed(lambda: from_scratch(checkout)))
    ratio = min(stock) / min(ours)
    rows += [
        (
            f"{COPIES} copies of lesson 02, run and rendered: `jupyter nbconvert`, one by one",
            f"{min(stock):.1f} s",
        ),
        ("the same by `make html`", f"{min(ours):.1f} s, **{ratio:.1f} × as fast**"),
        *rebuilds(checkout),
        lesson_itself(),
    ]
    build_pages(ROOT)
    site = ROOT / "_site"
    return rows + page_weights(site) + in_chromium(site)


def main() -> None:
    """Print the table, and write it if asked."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--write", action="store_true", help="write main_job.md too")
    write = options.parse_args().write
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        rows = measure(Path(name))
    table = "\n".join(["| what | measured |", "|---|---|", *(f"| {a} | {b} |" for a, b in rows)])
    machine = (
        f"{platform.system()} {platform.machine()}, {usable_cpus()} processors, "
        f"Python {platform.python_version()}, NumPy {np.__version__}"
    )
    print(f"{table}\n\n{machine}")
    if write:
        text = f"# From a clone to the pages\n\n{table}\n\nMeasured by `make bench` on {machine}.\n"
        (ROOT / "benchmarks" / "main_job.md").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
