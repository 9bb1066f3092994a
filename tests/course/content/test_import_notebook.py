"""`make import`: an edited notebook becomes its text again."""

from __future__ import annotations

import nbformat
import pytest

from course.content.build import build
from course.content.import_notebook import import_notebook
from course.core.errors import CourseError
from course.core.paths import Folders
from support.built_course import TEXT, edit, product


def test_the_import_brings_the_edit_into_the_text_and_the_next_build_agrees(
    folders: Folders,
) -> None:
    edit(product(folders))
    text, changed = import_notebook(folders, product(folders))
    assert changed
    assert text.read_text("utf-8") == TEXT.replace("x = 1", "x = 2")
    build(folders, lessons_only=True)
    assert import_notebook(folders, product(folders)) == (text, False)


@pytest.mark.parametrize("name", ["exercises/a/b.ipynb", "work/x.ipynb", "lessons/x.md", "x.ipynb"])
def test_only_products_with_a_text_are_imported(folders: Folders, name: str) -> None:
    with pytest.raises(CourseError, match=r"only notebooks in lessons/ and solutions/"):
        import_notebook(folders, folders.root / name)


def test_importing_what_is_missing_or_broken_says_so(folders: Folders) -> None:
    with pytest.raises(CourseError, match="There is no notebook"):
        import_notebook(folders, folders.lessons / "gone.ipynb")
    product(folders).write_text("{")
    with pytest.raises(CourseError, match="cannot be read as a notebook"):
        import_notebook(folders, product(folders))


def test_a_pasted_picture_is_not_lost(folders: Folders) -> None:
    edit(product(folders))
    pasted = nbformat.read(product(folders), as_version=4)
    cell = nbformat.v4.new_markdown_cell("![a](attachment:a.png)")
    cell["attachments"] = {"a.png": {"image/png": "AAAA"}}
    pasted.cells.append(cell)
    nbformat.write(pasted, product(folders))
    with pytest.raises(
        CourseError, match=rf"cell {len(pasted.cells)} has a pasted picture \(a.png"
    ):
        import_notebook(folders, product(folders))
