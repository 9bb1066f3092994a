"""An exercise as it is handed out: the parts of its notebook, and the order of all exercises."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

Notebook = dict[str, Any]
HEADING = re.compile(r"(?m)^# (?:Exercise: )?(.+)$")
ORDER = [
    "smallest-dtype",
    "float-bits",
    "fate",
    "mean-image",
    "ravel",
    "unravel",
    "offset-of",
    "mini-locate",
    "mini-transposed",
    "strides-of",
    "mergeable",
    "mini-reshaped",
    "trim",
    "may-overlap",
    "view-or-copy",
    "after-slice",
    "find-slice",
    "mini-take",
    "aliasing-bugs",
    "stretch",
    "mini-broadcasted",
    "palette",
    "random-sum",
    "norm",
    "chunked-stats",
    "standardize",
    "mini-runs",
    "moving-average",
    "mini-windowed",
    "transpose",
    "windows",
    "wide",
    "correlate",
    "block-sum",
    "diagonal",
]
"""The tasks of the course, in the order in which the lessons prepare them."""
GRADED_LATER = re.compile(r"(?m)^# ?(?:Graded: )?")


class Kind(StrEnum):
    """What a part of an exercise is for."""

    PROSE = "prose"
    ANSWER = "answer"
    """A code cell in which the answer is written."""
    TEXT = "text"
    """A Markdown cell in which the answer is written, in words."""
    GIVEN = "given"
    WORDS = "words"
    """The code cell that defines the checks, folded away."""
    TEST = "test"
    LATER = "later"
    """A test that is hidden: a comment says what it will check."""


@dataclass(frozen=True)
class Part:
    """One cell of an exercise.

    Parameters
    ----------
    number : int
        Its place in the notebook, from 1.
    kind : Kind
        What it is for.
    source : str
        Its text. For a hidden test, the sentence that says what it checks.
    grade_id : str
        Its name; empty if it has none.
    points : float
        What it can give.
    answer : str
        The grade_id of the answer that it belongs to: its own, or that of the nearest one above.
        Empty above the first answer.
    """

    number: int
    kind: Kind
    source: str
    grade_id: str = ""
    points: float = 0
    answer: str = ""


@dataclass(frozen=True)
class Exercise:
    """An exercise as it is handed out.

    Parameters
    ----------
    file : Path
        Its notebook.
    notebook : dict
        The whole notebook, with the source of each cell as one string.
    """

    file: Path
    notebook: Notebook

    @property
    def assignment(self) -> str:
        """The name of its assignment, such as `02-strides`."""
        return self.file.parent.name

    @property
    def name(self) -> str:
        """Its name, such as `ravel`."""
        return self.file.stem

    @property
    def place(self) -> str:
        """Its assignment and its name, such as `02-strides/ravel`."""
        return f"{self.assignment}/{self.name}"

    @property
    def title(self) -> str:
        """Its title, without the word "Exercise"; its name if it has no title."""
        sources = (cell["source"] for cell in self.notebook["cells"])
        found = HEADING.search(next(sources, ""))
        return found[1] if found else self.name

    @property
    def helpers(self) -> list[str]:
        """The names of the files beside the notebook that its code imports or reads."""
        files = self.file.parent.glob("*")
        code = "\n".join(part.source for part in self.parts)
        names = (file.name for file in files if file.is_file() and file.suffix != ".ipynb")
        return sorted(name for name in names if name.removesuffix(".py") in code)

    @property
    def objectives(self) -> list[str]:
        """What one can do after it."""
        course = self.notebook.get("metadata", {}).get("course", {})
        return list(course.get("objectives", []))

    @property
    def parts(self) -> list[Part]:
        """Its cells."""
        parts = []
        answer = ""
        for number, cell in enumerate(self.notebook["cells"], 1):
            kind = kind_of(cell)
            facts = grading(cell)
            grade_id = str(facts.get("grade_id", ""))
            if kind in (Kind.ANSWER, Kind.TEXT):
                answer = grade_id
            source = later(cell["source"]) if kind == Kind.LATER else cell["source"]
            points = float(facts.get("points") or 0)
            parts.append(Part(number, kind, source, grade_id, points, answer))
        return parts

    def of_kind(self, *kinds: Kind) -> list[Part]:
        """Return the parts of some kinds, in order."""
        return [part for part in self.parts if part.kind in kinds]


def read_exercise(file: Path) -> Exercise:
    """Read an exercise.

    Raises
    ------
    ValueError
        If the file is not a notebook.
    """
    return Exercise(file, load(file))


def kind_of(cell: dict[str, Any]) -> Kind:
    """Return what a cell of an exercise is for."""
    solution = bool(grading(cell).get("solution"))
    if cell["cell_type"] != "code":
        return Kind.TEXT if solution else Kind.PROSE
    if solution:
        return Kind.ANSWER
    if is_test(cell):
        return Kind.LATER if is_empty(cell["source"]) else Kind.TEST
    return Kind.WORDS if "hide-input" in cell["metadata"].get("tags", []) else Kind.GIVEN


def is_empty(source: str) -> bool:
    """Tell whether code consists of comments only."""
    try:
        return not ast.parse(source).body
    except SyntaxError:
        return False


def later(source: str) -> str:
    """Return what the comment of a hidden test says."""
    return " ".join(GRADED_LATER.sub("", source).split())


def exercise_files(folder: Path) -> list[Path]:
    """Return the notebooks of all exercises, in the order in which they should be done.

    Parameters
    ----------
    folder : Path
        The folder of the assignments.
    """
    assignments = sorted(one for one in folder.glob("*") if one.is_dir())
    return [file for one in assignments for file in sorted(one.glob("*.ipynb"), key=order)]


def order(file: Path) -> tuple[bool, int, str]:
    """Return a sort key for tasks: as in the lessons, and the question in words last."""
    place = ORDER.index(file.stem) if file.stem in ORDER else len(ORDER)
    return file.stem == "why", place, file.stem


def load(file: Path) -> Notebook:
    """Read a notebook, with the source of each cell as one string.

    Raises
    ------
    ValueError
        If the file is not a notebook.
    """
    try:
        # some editors on Windows put a mark before the text
        notebook: Notebook = json.loads(file.read_text("utf-8-sig"))
        notebook["metadata"] = as_dict(notebook.get("metadata"))
        for cell in notebook["cells"]:
            cell["source"] = "".join(cell["source"]).replace("\r\n", "\n")
            cell["cell_type"] = str(cell["cell_type"])
            cell["metadata"] = as_dict(cell.get("metadata"))
    except (KeyError, TypeError, AttributeError, UnicodeDecodeError) as error:
        raise ValueError(f"{file} is not a notebook: {error!r}") from error
    return notebook


def grading(cell: dict[str, Any]) -> dict[str, Any]:
    """Return nbgrader's metadata for a cell; empty if it has none."""
    return as_dict(cell["metadata"].get("nbgrader"))


def as_dict(value: object) -> dict[str, Any]:
    """Return an object of a notebook's JSON; empty if another program left something else there."""
    return value if isinstance(value, dict) else {}


def is_solution(cell: dict[str, Any]) -> bool:
    """Return whether students write code in this cell."""
    return cell["cell_type"] == "code" and bool(grading(cell).get("solution"))


def is_test(cell: dict[str, Any]) -> bool:
    """Return whether a cell gives points by running."""
    facts = grading(cell)
    return cell["cell_type"] == "code" and bool(facts.get("grade")) and not facts.get("solution")
