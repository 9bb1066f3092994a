"""`make notebooks`: content/**/*.md → lessons/, solutions/, exercises/; and the way back.

A product carries, in `metadata.course.digest`, the digest of its own cells. A product whose cells no
longer fit it was edited by a person: a build refuses to overwrite it, and names the verb that
turns it back into text. Outputs and execution counts are no edit; a build clears them away.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course.core.cache import (
    BuildCache,
    digest,
    digest_files,
    files_below,
    installed_versions,
    write_atomically,
)
from course.core.errors import CourseError
from course.core.paths import Folders

FORMAT_MINOR = 5
SHARED = "checking.py"
"""What the tests of all tasks share; a copy stands beside the notebooks of each assignment."""
ISOLATION = ("planning/isolation", "planning/arguments", "notebook/ast_queries")
"""Modules of the grader that say whether a test needs the student's process."""


class EditedError(CourseError):
    """Products that someone edited stand in the way of a build."""


@dataclass(frozen=True)
class Report:
    """What a build did.

    Parameters
    ----------
    built : int
        How many products there are.
    written : list of Path
        Those that changed, new ones included.
    removed : list of Path
        Products whose text is gone.
    """

    built: int
    written: list[Path]
    removed: list[Path]


def build(folders: Folders, *, lessons_only: bool = False) -> Report:
    """Bring the committed notebooks in step with the text.

    Parameters
    ----------
    folders : Folders
        The checkout.
    lessons_only : bool
        Leave out solutions and exercises (which need nbgrader, seconds) when only pages are wanted.

    Raises
    ------
    CourseError
        If the texts are not here, as in the bundle for students.
    ContentFaultsError
        If a text is faulty; nothing is written then.
    EditedError
        If a product was edited; nothing is written then.
    """
    if not (folders.content / "lessons").is_dir():
        raise CourseError("content/ is not here: notebooks are built in the course's repository.")
    cache = BuildCache(folders.build / "notebooks.json")
    name = "lessons" if lessons_only else "all"
    key = inputs_key(folders)
    if cache.entries.get(name) == (made := [key, products_key(folders, lessons_only=lessons_only)]):
        return Report(len(product_files(folders, lessons_only=lessons_only)), [], [])
    wanted = render(folders, lessons_only=lessons_only)
    present = product_files(folders, lessons_only=lessons_only)
    copies: dict[str, str] = cache.entries.setdefault("copies", {})
    refuse_edited(
        folders,
        [
            file
            for file in present
            if differs(file, wanted.get(file), copies.get(folders.relative(file)))
        ],
    )
    written = [file for file, data in wanted.items() if write_atomically(file, data)]
    copies |= {
        folders.relative(file): digest(data) for file, data in wanted.items() if file.name == SHARED
    }
    removed = [file for file in present if file not in wanted]
    for file in removed:
        file.unlink()
    made[1] = products_key(folders, lessons_only=lessons_only)
    cache.entries[name] = made
    cache.save()
    return Report(len(wanted), written, removed)


def render(folders: Folders, *, lessons_only: bool = False) -> dict[Path, bytes]:
    """Return every product's bytes as a fresh build makes them; nothing is written."""
    from course.content.lesson_header import add_head
    from course.core.myst import to_notebook
    from course.lint.texts import check_content

    check_content(folders)
    products: dict[Path, bytes] = {}
    for source in sorted((folders.content / "lessons").glob("*.md")):
        notebook = to_notebook(source.read_text("utf-8"), folders.relative(source))
        add_head(notebook)
        products[folders.lessons / f"{source.stem}.ipynb"] = to_bytes(notebook)
    if lessons_only:
        return products
    from course.content.release import release

    solutions: dict[Path, bytes] = {}
    for source in sorted((folders.content / "solutions").glob("*/*.md")):
        notebook = to_notebook(source.read_text("utf-8"), folders.relative(source))
        solutions[Path(source.parent.name, f"{source.stem}.ipynb")] = to_bytes(notebook)
    products |= {folders.solutions / path: data for path, data in solutions.items()}
    shared = (folders.content / "solutions" / SHARED).read_bytes()
    for folder in (folders.solutions, folders.exercises):
        products |= {folder / path.parent / SHARED: shared for path in solutions}
    products |= {
        folders.exercises / path: to_bytes(notebook)
        for path, notebook in release(solutions).items()
    }
    return products


def to_bytes(notebook: Any) -> bytes:  # noqa: ANN401 - nbformat has no types
    """Return the file of a notebook, stamped with the digest of its cells."""
    import nbformat

    notebook.nbformat_minor = FORMAT_MINOR
    notebook.metadata.course["digest"] = cells_digest(notebook)
    nbformat.validate(notebook)
    text: str = nbformat.writes(notebook)
    return text.rstrip("\n").encode() + b"\n"


def cells_digest(notebook: dict[str, Any]) -> str:
    """Return the digest of what an author edits: type, source, tags, grading of each cell."""
    cells = []
    for cell in notebook["cells"]:
        meta = cell["metadata"]
        grader = {k: v for k, v in meta.get("nbgrader", {}).items() if k != "checksum"}
        source = cell["source"]
        text = source if isinstance(source, str) else "".join(source)
        facts = [cell["cell_type"], text, meta.get("tags", []), grader]
        cells.append([*facts, meta["course"]] if "course" in meta else facts)
    return digest(json.dumps(cells, sort_keys=True))[:16]


def differs(file: Path, data: bytes | None, last: str | None = None) -> bool:
    """Tell whether a product was edited by a person, and not already to what the build makes.

    Parameters
    ----------
    file : Path
        The product.
    data : bytes or None
        What a build makes of it now; None: nothing.
    last : str, optional
        The digest of what the last build wrote: what is no notebook carries none itself.
    """
    if file.name == SHARED:
        return file.read_bytes() != data and digest(file.read_bytes()) != last
    try:
        notebook = json.loads(file.read_bytes())
        actual = cells_digest(notebook)
    except (ValueError, KeyError, TypeError, AttributeError):
        return True
    if data is not None and actual == json.loads(data)["metadata"]["course"]["digest"]:
        return False
    stamped = notebook.get("metadata", {}).get("course", {}).get("digest")
    return bool(actual != stamped)


def refuse_edited(folders: Folders, edited: list[Path]) -> None:
    """Raise `EditedError` that names each edited product and what to do with it."""
    if not edited:
        return
    lines = []
    for file in edited:
        name = folders.relative(file)
        if file.name == SHARED:
            do = f"it is a copy of content/solutions/{SHARED}: make the edit there, then delete this file"
        elif file.is_relative_to(folders.exercises):
            do = "it is built from solutions/: make the edit there, then delete this file"
        else:
            do = f"keep the edit with `make import NB={name}`, or delete the file to lose it"
        lines.append(f"{name} was edited and is not overwritten: {do}")
    raise EditedError("\n".join(lines))


def product_files(folders: Folders, *, lessons_only: bool) -> list[Path]:
    """Return the products that are there."""
    files = sorted(folders.lessons.glob("*.ipynb"))
    if not lessons_only:
        for folder in (folders.solutions, folders.exercises):
            files += sorted(folder.glob("*/*.ipynb")) + sorted(folder.glob(f"*/{SHARED}"))
    return files


def inputs_key(folders: Folders) -> str:
    """Return the digest of all that the products are made from: texts, this code, its tools."""
    names = (
        "core/myst",
        "core/code_cells",
        "content/build",
        "content/lesson_header",
        "content/release",
        "lint/texts",
        "lint/contract",
        "lint/glossary",
        "lint/schedules",
    )
    package = Path(__file__).parents[1]
    code = [package / f"{name}.py" for name in names]
    root = package.parent
    code += [root / "autograder/src/nbgrader_isolate" / f"{name}.py" for name in ISOLATION]
    return digest(
        digest_files(files_below(folders.content), folders.root),
        digest_files(code, root),
        installed_versions("jupytext", "nbformat", "nbgrader"),
    )


def products_key(folders: Folders, *, lessons_only: bool) -> str:
    """Return the digest of the products as they are on disk."""
    return digest_files(product_files(folders, lessons_only=lessons_only), folders.root)
