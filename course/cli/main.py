"""Build, check and hand out the course. Each verb is also a target of the Makefile."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from course.cli import exercises, lessons, maintenance
from course.core.errors import CourseError, explained
from course.core.paths import ROOT

Verb = Callable[[argparse.Namespace], int]
"""Runs a verb with its options and returns the exit status."""
AddVerb = Callable[[str, Verb], argparse.ArgumentParser]
"""Adds a verb to the command line and returns its parser."""


def run(arguments: list[str]) -> int:
    """Run one verb.

    Parameters
    ----------
    arguments : list of str
        The verb and its options.

    Returns
    -------
    int
        0 if everything went well, 1 after a message that says what to fix, 2 for a wrong command
        line, 130 after Ctrl-C.
    """
    options = parser().parse_args(arguments)
    try:
        status: int = options.verb(options)
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        if (message := explained(error, ROOT)) is None:
            raise
        print(message, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(
            "\nStopped. No file is incomplete; run the command again to continue.", file=sys.stderr
        )
        return 130
    return status


def parser() -> argparse.ArgumentParser:
    """Return the command line of `python -m course`."""
    top = argparse.ArgumentParser(prog="python -m course", description=__doc__)
    verbs = top.add_subparsers(metavar="VERB", required=True)
    offered = None if (ROOT / "solutions").is_dir() else students_verbs()

    def verb(name: str, function: Verb) -> argparse.ArgumentParser:
        summary = (function.__doc__ or "").splitlines()[0]
        # a verb without help is not listed, but it still works and says what is missing
        listed: dict[str, Any] = {"help": summary} if offered is None or name in offered else {}
        added = verbs.add_parser(name, description=summary, **listed)
        added.set_defaults(verb=function)
        return added

    add_lessons(verb)
    add_exercises(verb)
    add_maintenance(verb)
    return top


def add_lessons(verb: AddVerb) -> None:
    """Add the verbs that build notebooks and pages."""
    verb("setup", lessons.setup)
    html = verb("html", lessons.html)
    html.add_argument(
        "--jobs", type=int, help="how many lessons to run at a time (default: one per CPU)"
    )
    html.add_argument("--plain", action="store_true", help="build pages whose cells do not run")
    html.add_argument(
        "--full", action="store_true", help="let these cells use Matplotlib (downloaded once)"
    )
    verb("lab", lessons.lab).add_argument(
        "options", nargs="*", help="options for JupyterLab, after --"
    )
    verb("jupyterlite", lessons.jupyterlite)
    verb("notebooks", lessons.notebooks)
    verb("myths", lessons.myths)
    verb("import", lessons.import_).add_argument(
        "notebook", type=Path, help="a notebook in lessons/ or solutions/"
    )


def add_exercises(verb: AddVerb) -> None:
    """Add the verbs around the exercises."""
    verb("check", exercises.check).add_argument("assignment", nargs="?", metavar="A")
    over = verb("start-over", exercises.start_over)
    over.add_argument("assignment", metavar="A")
    over.add_argument("task", nargs="?", metavar="T")
    verb("capstone", exercises.capstone)
    verb("student", exercises.student)
    verb("cartridge", exercises.cartridge).add_argument("address", metavar="URL")
    verb("pack", exercises.pack).add_argument("assignment", metavar="A")
    variant = verb("variant", exercises.variant)
    variant.add_argument("seed", type=int, metavar="SEED")
    variant.add_argument("assignment", nargs="?", metavar="A")
    verb("release", exercises.release).add_argument("assignment", metavar="A")


def add_maintenance(verb: AddVerb) -> None:
    """Add the verbs that check, measure and clean up the repository."""
    test = verb("test", maintenance.test_)
    test.add_argument("--fast", action="store_true", help="skip the slow tests")
    test.add_argument(
        "--all", action="store_true", help="run everything, including every answer case"
    )
    test.add_argument(
        "--failed", action="store_true", help="with --all: run only what failed, again"
    )
    test.add_argument("options", nargs="*", help="options for pytest, after --")
    verb("check-fast", maintenance.check_fast)
    verb("lint", maintenance.lint)
    verb("bench", maintenance.bench).add_argument(
        "--write", action="store_true", help="also write the tables next to the scripts"
    )
    for name in ("version-matrix", "lens"):
        verb(name, maintenance.version_matrix).add_argument(
            "--grader", action="store_true", help="run the grader's tests instead of the lessons"
        )
    verb("lock", maintenance.lock)
    verb("release-check", maintenance.release_check)
    verb("release-version", maintenance.release_version).add_argument("version", metavar="V")
    live = verb("live-update", maintenance.live_update)
    live.add_argument("version", metavar="VERSION", help="a version of Pyodide")
    live.add_argument("--carrier", default="", help="name==version of what carries its wheels")
    verb("live-editor", maintenance.live_editor)
    verb("clean", maintenance.clean)


def students_verbs() -> tuple[str, ...]:
    """Return the verbs that work in the students' copy; the others need the solutions."""
    from course.handout.student_zip import VERBS

    return VERBS
