"""`make capstone`: copy the student's own parts of MiniArray into the capstone's notebooks.

A capstone notebook names the parts that it needs between two comment lines, each as a function that
is not written yet. A part that the student has solved replaces that function. Otherwise, the
reference solution does, if the course came with its solutions. What remains is for the student to
write.
"""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from pathlib import Path

from course.core.cache import write_atomically
from course.core.errors import CourseError
from course.core.exercises import load
from course.core.paths import Folders
from course.exercises.check import SOLVED, solution_cell, state
from course.exercises.start_over import keep

CAPSTONE = "06-capstone"
BLOCK = re.compile(r"(?ms)^# your parts begin$\n(.*?)^# your parts end$")
MARKS = re.compile(r"(?m)^[ \t]*### (BEGIN|END) SOLUTION[ \t]*(\n|\Z)")


@dataclass(frozen=True)
class Part:
    """A part of MiniArray, and where its code comes from.

    Parameters
    ----------
    name : str
        The function.
    origin : str
        "yours", "reference" or "missing".
    source : str
        Its code.
    place : str
        The exercise that it belongs to, such as `02-strides/mini-take`; empty if there is none.
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
        The notebooks that changed; `work/kept/` has a copy of each as it was before.

    Raises
    ------
    CourseError
        If there is no capstone in `work/`, or none of its notebooks asks for parts.
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
    """Return the parts that a notebook asked for when it was handed out, with their stubs."""
    given = folders.exercises / CAPSTONE / file.name
    return functions(block_of(given)) if given.is_file() else {}


def block_of(file: Path) -> str:
    """Return what is between the two comment lines in a notebook, if it is valid Python."""
    blocks = [match[1] for cell in load(file)["cells"] if (match := BLOCK.search(cell["source"]))]
    text = "\n".join(blocks)
    try:
        ast.parse(text)
    except SyntaxError:
        return ""
    return text


def functions(source: str) -> dict[str, str]:
    """Return the source of each function at the top level of some code."""
    nodes = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    return {node.name: ast.get_source_segment(source, node) or "" for node in nodes}


def imports_of(source: str) -> list[str]:
    """Return the import lines at the top level of some code."""
    nodes = ast.parse(source).body
    return [ast.unparse(node) for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]


def part(folders: Folders, name: str, stub: str, there: str) -> Part:
    """Return a part with its best code.

    That is the student's solution of its exercise, what the student wrote in the capstone itself,
    the reference solution, or the stub, in this order.

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
            solved = load(folders.work / "exercises" / given.parent.name / given.name)
            return Part(name, "yours", solution_cell(solved, name) or stub, place)
        answer = reference(folders, given, name)
        known = {same_code(one) for one in (stub, functions(answer).get(name, ""))}
        if same_code(there) not in known:
            return Part(name, "yours", there, f"{CAPSTONE} itself")
        return Part(name, "reference" if answer else "missing", answer or stub, place)
    origin = "missing" if same_code(there) == same_code(stub) else "yours"
    return Part(name, origin, there, f"{CAPSTONE} itself")


def reference(folders: Folders, given: Path, name: str) -> str:
    """Return the code of the reference solution; empty if the course came without its solutions."""
    file = folders.solutions / given.parent.name / given.name
    return MARKS.sub("", solution_cell(load(file), name) or "") if file.is_file() else ""


def same_code(source: str) -> str:
    """Return a string that is equal for equal code, regardless of comments and spaces."""
    return ast.dump(ast.parse(source))


def paste(folders: Folders, file: Path, imports: list[str], parts: list[Part]) -> bool:
    """Write imports and parts into the block of one notebook; return whether that changed it."""
    notebook = json.loads(file.read_text("utf-8"))
    changed = False
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        filled = BLOCK.sub(
            lambda _: f"# your parts begin\n{block(imports, parts)}# your parts end", source
        )
        if filled != source:
            cell["source"] = filled.splitlines(keepends=True)
            cell |= {"outputs": [], "execution_count": None}
            changed = True
    if changed:
        keep(folders, file)
        text = json.dumps(notebook, indent=1, ensure_ascii=False)
        write_atomically(file, text.encode() + b"\n")
    return changed


def block(imports: list[str], parts: list[Part]) -> str:
    """Return the code of the parts, each once, under a line that says where it comes from."""
    sources: dict[str, Part] = {}
    for one in parts:
        sources.setdefault(one.source.strip(), one)
    if any(re.search(r"\bnp\.", source) for source in sources):
        imports = list(dict.fromkeys([*imports, "import numpy as np"]))
    texts = ["\n".join(imports) + "\n"] if imports else []
    for source, one in sources.items():
        origins = {
            "yours": f"yours, from {one.place}",
            "reference": f"the reference, from {one.place}",
        }
        texts.append(f"# {origins.get(one.origin, 'not written yet')}\n{source}\n")
    return "\n\n".join(texts)


def report(parts: list[Part]) -> list[str]:
    """Return a line for each part: where it comes from, and how to fill a gap."""
    width = max(len(part.name) for part in parts)
    origins = {
        "yours": "yours, from {0}",
        "reference": "from the reference; write your own in {0}, then run this again",
        "missing": "not written yet: {0}",
    }
    return [f"  {one.name:{width}}  {origins[one.origin].format(one.place)}" for one in parts]
