"""`nbgrader-isolate collect`: put a learning platform's download in `submitted/`."""

from __future__ import annotations

import argparse
import difflib
import re
from pathlib import Path
from typing import TYPE_CHECKING

from nbgrader_isolate.cli.options import add_assignment, open_course, tell
from nbgrader_isolate.core.errors import Exit, GraderError
from nbgrader_isolate.core.text import printable

if TYPE_CHECKING:
    from nbgrader_isolate.gradebook.course import Course
    from nbgrader_isolate.intake.collect import Collected

HELP = (
    "Put a learning platform's download (Moodle, Canvas, or a zip file or folder per student) "
    "in submitted/."
)
MAX_MATCHES_SHOWN = 20
"""Matched names that are shown. Files that were not collected are always shown in full."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `collect`."""
    add_assignment(parser)
    parser.add_argument("download", type=Path, metavar="DOWNLOAD", help="a zip file or a folder")
    parser.add_argument(
        "--force", action="store_true", help="replace submissions that differ from the download"
    )
    parser.add_argument(
        "--new", action="store_true", help="accept students missing from the gradebook"
    )
    parser.add_argument(
        "--pattern",
        metavar="REGEX",
        help="regular expression that finds student and file in a path of the download, such as "
        "'hw1_(?P<student>[^_]+)_(?P<file>.+)'",
    )


def run(options: argparse.Namespace) -> Exit:
    """Collect a download, and say which files could not be assigned to a student."""
    pattern = compile_pattern(options.pattern) if options.pattern else None
    download_path = options.download.absolute()
    course, assignment = open_course(options)
    from nbgrader_isolate.gradebook.database import exclusive_run
    from nbgrader_isolate.intake.collect import Collection, known_students, open_download

    check_assignment(course, assignment)
    with exclusive_run(course):
        students = known_students(course, tell)
        collection = Collection(course, assignment, students, force=options.force, new=options.new)
        with open_download(download_path, collection.collected.skipped) as entries:
            collection.collect(entries, {download_path.stem, assignment}, pattern)
    show(assignment, collection.collected, known=bool(students))
    return Exit.INCOMPLETE if collection.collected.skipped else Exit.DONE


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """Return an instructor's pattern.

    Raises
    ------
    GraderError
        If it is not a regular expression, or has no group for the student.
    """
    try:
        compiled = re.compile(pattern, re.DOTALL)
    except re.error as error:
        raise GraderError(
            f"--pattern: not a valid regular expression: {error}.", Exit.USAGE
        ) from error
    if "student" not in compiled.groupindex:
        raise GraderError(
            "--pattern: it has no group named student; write (?P<student>…) where the student's "
            r"name is, as in 'hw1_(?P<student>[^_]+)_.*?(?P<file>[^_]+\.ipynb)'.",
            Exit.USAGE,
        )
    return compiled


def check_assignment(course: Course, assignment: str) -> None:
    """Check that the course has the assignment: a typo would create a new folder for every student.

    Raises
    ------
    GraderError
        If the course has no such assignment.
    """
    names = course.assignments()
    if assignment in names or course.folder("release", ".", assignment).is_dir():
        return
    similar = difflib.get_close_matches(assignment, names, 1)
    hint = f" Did you mean {similar[0]}?" if similar else ""
    raise GraderError(f"{assignment}: {course.root} has no such assignment.{hint}")


def show(assignment: str, collected: Collected, *, known: bool) -> None:
    """Print what was collected and what was not."""
    from nbgrader_isolate.intake.collect import NO_STUDENT_NAMED, UNKNOWN_STUDENT

    parts = [f"{len(collected.new)} collected"]
    parts += [f"{len(collected.unchanged)} already there"] if collected.unchanged else []
    parts += [f"{len(collected.replaced)} replaced"] if collected.replaced else []
    print(f"{printable(assignment)}: {', '.join(parts)}.")
    if not known:
        print("The gradebook had no students yet: the names in the download became their ids.")
    if collected.matched:
        print("Matched to students by name:")
        for name, student in list(collected.matched.items())[:MAX_MATCHES_SHOWN]:
            print(f"  {printable(name)} → {printable(student)}")
        if len(collected.matched) > MAX_MATCHES_SHOWN:
            print(f"  and {len(collected.matched) - MAX_MATCHES_SHOWN} more")
    if collected.skipped:
        print("Not collected:")
        for name, why in collected.skipped.items():
            print(f"  {printable(name)}: {printable(why, 300)}")
    if UNKNOWN_STUDENT in collected.skipped.values():
        print(
            "Add these students with `nbgrader db student add`, or use --new to accept them under "
            "these names."
        )
    if NO_STUDENT_NAMED in collected.skipped.values():
        print("For another platform's file names, use --pattern (see its help for an example).")
