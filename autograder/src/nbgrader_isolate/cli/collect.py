"""`nbgrader-isolate collect`: put a learning platform's download in `submitted/`."""

from __future__ import annotations

import argparse
import difflib
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from nbgrader_isolate.cli.options import add_assignment, open_course, tell
from nbgrader_isolate.core.errors import Exit, GraderError
from nbgrader_isolate.core.text import printable

if TYPE_CHECKING:
    from nbgrader_isolate.gradebook.course import Course
    from nbgrader_isolate.intake.attributions import Attribution
    from nbgrader_isolate.intake.collect import Collected

HELP = (
    "Put a learning platform's download (Canvas, Moodle, Gradescope, Blackboard, Brightspace, "
    "GitHub Classroom, Google Classroom, or a zip file or folder per student) in submitted/."
)
MAX_HOURS = 10 * 365 * 24
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
    parser.add_argument(
        "--inside",
        metavar="FOLDER",
        default="",
        help="folder of the download that has a file or a folder for each student, if the command "
        "asks for it",
    )
    parser.add_argument(
        "--roster",
        type=Path,
        metavar="CSV",
        help="the platform's table of students (Canvas: exported grades; Moodle: grading "
        "worksheet; GitHub Classroom: roster), or your own with the columns name,student",
    )
    parser.add_argument(
        "--zone",
        metavar="ZONE",
        help="time zone of the times in the download, such as Europe/Berlin, so that late "
        "submissions are known (Blackboard, Brightspace)",
    )
    parser.add_argument(
        "--late-by",
        type=float,
        metavar="HOURS",
        help="treat what Canvas marks LATE as submitted so long after the due date; Canvas does "
        "not say when it was",
    )


def run(options: argparse.Namespace) -> Exit:
    """Collect a download, and say which files could not be assigned to a student."""
    pattern = compile_pattern(options.pattern) if options.pattern else None
    download_path = options.download.absolute()
    roster_path = options.roster.absolute() if options.roster else None
    course, assignment = open_course(options)
    from nbgrader_isolate.gradebook.database import exclusive_run
    from nbgrader_isolate.gradebook.known_students import known_students
    from nbgrader_isolate.gradebook.roster import Roster
    from nbgrader_isolate.gradebook.roster_file import read_roster
    from nbgrader_isolate.intake.collect import Collection, open_download
    from nbgrader_isolate.intake.places import remember_places

    check_assignment(course, assignment)
    time_of = clock_for(options, course, assignment)
    with exclusive_run(course):
        students = known_students(course, tell)
        aliases = read_roster(roster_path).aliases(students) if roster_path else None
        roster = Roster(students, aliases)
        collection = Collection(course, assignment, roster, force=options.force, new=options.new)
        collection.time_of = time_of
        with open_download(download_path, collection.collected.skipped) as entries:
            names = {download_path.stem, assignment}
            collection.collect(entries, names, pattern, options.inside)
        remember_places(course.state, assignment, collection.collected.places)
    show(assignment, collection.collected, known=bool(students))
    return Exit.INCOMPLETE if collection.collected.skipped else Exit.DONE


def clock_for(
    options: argparse.Namespace, course: Course, assignment: str
) -> Callable[[Attribution], datetime | None]:
    """Return what tells when a file was submitted, in UTC, from what its platform says.

    Raises
    ------
    GraderError
        If the zone is unknown, or there is no due date to be late by.
    """
    from nbgrader_isolate.gradebook.timestamps import named
    from nbgrader_isolate.intake.collected_files import zoned_time

    zone = named(options.zone) if options.zone else None
    if options.zone and zone is None:
        raise GraderError(
            f"--zone: {printable(options.zone)} is not the name of a time zone; write one such as "
            "Europe/Berlin.",
            Exit.USAGE,
        )
    late_time = None
    if options.late_by is not None:
        due = due_date(course, assignment)
        if due is None or not 0 < options.late_by < MAX_HOURS:
            raise GraderError(
                f"--late-by: {assignment} has no due date in the gradebook; set it in the "
                "formgrader first."
                if due is None
                else "--late-by: give a number of hours greater than 0.",
                Exit.USAGE,
            )
        late_time = due.replace(tzinfo=UTC) + timedelta(hours=options.late_by)

    def time_of(attribution: Attribution) -> datetime | None:
        time = attribution.time
        if time and zone and not time.tzinfo:
            return time.replace(tzinfo=zone).astimezone(UTC)
        return zoned_time(attribution) or (late_time if attribution.late else None)

    return time_of


def due_date(course: Course, assignment: str) -> datetime | None:
    """Return the due date of an assignment, in UTC without a zone."""
    from nbgrader_isolate.gradebook.database import open_existing
    from nbgrader_isolate.gradebook.grades import check_assignment as due_in

    with open_existing(course, tell) as gradebook:
        return due_in(gradebook, assignment)


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
    if collected.copies:
        print("The answers were in a copy, beside a notebook as it was handed out:")
        for name, copy in collected.copies.items():
            print(f"  {printable(name)}: {printable(copy, 300)}")
    if collected.skipped:
        print("Not collected:")
        for name, why in collected.skipped.items():
            print(f"  {printable(name)}: {printable(why, 300)}")
    for line in advice(collected):
        print(line)


def advice(collected: Collected) -> Iterator[str]:
    """Yield what to do about what was not collected, and about times, one thing a line."""
    from nbgrader_isolate.core.text import join_names
    from nbgrader_isolate.intake.collect import AMBIGUOUS, NO_STUDENT_NAMED, UNKNOWN_STUDENT

    reasons = set(collected.skipped.values())
    if UNKNOWN_STUDENT in reasons:
        yield (
            "Students that are missing from the gradebook can be added in the formgrader, or with "
            "`nbgrader db student add`; --new accepts them under these names. If they are in the "
            "gradebook under another name, say so with --roster: the table of the platform, or a "
            "CSV file with the columns name,student."
        )
    if any(reason.startswith(AMBIGUOUS) for reason in reasons):
        yield (
            "To tell students of one name apart, give the platform's table with --roster, or a CSV "
            "file with the columns name,student: the names above, and the ids in the gradebook."
        )
    if NO_STUDENT_NAMED in reasons:
        yield "For another platform's file names, use --pattern (see its help for an example)."
    if collected.older:
        yield f"Only the newest attempt was taken of {join_names(collected.older)}."
    if untimed := [one for one in collected.late if one not in collected.timed]:
        yield (
            f"Marked late by Canvas, which does not say when: {join_names(untimed)}. Nothing is "
            "deducted for that unless you use --late-by HOURS, or write the time to timestamp.txt."
        )
    if collected.timed:
        yield f"Time of submission known: {len(collected.timed)}."
    if collected.times_without_zone:
        yield (
            "The download says when work was submitted, but not in which time zone: use --zone, "
            "such as --zone Europe/Berlin, so that late submissions are known."
        )
