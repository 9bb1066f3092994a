"""`make notebooks`: build lessons/, colab/, solutions/ and exercises/ from content/.

Each built notebook stores a digest of its own cells in `metadata.course.digest`. If its cells no
longer match that digest, a person has edited it: the build refuses to overwrite it and names the
verb that turns the edit into source. Outputs and execution counts do not count as edits; the build
clears them.
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
"""A module that all tests import; each assignment's folder has a copy."""
ISOLATION = ("planning/isolation", "planning/arguments", "notebook/ast_queries")
"""Modules of the grader that say whether a test needs the student's process."""


class EditedError(CourseError):
    """Built notebooks that someone has edited and that a build would overwrite."""


@dataclass(frozen=True)
class Report:
    """The result of a build.

    Parameters
    ----------
    built : int
        How many built files there are.
    written : list of Path
        Those that changed, including new ones.
    removed : list of Path
        Built files whose source was deleted.
    """

    built: int
    written: list[Path]
    removed: list[Path]


def build(folders: Folders, *, lessons_only: bool = False) -> Report:
    """Bring the committed notebooks up to date with their sources.

    Parameters
    ----------
    folders : Folders
        The checkout.
    lessons_only : bool
        Build only the lessons, which is all that pages need. Solutions and exercises need
        nbgrader, and that takes seconds.

    Raises
    ------
    CourseError
        If there are no sources, as in the students' copy.
    ContentFaultsError
        If a source has a mistake; then nothing is written.
    EditedError
        If a built notebook was edited; then nothing is written.
    """
    if not (folders.content / "lessons").is_dir():
        raise CourseError(
            "content/ is not here: build the notebooks in the repository of the course."
        )
    cache = BuildCache(folders.build / "notebooks.json")
    name = "lessons" if lessons_only else "all"
    key = inputs_key(folders)
    state = [key, products_key(folders, lessons_only=lessons_only)]
    if cache.entries.get(name) == state:
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
    cache.entries[name] = [key, products_key(folders, lessons_only=lessons_only)]
    cache.save()
    return Report(len(wanted), written, removed)


def render(folders: Folders, *, lessons_only: bool = False) -> dict[Path, bytes]:
    """Return the bytes of every built file as a fresh build creates them; nothing is written."""
    from course.content.colab import for_colab
    from course.content.lesson_header import add_head
    from course.core.myst import to_notebook
    from course.core.published import read_published
    from course.lint.texts import check_content

    check_content(folders)
    published = read_published(folders.content / "course.yml")
    products: dict[Path, bytes] = {}
    for source in sorted((folders.content / "lessons").glob("*.md")):
        notebook = to_notebook(source.read_text("utf-8"), folders.relative(source))
        add_head(notebook)
        products[folders.lessons / f"{source.stem}.ipynb"] = to_bytes(notebook)
        if published is not None:
            opened = for_colab(notebook, folders, published)
            products[folders.colab / f"{source.stem}.ipynb"] = to_bytes(opened)
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
    """Return the file of a notebook, with the digest of its cells in its metadata."""
    import nbformat

    notebook.nbformat_minor = FORMAT_MINOR
    notebook.metadata.course["digest"] = cells_digest(notebook)
    nbformat.validate(notebook)
    text: str = nbformat.writes(notebook)
    return text.rstrip("\n").encode() + b"\n"


def cells_digest(notebook: dict[str, Any]) -> str:
    """Return a digest of what authors edit: the type, source, tags and grading of each cell."""
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
    """Return whether a person has edited a built file, other than to what the build creates anyway.

    Parameters
    ----------
    file : Path
        The built file.
    data : bytes or None
        What a build would write now; None if it would remove the file.
    last : str, optional
        The digest of what the last build wrote, for files that are not notebooks and so do not
        carry it themselves.
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
    """Raise `EditedError`, which names each edited file and says what to do with it."""
    if not edited:
        return
    lines = []
    for file in edited:
        name = folders.relative(file)
        if file.name == SHARED:
            action = (
                f"it is a copy of content/solutions/{SHARED}; "
                "make the edit there, then delete this file"
            )
        elif file.is_relative_to(folders.colab):
            action = "it is built from lessons/; make the edit there, then delete this file"
        elif file.is_relative_to(folders.exercises):
            action = "it is built from solutions/; make the edit there, then delete this file"
        else:
            action = f"run `make import NB={name}` to keep the edit, or delete the file to drop it"
        lines.append(f"{name} was edited, so it was not overwritten: {action}")
    raise EditedError("\n".join(lines))


def product_files(folders: Folders, *, lessons_only: bool) -> list[Path]:
    """Return the built files that exist."""
    files = sorted(folders.lessons.glob("*.ipynb")) + sorted(folders.colab.glob("*.ipynb"))
    if not lessons_only:
        for folder in (folders.solutions, folders.exercises):
            files += sorted(folder.glob("*/*.ipynb")) + sorted(folder.glob(f"*/{SHARED}"))
    return files


def inputs_key(folders: Folders) -> str:
    """Return a digest of everything that the build depends on: sources, this code, its tools."""
    names = (
        "core/myst",
        "core/code_cells",
        "core/headings",
        "core/published",
        "content/build",
        "content/colab",
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
    """Return a digest of the built files as they are on disk."""
    return digest_files(product_files(folders, lessons_only=lessons_only), folders.root)
