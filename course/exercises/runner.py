"""Run an exercise without a kernel: its cells in a process of their own, with limits.

What is told for each test is what its student reads: the message of the assertion. A cell that
crashes Python or does not end costs itself only: the others are run again without it. This is for
practice and for the course's own tests; answers of strangers belong into a sandbox.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Notebook = dict[str, Any]
SECONDS = 60.0
MEMORY = 3 << 30
REPLAYS = 3
CHILD = Path(__file__).with_name("runner_child.py")
# One thread for linear algebra: answers run side by side, and threads count against the memory limit.
QUIET = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "Agg",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
}


@dataclass(frozen=True)
class Test:
    """How one grade cell went.

    Parameters
    ----------
    grade_id : str
        The cell.
    points : float
        What it gives.
    message : str or None
        What its failure says; None if it passed.
    """

    grade_id: str
    points: float
    message: str | None

    @property
    def score(self) -> float:
        """The points it gave."""
        return self.points if self.message is None else 0


@dataclass(frozen=True)
class Outcome:
    """How an exercise went.

    Parameters
    ----------
    tests : list of Test
        In the order of the notebook.
    troubles : dict of str to str
        Cells that give no points and failed, and what they said.
    """

    tests: list[Test]
    troubles: dict[str, str]

    @property
    def score(self) -> float:
        """All points."""
        return sum(test.score for test in self.tests)

    @property
    def first_failure(self) -> Test | None:
        """The first test that failed, which is what a student reads first."""
        return next((test for test in self.tests if test.message is not None), None)


def load(file: Path) -> Notebook:
    """Read a notebook, with each cell's source as one text.

    Raises
    ------
    ValueError
        If the file is no notebook.
    """
    try:
        notebook: Notebook = json.loads(file.read_text("utf-8"))
        for cell in notebook["cells"]:
            cell["source"] = "".join(cell["source"])
            cell.setdefault("metadata", {})
    except (KeyError, TypeError, AttributeError, UnicodeDecodeError) as error:
        raise ValueError(f"{file} is no notebook: {error!r}") from error
    return notebook


def grading(cell: dict[str, Any]) -> dict[str, Any]:
    """Return nbgrader's facts on a cell; empty if it has none."""
    facts: dict[str, Any] = cell["metadata"].get("nbgrader") or {}
    return facts


def is_solution(cell: dict[str, Any]) -> bool:
    """Tell whether a student writes code here."""
    return cell["cell_type"] == "code" and bool(grading(cell).get("solution"))


def is_test(cell: dict[str, Any]) -> bool:
    """Tell whether a cell gives points by running."""
    facts = grading(cell)
    return cell["cell_type"] == "code" and bool(facts.get("grade")) and not facts.get("solution")


def run(notebook: Notebook, folder: Path, *, seconds: float = SECONDS) -> Outcome:
    """Run the code cells of an exercise, and say how each test went.

    Parameters
    ----------
    notebook : dict
        As `load` returns it.
    folder : Path
        Where it stands: `checking.py` is imported from there.
    seconds : float
        What the whole notebook may take; where it is cut off is told as that cell's message.
    """
    cells = [
        {"id": grading(cell).get("grade_id") or f"{number}", "source": cell["source"]}
        for number, cell in enumerate(notebook["cells"])
        if cell["cell_type"] == "code"
    ]
    said: dict[str, str | None] = {}
    fatal: dict[str, str] = {}
    deadline = time.monotonic() + seconds
    for _ in range(REPLAYS):
        left = [cell for cell in cells if cell["id"] not in fatal]
        told, stopped = run_once(left, folder, deadline)
        said |= told
        if stopped is None:
            break
        fatal |= dict([stopped])
    said |= fatal
    never = "did not run: a cell before it stopped Python"
    tests = [
        Test(facts["grade_id"], facts["points"], said.get(facts["grade_id"], never))
        for facts in map(grading, filter(is_test, notebook["cells"]))
    ]
    scored = {test.grade_id for test in tests}
    return Outcome(tests, {k: v for k, v in said.items() if v is not None and k not in scored})


def run_once(
    cells: list[dict[str, str]], folder: Path, deadline: float
) -> tuple[dict[str, str | None], tuple[str, str] | None]:
    """Run the cells in one process; return what each said, and the cell that stopped it, and how."""
    job = json.dumps({"cells": cells, "memory": MEMORY}) + "\n"
    with subprocess.Popen(
        [sys.executable, str(CHILD)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env={**os.environ, **QUIET},
        text=True,
        encoding="utf-8",
        start_new_session=True,
    ) as process:
        late = False
        try:
            out, _ = process.communicate(job, max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            late = True
            kill(process)
            out, _ = process.communicate()
        finally:
            kill(process)
    told, running, done = read(out.splitlines())
    if done:
        return told, None
    return told, (running, "took too long and was stopped" if late else ending(process.returncode))


def kill(process: subprocess.Popen[str]) -> None:
    """End the process and all that it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def read(lines: Iterable[str]) -> tuple[dict[str, str | None], str, bool]:
    """Return what each cell said, the last that started, and whether all came to an end."""
    told: dict[str, str | None] = {}
    running, done = "", False
    for line in lines:
        try:
            fact = json.loads(line)
        except ValueError:  # cut off in the middle
            break
        running = fact.get("start", running)
        done = fact.get("done", done)
        if "end" in fact:
            told[fact["end"]] = fact["said"]
    return told, running, done


def ending(status: int) -> str:
    """Return in words how Python came to its end."""
    if status == -signal.SIGSEGV or status == -getattr(signal, "SIGBUS", 0):
        return (
            "Python crashed (segmentation fault): this happens when a view reads or writes outside its "
            "array"
        )
    if status == -getattr(signal, "SIGKILL", 0):
        return "Python was killed, as happens when memory runs out"
    return f"ended Python itself (status {status}): a function returns, it does not exit"
