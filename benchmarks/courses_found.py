"""Find the assignments in a folder with a course: notebooks with nbgrader's metadata and answers.

A folder that contains such notebooks is an assignment, wherever it is. Nothing of the course is
run here, and its nbgrader_config.py is only read: the values of a few settings are taken if they
are written as plain constants.
"""

from __future__ import annotations

import ast
import hashlib
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from nbgrader.nbgraderformat import MetadataValidator

if TYPE_CHECKING:
    from nbformat import NotebookNode

NOT_SOURCE = {"release", "submitted", "autograded", "feedback", "exchange", "node_modules"}
"""Folders of a course with copies of notebooks that nbgrader or students made."""
SETTINGS = re.compile(r"(?:ClearSolutions|ClearHiddenTests|ExecutePreprocessor)\.\w+")
MARKS = ("BEGIN SOLUTION", "END SOLUTION")
UNANSWERED = re.compile(r"\s*(#.*(\n\s*|\Z))*(raise NotImplementedError.*|pass|\.\.\.)?\s*")
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
MAX_FILE = 20_000_000
"""Larger files of a course are not copied, in bytes."""


@dataclass
class Assignment:
    """The notebooks of one folder.

    Parameters
    ----------
    folder : Path
    name : str
        The folder, relative to the course.
    notebooks : dict of str to NotebookNode
        By name, without `.ipynb`.
    references : dict of str to dict of str to str
        The instructor's answers without the marks, by notebook and grade_id.
    skipped : dict of str to str
        Why a notebook is left out, by name.
    """

    folder: Path
    name: str
    notebooks: dict[str, NotebookNode] = field(default_factory=dict)
    references: dict[str, dict[str, str]] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        """Write the instructor's version, with the files beside it."""
        shutil.copytree(self.folder, folder, ignore=uncopied, dirs_exist_ok=True)
        for name, notebook in self.notebooks.items():
            nbformat.write(notebook, folder / f"{name}.ipynb")


def uncopied(folder: str, names: list[str]) -> set[str]:
    """Return what is not copied: notebooks, hidden and large files, links."""
    left = set()
    for name in names:
        file = Path(folder) / name
        odd = file.is_symlink() or (file.is_file() and file.stat().st_size > MAX_FILE)
        if odd or name.startswith(".") or name.endswith(".ipynb") or name in NOT_SOURCE:
            left.add(name)
    return left


def assignments_in(course: Path) -> Iterator[Assignment]:
    """Yield the assignments of a course, those in a `source` folder first.

    A notebook whose tests another one has as well (a backup, the year before) is left out.
    """
    files = sorted(course.rglob("*.ipynb"), key=lambda file: ("source" not in file.parts, file))
    folders: dict[Path, Assignment] = {}
    seen: set[str] = set()
    for file in files:
        inner = file.relative_to(course).parts[:-1]
        if any(part in NOT_SOURCE or part.startswith(".") for part in inner):
            continue
        folder = folders.setdefault(
            file.parent, Assignment(file.parent, "/".join(inner) or course.name)
        )
        add_notebook(folder, file, seen)
    for folder in folders.values():
        if folder.notebooks or folder.skipped:
            yield folder


def add_notebook(assignment: Assignment, file: Path, seen: set[str]) -> None:
    """Add a notebook to an assignment, or why it is left out, if it has tests.

    A test to which a course gives no points gets one, so that its verdict can be compared.
    """
    text = file.read_text("utf-8", errors="replace")
    if '"nbgrader"' not in text:
        return
    try:
        notebook = MetadataValidator().upgrade_notebook_metadata(nbformat.reads(text, 4))
        tests = [cell.source for cell in notebook.cells if is_test(cell)]
        about = notebook.metadata.get("kernelspec", {})
    except Exception as error:  # noqa: BLE001 - a broken file may raise anything
        assignment.skipped[file.stem] = f"cannot be read: {type(error).__name__}"
        return
    key = hashlib.sha256("\0".join(tests).encode()).hexdigest()
    if not tests or key in seen:
        return
    seen.add(key)
    language = about.get("language") or notebook.metadata.get("language_info", {}).get("name")
    if (language or "python").lower() != "python":
        assignment.skipped[file.stem] = f"is written in {language}"
        return
    references = answers_in(notebook)
    if not references:
        assignment.skipped[file.stem] = "has no reference solution"
        return
    notebook.metadata["kernelspec"] = KERNEL
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        if is_test(cell) and not nbgrader_of(cell).get("points"):
            cell.metadata["nbgrader"]["points"] = 1
    assignment.notebooks[file.stem], assignment.references[file.stem] = notebook, references


def nbgrader_of(cell: NotebookNode) -> dict[str, Any]:
    """Return nbgrader's metadata of a cell."""
    about = cell.metadata.get("nbgrader", {})
    return dict(about) if isinstance(about, dict) else {}


def is_test(cell: NotebookNode) -> bool:
    """Tell whether a cell is a test for points."""
    about = nbgrader_of(cell)
    return bool(cell.cell_type == "code" and about.get("grade") and not about.get("solution"))


def answers_in(notebook: NotebookNode) -> dict[str, str]:
    """Return the answered solution cells of an instructor's notebook, by grade_id."""
    found = {}
    for cell in notebook.cells:
        about = nbgrader_of(cell)
        if about.get("solution") and about.get("grade_id"):
            marked = any(mark in cell.source for mark in MARKS)
            if marked or not UNANSWERED.fullmatch(cell.source):
                found[str(about["grade_id"])] = without_marks(cell.source)
    return found


def without_marks(source: str) -> str:
    """Return an answer without the lines that mark the solution."""
    lines = source.splitlines()
    return "\n".join(line for line in lines if not any(mark in line for mark in MARKS))


def settings_of(course: Path, folder: Path) -> str:
    """Return the settings of a course that change its release or its time limit, as Python text.

    They come from the nearest nbgrader_config.py above an assignment.
    """
    while folder != course and not (folder / "nbgrader_config.py").exists():
        folder = folder.parent
    lines = []
    try:
        tree = ast.parse((folder / "nbgrader_config.py").read_text("utf-8"))
    except (OSError, SyntaxError, ValueError):
        return ""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target = ast.unparse(node.targets[0])
            if target.startswith("c.") and SETTINGS.fullmatch(target[2:]):
                try:
                    lines.append(f"{target} = {ast.literal_eval(node.value)!r}\n")
                except ValueError:
                    continue
    return "".join(lines)
