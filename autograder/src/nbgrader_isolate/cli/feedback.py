"""`nbgrader-isolate feedback ASSIGNMENT`: write a page for each graded submission."""

from __future__ import annotations

import argparse
from pathlib import Path

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
    parser.add_argument(
        "--zip",
        type=Path,
        metavar="FILE",
        help="also put all pages in a zip file that Canvas or Moodle takes back, if `collect` took "
        "the submissions from there",
    )


def run(options: argparse.Namespace) -> Exit:
    """Write the feedback pages."""
    archive = options.zip.absolute() if options.zip else None
    course, assignment = open_course(options)
    from nbgrader_isolate.feedback.bundle import bundle_feedback
    from nbgrader_isolate.feedback.write import write_feedback

    done = write_feedback(course, assignment, options.student, force=options.force, tell=tell)
    if archive:
        bundle_feedback(course, assignment, options.student, archive, tell)
    return done
