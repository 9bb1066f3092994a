"""An engine for the dry run that runs its notebooks in a worker."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.core.models import NO_FILES
from nbgrader_isolate.core.serialization import encode_bytes
from nbgrader_isolate.core.text import counted
from nbgrader_isolate.runs.pool import Workers
from nbgrader_isolate.runs.progress import LINE_SECONDS

if TYPE_CHECKING:
    from nbformat import NotebookNode

RUNS = 6
"""Runs of a notebook for a plan if nothing is in doubt: the solution, the empty notebook, the
solution once more to see its values, and three times with functions that answer wrongly."""
HOW_MANY = (
    f"a plan needs {RUNS} runs of each notebook, and "
    "some more if a test cannot be isolated as it is."
)
LONG_RUN_SECONDS = 3.0
"""Length of a first run from which on a line names it, in s."""
OVERHEAD_SECONDS = 30.0
"""Time beyond a notebook's own limit after which its worker counts as hung, in s."""


class WorkerEngine:
    """Runs notebooks in a worker for the dry run, without a fork server of its own.

    Parameters
    ----------
    pool : Workers
    limits : Limits
    tell : callable, optional
        Is given a line now and then for the person who waits: how long a run takes, how many runs
        are done.
    """

    sandbox = ""

    def __init__(
        self, pool: Workers, limits: Limits, tell: Callable[[str], object] | None = None
    ) -> None:
        self.pool, self.notebook_seconds = pool, limits.notebook_seconds
        self.tell, self.runs, self.has_said_how_many = tell, 0, False
        self.started = self.last_line = time.monotonic()

    def run(  # noqa: PLR0913 (what a run needs, by name)
        self,
        notebook: NotebookNode,
        *,
        files: Mapping[str, bytes],
        student_names: Sequence[str],
        seed: int,
        student_files: Mapping[str, bytes] = NO_FILES,
        test_files: Mapping[str, bytes] = NO_FILES,
        time_factor: float = 1.0,
    ) -> NotebookNode:
        """Execute a notebook; parameters are those of `grading.engine.Engine.run`."""
        from nbgrader_isolate.notebook.parse import to_notebook_node

        request = {
            "notebook": notebook,
            "files": {name: encode_bytes(data) for name, data in files.items()},
            "student_names": list(student_names),
            "seed": seed,
            "student_files": {name: encode_bytes(data) for name, data in student_files.items()},
            "test_files": {name: encode_bytes(data) for name, data in test_files.items()},
            "time_factor": time_factor,
        }
        if self.runs:
            self.say_progress(time.monotonic())
        else:
            self.started = self.last_line = time.monotonic()
        seconds = OVERHEAD_SECONDS + self.notebook_seconds * time_factor
        answer = json.loads(self.pool.run(json.dumps(request).encode("ascii"), seconds))
        self.runs += 1
        return to_notebook_node(answer)

    def say_progress(self, now: float) -> None:
        """Say how many runs are done, if they take long; called when another run begins."""
        taken = now - self.started
        is_long = self.runs == 1 and taken >= LONG_RUN_SECONDS
        if self.tell is None or not (is_long or now - self.last_line >= LINE_SECONDS):
            return
        self.last_line = now
        line = f"{counted(self.runs, 'run')} of the notebook done in {taken:.0f} s"
        self.tell(line if self.has_said_how_many else f"{line}; {HOW_MANY}")
        self.has_said_how_many = True
