"""`python -m nbgrader_isolate doctor`: can this machine grade, and can this course be graded; a line each, and what to do."""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from nbgrader_isolate.core.errors import Exit, GraderError
from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.core.models import AssignmentPlan, NotebookPlan, Task
from nbgrader_isolate.core.text import printable

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from nbgrader_isolate.gradebook.course import Course

Grade = Literal["good", "look", "bad"]
MARKS = {"good": "ok  ", "look": "look", "bad": "NO  "}
PACKAGES = ("nbgrader", "jupyter_client", "ipykernel", "numpy", "nbconvert", "sqlalchemy")
LITTLE_DISK = 1 << 30
"""Free bytes below which a person should look."""


@dataclass(frozen=True)
class Finding:
    """What one check found: how it is, in words, and what to do."""

    grade: Grade
    what: str
    words: str
    advice: str = ""


def doctor(options: argparse.Namespace) -> Exit:
    """Print all findings; `SANDBOX` if the machine cannot grade, `COURSE` if the course cannot be graded."""
    machine = examined(packages, sandbox, kernels, temporary)
    worst = Exit.SANDBOX if machine else Exit.DONE
    if options.course is not None and examined(lambda: course(options.course)):
        worst = worst or Exit.COURSE
    return worst


def examined(*checks: Callable[[], Iterator[Finding]]) -> bool:
    """Run checks and print what they find as they go; return whether anything is bad."""
    bad = False
    for check in checks:
        try:
            for finding in check():
                say(finding)
                bad = bad or finding.grade == "bad"
        except Exception as error:  # noqa: BLE001 - a check that fails is a finding
            text = printable(f"{type(error).__name__}: {error}", 500)
            say(Finding("bad", check.__name__, text, "please report this"))
            bad = True
    return bad


def say(finding: Finding) -> None:
    """Print one finding."""
    print(f"{MARKS[finding.grade]}  {finding.what}: {finding.words}", flush=True)
    if finding.advice:
        print(f"      → {finding.advice}", flush=True)


def packages() -> Iterator[Finding]:
    """Look at the versions of what the grader stands on."""
    found = [f"Python {sys.version.split()[0]}"]
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            yield Finding("bad", name, "not installed", f"pip install {name}")
    yield Finding("good", "versions", ", ".join(found))


def sandbox() -> Iterator[Finding]:
    """Let a process try to get out of each sandbox."""
    from nbgrader_isolate.sandbox.backends import NoSandbox, choose

    try:
        tier = choose("auto")
    except NoSandbox as error:
        for name, reason in error.reasons.items():
            yield Finding("bad", f"sandbox {name}", reason.why, reason.what_to_do)
        yield Finding("bad", "sandbox", error.why, error.what_to_do)
        return
    tried = f"{len(tier.attempts)} ways out were tried, none was open"
    if not tier.smaller:
        yield Finding("good", "sandbox", f"{tier.name}; {tried}")
        return
    words = f"{tier.name}; {tried}; but {'; '.join(tier.smaller)}"
    if not tier.better:
        yield Finding("look", "sandbox", words)
        return
    advice = f"for the whole of it: bwrap: {tier.better.why}; {tier.better.what_to_do}"
    yield Finding("look", "sandbox", words, advice)


def kernels() -> Iterator[Finding]:
    """Grade a notebook of one answer and one test, in two kernels."""
    from nbgrader_isolate.grading.engine import Engine
    from nbgrader_isolate.grading.submission import grade

    limits, plan, task = Limits(), *smallest()
    began = time.perf_counter()
    engine = Engine(limits, "auto")
    try:
        result = grade(task, plan, engine, limits).notebooks[0]
        first = time.perf_counter() - began
        began = time.perf_counter()
        grade(task, plan, engine, limits)
        second = time.perf_counter() - began
    finally:
        engine.close()
    if result.score != result.max_score:
        said = [*result.flags, *(cell.message for cell in result.cells.values())]
        why = next(filter(None, said), result.status)
        yield Finding("bad", "kernels", f"a right answer did not get its point: {why}", "see above")
        return
    yield Finding(
        "good", "kernels", f"a notebook was graded in {first:.1f} s, the next in {second:.2f} s"
    )


def smallest() -> tuple[AssignmentPlan, Task]:
    """Return an assignment of one answer and one test, and a right submission of it."""
    import json

    from nbformat.v4 import new_code_cell, new_notebook

    def cell(name: str, source: str, *, grade: bool) -> NotebookNode:
        about = {"grade_id": name, "schema_version": 3, "grade": grade, "solution": not grade}
        about |= {"locked": grade, "task": False, **({"points": 1} if grade else {})}
        made: NotebookNode = new_code_cell(source, id=name, metadata={"nbgrader": about})
        return made

    test = cell("test", "assert double(21) == 42", grade=True)
    stub = cell("answer", "def double(x):\n    raise NotImplementedError", grade=False)
    answer = cell("answer", "def double(x):\n    return 2 * x", grade=False)
    notebook = json.loads(json.dumps(new_notebook(cells=[stub, test])))
    one = NotebookPlan("doctor", notebook, {"test": "two-kernel"}, {}, ["double"])
    submitted = json.dumps(new_notebook(cells=[answer, test])).encode()
    plan = AssignmentPlan("doctor", [one], {}, [], "doctor")
    return plan, Task("doctor", "doctor", "doctor", {"doctor.ipynb": submitted}, [], 0)


def temporary() -> Iterator[Finding]:
    """Look at the room for temporary files."""
    yield room("temporary files", Path(tempfile.gettempdir()))


def room(what: str, place: Path) -> Finding:
    """Return how much room is left on a disk."""
    free = shutil.disk_usage(place).free
    words = f"{free / 1e9:.1f} GB free in {place}"
    if free < LITTLE_DISK:
        return Finding("look", what, words, "make room: graded notebooks take their own size again")
    return Finding("good", what, words)


def course(root: Path) -> Iterator[Finding]:
    """Look at a course: its folders, its gradebook."""
    from nbgrader_isolate.gradebook.course import Course

    try:
        found = Course(root)
        names = found.assignments()
    except GraderError as error:
        yield Finding("bad", "course", str(error))
        return
    handed = {name: len(found.handed_in(name)) for name in names}
    words = ", ".join(f"{printable(name)} ({count} submissions)" for name, count in handed.items())
    yield Finding("good" if names else "look", "course", words or f"{root}: no assignment")
    if not os.access(found.root, os.W_OK):
        advice = "grade as a user who can, or on a copy"
        yield Finding("bad", "course", f"{found.root} cannot be written to", advice)
    yield room("course", found.root)
    yield from gradebook(found)


def gradebook(found: Course) -> Iterator[Finding]:
    """Look at a course's gradebook: there, whole, of this version, not locked; then at its plans."""
    from nbgrader_isolate.gradebook.database import SQLITE, check_file

    url = found.directory.db_url
    if not url.startswith(SQLITE):
        yield Finding(
            "good", "gradebook", "on a database server; `grade` will say if it cannot be used"
        )
        return
    place = Path(url.removeprefix(SQLITE))
    if not place.exists():
        yield Finding("good", "gradebook", f"{place}: not there yet; `grade` makes it")
        return
    try:
        check_file(place)
    except GraderError as error:
        yield Finding("bad", "gradebook", str(error))
        return
    checked = writable(place)
    yield checked
    if checked.grade == "good":
        yield from plans(found)


def plans(found: Course) -> Iterator[Finding]:
    """Look at the plans of the assignments that were handed in: there, fresh, with nothing to warn of."""
    from nbgrader_isolate.gradebook.database import open_gradebook
    from nbgrader_isolate.planning.plan import PlanError, fresh_plan

    with open_gradebook(found, print) as gradebook:
        for name in found.assignments():
            what = f"plan of {printable(name)}"
            advice = f"python -m nbgrader_isolate plan {printable(name)} --course {found.root}"
            try:
                plan = fresh_plan(found.directory, gradebook, name)
            except PlanError:
                continue  # not released yet; `grade` says so
            if plan is None:
                words = "none, or not of this release; the first `grade` takes longer"
                yield Finding("look", what, words, advice)
                continue
            yield Finding("good", what, "fresh")
            for warning in plan.warnings:
                yield Finding("look", what, printable(warning, 300))


def writable(place: Path) -> Finding:
    """Return whether a gradebook is whole, and can be written to now."""
    connection = sqlite3.connect(place, timeout=1.0, isolation_level=None)
    try:
        said = connection.execute("PRAGMA quick_check").fetchone()[0]
        if said != "ok":
            return Finding("bad", "gradebook", f"{place}: {said}", "put a backup in its place")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        advice = "close the program that holds it, or let this user write to it"
        return Finding("bad", "gradebook", f"{place}: {error}", advice)
    finally:
        connection.close()
    return Finding("good", "gradebook", f"{place}: whole, and not locked")
