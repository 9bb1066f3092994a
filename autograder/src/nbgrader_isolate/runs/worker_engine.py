"""An engine for the dry run that runs its notebooks in a worker."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.core.models import NO_FILES
from nbgrader_isolate.core.serialization import encode_bytes
from nbgrader_isolate.runs.pool import Workers

if TYPE_CHECKING:
    from nbformat import NotebookNode

OVERHEAD_SECONDS = 30.0
"""Time beyond a notebook's own limit after which its worker counts as hung, in s."""


class WorkerEngine:
    """Runs notebooks in a worker for the dry run, without a fork server of its own.

    Parameters
    ----------
    pool : Workers
    limits : Limits
    """

    sandbox = ""

    def __init__(self, pool: Workers, limits: Limits) -> None:
        self.pool, self.seconds = pool, OVERHEAD_SECONDS + limits.notebook_seconds

    def run(  # noqa: PLR0913 (what a run needs, by name)
        self,
        notebook: NotebookNode,
        *,
        files: Mapping[str, bytes],
        student_names: Sequence[str],
        seed: int,
        student_files: Mapping[str, bytes] = NO_FILES,
        test_files: Mapping[str, bytes] = NO_FILES,
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
        }
        return to_notebook_node(
            json.loads(self.pool.run(json.dumps(request).encode("ascii"), self.seconds))
        )
