"""What a forked process does before anybody's code runs in it: from the server's copy to a closed room."""

from __future__ import annotations

import contextlib
import fcntl
import importlib
import os
import random
import signal
import socket
import sys
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader_isolate.core import affinity
from nbgrader_isolate.forkserver import file_payload, isolate
from nbgrader_isolate.sandbox import landlock, mounts, rlimits, seccomp

FIRST_FD = 3
_REPORT_CHARACTERS = 4000


@dataclass(frozen=True)
class Order:
    """What the server was asked for; `fds` are the client's, `listeners` a kernel's five sockets.

    Parameters
    ----------
    kind : {"kernel", "process"}
    backend : {"bwrap", "landlock", "none"}
    target : str
        `package.module:function`, of a process.
    seed : int or None
        None: an unforeseeable one.
    key : str
        That signs a kernel's messages.
    ip : str
        Start of the path of a kernel's sockets, on the client's side.
    room : str
        Folder for all that the child writes, where the backend gives it no file system of its own.
    processors : list of int
        Those that the child may use: as the thread that asked for it.
    """

    kind: str
    backend: str
    target: str
    seed: int | None
    key: str
    ip: str
    room: str
    processors: list[int]


def run(order: Order, limits: Any, fds: list[int], application: Any) -> int:  # noqa: ANN401
    """Become what was ordered, and return the exit status at its end.

    Parameters
    ----------
    order : Order
    limits : nbgrader_isolate.core.limits.Limits
    fds : list of int
        The report pipe, the parcel, a kernel's five listening sockets, then the client's own.
    application : object
        The kernel application that was prepared before the fork, or None.
    """
    affinity.pin_to(order.processors)
    report, files, *others = fds
    try:
        listeners, theirs = (others[:5], others[5:]) if order.kind == "kernel" else ([], others)
        count = len(theirs)
        arranged = arrange([*theirs, *listeners, files, report])
        theirs, listeners, (files, report) = (
            arranged[:count],
            arranged[count:-2],
            arranged[-2:],
        )
        _enter_room(order, limits, files)
        _seed(order.seed)
        start = _starter(order, theirs, listeners, application)
        _lock_room(order, limits)
    except BaseException:  # noqa: BLE001 (said to the client, whatever it was)
        _tell(report, traceback.format_exc())
        return 70
    if order.kind == "kernel":
        os.close(report)
    try:
        start()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except BaseException:  # noqa: BLE001 (the same)
        if order.kind == "process":
            _tell(report, traceback.format_exc())
        return 1
    return 0


def arrange(fds: list[int]) -> list[int]:
    """Renumber file descriptors to 3, 4, … in their order, and close every other one above 2."""
    above = max(fds) + 1
    high = [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, above) for fd in fds]
    last = FIRST_FD + len(fds)
    for place, fd in enumerate(high, FIRST_FD):
        os.dup2(fd, place, inheritable=False)
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 (numbers)
        if int(name) >= last:
            with contextlib.suppress(OSError):  # the listing's own descriptor is gone by now
                os.close(int(name))
    return list(range(FIRST_FD, last))


def _enter_room(order: Order, limits: Any, files: int) -> None:  # noqa: ANN401
    os.setsid()
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    work, home, temporary = Path(isolate.WORK), Path(mounts.HOME), Path(tempfile.gettempdir())
    if order.backend == "bwrap":
        isolate.enter(limits.disk_mb, mounts.python_roots())
        socket.sethostname("sandbox")
    else:
        isolate.die_with_parent()
        work, home, temporary = (Path(order.room, name) for name in ("job", "home", "tmp"))
        tempfile.tempdir = None
    for folder in (work, home, temporary):
        folder.mkdir(parents=True, exist_ok=True)
    os.environ.update({"HOME": str(home), "TMPDIR": str(temporary)})
    file_payload.unpack(files, work)
    os.chdir(work)
    null = os.open("/dev/null", os.O_RDWR)
    for place in range(FIRST_FD):
        os.dup2(null, place)
    os.close(null)


def _lock_room(order: Order, limits: Any) -> None:  # noqa: ANN401
    if order.backend == "bwrap":
        isolate.become_student()
        rlimits.apply(limits)
        seccomp.install()
        return
    rlimits.impose(rlimits.table(limits), others=rlimits.threads_of_user())
    if order.backend == "landlock":
        isolate.no_new_privileges()
        landlock.restrict(mounts.readable(), [order.room, "/dev/null"])
        seccomp.install(seccomp.NO_NAMESPACES)


def _seed(seed: int | None) -> None:
    random.seed(seed)
    with contextlib.suppress(KeyError):
        sys.modules["numpy.random"].seed(seed)


def _starter(
    order: Order,
    fds: list[int],
    listeners: list[int],
    application: Any,  # noqa: ANN401
) -> Callable[[], None]:
    if order.kind == "kernel":
        from nbgrader_isolate.forkserver import kernel

        os.environ["AUTOGRADER_FDS"] = ",".join(map(str, fds))
        return lambda: kernel.serve(
            application, order.ip, order.key, listeners, piped=order.backend != "landlock"
        )
    if application is not None:
        application.put_shell_away()
    module, _, name = order.target.partition(":")
    function = getattr(importlib.import_module(module), name)
    return lambda: function(fds)


def _tell(report: int, text: str) -> None:
    with contextlib.suppress(OSError):
        os.write(report, text[-_REPORT_CHARACTERS:].encode(errors="replace"))
