"""`python -m nbgrader_isolate export`: marks as CSV, from the gradebook as it is now."""

from __future__ import annotations

import argparse
from pathlib import Path

from nbgrader_isolate.cli.grade import opened, tell
from nbgrader_isolate.core.errors import Exit, GraderError


def export(options: argparse.Namespace) -> Exit:
    """Write the marks of one assignment, or of all, as CSV."""
    if bool(options.assignment) == options.all:
        raise GraderError("Name one assignment, or say --all.", Exit.USAGE)
    place = options.csv if options.csv == "-" else str(Path(options.csv).absolute())
    course, assignment = opened(options)
    from nbgrader_isolate.gradebook.database import open_existing

    with open_existing(course, tell) as gradebook:
        from nbgrader_isolate.report.csv_export import marks, write  # after nbgrader's lean import

        names = [assignment] if assignment else []
        table = marks(course, gradebook, names, options.student)
    write(place, table)
    if place != "-":
        tell(f"{len(table[1])} lines in {options.csv}.")
    return Exit.DONE
