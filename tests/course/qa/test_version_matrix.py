"""`make lens`: every NumPy gets an environment in which the lessons can run."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager

from course.cli import main
from course.core.paths import ROOT, Folders
from course.qa import grader_matrix, version_matrix
from course.qa.version_matrix import NEEDED

OURS = {"numpy", "stridescope"}
BROUGHT_BY = {"PIL": "matplotlib"}
LESSONS = sorted((ROOT / "lessons").glob("*.ipynb"))


def imported(source: str) -> set[str]:
    """Return the top-level packages that a code cell imports, magics and lines for the shell or not."""
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
    assert {BROUGHT_BY.get(name, name) for name in others} <= set(NEEDED)


def test_where_no_other_python_is_the_grader_is_not_said_to_hold_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(version_matrix, "find_python", lambda _: None)
    monkeypatch.setattr(main, "Folders", lambda: Folders(tmp_path))
    assert main.run(["lens", "--grader"]) == 1
    assert capsys.readouterr().out.count("was not tried") == len(grader_matrix.LENSES)


@pytest.mark.slow
def test_a_test_that_fails_elsewhere_is_heard_and_runs_with_that_pythons_commands(
    tmp_path: Path,
) -> None:
    first = f"os.environ['PATH'].startswith({str(Path(sys.executable).parent)!r})"
    for name, condition in (("passes", first), ("fails", f"not {first}")):
        test = f"import os\n\ndef test_it():\n    assert {condition}\n"
        (tmp_path / f"test_{name}.py").write_text(test)
    found = [
        grader_matrix.run_tests(Path(sys.executable), [str(tmp_path / f"test_{name}.py")], tmp_path)
        for name in ("passes", "fails")
    ]
    assert found == [0, 1]
