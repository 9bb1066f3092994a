"""`make pack`, `make variant`: an assignment for any nbgrader course, as it is or with other data.

Both write a folder that is laid out as nbgrader's own: `source/<assignment>/`, with `checking.py`
beside the notebooks. Nothing of this course has to be installed there.
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
from course.core.paths import Folders
from course.exercises.runner import Notebook, Outcome, grading, is_test, load, run

SEED = re.compile(r"(?m)^SEED = (\d+)$")
README = """# {name}

An assignment for nbgrader from the course "Inside the ndarray": {tasks} notebooks, {points:g} points.{told}

| notebook | points |
|---|---|
{rows}

1. Copy `source/{name}` into the `source` folder of your course. `checking.py` belongs beside the notebooks.
2. `nbgrader generate_assignment {name}`, then release it as you release your own.
3. `nbgrader autograde {name}` when answers have come in.

Students and the machine that grades need Python 3.11 or newer and NumPy 2.2 or newer. Where the package `stridescope` is
installed too, some texts show pictures of memory.

Code is under the BSD 3-clause licence, text and pictures under CC BY 4.0.
"""


@dataclass(frozen=True)
class Made:
    """One assignment, written for a foreign course.

    Parameters
    ----------
    name : str
        The assignment.
    folder : Path
        What holds `source/` and the README.
    points : dict of str to float
        The points of each notebook.
    same : list of str
        Notebooks that a variant leaves as they are: they draw no random data.
    """

    name: str
    folder: Path
    points: dict[str, float]
    same: list[str]


def assignments(folders: Folders, name: str | None) -> list[str]:
    """Return the assignments that are meant.

    Raises
    ------
    CourseError
        If there is none of that name, or the solutions are not here.
    """
    known = sorted(folder.name for folder in folders.solutions.glob("*") if folder.is_dir())
    if not known:
        raise CourseError("solutions/ is not here: this is done in the instructor's copy.")
    if name is not None and name not in known:
        raise CourseError(f"There is no assignment {name!r}: A is one of {', '.join(known)}.")
    return [name] if name else known


def pack(folders: Folders, name: str) -> Made:
    """Write one assignment into `_build/pack/<name>/`."""
    assignments(folders, name)
    target = fresh(folders.build / "pack" / name)
    return write(folders, name, target, None)


def variant(folders: Folders, seed: int, name: str | None = None) -> list[Made]:
    """Write assignments with other random data into `_build/variant-<seed>/`, and solve them.

    The points stay. Each notebook's SEED becomes another one, which `seed` decides.

    Raises
    ------
    CourseError
        If a reference does not get all points of its variant; what was written stays to be looked at.
    """
    target = fresh(folders.build / f"variant-{seed}")
    made = [write(folders, one, target, seed) for one in assignments(folders, name)]
    files = [
        file for one in made for file in sorted((target / "source" / one.name).glob("*.ipynb"))
    ]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        outcomes = list(pool.map(lambda file: run(load(file), file.parent, seconds=120), files))
    refused = [said for pair in zip(files, outcomes, strict=True) if (said := trouble(*pair))]
    if refused:
        raise CourseError("\n".join([*refused, "Choose another SEED, and report this one."]))
    return made


def trouble(file: Path, outcome: Outcome) -> str:
    """Return why a reference fails its variant, or an empty text."""
    failed = outcome.first_failure
    return f"{file.parent.name}/{file.stem}: {failed.grade_id}: {failed.message}" if failed else ""


def fresh(folder: Path) -> Path:
    """Return an empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def write(folders: Folders, name: str, target: Path, seed: int | None) -> Made:
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
    told = "" if seed is None else f" This is variant {seed}: other data, the same points."
    rows = "\n".join(f"| `{task}` | {count:g} |" for task, count in points.items())
    facts = {"name": name, "tasks": len(points), "points": sum(points.values())}
    text = README.format(**facts, told=told, rows=rows)
    readme = "README.md" if seed is None else f"README-{name}.md"
    write_atomically(target / readme, text.encode())
    return Made(name, target, points, [] if seed is None else same)


def points_of(notebook: Notebook) -> float:
    """Return what the tests of a notebook give together."""
    return float(sum(grading(cell)["points"] for cell in filter(is_test, notebook["cells"])))


def reseeded(data: bytes, label: str) -> bytes:
    """Return a notebook with another SEED, which depends on the old one and on `label`."""
    notebook = json.loads(data)
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            made = SEED.sub(lambda found: f"SEED = {other(found[1], label)}", source)
            cell["source"] = made.splitlines(keepends=True)
    text = json.dumps(notebook, indent=1, ensure_ascii=False)
    return text.encode() + b"\n"


def other(seed: str, label: str) -> int:
    """Return a seed of up to six digits that is not the old one."""
    made = (
        int.from_bytes(hashlib.sha256(f"{label}/{seed}".encode()).digest()[:4], "big") % 1_000_000
    )
    return made + (made == int(seed))
