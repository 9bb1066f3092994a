"""The verbs for the exercises: for students, and for instructors who hand them out."""

from __future__ import annotations

import argparse

from course.core.paths import Folders


def check(options: argparse.Namespace) -> int:
    """Show which exercises pass their visible tests, and what to do next."""
    from course.exercises.check import check as check_all
    from course.exercises.check import table
    from course.exercises.moved_work import bring_over, told

    folders = Folders()
    if sentence := told(folders, bring_over(folders)):
        print(f"{sentence}\n")
    for line in table(check_all(folders, options.assignment)):
        print(line)
    return 0


def start_over(options: argparse.Namespace) -> int:
    """Start an exercise again from a fresh copy; the old one is kept."""
    from course.exercises.start_over import start_over as replace

    folders = Folders()
    copies = replace(folders, options.assignment, options.task)
    for fresh, kept in copies:
        old = "" if kept == fresh else f"; your old copy is {folders.relative(kept)}"
        print(f"{folders.relative(fresh)} is fresh{old}")
    if not copies:
        print("Nothing to do: your copies in work/ are unchanged since they were handed out.")
    return 0


def capstone(_options: argparse.Namespace) -> int:
    """Copy your own parts of MiniArray into the capstone."""
    from course.exercises.capstone import fill, report
    from course.exercises.moved_work import bring_over, told

    folders = Folders()
    if sentence := told(folders, bring_over(folders)):
        print(sentence)
    parts, changed = fill(folders)
    for line in report(parts):
        print(line)
    for file in changed:
        print(f"wrote {folders.relative(file)}; your old copy is in work/kept/")
    if not changed:
        print("The capstone already has these parts.")
    return 0


def student(_options: argparse.Namespace) -> int:
    """Write a zip for students to _build/, without solutions and hidden tests."""
    from course.handout.student_zip import student_zip

    folders = Folders()
    file, exercises = student_zip(folders)
    size = file.stat().st_size / 1e6
    print(f"{folders.relative(file)}: {exercises} exercises and the lessons, {size:.1f} MB.")
    print("Students unzip it and run `make lab` there.")
    return 0


def cartridge(options: argparse.Namespace) -> int:
    """Write a Common Cartridge with links to your pages, for Canvas or Moodle."""
    from course.handout.cartridge import cartridge as write

    folders = Folders()
    file, links = write(folders, options.address)
    print(f"{folders.relative(file)}: {links} links and the students' zip.")
    print("docs/lms.md says how to import it.")
    return 0


def pack(options: argparse.Namespace) -> int:
    """Write one assignment, for any nbgrader course, to _build/pack/."""
    from course.handout.pack import pack as write

    folders = Folders()
    packed = write(folders, options.assignment)
    folder = folders.relative(packed.folder)
    print(f"{folder}/ contains {described(packed.points)}. Its README says how to use it.")
    return 0


def variant(options: argparse.Namespace) -> int:
    """Write the assignments with different hidden data, and run the reference solutions on it."""
    from course.handout.pack import variant as write

    folders = Folders()
    for packed in write(folders, options.seed, options.assignment):
        folder = folders.relative(packed.folder / "source" / packed.name)
        points = described(packed.points)
        print(f"{folder}/ contains {points}. The reference solutions get all of them.")
        if packed.same:
            print(f"  unchanged, because they have no random data: {', '.join(packed.same)}")
    return 0


def release(options: argparse.Namespace) -> int:
    """Register an assignment in the gradebook."""
    from course.handout.register import register

    assignment = options.assignment
    registered = register(Folders(), assignment)
    print(f"The gradebook has {assignment}: {described(registered.points)}.")
    if registered.submissions:
        print(f"It also has {registered.submissions} submissions; their grades have not changed.")
    print(f"Students get exercises/{assignment}/ (`nbgrader release_assignment {assignment}`).")
    return planned(assignment)


def planned(assignment: str) -> int:
    """Plan where each test will run, so that the first `make grade` does not have to.

    Returns
    -------
    int
        The exit status. A machine without a sandbox cannot plan, but the assignment is registered.
    """
    from nbgrader_isolate.cli.main import run
    from nbgrader_isolate.core.errors import Exit

    status = run(["plan", assignment, "--course", str(Folders().root)])
    if status == Exit.SANDBOX:
        print("The assignment is registered anyway; it will be planned where it is graded.")
        return 0
    return status


def described(points: dict[str, float]) -> str:
    """Return `8 notebooks with 28 points`."""
    count = len(points)
    return f"{count} notebook{'' if count == 1 else 's'} with {sum(points.values()):g} points"
