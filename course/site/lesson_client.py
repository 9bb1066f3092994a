"""A client for the kernel of one lesson, which limits what a cell may print."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import re
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from nbclient import NotebookClient
from nbclient.util import ensure_async
from traitlets import Int

if TYPE_CHECKING:
    from nbformat import NotebookNode

CELL_OUTPUT_BYTES = 1_000_000
# In our pages the instruments are live; with nbclient anywhere else, they stay pictures.
LIVE = {"STRIDESCOPE_LIVE": "1"}


class OutputTooLargeError(Exception):
    """A cell sent more output than it may."""


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
        profile = tempfile.TemporaryDirectory(prefix="lesson-", ignore_cleanup_errors=True)
        try:
            # the last output of a dying kernel would hide the three lines about its lesson
            await self.async_start_new_kernel(
                cwd=str(folder),
                env={**os.environ, **LIVE, **without_own_settings(profile.name)},
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
            profile.cleanup()

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


def without_own_settings(profile: str) -> dict[str, str]:
    """Return variables that hide the settings that a person has for IPython and Matplotlib.

    A startup file, a style or `ast_node_interactivity` would change what the pages show.

    Parameters
    ----------
    profile : str
        An empty folder, for IPython's files.
    """
    matplotlib = importlib.util.find_spec("matplotlib")
    folders = (matplotlib and matplotlib.submodule_search_locations) or []
    files = [Path(folder, "mpl-data", "matplotlibrc") for folder in folders]
    defaults = next((str(file) for file in files if file.is_file()), "")
    return {"IPYTHONDIR": profile} | ({"MATPLOTLIBRC": defaults} if defaults else {})


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
