"""Run lessons: several kernels at a time, each cell with limits on time and output.

nbclient talks to the kernels. This module adds that lessons run in parallel in one process, that a
cell which prints without end is stopped, that Ctrl-C leaves no kernel behind, that a warning which
a lesson does not announce is an error, and that a failure is reported in three lines.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from course.core.errors import CourseError
from course.core.myst import tags
from course.site.lesson_client import LessonClient

CELL_SECONDS = 60
WARNINGS_EXPECTED = {"expect-warning", "raises-exception"}


class LessonError(CourseError):
    """A lesson that does not run.

    Parameters
    ----------
    file : str
        The notebook.
    cell : int
        The code cell, counted from 1 as In[…] would be.
    source : str
        The cell's source; the message quotes its first line.
    reason : str
        What happened.
    """

    def __init__(self, file: str, cell: int, source: str, reason: str) -> None:
        first = next((line for line in source.splitlines() if line.strip()), "")
        super().__init__(f"{file} does not run:\n  code cell {cell}: {first}\n  {reason}")


@dataclass(frozen=True)
class LessonRun:
    """One finished lesson.

    Parameters
    ----------
    file : Path
        The notebook that was run.
    notebook : NotebookNode or None
        The notebook with outputs; None if it failed.
    error : CourseError or None
        Why it failed.
    seconds : float
        Wall-clock time, including the start of the kernel.
    peak_bytes : int or None
        The peak resident memory of its kernel; None where the system does not report it.
    """

    file: Path
    notebook: NotebookNode | None
    error: CourseError | None
    seconds: float
    peak_bytes: int | None

    @property
    def summary(self) -> str:
        """How it went, for the progress line: seconds and peak memory, or `failed`."""
        if self.error:
            return "failed"
        peak = f", {self.peak_bytes / 1e6:.0f} MB at its peak" if self.peak_bytes else ""
        return f"{self.seconds:.1f} s{peak}"

    def file_bytes(self) -> bytes:
        """Return the file of the executed notebook, without timestamps but with its peak memory."""
        if self.notebook is None:
            raise ValueError(self.file)
        for cell in self.notebook.cells:
            cell.metadata.pop("execution", None)
        self.notebook.metadata["peak_bytes"] = self.peak_bytes
        text: str = nbformat.writes(self.notebook)
        return text.encode()


@dataclass(frozen=True)
class Conditions:
    """How to run lessons.

    Parameters
    ----------
    jobs : int or None
        How many kernels at a time; None for one per CPU that this process may use.
    cell_seconds : int
        How long a cell may run, in seconds.
    kernel : str
        The name of the kernel; by default, that of this environment.
    """

    jobs: int | None = None
    cell_seconds: int = CELL_SECONDS
    kernel: str = "python3"


def run_lessons(
    files: Iterable[Path],
    name: Callable[[Path], str],
    done: Callable[[LessonRun], None],
    conditions: Conditions | None = None,
) -> None:
    """Run lessons in parallel, and hand over each one as soon as it is finished.

    Parameters
    ----------
    files : iterable of Path
        The notebooks; they are read but never written.
    name : callable
        Path → its name in messages.
    done : callable
        Takes each finished `LessonRun`, good or bad, in the order in which they finish.
    conditions : Conditions, optional
        How many at a time, for how long, on which kernel.

    Raises
    ------
    KeyboardInterrupt
        After Ctrl-C or SIGTERM, when all kernels are gone.
    """
    how = conditions or Conditions()
    limit = how.jobs or usable_cpus()

    async def everything() -> None:
        at_a_time = asyncio.Semaphore(limit)

        async def one(file: Path) -> None:
            async with at_a_time:
                done(await run_lesson(file, name(file), how))

        async with terminable(), asyncio.TaskGroup() as group:
            for file in files:
                group.create_task(one(file))

    asyncio.run(everything())


@asynccontextmanager
async def terminable() -> AsyncIterator[None]:
    """Treat SIGTERM like Ctrl-C inside the block, on systems that have it."""
    task = asyncio.current_task()
    loop = asyncio.get_running_loop()
    terminated = False

    def terminate() -> None:
        nonlocal terminated
        terminated = True
        if task:
            task.cancel()

    try:
        loop.add_signal_handler(signal.SIGTERM, terminate)
    except (NotImplementedError, RuntimeError):  # Windows, or not the main thread
        yield
        return
    try:
        yield
    except asyncio.CancelledError:
        if terminated:
            raise KeyboardInterrupt from None
        raise
    finally:
        loop.remove_signal_handler(signal.SIGTERM)


def usable_cpus() -> int:
    """Return how many CPUs this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


async def run_lesson(file: Path, name: str, how: Conditions) -> LessonRun:
    """Run one lesson; never raise an exception for what the lesson does."""
    started = time.monotonic()
    notebook = nbformat.read(file, as_version=4)
    client = LessonClient(
        notebook,
        timeout=how.cell_seconds,
        kernel_name=how.kernel,
        # otherwise text arrives in pieces that differ from run to run
        coalesce_streams=True,
    )
    error: CourseError | None = None
    try:
        await client.run(file.parent)
        refuse_warnings(notebook, name)
    except CourseError as failure:
        error = failure
    except Exception as failure:  # whatever a lesson does is reported, never raised
        # nbclient mistakes our own cancellation (Ctrl-C) for a dead kernel
        if (task := asyncio.current_task()) and task.cancelling():
            raise asyncio.CancelledError from failure
        error = explain(client, name, failure)
    seconds = time.monotonic() - started
    return LessonRun(file, None if error else notebook, error, seconds, client.peak_bytes)


def explain(client: LessonClient, name: str, failure: Exception) -> LessonError:
    """Return the three lines for a failure of the cell that ran last."""
    if client.sent > client.output_bytes:
        limit = f"{client.output_bytes / 1e6:g} MB"
        reason = f"it prints more than {limit}: print less, or a summary"
    elif isinstance(failure, CellTimeoutError):
        reason = f"it ran longer than {client.timeout} s: make it smaller"
    elif isinstance(failure, DeadKernelError):
        reason = "the kernel died: it ran out of memory, or compiled code crashed"
    elif isinstance(failure, CellExecutionError):
        reason = f"{failure.ename}: {failure.evalue}".strip().splitlines()[0]
    else:
        reason = f"{type(failure).__name__}: {failure}".splitlines()[0]
    cells = client.nb.cells
    number = sum(cell.cell_type == "code" for cell in cells[: client.current + 1])
    return LessonError(name, number, cells[client.current].source if cells else "", reason)


def refuse_warnings(notebook: NotebookNode, name: str) -> None:
    """Raise `LessonError` if a cell without the right tag wrote to stderr."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate(code, start=1):
        if tags(cell) & WARNINGS_EXPECTED:
            continue
        for output in cell.outputs:
            if output.output_type == "stream" and output.name == "stderr":
                warning = output.text.strip().splitlines()[0]
                reason = f"it warns without the tag `expect-warning`: {warning}"
                raise LessonError(name, number, cell.source, reason)
