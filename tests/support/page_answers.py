"""Answers to exercises in the Python of a page: the cells of a notebook, in a fresh namespace."""

from __future__ import annotations

import base64
import io
import json
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from course.core.exercises import Notebook
from course.core.paths import ROOT
from course.exercises import runner
from course.exercises.runner import Cells, ExerciseResult, read

if TYPE_CHECKING:
    from course.qa.page_python import PagePython

INSIDE = Path(__file__).with_name("inside_page.py")
SECONDS = 240.0


class PageAnswers:
    """Runs exercises in the Python of a page, which serves many of them.

    Parameters
    ----------
    python : PagePython
        The Python of the pages.
    """

    def __init__(self, python: PagePython) -> None:
        self.python = python
        self.call_seconds = 5.0

    def run(
        self, notebook: Notebook, assignment: str, *, call_seconds: float = 5, fresh: bool = False
    ) -> ExerciseResult:
        """Run an exercise as `course.exercises.runner.run` does.

        Parameters
        ----------
        notebook : dict
            The exercise.
        assignment : str
            The assignment, whose files are beside the notebook.
        call_seconds : float
            How long one call of the answer may take, by `checking.py`.
        fresh : bool
            Whether to start Python again first.
        """
        if fresh:
            self.python.lives = False
        self.call_seconds = call_seconds
        return runner.run(notebook, Path(assignment), seconds=SECONDS, once=self.once)

    def once(
        self, cells: Cells, folder: Path, deadline: float
    ) -> tuple[dict[str, str | None], tuple[str, str] | None]:
        """Run cells as `course.exercises.runner.run_once` does."""
        if not self.python.lives:
            self.python.start("exercises")
            self.python.run(INSIDE.read_text("utf-8"))
            self.python.run(f"install({packed()!r})")
        place = f"/course/exercises/{folder.name}"
        job = json.dumps({"cells": cells, "folder": place, "call_seconds": self.call_seconds})
        run = self.python.run(f"run_cells({job!r})", seconds=max(1, deadline - time.monotonic()))
        if run.error:
            raise RuntimeError(run.error["trace"])
        messages, running, done = read(run.stream("stdout").splitlines())
        return messages, None if done else (running, run.ended)


def packed() -> str:
    """Return, in base 64, an archive of what lies beside the exercises, and of the runner."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(runner.CHILD, runner.CHILD.name)
        for file in sorted((ROOT / "exercises").rglob("*")):
            if file.is_file() and file.suffix != ".ipynb" and "__pycache__" not in file.parts:
                archive.write(file, file.relative_to(ROOT).as_posix())
    return base64.b64encode(data.getvalue()).decode()
