"""Run a rebuilt notebook, its tests isolated: what a worker holds, one for its whole life."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Self

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.core.models import METADATA, NO_FILES, RunInputs
from nbgrader_isolate.forkserver import ForkServer, ForkServerError

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from nbgrader_isolate.sandbox.backends import Backend

NOTHING = "builtins:bool"
"""A function for a child that has nothing to do."""


class Engine:
    """Runs notebooks, each in fresh kernels forked from one warm process. Threads may run one each.

    Parameters
    ----------
    limits : Limits
    sandbox : {"auto", "bwrap", "landlock", "none"}
        "auto" takes the first backend whose probe cannot escape.

    Attributes
    ----------
    backend : str
        The name of the chosen backend, for the results.
    """

    def __init__(self, limits: Limits, sandbox: str = "auto") -> None:
        self.limits = limits
        backend = chosen(sandbox)
        self.backend = str(backend.name)
        self.server = ForkServer(limits, backend)
        self.server.start()
        # Not sooner: the warm process takes longer to start than all that this side needs to import.
        from nbgrader_isolate.bridge.notebook import NotebookRun

        self._notebook_run = NotebookRun

    @property
    def sandbox(self) -> str:
        """The name of the sandbox backend."""
        return self.backend

    def run(
        self,
        notebook: NotebookNode,
        *,
        files: Mapping[str, bytes],
        student_names: Sequence[str],
        seed: int,
        student_files: Mapping[str, bytes] = NO_FILES,
    ) -> NotebookNode:
        """Return a rebuilt notebook as it is after its run.

        Parameters
        ----------
        notebook : NotebookNode
            Its code cells have `metadata.nbgrader_isolate` with owner and mode (`model.CellRecord`); a student's
            cell may have `imports` there, the import statements of the stub.
        files : mapping of str to bytes
            What lies beside it, in both kernels.
        student_names : sequence of str
            Names that the stubs bind: the student's, even where a cell of the instructor's binds them before.
        seed : int
            Of random numbers in the test process; the student's kernel gets one that is derived from it.
        student_files : mapping of str to bytes
            What the student handed in beside the notebook: in the student's kernel alone, before `files`.

        Returns
        -------
        NotebookNode
            A copy with outputs and completed `metadata.nbgrader_isolate`. A cell that fails, is late or dies costs
            itself; nothing that a student's code does raises here.

        Raises
        ------
        ForkServerError
            When no kernel can be started although the warm process was started again.
        """
        inputs = RunInputs(
            files=files, student_names=student_names, seed=seed, student_files=student_files
        )
        generation = self.server.generation
        try:
            return self._run_once(notebook, inputs)
        except ForkServerError:
            self.server.restart(generation)
            return self._run_once(notebook, inputs)

    def _run_once(self, notebook: NotebookNode, inputs: RunInputs) -> NotebookNode:
        executed = copied(notebook)
        generation = self.server.generation
        run = self._notebook_run(self.server, self.limits, **inputs)
        try:
            run.run(executed.cells)
        finally:
            run.close()
        self.check_server(executed, generation)
        return executed

    def check_server(self, executed: NotebookNode, generation: int) -> None:
        """Check that kernels which died did so by themselves: a student answers for those, not for ours.

        Parameters
        ----------
        executed : NotebookNode
        life : int
            The warm process's, when the run began: another thread may have started a new one since.

        Raises
        ------
        ForkServerError
            If the warm process ended during the run, and the kernels with it.
        """
        records = (cell.metadata.get(METADATA, {}) for cell in executed.cells)
        if any(record.get("outcome") == "died" for record in records):
            # Its end is heard by another thread than the kernels': so ask it for something.
            self.server.process(NOTHING).close()
        if self.server.generation != generation or not self.server.alive:
            raise ForkServerError("the warm process ended while a notebook ran")

    def close(self) -> None:
        """End the warm process and all that was forked from it."""
        self.server.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def copied(notebook: NotebookNode) -> NotebookNode:
    """Return a notebook whose cells can be given outputs and records, while those of `notebook` stay as they are."""
    made = copy.copy(notebook)
    made["cells"] = [copy.copy(cell) for cell in notebook["cells"]]
    for cell in made["cells"]:
        cell["metadata"] = copy.copy(cell["metadata"])
    return made


def chosen(sandbox: str) -> Backend:
    """Return the backend of a sandbox by its name, or by probing."""
    from nbgrader_isolate.sandbox import backends

    return backends.choose(sandbox)
