"""Measure what the README claims about grading: nbgrader, our command, nbgrader with our settings.

`make bench-grade` runs it. It prints Markdown text, and `--write` also writes the text to
`grading.md`. All three ways grade the same honest submissions of the 17-cell sample assignment (6
tests, 5 of them isolated), in turn and in one run. The seconds are this machine's. `--sizes 30 300
3000` includes the large class; nbgrader itself grades at most `--stock` submissions of a class.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from metering import Meter

from course.site.execute import usable_cpus
from nbgrader_isolate.cli import demo_assignment

WAYS = ("stock nbgrader", "our command", "stock under our settings")
CONFIG = 'c = get_config()\nc.CourseDirectory.course_id = "bench"\n'
OURS = "import nbgrader_isolate\nnbgrader_isolate.configure(c)\n"
UNREAD = "Exception while loading config file"
WRONG = {
    "flat-index": "def flat_index(row, col, n_cols):\n    return row + col * n_cols",
    "transpose": "def transpose(a):\n    return a.T.copy()",
    "windows": "def windows(a, n):\n    return [a[i:i + n] for i in range(a.size - n + 1)]",
    "strides": "column_strides = [8, 32]",
    "center": "def center(a):\n    a[...] = a - a.mean()",
}
"""A wrong answer to each task: loses its points in any grader."""
MIB = 1 << 20


@dataclass(frozen=True)
class Measured:
    """One command: wall and CPU time, time to the first graded (s), peak memory (bytes)."""

    seconds: float
    cpu: float
    first: float
    peak: int
    students: int
    scores: dict[str, dict[str, float]]

    @property
    def rate(self) -> float:
        """Submissions a second."""
        return self.students / self.seconds


def environment(home: Path) -> dict[str, str]:
    """Return the environment of the commands: this Python first, a home of their own."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return {"PATH": path, "HOME": str(home), "LANG": "C.UTF-8"}


def call(course: Path, *command: str) -> None:
    """Run a command of the preparation, which must succeed."""
    done = subprocess.run(
        [sys.executable, *command],
        cwd=course,
        env=environment(course.parent),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr[-3000:]}")


def build(course: Path) -> None:
    """Make a course with the sample assignment, released."""
    source = course / "source" / "lab"
    source.mkdir(parents=True)
    (source / "lab.ipynb").write_text(json.dumps(demo_assignment.assignment()), "utf-8")
    (source / demo_assignment.HELPER).write_text(demo_assignment.HELPER_SOURCE, "utf-8")
    (course / "nbgrader_config.py").write_text(CONFIG, "utf-8")
    call(course, "-m", "nbgrader", "generate_assignment", "lab")
    call(course, "-m", "nbgrader_isolate", "plan", "lab")
    call(course, "-c", "import matplotlib.pyplot")


def answers(number: int) -> dict[str, str]:
    """Return the answers of student `number`: all right, some wrong, or some missing."""
    if number % 3 == 0:
        return demo_assignment.ANSWERS
    given = {}
    for place, task in enumerate(demo_assignment.ANSWERS):
        kind = (number // 3 >> place) % 3
        if kind < 2:  # noqa: PLR2004 - right, wrong, missing
            given[task] = (demo_assignment.ANSWERS, WRONG)[kind][task]
    return given


def hand_in(course: Path, students: int) -> None:
    """Write the submissions of a class."""
    import nbformat

    released = nbformat.read(course / "release/lab/lab.ipynb", 4)
    for number in range(students):
        folder = course / "submitted" / f"student-{number:04}" / "lab"
        folder.mkdir(parents=True)
        nbformat.write(demo_assignment.answered(released, answers(number)), folder / "lab.ipynb")


def first_graded(course: Path, started: float, ended: threading.Event, found: list[float]) -> None:
    """Note when the first submission was graded."""
    while not ended.is_set():
        if any((course / "autograded").glob("*/lab/lab.ipynb")) and graded_rows(course):
            found.append(time.perf_counter() - started)
            return
        time.sleep(0.02)


def graded_rows(course: Path) -> bool:
    """Say whether the gradebook holds a score."""
    import sqlite3

    try:
        with sqlite3.connect(f"file:{course}/gradebook.db?mode=ro", uri=True, timeout=0.01) as base:
            query = "select 1 from grade where auto_score is not null limit 1"
            return base.execute(query).fetchone() is not None
    except sqlite3.Error:
        return False


def measure(way: str, base: Path, students: int, jobs: int) -> Measured:
    """Grade a fresh copy of a class in one way."""
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        course = Path(scratch) / "course"
        shutil.copytree(base.parent, scratch, dirs_exist_ok=True)
        hand_in(course, students)
        if way == WAYS[2]:
            (course / "nbgrader_config.py").write_text(CONFIG + OURS, "utf-8")
        command = [sys.executable, "-m", "nbgrader", "autograde", "lab"]
        if way == WAYS[1]:
            command = [
                sys.executable,
                "-m",
                "nbgrader_isolate",
                "grade",
                "lab",
                "--jobs",
                str(jobs),
            ]
        return timed(course, command, students)


def timed(course: Path, command: list[str], students: int) -> Measured:
    """Run a command in a course and measure it."""
    meter, first, ended = Meter(), [], threading.Event()
    log = course.parent / "log"
    before, started = meter.cpu(), time.perf_counter()
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            cwd=course,
            env=environment(course.parent),
            stdout=out,
            stderr=out,
            preexec_fn=meter.enter,  # noqa: PLW1509 - no thread of ours runs yet
        )
    watcher = threading.Thread(target=first_graded, args=(course, started, ended, first))
    watcher.start()
    meter.watch(process)
    seconds, cpu = time.perf_counter() - started, meter.cpu() - before
    ended.set()
    watcher.join()
    meter.close()
    said = log.read_text(errors="replace")
    if process.returncode or UNREAD in said:  # nbgrader goes on without settings it cannot read
        sys.exit(f"{' '.join(command)} failed:\n{said[-3000:]}")
    return Measured(
        seconds, cpu, first[0] if first else seconds, meter.peak, students, all_scores(course)
    )


def all_scores(course: Path) -> dict[str, dict[str, float]]:
    """Return the points of every student by grade_id."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        return {
            submission.student_id: {
                g.name: g.auto_score for n in submission.notebooks for g in n.grades
            }
            for submission in book.assignment_submissions("lab")
        }


def compare(found: dict[str, dict[str, float]], stock: dict[str, dict[str, float]]) -> str:
    """Return how many students that stock graded too have the same points."""
    both = stock.keys() & found.keys()
    different = sorted(who for who in both if found[who] != stock[who])
    if different:
        who = different[0]
        cells = {n: (stock[who][n], s) for n, s in found[who].items() if s != stock[who][n]}
        return f"{len(both) - len(different)} of {len(both)}; {who}: {cells}"
    return f"{len(both)} of {len(both)}"


def rounds(base: Path, students: int, options: argparse.Namespace) -> dict[str, list[Measured]]:
    """Measure all ways in turn, `--rounds` times."""
    found: dict[str, list[Measured]] = {way: [] for way in WAYS}
    for _ in range(options.rounds if students <= max(30, options.stock) else 1):
        for way in WAYS:
            count = min(students, options.stock) if way == WAYS[0] else students
            if students > 1000 and way != WAYS[1]:  # noqa: PLR2004 - only our command is asked for that
                continue
            found[way].append(measure(way, base, count, options.jobs))
            last = found[way][-1]
            print(
                f"{students:5} {way:26} {last.seconds:7.1f} s {last.cpu / count:.3f} CPU-s each",
                file=sys.stderr,
            )
    return {way: many for way, many in found.items() if many}


def lines(students: int, found: dict[str, list[Measured]], stock: dict[str, Any]) -> list[str]:
    """Return the rows of a class."""
    rows = []
    for way, many in found.items():
        rate = statistics.median(one.rate for one in many)
        if way == WAYS[0]:
            stock["rate"], stock["scores"] = rate, many[-1].scores
        size = many[0].students
        rows.append(
            f"| {students}{'' if size == students else f' (of which {size})'} | {way} | "
            f"{rate:.2f} | {rate / stock['rate']:.1f} | "
            f"{statistics.median(one.cpu / size for one in many):.3f} | "
            f"{statistics.median(one.first for one in many):.1f} | "
            f"{statistics.median(one.peak for one in many) / MIB:.0f} | "
            f"{compare(many[-1].scores, stock['scores'])} |"
        )
    return rows


def report(options: argparse.Namespace) -> str:
    """Measure, and return the text."""
    with tempfile.TemporaryDirectory(prefix="bench-base-") as scratch:
        base = Path(scratch) / "course"
        build(base)
        stock: dict[str, Any] = {}
        rows = [
            row for size in options.sizes for row in lines(size, rounds(base, size, options), stock)
        ]
    machine = (
        f"{platform.machine()}, {usable_cpus()} processors, "
        f"Python {platform.python_version()}, {options.jobs} workers, "
        f"load {os.getloadavg()[0]:.1f} at the end. "
        f"Medians of up to {options.rounds} rounds, the ways in turn. Submissions: 17 cells, 6 "
        "tests, NumPy and one plot; a third all right, the others with wrong and missing answers. "
        "Stock nbgrader grades a part of a large class, and its rate there is taken for the whole."
    )
    columns = (
        "submissions",
        "way",
        "a second",
        "against stock",
        "CPU-s each",
        "first after s",
        "peak MiB",
        "same points as stock",
    )
    head = [
        "# Grading: three ways, one run",
        "",
        machine,
        "",
        f"| {' | '.join(columns)} |",
        "|---" * len(columns) + "|",
    ]
    return "\n".join([*head, *rows, ""])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="also write grading.md")
    parser.add_argument("--sizes", type=int, nargs="+", default=[30, 300], metavar="N")
    parser.add_argument(
        "--stock", type=int, default=30, metavar="N", help="stock grades at most so many"
    )
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    parser.add_argument("--jobs", type=int, default=usable_cpus(), metavar="N")
    options = parser.parse_args()
    text = report(options)
    print(text)
    if options.write:
        Path(__file__).with_suffix(".md").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
