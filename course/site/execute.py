"""Run lessons: several kernels at a time, each cell with limits on time and output.

nbclient talks to the kernels. This module adds that lessons run in parallel in one process, that a
cell which prints without end is stopped, that Ctrl-C leaves no kernel behind, that a warning which
a lesson does not announce is an error, and that a failure is reported in three lines.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.asynchronous.client import AsyncKernelClient
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbclient.util import ensure_async
from nbformat import NotebookNode
from traitlets import Int

from course.core.errors import CourseError
from course.core.myst import tags

CELL_SECONDS = 60
CELL_OUTPUT_BYTES = 1_000_000
# In our pages the instruments are live; with nbclient anywhere else, they stay pictures.
LIVE = {"STRIDESCOPE_LIVE": "1"}
WARNINGS_EXPECTED = {"expect-warning", "raises-exception"}


class OutputTooLargeError(Exception):
    """A cell sent more output than it may."""


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
class Run:
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


class QuietKernelClient(AsyncKernelClient):
    """A kernel client without a heartbeat: nbclient asks the process itself whether it is alive.

    The heartbeat is a thread. If jupyter_client 8 stops it (Ctrl-C) after it has started but before
    its first line runs, it waits forever, because the thread resets the flag that told it to stop.
    """

    def start_channels(
        self,
        shell: bool = True,  # noqa: FBT001, FBT002 (the signature of the base class)
        iopub: bool = True,  # noqa: FBT001, FBT002
        stdin: bool = True,  # noqa: FBT001, FBT002
        hb: bool = False,  # noqa: FBT001, FBT002
        control: bool = True,  # noqa: FBT001, FBT002
    ) -> None:
        """Connect the channels, and the heartbeat only if asked to."""
        super().start_channels(shell=shell, iopub=iopub, stdin=stdin, hb=hb, control=control)


class LessonClient(NotebookClient):
    """An nbclient that limits what a cell may print and installs no signal handlers."""

    output_bytes = Int(
        CELL_OUTPUT_BYTES, help="How many bytes of output a cell may send; more stops the lesson."
    ).tag(config=True)

    def __init__(self, nb: NotebookNode, **kwargs: Any) -> None:  # noqa: ANN401 - traits
        super().__init__(nb, **kwargs)
        self.current = 0
        self.sent = 0
        self.peak_bytes: int | None = None
        self.interrupting: asyncio.Task[None] | None = None

    async def run(self, folder: Path) -> None:
        """Run every cell. However this ends, the kernel is gone afterwards."""
        self.reset_execution_trackers()
        self.km = self.create_kernel_manager()
        self.km.client_factory = QuietKernelClient
        try:
            # the last output of a dying kernel would hide the three lines about its lesson
            await self.async_start_new_kernel(
                cwd=str(folder),
                env={**os.environ, **LIVE},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            await self.async_start_new_kernel_client()
            for index, cell in enumerate(self.nb.cells):
                self.current, self.sent = index, 0
                await self.async_execute_cell(
                    cell, index, execution_count=self.code_cells_executed + 1
                )
                if self.sent > self.output_bytes:
                    raise OutputTooLargeError
            self.set_widgets_metadata()
            self.peak_bytes = peak_memory(getattr(self.km.provisioner, "pid", None))
        finally:
            await asyncio.shield(self._async_cleanup_kernel())

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> Any:  # noqa: ANN401
        """Count the bytes of an output; beyond the limit, drop it and interrupt the kernel once."""
        before = self.sent
        self.sent += output_size(msg)
        if self.sent <= self.output_bytes or msg["msg_type"] == "status":
            return super().process_message(msg, cell, cell_index)
        if before <= self.output_bytes:
            self.interrupting = asyncio.create_task(self.interrupt())
        return None

    async def interrupt(self) -> None:
        """Send the kernel what Ctrl-C sends."""
        if self.km is not None:
            await ensure_async(self.km.interrupt_kernel())


def output_size(message: dict[str, Any]) -> int:
    """Return how many characters of output a kernel message has, not counting a widget's state."""
    if message["msg_type"].startswith("comm"):
        return 0
    content = message["content"]
    shown = [content.get("text", ""), *content.get("data", {}).values()]
    return sum(len(part) if isinstance(part, str) else len(str(part)) for part in shown)


def peak_memory(pid: int | None) -> int | None:
    """Return the peak resident memory of a process in bytes (Linux), or None."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    match = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(match[1]) * 1024 if match else None


def run_lessons(
    files: Iterable[Path],
    name: Callable[[Path], str],
    done: Callable[[Run], None],
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
        Takes each finished `Run`, good or bad, in the order in which they finish.
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


async def run_lesson(file: Path, name: str, how: Conditions) -> Run:
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
    return Run(file, None if error else notebook, error, seconds, client.peak_bytes)


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
