"""The warm process: imports once, then forks a child for each request. It never runs a student's code.

Started by `client.ForkServer` as `python -m nbgrader_isolate.forkserver.server`, inside the outer sandbox, with its channel as
standard input. One thread; no zmq context; when the channel closes, it ends, and all its children with it.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import sys
import time
import traceback
from typing import TYPE_CHECKING

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.forkserver import channel, child, isolate, preload

if TYPE_CHECKING:
    from nbgrader_isolate.forkserver.kernel import Application


class Server:
    """Forks children on request and says how they ended.

    Parameters
    ----------
    control : socket.socket
        The channel to the client.
    backend : {"bwrap", "landlock", "none"}
    limits : Limits
    application : object
        The prepared kernel application, or None.
    """

    def __init__(
        self,
        control: socket.socket,
        backend: str,
        limits: Limits,
        application: Application | None,
    ) -> None:
        self.control = control
        self.backend = backend
        self.limits = limits
        self.application = application
        self.children: dict[int, int] = {}
        self.namespaces = isolate.ProcessNamespaces() if backend == "bwrap" else None
        if not self.namespaces:
            isolate.adopt_orphans()
        self.woken = _wake_on_child()

    def serve(self) -> None:
        """Answer requests until the client closes the channel."""
        while True:
            ready, _, _ = select.select([self.control.fileno(), self.woken], [], [])
            if self.woken in ready:
                with contextlib.suppress(BlockingIOError):
                    os.read(self.woken, 4096)
                self.reap()
            if self.control.fileno() in ready:
                request = channel.receive(self.control)
                if request is None:
                    return
                self.answer(*request)

    def answer(self, request: channel.Message, fds: list[int]) -> None:
        """Fork the child that a request asks for, and send back a descriptor of its process."""
        number = int(request.pop("number"))
        try:
            pid = self.fork(child.Order(backend=self.backend, **request), fds)
            handle = os.pidfd_open(pid)
        except OSError as error:
            channel.send(self.control, {"number": number, "error": str(error)})
        else:
            self.children[pid] = number
            channel.send(self.control, {"number": number}, [handle])
            os.close(handle)
        finally:
            for fd in fds:
                os.close(fd)

    def fork(self, order: child.Order, fds: list[int]) -> int:
        """Return the process number of a new child; in the child, do not return."""
        pid = self.namespaces.fork() if self.namespaces else os.fork()
        if pid == 0:
            status = 70
            try:
                status = child.run(order, self.limits, fds, self.application)
            finally:
                os._exit(status)
        return pid

    def reap(self) -> None:
        """Say of each child that ended how it ended and what it used, and end what it left behind."""
        while True:
            try:
                ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                return
            if ended is None:
                break
            if not self.namespaces:
                _end_group(ended.si_pid)
            _, status, usage = os.wait4(ended.si_pid, 0)
            number = self.children.pop(ended.si_pid, None)
            if number is not None:
                message = {
                    "number": number,
                    "status": os.waitstatus_to_exitcode(status),
                    "cpu_seconds": usage.ru_utime + usage.ru_stime,
                    "peak_bytes": usage.ru_maxrss * 1024,
                }
                channel.send(self.control, message)
        self.end_strays()

    def end_strays(self) -> None:
        """End processes that became ours because their parents ended (with namespaces there are none)."""
        if self.namespaces:
            return
        for pid in _processes_below():
            if pid not in self.children:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def close(self) -> None:
        """End all children; with namespaces they end by themselves as the outer sandbox does."""
        if self.namespaces:
            return
        for pid in list(self.children):
            _end_group(pid)
        self.children.clear()
        for _ in range(100):  # until nobody forks any more
            self.end_strays()
            with contextlib.suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
            if not _processes_below():
                return
            time.sleep(0.01)


def _end_group(pid: int) -> None:
    for end in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            end(pid, signal.SIGKILL)


def _processes_below() -> list[int]:
    with open(f"/proc/self/task/{os.getpid()}/children") as listing:  # noqa: PTH123 (kept light)
        return [int(pid) for pid in listing.read().split()]


def _wake_on_child() -> int:
    outlet, inlet = os.pipe()
    os.set_blocking(outlet, False)
    os.set_blocking(inlet, False)
    signal.set_wakeup_fd(inlet, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    return outlet


def _fitting(names: list[str]) -> list[str]:
    """Return as many names as one packet takes beside the rest."""
    kept, room = [], channel.PACKET_BYTES // 2
    for name in names:
        room -= len(name) + 8
        if room < 0:
            break
        kept.append(name)
    return kept


def main() -> None:
    """Warm up, say so, and serve."""
    control = socket.socket(fileno=os.dup(0))
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    try:
        greeting = channel.receive(control)
        if greeting is None:
            return
        settings = greeting[0]
        started = time.perf_counter()
        application = preload.warm_up(settings["modules"])
        limits = Limits(**settings["limits"])
        server = Server(control, settings["backend"], limits, application)
    except BaseException:  # noqa: BLE001 (said to the client, whatever it was)
        channel.send(control, {"error": traceback.format_exc()[-4000:]})
        return
    ready = {
        "ready": True,
        "seconds": time.perf_counter() - started,
        "split": application is not None,
        "modules": len(sys.modules),
        "uncompiled": _fitting(preload.uncompiled()),
    }
    channel.send(control, ready)
    try:
        server.serve()
    except OSError:
        pass  # the client is gone
    finally:
        server.close()
        os._exit(0)


if __name__ == "__main__":
    main()
