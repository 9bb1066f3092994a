"""`nbgrader-isolate doctor`: check whether this machine, and a course on it, can be graded.

Everything that is imported before the packages are checked is in the standard library.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import platform
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from nbgrader_isolate.core.errors import Exit, GraderError
from nbgrader_isolate.core.text import join_names, printable

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from nbgrader_isolate.core.models import AssignmentPlan, Task
    from nbgrader_isolate.gradebook.course import Course

HELP = "Check whether this machine can grade: packages, sandbox, kernels, disk, gradebook."
DISTRIBUTION = "nbgrader-isolate"
Status = Literal["ok", "warning", "failed"]
LABELS = {"ok": "ok  ", "warning": "warn", "failed": "FAIL"}
LOW_DISK_BYTES = 1 << 30
"""Free bytes below which the disk is a warning."""
SHOWN_VERSIONS = ("nbgrader", "jupyter-client", "ipykernel", "numpy", "nbconvert", "sqlalchemy")


@dataclass(frozen=True)
class Finding:
    """What one check found, and what to do about it."""

    status: Status
    subject: str
    text: str
    advice: str = ""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `doctor`."""
    parser.add_argument("--course", type=Path, metavar="DIR", help="also check this course")


def run(options: argparse.Namespace) -> Exit:
    """Print all findings.

    Returns
    -------
    Exit
        `SANDBOX` if the machine cannot grade, `COURSE` if the course cannot be graded.
    """
    if print_findings(check_packages):
        # the other checks import them
        return verdict(Exit.SANDBOX, "This machine cannot grade: see FAIL above.")
    # without a sandbox there is no kernel to check
    if print_findings(check_sandbox) or print_findings(check_kernels, check_temporary_files):
        return verdict(Exit.SANDBOX, "This machine cannot grade: see FAIL above.")
    if options.course is None:
        return verdict(Exit.DONE, "This machine can grade. Use --course DIR to check a course too.")
    findings: list[Finding] = []
    if print_findings(lambda: check_course(options.course), findings=findings):
        return verdict(Exit.COURSE, "This machine can grade, but not this course: see FAIL above.")
    if any(finding.status == "warning" for finding in findings):
        text = "This machine can grade this course, but read each line with warn above first."
        return verdict(Exit.DONE, text)
    return verdict(Exit.DONE, "This machine can grade this course.")


def verdict(code: Exit, text: str) -> Exit:
    """Print the verdict, and return the exit code."""
    print(f"\n{text}")
    return code


def print_findings(
    *checks: Callable[[], Iterator[Finding]], findings: list[Finding] | None = None
) -> bool:
    """Run checks and print each finding as it comes; return whether any check failed.

    Parameters
    ----------
    *checks : callable
    findings : list of Finding, optional
        Each finding is added to it.
    """
    failed = False
    for check in checks:
        try:
            for finding in check():
                print_finding(finding)
                if findings is not None:
                    findings.append(finding)
                failed = failed or finding.status == "failed"
        except Exception as error:  # noqa: BLE001 - a check that raises is a finding
            text = printable(f"{type(error).__name__}: {error}", 500)
            name = check.__name__.removeprefix("check_").replace("_", " ")
            print_finding(Finding("failed", name, text, "please report this as a bug"))
            failed = True
    return failed


def print_finding(finding: Finding) -> None:
    """Print one finding."""
    print(f"{LABELS[finding.status]}  {finding.subject}: {finding.text}", flush=True)
    if finding.advice:
        print(f"      → {finding.advice}", flush=True)


def check_packages() -> Iterator[Finding]:
    """Compare what is installed with what the distribution asks for."""
    try:
        requirements = requires(DISTRIBUTION) or []
    except PackageNotFoundError:
        advice = f"pip install {DISTRIBUTION}, with this Python: {sys.executable}"
        yield Finding("failed", DISTRIBUTION, "not installed as a package", advice)
        return
    for requirement in requirements:
        parts = re.fullmatch(r"([\w.-]+)(?:\[.*\])?(?:>=([\d.]+))?", requirement)
        if parts:  # an extra's requirement has a marker behind it
            yield from check_package(parts[1], parts[2] or "0")
    names = [name for name in SHOWN_VERSIONS if installed_version(name)]
    versions = [f"{name} {installed_version(name)}" for name in names]
    yield Finding("ok", "system", ", ".join(system_versions()))
    yield Finding("ok", "versions", ", ".join([f"Python {sys.version.split()[0]}", *versions]))


def system_versions() -> Iterator[str]:
    """Yield the versions of what a sandbox depends on: system, kernel, bubblewrap."""
    with contextlib.suppress(OSError):
        yield platform.freedesktop_os_release().get("PRETTY_NAME", "Linux")
    yield f"{platform.system()} {platform.release()} ({platform.machine()})"
    program = shutil.which("bwrap")
    if program:
        command = [program, "--version"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        yield printable(done.stdout.strip())


def check_package(name: str, oldest: str) -> Iterator[Finding]:
    """Yield a finding if a package is missing, or older than `oldest`."""
    found = installed_version(name)
    advice = f"pip install --upgrade {DISTRIBUTION}"
    if found is None:
        yield Finding("failed", name, "not installed", advice)
    elif release_numbers(found) < release_numbers(oldest):
        yield Finding("failed", name, f"{found} is too old: {oldest} or newer is needed", advice)


def installed_version(name: str) -> str | None:
    """Return the version of an installed distribution."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def release_numbers(text: str) -> tuple[int, ...]:
    """Return the numbers that a version starts with: (7, 16) for "7.16" and "7.16rc1"."""
    numbers = re.match(r"\d+(?:\.\d+)*", text)
    return tuple(map(int, numbers[0].split("."))) if numbers else ()


def check_sandbox() -> Iterator[Finding]:
    """Let a process try to escape from each sandbox."""
    from nbgrader_isolate.sandbox.backends import NoSandboxError, choose

    try:
        backend = choose("auto")
    except NoSandboxError as error:
        for name, reason in error.by_backend.items():
            yield Finding("failed", f"sandbox {name}", reason.reason, reason.hint)
        yield Finding("failed", "sandbox", error.reason, error.hint)
        return
    text = f"{backend.name}; {len(backend.attempts)} escape attempts, all blocked"
    if not backend.limitations:
        yield Finding("ok", "sandbox", text)
        return
    text += f"; but {'; '.join(backend.limitations)}"
    missing = backend.fallback_reason
    advice = f"to use bubblewrap instead: {missing.reason}; {missing.hint}" if missing else ""
    yield Finding("warning", "sandbox", text, advice)


def check_kernels() -> Iterator[Finding]:
    """Grade a notebook with one answer and one isolated test, twice."""
    from nbgrader_isolate.core.limits import Limits
    from nbgrader_isolate.grading.engine import Engine
    from nbgrader_isolate.grading.submission import grade

    limits, plan, task = Limits(), *smallest_assignment()
    started = time.perf_counter()
    engine = Engine(limits, "auto")
    try:
        result = grade(task, plan, engine, limits).notebooks[0]
        first = time.perf_counter() - started
        started = time.perf_counter()
        grade(task, plan, engine, limits)
        second = time.perf_counter() - started
    finally:
        engine.close()
    if result.score != result.max_score:
        messages = [*result.review_reasons, *(cell.message for cell in result.cells.values())]
        why = next(filter(None, messages), result.status)
        text = f"a right answer did not get its point: {why}"
        yield Finding("failed", "kernels", text, "see the findings above")
        return
    text = f"graded a notebook in {first:.1f} s (including startup), the next in {second:.2f} s"
    yield Finding("ok", "kernels", text)


def smallest_assignment() -> tuple[AssignmentPlan, Task]:
    """Return an assignment with one answer and one test, and a right submission."""
    import json

    from nbformat.v4 import new_code_cell, new_notebook

    from nbgrader_isolate.core.models import AssignmentPlan, NotebookPlan, Task

    def cell(name: str, source: str, *, grade: bool) -> NotebookNode:
        settings = {"grade_id": name, "schema_version": 3, "grade": grade, "solution": not grade}
        settings |= {"locked": grade, "task": False, **({"points": 1} if grade else {})}
        node: NotebookNode = new_code_cell(source, id=name, metadata={"nbgrader": settings})
        return node

    test = cell("test", "assert double(21) == 42", grade=True)
    stub = cell("answer", "def double(x):\n    raise NotImplementedError", grade=False)
    answer = cell("answer", "def double(x):\n    return 2 * x", grade=False)
    notebook = json.loads(json.dumps(new_notebook(cells=[stub, test])))
    notebook_plan = NotebookPlan("doctor", notebook, {"test": "isolated"}, {}, ["double"])
    submission = json.dumps(new_notebook(cells=[answer, test])).encode()
    plan = AssignmentPlan("doctor", [notebook_plan], {}, [], "doctor")
    return plan, Task("doctor", "doctor", "doctor", {"doctor.ipynb": submission}, [], 0)


def check_temporary_files() -> Iterator[Finding]:
    """Check the space for temporary files."""
    yield check_disk("temporary files", Path(tempfile.gettempdir()))


def check_disk(subject: str, path: Path) -> Finding:
    """Return how much space is left on a disk."""
    free = shutil.disk_usage(path).free
    text = f"{free / 1e9:.1f} GB free in {path}"
    if free < LOW_DISK_BYTES:
        advice = "free some space: graded notebooks take as much again as the submissions"
        return Finding("warning", subject, text, advice)
    return Finding("ok", subject, text)


def check_course(root: Path) -> Iterator[Finding]:
    """Check a course: its folders, then its gradebook."""
    from nbgrader_isolate.gradebook.course import Course

    try:
        course = Course(root)
        names = course.assignments()
    except GraderError as error:
        yield Finding("failed", "course", str(error))
        return
    counts = {name: len(course.handed_in(name)) for name in names}
    text = ", ".join(f"{printable(name)} ({count} submissions)" for name, count in counts.items())
    yield Finding("ok" if names else "warning", "course", text or f"{root}: no assignment")
    if not os.access(course.root, os.W_OK):
        advice = "grade as a user who may write there, or grade a copy"
        yield Finding("failed", "course", f"{course.root} is not writable", advice)
    for notice in course.notices:
        yield Finding("warning", "configuration", notice)
    seconds = f"a cell may take {course.limits.cell_seconds:g} s"
    yield Finding("ok", "limits", f"{seconds}, a notebook {course.limits.notebook_seconds:g} s")
    yield check_disk("course", course.root)
    yield check_private_paths(course)
    yield from check_imports(course)
    yield from check_gradebook(course)


def check_private_paths(course: Course) -> Finding:
    """Let a process in the sandbox look for the course, its gradebook and the exchange."""
    from nbgrader_isolate.gradebook.data_folders import refuse_special_files
    from nbgrader_isolate.gradebook.private_paths import private_paths
    from nbgrader_isolate.sandbox.backends import NoSandboxError, choose

    try:
        refuse_special_files(course.limits.data_folders)
    except GraderError as error:
        return Finding("failed", "data folders", str(error))
    try:
        private = private_paths(course.root, course.config)
        backend = choose("auto", private, course.limits.data_folders)
    except NoSandboxError as error:
        first = next(iter(error.by_backend.values()), error)
        return Finding("failed", "private files", first.reason, first.hint)
    text = "a submission can see neither the course nor the gradebook nor the exchange"
    data = f"; it can read {join_names(backend.data)}" if backend.data else ""
    return Finding("ok", "private files", f"{text}{data} ({backend.name})")


def check_imports(course: Course) -> Iterator[Finding]:
    """Check, by their text, that this Python has the packages that the source notebooks import."""
    from nbgrader_isolate.planning.base_notebook import PlanError, read_instructor_notebook
    from nbgrader_isolate.planning.environment import missing_packages, own_modules, pip_install

    for name in course.assignments():
        folder = course.folder("source", ".", name)
        sources: list[str] = []
        for file in sorted(folder.glob("*.ipynb")):
            try:
                notebook = read_instructor_notebook(file)
            except PlanError as error:
                yield Finding("warning", f"source of {printable(name)}", printable(str(error), 300))
                continue
            cells = notebook["cells"] if notebook else []
            sources += [cell["source"] for cell in cells if cell["cell_type"] == "code"]
        files = [str(file.relative_to(folder)) for file in folder.rglob("*")]
        if missing := missing_packages(sources, own_modules(files)):
            text = f"{sys.executable} cannot import {join_names(missing, 20)}"
            advice = f"{pip_install(missing)}, in the environment of this command"
            yield Finding("warning", f"packages of {printable(name)}", text, advice)


def check_gradebook(course: Course) -> Iterator[Finding]:
    """Check that the gradebook is complete, of this version and not locked; then the plans."""
    from nbgrader_isolate.gradebook.database import check_file
    from nbgrader_isolate.gradebook.sqlite_urls import sqlite_file

    path = sqlite_file(course.directory.db_url)
    if path is None:
        text = "on a database server; `grade` will say if it cannot be used"
        yield Finding("ok", "gradebook", text)
        return
    if not path.exists():
        yield Finding("ok", "gradebook", f"{path}: does not exist yet; `grade` creates it")
        return
    try:
        check_file(path)
    except GraderError as error:
        yield Finding("failed", "gradebook", str(error))
        return
    finding = check_writable(path)
    yield finding
    if finding.status == "ok":
        yield from check_plans(course)


def check_plans(course: Course) -> Iterator[Finding]:
    """Check the plans of all assignments: that they exist, are up to date, and have no warnings."""
    from nbgrader_isolate.gradebook.database import open_gradebook
    from nbgrader_isolate.planning.plan import PlanError, current_plan

    with open_gradebook(course, print) as gradebook:
        known = {one.name for one in gradebook.assignments if one.notebooks}
        for name in sorted({*course.assignments(), *known}):
            subject = f"plan of {printable(name)}"
            try:
                plan = current_plan(course.directory, gradebook, name)
            except PlanError:
                continue  # not released yet; `grade` says so
            if plan is None:
                text = (
                    "missing, or made before the assignment, a package or a limit changed: the "
                    "next `grade` takes longer"
                )
                advice = f"nbgrader-isolate plan {printable(name)} --course {course.root}"
                yield Finding("warning", subject, text, advice)
                continue
            yield Finding("ok", subject, "up to date")
            for warning in plan.warnings:
                yield Finding("warning", subject, printable(warning, 300))


def check_writable(path: Path) -> Finding:
    """Return whether a gradebook is intact and can be written to now."""
    connection = sqlite3.connect(path, timeout=1.0, isolation_level=None)
    try:
        result = connection.execute("PRAGMA quick_check").fetchone()[0]
        if result != "ok":
            return Finding("failed", "gradebook", f"{path}: {result}", "restore a backup")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        advice = "close the program that is using it, or give this user write access"
        return Finding("failed", "gradebook", f"{path}: {error}", advice)
    finally:
        connection.close()
    return Finding("ok", "gradebook", f"{path}: intact and not locked")
