"""`nbgrader-isolate demo`: create a small course and grade its 30 submissions while you watch."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from nbgrader_isolate.cli import grade
from nbgrader_isolate.cli.options import add_jobs, add_no_sandbox
from nbgrader_isolate.core.errors import Exit

HELP = "Create a course with 30 varied submissions, grade them, and show the summary."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `demo`."""
    parser.add_argument(
        "folder",
        nargs="?",
        type=Path,
        metavar="DIR",
        help="a new or empty folder (default: a temporary one)",
    )
    add_jobs(parser)
    add_no_sandbox(parser, "run students' code without protection")


def run(options: argparse.Namespace) -> Exit:
    """Create the course, grade it, and say where it is."""
    from nbgrader_isolate.cli.demo_submissions import ASSIGNMENT, SUBMISSIONS, make_course

    folder = options.folder
    root = folder.absolute() if folder else Path(tempfile.mkdtemp(prefix="nbgrader-isolate-demo-"))
    print(f"A course with {len(SUBMISSIONS)} submissions, in {root}", flush=True)
    try:
        make_course(root)
    except BaseException:
        if not folder:
            shutil.rmtree(root)
        raise
    code = grade.run(
        argparse.Namespace(
            assignment=ASSIGNMENT,
            course=root,
            student=[],
            force=False,
            json=None,
            jobs=options.jobs,
            scheduler=None,
            no_sandbox=options.no_sandbox,
        )
    )
    if code in (Exit.DONE, Exit.INCOMPLETE):
        print(f"\nExplore {root}: autograded/, gradebook.db. Then try:")
        for command in ("report {}", "feedback {}", "export {} --csv marks.csv"):
            words = f"{command.format(ASSIGNMENT)} --course {root}"
            print(f"  {sys.executable} -m nbgrader_isolate {words}")
        return Exit.DONE
    return code
