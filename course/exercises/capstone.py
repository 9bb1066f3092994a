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
from pathlib import Path

from course.core.cache import write_atomically
from course.core.errors import CourseError
from course.core.paths import Folders
from course.exercises.check import SOLVED, solution_cell, state
from course.exercises.runner import load
from course.exercises.start_over import keep

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
    parts: dict[str, Part] = {}
    changed = []
    for file, stubs in asking.items():
        there = functions(block_of(file))
        parts |= {
            name: part(folders, name, stub, there.get(name, stub)) for name, stub in stubs.items()
        }
        imports = imports_of(block_of(folders.exercises / CAPSTONE / file.name))
        if paste(folders, file, imports, [parts[name] for name in stubs]):
            changed.append(file)
    return list(parts.values()), changed


def asked(folders: Folders, file: Path) -> dict[str, str]:
    """Return the parts that a notebook was handed out to ask for, with their stubs."""
    given = folders.exercises / CAPSTONE / file.name
    return functions(block_of(given)) if given.is_file() else {}


def block_of(file: Path) -> str:
    """Return what stands between the two lines in a notebook; empty if it is not Python."""
    blocks = [found[1] for cell in load(file)["cells"] if (found := BLOCK.search(cell["source"]))]
    text = "\n".join(blocks)
    try:
        ast.parse(text)
    except SyntaxError:
        return ""
    return text


def functions(source: str) -> dict[str, str]:
    """Return the source of each function at the top level of some code."""
    found = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    return {node.name: ast.get_source_segment(source, node) or "" for node in found}


def imports_of(source: str) -> list[str]:
    """Return the import lines at the top level of some code."""
    nodes = ast.parse(source).body
    return [ast.unparse(node) for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]


def part(folders: Folders, name: str, stub: str, there: str) -> Part:
    """Return a part: as its exercise solves it, as it was written here, as the reference, or the gap.

    Parameters
    ----------
    folders : Folders
        The checkout.
    name : str
        The function.
    stub, there : str
        Its code in the capstone as handed out, and in the student's copy.
    """
    for given in sorted(folders.exercises.glob("*/mini-*.ipynb")):
        if solution_cell(load(given), name) is None:
            continue
        place = f"{given.parent.name}/{given.stem}"
        if state(folders, given).word == SOLVED:
            mine = load(folders.work / "exercises" / given.parent.name / given.name)
            return Part(name, "yours", solution_cell(mine, name) or stub, place)
        answer = reference(folders, given, name)
        known = {same_code(one) for one in (stub, functions(answer).get(name, ""))}
        if same_code(there) not in known:
            return Part(name, "yours", there, f"{CAPSTONE} itself")
        return Part(name, "reference" if answer else "missing", answer or stub, place)
    origin = "missing" if same_code(there) == same_code(stub) else "yours"
    return Part(name, origin, there, f"{CAPSTONE} itself")


def reference(folders: Folders, given: Path, name: str) -> str:
    """Return the code of the reference; empty where the course came without its solutions."""
    file = folders.solutions / given.parent.name / given.name
    return MARKS.sub("", solution_cell(load(file), name) or "") if file.is_file() else ""


def same_code(source: str) -> str:
    """Return what is equal for equal code, whatever its comments and spaces."""
    return ast.dump(ast.parse(source))


def paste(folders: Folders, file: Path, imports: list[str], parts: list[Part]) -> bool:
    """Write imports and parts into the block of one notebook; return whether that changed it."""
    notebook = json.loads(file.read_text("utf-8"))
    changed = False
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        made = BLOCK.sub(
            lambda _: f"# your parts begin\n{block(imports, parts)}# your parts end", source
        )
        if made != source:
            cell["source"] = made.splitlines(keepends=True)
            cell |= {"outputs": [], "execution_count": None}
            changed = True
    if changed:
        keep(folders, file)
        text = json.dumps(notebook, indent=1, ensure_ascii=False)
        write_atomically(file, text.encode() + b"\n")
    return changed


def block(imports: list[str], parts: list[Part]) -> str:
    """Return the code of the parts, each once, under a line that says whose it is."""
    sources: dict[str, Part] = {}
    for one in parts:
        sources.setdefault(one.source.strip(), one)
    if any(re.search(r"\bnp\.", source) for source in sources):
        imports = list(dict.fromkeys([*imports, "import numpy as np"]))
    texts = ["\n".join(imports) + "\n"] if imports else []
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
        "yours": "yours, from {0}",
        "reference": "from the reference; write your own in {0}, then run this again",
        "missing": "not written yet: {0}",
    }
    return [f"  {one.name:{width}}  {told[one.origin].format(one.place)}" for one in parts]
