"""The verbs around the exercises: for students, and for instructors who hand them out."""

from __future__ import annotations

import argparse

from course.paths import Folders


def check(options: argparse.Namespace) -> int:
    """Say which exercises are solved, and what to do next."""
    from course.practice import check as look
    from course.practice import table

    for line in table(look(Folders(), options.assignment)):
        print(line)
    return 0


def start_over(options: argparse.Namespace) -> int:
    """Make a fresh copy of an exercise, and keep the old one."""
    from course.fresh import start_over as fresh

    folders = Folders()
    done = fresh(folders, options.assignment, options.task)
    for mine, kept in done:
        was = "" if kept == mine else f"; yours is kept as {folders.relative(kept)}"
        print(f"{folders.relative(mine)} is fresh{was}")
    if not done:
        print("Nothing to do: what is in work/ is as it was handed out.")
    return 0


def capstone(_options: argparse.Namespace) -> int:
    """Put your own parts of MiniArray into the capstone."""
    from course.capstone import fill, report

    folders = Folders()
    parts, changed = fill(folders)
    for line in report(parts):
        print(line)
    for file in changed:
        print(f"wrote {folders.relative(file)}; as it was, it is kept in work/kept/")
    if not changed:
        print("The capstone holds these parts already.")
    return 0
