"""One warm process, seen from our side: a thread starts it and reads its messages."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import tempfile
import threading
from typing import IO, Any

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.forkserver import channel, file_payload, launch
from nbgrader_isolate.forkserver.child_handle import ChildHandle, ForkServerError, Usage
from nbgrader_isolate.forkserver.runtime_dir import RuntimeDir
from nbgrader_isolate.sandbox.backends import Backend

_ANSWER_SECONDS = 30.0
_IMPORT_SECONDS = 120.0
_ENDING_SECONDS = 2.0


class ServerProcess:
    """One warm process, from its start to its end.

    A thread of its own starts it and then reads its messages until it ends. The sandbox ends when
    the *thread* that started it ends, so that thread must live as long as the process.

    Attributes
    ----------
    ready : threading.Event
        Set when the process can fork, or has ended.
    exited : threading.Event
        Set when the process has ended.
    ready_info : dict
        What the process reported when it was ready; empty before that.
    """

    def __init__(self, backend: Backend, limits: Limits, modules: list[str]) -> None:
        self.backend, self.limits, self.modules = backend, limits, modules
        self.ready_info: dict[str, Any] = {}
        self.runtime_dir = RuntimeDir()
        self.ready = threading.Event()
        self.exited = threading.Event()
        self._answered = threading.Event()
        self._answer: channel.Message = {}
        self.process: subprocess.Popen[bytes] | None = None
        self._children: dict[int, ChildHandle] = {}
        self._lock = threading.Lock()
        self._error = ""
        self._control, self._theirs = channel.pair()
        self._stderr: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed in `close`)
        self._thread = threading.Thread(target=self._run, name="fork server", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._start()
            while (packet := channel.receive(self._control)) is not None:
                self._handle(*packet)
        except ConnectionError:
            pass  # it ended without reading everything that we sent
        except OSError as error:
            self._error = str(error)
        finally:
            self._end()

    def _start(self) -> None:
        with self._theirs:
            server_dir = self.runtime_dir.server_dir
            self.process = launch.start(self.backend, server_dir, self._theirs, self._stderr)
        settings = {
            "backend": self.backend.name,
            "limits": self.limits.as_dict(),
            "modules": self.modules,
            "readable": self.backend.readable(),
        }
        channel.send(self._control, settings)

    def _handle(self, message: channel.Message, fds: list[int]) -> None:
        if message.get("ready"):
            self.ready_info = message
            self.ready.set()
            launch.compile_in_background(message.pop("uncompiled"))
            return
        if "imported" in message or "prepared" in message:
            self._answer = message
            self._answered.set()
            return
        if "number" not in message:
            self._error = str(message.get("error", message))
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

    def import_modules(self, names: list[str]) -> bool:
        """Have it import more modules, and wait; return whether it can still fork after that."""
        return self._ask({"import": names}, [], _IMPORT_SECONDS).get("threads") == 1

    def prepare(self, target: str, arguments: list[Any], files: int) -> bool:
        """Have it call a function for later children, and wait; return whether it is still usable.

        Parameters
        ----------
        target : str
            The function, as `package.module:function`.
        arguments : list
            Data that JSON can represent.
        files : int
            File descriptor of a payload: the files that the function finds in its folder.
        """
        request = {"prepare": {"target": target, "arguments": arguments}}
        seconds = _IMPORT_SECONDS + self.limits.cell_seconds
        return self._ask(request, [files], seconds).get("prepared") is True

    def _ask(self, request: channel.Message, fds: list[int], seconds: float) -> channel.Message:
        """Return the answer to a request that is not for a child; {} if there is none."""
        if not self.ready.wait(_IMPORT_SECONDS) or self.exited.is_set():
            return {}
        self._answer = {}
        self._answered.clear()
        try:
            channel.send(self._control, request, fds)
        except (OSError, ValueError):  # it is gone, or the request is too large
            return {}
        self._answered.wait(seconds)
        return self._answer

    def start_child(self, child: ChildHandle, spec: dict[str, Any], fds: list[int]) -> None:
        """Ask for a child and wait until it exists.

        What describes it travels in a memory file, and the child reads it after the fork. So the
        warm process has no seed or key in its memory that later children would find there.

        Raises
        ------
        ForkServerError
            If the child cannot be created.
        """
        with self._lock:
            self._children[child.number] = child
        described = file_payload.pack_data(json.dumps(spec).encode())
        try:
            channel.send(self._control, {"number": child.number}, [described, *fds])
        except OSError as error:
            raise ForkServerError(f"the warm process ended: {self.error_output()}") from error
        finally:
            os.close(described)
        child.wait_started(_ANSWER_SECONDS)

    def _end(self) -> None:
        if self.process:
            self._stop(self.process)
        self.exited.set()
        self.ready.set()
        self._answered.set()
        with self._lock:
            orphans = list(self._children.values())
            self._children.clear()
        for child in orphans:
            child.server_lost()

    def _stop(self, process: subprocess.Popen[bytes]) -> None:
        self._control.close()
        # SIGTERM first: it makes the supervisor end all processes; SIGKILL would only end itself.
        for end in (process.terminate, process.kill):
            try:
                process.wait(_ENDING_SECONDS)
            except subprocess.TimeoutExpired:
                end()
        process.wait()

    def error_output(self) -> str:
        """Return the error that the warm process reported or wrote before it ended."""
        self._thread.join(5)
        self._stderr.seek(0)
        written = self._stderr.read()[-2000:].decode(errors="replace").strip()
        return self._error or written or "there was no error message"

    def close(self) -> None:
        """End the process, wait for its end, and remove its folder."""
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self.runtime_dir.close()
        self._stderr.close()
