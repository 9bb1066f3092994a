"""`make import NB=…`: turn an edited notebook back into its source."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat import NotebookNode

from course.core.cache import write_atomically
from course.core.errors import CourseError
from course.core.myst import to_text
from course.core.paths import Folders


def import_notebook(folders: Folders, notebook: Path) -> tuple[Path, bool]:
    """Write the source of an edited lesson or solution to `content/`.

    Parameters
    ----------
    folders : Folders
        The checkout.
    notebook : Path
        A notebook in `lessons/` or `solutions/<assignment>/`.

    Returns
    -------
    Path
        The source file.
    bool
        Whether it changed.

    Raises
    ------
    CourseError
        If the path is not such a notebook, or the file cannot be read as a notebook.
    """
    target = text_path(folders, notebook.resolve())
    try:
        parsed = nbformat.read(notebook, as_version=4)
    except FileNotFoundError as error:
        raise CourseError(f"There is no notebook {folders.relative(notebook)}.") from error
    except Exception as error:
        message = f"{folders.relative(notebook)} cannot be read as a notebook: {error}"
        raise CourseError(message) from error
    refuse_pasted(parsed, folders.relative(notebook))
    return target, write_atomically(target, to_text(parsed).encode())


def refuse_pasted(notebook: NotebookNode, name: str) -> None:
    """Refuse a notebook with a pasted picture, which its text has no place for.

    Raises
    ------
    CourseError
        With the cell and the name of the picture.
    """
    for number, cell in enumerate(notebook.cells, 1):
        for picture in cell.get("attachments", {}):
            raise CourseError(
                f"{name}: cell {number} has a pasted picture ({picture}): save it as a file in "
                f"img/, link it from the cell, remove the attachment, and import again."
            )


def text_path(folders: Folders, notebook: Path) -> Path:
    """Return the path of a built notebook's source."""
    for products in (folders.lessons, folders.solutions):
        if notebook.suffix == ".ipynb" and notebook.is_relative_to(products):
            below = notebook.relative_to(products).with_suffix(".md")
            return folders.content / products.name / below
    raise CourseError(
        f"{folders.relative(notebook)}: only notebooks in lessons/ and solutions/ can be imported. "
        f"Edit an exercise in solutions/; a student's copy in work/ is the student's own."
    )
