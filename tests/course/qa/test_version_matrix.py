"""`make version-matrix`: every NumPy gets an environment in which the lessons can run."""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager

from course.core.errors import CourseError
from course.core.paths import ROOT, Folders
from course.qa import version_matrix
from course.qa.version_matrix import PACKAGES, Result, run_in_page, stridescope
from course.site import numpy_versions

OURS = {"numpy", "stridescope"}
BROUGHT_BY = {"PIL": "matplotlib"}
LESSONS = sorted((ROOT / "lessons").glob("*.ipynb"))


def imported(source: str) -> set[str]:
    """Return the top-level packages that a code cell imports, magics and lines for the shell or
    not."""
    python = TransformerManager().transform_cell(source)
    found = set()
    for node in ast.walk(ast.parse(python)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            found.add(str(node.module).split(".")[0])
    return found


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda file: file.stem)
def test_what_a_lesson_imports_is_installed_for_every_numpy(lesson: Path) -> None:
    cells = nbformat.read(lesson, as_version=4).cells
    names = set().union(*(imported(cell.source) for cell in cells if cell.cell_type == "code"))
    others = names - set(sys.stdlib_module_names) - OURS
    assert {BROUGHT_BY.get(name, name) for name in others} <= set(PACKAGES)


def test_the_lessons_find_stridescope() -> None:
    assert (stridescope(Folders()) / "stridescope" / "__init__.py").is_file()


@pytest.mark.slow
def test_the_python_of_the_pages_is_one_of_the_versions(tmp_path: Path) -> None:
    for name in ("vendor", "stridescope", "web"):
        (tmp_path / name).symlink_to(ROOT / name)
    v4: Any = nbformat.v4
    sources = ["import numpy as np\nnp.arange(3).dtype", "import scipy"]
    notebook = v4.new_notebook(cells=[v4.new_code_cell(source) for source in sources])
    folders = Folders(tmp_path)
    folders.lessons.mkdir()
    nbformat.write(notebook, folders.lessons / "01-one.ipynb")
    result = run_in_page(folders)
    assert result.name == "Python 3.14.2, NumPy 2.4.3, 32-bit"
    (cell,) = numpy_versions.code_cells(result.notebooks["01-one"]).values()
    assert numpy_versions.text_of(cell) == "dtype('int32')"


def tried(
    folders: Folders, monkeypatch: pytest.MonkeyPatch, failed: list[CourseError]
) -> list[str]:
    """Run the matrix with stand-ins for its engines; return what it says."""
    monkeypatch.setattr(version_matrix, "prepare", lambda _folders, _python, numpy: Path(numpy))
    monkeypatch.setattr(
        version_matrix, "run_with", lambda _folders, numpy: Result(f"NumPy {numpy}", errors=failed)
    )
    monkeypatch.setattr(version_matrix, "node", lambda: None)
    said: list[str] = []
    version_matrix.run(folders, said.append)
    return said


def test_a_record_is_not_replaced_if_a_lesson_did_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = Folders(tmp_path)
    numpy_versions.write(folders, ["NumPy 1"], {})
    said = tried(folders, monkeypatch, [CourseError("01-one does not run")])
    assert said[-1] == "lessons/versions.json stays as it is, because not all lessons ran"
    assert "NumPy 1" in numpy_versions.file_of(folders).read_text("utf-8")


def test_a_machine_without_node_is_told_what_was_not_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = tried(Folders(tmp_path), monkeypatch, [])
    assert any("Node.js is not installed" in line and "was not tried" in line for line in said)
    assert numpy_versions.file_of(Folders(tmp_path)).is_file()
