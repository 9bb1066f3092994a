"""`nbgrader-isolate review ASSIGNMENT`: one queue of what needs a person, with links."""

from __future__ import annotations

import argparse
from pathlib import Path

from nbgrader_isolate.cli.options import add_assignment, add_students, open_course, tell
from nbgrader_isolate.core.errors import Exit, GraderError

HELP = "List what needs a person, each with a link into the formgrader."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `review`."""
    add_assignment(parser)
    add_students(parser)
    parser.add_argument(
        "--formgrader",
        metavar="URL",
        help="address of the formgrader (default: http://localhost:8888/formgrader)",
    )
    parser.add_argument(
        "--csv", metavar="FILE", help="write the queue as CSV, for example to share it out"
    )


def run(options: argparse.Namespace) -> Exit:
    """List what needs a person."""
    path = options.csv if options.csv in (None, "-") else str(Path(options.csv).absolute())
    course, assignment = open_course(options)
    from nbgrader_isolate.gradebook.database import open_existing
    from nbgrader_isolate.gradebook.grades import grades_of, submissions_of
    from nbgrader_isolate.report.csv_export import write_csv
    from nbgrader_isolate.report.review_queue import (
        FORMGRADER,
        print_queue,
        queue_lines,
        review_queue,
    )
    from nbgrader_isolate.report.summary import make_console

    formgrader = options.formgrader or FORMGRADER
    if not formgrader.startswith(("http://", "https://")):
        raise GraderError("--formgrader: give an address that begins with http://.", Exit.USAGE)
    wanted = set(options.student)
    with open_existing(course, tell) as gradebook:
        grades = grades_of(gradebook, assignment)
        submissions = submissions_of(gradebook, assignment)
    items = [
        item
        for item in review_queue(course.latest_results(assignment), grades, submissions)
        if not wanted or item.student in wanted
    ]
    if path:
        lines = list(queue_lines(items, formgrader))
        columns = ["student", "name", "notebook", "reasons", "grade_by_hand", "link"]
        write_csv(path, (columns, [dict(line) for line in lines]))
        if path != "-":
            tell(f"Wrote {len(lines)} lines to {options.csv}.")
    else:
        print_queue(make_console(), items, formgrader)
    return Exit.DONE
