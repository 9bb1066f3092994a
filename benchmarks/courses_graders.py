"""Grade the same submissions with stock nbgrader and with our command, in a course of each.

Stock nbgrader runs what students write with your rights, so here it runs in bubblewrap: without a
network, and with only the course's folder writable.
"""

from __future__ import annotations

import copy
import os
import resource
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from courses_found import Assignment, nbgrader_of
from grading import CONFIG, environment

from nbgrader_isolate.core.models import ISOLATED, NotebookPlan
from nbgrader_isolate.planning.plan import load_plan, plan_file

if TYPE_CHECKING:
    from courses_variants import Answers
    from nbformat import NotebookNode

LAB = "lab"
"""The name of each assignment in its own course."""
STOCK, OURS = "stock", "ours"
FAILS = "the reference solution does not pass it"
"""The reason of a plan that an error explains."""
MEMORY = 8 << 30
"""What a process of stock nbgrader may use, in bytes."""


class Skipped(Exception):  # noqa: N818 - no error: an assignment that is left out
    """An assignment cannot be graded; the text says why."""


@dataclass
class Cell:
    """One graded cell of one submission.

    Parameters
    ----------
    points : float or None
        None if a person has to give them.
    waits : bool
        Whether it waits for a person.
    """

    points: float | None
    waits: bool


def protected(course: Path) -> list[str]:
    """Return the start of a command that may write only to a course."""
    home, prefix = Path.home(), Path(sys.prefix).absolute()
    return [
        *("bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"),
        *("--tmpfs", "/tmp", "--tmpfs", str(home), "--unshare-all"),  # noqa: S108
        *("--ro-bind", sys.base_prefix, sys.base_prefix, "--ro-bind", str(prefix), str(prefix)),
        *("--bind", str(course), str(course), "--chdir", str(course)),
        *("--die-with-parent", "--new-session"),
    ]


def limit_memory() -> None:
    """Limit what a process may use."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def run(course: Path, command: list[str], seconds: float, *, sandbox: bool = False) -> str:
    """Run a command of nbgrader's or ours in a course; return its messages.

    Raises
    ------
    Skipped
        If it takes too long.
    """
    start = protected(course) if sandbox else []
    programs = Path(sys.prefix).absolute() / "bin"
    path = {"PATH": os.pathsep.join([str(programs), os.environ["PATH"]]), "MPLBACKEND": "agg"}
    try:
        done = subprocess.run(
            [*start, str(programs / "python"), "-m", *command],
            cwd=course,
            env=environment(course) | path,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=seconds,
            check=False,
            preexec_fn=limit_memory if sandbox else None,
        )
    except subprocess.TimeoutExpired:
        raise Skipped(f"`{' '.join(command[:2])}` took more than {seconds:.0f} s") from None
    return done.stdout + done.stderr


def empty_gradebook(folder: Path) -> Path:
    """Return a new gradebook, made once: nbgrader takes seconds for it."""
    file = folder / "empty.db"
    if not file.exists():
        made = folder / f"empty-{os.getpid()}.db"
        where = f"--CourseDirectory.db_url=sqlite:///{made}"
        run(folder, ["nbgrader", "db", "student", "list", where], 600)
        made.replace(file)
    return file


def build(
    assignment: Assignment, course: Path, settings: str, gradebook: Path, seconds: float
) -> None:
    """Make a course with one released assignment for stock nbgrader.

    Parameters
    ----------
    assignment : Assignment
    course : Path
    settings : str
        More lines for nbgrader_config.py.
    gradebook : Path
        An empty one.
    seconds : float
        What nbgrader may take.

    Raises
    ------
    Skipped
        If nbgrader cannot release it.
    """
    shutil.rmtree(course, ignore_errors=True)
    assignment.write(course / "source" / LAB)
    (course / "nbgrader_config.py").write_text(CONFIG + settings, "utf-8")
    shutil.copy(gradebook, course / "gradebook.db")
    said = run(course, ["nbgrader", "generate_assignment", LAB], seconds, sandbox=True)
    for name in assignment.notebooks:
        if not (course / "release" / LAB / f"{name}.ipynb").exists():
            lines = [line for line in said.splitlines() if "ERROR" in line or "Error" in line]
            raise Skipped(f"nbgrader does not release it: {first_words(lines)}")


def first_words(lines: list[str]) -> str:
    """Return the last error of a log, shortened."""
    texts = [line.split("ERROR |")[-1].strip() for line in lines]
    useful = [text for text in texts if "Error" in text] or texts or ["no message"]
    return useful[-1][:160]


def hand_in(course: Path, student: str, answers: dict[str, Answers], names: list[str]) -> None:
    """Write a submission: the released notebooks with these answers, and the files beside them."""
    released, folder = course / "release" / LAB, course / "submitted" / student / LAB
    shutil.copytree(released, folder, ignore=shutil.ignore_patterns("*.ipynb"))
    for name in names:
        notebook = nbformat.read(released / f"{name}.ipynb", 4)
        nbformat.write(answered(notebook, answers.get(name, {})), folder / f"{name}.ipynb")


def answered(released: NotebookNode, answers: Answers) -> NotebookNode:
    """Return a released notebook with these answers in its solution cells."""
    notebook = copy.deepcopy(released)
    for cell in notebook.cells:
        about = nbgrader_of(cell)
        if about.get("solution") and about.get("grade_id") in answers:
            cell.source = answers[str(about["grade_id"])]
    return notebook


def cells_of(course: Path) -> dict[str, dict[str, dict[str, Cell]]]:
    """Return all graded cells of a course by student, notebook and grade_id."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        return {
            submission.student_id: {
                notebook.name: {
                    grade.name: Cell(
                        grade.auto_score if grade.manual_score is None else grade.manual_score,
                        bool(grade.needs_manual_grade),
                    )
                    for grade in notebook.grades
                }
                for notebook in submission.notebooks
            }
            for submission in book.assignment_submissions(LAB)
        }


def executed(course: Path, student: str, name: str) -> dict[str, list[dict[str, Any]]]:
    """Return the outputs of an autograded notebook by grade_id; empty if there is none."""
    file = course / "autograded" / student / LAB / f"{name}.ipynb"
    if not file.exists():
        return {}
    notebook = nbformat.read(file, 4)
    return {
        str(nbgrader_of(cell).get("grade_id", number)): list(cell.get("outputs", []))
        for number, cell in enumerate(notebook.cells)
    }


def modes_of(course: Path, said: str) -> dict[str, tuple[int, list[str]]]:
    """Return the number of isolated tests, and why each other test is not, by notebook.

    Parameters
    ----------
    course : Path
    said : str
        The messages of `plan`.

    Raises
    ------
    Skipped
        If there is no plan.
    """
    plan = load_plan(plan_file(course, LAB))
    if plan is None:
        last = (said.strip().splitlines() or ["no message"])[-1]
        raise Skipped(f"our command does not plan it: {last[:160]}")
    return {
        one.name: (
            sum(mode == ISOLATED for mode in one.modes.values()),
            [reason_of(one, test) for test, mode in one.modes.items() if mode != ISOLATED],
        )
        for one in plan.notebooks
    }


def reason_of(plan: NotebookPlan, test: str) -> str:
    """Return why a test is not isolated, with the error that showed it."""
    reason = plan.reasons.get(test, "")
    return ": ".join([reason, *plan.evidence.get(test, [])[-1:]]) if FAILS in reason else reason
