"""Record the races of lessons 06 to 08 on this machine, for readers to compare with their own.

Each race is one run, in which all its ways take turns, at full size (`SCALE=full`). Its figures go
to `lessons/recorded/`, one file for each lesson, with what they depend on: processor and L2 cache,
system, Python, NumPy, BLAS with the kernel that it chose, and the day. A lesson is written when all
its races are done, never in part, and replaces all that was recorded before. `make record` runs
this.
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib.util
import json
import os
import platform
import shutil
from pathlib import Path
from typing import Any

import lesson_speed
import lesson_windows
from threadpoolctl import threadpool_info

from course.core.paths import ROOT
from stridescope.instruments.race import machine_words

RECORDED = ROOT / "lessons" / "recorded"
SLUGS = (*lesson_speed.SLUGS, lesson_windows.SLUG)
LONGER = 4.0
"""How many times longer than in the lesson a race of lessons 06 and 07 is timed."""
DIGITS = 4
BUSY = 0.5
"""Load of the last minute above which nothing is recorded."""


def machine() -> str:
    """Return what times depend on, in words: processor and L2 cache (Linux), versions, BLAS."""
    model = platform.processor()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = [line for line in info.read_text("utf-8").splitlines() if "model name" in line]
        model = lines[0].split(":")[1].strip() if lines else model
    cache = Path("/sys/devices/system/cpu/cpu0/cache/index2/size")
    l2 = f", L2 cache {cache.read_text('utf-8').strip()}" if cache.exists() else ""
    return f"{model}{l2}, {machine_words()}, {blas()}full size, {dt.date.today()}"  # noqa: DTZ011 - the reader's day


def blas() -> str:
    """Return NumPy's BLAS, its version and its kernel, with a comma; "" if unknown."""
    for pool in threadpool_info():
        folders = Path(pool["filepath"]).parts[-3:-1]
        if pool["user_api"] == "blas" and any(name.startswith("numpy") for name in folders):
            kernel = f" with its {pool['architecture']} kernel" if "architecture" in pool else ""
            return f"{pool['internal_api']} {pool['version']}{kernel}, "
    return ""


def missing(slugs: list[str]) -> str:
    """Return why this machine cannot record these lessons, and what to do; "" if it can."""
    if not any(map(shutil.which, ("cc", "gcc", "clang"))):
        return "No C compiler was found, and lesson 06 compares NumPy with C: install gcc or clang."
    if lesson_windows.SLUG in slugs and importlib.util.find_spec("cv2") is None:
        return (
            "Lesson 08 compares with OpenCV, which the course does not install. Add it for now:\n"
            "  .venv/bin/python -m pip install opencv-python-headless"
        )
    return ""


def rounded(value: object) -> object:
    """Round every time to four digits: more is noise."""
    if isinstance(value, dict):
        return {name: rounded(inner) for name, inner in value.items()}
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value


def races(slug: str, longer: float) -> dict[str, Any]:
    """Run the races of a lesson; return the record of each, with its machine, by key."""
    if slug != lesson_windows.SLUG:
        words = machine()
        found = lesson_speed.run(slug, longer)
    else:
        found = lesson_windows.run()
        import cv2

        words = f"{machine()}, OpenCV {cv2.__version__}, one thread each"
    return {key: {"machine": words, **record} for key, record in found.items()}


def write(slug: str, found: dict[str, Any], folder: Path) -> None:
    """Write the races of a lesson in place of what was recorded before."""
    text = json.dumps(rounded(found), indent=1, ensure_ascii=False)
    folder.mkdir(exist_ok=True)
    (folder / f"{slug}.json").write_text(f"{text}\n", "utf-8")


def main() -> None:
    """Record and write."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--lessons", nargs="+", choices=SLUGS, default=list(SLUGS))
    options.add_argument("--into", type=Path, default=RECORDED, help="the folder to write to")
    options.add_argument("--longer", type=float, default=LONGER, help="times the lesson's seconds")
    options.add_argument(
        "--busy", action="store_true", help="record although others use the machine"
    )
    chosen = options.parse_args()
    if why := missing(chosen.lessons):
        raise SystemExit(why)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    if load > BUSY and not chosen.busy:
        raise SystemExit(
            f"The load of this machine is {load:.1f}, so other programs would slow the races down. "
            "Wait until it is quiet, or add --busy."
        )
    os.environ["SCALE"] = "full"
    folder = chosen.into.resolve()
    os.chdir(ROOT / "lessons")
    for slug in chosen.lessons:
        write(slug, races(slug, chosen.longer), folder)
        print(f"Recorded {slug}.", flush=True)


if __name__ == "__main__":
    main()
