"""Compare our command with nbgrader on ten assignments that are shaped like those of real courses.

`make bench-courses` runs it. It prints Markdown text, and `--write` also writes the text to
`real_courses.md`. For each assignment, nbgrader and our command grade the same submissions in
turn, and their points are compared. `--before FOLDER` measures a third way: our command as it is in
another checkout with a `.venv`. The assignments are in `courses/`. They need packages that nothing
else here does.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import assignments
import nbformat
from grading import CONFIG, Measured, call, compare, environment, timed

from course.site.execute import usable_cpus

STOCK, BEFORE, OURS = "stock nbgrader", "our command before", "our command"
NEEDED = {"pandas": "pandas", "sklearn": "scikit-learn", "scipy": "scipy", "sympy": "sympy"}
"""The packages of the assignments by the name that is imported."""
COLUMNS = (
    "assignment",
    "cells, tests",
    "stock: s",
    "ours: s",
    "times as fast",
    "stock: CPU-s each",
    "ours: CPU-s each",
    "of stock's CPU",
    "same points",
)


def missing() -> list[str]:
    """Return the packages that the assignments need and that are not installed."""
    return [package for name, package in NEEDED.items() if not importlib.util.find_spec(name)]


def build(assignment: assignments.Assignment, course: Path) -> None:
    """Make a course with one assignment, released and planned."""
    source = course / "source" / "lab"
    source.mkdir(parents=True)
    assignment.write(source)
    (course / "nbgrader_config.py").write_text(CONFIG, "utf-8")
    call(course, "-m", "nbgrader", "generate_assignment", "lab")
    call(course, "-m", "nbgrader_isolate", "plan", "lab")
    call(course, "-c", "import matplotlib.pyplot")


def hand_in(assignment: assignments.Assignment, course: Path, students: int) -> None:
    """Write the submissions of a class."""
    file = f"{assignment.name}.ipynb"
    released = nbformat.read(course / "release" / "lab" / file, 4)
    others = [each for each in (course / "release" / "lab").iterdir() if each.name != file]
    for number in range(students):
        folder = course / "submitted" / f"student-{number:04}" / "lab"
        folder.mkdir(parents=True)
        nbformat.write(assignment.answered(released, number), folder / file)
        for other in others:
            shutil.copy(other, folder)


def command(way: str, options: argparse.Namespace) -> list[str]:
    """Return the command of a way."""
    if way == STOCK:
        return [sys.executable, "-m", "nbgrader", "autograde", "lab"]
    python = sys.executable if way == OURS else str(python_of(options.before))
    return [python, "-m", "nbgrader_isolate", "grade", "lab", "--jobs", str(options.jobs)]


def python_of(checkout: Path) -> Path:
    """Return the Python of another checkout, in which that checkout is installed."""
    return checkout.absolute() / ".venv" / "bin" / "python"


def measure(
    way: str, assignment: assignments.Assignment, base: Path, options: argparse.Namespace
) -> Measured:
    """Grade a fresh copy of a class in one way."""
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        course = Path(scratch) / "course"
        shutil.copytree(base.parent, scratch, dirs_exist_ok=True)
        hand_in(assignment, course, options.students)
        if way == BEFORE:  # its plan may have another format
            subprocess.run(
                [*command(way, options)[:3], "plan", "lab"],
                cwd=course,
                env=environment(course.parent),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=True,
            )
        return timed(course, command(way, options), options.students)


def ratio(above: list[float], below: list[float]) -> tuple[float, str]:
    """Return the median of paired ratios, and the text with the smallest and the largest."""
    pairs = [a / b for a, b in zip(above, below, strict=True)]
    middle = statistics.median(pairs)
    spread = f" ({min(pairs):.2f} to {max(pairs):.2f})" if len(pairs) > 1 else ""
    return middle, f"{middle:.2f}{spread}"


def row(
    assignment: assignments.Assignment, found: dict[str, list[Measured]], ours: str
) -> tuple[float, float, str]:
    """Return how many times as fast a way is, its part of nbgrader's CPU time, and its row."""
    stock, mine = found[STOCK], found[ours]
    fast, fast_text = ratio([one.seconds for one in stock], [one.seconds for one in mine])
    cpu, cpu_text = ratio([one.cpu for one in mine], [one.cpu for one in stock])
    name = assignment.name.replace("_", " ") + (" (before)" if ours == BEFORE else "")
    cells = (
        name,
        f"{len(assignment.cells)}, {assignment.tests}",
        f"{statistics.median(one.seconds for one in stock):.1f}",
        f"{statistics.median(one.seconds for one in mine):.1f}",
        fast_text,
        f"{statistics.median(one.cpu / one.students for one in stock):.3f}",
        f"{statistics.median(one.cpu / one.students for one in mine):.3f}",
        cpu_text,
        compare(mine[-1].scores, stock[-1].scores),
    )
    return fast, cpu, f"| {' | '.join(cells)} |"


def summary(way: str, fast: list[float], cpu: list[float]) -> str:
    """Return one sentence about all assignments."""
    return (
        f"{way[0].upper()}{way[1:]}: {statistics.median(fast):.1f} times as fast as stock nbgrader "
        f"in the median of {len(fast)} assignments, {min(fast):.1f} times at least; "
        f"{max(cpu):.2f} of its processor time at most, {statistics.median(cpu):.2f} in the median."
    )


def report(options: argparse.Namespace) -> str:
    """Measure, and return the text."""
    ways = [STOCK, *([BEFORE] if options.before else []), OURS]
    rows: list[str] = []
    fast: dict[str, list[float]] = {way: [] for way in ways[1:]}
    cpu: dict[str, list[float]] = {way: [] for way in ways[1:]}
    for assignment in assignments.read_all():
        if options.only and assignment.name not in options.only:
            continue
        with tempfile.TemporaryDirectory(prefix="bench-base-") as scratch:
            base = Path(scratch) / "course"
            build(assignment, base)
            found: dict[str, list[Measured]] = {way: [] for way in ways}
            for _ in range(options.rounds):
                for way in ways:
                    found[way].append(measure(way, assignment, base, options))
        for way in ways[1:]:
            times, part, text = row(assignment, found, way)
            fast[way].append(times)
            cpu[way].append(part)
            rows.append(text)
            print(text, file=sys.stderr)
    machine = (
        f"{platform.machine()}, {usable_cpus()} processors, Python {platform.python_version()}, "
        f"{options.jobs} workers, load {os.getloadavg()[0]:.1f} at the end. "
        f"{options.students} submissions of each assignment; medians of {options.rounds} "
        f"round{'s' if options.rounds > 1 else ''}, the ways in turn. Ratios are those of pairs, "
        "with the smallest and the largest where there are several. A third of the submissions is "
        "all right, the others have wrong and missing answers. The time includes the start of the "
        "command; the plans were made before."
    )
    head = [
        "# Grading: assignments shaped like those of real courses",
        "",
        machine,
        "",
        *(summary(way, fast[way], cpu[way]) for way in ways[1:]),
        "",
        f"| {' | '.join(COLUMNS)} |",
        "|---" * len(COLUMNS) + "|",
    ]
    return "\n".join([*head, *rows, ""])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="also write real_courses.md")
    parser.add_argument("--students", type=int, default=30, metavar="N")
    parser.add_argument("--rounds", type=int, default=1, metavar="N")
    parser.add_argument("--jobs", type=int, default=usable_cpus(), metavar="N")
    parser.add_argument("--before", type=Path, metavar="FOLDER", help="another checkout")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="only these assignments")
    options = parser.parse_args()
    if packages := missing():
        sys.exit(f"The assignments need more packages: run `pip install {' '.join(packages)}`.")
    text = report(options)
    print(text)
    if options.write:
        Path(__file__).with_suffix(".md").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
