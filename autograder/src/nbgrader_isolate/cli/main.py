"""`python -m nbgrader_isolate`: grade a course's submissions, write feedback, report, try it, check the machine."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from nbgrader_isolate.core.errors import Exit, GraderError

CODES = "; ".join(
    f"{code.value} {words}"
    for code, words in {
        Exit.DONE: "all graded",
        Exit.INCOMPLETE: "some could not be, the others are",
        Exit.USAGE: "wrong command line",
        Exit.COURSE: "nothing to grade there",
        Exit.GRADEBOOK: "the gradebook or the disk refuses",
        Exit.SANDBOX: "no sandbox",
        Exit.INTERRUPTED: "stopped by Ctrl-C",
    }.items()
)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns
    -------
    int
        One of `nbgrader_isolate.core.errors.Exit`.
    """
    options = parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], Exit] = options.command
    try:
        return int(command(options))
    except GraderError as error:
        print(error, file=sys.stderr)
        return int(error.code)
    except KeyboardInterrupt:
        print(
            "\nStopped. What was recorded stays; the same command goes on from there.",
            file=sys.stderr,
        )
        return int(Exit.INTERRUPTED)


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    top = argparse.ArgumentParser(
        prog="python -m nbgrader_isolate", description=__doc__, epilog=f"Exit codes: {CODES}."
    )
    verbs = top.add_subparsers(metavar="COMMAND", required=True)

    def verb(function: Callable[[argparse.Namespace], Exit]) -> argparse.ArgumentParser:
        told = (function.__doc__ or "").splitlines()[0]
        added = verbs.add_parser(function.__name__, help=told, description=told)
        added.set_defaults(command=function)
        return added

    for function in (grade, feedback, report):
        added = verb(function)
        added.add_argument("assignment", metavar="ASSIGNMENT")
        added.add_argument(
            "--course", type=Path, default=Path(), metavar="DIR", help="default: here"
        )
        added.add_argument(
            "--student", action="append", default=[], metavar="ID", help="only this one; repeatable"
        )
        if function is not report:
            added.add_argument(
                "--force", action="store_true", help="also what is done and not newer"
            )
        if function is not feedback:
            added.add_argument(
                "--json", metavar="FILE", help="write results there; - is standard output"
            )
        if function is grade:
            added.add_argument(
                "--jobs", type=positive, metavar="N", help="so many at a time; default: processors"
            )
            added.add_argument(
                "--scheduler", metavar="ADDRESS", help="grade on a Dask cluster: tls://host:8786"
            )
            added.add_argument(
                "--no-sandbox",
                action="store_true",
                help="run students' code unprotected; every result says so",
            )
    taken = verb(collect)
    taken.add_argument("assignment", metavar="ASSIGNMENT")
    taken.add_argument("download", type=Path, metavar="DOWNLOAD", help="zip file, or folder")
    taken.add_argument("--course", type=Path, default=Path(), metavar="DIR", help="default: here")
    taken.add_argument("--force", action="store_true", help="replace submissions that differ")
    taken.add_argument("--new", action="store_true", help="also students the course does not know")
    taken.add_argument(
        "--pattern",
        metavar="REGEX",
        help="how a path in the download names its student: 'hw1_(?P<student>[^_]+)_(?P<file>.+)'",
    )
    table = verb(export)
    table.add_argument("assignment", metavar="ASSIGNMENT", nargs="?")
    table.add_argument("--all", action="store_true", help="all assignments of the gradebook")
    table.add_argument("--course", type=Path, default=Path(), metavar="DIR", help="default: here")
    table.add_argument(
        "--student", action="append", default=[], metavar="ID", help="only this one; repeatable"
    )
    table.add_argument(
        "--csv", default="-", metavar="FILE", help="default: -, which is standard output"
    )
    fixed = verb(plan)
    fixed.add_argument("assignment", metavar="ASSIGNMENT")
    fixed.add_argument("--course", type=Path, default=Path(), metavar="DIR", help="default: here")
    fixed.add_argument("--no-sandbox", action="store_true", help="run your solution unprotected")
    shown = verb(demo)
    shown.add_argument(
        "folder", nargs="?", type=Path, help="new or empty; default: a temporary one"
    )
    shown.add_argument("--jobs", type=positive, metavar="N", help="workers; default: processors")
    shown.add_argument("--no-sandbox", action="store_true", help="run students' code unprotected")
    verb(doctor).add_argument("--course", type=Path, metavar="DIR", help="look at this course too")
    return top


def positive(text: str) -> int:
    """Return a whole number above 0."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text}: at least 1")
    return number


def grade(options: argparse.Namespace) -> Exit:
    """Grade the submissions of an assignment and record the marks."""
    from nbgrader_isolate.cli.grade import grade as command

    return command(options)


def feedback(options: argparse.Namespace) -> Exit:
    """Write the feedback pages of graded submissions."""
    from nbgrader_isolate.cli.grade import feedback as command

    return command(options)


def report(options: argparse.Namespace) -> Exit:
    """Show the marks in the gradebook, and who needs a person, and why."""
    from nbgrader_isolate.cli.grade import report as command

    return command(options)


def collect(options: argparse.Namespace) -> Exit:
    """Take a learning platform's download (Moodle, Canvas, a zip or folder a student) into submitted/."""
    from nbgrader_isolate.cli.collect import collect as command

    return command(options)


def export(options: argparse.Namespace) -> Exit:
    """Write the marks of one assignment, or of all, as CSV."""
    from nbgrader_isolate.cli.export import export as command

    return command(options)


def plan(options: argparse.Namespace) -> Exit:
    """Fix where each test of an assignment runs: at release, or when it has changed."""
    from nbgrader_isolate.cli.plan import plan as command

    return command(options)


def demo(options: argparse.Namespace) -> Exit:
    """Make a course with 30 varied submissions, grade them, show the summary."""
    from nbgrader_isolate.cli.demo import demo as command

    return command(options)


def doctor(options: argparse.Namespace) -> Exit:
    """Look whether this machine can grade: sandbox, kernels, gradebook, disk; say what to do."""
    from nbgrader_isolate.cli.doctor import doctor as command

    return command(options)
