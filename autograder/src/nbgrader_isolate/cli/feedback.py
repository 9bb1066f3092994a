"""`nbgrader-isolate feedback ASSIGNMENT`: write a page for each graded submission."""

from __future__ import annotations

import argparse

from nbgrader_isolate.cli.options import add_assignment, add_students, open_course, tell
from nbgrader_isolate.core.errors import Exit

HELP = "Write the feedback pages of graded submissions."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `feedback`."""
    add_assignment(parser)
    add_students(parser)
    parser.add_argument(
        "--force", action="store_true", help="no effect: all pages are always rewritten"
    )


def run(options: argparse.Namespace) -> Exit:
    """Write the feedback pages."""
    course, assignment = open_course(options)
    from nbgrader_isolate.feedback.write import write_feedback

    return write_feedback(course, assignment, options.student, force=options.force, tell=tell)
