"""Compare the pages that run Python with JupyterLite, and with pages that do not run it.

Builds everything it measures in a temporary folder, from nothing; JupyterLite is downloaded if
`make jupyterlite` has not done so before. Needs Chromium. `--write` puts the tables into
benchmarks/live.md.
"""

from __future__ import annotations

import argparse
import io
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from live_readers import READING, Found, Lab, Pages, Place, serving, visits
from playwright.sync_api import sync_playwright

from course.core.cache import write_atomically
from course.core.errors import CourseError
from course.core.paths import ROOT, Folders
from course.live.build import LiveSite
from course.live.jupyterlite import JupyterLite

ROUNDS = 3
NOT_COPIED = (".*", "_build", "_site", "work", "node_modules", "submitted", "gradebook.db")
BUILD = """
import sys
from course.core.paths import Folders
from course.site.build import Site
sys.exit(bool(Site(Folders(), live={live}).build().errors))
"""
"""What `make html` does; the course is the one in the current folder."""
LIVE, PLAIN = "live", "LIVE=0"
SERVER, DISK, LAB = "pages, from a server", "pages, from a disk", "JupyterLite, from a server"
LIMITS = {
    "first output, from the press, first visit": "3.5 s",
    "MB sent until then, first visit": "12.6 MB",
    "a later cell, over its own time": "0.05 s",
    "next lesson, from the press at once": "3 s",
}


def build(copy: Path, *, live: bool) -> Found:
    """Build the pages of a checkout from nothing, and return how long it took."""
    for name in ("_build", "_site"):
        shutil.rmtree(copy / name, ignore_errors=True)
    before, started = os.times(), time.perf_counter()
    command = [sys.executable, "-c", BUILD.format(live=live)]
    done = subprocess.run(command, cwd=copy, check=False, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    after = os.times()
    busy = after.children_user - before.children_user
    busy += after.children_system - before.children_system
    return {"s": time.perf_counter() - started, "s of CPU": busy}


def builds(copy: Path, rounds: int) -> dict[str, list[Found]]:
    """Return how long both kinds of pages take, in turns; the live ones are left there."""
    found: dict[str, list[Found]] = {PLAIN: [], LIVE: []}
    for _ in range(rounds):
        for name, measured in found.items():
            measured.append(build(copy, live=name == LIVE))
    return found


def readings(site: Path, lab: Path, rounds: int) -> dict[str, list[Found]]:
    """Return what each reader finds, in rounds in which they take turns."""
    with sync_playwright() as playwright, ExitStack() as servers:
        readers = {
            SERVER: Pages(servers.enter_context(serving(site))),
            DISK: Pages(Place(site.as_uri())),
            LAB: Lab(servers.enter_context(serving(lab))),
        }
        found: dict[str, list[Found]] = {name: [] for name in readers}
        for _ in range(rounds):
            for name, reader in readers.items():
                found[name].append(visits(playwright.chromium, reader))
    return found


def spread(values: list[float], unit: str, digits: int = 2) -> str:
    """Return the median and the range of some values."""
    if any(math.isnan(value) for value in values):
        return "not said"
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:.{digits}f} {unit} ({low:.{digits}f} to {high:.{digits}f})"


def reading_table(found: dict[str, list[Found]]) -> Iterator[str]:
    """Yield the lines of the table of what readers find."""
    yield f"| | {' | '.join(found)} | asked of the pages |"
    yield "|---" * (len(found) + 2) + "|"
    for what in found[SERVER][0]:
        unit, label = ("MB", what[3:]) if what.startswith("MB ") else ("s", what)
        cells = [
            "0" if unit == "MB" and name == DISK else spread([one[what] for one in rounds], unit)
            for name, rounds in found.items()
        ]
        yield f"| {label} | {' | '.join(cells)} | {LIMITS.get(what, '')} |"


def building_table(found: dict[str, list[Found]]) -> Iterator[str]:
    """Yield the lines of the table of how long pages take to build."""
    units = tuple(found[LIVE][0])
    yield f"| `make html` from nothing | {' | '.join(found)} | difference | at most |"
    yield "|---|---|---|---|---|"
    for unit in units:
        times = {name: [one[unit] for one in rounds] for name, rounds in found.items()}
        more = [live - plain for live, plain in zip(times[LIVE], times[PLAIN], strict=True)]
        cells = [spread(values, "s", 1) for values in (*times.values(), more)]
        limit = "10 s" if unit == "s" else ""
        label = {"s": "time", "s of CPU": "processor time"}[unit]
        yield f"| {label} | {' | '.join(cells)} | {limit} |"


def size_table(site: Path, lab: Path, live: LiveSite) -> Iterator[str]:
    """Yield the lines of the table of bytes."""
    place = site / "static" / "live"
    parts = live.packed_runtime().parts
    first = live.first_bytes()
    for pattern in ("course-*", "client-*", "live-*", "index.js"):
        first += sum(file.stat().st_size for file in place.glob(pattern))
    editor = sum(file.stat().st_size for file in place.glob("editor-*"))
    yield "| | MB | at most |"
    yield "|---|---|---|"
    yield f"| the files for the first press of Run | {first / 1e6:.1f} | 12.6 |"
    yield f"| those for the first press of Edit | {editor / 1e6:.1f} | |"
    yield f"| those for a cell that reads a picture | {parts['pillow']['bytes'] / 1e6:.1f} | |"
    yield f"| the whole site as one zip file | {zipped(site) / 1e6:.1f} | 12 |"
    yield f"| JupyterLite as one zip file | {zipped(lab) / 1e6:.1f} | |"


def zipped(folder: Path) -> int:
    """Return the size of a folder in a zip file, in bytes."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for file in folder.rglob("*"):
            packed.write(file, file.relative_to(folder))
    return len(archive.getvalue())


def versions(live: LiveSite, lite: JupyterLite) -> str:
    """Return the versions of what was measured."""
    runtime = live.runtime
    where = shutil.which("chromium") or "chromium"
    browser = subprocess.run([where, "--version"], capture_output=True, text=True, check=True)
    return (
        f"Pyodide {runtime.pyodide_version}, Python {runtime.python_version} and NumPy "
        f"{runtime.wheels['numpy']['version']} in all of them; JupyterLite {lite.version}; "
        f"{' '.join(browser.stdout.split()[:2])}."
    )


def measure(rounds: int) -> str:
    """Return the whole text."""
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "course"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*NOT_COPIED))
        live, lite = LiveSite(Folders(copy)), JupyterLite(Folders())
        lab = lite.build()
        built = builds(copy, rounds)
        site = Folders(copy).site
        found = readings(site, lab, rounds)
        lines = [
            "# Pages that run Python",
            "",
            *reading_table(found),
            "",
            *size_table(site, lab, live),
            "",
            *building_table(built),
            "",
            f"Median and range of {rounds} rounds, in which all columns took turns. There were",
            f"{os.cpu_count()} cores; the load was {load:.1f} when the run began, and",
            f"{os.getloadavg()[0]:.1f} when it ended.",
            versions(live, lite),
            "",
            "The lesson is 02 in all columns, and the cell is its first one. A first visit starts",
            "with an empty cache. JupyterLite starts Python when it opens a notebook; the pages do",
            "so when Run is pressed, or by themselves on the next page. So compare the times from",
            f"opening. The last row is for someone who reads {READING} s before the press.",
            "",
        ]
    return "\n".join(lines)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="also write benchmarks/live.md")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    try:
        text = measure(options.rounds)
    except CourseError as error:
        sys.exit(str(error))
    print(text)
    if options.write:
        write_atomically(ROOT / "benchmarks" / "live.md", text.encode())


if __name__ == "__main__":
    main()
