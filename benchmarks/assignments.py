"""Read the assignments in `courses/`, which are shaped like those of real courses.

Each is a Markdown file. Text becomes Markdown cells. A fenced block of Python says what it is:

- `plain`: a cell of the instructor's without points.
- `solution ID`: a cell that students write, with nbgrader's marks around the solution.
- `wrong ID`: a wrong answer to the same task; it is in no notebook.
- `test ID POINTS`: a test.
- `data`: code that writes the data files of the assignment; it is in no notebook.
"""

from __future__ import annotations

import copy
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

if TYPE_CHECKING:
    from nbformat import NotebookNode

FOLDER = Path(__file__).parent / "courses"
FENCE = re.compile(r"^```python (.+)\n((?:.*\n)*?)```\n", re.MULTILINE)
MARK = re.compile(r"^ *### (?:BEGIN|END) SOLUTION\n", re.MULTILINE)
RIGHT, WRONG, MISSING = 0, 1, 2
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


@dataclass
class Assignment:
    """An assignment: its notebook, its data, and right and wrong answers by grade_id."""

    name: str
    cells: list[NotebookNode] = field(default_factory=list)
    right: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    data: str = ""
    libraries: set[str] = field(default_factory=set)

    @property
    def tests(self) -> int:
        """The number of tests."""
        return sum(bool(cell.metadata.get("nbgrader", {}).get("grade")) for cell in self.cells)

    def add(self, words: list[str], source: str) -> None:
        """Add a block of Python."""
        kind, *rest = words
        if kind == "data":
            self.data = source
            return
        if kind == "wrong":
            self.wrong[rest[0]] = source
            return
        if kind == "solution":
            self.right[rest[0]] = MARK.sub("", source)
        self.libraries |= set(re.findall(r"^(?:import|from) (\w+)", source, re.MULTILINE))
        metadata = nbgrader(kind, *rest) if rest else {}
        cell = new_code_cell(source.rstrip("\n"), id=f"cell-{len(self.cells)}", metadata=metadata)
        self.cells.append(cell)

    def write(self, folder: Path) -> None:
        """Write the instructor's notebook and the data files."""
        import nbformat

        notebook = new_notebook(cells=self.cells, metadata={"kernelspec": KERNEL})
        nbformat.write(notebook, folder / f"{self.name}.ipynb")
        subprocess.run([sys.executable, "-c", self.data], cwd=folder, check=True)

    def answers(self, number: int) -> dict[str, str]:
        """Return the answers of student `number`: a third all right, others wrong or missing."""
        if number % 3 == 0:
            return self.right
        given = {}
        for place, task in enumerate(self.right):
            kind = (number // 3 >> place) % 3
            if kind != MISSING:
                given[task] = (self.right, self.wrong)[kind][task]
        return given

    def answered(self, released: NotebookNode, number: int) -> NotebookNode:
        """Return the notebook that student `number` hands in."""
        notebook, answers = copy.deepcopy(released), self.answers(number)
        for cell in notebook.cells:
            about = cell.metadata.get("nbgrader", {})
            if about.get("solution") and about["grade_id"] in answers:
                cell.source = answers[about["grade_id"]].rstrip("\n")
        return notebook


def nbgrader(kind: str, grade_id: str, points: str = "0") -> dict[str, Any]:
    """Return nbgrader's metadata of a solution cell or a test."""
    grade = kind == "test"
    about: dict[str, Any] = {
        "grade_id": grade_id,
        "schema_version": 3,
        "grade": grade,
        "solution": not grade,
        "locked": grade,
        "task": False,
    }
    return {"nbgrader": {**about, "points": int(points)} if grade else about}


def read(file: Path) -> Assignment:
    """Return the assignment in a Markdown file."""
    text = file.read_text("utf-8")
    assignment, place = Assignment(file.stem), 0
    for block in FENCE.finditer(text):
        add_text(assignment, text[place : block.start()])
        assignment.add(block[1].split(), block[2])
        place = block.end()
    add_text(assignment, text[place:])
    return assignment


def add_text(assignment: Assignment, text: str) -> None:
    """Add a Markdown cell, unless the text is empty."""
    if text.strip():
        cell = new_markdown_cell(text.strip(), id=f"cell-{len(assignment.cells)}")
        assignment.cells.append(cell)


def read_all() -> list[Assignment]:
    """Return all assignments, by name."""
    return [read(file) for file in sorted(FOLDER.glob("*.md"))]
