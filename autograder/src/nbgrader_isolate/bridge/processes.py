"""Protocols for the processes on the two sides of the bridge, and for the server that starts them.

The handles of `nbgrader_isolate.forkserver` satisfy them; the bridge imports nothing from there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from nbgrader_isolate.core.limits import Limits


class ChildProcess(Protocol):
    """A process in a sandbox, as the worker sees it."""

    killed_by: str
    """Why we killed it; empty if we did not."""

    def poll(self) -> int | None:
        """Return its exit status, or None while it runs."""

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait for it to end, at most `timeout` seconds, and return the same as `poll`."""

    def interrupt(self) -> None:
        """Send it SIGINT."""

    def kill(self, reason: str = "") -> None:
        """Kill it, without waiting; the reason becomes `killed_by`."""

    def waited_seconds(self) -> float:
        """Return how long its processes have waited for a processor, in s."""

    def failure(self) -> str:
        """Return the traceback of an error in our own code; empty if there is none."""

    def close(self) -> None:
        """Kill it if it runs, and free its resources."""


class KernelProcess(ChildProcess, Protocol):
    """A process that is a Jupyter kernel."""

    connection_info: dict[str, Any]
    """In the format of `jupyter_client`."""


class ProcessServer(Protocol):
    """Starts processes of both kinds."""

    def kernel(
        self,
        files: Mapping[str, bytes] | None = None,
        fds: Sequence[int] = (),
        seed: int | None = None,
        limits: Limits | None = None,
    ) -> KernelProcess:
        """Return a new Jupyter kernel with these files, and with these descriptors as 3, 4, ….

        Of `limits`, only the times may differ from those of the server.
        """

    def process(
        self,
        target: str,
        files: Mapping[str, bytes] | None = None,
        fds: Sequence[int] = (),
        seed: int | None = None,
        limits: Limits | None = None,
    ) -> ChildProcess:
        """Return a new process that calls the function `package.module:function`."""
