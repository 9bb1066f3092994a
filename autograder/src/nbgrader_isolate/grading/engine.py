"""The engine runs a rebuilt notebook; a worker keeps one engine for its whole lifetime."""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Self

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.core.models import METADATA, NO_FILES, RunInputs
from nbgrader_isolate.forkserver import ForkServer, ForkServerError

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from nbgrader_isolate.sandbox.backends import Backend

NO_OP = "builtins:bool"
"""A function for a child process that has nothing to do."""


class Engine:
    """Runs notebooks, each in new processes forked from one warm process, on any thread.

    Parameters
    ----------
    limits : Limits
    sandbox : {"auto", "bwrap", "landlock", "none"}
        "auto" takes the first backend whose probe cannot escape.
    private : sequence of str
        Paths that no notebook may see, such as those of the course.

    Attributes
    ----------
    backend : str
        The name of the chosen backend, for the results.
    """

    def __init__(self, limits: Limits, sandbox: str = "auto", private: Sequence[str] = ()) -> None:
        self.limits = limits
        backend = choose_backend(sandbox, private, limits.data_folders)
        self.backend = str(backend.name)
        self.server = ForkServer(limits, backend)
        self.server.start()
        # Imported while the warm process starts, which takes longer than this import.
        from nbgrader_isolate.bridge.notebook import NotebookRun
        from nbgrader_isolate.bridge.prepared import PreparedCells

        self._notebook_run = NotebookRun
        self.prepared = PreparedCells(self.server)

    @property
    def sandbox(self) -> str:
        """The name of the sandbox backend."""
        return self.backend

    def preload(self, modules: Sequence[str]) -> None:
        """Have the warm process import more modules for all notebooks that run from now on."""
        self.server.preload(modules)

    def prepare(
        self, sources: Sequence[str], files: Mapping[str, bytes], left_out: Collection[int] = ()
    ) -> None:
        """Have the warm process run the first cells of a notebook, once for all test processes.

        Parameters
        ----------
        sources : sequence of str
            Sources of the instructor's first code cells, which must give the same in every run.
        files : mapping of str to bytes
            The files beside the notebook.
        left_out : collection of int
            Numbers of cells, from 0, that no test process needs, nor any other cell.
        """
        self.prepared.add(list(sources), files, left_out)

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
        """Run a rebuilt notebook and return the executed one.

        Parameters
        ----------
        notebook : NotebookNode
            Its code cells have `metadata.nbgrader_isolate` with owner and mode (`CellRecord`); a
            student's cell may have `imports` there, the import statements of the stub.
        files : mapping of str to bytes
            Files beside the notebook, in both processes.
        student_names : sequence of str
            Names that the stubs bind. They refer to the student's objects even if a cell of the
            instructor's binds them before.
        seed : int
            Seed of random numbers in the test process; the student's kernel gets a seed that is
            derived from it.
        student_files : mapping of str to bytes
            Files that the student handed in beside the notebook, for the student's kernel only.
            They replace files of the same name.
        test_files : mapping of str to bytes
            Files of the instructor's that only the test process gets.
        time_factor : float
            By how much the limits of time are multiplied in this run.

        Returns
        -------
        NotebookNode
            A copy with outputs and complete `metadata.nbgrader_isolate`. If a cell fails, times out
            or dies, only that cell loses its points; no student code can raise an error here.

        Raises
        ------
        ForkServerError
            If no kernel can be started even after a restart of the warm process.
        """
        inputs = RunInputs(
            files=files,
            student_names=student_names,
            seed=seed,
            student_files=student_files,
            test_files=test_files,
            time_factor=time_factor,
        )
        generation = self.server.generation
        try:
            return self._run_once(notebook, inputs)
        except ForkServerError:
            self.server.restart(generation)
            return self._run_once(notebook, inputs)

    def _run_once(self, notebook: NotebookNode, inputs: RunInputs) -> NotebookNode:
        executed = copy_notebook(notebook)
        generation = self.server.generation
        run = self._notebook_run(self.server, self.limits, **inputs, prepared=self.prepared)
        try:
            run.run(executed.cells)
        finally:
            run.close()
        self.check_server(executed, generation)
        return executed

    def check_server(self, executed: NotebookNode, generation: int) -> None:
        """Check that the warm process survived the run.

        A student is responsible for a kernel that died by itself, but not for one that died with
        the warm process.

        Parameters
        ----------
        executed : NotebookNode
        generation : int
            Generation of the warm process when the run began; another thread may have restarted it.

        Raises
        ------
        ForkServerError
            If the warm process ended during the run.
        """
        records = (cell.metadata.get(METADATA, {}) for cell in executed.cells)
        if any(record.get("outcome") == "died" for record in records):
            # Another thread notices its end later, so ask it to do something.
            self.server.process(NO_OP).close()
        if self.server.generation != generation or not self.server.alive:
            raise ForkServerError("the warm process ended while a notebook ran")

    def close(self) -> None:
        """End the warm process and all processes that were forked from it."""
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


def copy_notebook(notebook: NotebookNode) -> NotebookNode:
    """Return a copy whose cells can get outputs and records without changing `notebook`."""
    copied = copy.copy(notebook)
    copied["cells"] = [copy.copy(cell) for cell in notebook["cells"]]
    for cell in copied["cells"]:
        cell["metadata"] = copy.copy(cell["metadata"])
    return copied


def choose_backend(sandbox: str, private: Sequence[str] = (), data: Sequence[str] = ()) -> Backend:
    """Return the sandbox backend with a name, or the first whose probe cannot escape."""
    from nbgrader_isolate.sandbox import backends

    return backends.choose(sandbox, private, data)
