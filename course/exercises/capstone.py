"""`make capstone`: copy the student's own parts of MiniArray into the capstone's notebooks.

A capstone notebook names the parts that it needs between two comment lines, each as a function that
is not written yet. A part that the student has solved replaces that function. Otherwise, the
reference solution does, if the course came with its solutions. What remains is for the student to
write. What is written where is decided in `capstone_parts.py`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from course.core.cache import write_atomically
from course.core.errors import CourseError
from course.core.exercises import is_solution, load
from course.core.paths import Folders
from course.core.python_source import functions, imports_of
from course.exercises import capstone_parts
from course.exercises.capstone_parts import (
    CAPSTONE,
    Part,
    PartExercise,
    choose,
    pasted,
    refuse_clashes,
)
from course.exercises.check import SOLVED, solution_cell, state
from course.exercises.start_over import keep

MARKS = re.compile(r"(?m)^[ \t]*### (BEGIN|END) SOLUTION[ \t]*(\n|\Z)")


def fill(folders: Folders) -> tuple[list[Part], list[Path]]:
    """Fill the capstone notebooks in `work/`.

    Returns
    -------
    list of Part
        The parts that they need.
    list of Path
        The notebooks that changed; `work/kept/` has a copy of each as it was before.

    Raises
    ------
    CourseError
        If there is no capstone in `work/`, none of its notebooks asks for parts, or two parts give
        one name to different things. Nothing is written then.
    """
    folder = folders.work / "exercises" / CAPSTONE
    if not folder.is_dir():
        raise CourseError(f"There is no work/exercises/{CAPSTONE} yet: `make lab` creates it.")
    asking = {
        file: names for file in sorted(folder.glob("*.ipynb")) if (names := asked(folders, file))
    }
    if not asking:
        raise CourseError(
            f"No notebook in work/exercises/{CAPSTONE} asks for parts any longer: "
            f"run `make start-over A={CAPSTONE}`."
        )
    parts: dict[str, Part] = {}
    for file, stubs in asking.items():
        there = functions(block_of(file))
        parts |= {
            name: choose(name, stub, there.get(name, stub), exercise_of(folders, name))
            for name, stub in stubs.items()
        }
        given = load(folders.exercises / CAPSTONE / file.name)["cells"]
        try:
            refuse_clashes(
                [parts[name] for name in stubs],
                [cell["source"] for cell in given if is_solution(cell)],
            )
        except ValueError as error:
            raise CourseError(str(error)) from None
    changed = []
    for file, stubs in asking.items():
        imports = imports_of(block_of(folders.exercises / CAPSTONE / file.name))
        if paste(folders, file, imports, [parts[name] for name in stubs]):
            changed.append(file)
    return list(parts.values()), changed


def asked(folders: Folders, file: Path) -> dict[str, str]:
    """Return the parts that a notebook asked for when it was handed out, with their stubs."""
    given = folders.exercises / CAPSTONE / file.name
    return functions(block_of(given)) if given.is_file() else {}


def block_of(file: Path) -> str:
    """Return what is between the two comment lines in a notebook, if it is valid Python."""
    return capstone_parts.block_of(cell["source"] for cell in load(file)["cells"])


def exercise_of(folders: Folders, name: str) -> PartExercise | None:
    """Return the exercise in which a part is written, if it has one of its own."""
    for given in sorted(folders.exercises.glob("*/mini-*.ipynb")):
        if solution_cell(load(given), name) is None:
            continue
        place = f"{given.parent.name}/{given.stem}"
        if state(folders, given).word == SOLVED:
            solved = load(folders.work / "exercises" / given.parent.name / given.name)
            return PartExercise(place, solution_cell(solved, name) or "")
        return PartExercise(place, None, reference(folders, given, name))
    return None


def reference(folders: Folders, given: Path, name: str) -> str:
    """Return the code of the reference solution; empty if the course came without its solutions."""
    file = folders.solutions / given.parent.name / given.name
    return MARKS.sub("", solution_cell(load(file), name) or "") if file.is_file() else ""


def paste(folders: Folders, file: Path, imports: list[str], parts: list[Part]) -> bool:
    """Write imports and parts into the block of one notebook; return whether that changed it."""
    notebook = json.loads(file.read_text("utf-8"))
    changed = False
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        filled = pasted(source, imports, parts)
        if filled != source:
            cell["source"] = filled.splitlines(keepends=True)
            cell |= {"outputs": [], "execution_count": None}
            changed = True
    if changed:
        keep(folders, file)
        text = json.dumps(notebook, indent=1, ensure_ascii=False)
        write_atomically(file, text.encode() + b"\n")
    return changed


def report(parts: list[Part]) -> list[str]:
    """Return a line for each part: where it comes from, and how to fill a gap."""
    width = max(len(part.name) for part in parts)
    origins = {
        "yours": "yours, from {0}",
        "reference": "from the reference; write your own in {0}, then run this again",
        "missing": "not written yet: {0}",
    }
    return [f"  {one.name:{width}}  {origins[one.origin].format(one.place)}" for one in parts]
