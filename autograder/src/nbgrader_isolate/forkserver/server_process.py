"""One warm process as this side sees it: a thread that starts it, asks it, and hears it until it ends."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import tempfile
import threading
from typing import IO, Any

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.forkserver import channel, launch, runtime_dir
from nbgrader_isolate.forkserver.child_handle import Child, ForkServerError, Usage
from nbgrader_isolate.sandbox.backends import Backend

_ANSWER_SECONDS = 30.0
_ENDING_SECONDS = 2.0


class Life:
    """One warm process, from its start to its end.

    A thread of its own starts it and then hears it until it ends. bubblewrap's `--die-with-parent` ends the sandbox
    when the *thread* that started it ends, so that must be one which lives as long.
    """

    def __init__(self, backend: Backend, limits: Limits, modules: list[str]) -> None:
        self.backend, self.limits, self.modules = backend, limits, modules
        self.ready: dict[str, Any] = {}
        self.spool = runtime_dir.Spool()
        self.warm = threading.Event()
        self.over = threading.Event()
        self.process: subprocess.Popen[bytes] | None = None
        self._children: dict[int, Child] = {}
        self._lock = threading.Lock()
        self._said = ""
        self._control, self._theirs = channel.pair()
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed in `close`)
        self._thread = threading.Thread(target=self._live, name="fork server", daemon=True)
        self._thread.start()

    def _live(self) -> None:
        try:
            self._start()
            while (packet := channel.receive(self._control)) is not None:
                self._hear(*packet)
        except ConnectionError:
            pass  # it ended without reading all that we sent
        except OSError as error:
            self._said = str(error)
        finally:
            self._end()

    def _start(self) -> None:
        with self._theirs:
            self.process = launch.start(self.backend, self.spool.home, self._theirs, self._errors)
        greeting = {
            "backend": self.backend.name,
            "limits": launch.values(self.limits),
            "modules": self.modules,
        }
        channel.send(self._control, greeting)

    def _hear(self, message: channel.Message, fds: list[int]) -> None:
        if message.get("ready"):
            self.ready = message
            self.warm.set()
            launch.compile_later(message.pop("uncompiled"))
            return
        if "number" not in message:
            self._said = str(message.get("error", message))
            return
        child = self._children[message["number"]]
        if "status" in message:
            with self._lock:
                del self._children[child.number]
            usage = Usage(float(message["cpu_seconds"]), int(message["peak_bytes"]))
            child.ended(int(message["status"]), usage)
        elif fds:
            child.started(fds[0])
        else:
            child.refused(str(message["error"]))

    def ask(self, child: Child, order: dict[str, Any], fds: list[int]) -> None:
        """Order a child and wait until it is there.

        Raises
        ------
        ForkServerError
            When there will be none.
        """
        with self._lock:
            self._children[child.number] = child
        try:
            channel.send(self._control, {"number": child.number, **order}, fds)
        except OSError as error:
            raise ForkServerError(f"the warm process ended: {self.last_words()}") from error
        child.await_start(_ANSWER_SECONDS)

    def _end(self) -> None:
        if self.process:
            self._stop(self.process)
        self.over.set()
        self.warm.set()
        with self._lock:
            orphans = list(self._children.values())
            self._children.clear()
        for child in orphans:
            child.lost()

    def _stop(self, process: subprocess.Popen[bytes]) -> None:
        self._control.close()
        for end in (
            process.terminate,
            process.kill,
        ):  # its keeper ends all; killed, it would only end itself
            try:
                process.wait(_ENDING_SECONDS)
            except subprocess.TimeoutExpired:
                end()
        process.wait()

    def last_words(self) -> str:
        """Return what the warm process said before it ended."""
        self._thread.join(5)
        self._errors.seek(0)
        written = self._errors.read()[-2000:].decode(errors="replace").strip()
        return self._said or written or "it said nothing"

    def close(self) -> None:
        """End it, wait for its end, and remove its folder."""
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self.spool.close()
        self._errors.close()
