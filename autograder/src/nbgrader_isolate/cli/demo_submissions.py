"""The course of the demo: one released assignment, and 30 submissions of every kind."""

from __future__ import annotations

import json
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
from nbgrader_isolate.core.errors import GraderError

ASSIGNMENT = "lab1"
CONFIG = '''"""A course for `nbgrader-isolate demo`."""

c = get_config()  # defined by nbgrader

c.CourseDirectory.course_id = "demo"
c.Limits.cell_seconds = 5.0  # so that endless loops do not keep you waiting
c.Limits.call_seconds = 2.0
c.Limits.memory_mb = 512
'''
MAIN = "transpose"
"""The task that shows each kind of failure."""

Writer = Callable[[NotebookNode, Path], None]
"""Takes the released notebook and writes a submission to a folder."""


def with_answers(answers: Mapping[str, str]) -> Writer:
    """Return a writer of a submission with these answers, and right answers elsewhere."""

    def write(released: NotebookNode, folder: Path) -> None:
        save(answered(released, {**ANSWERS, **answers}), folder)

    return write


def without(*names: str) -> Writer:
    """Return a writer of a submission that leaves some tasks unanswered."""
    some = {name: answer for name, answer in ANSWERS.items() if name not in names}

    def write(released: NotebookNode, folder: Path) -> None:
        save(answered(released, some), folder)

    return write


def with_bytes(name: str, data: bytes) -> Writer:
    """Return a writer of a single file."""

    def write(_: NotebookNode, folder: Path) -> None:
        (folder / name).write_bytes(data)

    return write


def rename_file(released: NotebookNode, folder: Path) -> None:
    """Write a right submission under another file name."""
    save(answered(released, ANSWERS), folder, "lab (final) (2)")


def delete_test(released: NotebookNode, folder: Path) -> None:
    """Write a submission with a wrong answer and without its test."""
    notebook = answered(released, {**ANSWERS, MAIN: "def transpose(a):\n    return a"})
    notebook.cells = [cell for cell in notebook.cells if cell.id != f"{MAIN}-test"]
    save(notebook, folder)


def rewrite_tests(released: NotebookNode, folder: Path) -> None:
    """Write a submission whose tests were replaced by ones that always pass."""
    notebook = answered(released, {})
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.source = "assert True"
    save(notebook, folder)


def skip_tests(released: NotebookNode, folder: Path) -> None:
    """Write a submission without answers that asks for its cells not to be run."""
    for cell in released.cells:
        cell.metadata["tags"] = ["skip-execution"]
    save(released, folder)


def answer_twice(released: NotebookNode, folder: Path) -> None:
    """Write a submission with the same answer cell twice: a wrong try above the right one."""
    notebook = answered(released, ANSWERS)
    where = next(i for i, cell in enumerate(notebook.cells) if cell.id == MAIN)
    tried = {**notebook.cells[where], "source": "def transpose(a):\n    return a.T.copy()"}
    notebook.cells.insert(where, nbformat.from_dict(tried))
    save(notebook, folder)


def add_helper(released: NotebookNode, folder: Path) -> None:
    """Write a right submission with a helper in a cell of its own."""
    notebook = answered(released, {**ANSWERS, "center": "def center(a):\n    shift(a, a.mean())"})
    helper = nbformat.v4.new_code_cell("def shift(a, by):\n    a -= by", id="my-helper")
    where = next(i for i, cell in enumerate(notebook.cells) if cell.id == "center")
    notebook.cells.insert(where, helper)
    save(notebook, folder)


SUBMISSIONS: dict[str, Writer] = {
    "ada": with_answers({}),
    "björn": with_answers(
        {"flat-index": "flat_index = lambda row, col, n_cols: col + n_cols * row"}
    ),
    "chen": with_answers({"transpose": "def transpose(a):\n    return np.swapaxes(a, 0, 1)"}),
    "dmitri": with_answers({"center": "def center(a):\n    np.subtract(a, a.mean(), out=a)"}),
    "élise": add_helper,
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
            "windows": "def windows(a, n):\n"
            "    return np.array([a[i:i + n] for i in range(a.size - n + 1)])"
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
    "tariq": delete_test,
    "uma": rewrite_tests,
    "viktor": skip_tests,
    "wei": answer_twice,
    "xenia": with_bytes(f"{NOTEBOOK}.ipynb", b""),
    "yusuf": rename_file,
}
"""30 submissions, by student."""


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
        raise GraderError(
            f"{root}: this folder is not empty; name a new one for the demo's course."
        )
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
    from nbgrader_isolate.gradebook.database import generate_assignment

    generate_assignment(Course(root), ASSIGNMENT, root / "source" / ASSIGNMENT, keep=True)
