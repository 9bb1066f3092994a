"""The warm process: it imports modules once and then forks a child for each request.

It never runs student code. `client.ForkServer` starts it inside the outer sandbox as `python -m
nbgrader_isolate.forkserver.server`, with its channel as standard input. It has one thread and no
zmq context. When the channel closes, it ends, together with all its children.
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
from nbgrader_isolate.forkserver import channel, child, child_namespaces, preload, warm_state
from nbgrader_isolate.sandbox import mounts

if TYPE_CHECKING:
    from nbgrader_isolate.forkserver.kernel import Application


class Server:
    """Forks children on request and reports how they ended.

    Parameters
    ----------
    control : socket.socket
        The channel to the client.
    backend : {"bwrap", "landlock", "none"}
    limits : Limits
    application : Application or None
        The prepared kernel application.
    readable : list of str
        The paths that children may read under Landlock.
    """

    def __init__(
        self,
        control: socket.socket,
        backend: str,
        limits: Limits,
        application: Application | None,
        readable: list[str],
    ) -> None:
        self.control = control
        self.backend = backend
        self.limits = limits
        self.application = application
        self.children: dict[int, int] = {}
        self.namespaces = child_namespaces.ProcessNamespaces() if backend == "bwrap" else None
        self.visible = readable
        if self.namespaces:  # found once: this takes each child longer than the fork
            self.visible = [*map(str, mounts.python_roots()), *limits.data_folders]
        else:
            child_namespaces.adopt_orphans()
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
                if "import" in request[0]:
                    self.import_modules(request[0]["import"])
                elif "prepare" in request[0]:
                    self.prepare(request[0]["prepare"], *request[1])
                else:
                    self.answer(*request)

    def import_modules(self, names: list[str]) -> None:
        """Import modules for all later children, and report the number of threads after that."""
        preload.import_more(names)
        channel.send(self.control, {"imported": len(names), "threads": preload.thread_count()})

    def prepare(self, prepared: channel.Message, files: int) -> None:
        """Have a function prepare something for later children, and report whether it is usable.

        The function is called in a folder with files, with the arguments of the request.
        """
        error = warm_state.prepare(prepared["target"], prepared["arguments"], files, self.limits)
        preload.freeze()
        channel.send(self.control, {"prepared": not error, "reason": error})

    def answer(self, request: channel.Message, fds: list[int]) -> None:
        """Fork the child that a request asks for, and send back its pidfd."""
        number = int(request["number"])
        try:
            pid = self.fork(fds)
            pidfd = os.pidfd_open(pid)
        except OSError as error:
            channel.send(self.control, {"number": number, "error": str(error)})
        else:
            self.children[pid] = number
            channel.send(self.control, {"number": number}, [pidfd])
            os.close(pidfd)
        finally:
            for fd in fds:
                os.close(fd)

    def fork(self, fds: list[int]) -> int:
        """Fork a child and return its process id; in the child, this does not return."""
        pid = self.namespaces.fork() if self.namespaces else os.fork()
        if pid == 0:
            status = 70
            try:
                status = child.run(self.backend, self.limits, fds, self.application, self.visible)
            finally:
                os._exit(status)
        return pid

    def reap(self) -> None:
        """Report how each ended child ended and what it used, and kill what it left behind."""
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
        """Kill orphans that became our children (with namespaces there are none)."""
        if self.namespaces:
            return
        for pid in _processes_below():
            if pid not in self.children:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def close(self) -> None:
        """Kill all children; with namespaces, they end together with the outer sandbox."""
        if self.namespaces:
            return
        for pid in list(self.children):
            _end_group(pid)
        self.children.clear()
        for _ in range(100):  # until no process forks any more
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
    read_end, write_end = os.pipe()
    os.set_blocking(read_end, False)
    os.set_blocking(write_end, False)
    signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    return read_end


def _truncated(names: list[str]) -> list[str]:
    """Return the first names, as many as fit into one packet together with the rest."""
    budget = channel.PACKET_BYTES // 2
    for count, name in enumerate(names):
        budget -= len(name) + 8
        if budget < 0:
            return names[:count]
    return names


def main() -> None:
    """Warm up, report that, and serve."""
    control = socket.socket(fileno=os.dup(0))
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    try:
        packet = channel.receive(control)
        if packet is None:
            return
        settings = packet[0]
        started = time.perf_counter()
        application = preload.warm_up(settings["modules"])
        limits = Limits(**settings["limits"])
        readable = settings["readable"]
        server = Server(control, settings["backend"], limits, application, readable)
    except BaseException:  # noqa: BLE001 (reported to the client, whatever it is)
        channel.send(control, {"error": traceback.format_exc()[-4000:]})
        return
    ready = {
        "ready": True,
        "seconds": time.perf_counter() - started,
        "split": application is not None,
        "modules": len(sys.modules),
        "uncompiled": _truncated(preload.uncompiled()),
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
