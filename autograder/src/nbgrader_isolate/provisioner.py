"""Forked kernels for everything that starts kernels by name: nbconvert, nbclient, nbgrader.

The entry point is `autograder-fork`; a kernelspec that names it is all that is needed (`kernelspec` writes one). The
folder in which the kernel was asked for is copied into its own; what it writes stays there and is lost.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase
from traitlets import List, Unicode

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.forkserver import ForkServer, Kernel, file_payload

if TYPE_CHECKING:
    from jupyter_client.connect import KernelConnectionInfo

NAME = "autograder-fork"

PASSED_ON = ("NBGRADER_EXECUTION", "NBGRADER_VALIDATING", "TZ")
"""Variables of the caller that a kernel gets."""

_END_SECONDS = 5.0
_servers: dict[tuple[str, str], ForkServer] = {}
_guard = threading.Lock()


def server(limits: Limits, sandbox: str) -> ForkServer:
    """Return the fork server of this process for these limits; start it if need be.

    Parameters
    ----------
    limits : Limits
    sandbox : str
        "auto", "bwrap", "landlock" or "none", as `nbgrader_isolate.sandbox.backends.choose` takes it.
    """
    values = {name: getattr(limits, name) for name in limits.traits(config=True)}
    key = sandbox, json.dumps(values, sort_keys=True)
    with _guard:
        if key not in _servers:
            _servers[key] = ForkServer(limits, sandbox)
        return _servers[key].start()


@atexit.register
def close_servers() -> None:
    """End all fork servers of this process."""
    with _guard:
        for each in _servers.values():
            each.close()
        _servers.clear()


def kernelspec(folder: Path, name: str = "autograder") -> Path:
    """Write a kernelspec whose kernels are forked, as `folder/name`, and return that.

    A folder `kernels` on Jupyter's data path (`JUPYTER_PATH`) is found by every command.
    """
    path = folder / name
    path.mkdir(parents=True, exist_ok=True)
    spec = {
        "argv": ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "Python 3 (sandbox)",
        "language": "python",
        "metadata": {"kernel_provisioner": {"provisioner_name": NAME}},
    }
    (path / "kernel.json").write_text(json.dumps(spec, indent=1) + "\n", encoding="utf-8")
    return path


class ForkProvisioner(KernelProvisionerBase):
    """Kernels of a fork server: in a sandbox each, there at once, gone without waiting."""

    sandbox = Unicode(
        "auto", help="The tier: auto, bwrap, landlock, or none (not safe, and said in the results)."
    ).tag(config=True)
    leave_out = List(
        Unicode(),
        ["*.ipynb"],
        help="Patterns of names that are not copied into the kernel's folder; an autograded notebook holds hidden tests.",
    ).tag(config=True)

    kernel: Kernel | None = None
    _dying = False

    @property
    def has_process(self) -> bool:
        """Whether there is a kernel that was not waited for."""
        return self.kernel is not None

    @property
    def killed_by(self) -> str:
        """Why the kernel was ended by us; empty if it was not."""
        return self.kernel.killed_by if self.kernel else ""

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401
        """Prepare nothing: there is no command to assemble."""
        kwargs.pop("extra_arguments", None)
        kwargs.pop("transport_encryption", None)
        return await super().pre_launch(cmd=[], **kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:  # noqa: ANN401, ARG002
        """Fork a kernel and return how to connect to it; its sockets listen already."""
        folder = Path(kwargs.get("cwd") or Path.cwd())
        given = kwargs.get("env") or {}
        variables = {name: given[name] for name in PASSED_ON if name in given}
        kernel = await asyncio.to_thread(self._fork, folder, variables)
        self.kernel, self._dying = kernel, False
        manager = self.parent
        if manager is not None:
            manager.connection_file = str(kernel.folder / "connection.json")
        self.connection_info = cast("KernelConnectionInfo", kernel.connection_info)
        return self.connection_info

    def _fork(self, folder: Path, variables: dict[str, str]) -> Kernel:
        limits = Limits(parent=self)
        files = file_payload.read_folder(folder, limits.disk_mb << 20, self.leave_out)
        return server(limits, self.sandbox).kernel(files, environment=variables)

    async def poll(self) -> int | None:
        """Return None while the kernel runs; a kernel that was told to end is waited for."""
        if self.kernel is None:
            return 0
        if self._dying:
            await asyncio.to_thread(self.kernel.wait, _END_SECONDS)
        return self.kernel.poll()

    async def wait(self) -> int | None:
        """Wait for the kernel's end and return its exit status."""
        if self.kernel is None:
            return 0
        status = await asyncio.to_thread(self.kernel.wait, None)
        self.kernel.close()
        self.kernel = None
        return status

    async def send_signal(self, signum: int) -> None:
        """Send the kernel a signal."""
        if self.kernel:
            self.kernel.send_signal(signum)

    async def kill(self, restart: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        """End the kernel."""
        self.end_now("")

    async def terminate(self, restart: bool = False) -> None:  # noqa: FBT001, FBT002
        """End the kernel; it has nothing to put in order."""
        await self.kill(restart)

    async def shutdown_requested(self, restart: bool = False) -> None:  # noqa: FBT001, FBT002
        """End the kernel."""
        await self.kill(restart)

    def end_now(self, reason: str) -> None:
        """End the kernel; `reason` becomes `killed_by`."""
        self._dying = True
        if self.kernel:
            self.kernel.kill(reason)

    async def cleanup(self, restart: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        """Remove what is left of the kernel."""
        if self.kernel:
            self.kernel.close()
            self.kernel = None
