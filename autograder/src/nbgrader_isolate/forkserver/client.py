"""Our side of the fork server: start it and ask it for children."""

from __future__ import annotations

import itertools
import os
import secrets
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from nbgrader_isolate.core import affinity
from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.forkserver import file_payload, runtime_dir
from nbgrader_isolate.forkserver.child_handle import ChildHandle, ForkServerError, Kernel, Usage
from nbgrader_isolate.forkserver.server_process import ServerProcess
from nbgrader_isolate.sandbox import backends

__all__ = ["ChildHandle", "ForkServer", "ForkServerError", "Kernel", "Usage"]

MODULES = ("nbgrader_isolate.bridge.tester", "nbgrader_isolate.bridge.student")
"""Modules of ours that the warm process imports because children run them.

Modules that do not exist are skipped.
"""

_WARM_UP_SECONDS = 120.0
_MEBI = 1 << 20

Handle = TypeVar("Handle", bound=ChildHandle)


class ForkServer:
    """One warm process inside the sandbox, and the children forked from it.

    Parameters
    ----------
    limits : Limits
    backend : Backend or str
        A backend returned by `nbgrader_isolate.sandbox.backends.choose`, or the name to choose.
    modules : sequence of str
        Modules to import in the warm process, for the functions that `process` will call.

    Attributes
    ----------
    generation : int
        The number of the current warm process; it grows with every restart.
    """

    def __init__(
        self,
        limits: Limits,
        backend: backends.Backend | str = "auto",
        modules: Sequence[str] = MODULES,
    ) -> None:
        self.limits = limits
        self.backend = (
            backend if isinstance(backend, backends.Backend) else backends.choose(backend)
        )
        self.modules = list(modules)
        self._preloaded: set[str] = set()
        self._numbers = itertools.count(1)
        self._changing = threading.RLock()
        self._server: ServerProcess | None = None
        self.generation = 0

    def start(self) -> Self:
        """Start the warm process if it does not run; returns at once, while it warms up."""
        with self._changing:
            if not self.alive:
                self.close()
                self._server = ServerProcess(self.backend, self.limits, self.modules)
                self.generation += 1
        return self

    def restart(self, generation: int | None = None) -> Self:
        """End the warm process with all its children, and start another one.

        Parameters
        ----------
        generation : int, optional
            Restart only if this is still the current generation. If several threads lose the warm
            process, only one of them restarts it.
        """
        with self._changing:
            if generation in {None, self.generation}:
                self.close()
            return self.start()

    def preload(self, modules: Sequence[str]) -> None:
        """Have the warm process import more modules, and wait until it has.

        Children then have them at once. If one of them starts threads, which a fork would not copy,
        the warm process is replaced by one without them.

        Parameters
        ----------
        modules : sequence of str
            Full names of modules, or `module:name` for what `from module import name` imports.
        """
        with self._changing:
            new = [name for name in dict.fromkeys(modules) if name not in self._preloaded]
            self._preloaded.update(new)
            if new and self.alive and not self._running_server().import_modules(new):
                self.close()
            elif new:
                self.modules += new
            self.start()

    def prepare(
        self, target: str, arguments: list[Any], files: Mapping[str, bytes] | None = None
    ) -> bool:
        """Have the warm process call a function once for all later children, and wait.

        If the function fails, or changes what children share, such as the state of random numbers,
        the warm process is replaced.

        Parameters
        ----------
        target : str
            The function, as `package.module:function`.
        arguments : list
            Data that JSON can represent.
        files : mapping of str to bytes, or None
            The files in its folder, by relative path.

        Returns
        -------
        bool
            Whether later children of this warm process have what the function prepared.
        """
        with self._changing:
            self.start()
            payload = file_payload.pack(files or {}, self.limits.disk_mb * _MEBI)
            try:
                prepared = self._running_server().prepare(target, arguments, payload)
            finally:
                os.close(payload)
            if not prepared:
                self.close()
                self.start()
            return prepared

    @property
    def alive(self) -> bool:
        """Whether the warm process runs (or warms up)."""
        return self._server is not None and not self._server.exited.is_set()

    @property
    def ready_info(self) -> dict[str, Any]:
        """What the warm process reported when it was ready; empty before that.

        It contains the seconds of the warm-up ("seconds"), the number of imported modules
        ("modules"), and whether the start of ipykernel is split by the fork ("split").
        """
        return self._server.ready_info if self._server else {}

    @property
    def pid(self) -> int:
        """The id of the process that we started (the supervisor); 0 before the start."""
        return self._server.process.pid if self._server and self._server.process else 0

    def wait_ready(self) -> None:
        """Wait until the warm process can fork.

        Raises
        ------
        ForkServerError
            If it ended before that; the text includes its error.
        """
        self.start()
        server = self._running_server()
        if not server.ready.wait(_WARM_UP_SECONDS):
            raise ForkServerError(f"the warm process was not ready within {_WARM_UP_SECONDS:.0f} s")
        if server.exited.is_set():
            raise ForkServerError(f"the warm process ended: {server.error_output()}")

    def kernel(
        self,
        files: Mapping[str, bytes] | None = None,
        fds: Sequence[int] = (),
        seed: int | None = None,
        limits: Limits | None = None,
    ) -> Kernel:
        """Return a new Jupyter kernel; a client may connect to it at once.

        Parameters
        ----------
        files : mapping of str to bytes, or None
            The files in its folder, by relative path.
        fds : sequence of int
            File descriptors to pass on. They are 3, 4, … in the kernel, and its environment
            variable `NBGRADER_ISOLATE_FDS` lists them.
        seed : int or None
            The seed of `random` and `numpy.random`; None for an unpredictable one.
        limits : Limits or None
            Limits whose times hold instead of the server's. Its other limits are the server's.

        Raises
        ------
        ForkServerError
            If the warm process is dead or cannot fork.
        FilePayloadError
            If the files are too large, or a name is not allowed.
        """
        key = secrets.token_hex(16)
        kernel, folder = self._prepare(Kernel)
        listeners = runtime_dir.listen(folder)
        kernel.connection_info = {
            "transport": "ipc",
            "ip": str(folder / "k"),
            **{f"{name}_port": port for port, name in enumerate(runtime_dir.CHANNELS, 1)},
            "key": key.encode(),
            "signature_scheme": "hmac-sha256",
        }
        spec: dict[str, Any] = {
            "kind": "kernel",
            "target": "",
            "key": key,
            "ip": str(folder / "k"),
            "seed": seed,
        }
        try:
            return self._start_child(kernel, spec, files, [*listeners, *fds], limits or self.limits)
        finally:
            _close(listeners)

    def process(
        self,
        target: str,
        files: Mapping[str, bytes] | None = None,
        fds: Sequence[int] = (),
        seed: int | None = None,
        limits: Limits | None = None,
    ) -> ChildHandle:
        """Return a new process that calls a function with the list of its file descriptors.

        Parameters
        ----------
        target : str
            The function, as `package.module:function`; the process ends when it returns.
        files, fds, seed, limits
            See `kernel`.
        """
        child, _ = self._prepare(ChildHandle)
        spec: dict[str, Any] = {
            "kind": "process",
            "target": target,
            "key": "",
            "ip": "",
            "seed": seed,
        }
        return self._start_child(child, spec, files, list(fds), limits or self.limits)

    def _prepare(self, kind: type[Handle]) -> tuple[Handle, Path]:
        self.wait_ready()
        number = next(self._numbers)
        folder = self._running_server().runtime_dir.socket_dir(number)
        return kind(number, folder), folder

    def _start_child(
        self,
        child: Handle,
        spec: dict[str, Any],
        files: Mapping[str, bytes] | None,
        fds: list[int],
        limits: Limits,
    ) -> Handle:
        ours: list[int] = []
        try:
            read_end, write_end = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
            ours.append(write_end)
            child.attach_report(read_end)
            ours.append(file_payload.pack(files or {}, self.limits.disk_mb * _MEBI))
            server = self._running_server()
            if self.backend.name != "bwrap":
                child.attach_scratch_dir(server.runtime_dir.scratch_dir(child.number))
            spec["scratch_dir"] = str(child.scratch_dir or "")
            spec["cpus"] = affinity.usable_cpus()
            spec["cpu_seconds"] = limits.cpu_seconds
            server.start_child(child, spec, [*ours, *fds])
            child.watch(limits)
        except BaseException:
            child.close()
            raise
        finally:
            _close(ours)
        return child

    def _running_server(self) -> ServerProcess:
        if self._server is None:
            raise ForkServerError("the warm process has ended; call restart()")
        return self._server

    def close(self) -> None:
        """End the warm process and all its children, and remove their folder."""
        server, self._server = self._server, None
        if server:
            server.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _close(fds: list[int]) -> None:
    for fd in fds:
        os.close(fd)
