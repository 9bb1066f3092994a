"""What the bridge needs of the processes on its two sides, and of what starts them.

The fork server's handles are of this kind (`nbgrader_isolate.forkserver`); the bridge imports nothing of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class ChildProcess(Protocol):
    """A process in a sandbox, as the worker holds it."""

    killed_by: str
    """Why it was ended by us; empty if it was not."""

    def poll(self) -> int | None:
        """Return its exit status; None while it runs."""

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait for its end, at most `timeout` seconds; return as `poll`."""

    def interrupt(self) -> None:
        """Send it SIGINT."""

    def kill(self, reason: str = "") -> None:
        """End it; does not wait."""

    def failure(self) -> str:
        """Return the traceback of an error of ours in it; empty if there is none."""

    def close(self) -> None:
        """End it if it runs, and remove what was kept for it."""


class KernelProcess(ChildProcess, Protocol):
    """A process that is a Jupyter kernel."""

    connection_info: dict[str, Any]
    """As `jupyter_client` writes it."""


class ProcessServer(Protocol):
    """What starts both kinds."""

    def kernel(
        self,
        files: Mapping[str, bytes] | None = None,
        fds: Sequence[int] = (),
        seed: int | None = None,
    ) -> KernelProcess:
        """Return a new Jupyter kernel with these files in its folder, and these descriptors as 3, 4, …."""

    def process(
        self,
        target: str,
        files: Mapping[str, bytes] | None = None,
        fds: Sequence[int] = (),
        seed: int | None = None,
    ) -> ChildProcess:
        """Return a new process that calls the function `package.module:function`."""
