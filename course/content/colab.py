"""The lessons as Colab opens them: with a first cell that installs what they need.

Colab opens a single notebook of a repository, without the files beside it. So the first cell also
downloads the recorded measurements and the pictures that a lesson reads, and links lead to the
other lessons in Colab and to the exercises on GitHub.
"""

from __future__ import annotations

import copy
import posixpath
import re

import nbformat
from nbformat import NotebookNode

from course.core.paths import Folders
from course.core.published import Published

HEAD = 2
"""The cells before the added ones: the title, and the line with minutes and objectives."""
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)\s]+)\)")
TEXT = re.compile(r"[\"']((?:\.\./)?\w[\w./-]*\.\w+)[\"']")
NOTE = """**In Colab, run the next cell first.** It installs [stridescope]({home}), which draws \
the pictures of memory, and a newer NumPy. If Colab asks you to restart the session, do so, and \
run the cell again."""
INSTALL = '%pip install --quiet "stridescope[live]" threadpoolctl'
DOWNLOAD = """
import os
from pathlib import Path
from urllib.request import urlretrieve

address = "{files}"
course = Path.home() / "inside-the-ndarray"
for name in [{names}]:
    (course / name).parent.mkdir(parents=True, exist_ok=True)
    urlretrieve(address + name, course / name)
os.chdir(course / "lessons")"""


def for_colab(lesson: NotebookNode, folders: Folders, published: Published) -> NotebookNode:
    """Return a lesson with its first cell for Colab and links that work there.

    Parameters
    ----------
    lesson : NotebookNode
        A built lesson. It is not changed.
    folders : Folders
        The checkout, to find the files that the lesson reads.
    published : Published
        Where the links lead.
    """
    notebook = copy.deepcopy(lesson)
    lessons = {file.stem for file in (folders.content / "lessons").glob("*.md")}

    def elsewhere(link: re.Match[str]) -> str:
        path, hash_sign, anchor = link[1].partition("#")
        stem = path.removeprefix("./").removesuffix(".ipynb")
        if stem in lessons:
            return f"]({published.colab(stem)})"
        whole = posixpath.normpath(f"lessons/{path}")
        if whole.startswith("img/"):
            return f"]({published.files}{whole})"
        return f"]({published.page(whole)}{hash_sign}{anchor})"

    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = LINK.sub(elsewhere, cell.source)
    setup = INSTALL
    if names := files_read(lesson, folders):
        lines = "".join(f'\n    "{name}",' for name in names) + "\n"
        setup += "\n" + DOWNLOAD.format(names=lines, files=published.files)
    note = NOTE.format(home=published.page("stridescope/README.md"))
    added = [
        nbformat.v4.new_markdown_cell(id="colab-note", source=note),
        nbformat.v4.new_code_cell(id="colab-setup", source=setup),
    ]
    notebook.cells[HEAD:HEAD] = added
    return notebook


def files_read(lesson: NotebookNode, folders: Folders) -> list[str]:
    """Return the files of the repository that the code of a lesson names, as paths from its root.

    A text in the code counts if it is the path of a file, as seen from `lessons/`.
    """
    code = "\n".join(cell.source for cell in lesson.cells if cell.cell_type == "code")
    named = {posixpath.normpath(f"lessons/{text}") for text in TEXT.findall(code)}
    return sorted(path for path in named if (folders.root / path).is_file())
