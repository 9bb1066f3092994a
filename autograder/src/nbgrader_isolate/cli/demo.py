"""`python -m nbgrader_isolate demo`: a small course, 30 submissions of every kind, graded while you watch."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from nbgrader_isolate.cli.demo_assignment import (
    ANSWERS,
    HELPER,
    HELPER_SOURCE,
    NOTEBOOK,
    answered,
    assignment,
)
from nbgrader_isolate.core.errors import Exit, GraderError

ASSIGNMENT = "lab1"
CONFIG = '''"""A course for `python -m nbgrader_isolate demo`."""

c = get_config()  # nbgrader defines it

c.CourseDirectory.course_id = "demo"
c.Limits.cell_seconds = 5.0  # the endless ones shall not keep you waiting
c.Limits.call_seconds = 2.0
c.Limits.memory_mb = 512
'''
MAIN = "transpose"
"""The task that the kinds of failure are shown in."""

Writer = Callable[[NotebookNode, Path], None]
"""Takes the released notebook and writes a submission into a folder."""


def with_answers(answers: Mapping[str, str]) -> Writer:
    """Return a writer of a submission with these answers, and the right one elsewhere."""

    def write(released: NotebookNode, folder: Path) -> None:
        save(answered(released, {**ANSWERS, **answers}), folder)

    return write


def without(*names: str) -> Writer:
    """Return a writer of a submission that leaves tasks undone."""
    some = {name: answer for name, answer in ANSWERS.items() if name not in names}

    def write(released: NotebookNode, folder: Path) -> None:
        save(answered(released, some), folder)

    return write


def with_bytes(name: str, data: bytes) -> Writer:
    """Return a writer of one file."""

    def write(_: NotebookNode, folder: Path) -> None:
        (folder / name).write_bytes(data)

    return write


def renamed(released: NotebookNode, folder: Path) -> None:
    """Write a right submission under another name."""
    save(answered(released, ANSWERS), folder, "lab (final) (2)")


def test_deleted(released: NotebookNode, folder: Path) -> None:
    """Write a submission with a wrong answer and without its test."""
    notebook = answered(released, {**ANSWERS, MAIN: "def transpose(a):\n    return a"})
    notebook.cells = [cell for cell in notebook.cells if cell.id != f"{MAIN}-test"]
    save(notebook, folder)


def test_rewritten(released: NotebookNode, folder: Path) -> None:
    """Write a submission whose tests were replaced by nothing that fails."""
    notebook = answered(released, {})
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.source = "assert True"
    save(notebook, folder)


def tests_skipped(released: NotebookNode, folder: Path) -> None:
    """Write a submission without answers that asks for its cells not to be run."""
    for cell in released.cells:
        cell.metadata["tags"] = ["skip-execution"]
    save(released, folder)


def doubled(released: NotebookNode, folder: Path) -> None:
    """Write a submission that holds an answer twice: a wrong try stands above the right one."""
    notebook = answered(released, ANSWERS)
    where = next(i for i, cell in enumerate(notebook.cells) if cell.id == MAIN)
    tried = {**notebook.cells[where], "source": "def transpose(a):\n    return a.T.copy()"}
    notebook.cells.insert(where, nbformat.from_dict(tried))
    save(notebook, folder)


def helped(released: NotebookNode, folder: Path) -> None:
    """Write a right submission with a helper in a cell of its own."""
    notebook = answered(released, {**ANSWERS, "center": "def center(a):\n    shift(a, a.mean())"})
    helper = nbformat.v4.new_code_cell("def shift(a, by):\n    a -= by", id="my-helper")
    where = next(i for i, cell in enumerate(notebook.cells) if cell.id == "center")
    notebook.cells.insert(where, helper)
    save(notebook, folder)


def copied(released: NotebookNode, folder: Path) -> None:
    """Write a submission that is a link to somebody else's."""
    del released
    (folder / f"{NOTEBOOK}.ipynb").symlink_to(f"../../ada/{ASSIGNMENT}/{NOTEBOOK}.ipynb")


SUBMISSIONS: dict[str, Writer] = {
    "ada": with_answers({}),
    "björn": with_answers(
        {"flat-index": "flat_index = lambda row, col, n_cols: col + n_cols * row"}
    ),
    "chen": with_answers({"transpose": "def transpose(a):\n    return np.swapaxes(a, 0, 1)"}),
    "dmitri": with_answers({"center": "def center(a):\n    np.subtract(a, a.mean(), out=a)"}),
    "élise": helped,
    "fatima": with_answers({"windows": "windows = np.lib.stride_tricks.sliding_window_view"}),
    "name with  spaces": with_answers({}),
    "o'brien; rm -rf ~": with_answers({}),
    "=1+1": with_answers({}),
    "[bold red]zoë": with_answers({}),
    "n" * 200: with_answers({}),
    "grace": with_answers({"transpose": "def transpose(a):\n    return a.T.copy()"}),
    "hiro": with_answers(
        {"flat-index": "def flat_index(row, col, n_cols):\n    return row + col * n_cols"}
    ),
    "ingrid": with_answers({"strides": "column_strides = (32, 8)"}),
    "joão": with_answers({"center": "def center(a):\n    return a - a.mean()"}),
    "kofi": with_answers(
        {
            "windows": "def windows(a, n):\n    return np.array([a[i:i + n] for i in range(a.size - n + 1)])"
        }
    ),
    "lena": without("windows", "center"),
    "maya": without("flat-index", "transpose", "windows"),
    "nobody": without(*ANSWERS),
    "oskar": with_answers(
        {"flat-index": "def flat_index(row, col, n_cols)\n    return row * n_cols + col"}
    ),
    "priya": with_answers({"transpose": "def transpose(a):\n    return a.shape[2]"}),
    "quentin": with_answers({"transpose": "while True:\n    pass"}),
    "rosa": with_answers({"transpose": "def transpose(a):\n    while True:\n        pass"}),
    "sven": with_answers({"transpose": "import os\nos._exit(0)"}),
    "tariq": test_deleted,
    "uma": test_rewritten,
    "viktor": tests_skipped,
    "wei": doubled,
    "xenia": with_bytes(f"{NOTEBOOK}.ipynb", b""),
    "yusuf": renamed,
}
"""30 submissions, by student."""

MORE: dict[str, Writer] = {
    "zip-damaged": with_bytes(f"{NOTEBOOK}.ipynb", b'{"cells": [}'),
    "zip-missing": with_bytes("answers.docx", b"see my e-mail"),
    "zip-linked": copied,
}
"""More kinds, for the tests."""


def save(notebook: NotebookNode, folder: Path, name: str = NOTEBOOK) -> None:
    """Write a notebook into a folder."""
    text = json.dumps(notebook, ensure_ascii=False, indent=1)
    (folder / f"{name}.ipynb").write_text(text, encoding="utf-8")


def make_course(root: Path, submissions: Mapping[str, Writer] = SUBMISSIONS) -> None:
    """Make a course with one released assignment and its submissions.

    Parameters
    ----------
    root : Path
        An empty folder, or one that does not exist.
    submissions : mapping of str to Writer
        By student.

    Raises
    ------
    GraderError
        If the folder is not empty, or nbgrader does not release the assignment.
    """
    source = root / "source" / ASSIGNMENT
    if root.exists() and any(root.iterdir()):
        raise GraderError(f"{root}: not empty; the demo makes its course in a new folder.")
    source.mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    save(assignment(), source)
    (source / HELPER).write_text(HELPER_SOURCE, encoding="utf-8")
    release(root)
    released = nbformat.read(root / "release" / ASSIGNMENT / f"{NOTEBOOK}.ipynb", as_version=4)
    for number, (student, write) in enumerate(submissions.items()):
        folder = root / "submitted" / student / ASSIGNMENT
        folder.mkdir(parents=True)
        write(nbformat.from_dict(json.loads(json.dumps(released))), folder)
        (folder / "timestamp.txt").write_text(f"2026-11-20 10:{number % 60:02d}:00 UTC\n")


def release(root: Path) -> None:
    """Release the assignment, and register it, with nbgrader's own converter."""
    from nbgrader_isolate.gradebook.course import Course
    from nbgrader_isolate.gradebook.database import convert

    convert(Course(root), ASSIGNMENT, root / "source" / ASSIGNMENT, keep=True)


def demo(options: argparse.Namespace) -> Exit:
    """Make the course, grade it, say where it is."""
    from nbgrader_isolate.cli.main import run

    folder = options.folder
    root = folder.absolute() if folder else Path(tempfile.mkdtemp(prefix="autograder-demo-"))
    say(f"A course with {len(SUBMISSIONS)} submissions, in {root}")
    try:
        make_course(root)
    except BaseException:
        if not folder:
            shutil.rmtree(root)
        raise
    extra = ["--jobs", str(options.jobs)] if options.jobs else []
    extra += ["--no-sandbox"] if options.no_sandbox else []
    code = Exit(run(["grade", ASSIGNMENT, "--course", str(root), *extra]))
    if code not in (Exit.DONE, Exit.INCOMPLETE):
        return code
    say(f"\nLook round in {root}: autograded/, gradebook.db, and then:")
    say(f"  {sys.executable} -m nbgrader_isolate report {ASSIGNMENT} --course {root}")
    say(f"  {sys.executable} -m nbgrader_isolate feedback {ASSIGNMENT} --course {root}")
    say(
        f"  {sys.executable} -m nbgrader_isolate export {ASSIGNMENT} --course {root} --csv marks.csv"
    )
    return Exit.DONE


def say(line: str) -> None:
    """Print a line."""
    print(line, flush=True)
