"""A kernel provisioner that starts any kernel in a sandbox: other languages, or an ipykernel that the fork server does not know.

Select it in a kernelspec (`"metadata": {"kernel_provisioner": {"provisioner_name": "autograder-sandbox"}}`), or for every kernel that names no other
by the variable JUPYTER_DEFAULT_PROVISIONER_NAME. The kernel works on a copy of its folder, and what it writes there is gone
with it. It talks over Unix sockets in a private folder, since it has no network.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo  # noqa: TC002 (as the base class has it)
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Enum, List, Unicode

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.sandbox import backends, identity, mounts, procfs
from nbgrader_isolate.sandbox.watchdog import WATCH, Watched

_PASSED = ("LANG", "LC_ALL", "TZ", "NBGRADER_EXECUTION", "NBGRADER_VALIDATING")
_PATIENCE = 5.0  # seconds that dying may take


class SandboxProvisioner(LocalProvisioner):
    """Starts the kernel's own command in the tier that this machine can give."""

    sandbox = Enum(
        backends.WANTED,
        default_value="auto",
        help="Which sandbox; `auto` takes the best that holds.",
    ).tag(config=True)
    read = List(
        Unicode(), help="More folders that the kernel may read, such as its language's."
    ).tag(config=True)

    folder: Path | None = None
    watched: Watched | None = None
    limits: Limits
    ending = False

    @property
    def killed_by(self) -> str:
        """Which limit ended the kernel; empty: none."""
        return self.watched.killed_by if self.watched else ""

    async def pre_launch(self, **options: Any) -> dict[str, Any]:  # noqa: ANN401
        """Choose the tier and the sockets' folder, before the connection file is written."""
        self.limits = Limits(config=self.config)
        self.tier = await asyncio.to_thread(backends.choose, self.sandbox)
        if self.folder is None:
            self.folder = identity.private_folder()
            (self.folder / "s").mkdir()
            identity.give(self.folder / "s")
            manager: Any = self.parent
            manager.transport = "ipc"
            manager.ip = str(self.folder / "s" / "k")
            manager.connection_file = str(self.folder / "kernel.json")
        return await super().pre_launch(**options)

    async def launch_kernel(self, cmd: list[str], **options: Any) -> KernelConnectionInfo:  # noqa: ANN401
        """Start the kernel, and have it watched."""
        assert self.folder  # noqa: S101 (pre_launch made it)
        source = self.folder / "src"
        shutil.rmtree(source, ignore_errors=True)
        stage(Path(options.get("cwd") or Path.cwd()), source, self.limits)
        ours = str(self.folder / "kernel.json")
        theirs = self._connection_file()
        given = options.get("env") or {}
        command = self.tier.kernel_command(
            [_program(cmd[0]), *(word.replace(ours, theirs) for word in cmd[1:])],
            folder=self.folder,
            limits=self.limits,
            read=[Path(path) for path in self.read],
            variables={name: given[name] for name in _PASSED if name in given},
        )
        self.process = subprocess.Popen(  # noqa: ASYNC220 (a fork, 1 ms)
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd="/",
            env={"PATH": "/usr/bin:/bin"},
        )
        self.pid = self.pgid = self.process.pid
        self.ending = False
        with contextlib.suppress(ProcessLookupError):
            self.watched = WATCH.add(self.pid, self.limits, folders=self._on_disk(), kill=self._end)
        return self.connection_info

    def _connection_file(self) -> str:
        """Write the connection file as the kernel needs it, with its own path of the sockets; return that of the file."""
        assert self.folder  # noqa: S101
        inside = self.tier.sockets(self.folder)
        connection = json.loads((self.folder / "kernel.json").read_text("utf-8"))
        copy = self.folder / "s" / "kernel.json"
        copy.unlink(missing_ok=True)
        copy.write_text(json.dumps(connection | {"ip": f"{inside}/k"}), "utf-8")
        identity.give(copy)
        return f"{inside}/kernel.json"

    def _on_disk(self) -> list[Path]:
        """Return what the kernel can write on the host's disk."""
        assert self.folder  # noqa: S101
        names = ("s",) if self.tier.name == "bwrap" else ("home", "job", "s", "tmp")
        return [self.folder / name for name in names]

    def _end(self) -> None:
        """Have `keeper` end all processes."""
        if self.process:
            self.process.terminate()

    async def send_signal(self, signum: int) -> None:
        """Interrupt the kernel itself; all else goes to the whole sandbox."""
        if not self.process:
            return
        if signum == signal.SIGINT:
            kernel = innermost(self.process.pid, 3 if self.tier.name == "bwrap" else 1)
            with contextlib.suppress(OSError):
                os.kill(kernel, signum)
        else:
            self._end()

    async def kill(self, restart: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 (as Jupyter calls it)
        """End the kernel and all that it started."""
        self.ending = True
        self._end()

    async def terminate(self, restart: bool = False) -> None:  # noqa: FBT001, FBT002 (as Jupyter calls it)
        """End it the same way: nothing in it needs to be saved."""
        await self.kill(restart)

    async def shutdown_requested(self, restart: bool = False) -> None:  # noqa: FBT001, FBT002 (as Jupyter calls it)
        """End it without waiting for it to agree."""
        await self.kill(restart)

    async def poll(self) -> int | None:
        """Return the exit code, None while it runs; wait for its end where we asked for it."""
        if self.process and self.ending:
            await self._ended(_PATIENCE)
        return self.process.poll() if self.process else 0

    async def wait(self) -> int | None:
        """Wait for the end of the kernel; whoever still resists then is killed."""
        if not self.process:
            return 0
        if self.ending and not await self._ended(_PATIENCE):
            self.process.kill()
        await self._ended(None)
        status = self.process.returncode
        if self.watched:
            WATCH.remove(self.watched)
        self.process = None
        return status

    async def _ended(self, patience: float | None) -> bool:
        assert self.process  # noqa: S101
        waited = 0.0
        while self.process.poll() is None and (patience is None or waited < patience):
            await asyncio.sleep(0.002)
            waited += 0.002
        return self.process.returncode is not None

    async def cleanup(self, restart: bool = False) -> None:  # noqa: FBT001, FBT002 (as Jupyter calls it)
        """Remove the private folder; what lies in it are the student's files, and links are not followed."""
        if self.folder and not restart:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder = None
        await super().cleanup(restart)


def innermost(pid: int, steps: int) -> int:
    """Return the kernel's own process: the first child of the first child."""
    for _ in range(steps):
        children = procfs.children(pid)
        pid = children[0] if children else pid
    return pid


def stage(folder: Path, copy: Path, limits: Limits) -> None:
    """Copy the regular files of a folder for a kernel to find; links stay behind.

    Raises
    ------
    OSError
        They are more than the kernel's disk holds; the message says how much.
    """
    left = limits.disk_mb << 20
    for where, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not (Path(where) / name).is_symlink()]
        target = copy / Path(where).relative_to(folder)
        target.mkdir(parents=True, exist_ok=True)
        identity.give(target)
        for path in (Path(where) / name for name in files):
            if path.is_symlink() or not path.is_file():
                continue
            left -= path.stat().st_size
            if left < 0:
                raise OSError(
                    f"{folder} holds more than the {limits.disk_mb} MiB that a kernel gets"
                )
            shutil.copyfile(path, target / path.name, follow_symlinks=False)
            identity.give(target / path.name)


def _program(name: str) -> str:
    """Return a kernel's program by a path that exists inside."""
    return mounts.interpreter() if name in {"python", "python3"} else os.path.normpath(name)
