"""`make capstone`: the student's own parts of MiniArray go into the capstone's notebooks.

A capstone notebook names the parts it needs between two comment lines, each as a function that is not
written yet. A part that the student has solved takes its place; a gap is filled from the reference
where the course has its solutions; what is left stays to be written.
"""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from course.errors import CourseError
from course.exercise_run import load
from course.fresh import keep
from course.paths import Folders
from course.practice import SOLVED, solution_cell, state
from course.state import write_atomically

CAPSTONE = "06-capstone"
BLOCK = re.compile(r"(?ms)^# your parts begin$\n(.*?)^# your parts end$")
MARKS = re.compile(r"(?m)^[ \t]*### (BEGIN|END) SOLUTION[ \t]*(\n|\Z)")


@dataclass(frozen=True)
class Part:
    """A part of MiniArray and where its code comes from.

    Parameters
    ----------
    name : str
        The function.
    origin : str
        "yours", "reference" or "missing".
    source : str
        Its code.
    place : str
        The exercise it stands in, as `02-strides/mini-take`; empty if there is none.
    """

    name: str
    origin: str
    source: str
    place: str


def fill(folders: Folders) -> tuple[list[Part], list[Path]]:
    """Fill the capstone notebooks in `work/`.

    Returns
    -------
    list of Part
        The parts that they need.
    list of Path
        The notebooks that changed; each was kept as it was in `work/kept/` before.

    Raises
    ------
    CourseError
        If there is no capstone in `work/`, or none of its notebooks asks for parts.
    """
    folder = folders.work / "exercises" / CAPSTONE
    if not folder.is_dir():
        raise CourseError(f"work/exercises/{CAPSTONE} is not there yet: `make lab` copies it.")
    asking = {
        file: names for file in sorted(folder.glob("*.ipynb")) if (names := asked(folders, file))
    }
    if not asking:
        raise CourseError(
            f"No notebook in work/exercises/{CAPSTONE} asks for parts: start it over."
        )
    parts = {name: part(folders, name) for name in dict.fromkeys(chain(*asking.values()))}
    changed = [
        file for file, names in asking.items() if paste(folders, file, [parts[n] for n in names])
    ]
    return list(parts.values()), changed


def asked(folders: Folders, file: Path) -> list[str]:
    """Return the parts that a notebook was handed out to ask for."""
    given = folders.exercises / CAPSTONE / file.name
    if not given.is_file():
        return []
    blocks = [found[1] for cell in load(given)["cells"] if (found := BLOCK.search(cell["source"]))]
    return [
        node.name
        for block in blocks
        for node in ast.parse(block).body
        if isinstance(node, ast.FunctionDef)
    ]


def part(folders: Folders, name: str) -> Part:
    """Return the student's own part if it is solved, else the reference, else the gap."""
    for given in sorted(folders.exercises.glob("*/mini-*.ipynb")):
        stub = solution_cell(load(given), name)
        if stub is None:
            continue
        place = f"{given.parent.name}/{given.stem}"
        if state(folders, given).word == SOLVED:
            mine = load(folders.work / "exercises" / given.parent.name / given.name)
            return Part(name, "yours", solution_cell(mine, name) or stub, place)
        reference = folders.solutions / given.parent.name / given.name
        if reference.is_file():
            source = solution_cell(load(reference), name) or stub
            return Part(name, "reference", MARKS.sub("", source), place)
        return Part(name, "missing", stub, place)
    source = f"def {name}(*_):\n    raise NotImplementedError"
    return Part(name, "missing", source, "")


def paste(folders: Folders, file: Path, parts: list[Part]) -> bool:
    """Write the parts into the block of one notebook; return whether that changed it."""
    notebook = json.loads(file.read_text("utf-8"))
    changed = False
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        made = BLOCK.sub(lambda _: f"# your parts begin\n{block(parts)}# your parts end", source)
        if made != source:
            cell["source"] = made.splitlines(keepends=True)
            cell |= {"outputs": [], "execution_count": None}
            changed = True
    if changed:
        keep(folders, file)
        text = json.dumps(notebook, indent=1, ensure_ascii=False)
        write_atomically(file, text.encode() + b"\n")
    return changed


def block(parts: list[Part]) -> str:
    """Return the code of the parts, each once, under a line that says whose it is."""
    sources: dict[str, Part] = {}
    for one in parts:
        sources.setdefault(one.source.strip(), one)
    texts = []
    if any(re.search(r"\bnp\.", source) for source in sources):
        texts.append("import numpy as np\n")
    for source, one in sources.items():
        told = {
            "yours": f"yours, from {one.place}",
            "reference": f"the reference, from {one.place}",
        }
        texts.append(f"# {told.get(one.origin, 'not written yet')}\n{source}\n")
    return "\n\n".join(texts)


def report(parts: list[Part]) -> list[str]:
    """Return a line for each part: whose it is, and how a gap is closed."""
    width = max(len(part.name) for part in parts)
    told = {
        "yours": "yours",
        "reference": "from the reference; write your own in {0}, then run this again",
        "missing": "not written yet: {0}",
    }
    return [f"  {one.name:{width}}  {told[one.origin].format(one.place)}" for one in parts]
