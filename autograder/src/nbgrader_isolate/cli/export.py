"""`nbgrader-isolate export`: scores as CSV, from the gradebook as it is now."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from nbgrader_isolate.cli.options import add_course, add_students, open_course, tell
from nbgrader_isolate.core.errors import Exit, GraderError
from nbgrader_isolate.core.text import counted, join_names

if TYPE_CHECKING:
    from nbgrader_isolate.gradebook.course import Course
    from nbgrader_isolate.report.platform_grades import PlatformGrades

HELP = "Write the scores of one assignment, or of all, as CSV."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `export`."""
    parser.add_argument(
        "assignment", metavar="ASSIGNMENT", nargs="?", help="the assignment to export"
    )
    parser.add_argument(
        "--all", action="store_true", help="export all assignments in the gradebook"
    )
    add_course(parser)
    add_students(parser)
    parser.add_argument(
        "--csv",
        default="-",
        metavar="FILE",
        help="where to write (default: -, standard output)",
    )
    parser.add_argument(
        "--for",
        dest="platform",
        choices=("canvas", "moodle"),
        help="fill the scores into a table that the platform imports; needs --roster",
    )
    parser.add_argument(
        "--roster",
        type=Path,
        metavar="CSV",
        help="with --for: the grades that Canvas exports, or Moodle's grading worksheet",
    )
    parser.add_argument(
        "--column",
        metavar="NAME",
        help="with --for canvas: the column of the assignment, if it does not have its name",
    )
    parser.add_argument(
        "--scale",
        action="store_true",
        help="with --for moodle: convert the points to Moodle's maximum grade",
    )


def run(options: argparse.Namespace) -> Exit:
    """Write the scores."""
    if bool(options.assignment) == options.all:
        raise GraderError("Name one assignment, or use --all for all of them.", Exit.USAGE)
    check_platform(options)
    path = options.csv if options.csv == "-" else str(Path(options.csv).absolute())
    roster_path = options.roster.absolute() if options.roster else None
    course, assignment = open_course(options)
    if options.platform and roster_path:
        return export_for_platform(options, course, roster_path, path)
    from nbgrader_isolate.gradebook.database import open_existing
    from nbgrader_isolate.report.csv_export import score_table, write_csv

    with open_existing(course, tell) as gradebook:
        table = score_table(course, gradebook, [assignment] if assignment else [], options.student)
    write_csv(path, table)
    if path != "-":
        tell(f"Wrote {len(table[1])} lines to {options.csv}.")
    return Exit.DONE


def check_platform(options: argparse.Namespace) -> None:
    """Check that the options for a platform are given together.

    Raises
    ------
    GraderError
    """
    if options.platform and not options.roster:
        raise GraderError(
            f"--for {options.platform} needs --roster: the table that it exports, in which the "
            "scores are filled in.",
            Exit.USAGE,
        )
    if options.platform and (options.all or options.student):
        raise GraderError("--for writes one assignment, for all students.", Exit.USAGE)
    fit = {"--roster": bool(options.platform), "--column": options.platform == "canvas"}
    fit["--scale"] = options.platform == "moodle"
    given = {"--roster": options.roster, "--column": options.column, "--scale": options.scale}
    for name, fits in fit.items():
        if given[name] and not fits:
            raise GraderError(f"{name} has no effect without --for; see --help.", Exit.USAGE)


def export_for_platform(
    options: argparse.Namespace, course: Course, roster_path: Path, path: str
) -> Exit:
    """Write the scores in a platform's own table, and say what is not in it."""
    from nbgrader_isolate.gradebook.database import open_existing
    from nbgrader_isolate.gradebook.roster import Student
    from nbgrader_isolate.gradebook.roster_file import read_roster
    from nbgrader_isolate.report import platform_grades
    from nbgrader_isolate.report.csv_export import score_table, write_csv

    roster = read_roster(roster_path)
    with open_existing(course, tell) as gradebook:
        _, lines = score_table(course, gradebook, [options.assignment])
    scores = {str(line["student"]): line for line in lines}
    fields = ("student", "first_name", "last_name", "email", "lms_user_id")
    students = [Student(*(str(line[name] or "") for name in fields)) for line in lines]
    if options.platform == "canvas":
        grades = platform_grades.canvas_grades(
            options.assignment, roster, students, scores, options.column
        )
    else:
        grades = platform_grades.moodle_grades(roster, students, scores, scale=options.scale)
    platform_grades.absent(grades, roster, students)
    write_csv(path, (grades.columns, grades.lines), "utf-8")
    for line in told(grades, options.platform):
        tell(line)
    incomplete = grades.strangers or grades.missing or grades.doubled
    return Exit.INCOMPLETE if incomplete else Exit.DONE


def told(grades: PlatformGrades, platform: str) -> list[str]:
    """Return what a person should know about a table, one thing a line."""
    lines = [f"{counted(grades.written, 'score')} for {platform.capitalize()}."]
    by_reason: dict[str, list[str]] = {}
    for student, why in grades.empty.items():
        by_reason.setdefault(why, []).append(student)
    lines += [f"Without a score, {why}: {join_names(who)}." for why, who in by_reason.items()]
    if grades.other_maximum is not None:
        lines.append(
            f"{platform.capitalize()} has {grades.other_maximum:g} points for this assignment, and "
            "the course has another maximum: change it there, or it counts more or less than you "
            "want."
        )
    if grades.strangers:
        lines.append(f"In the roster, but not in the course: {join_names(grades.strangers)}.")
    if grades.doubled:
        lines.append(
            f"The roster has several rows for {join_names(grades.doubled)}; they have no score: "
            "fill it in by hand."
        )
    if grades.missing:
        lines.append(f"In the course, but not in the roster: {join_names(grades.missing)}.")
    return lines
