"""`nbgrader-isolate report`: the scores in the gradebook, and what needs a person."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from nbgrader_isolate.cli.options import (
    add_assignment,
    add_json,
    add_students,
    open_course,
    tell,
)
from nbgrader_isolate.core.errors import Exit, GraderError

if TYPE_CHECKING:
    from nbgrader_isolate.gradebook.course import Course

HELP = "Show the scores in the gradebook, and which submissions need a review and why."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `report`."""
    add_assignment(parser)
    add_students(parser)
    add_json(parser)
    parser.add_argument(
        "--html",
        metavar="FILE",
        help="write a page about the whole class: scores, tasks, and what many students got wrong",
    )
    parser.add_argument(
        "--names", action="store_true", help="with --html: show who wrote the answers on the page"
    )


def run(options: argparse.Namespace) -> Exit:
    """Show the scores and what the last runs noted, or write a page about the class."""
    if options.names and not options.html:
        raise GraderError("--names belongs to --html FILE.", Exit.USAGE)
    if options.html and (options.student or options.json):
        raise GraderError(
            "--html is about the whole class: leave out --student and --json.", Exit.USAGE
        )
    page = options.html if options.html in (None, "-") else str(Path(options.html).absolute())
    course, assignment = open_course(options)
    if page:
        return write_class_report(course, assignment, page, names=options.names)
    from nbgrader_isolate.gradebook.accommodations import accommodations, unknown_assignments
    from nbgrader_isolate.gradebook.database import open_existing
    from nbgrader_isolate.gradebook.grades import check_assignment, grades_of, submissions_of
    from nbgrader_isolate.report.lateness import lateness_lines
    from nbgrader_isolate.report.summary import (
        cell_lines,
        make_console,
        print_line,
        print_review_reasons,
        scores_table,
        tally_rows,
        write_json,
    )

    wanted = set(options.student)
    rows = course.latest_results(assignment, wanted)
    if options.json:
        write_json(options.json, rows)
        if options.json == "-":
            return Exit.DONE
    with open_existing(course, tell) as gradebook:
        due = check_assignment(gradebook, assignment)
        grades = grades_of(gradebook, assignment)
        submissions = [
            one
            for one in submissions_of(gradebook, assignment)
            if not wanted or one.student in wanted
        ]
    if not submissions:
        raise GraderError(
            f"{assignment}: the gradebook of {course.root} has no submission of this assignment."
        )
    granted = accommodations(course.root, assignment)
    excused = {student for student, what in granted.items() if what.excused}
    out, tally = make_console(), tally_rows(rows)
    out.print(scores_table(grades, submissions, excused))
    for line in cell_lines(tally):
        print_line(out, line)
    for line in lateness_lines(submissions, granted, due=due is not None):
        print_line(out, line)
    for line in unknown_assignments(course.root, course.assignments()):
        print_line(out, line)
    print_review_reasons(out, tally)
    return Exit.DONE


def write_class_report(course: Course, assignment: str, page: str, *, names: bool) -> Exit:
    """Write the page about a class; `-` is standard output."""
    from nbgrader_isolate.core.atomic import write_output
    from nbgrader_isolate.feedback.class_report import class_report

    write_output(page, class_report(course, assignment, tell, names=names), "the class report")
    if page != "-":
        tell(f"Wrote {page}.")
    return Exit.DONE
