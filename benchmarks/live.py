"""Measure the pages that run Python: bytes, and seconds until a reader sees an answer.

Needs a site from `make html` and Chromium. `--write` puts the table into benchmarks/live.md.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import statistics
import sys
import tempfile
import time
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from course.core.cache import write_atomically
from course.core.paths import ROOT, Folders
from course.live import pack
from course.live.build import OPTIONAL, LiveSite

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserType, Page

LESSON = "lessons/02-memory-layout-and-strides.html"
NEXT = "lessons/03-views-and-copies.html"
FIRST, LATER = 4, 10
ROUNDS = 3
READING = 6
"""Seconds that a reader spends on the next page before the press; Python starts meanwhile."""
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
DONE = """(number) => {
  const cell = document.querySelector(`.cell[data-cell="${number}"]`);
  return !cell.classList.contains("running") && cell.querySelector(".from");
}"""
Row = tuple[str, str, str]


class Quiet(SimpleHTTPRequestHandler):
    """Serves files without a word."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def seconds_to_run(page: Page, number: int) -> float:
    """Return how long it takes from the press of Run to the output."""
    cell = page.locator(f'.cell[data-cell="{number}"]')
    cell.evaluate("(cell) => cell.querySelector('.from')?.remove()")
    started = time.perf_counter()
    cell.locator('[data-do="run"]').first.click()
    page.wait_for_function(DONE, arg=number, timeout=240_000)
    return time.perf_counter() - started


def visits(browsers: BrowserType, address: str) -> dict[str, float]:
    """Return the seconds of a first visit, a second one, a later cell, a restart, the next page."""
    found: dict[str, float] = {}
    where = shutil.which("chromium") or sys.exit("no Chromium here: apt-get install chromium")
    with tempfile.TemporaryDirectory() as profile:
        for visit in ("first visit", "second visit"):
            context = browsers.launch_persistent_context(
                profile, executable_path=where, args=ARGUMENTS
            )
            page = context.new_page()
            page.goto(f"{address}/{LESSON}")
            found[f"first cell, {visit}"] = seconds_to_run(page, FIRST)
            if visit == "second visit":
                seconds_to_run(page, LATER)
                later = [seconds_to_run(page, LATER) for _ in range(5)]
                found["later cell"] = statistics.median(later)
                page.locator('.from [data-do="restart"]').last.click()
                found["first cell after Stop or Restart"] = seconds_to_run(page, FIRST)
                page.goto(f"{address}/{NEXT}")
                found["first cell on the next page, pressed at once"] = seconds_to_run(page, FIRST)
                page.goto(f"{address}/{LESSON}")
                page.wait_for_timeout(READING * 1000)
                found[f"first cell on the next page, pressed after {READING} s"] = seconds_to_run(
                    page, FIRST
                )
            context.close()
    return found


def times() -> list[Row]:
    """Return the rows that have seconds in them."""
    site = Folders().site
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    Thread(target=server.serve_forever, daemon=True).start()
    roots = {"server": f"http://127.0.0.1:{server.server_port}", "disk": site.as_uri()}
    with sync_playwright() as playwright:
        found = {
            name: [visits(playwright.chromium, root) for _ in range(ROUNDS)]
            for name, root in roots.items()
        }
    server.shutdown()
    limits = {"first cell, first visit": "3.5 s", "later cell": "50 ms over its own time"}
    limits["first cell on the next page, pressed at once"] = "3 s"
    return [
        (f"{what}, from a {name}", spread([one[what] for one in rounds]), limits.get(what, ""))
        for name, rounds in found.items()
        for what in rounds[0]
    ]


def spread(values: list[float]) -> str:
    """Return the median and the range of some seconds."""
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:.2f} s ({low:.2f} to {high:.2f})"


def sizes() -> list[Row]:
    """Return the rows that have bytes in them."""
    site = Folders().site
    live = LiveSite(Folders())
    place = site / "static" / "live"
    parts = live.packed_runtime().parts
    first = sum(part["bytes"] for name, part in parts.items() if name not in OPTIONAL)
    first += sum(
        file.stat().st_size
        for pattern in ("course-*", "client-*", "live-*", "index.js")
        for file in place.glob(pattern)
    )
    optional = sum(parts[name]["bytes"] for name in OPTIONAL)
    editor = sum(file.stat().st_size for file in place.glob("editor-*"))
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as zipped:
        for file in site.rglob("*"):
            zipped.write(file, file.relative_to(site))
    return [
        ("the first press of Run", megabytes(first), "12.6 MB"),
        ("the first press of Edit", megabytes(editor), ""),
        ("the first cell that reads a picture", megabytes(optional), ""),
        ("the whole site as one zip file", megabytes(len(archive.getvalue())), "12 MB"),
    ]


def megabytes(size: int) -> str:
    """Return a size in MB."""
    return f"{size / 1e6:.1f} MB"


def seconds_of(action: Callable[[], object]) -> float:
    """Return how long an action takes, in seconds of the processor."""
    started = time.process_time()
    action()
    return time.process_time() - started


def building() -> list[Row]:
    """Return what the live files add to `make html`."""
    live = LiveSite(Folders())
    packing = seconds_of(lambda: pack.pack_runtime(live.verified(), live.web("worker.js")))
    return [
        ("`make html`: packing the runtime, once", f"{packing:.1f} s of CPU", "10 s"),
        ("`make html`: writing the live files again", f"{seconds_of(live.write):.2f} s of CPU", ""),
    ]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    rows = [*sizes(), *times(), *building()]
    runtime = LiveSite(Folders()).runtime
    lines = ["# Pages that run Python", "", "| what | measured | at most |", "|---|---|---|"]
    lines += [f"| {what} | {found} | {limit} |" for what, found, limit in rows]
    lines += [
        "",
        f"Seconds: median and range of {ROUNDS} rounds, in Chromium on {os.cpu_count()} cores at a",
        f"load of {load:.1f} when the run began and {os.getloadavg()[0]:.1f} when it ended.",
        f"Pyodide {runtime.pyodide_version}, Python {runtime.python_version}, NumPy",
        f"{runtime.wheels['numpy']['version']}. The first cell is the puzzle's of lesson 02, with",
        "the cells above it; a first visit starts with an empty cache.",
        "",
    ]
    text = "\n".join(lines)
    print(text)
    if options.write:
        write_atomically(Path(ROOT) / "benchmarks" / "live.md", text.encode())


if __name__ == "__main__":
    main()
