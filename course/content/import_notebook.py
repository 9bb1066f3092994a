"""`make import NB=…`: turn an edited notebook back into its source."""

from __future__ import annotations

from pathlib import Path

import nbformat

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
    return target, write_atomically(target, to_text(parsed).encode())


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
