"""What several commands share: options, the course's folder, and lines for the person who waits."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from nbgrader_isolate.core.errors import GraderError

if TYPE_CHECKING:
    from nbgrader_isolate.gradebook.course import Course

NOT_A_FOLDER_NAME = {"", ".", ".."}


def add_assignment(parser: argparse.ArgumentParser) -> None:
    """Add the assignment and the course's folder."""
    parser.add_argument("assignment", metavar="ASSIGNMENT", help="name of the assignment")
    add_course(parser)


def add_course(parser: argparse.ArgumentParser) -> None:
    """Add the course's folder."""
    parser.add_argument(
        "--course",
        type=Path,
        default=Path(),
        metavar="DIR",
        help="folder of the course, with nbgrader_config.py (default: the current folder)",
    )


def add_students(parser: argparse.ArgumentParser) -> None:
    """Add the choice of students."""
    parser.add_argument(
        "--student",
        action="append",
        default=[],
        metavar="ID",
        help="only this student (repeatable)",
    )


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add the file for results."""
    parser.add_argument(
        "--json",
        metavar="FILE",
        help="write the results as JSON; with -, to standard output and without the summary",
    )


def add_jobs(parser: argparse.ArgumentParser) -> None:
    """Add the number of submissions that are graded at a time."""
    parser.add_argument(
        "--jobs",
        type=positive_integer,
        metavar="N",
        help="grade N submissions at a time (default: one per processor)",
    )


def add_scheduler(parser: argparse.ArgumentParser) -> None:
    """Add the choice of a cluster."""
    parser.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="grade on a Dask cluster, for example tls://host:8786 (needs nbgrader-isolate[dask])",
    )
    parser.add_argument(
        "--insecure",
        action="store_true",
        help="allow a --scheduler without TLS: whoever reaches it can read hidden tests and run "
        "code on its workers",
    )


def add_no_sandbox(parser: argparse.ArgumentParser, help_text: str) -> None:
    """Add the option that gives up protection."""
    parser.add_argument("--no-sandbox", action="store_true", help=help_text)


def positive_integer(text: str) -> int:
    """Return a whole number of at least 1."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is too small: the smallest value is 1")
    return number


def check_course_folder(options: argparse.Namespace) -> None:
    """Check what can be checked before anything is started.

    Raises
    ------
    GraderError
        If the assignment's name cannot be the name of a folder, or the course's folder is missing.
    """
    name = options.assignment or "all"
    unfit = name in NOT_A_FOLDER_NAME or name.startswith(".") or any(c in name for c in "/+")
    if unfit or not name.isprintable():
        raise GraderError(
            f"{name!r} is not the name of an assignment: give the name of its folder, such as ps1."
        )
    if not options.course.is_dir():
        raise GraderError(
            f"{options.course}: no such folder; give the course's folder with --course DIR."
        )


def open_course(options: argparse.Namespace) -> tuple[Course, str]:
    """Change to the course's folder, as nbgrader does, and return the course and the assignment."""
    check_course_folder(options)
    if getattr(options, "json", None):
        options.json = options.json if options.json == "-" else str(Path(options.json).absolute())
    os.chdir(options.course)
    from nbgrader_isolate.gradebook.course import Course

    course = Course(Path.cwd())
    for notice in course.notices:
        tell(f"Note: {notice}")
    return course, options.assignment


def tell(line: str) -> None:
    """Print a line for the person who waits, on standard error."""
    print(line, file=sys.stderr, flush=True)
