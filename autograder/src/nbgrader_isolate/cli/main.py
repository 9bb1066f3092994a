"""The command `nbgrader-isolate`: it parses the command line and runs one command.

A command is a module of this package with a one-line summary (`HELP`), `add_arguments` and `run`.
Importing one needs the standard library only, so that `doctor` can start on a machine that lacks
everything else.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Protocol

from nbgrader_isolate import __version__
from nbgrader_isolate.cli import (
    collect,
    demo,
    doctor,
    export,
    feedback,
    grade,
    plan,
    regrade,
    report,
    review,
)
from nbgrader_isolate.core.errors import Exit, GraderError

DESCRIPTION = (
    "Grade the submissions of an nbgrader course, each in a sandbox and several at a time."
)
EXIT_CODES = "\n".join(
    f"  {code.value:<4} {meaning}"
    for code, meaning in {
        Exit.DONE: "everything was graded",
        Exit.INCOMPLETE: "some submissions could not be graded; all others were",
        Exit.USAGE: "the command line is wrong",
        Exit.COURSE: "the course or the assignment cannot be graded",
        Exit.GRADEBOOK: "the gradebook or the disk cannot be used",
        Exit.SANDBOX: "this machine cannot grade; `nbgrader-isolate doctor` says why",
        Exit.INTERRUPTED: "stopped by Ctrl-C",
        Exit.NO_READER: "what read the output has ended, as `head` does",
    }.items()
)


class Command(Protocol):
    """What each command module offers."""

    HELP: str

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's options."""

    def run(self, options: argparse.Namespace) -> Exit:
        """Run the command."""


COMMANDS: dict[str, Command] = {
    "grade": grade,
    "regrade": regrade,
    "review": review,
    "feedback": feedback,
    "report": report,
    "collect": collect,
    "export": export,
    "plan": plan,
    "demo": demo,
    "doctor": doctor,
}


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : sequence of str, optional
        The command and its options; the default is the command line of this process.

    Returns
    -------
    int
        One of `nbgrader_isolate.core.errors.Exit`.
    """
    options = build_parser().parse_args(arguments)
    try:
        code = int(COMMANDS[options.command].run(options))
        sys.stdout.flush()
    except OSError as error:
        if not give_up_output():
            raise
        if isinstance(error, BrokenPipeError):
            return int(Exit.NO_READER)
        print(f"standard output: cannot be written: {error.strerror}.", file=sys.stderr)
        return int(Exit.GRADEBOOK)
    except GraderError as error:
        print(error, file=sys.stderr)
        return int(error.code)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] == "nbgrader_isolate":
            raise
        print(missing_package(error.name.partition(".")[0]), file=sys.stderr)
        return int(Exit.SANDBOX)
    except KeyboardInterrupt:
        print(
            "\nStopped. What was recorded is safe; run the same command again to continue.",
            file=sys.stderr,
        )
        return int(Exit.INTERRUPTED)
    return code


def give_up_output() -> bool:
    """Return whether standard output is what cannot be written; if so, nothing more goes there."""
    try:
        sys.stdout.write("\n")  # what failed may not be tried again
        sys.stdout.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
        return True
    return False


def missing_package(name: str) -> str:
    """Return what to do when a package that the grader needs is not installed."""
    return (
        f"The Python package {name} is not installed: run `pip install nbgrader-isolate`, then "
        "`nbgrader-isolate doctor` to check the rest."
    )


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    parser = argparse.ArgumentParser(
        prog="nbgrader-isolate",
        description=DESCRIPTION,
        epilog=f"Start with `doctor` and `demo`.\n\nexit codes:\n{EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"nbgrader-isolate {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", dest="command", required=True)
    for name, command in COMMANDS.items():
        command.add_arguments(
            commands.add_parser(name, help=command.HELP, description=command.HELP)
        )
    return parser
