"""`python -m nbgrader_isolate collect ASSIGNMENT DOWNLOAD`: what a learning platform gives, into `submitted/`."""

from __future__ import annotations

import argparse
import difflib
import re
from typing import TYPE_CHECKING

from nbgrader_isolate.cli.grade import opened, tell
from nbgrader_isolate.core.errors import Exit, GraderError
from nbgrader_isolate.core.text import printable

if TYPE_CHECKING:
    from nbgrader_isolate.gradebook.course import Course
    from nbgrader_isolate.intake.collect import Collected

MOST_LINES = 20
"""Matches that are shown; what is left out is shown whole."""


def collect(options: argparse.Namespace) -> Exit:
    """Take a download in, and say who was not found in it or not known."""
    pattern = compiled(options.pattern) if options.pattern else None
    place = options.download.absolute()
    course, assignment = opened(options)
    from nbgrader_isolate.gradebook.database import only_run
    from nbgrader_isolate.intake.collect import Collection, download, people_of

    check_assignment(course, assignment)
    with only_run(course):
        people = people_of(course, tell)
        made = Collection(course, assignment, people, force=options.force, new=options.new)
        with download(place, made.done.left) as entries:
            made.take(entries, {place.stem, assignment}, pattern)
    show(assignment, made.done, known=bool(people))
    return Exit.INCOMPLETE if made.done.left else Exit.DONE


def compiled(pattern: str) -> re.Pattern[str]:
    """Return an instructor's pattern.

    Raises
    ------
    GraderError
        If it is none, or names no student.
    """
    try:
        found = re.compile(pattern, re.DOTALL)
    except re.error as error:
        raise GraderError(f"--pattern: {error}.", Exit.USAGE) from error
    if "student" not in found.groupindex:
        raise GraderError(
            "--pattern: it names no student; write (?P<student>…) where the name stands, as in "
            r"'hw1_(?P<student>[^_]+)_.*?(?P<file>[^_]+\.ipynb)'.",
            Exit.USAGE,
        )
    return found


def check_assignment(course: Course, assignment: str) -> None:
    """Check that a course has an assignment of a name: a slip would make a new folder for each student.

    Raises
    ------
    GraderError
        If it has none.
    """
    names = course.assignments()
    if assignment in names or course.folder("release", ".", assignment).is_dir():
        return
    near = difflib.get_close_matches(assignment, names, 1)
    hint = f" Did you mean {near[0]}?" if near else ""
    raise GraderError(f"{assignment}: {course.root} has no such assignment.{hint}")


def show(assignment: str, done: Collected, *, known: bool) -> None:
    """Print what became of a download."""
    parts = [f"{len(done.new)} collected"]
    parts += [f"{len(done.same)} were there already"] if done.same else []
    parts += [f"{len(done.replaced)} replaced"] if done.replaced else []
    print(f"{printable(assignment)}: {', '.join(parts)}.")
    if not known:
        print("The course knew no student before: ids are the names in the download.")
    if done.matched:
        print("Taken for students by their names:")
        for name, student in list(done.matched.items())[:MOST_LINES]:
            print(f"  {printable(name)} → {printable(student)}")
        if len(done.matched) > MOST_LINES:
            print(f"  and {len(done.matched) - MOST_LINES} more")
    if done.left:
        print("Not collected:")
        for name, why in done.left.items():
            print(f"  {printable(name)}: {printable(why, 300)}")
    if any(why.startswith("no student") for why in done.left.values()):
        print("Add them with `nbgrader db student add`, or say --new to take them by these names.")
    if any(why.startswith("its name says") for why in done.left.values()):
        print("For another platform's names, say --pattern (its help has an example).")
