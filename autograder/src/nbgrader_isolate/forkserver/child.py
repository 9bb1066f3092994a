"""What a forked process does before it runs anyone's code: it becomes a sandbox."""

from __future__ import annotations

import contextlib
import fcntl
import importlib
import json
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
from typing import TYPE_CHECKING

from nbgrader_isolate.core import affinity
from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.forkserver import child_namespaces, file_payload
from nbgrader_isolate.sandbox import landlock, mounts, rlimits, seccomp

if TYPE_CHECKING:
    from nbgrader_isolate.forkserver.kernel import Application

FIRST_FD = 3
_REPORT_CHARACTERS = 4000


@dataclass(frozen=True)
class ChildSpec:
    """The child that a client asks for.

    Parameters
    ----------
    kind : {"kernel", "process"}
    backend : {"bwrap", "landlock", "none"}
    target : str
        For a process: the function to call, as `package.module:function`.
    seed : int or None
        The seed of the random number generators; None for an unpredictable one.
    key : str
        For a kernel: the key that signs its messages.
    ip : str
        For a kernel: the beginning of the paths of its sockets, on the client's side.
    scratch_dir : str
        The folder that the child writes into, if the backend gives it no file system of its own.
    cpus : list of int
        The CPUs that the child may use: those of the thread that asked for it.
    cpu_seconds : int
        The processor time that it may use, in s.
    """

    kind: str
    backend: str
    target: str
    seed: int | None
    key: str
    ip: str
    scratch_dir: str
    cpus: list[int]
    cpu_seconds: int


def run(
    backend: str,
    limits: Limits,
    fds: list[int],
    application: Application | None,
    visible: list[str],
) -> int:
    """Become the child, and return its exit status when it ends.

    Parameters
    ----------
    backend : {"bwrap", "landlock", "none"}
    limits : Limits
    fds : list of int
        The fields of `ChildSpec` as JSON in a memory file, the report pipe, the file payload, a
        kernel's five listening sockets, and then the client's own descriptors.
    application : Application or None
        The kernel application that was prepared before the fork.
    visible : list of str
        Under Landlock, the paths that it may read; with namespaces, the folders that Python runs
        from, and those with data.
    """
    described, report, files, *others = fds
    try:
        # Read here, so that seeds and keys of others are not in the memory that a child gets.
        spec = ChildSpec(backend=backend, **json.loads(file_payload.read_data(described)))
        affinity.pin_to(spec.cpus)
        limits.cpu_seconds = spec.cpu_seconds  # of this process: the fork has copied them
        listeners, theirs = (others[:5], others[5:]) if spec.kind == "kernel" else ([], others)
        count = len(theirs)
        arranged = arrange([*theirs, *listeners, files, report])
        theirs, listeners, (files, report) = (
            arranged[:count],
            arranged[count:-2],
            arranged[-2:],
        )
        _enter_sandbox(spec, limits, files, visible)
        _seed(spec.seed)
        start = _starter(spec, theirs, listeners, application)
        _drop_rights(spec, limits, visible)
    except BaseException:  # noqa: BLE001 (reported to the client, whatever it is)
        _send_report(report, traceback.format_exc())
        return 70
    if spec.kind == "kernel":
        os.close(report)
    try:
        start()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except BaseException:  # noqa: BLE001 (likewise)
        if spec.kind == "process":
            _send_report(report, traceback.format_exc())
        return 1
    return 0


def arrange(fds: list[int]) -> list[int]:
    """Renumber file descriptors to 3, 4, … in their order, and close all others above 2."""
    above = max(fds) + 1
    high = [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, above) for fd in fds]
    last = FIRST_FD + len(fds)
    for number, fd in enumerate(high, FIRST_FD):
        os.dup2(fd, number, inheritable=False)
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 (numbers)
        if int(name) >= last:
            with contextlib.suppress(OSError):  # the descriptor of the listing is already closed
                os.close(int(name))
    return list(range(FIRST_FD, last))


def _enter_sandbox(spec: ChildSpec, limits: Limits, files: int, visible: list[str]) -> None:
    os.setsid()
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    work, home, temporary = (
        Path(child_namespaces.WORK),
        Path(mounts.HOME),
        Path(tempfile.gettempdir()),
    )
    if spec.backend == "bwrap":
        child_namespaces.enter_namespaces(limits.disk_mb, map(Path, visible))
        socket.sethostname("sandbox")
    else:
        child_namespaces.die_with_parent()
        child_namespaces.adopt_orphans()  # so that the watchdog still finds them below us
        work, home, temporary = (Path(spec.scratch_dir, name) for name in ("job", "home", "tmp"))
        tempfile.tempdir = None
    for folder in (work, home, temporary):
        folder.mkdir(parents=True, exist_ok=True)
    os.environ.update({"HOME": str(home), "TMPDIR": str(temporary)})
    file_payload.unpack(files, work)
    os.chdir(work)
    null = os.open("/dev/null", os.O_RDWR)
    for fd in range(FIRST_FD):
        os.dup2(null, fd)
    os.close(null)


def _drop_rights(spec: ChildSpec, limits: Limits, visible: list[str]) -> None:
    if spec.backend == "bwrap":
        child_namespaces.become_student()
        rlimits.apply(limits)
        if landlock.abi() >= landlock.LEAST_ABI:
            landlock.restrict(["/"], child_namespaces.WRITABLE, network=True)
        seccomp.install()
        return
    rlimits.impose(rlimits.table(limits), others=rlimits.threads_of_user())
    if spec.backend == "landlock":
        child_namespaces.no_new_privileges()
        landlock.restrict(visible, [spec.scratch_dir, "/dev/null"])
        seccomp.install(seccomp.NO_NAMESPACES)


def _seed(seed: int | None) -> None:
    random.seed(seed)
    words: int | list[int] | None = seed
    if seed is not None and seed >> 32:  # NumPy takes a long seed as several short ones
        words = [seed >> shift & 0xFFFFFFFF for shift in range(0, seed.bit_length(), 32)]
    with contextlib.suppress(KeyError):
        sys.modules["numpy.random"].seed(words)


def _starter(
    spec: ChildSpec, fds: list[int], listeners: list[int], application: Application | None
) -> Callable[[], None]:
    if spec.kind == "kernel":
        from nbgrader_isolate.forkserver import kernel

        os.environ["NBGRADER_ISOLATE_FDS"] = ",".join(map(str, fds))
        captures = spec.backend != "landlock"
        return lambda: kernel.serve(
            application, spec.ip, spec.key, listeners, captures_subprocesses=captures
        )
    if application is not None:
        application.discard_shell()
    module, _, name = spec.target.partition(":")
    function = getattr(importlib.import_module(module), name)
    return lambda: function(fds)


def _send_report(report: int, text: str) -> None:
    with contextlib.suppress(OSError):
        os.write(report, text[-_REPORT_CHARACTERS:].encode(errors="replace"))
