"""Stock nbgrader in a folder: its commands, and answers written into its notebooks."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from course.core.paths import ROOT
from support import preloaded

STUB = "    # YOUR CODE HERE\n    raise NotImplementedError()"


def nbgrader(course: Path, *arguments: str, **environment: str) -> str:
    """Run the stock command in `course`; what it printed, or a failure that shows it."""
    done = preloaded.nbgrader(*arguments, cwd=course, env={**os.environ, **environment})
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout + done.stderr


def stock_settings(course: Path) -> None:
    """Write the course's own settings without its autograder: nbgrader as it comes."""
    lines = (ROOT / "nbgrader_config.py").read_text("utf-8").splitlines(keepends=True)
    own = [line for line in lines if "nbgrader_isolate" not in line and "autograder" not in line]
    assert len(own) == len(lines) - 3
    (course / "nbgrader_config.py").write_text("".join(own), "utf-8")


def write_answer(notebook: dict[str, Any], answer: str) -> None:
    """Put `answer` where the stub says YOUR CODE HERE."""
    (cell,) = (c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("solution"))
    source = "".join(cell["source"])
    assert STUB in source
    cell["source"] = source.replace(STUB, answer)


def answer_file(file: Path, answer: str | None, target: Path) -> None:
    """Write the notebook `file` with an answer (None: untouched) to `target`."""
    notebook = json.loads(file.read_text("utf-8"))
    if answer is not None:
        write_answer(notebook, answer)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(notebook), "utf-8")


def scores(course: Path, assignment: str, student: str, task: str) -> dict[str, float]:
    """Return what the gradebook of a course holds for one notebook of a student."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        submission = gradebook.find_submission_notebook(task, assignment, student)
        return {grade.name: grade.score for grade in submission.grades}
