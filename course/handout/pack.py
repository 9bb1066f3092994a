"""`make pack`, `make variant`: an assignment for any nbgrader course, as it is or with other data.

Both write a folder laid out as nbgrader expects it: `source/<assignment>/`, with `checking.py` next
to the notebooks. The other course does not have to install anything of this one.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from course.core.cache import write_atomically
from course.core.errors import CourseError
from course.core.exercises import Notebook, grading, is_test, load
from course.core.paths import Folders
from course.exercises.runner import ExerciseResult, run

SEED = re.compile(r"(?m)^SEED = (\d+)$")
HIDDEN = re.compile(
    r"(?m)^([ \t]*)### BEGIN HIDDEN TESTS.*\n(?=(?:(?!### END HIDDEN TESTS)[^\0])*?\bSEED\b)"
)
"""The first line of hidden tests that use the seed, with its indent."""
README = """# {name}

An nbgrader assignment from the course "Inside the ndarray": {tasks} notebooks, {points:g} points.
{variant}
| notebook | points |
|---|---|
{rows}

1. Copy `source/{name}` to the `source` folder of your course. Keep `checking.py` next to the
   notebooks.
2. Run `nbgrader generate_assignment {name}`, then release it like your own assignments.
3. Run `nbgrader autograde {name}` when students have handed in their answers.

Students and the machine that grades need Python 3.11 or newer and NumPy 2.2 or newer. If the
package `stridescope` is installed too, some notebooks show pictures of memory.

The code is under the BSD 3-Clause license, text and pictures are under CC BY 4.0.
"""


@dataclass(frozen=True)
class PackedAssignment:
    """One assignment, written for another course.

    Parameters
    ----------
    name : str
        The assignment.
    folder : Path
        The folder with `source/` and the README.
    points : dict of str to float
        The points of each notebook.
    same : list of str
        Notebooks that a variant leaves unchanged, because they use no random data.
    """

    name: str
    folder: Path
    points: dict[str, float]
    same: list[str]


def assignments(folders: Folders, name: str | None) -> list[str]:
    """Return the assignment of this name, or all of them.

    Raises
    ------
    CourseError
        If there is no such assignment, or the solutions are not here.
    """
    known = sorted(folder.name for folder in folders.solutions.glob("*") if folder.is_dir())
    if not known:
        raise CourseError("solutions/ is not here: run this in the instructor's copy.")
    if name is not None and name not in known:
        raise CourseError(f"There is no assignment {name!r}: A is one of {', '.join(known)}.")
    return [name] if name else known


def pack(folders: Folders, name: str) -> PackedAssignment:
    """Write one assignment to `_build/pack/<name>/`."""
    assignments(folders, name)
    target = fresh(folders.build / "pack" / name)
    return write(folders, name, target, None)


def variant(folders: Folders, seed: int, name: str | None = None) -> list[PackedAssignment]:
    """Write assignments with other random data to `_build/variant-<seed>/`, and solve them.

    The points stay the same. The hidden tests of each notebook get a new SEED, which `seed`
    determines. nbgrader removes it with them, so that students see the public one only.

    Raises
    ------
    CourseError
        If a reference solution does not get all points of its variant. The files remain for a look.
    """
    target = fresh(folders.build / f"variant-{seed}")
    packed = [write(folders, one, target, seed) for one in assignments(folders, name)]
    files = [
        file for one in packed for file in sorted((target / "source" / one.name).glob("*.ipynb"))
    ]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        outcomes = list(pool.map(lambda file: run(load(file), file.parent, seconds=120), files))
    troubles = list(filter(None, map(trouble, files, outcomes)))
    if troubles:
        raise CourseError("\n".join([*troubles, "Choose another SEED, and report this one."]))
    return packed


def trouble(file: Path, outcome: ExerciseResult) -> str:
    """Return why a reference solution fails its variant, or an empty string."""
    failed = outcome.first_failure
    return f"{file.parent.name}/{file.stem}: {failed.grade_id}: {failed.message}" if failed else ""


def fresh(folder: Path) -> Path:
    """Return the folder, emptied."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def write(folders: Folders, name: str, target: Path, seed: int | None) -> PackedAssignment:
    """Write one assignment and its README below `target`."""
    points, same = {}, []
    for file in sorted((folders.solutions / name).iterdir()):
        data = file.read_bytes()
        if file.suffix == ".ipynb":
            points[file.stem] = points_of(load(file))
            varied = data if seed is None else reseeded(data, f"{seed}/{name}/{file.stem}")
            if varied == data:
                same.append(file.stem)
            data = varied
        if file.is_file() and not file.name.startswith("."):
            write_atomically(target / "source" / name / file.name, data)
    variant = "" if seed is None else f"This is variant {seed}: other data, the same points.\n"
    rows = "\n".join(f"| `{task}` | {count:g} |" for task, count in points.items())
    facts = {"name": name, "tasks": len(points), "points": sum(points.values())}
    text = README.format(**facts, variant=variant, rows=rows)
    readme = "README.md" if seed is None else f"README-{name}.md"
    write_atomically(target / readme, text.encode())
    return PackedAssignment(name, target, points, [] if seed is None else same)


def points_of(notebook: Notebook) -> float:
    """Return how many points the tests of a notebook give together."""
    return float(sum(grading(cell)["points"] for cell in filter(is_test, notebook["cells"])))


def reseeded(data: bytes, label: str) -> bytes:
    """Return a notebook whose hidden tests have another SEED; it depends on `label`.

    The cell that students get keeps the old one, and so do visible tests.
    """
    notebook = json.loads(data)
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    sources = ["".join(cell["source"]) for cell in code]
    old = next((found[1] for found in map(SEED.search, sources) if found), "")
    line = f"SEED = {other(old, label)}\n" if old else ""
    changed = [HIDDEN.sub(lambda begin: f"{begin[0]}{begin[1]}{line}", text) for text in sources]
    if not old or changed == sources:
        return data
    for cell, source in zip(code, changed, strict=True):
        cell["source"] = source.splitlines(keepends=True)
    text = json.dumps(notebook, indent=1, ensure_ascii=False)
    return text.encode() + b"\n"


def other(seed: str, label: str) -> int:
    """Return a seed of up to twelve digits that differs from the old one."""
    digest = hashlib.sha256(f"{label}/{seed}".encode()).digest()
    new = int.from_bytes(digest[:8], "big") % 10**12
    return new + (new == int(seed))
