"""A small course for tests of the command: made once, copied for each test, graded by a fake or the
real grader."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbgrader_isolate.cli import demo_submissions as demo
from support import preloaded
from support.patience import patience

if TYPE_CHECKING:
    from nbformat import NotebookNode

A = demo.ASSIGNMENT
FAKE = Path(__file__).parent / "fake_run.py"
QUICK = (
    "ada", "élise", "grace", "lena", "nobody", "wei", "xenia", "yusuf", "tariq", "uma",
    "name with  spaces", "o'brien; rm -rf ~", "[bold red]zoë", "n" * 200,
)  # fmt: skip
"""Students of the demo whose submissions end by themselves, at once."""


def marked(word: str) -> demo.Writer:
    """Return a writer of a submission that tells the fake grader what to do."""
    return demo.with_answers({"transpose": f"{demo.ANSWERS['transpose']}\n# {word}"})


def link_to_other_student(released: NotebookNode, folder: Path) -> None:
    """Write a submission that is a link to somebody else's."""
    del released
    (folder / f"{demo.NOTEBOOK}.ipynb").symlink_to(f"../../ada/{A}/{demo.NOTEBOOK}.ipynb")


MORE_SUBMISSIONS: dict[str, demo.Writer] = {
    "zip-damaged": demo.with_bytes(f"{demo.NOTEBOOK}.ipynb", b'{"cells": [}'),
    "zip-missing": demo.with_bytes("answers.docx", b"see my e-mail"),
    "zip-linked": link_to_other_student,
}
"""Kinds that are not in the demo."""


def make(root: Path, **more: demo.Writer) -> Path:
    """Make a course with quick submissions, and more."""
    demo.make_course(
        root, {name: demo.SUBMISSIONS[name] for name in QUICK} | MORE_SUBMISSIONS | more
    )
    return root


def copy(course: Path, target: Path) -> Path:
    """Copy a course, links as links."""
    return Path(shutil.copytree(course, target, symlinks=True))


def words(*arguments: str | Path, program: Path | None = FAKE) -> list[str]:
    """Return the words of a command, fake or real, as `preloaded` takes them."""
    return [str(program) if program else "nbgrader_isolate", *map(str, arguments)]


def run(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command with the fake grader."""
    return preloaded.run(words(*arguments), cwd=cwd, timeout=60)


def grade(
    course: Path,
    *options: str | Path,
    verb: str = "grade",
    program: Path | None = FAKE,
    **environment: str,
) -> subprocess.CompletedProcess[str]:
    """Run a command on the course's assignment."""
    command = words(verb, A, "--course", course, *options, program=program)
    return preloaded.run(command, env={**os.environ, **environment}, timeout=60)


def python(
    *arguments: str | Path,
    course: Path,
    verb: str = "grade",
    wrap: tuple[str | Path, ...] = (),
    program: Path | None = FAKE,
) -> subprocess.CompletedProcess[str]:
    """Run a command on the course's assignment as a person does: a Python of its own, imports and
    all.

    `wrap` are words before it, of a program that changes what it meets.
    """
    start = [program] if program else ["-m", "nbgrader_isolate"]
    line = [*wrap, sys.executable, *start, verb, A, "--course", course, *arguments]
    return subprocess.run(
        list(map(str, line)),
        capture_output=True,
        text=True,
        timeout=patience(60),
        check=False,
    )


def rows(course: Path, query: str = "") -> list[tuple[Any, ...]]:
    """Return the marks in a gradebook: student, notebook, cell, points, whether a person must look;
    no ids."""
    query = query or (
        "select s.student_id, s.timestamp, n.name, c.name, g.auto_score, g.manual_score, "
        "g.needs_manual_grade, b.late_submission_penalty from grade g "
        "join base_cell c on c.id = g.cell_id join submitted_notebook b on b.id = g.notebook_id "
        "join notebook n on n.id = b.notebook_id "
        "join submitted_assignment s on s.id = b.assignment_id order by 1, 3, 4"
    )
    with sqlite3.connect(course / "gradebook.db") as connection:
        fetched = connection.execute(query).fetchall()
    connection.close()
    return fetched


def comments(course: Path) -> list[tuple[Any, ...]]:
    """Return the grader's comments: student, cell, words."""
    return rows(
        course,
        "select s.student_id, c.name, m.auto_comment from comment m "
        "join base_cell c on c.id = m.cell_id join submitted_notebook b on b.id = m.notebook_id "
        "join submitted_assignment s on s.id = b.assignment_id order by 1, 2",
    )


def totals(course: Path) -> dict[str, float | None]:
    """Return the points of each student."""
    query = (
        "select s.student_id, sum(g.auto_score) from grade g join submitted_notebook b "
        "on b.id = g.notebook_id join submitted_assignment s on s.id = b.assignment_id group by 1"
    )
    return dict(rows(course, query))


def folders(course: Path) -> dict[str, tuple[int, str]]:
    """Return the permissions and the content of each file in `autograded/`, hidden ones too.

    It leaves out compiled modules, which a stock kernel leaves where Python may write them.
    """
    root = course / "autograded"
    return {
        str(file.relative_to(root)): (file.stat().st_mode & 0o777, stable(file))
        for file in sorted(root.rglob("*"))
        if file.is_file() and file.parent.name != "__pycache__"
    }


def stable(file: Path) -> str:
    """Return a file's text without what differs from run to run: seconds."""
    text = file.read_text(encoding="utf-8")
    if file.suffix != ".ipynb":
        return text
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        cell["metadata"].get("nbgrader_isolate", {}).pop("seconds", None)
        cell["metadata"].pop("execution", None)
    return json.dumps(notebook, sort_keys=True)
