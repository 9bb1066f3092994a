"""Namespaces of its own for each child: processes, mounts, network, names, System V memory, users.

Runs inside the outer sandbox, where the server is root of a user namespace that bubblewrap made for it; no right on the
host comes with that. Constants are those of `sched.h`, `mount.h`, `prctl.h` and `capability.h` of Linux; the calls go
to the C library, as Python has some of them only since 3.12.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import socket
import struct
from collections.abc import Iterable
from pathlib import Path

from nbgrader_isolate.sandbox import mounts

_LIBC = ctypes.CDLL(None, use_errno=True)

_NEW_MOUNTS, _NEW_NAMES, _NEW_IPC = 0x0002_0000, 0x0400_0000, 0x0800_0000
_NEW_USERS, _NEW_PROCESSES, _NEW_NETWORK = 0x1000_0000, 0x2000_0000, 0x4000_0000

_NO_SUID, _NO_DEVICES, _NO_EXEC, _BIND, _RECURSIVE = 2, 4, 8, 4096, 16384
_DETACH = 2

_SIOCGIFFLAGS, _SIOCSIFFLAGS, _UP = 0x8913, 0x8914, 1

_SET_PDEATHSIG, _SET_SUBREAPER, _DROP_BOUNDING, _NO_NEW_PRIVILEGES, _AMBIENT = 1, 36, 24, 38, 47
_AMBIENT_CLEAR_ALL = 4
_CAPABILITY_VERSION = 0x2008_0522
_CAPABILITIES = 64
_SIGKILL = 9

WORK = "/job"
"""The folder of a child's files; the outer sandbox has it, empty."""

_TEMPORARY, _SHARED = "/tmp", "/dev/shm"  # noqa: S108 (file systems of its own)


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def _unshare(flags: int) -> None:
    _check(_LIBC.unshare(flags), f"unshare({flags:#x})")


def _mount(source: str, target: str, kind: str, flags: int, data: str = "") -> None:
    done = _LIBC.mount(
        source.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), data.encode()
    )
    _check(done, f"mount {kind} on {target}")


class ProcessNamespaces:
    """Lets one process fork children that are each process 1 of a new process namespace.

    The calling process stays where it is, so that it can wait for them.
    """

    def __init__(self) -> None:
        self._own = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)

    def fork(self) -> int:
        """Fork into a new process namespace; as `os.fork`."""
        _unshare(_NEW_PROCESSES)
        pid = os.fork()
        if pid:
            _check(_LIBC.setns(self._own, _NEW_PROCESSES), "setns")
        return pid


def enter(disk_mb: int, kept: Iterable[Path]) -> None:
    """Give the calling process mounts, network, host name and System V memory of its own.

    `/tmp`, `WORK` and `/dev/shm` become empty and writable; they share one file system in memory.

    Parameters
    ----------
    disk_mb : int
        Size of that file system, in MiB.
    kept : iterable of Path
        Folders that Python runs from; those below `/tmp` stay visible there, read-only as they were.
    """
    _unshare(_NEW_MOUNTS | _NEW_NAMES | _NEW_IPC | _NEW_NETWORK)
    _loopback_up()
    flags = _NO_SUID | _NO_DEVICES
    below = sorted({path.parts[2] for path in kept if path.is_relative_to(_TEMPORARY)})
    if below:
        _mount(_TEMPORARY, WORK, "", _BIND | _RECURSIVE)
    # A file of 4 KiB on average: an empty one takes memory of the Linux kernel too.
    _mount("tmpfs", _TEMPORARY, "tmpfs", flags, f"size={disk_mb}m,nr_inodes={disk_mb * 256}")
    for name in below:
        os.mkdir(f"{_TEMPORARY}/{name}")  # noqa: PTH102 (system calls, not Paths)
        _mount(f"{WORK}/{name}", f"{_TEMPORARY}/{name}", "", _BIND | _RECURSIVE)
    if below:
        _check(_LIBC.umount2(WORK.encode(), _DETACH), f"umount {WORK}")
    for name, folder in (("work", WORK), ("shm", _SHARED)):
        inner = f"{_TEMPORARY}/.{name}"
        os.mkdir(inner, 0o700)  # noqa: PTH102 (the same)
        _mount(inner, folder, "", _BIND)
    _mount("proc", "/proc", "proc", flags | _NO_EXEC)
    _check(_LIBC.umount2(mounts.SERVER_DIR.encode(), _DETACH), f"umount {mounts.SERVER_DIR}")


def _loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        request = struct.pack("16sh14x", b"lo", _UP)
        fcntl.ioctl(handle, _SIOCSIFFLAGS, request)


def become_student(uid: int = 1000) -> None:
    """Enter a user namespace of its own as `uid`, which counts its processes apart, and give up every right.

    Needs CAP_SETFCAP (Linux 5.12 and later) to map the server's root.
    """
    me = os.geteuid(), os.getegid()
    _unshare(_NEW_USERS)
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{uid} {me[0]} 1"),
        ("gid_map", f"{uid} {me[1]} 1"),
    ):
        Path("/proc/self", name).write_text(text)
    drop_capabilities()


def drop_capabilities() -> None:
    """Give up every capability for good, in this process and in all that it starts."""
    for capability in range(_CAPABILITIES):
        _LIBC.prctl(_DROP_BOUNDING, capability, 0, 0, 0)  # fails where there is none of that number
    _check(_LIBC.prctl(_AMBIENT, _AMBIENT_CLEAR_ALL, 0, 0, 0), "prctl ambient")
    no_new_privileges()
    head = struct.pack("Ii", _CAPABILITY_VERSION, 0)
    _check(_LIBC.capset(head, struct.pack("6I", *[0] * 6)), "capset")


def no_new_privileges() -> None:
    """Forbid this process, and all that it starts, to gain rights by executing a program."""
    _check(_LIBC.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0), "prctl no_new_privs")


def die_with_parent() -> None:
    """Have the kernel end this process when the thread that forked it ends."""
    _check(_LIBC.prctl(_SET_PDEATHSIG, _SIGKILL, 0, 0, 0), "prctl pdeathsig")


def adopt_orphans() -> None:
    """Make the calling process the parent of all processes below it whose parents end."""
    _check(_LIBC.prctl(_SET_SUBREAPER, 1, 0, 0, 0), "prctl child_subreaper")
