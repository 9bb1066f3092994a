"""`nbgrader-isolate export`: scores as CSV, from the gradebook as it is now."""

from __future__ import annotations

import argparse
from pathlib import Path

from nbgrader_isolate.cli.options import add_course, add_students, open_course, tell
from nbgrader_isolate.core.errors import Exit, GraderError

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


def run(options: argparse.Namespace) -> Exit:
    """Write the scores."""
    if bool(options.assignment) == options.all:
        raise GraderError("Name one assignment, or use --all for all of them.", Exit.USAGE)
    path = options.csv if options.csv == "-" else str(Path(options.csv).absolute())
    course, assignment = open_course(options)
    from nbgrader_isolate.gradebook.database import open_existing
    from nbgrader_isolate.report.csv_export import score_table, write_csv

    with open_existing(course, tell) as gradebook:
        table = score_table(course, gradebook, [assignment] if assignment else [], options.student)
    write_csv(path, table)
    if path != "-":
        tell(f"Wrote {len(table[1])} lines to {options.csv}.")
    return Exit.DONE
