"""Our side of the fork server: start it, ask it for children, hear how they end."""

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
from nbgrader_isolate.forkserver.child_handle import Child, ForkServerError, Kernel, Usage
from nbgrader_isolate.forkserver.server_process import Life
from nbgrader_isolate.sandbox import backends

__all__ = ["Child", "ForkServer", "ForkServerError", "Kernel", "Usage"]

MODULES = ("nbgrader_isolate.bridge.tester", "nbgrader_isolate.bridge.student")
"""Of our own, that the warm process imports because children run them; what is not there is left out."""

_WARM_SECONDS = 120.0
_MEBI = 1 << 20

Made = TypeVar("Made", bound=Child)


class ForkServer:
    """One warm process inside the sandbox, and the children forked from it.

    Parameters
    ----------
    limits : Limits
    backend : Backend or str
        What `nbgrader_isolate.sandbox.backends.choose` returned, or what it shall be asked for.
    modules : sequence of str
        To import in the warm process, for the functions that `process` will be asked for.

    Attributes
    ----------
    life : int
        How many warm processes there have been; the number of this one.
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
        self._numbers = itertools.count(1)
        self._changing = threading.RLock()
        self._life: Life | None = None
        self.life = 0

    def start(self) -> Self:
        """Start the warm process; returns at once, while it warms up. Nothing to do if it lives."""
        with self._changing:
            if not self.alive:
                self.close()
                self._life = Life(self.backend, self.limits, self.modules)
                self.life += 1
        return self

    def restart(self, life: int | None = None) -> Self:
        """End the warm process with all its children, and start another.

        Parameters
        ----------
        life : int, optional
            Only if it is still this one that is to be ended: of several threads that lost it, one starts the next.
        """
        with self._changing:
            if life in {None, self.life}:
                self.close()
            return self.start()

    @property
    def alive(self) -> bool:
        """Whether the warm process runs (or warms up)."""
        return self._life is not None and not self._life.over.is_set()

    @property
    def ready(self) -> dict[str, Any]:
        """What the warm process said when it was ready; empty before.

        Seconds of warm-up, number of modules, and whether the start of ipykernel is split ("split").
        """
        return self._life.ready if self._life else {}

    @property
    def pid(self) -> int:
        """Process number of what we started (the sandbox around the warm process); 0 before the start."""
        return self._life.process.pid if self._life and self._life.process else 0

    def wait_ready(self) -> None:
        """Wait until the warm process can fork.

        Raises
        ------
        ForkServerError
            When it died before, with what it said last.
        """
        self.start()
        life = self._living()
        if not life.warm.wait(_WARM_SECONDS):
            raise ForkServerError(f"the warm process was not ready after {_WARM_SECONDS:.0f} s")
        if life.over.is_set():
            raise ForkServerError(f"the warm process ended: {life.last_words()}")

    def kernel(
        self,
        files: Mapping[str, bytes] | None = None,
        fds: Sequence[int] = (),
        seed: int | None = None,
    ) -> Kernel:
        """Return a new Jupyter kernel; a client may connect to it at once.

        Parameters
        ----------
        files : mapping of str to bytes, or None
            What lies in its folder, by relative path.
        fds : sequence of int
            File descriptors that are 3, 4, … in the kernel; `AUTOGRADER_FDS` there lists them.
        seed : int or None
            Of `random` and `numpy.random`; None: an unforeseeable one.

        Raises
        ------
        ForkServerError
            When the warm process is dead or could not fork.
        ParcelError
            When the files are too large or a name leads elsewhere.
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
        order: dict[str, Any] = {
            "kind": "kernel",
            "target": "",
            "key": key,
            "ip": str(folder / "k"),
        }
        order["seed"] = seed
        try:
            return self._place(kernel, order, files, [*listeners, *fds])
        finally:
            _close(listeners)

    def process(
        self,
        target: str,
        files: Mapping[str, bytes] | None = None,
        fds: Sequence[int] = (),
        seed: int | None = None,
    ) -> Child:
        """Return a new process that calls a function with the list of its file descriptors, and ends with it.

        Parameters
        ----------
        target : str
            `package.module:function`.
        files, fds, seed
            As of `kernel`.
        """
        child, _ = self._prepare(Child)
        order: dict[str, Any] = {"kind": "process", "target": target, "key": "", "ip": ""}
        order["seed"] = seed
        return self._place(child, order, files, list(fds))

    def _prepare(self, kind: type[Made]) -> tuple[Made, Path]:
        self.wait_ready()
        number = next(self._numbers)
        folder = self._living().spool.folder(number)
        return kind(number, folder), folder

    def _place(
        self,
        child: Made,
        order: dict[str, Any],
        files: Mapping[str, bytes] | None,
        fds: list[int],
    ) -> Made:
        ours: list[int] = []
        try:
            outlet, inlet = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
            ours.append(inlet)
            child.hears(outlet)
            ours.append(file_payload.pack(files or {}, self.limits.disk_mb * _MEBI))
            life = self._living()
            child.keep(life.spool.room(child.number) if self.backend.name != "bwrap" else None)
            order["room"] = str(child.room or "")
            order["processors"] = affinity.usable_cpus()
            life.ask(child, order, [*ours, *fds])
            child.watch(self.limits)
        except BaseException:
            child.close()
            raise
        finally:
            _close(ours)
        return child

    def _living(self) -> Life:
        if self._life is None:
            raise ForkServerError("the warm process has ended; call restart()")
        return self._life

    def close(self) -> None:
        """End the warm process and all its children, and remove their folder."""
        life, self._life = self._life, None
        if life:
            life.close()

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
