"""A foreign course with one assignment, an honest student and one who attacks whoever reads the
work."""

from __future__ import annotations

import json
import os
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from support import TESTS, preloaded, servers
from support.payloads import BUNDLES, MARKDOWN

A, NOTEBOOK = "ps1", "reading"
CONFIG = """\
import nbgrader_isolate

c = get_config()
c.CourseDirectory.course_id = "foreign"
nbgrader_isolate.configure(c)
"""
TEST = """assert double(1) == 2, "double(1): expected 2."
### BEGIN HIDDEN TESTS
hidden_number = 4711
assert double(hidden_number) == 9422, f"double(x): expected 2 x, got {double(1)}."
### END HIDDEN TESTS"""
DOUBLE = "def double(x):\n    return 2 * x"


def marked(kind: str, source: str, **nbgrader: object) -> Any:  # noqa: ANN401 - NotebookNode
    """Return a cell with nbgrader's metadata."""
    words = {"grade": False, "solution": False, "locked": False, "task": False}
    about = {"schema_version": 3, **words, **nbgrader}
    make = new_code_cell if kind == "code" else new_markdown_cell
    return make(source, metadata={"nbgrader": about})


def source() -> Any:  # noqa: ANN401
    """Return the instructor's notebook."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    cells = [
        new_markdown_cell("# Reading\n\n<b>Double</b> a number."),
        marked(
            "code",
            f"### BEGIN SOLUTION\n{DOUBLE}\n### END SOLUTION",
            solution=True,
            grade_id="double",
        ),
        marked("code", TEST, grade=True, locked=True, grade_id="double-test", points=2),
        marked("markdown", "Why?", solution=True, grade=True, grade_id="why", points=3),
    ]
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def hostile(released: Any) -> Any:  # noqa: ANN401
    """Return a submission with every payload: in an answer, in own text, displayed, printed."""
    answers = {"double": "def double(x):\n    return x", "why": "\n\n".join(MARKDOWN)}
    for cell in released.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = answers.get(name, cell.source)
    released.cells += [new_markdown_cell(text) for text in MARKDOWN]
    shown = "\n".join(f"display({bundle!r}, raw=True)" for bundle in BUNDLES)
    printed = "\n".join(f"print({text!r})" for text in MARKDOWN)
    raised = f"raise ValueError({MARKDOWN[0]!r})"
    released.cells += [new_code_cell(text) for text in (shown, printed, raised)]
    return released


def nbgrader(course: Path, *arguments: str, check: bool = True) -> str:
    """Run a command of stock nbgrader in the course; what it printed."""
    done = preloaded.nbgrader(*arguments, cwd=course, env=environment(course))
    assert not check or done.returncode == 0, done.stderr[-3000:]
    # nbgrader goes on without settings that it cannot read, and so without protection
    assert "Exception while loading config" not in done.stderr, done.stderr[:3000]
    return done.stdout + done.stderr


def environment(course: Path) -> dict[str, str]:
    """Return an environment in which Jupyter has no settings but the course's."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    own = {"PATH": path, "PYTHONPATH": str(TESTS), "JUPYTER_CONFIG_DIR": str(course / "settings")}
    return {**os.environ, **own}


def submit(course: Path, student: str, notebook: Any) -> Path:  # noqa: ANN401
    """Hand in a notebook; return the folder."""
    folder = course / "submitted" / student / A
    folder.mkdir(parents=True)
    (folder / f"{NOTEBOOK}.ipynb").write_text(json.dumps(notebook))
    return folder


def released(course: Path) -> Any:  # noqa: ANN401
    """Return the notebook that students get."""
    return nbformat.read(course / "release" / A / f"{NOTEBOOK}.ipynb", as_version=4)


def answered(course: Path, answer: str) -> Any:  # noqa: ANN401
    """Return the students' notebook with an answer in it."""
    notebook = released(course)
    notebook.cells[1].source = answer
    return notebook


def make(course: Path, config: str = CONFIG) -> None:
    """Make the course and release its assignment."""
    (course / "source" / A).mkdir(parents=True)
    (course / "settings").mkdir()
    nbformat.write(source(), course / "source" / A / f"{NOTEBOOK}.ipynb")
    (course / "source" / A / "data.csv").write_text("1,2\n")
    (course / "nbgrader_config.py").write_text(config)
    nbgrader(course, "generate_assignment", A)


def formgrader(course: Path) -> AbstractContextManager[tuple[str, str]]:
    """Run a Jupyter server with nbgrader's formgrader on the course; give its address and token."""
    return servers.formgrader(course, environment(course), course / "settings" / "log")
