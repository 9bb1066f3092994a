"""Run an exercise without a kernel: its cells in a process of their own, with limits.

The message of each failing test is what its student reads: the text of the assertion. If a cell
crashes Python or does not end, the others run again without it. This is for practice and for the
course's own tests; answers from strangers belong in a sandbox.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from course.bootstrap.variables import BEHAVIOR
from course.core.exercises import Notebook, grading, is_test

Cells = list[dict[str, str]]
Once = Callable[[Cells, Path, float], tuple[dict[str, str | None], tuple[str, str] | None]]
SECONDS = 60.0
MEMORY = 3 << 30
REPLAYS = 3
CHILD = Path(__file__).with_name("runner_child.py")
# One thread for linear algebra: answers run in parallel, and threads count against the memory
# limit.
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
    """The result of one test cell.

    Parameters
    ----------
    grade_id : str
        The cell.
    points : float
        What it can give.
    message : str or None
        The message of its failure; None if it passed.
    """

    grade_id: str
    points: float
    message: str | None

    @property
    def score(self) -> float:
        """The points that it gave."""
        return self.points if self.message is None else 0


@dataclass(frozen=True)
class ExerciseResult:
    """The result of an exercise.

    Parameters
    ----------
    tests : list of Test
        In the order of the notebook.
    troubles : dict of str to str
        The messages of other cells that failed, by cell.
    """

    tests: list[Test]
    troubles: dict[str, str]

    @property
    def score(self) -> float:
        """The points of all tests together."""
        return sum(test.score for test in self.tests)

    @property
    def first_failure(self) -> Test | None:
        """The first test that failed, which is what a student reads first."""
        return next((test for test in self.tests if test.message is not None), None)


def run(
    notebook: Notebook, folder: Path, *, seconds: float = SECONDS, once: Once | None = None
) -> ExerciseResult:
    """Run the code cells of an exercise, and return the result of each test.

    Parameters
    ----------
    notebook : dict
        As `load` returns it.
    folder : Path
        Its folder, from which `checking.py` is imported.
    seconds : float
        How long the whole notebook may take. The cell that runs when time is up fails.
    once : callable, optional
        Runs cells as `run_once` does, which is the default.

    Returns
    -------
    ExerciseResult
        The tests and their messages.
    """
    cells = [
        {"id": grading(cell).get("grade_id") or f"{number}", "source": cell["source"]}
        for number, cell in enumerate(notebook["cells"])
        if cell["cell_type"] == "code"
    ]
    messages: dict[str, str | None] = {}
    fatal: dict[str, str] = {}
    deadline = time.monotonic() + seconds
    for _ in range(REPLAYS):
        remaining = [cell for cell in cells if cell["id"] not in fatal]
        ended, stopped = (once or run_once)(remaining, folder, deadline)
        messages |= ended
        if stopped is None:
            break
        fatal |= dict([stopped])
    messages |= fatal
    never = "did not run: a cell before it stopped Python"
    tests = [
        Test(facts["grade_id"], facts["points"], messages.get(facts["grade_id"], never))
        for facts in map(grading, filter(is_test, notebook["cells"]))
    ]
    scored = {test.grade_id for test in tests}
    troubles = {k: v for k, v in messages.items() if v is not None and k not in scored}
    return ExerciseResult(tests, troubles)


def run_once(
    cells: Cells, folder: Path, deadline: float
) -> tuple[dict[str, str | None], tuple[str, str] | None]:
    """Run the cells in one process.

    Returns
    -------
    dict of str to (str or None)
        The message of each cell that ended; None if it did not fail.
    tuple of (str, str), or None
        The cell that stopped Python, and how; None if all cells ended.
    """
    job = json.dumps({"cells": cells, "memory": MEMORY}) + "\n"
    with subprocess.Popen(
        [sys.executable, str(CHILD)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=environment(),
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
    messages, running, done = read(out.splitlines())
    if done:
        return messages, None
    how = "took too long and was stopped" if late else ending(process.returncode)
    return messages, (running, how)


def environment() -> dict[str, str]:
    """Return the environment of a run: without what changes Python, such as -O for no asserts."""
    # another thread may remove a variable meanwhile: it is then not there, which is no fault
    present = ((name, os.environ.get(name)) for name in list(os.environ))
    kept = {name: value for name, value in present if value is not None and name not in BEHAVIOR}
    return {**kept, **QUIET}


def kill(process: subprocess.Popen[str]) -> None:
    """Kill the process and everything that it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def read(lines: Iterable[str]) -> tuple[dict[str, str | None], str, bool]:
    """Parse the lines of the child process.

    Returns
    -------
    dict of str to (str or None)
        The message of each cell that ended; None if it did not fail.
    str
        The last cell that started.
    bool
        Whether all cells ended.
    """
    messages: dict[str, str | None] = {}
    running, done = "", False
    for line in lines:
        try:
            fact = json.loads(line)
        except ValueError:  # cut off in the middle
            break
        running = fact.get("start", running)
        done = fact.get("done", done)
        if "end" in fact:
            messages[fact["end"]] = fact["message"]
    return messages, running, done


def ending(status: int) -> str:
    """Return, in words, how Python ended."""
    if status == -signal.SIGSEGV or status == -getattr(signal, "SIGBUS", 0):
        return (
            "Python crashed (segmentation fault): this happens when a view reads or writes outside "
            "its array"
        )
    if status == -getattr(signal, "SIGKILL", 0):
        return "Python was killed, as happens when memory runs out"
    return f"ended Python itself (status {status}): a function returns, it does not exit"
