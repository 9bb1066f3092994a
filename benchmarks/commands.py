"""Measure how long our other commands take with a class of 300, from their start to their end.

`make bench-commands` runs it. It prints Markdown text, and `--write` also writes the text to
`commands.md`. The class is that of `grading.py`; it is handed in as a folder for each student.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from grading import build, environment, hand_in

from course.site.execute import usable_cpus


@dataclass(frozen=True)
class Command:
    """What is measured: the arguments, the goal in seconds, and what to remove before each run."""

    what: str
    arguments: tuple[str, ...]
    goal: str
    removed: str = ""
    rounds: int = 3


def commands(students: int) -> list[Command]:
    """Return what is measured, in order."""
    collect = ("collect", "lab", "download", "--new")
    return [
        Command("`--help`", ("--help",), "0.15", rounds=9),
        Command(f"`collect` of {students} folders", collect, "2", "submitted"),
        Command(f"`grade` of {students}", ("grade", "lab"), "", rounds=1),
        Command("`grade` again, nothing to do", ("grade", "lab"), ""),
        Command(f"`report` of {students}", ("report", "lab"), "2"),
        Command(f"`export` of {students}", ("export", "lab"), "2"),
        Command(f"`feedback` for {students}", ("feedback", "lab"), "15", "feedback", 2),
    ]


def timed(command: Command, course: Path) -> tuple[float, float]:
    """Run a command once; return its wall time and its processor time, in s."""
    if command.removed:
        shutil.rmtree(course / command.removed, ignore_errors=True)
    before, started = os.times(), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader_isolate", *command.arguments],
        cwd=course,
        env=environment(course.parent),
        capture_output=True,
        text=True,
        check=False,
    )
    seconds, after = time.perf_counter() - started, os.times()
    if done.returncode:
        sys.exit(f"{command.what} failed:\n{done.stdout[-1000:]}{done.stderr[-2000:]}")
    used = after.children_user + after.children_system
    return seconds, used - before.children_user - before.children_system


def download(course: Path) -> None:
    """Turn the submissions into a folder with a folder for each student."""
    folder = course / "download"
    for submitted in sorted((course / "submitted").iterdir()):
        shutil.copytree(submitted / "lab", folder / submitted.name)


def report(students: int) -> str:
    """Measure, and return the text."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        course = Path(scratch) / "course"
        build(course)
        hand_in(course, students)
        download(course)
        for command in commands(students):
            measured = [timed(command, course) for _ in range(command.rounds)]
            wall, cpu = (statistics.median(each) for each in zip(*measured, strict=True))
            rows.append(f"| {command.what} | {wall:.2f} s | {cpu:.2f} s | {command.goal} |")
            print(rows[-1], file=sys.stderr)
    machine = (
        f"{platform.machine()}, {usable_cpus()} processors, Python {platform.python_version()}, "
        f"load {os.getloadavg()[0]:.1f} at the end. From the start of the command to its end, "
        "medians of up to nine runs. The processor time is that of the command and of the "
        "processes that it has waited for."
    )
    head = [
        "# How long our commands take",
        "",
        machine,
        "",
        "| what | measured | processor time | asked, in s |",
        "|---|---|---|---|",
    ]
    return "\n".join([*head, *rows, ""])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="also write commands.md")
    parser.add_argument("--students", type=int, default=300, metavar="N")
    options = parser.parse_args()
    text = report(options.students)
    print(text)
    if options.write:
        Path(__file__).with_suffix(".md").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
