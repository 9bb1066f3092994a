"""The verbs around the exercises: for students, and for instructors who hand them out."""

from __future__ import annotations

import argparse

from course.core.paths import Folders


def check(options: argparse.Namespace) -> int:
    """Say which exercises are solved, and what to do next."""
    from course.exercises.check import check as look
    from course.exercises.check import table

    for line in table(look(Folders(), options.assignment)):
        print(line)
    return 0


def start_over(options: argparse.Namespace) -> int:
    """Make a fresh copy of an exercise, and keep the old one."""
    from course.exercises.start_over import start_over as fresh

    folders = Folders()
    done = fresh(folders, options.assignment, options.task)
    for mine, kept in done:
        was = "" if kept == mine else f"; yours is kept as {folders.relative(kept)}"
        print(f"{folders.relative(mine)} is fresh{was}")
    if not done:
        print("Nothing to do: what is in work/ is as it was handed out.")
    return 0


def capstone(_options: argparse.Namespace) -> int:
    """Put your own parts of MiniArray into the capstone."""
    from course.exercises.capstone import fill, report

    folders = Folders()
    parts, changed = fill(folders)
    for line in report(parts):
        print(line)
    for file in changed:
        print(f"wrote {folders.relative(file)}; as it was, it is kept in work/kept/")
    if not changed:
        print("The capstone holds these parts already.")
    return 0


def student(_options: argparse.Namespace) -> int:
    """Write a zip for students into _build/: no solutions, no hidden tests."""
    from course.handout.student_zip import student_bundle

    folders = Folders()
    file, exercises = student_bundle(folders)
    size = file.stat().st_size / 1e6
    print(f"{folders.relative(file)}: {exercises} exercises and the lessons, {size:.1f} MB.")
    print("Students unzip it and run `make lab` there.")
    return 0


def pack(options: argparse.Namespace) -> int:
    """Write one assignment for any nbgrader course into _build/pack/."""
    from course.handout.pack import pack as write

    folders = Folders()
    made = write(folders, options.assignment)
    print(
        f"{folders.relative(made.folder)}/ holds {described(made.points)}; its README says how to use it."
    )
    return 0


def variant(options: argparse.Namespace) -> int:
    """Write the assignments with other hidden data, solve them, and say what changed."""
    from course.handout.pack import variant as write

    folders = Folders()
    for made in write(folders, options.seed, options.assignment):
        folder = folders.relative(made.folder / "source" / made.name)
        print(f"{folder}/ holds {described(made.points)}; the references get all of them.")
        if made.same:
            print(f"  the same as before, without random data: {', '.join(made.same)}")
    return 0


def release(options: argparse.Namespace) -> int:
    """Register an assignment in the gradebook."""
    from course.handout.register import register

    known = register(Folders(), options.assignment)
    print(f"The gradebook knows {options.assignment}: {described(known.points)}.")
    if known.submissions:
        print(f"It holds {known.submissions} submissions; their marks are as they were.")
    print(
        f"Students get exercises/{options.assignment}/ (`nbgrader release_assignment {options.assignment}`)."
    )
    return planned(options.assignment)


def planned(assignment: str) -> int:
    """Let the autograder fix where each test runs, so that the first `make grade` need not."""
    from nbgrader_isolate.cli.main import run
    from nbgrader_isolate.core.errors import Exit

    status = run(["plan", assignment, "--course", str(Folders().root)])
    if status == Exit.SANDBOX:
        print("The assignment is registered all the same; its plan is made where it is graded.")
        return 0
    return status


def described(points: dict[str, float]) -> str:
    """Return `8 notebooks with 28 points`."""
    count = len(points)
    return f"{count} notebook{'' if count == 1 else 's'} with {sum(points.values()):g} points"
