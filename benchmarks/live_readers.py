"""Readers of a lesson in a browser, in the course's pages and in JupyterLite, for the benches."""

from __future__ import annotations

import math
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, BinaryIO

from playwright.sync_api import TimeoutError  # noqa: A004 (of a page)

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, BrowserType, Page

LESSON, NEXT = "02-memory-layout-and-strides", "03-order-and-reshape"
FIRST, LATER = 4, 10
"""Cells by their numbers in the lesson, the texts counted; `FIRST` is the first code of both."""
LATER_RUNS = 5
READING = 6
"""Seconds that a reader spends on the next page before the press; Python starts meanwhile."""
LONGEST = 240_000
"""Milliseconds until something has gone wrong."""
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
HAS_RUN = """(number) => {
  const cell = document.querySelector(`.cell[data-cell="${number}"]`);
  return !cell.classList.contains("running") && cell.querySelector(".from");
}"""
HAS_RUN_IN_LAB = """([number, before]) => {
  const cell = document.querySelectorAll(".jp-Notebook .jp-Cell")[number - 1];
  const prompt = cell.querySelector(".jp-InputArea-prompt").textContent;
  const output = cell.querySelector(".jp-OutputArea-output");
  const shown = !output || output.getBoundingClientRect().height > 0;
  return /\\d/.test(prompt) && prompt !== before && shown;
}"""
HAS_HEARD = """([number, before]) => {
  const cell = document.querySelectorAll(".jp-Notebook .jp-Cell")[number - 1];
  return cell.querySelector(".jp-InputArea-prompt").textContent !== before;
}"""
PRESSES = 5
OWN_TIME = re.compile(r"\bin ([\d.]+) (ms|s)\b")
Found = dict[str, float]
"""Names of what was measured, and seconds, or MB where the name says so."""


class Counting(SimpleHTTPRequestHandler):
    """Serves files, counts their bytes, and writes no log."""

    sent = 0

    def copyfile(self, source: BinaryIO, outputfile: BinaryIO) -> None:  # type: ignore[override]
        """Send a file."""
        data = source.read()
        outputfile.write(data)
        type(self).sent += len(data)

    def log_message(self, *_: object) -> None:
        """Write nothing."""


@dataclass
class Place:
    """Where a folder can be read: its address, and what counts the bytes that were sent."""

    address: str
    counter: type[Counting] = Counting


@contextmanager
def serving(folder: Path) -> Iterator[Place]:
    """Serve a folder on this machine."""
    counter = type("Counter", (Counting,), {"sent": 0})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(counter, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Place(f"http://127.0.0.1:{server.server_port}", counter)
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Pages:
    """Our own pages."""

    place: Place

    def open(self, page: Page, lesson: str) -> None:
        """Open a lesson."""
        page.goto(f"{self.place.address}/lessons/{lesson}.html")

    def run(self, page: Page, number: int) -> float:
        """Return the seconds from the press of Run to the output."""
        cell = page.locator(f'.cell[data-cell="{number}"]')
        cell.evaluate("(cell) => cell.querySelector('.from')?.remove()")
        button = cell.locator('[data-do="run"]').first
        button.hover()  # Playwright waits here until it could be pressed
        started = time.perf_counter()
        button.evaluate("(button) => button.click()")
        page.wait_for_function(HAS_RUN, arg=number, timeout=LONGEST)
        return time.perf_counter() - started

    def own(self, page: Page, number: int) -> float:
        """Return the seconds for which Python ran the code, as the page says below it."""
        said = page.locator(f'.cell[data-cell="{number}"] .from').inner_text()
        found = OWN_TIME.search(said)
        if not found:
            raise ValueError(f"no time in {said!r}")
        return float(found[1]) * (0.001 if found[2] == "ms" else 1)


@dataclass
class Lab:
    """The same notebooks in JupyterLite, which starts Python when it opens one."""

    place: Place

    def open(self, page: Page, lesson: str) -> None:
        """Open a lesson, and wait until a cell can be selected."""
        page.goto(f"{self.place.address}/notebooks/index.html?path=lessons/{lesson}.ipynb")
        page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=LONGEST)

    def run(self, page: Page, number: int) -> float:
        """Return the seconds from the press of Control and Enter to the end, outputs shown."""
        cell = page.locator(".jp-Notebook .jp-Cell").nth(number - 1)
        cell.locator(".jp-InputArea-editor").click()
        before = cell.locator(".jp-InputArea-prompt").inner_text()
        for _ in range(PRESSES):  # JupyterLite misses a press that comes while it draws
            started = time.perf_counter()
            page.keyboard.press("Control+Enter")
            try:
                page.wait_for_function(HAS_HEARD, arg=[number, before], timeout=5_000)
            except TimeoutError:
                continue
            break
        page.wait_for_function(HAS_RUN_IN_LAB, arg=[number, before], timeout=LONGEST)
        return time.perf_counter() - started

    def own(self, _page: Page, _number: int) -> float:
        """Return nothing to subtract: JupyterLite does not say how long Python ran."""
        return math.nan


Reader = Pages | Lab


@contextmanager
def browsing(browsers: BrowserType, profile: str) -> Iterator[BrowserContext]:
    """Run Chromium with a profile."""
    where = shutil.which("chromium") or sys.exit("no Chromium here: apt-get install chromium")
    context = browsers.launch_persistent_context(profile, executable_path=where, args=ARGUMENTS)
    try:
        yield context
    finally:
        context.close()


def visits(browsers: BrowserType, reader: Reader) -> Found:
    """Return what a reader with a new profile finds in two visits to the lesson."""
    with tempfile.TemporaryDirectory() as profile:
        with browsing(browsers, profile) as context:
            before = reader.place.counter.sent
            found = visit(reader, context.new_page(), "first visit")
            found["MB sent until then, first visit"] = (reader.place.counter.sent - before) / 1e6
        with browsing(browsers, profile) as context:
            page = context.new_page()
            found |= visit(reader, page, "second visit")
            found |= further(reader, page)
    return found


def visit(reader: Reader, page: Page, name: str) -> Found:
    """Return how long the first output takes, from opening the lesson and from the press."""
    started = time.perf_counter()
    reader.open(page, LESSON)
    pressed = reader.run(page, FIRST)
    opened = time.perf_counter() - started
    return {
        f"first output, from the press, {name}": pressed,
        f"first output, from opening the lesson, {name}": opened,
    }


def further(reader: Reader, page: Page) -> Found:
    """Return how long a later cell takes, and the first one of the next lesson."""
    found: Found = {}
    reader.run(page, LATER)
    runs = [(reader.run(page, LATER), reader.own(page, LATER)) for _ in range(LATER_RUNS)]
    found["a later cell"] = statistics.median(run for run, _ in runs)
    found["a later cell, over its own time"] = statistics.median(run - own for run, own in runs)
    started = time.perf_counter()
    reader.open(page, NEXT)
    found["next lesson, from the press at once"] = reader.run(page, FIRST)
    found["next lesson, from opening it"] = time.perf_counter() - started
    reader.open(page, LESSON)
    page.wait_for_timeout(READING * 1000)
    found[f"next lesson, from the press after {READING} s"] = reader.run(page, FIRST)
    return found
