"""Measure the instruments: how soon they are drawn, how fast they answer, how large they are.

Prints a Markdown table; `--write` also puts it into `instruments.md`. Times are this machine's; the
budgets beside them are those of the design.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from timeit import Timer
from typing import Any

import numpy as np

import stridescope as ss
from course.core.paths import ROOT
from course.site.execute import usable_cpus
from stridescope.model.timing import race_times
from stridescope.runtime.bundle import bundle
from stridescope.runtime.instrument import Instrument
from stridescope.runtime.styles import style

QUIET = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run"
MS, KB = 1e-3, 1000
ROUNDS = 9
PASSES, BUDGET, RACES = 7, 8, 15

# Mounts one instrument of the bundle with the least of a model, as a host does.
PREPARE = """async ({ source, css }) => {
  document.head.append(Object.assign(document.createElement('style'), { textContent: css }));
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  window.host = (await import(url)).default;
  window.put = ({ kind, state, data }) => {
    const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
    const traits = { kind, state, data: new DataView(bytes.buffer), reply: {} };
    const model = {
      get: (name) => traits[name], set() {}, on() {}, off() {}, save_changes() {}, send() {},
    };
    const el = document.createElement('div');
    document.body.replaceChildren(el);
    window.host.render({ model, el });
    return el;
  };
}"""
MOUNT = """async (shown) => {
  const started = performance.now();
  const el = window.put(shown);
  el.getBoundingClientRect();
  const script = performance.now() - started;
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const cells = el.querySelectorAll('[data-index]').length;
  return { script, screen: performance.now() - started, cells };
}"""
MOVES = """(shown) => {
  const el = window.put(shown), svg = el.querySelector('svg[tabindex]');
  const box = svg.getBoundingClientRect();
  const times = [], said = el.querySelector('.ss-say');
  const fire = (type, k, buttons) => svg.dispatchEvent(new PointerEvent(type, {
    bubbles: true, buttons, pointerId: 1,
    clientX: box.left + (k * 37) % box.width, clientY: box.top + (k * 23) % box.height,
  }));
  svg.setPointerCapture = () => {};
  if (shown.kind === 'windows') fire('pointerdown', 5, 1);
  for (let k = 0; k < 300; k++) {
    el.getBoundingClientRect(); // the frame between two moves lays out what the last one changed
    const before = said.textContent, started = performance.now();
    fire('pointermove', k, 1);
    const took = performance.now() - started;
    times.push(said.textContent === before ? null : took);
  }
  return times;
}"""
SLIDES = """(shown) => {
  const el = window.put(shown), slider = el.querySelector('input[type=range]'), times = [];
  for (let k = 1; k <= 300; k++) {
    slider.value = String(Math.ceil(k * Number(slider.max) / 300));
    el.getBoundingClientRect();
    const started = performance.now();
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    times.push(performance.now() - started);
  }
  return times;
}"""

# Steps one stride up and down with the arrow keys: every step draws the whole reading again.
STEPS = """(shown) => {
  const el = window.put(shown), times = [];
  for (let k = 0; k < 100; k++) {
    el.getBoundingClientRect();
    const input = el.querySelectorAll('input[role=spinbutton]')[3];
    const key = k % 20 < 10 ? 'ArrowUp' : 'ArrowDown';
    const started = performance.now();
    input.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    times.push(performance.now() - started);
  }
  return times;
}"""
# What this machine does to a millisecond of arithmetic: nothing in it is ours.
CONTROL = """() => {
  const spin = (n) => {
    let x = 1;
    for (let k = 0; k < n; k++) x = (x * 16807) % 2147483647;
    return x;
  };
  let n = 1000, took = 0;
  const time = () => {
    const started = performance.now();
    spin(n);
    return performance.now() - started;
  };
  while (took < 1) { n *= 2; took = time(); }
  return Array.from({ length: 300 }, time);
}"""


def sent(shown: Instrument) -> dict[str, Any]:
    """Return what the browser gets of an instrument."""
    data = base64.b64encode(shown.data).decode()
    return {"kind": shown.kind, "state": shown.state, "data": data}


def best(action: Callable[[], object]) -> float:
    """Return the least seconds of some rounds."""
    return min(Timer(action).repeat(ROUNDS, 1))


def huge() -> np.ndarray[Any, Any]:
    """Return the view of 5 × 10¹¹ elements over five numbers."""
    return np.broadcast_to(np.arange(5.0)[:, None], (5, 10**11))


def in_python() -> list[tuple[str, str, str]]:
    """Time drawing and importing in Python."""
    table = np.arange(10_000).reshape(100, 100)
    code = (
        "import numpy, time\nt = time.process_time()\nimport stridescope\n"
        "print(time.process_time() - t)"
    )
    runs = [
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
        for _ in range(ROUNDS)
    ]
    return [
        ("`import stridescope` beyond NumPy", f"{min(runs) / MS:.0f} ms", "60 ms"),
        (
            "`ss.layout` of 10,000 elements, Python",
            milliseconds(best(lambda: ss.layout(table))),
            "",
        ),
        ("`ss.layout` of 5 × 10¹¹, Python", milliseconds(best(lambda: ss.layout(huge()))), "50 ms"),
    ]


def milliseconds(seconds: float) -> str:
    """Return seconds as ms with two digits or one place."""
    return f"{seconds / MS:.1f} ms"


def race_overhead() -> tuple[str, str, str]:
    """Time a function of about 1 ms by `ss.race`'s clock and by `timeit`, in turn."""
    spin = 1
    while Timer(lambda n=spin: sum(range(n))).timeit(1) < MS:
        spin = int(spin * 1.3) + 1

    def action() -> int:
        return sum(range(spin))

    # As many samples of as many calls on each side; timeit against itself shows what is noise.
    ours, noise = [], []
    for turn in range(RACES):
        times = race_times({"action": action}, seconds=0.3)["action"]
        one, two = (
            min(Timer(action).repeat(len(times.samples), times.number)) / times.number
            for _ in range(2)
        )
        ours.append(times.best / (one if turn % 2 else two) - 1)
        noise.append(two / one - 1)
    took = milliseconds(one)
    said = f"{spread(ours)}; `timeit` against itself {spread(noise)}"
    return (f"`ss.race` against `timeit`, a function of {took}", said, "5 %")


def spread(values: list[float]) -> str:
    """Return median, least and most of differences."""
    return f"median {statistics.median(values):+.1%} ({min(values):+.1%} to {max(values):+.1%})"


def in_chromium() -> list[tuple[str, str, str]]:
    """Mount instruments in a browser and move a pointer over them."""
    from playwright.sync_api import sync_playwright

    where = shutil.which("chromium") or sys.exit("no Chromium here: apt-get install chromium")
    table = np.arange(10_000).reshape(100, 100)
    layout = ss.layout(table)
    image = (np.arange(160_000) % 251).astype(np.uint8).reshape(400, 400)
    moved = {
        "layout, 10,000 elements": (layout, MOVES),
        "layout, 5 × 10¹¹ elements": (ss.layout(huge()), MOVES),
        "windows, 400 × 400, dragged": (ss.windows(image, np.ones((3, 3), int)), MOVES),
        "relate, 10,000 elements twice": (ss.relate(a=table, turned=table.T), MOVES),
        "traverse, 10,000 visits, scrubbed": (ss.traverse(np.zeros((100, 100))), SLIDES),
        "workbench, 10,000 elements, a stride stepped": (ss.workbench(table), STEPS),
    }
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=where, args=QUIET.split())
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto("about:blank")
        page.evaluate(PREPARE, {"source": bundle(), "css": style(live=True)})
        rows = [
            ("10,000 elements on screen after mount", on_screen(page, layout), "100 ms"),
            (
                "5 × 10¹¹ elements on screen after mount",
                on_screen(page, moved["layout, 5 × 10¹¹ elements"][0]),
                "50 ms",
            ),
        ]
        for what, (shown, script) in moved.items():
            passes = [page.evaluate(script, sent(shown)) for _ in range(PASSES)]
            rows.append(
                (f"script for a move that changes something: {what}", moves(passes), "8 ms")
            )
        control = [page.evaluate(CONTROL) for _ in range(PASSES)]
        rows.append(("the same clock on a loop of 1 ms or more", moves(control), ""))
        browser.close()
    return rows


def moves(passes: list[list[float | None]]) -> str:
    """Say what moves take, and how much of that is this machine's other work.

    A move that changes nothing is next to free and would hide the others: it is left out. The least
    of the same move in all passes is what its script takes when nothing else runs; the raw figures
    are what a reader of this machine had.
    """
    raw = sorted(took for one in passes for took in one if took is not None)
    least = sorted(
        min(took for took in same if took is not None)
        for same in zip(*passes, strict=True)
        if any(took is not None for took in same)
    )
    late = sum(took > BUDGET for took in raw)
    return (
        f"median {statistics.median(raw):.1f} ms, 95 % under {raw[int(0.95 * len(raw))]:.1f} ms, "
        f"{late} of {len(raw)} over {BUDGET} ms; least of {len(passes)} passes: "
        f"median {statistics.median(least):.1f} ms, worst {least[-1]:.1f} ms"
    )


def on_screen(page: Any, shown: Instrument) -> str:  # noqa: ANN401 - a playwright Page
    """Return the time from mounting to the next frame, its script apart."""
    runs = [page.evaluate(MOUNT, sent(shown)) for _ in range(ROUNDS)]
    if not runs[0]["cells"]:
        sys.exit("nothing was drawn")
    screen, script = (min(run[part] for run in runs) for part in ("screen", "script"))
    return f"{screen:.0f} ms ({script:.0f} ms of script)"


def weights() -> list[tuple[str, str, str]]:
    """Weigh the front end, and the state of the pages."""
    weighed = {
        "JavaScript of all instruments, one text (pages share it packed: main_job.md)": bundle(),
        "style of a live instrument": style(live=True),
        "style in each static form": style(),
    }
    rows = [(what, f"{len(text.encode()) / KB:.1f} KB", "") for what, text in weighed.items()]
    every = one_of_each()
    state = sum(len(json.dumps(sent(one))) for one in every)
    rows.append(
        (f"state of {len(every)} instruments, one of each kind", f"{state / KB:.1f} KB", "60 KB")
    )
    for page in sorted((ROOT / "_site" / "lessons").glob("*.html")):
        found = re.findall(
            r"<script[^>]*widget-state[^>]*>(.*?)</script>", page.read_text("utf-8"), re.DOTALL
        )
        if found:
            rows.append((f"state in {page.name}", f"{sum(map(len, found)) / KB:.1f} KB", "60 KB"))
    return rows


def one_of_each() -> list[Instrument]:
    """Return an ordinary instrument of each kind that lives."""
    a = np.arange(1, 13, dtype=np.int64).reshape(3, 4)
    return [
        ss.layout(a),
        ss.relate(a=a, turned=a.T),
        ss.workbench(a, shape=(4, 3), strides=(8, 32)),
        ss.why(a, slice(1, None), [0, 2]),
        ss.why_reshape(a.T, (3, 4)),
        ss.broadcast(a, np.ones(4)),
        ss.wheel("int8"),
        ss.bits("float32", 0.1),
        ss.traverse(a),
        ss.windows(np.arange(36).reshape(6, 6), np.ones((3, 3), int)),
        ss.temporaries("np.sqrt(np.sum(a**2))", a=a),
        ss.predict(
            "What is `a.strides`?", a.strides, {a.strides: "", (4, 1): "Elements, not bytes."}
        ),
    ]


def main() -> None:
    """Print the table, and write it if asked."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--write", action="store_true", help="write instruments.md too")
    write = options.parse_args().write
    started = time.perf_counter()
    rows = [*in_chromium(), *in_python(), race_overhead(), *weights()]
    head = ["| what | measured | at most |", "|---|---|---|"]
    table = "\n".join([*head, *(f"| {' | '.join(row)} |" for row in rows)])
    machine = (
        f"{platform.system()} {platform.machine()}, {usable_cpus()} processors, "
        f"Python {platform.python_version()}, NumPy {np.__version__}"
    )
    print(
        f"{table}\n\n{machine}, load {os.getloadavg()[0]:.1f}, "
        f"in {time.perf_counter() - started:.0f} s"
    )
    if write:
        source = f"Measured by `benchmarks/instruments.py` on {machine}."
        text = f"# The instruments\n\n{table}\n\n{source}\n"
        (ROOT / "benchmarks" / "instruments.md").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
