"""Record the races of lessons 06 and 07 on this machine at full size, for readers to compare with.

Runs the cells of the two notebooks with `SCALE=full` and keeps the figures of each race that a
lesson shows beside a recorded one. So the names of the ways are the lesson's own. Prints a Markdown
table; `--write` puts the figures into `lessons/recorded/`, one file for each lesson, which the
lesson reads. Best of all runs: what else the machine does can only add time.
"""

from __future__ import annotations

import argparse
import ast
import gc
import json
import os
import platform
from pathlib import Path
from typing import Any

import nbformat

import stridescope as ss
from course.core.paths import ROOT
from stridescope.instruments.race import Race, Record, machine_words

LESSONS = ("06-measuring-speed", "07-caches-and-blas")
RECORDED = ROOT / "lessons" / "recorded"
PARTS = ("touch", "generate", "sum")
LEFT_OUT = {"predict", "quiz", "rules"}
DIGITS = 4


class Key(dict[str, Any]):
    """Stands for one recorded race: its key, and a 1 for each figure that a cell reads."""

    def __missing__(self, name: str) -> Any:  # noqa: ANN401 - a figure, or the mapping of figures
        return Key() if name == "seconds" else 1.0


class Recorder(dict[str, Any]):
    """Stands for the lesson's `recorded`: gives each race its key, and keeps the best figures.

    Parameters
    ----------
    seconds
        How many times longer than in the lesson each race is timed.
    only
        Keys of the races to run; all if empty.
    """

    def __init__(self, seconds: float, only: list[str]) -> None:
        super().__init__()
        self.longer = seconds
        self.only = only
        self.real = ss.race
        self.found: dict[str, Any] = {}

    def __missing__(self, key: str) -> Key:
        return Key(key=key)

    def race(
        self,
        functions: Any,  # noqa: ANN401 - what `ss.race` takes
        *,
        seconds: float = 2.0,
        recorded: dict[str, str] | None = None,
        caption: str | None = None,
        plot: bool = True,  # noqa: ARG002 - what is recorded has its memory
    ) -> Race:
        """Run a race, and keep it if the lesson shows a recorded one beside it."""
        if self.only and (recorded is None or recorded["key"] not in self.only):
            return self.real({name: lambda: None for name in functions}, seconds=0)
        made = self.real(functions, seconds=seconds * self.longer, caption=caption)
        if recorded is not None:
            key = recorded["key"]
            self.found[key] = better(self.found.get(key), made.record)
            print(key, made.text, sep="\n", end="\n\n", flush=True)
        return made

    def keep_parts(self, parts: dict[str, float]) -> None:
        """Keep the parts of the C program's time, of the run that took least in all."""
        old = self.found.get("C parts")
        if old is None or sum(parts[p] for p in PARTS) < sum(old[p] for p in PARTS):
            self.found["C parts"] = {"machine": machine(), **{p: parts[p] for p in PARTS}}


def better(old: Record | None, new: Record) -> Record:
    """Return the least time and memory of each way, of both runs."""
    least = {
        what: {
            name: min(value, (old[what] if old else new[what])[name])  # type: ignore[literal-required]
            for name, value in new[what].items()  # type: ignore[literal-required]
        }
        for what in ("seconds", "peaks")
    }
    return {"machine": machine(), **least}  # type: ignore[typeddict-item]


def machine() -> str:
    """Return the machine in words: processor and L2 cache (Linux), Python, NumPy."""
    model = platform.processor()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = [line for line in info.read_text("utf-8").splitlines() if "model name" in line]
        model = lines[0].split(":")[1].strip() if lines else model
    cache = Path("/sys/devices/system/cpu/cpu0/cache/index2/size")
    l2 = f", L2 cache {cache.read_text('utf-8').strip()}" if cache.exists() else ""
    return f"{model}{l2}, {machine_words()}, full size"


def figures(slug: str) -> Path:
    """Return the file with the recorded figures of a lesson."""
    return RECORDED / f"{slug}.json"


def same_machine(slug: str) -> dict[str, Any]:
    """Return the recorded figures of a lesson if all are of this machine; else exit."""
    found: dict[str, Any] = json.loads(figures(slug).read_text("utf-8"))
    if other := {record["machine"] for record in found.values()} - {machine()}:
        raise SystemExit(f"{slug}.json was recorded elsewhere ({other.pop()}): leave out --add")
    return found


def run(slug: str, recorder: Recorder) -> None:
    """Run a lesson's cells once, as a reader would, without questions."""
    notebook = nbformat.read(ROOT / "lessons" / f"{slug}.ipynb", as_version=4)
    space: dict[str, Any] = {"__name__": "__main__", "display": lambda _shown: None}
    ss.race = recorder.race  # type: ignore[assignment]
    for cell in notebook.cells:
        if cell.cell_type != "code" or LEFT_OUT & set(cell.metadata.get("tags", ())):
            continue
        exec(compile(without_predictions(cell.source), f"<{slug}>", "exec"), space)  # noqa: S102 - our own cells
        space["recorded"] = recorder
        if "parts" in space:
            recorder.keep_parts(space.pop("parts"))
    space.clear()
    gc.collect()


def without_predictions(source: str) -> str:
    """Return a cell's source if it is Python; a review of nothing is left out."""
    tree = ast.parse(source)
    kept = [node for node in tree.body if "ss.review" not in ast.unparse(node)]
    return ast.unparse(ast.Module(kept, []))


def rounded(value: object) -> object:
    """Round every time to four digits: more is noise."""
    if isinstance(value, dict):
        return {name: rounded(inner) for name, inner in value.items()}
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value


def table(found: dict[str, Any]) -> str:
    """Return the races as a Markdown table of ratios."""
    lines = ["| race | way | ratio | best, ms |", "|---|---|---|---|"]
    for key, record in found.items():
        times = record.get("seconds") or {p: record[p] for p in PARTS}
        first = next(iter(times.values()))
        lines += [
            f"| {key} | {name} | {took / first:.3g} | {1000 * took:.3g} |"
            for name, took in times.items()
        ]
    return "\n".join(lines)


def main() -> None:
    """Record, print, and write if asked."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--write", action="store_true", help="write the files too")
    options.add_argument("--add", action="store_true", help="keep what the file has that is better")
    options.add_argument("--only", nargs="+", default=[], help="races to run again, with --add")
    options.add_argument("--runs", type=int, default=2, help="how often to run each lesson")
    options.add_argument("--longer", type=float, default=2, help="times the lesson's seconds")
    chosen = options.parse_args()
    os.environ.setdefault("SCALE", "full")
    os.chdir(ROOT / "lessons")
    recorder = Recorder(chosen.longer, chosen.only)
    for slug in LESSONS:
        recorder.found = same_machine(slug) if chosen.add else {}
        for _ in range(chosen.runs):
            run(slug, recorder)
        print(table(recorder.found))
        if chosen.write:
            RECORDED.mkdir(exist_ok=True)
            text = json.dumps(rounded(recorder.found), indent=1, ensure_ascii=False)
            figures(slug).write_text(f"{text}\n", "utf-8")


if __name__ == "__main__":
    main()
