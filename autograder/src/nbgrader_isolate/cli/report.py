"""`nbgrader-isolate report`: the scores in the gradebook, and what needs a person."""

from __future__ import annotations

import argparse

from nbgrader_isolate.cli.options import (
    add_assignment,
    add_json,
    add_students,
    open_course,
    tell,
)
from nbgrader_isolate.core.errors import Exit, GraderError

HELP = "Show the scores in the gradebook, and which submissions need a review and why."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `report`."""
    add_assignment(parser)
    add_students(parser)
    add_json(parser)


def run(options: argparse.Namespace) -> Exit:
    """Show the scores, and what the last runs noted."""
    course, assignment = open_course(options)
    from nbgrader_isolate.gradebook.database import open_existing
    from nbgrader_isolate.report.summary import (
        cell_lines,
        make_console,
        print_line,
        print_review_reasons,
        scores_of,
        scores_table,
        tally_rows,
        write_json,
    )

    wanted = set(options.student)
    rows = course.results(assignment, wanted)
    if options.json:
        write_json(options.json, rows)
        if options.json == "-":
            return Exit.DONE
    with open_existing(course, tell) as gradebook:
        entries = [
            entry
            for entry in scores_of(gradebook, assignment)
            if not wanted or entry["student"] in wanted
        ]
    if not entries:
        raise GraderError(
            f"{assignment}: the gradebook of {course.root} has no submission of this assignment."
        )
    out, tally = make_console(), tally_rows(rows)
    out.print(scores_table(entries))
    for line in cell_lines(tally):
        print_line(out, line)
    print_review_reasons(out, tally)
    return Exit.DONE
