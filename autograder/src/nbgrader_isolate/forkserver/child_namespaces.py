"""Give each child its own namespaces: processes, mounts, network, names, System V memory, users.

This runs inside the outer sandbox, where the server is root in a user namespace that bubblewrap
created for it. That gives it no rights on the host. The constants are those of `sched.h`,
`mount.h`, `prctl.h` and `capability.h` of Linux. We call the C library because Python has had some
of these functions only since version 3.12.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import socket
import struct
from collections.abc import Iterable
from pathlib import Path

from nbgrader_isolate.sandbox import landlock, mounts

_LIBC = ctypes.CDLL(None, use_errno=True)

_NEW_MOUNTS, _NEW_NAMES, _NEW_IPC = 0x0002_0000, 0x0400_0000, 0x0800_0000
_NEW_USERS, _NEW_PROCESSES, _NEW_NETWORK = 0x1000_0000, 0x2000_0000, 0x4000_0000

_READ_ONLY, _NO_SUID, _NO_DEVICES, _NO_EXEC = 1, 2, 4, 8
_REMOUNT, _BIND, _RECURSIVE = 32, 4096, 16384
_DETACH = 2

_SIOCGIFFLAGS, _SIOCSIFFLAGS, _UP = 0x8913, 0x8914, 1

_SET_PDEATHSIG, _SET_SUBREAPER, _DROP_BOUNDING, _NO_NEW_PRIVILEGES, _AMBIENT = 1, 36, 24, 38, 47
_AMBIENT_CLEAR_ALL = 4
_CAPABILITY_VERSION = 0x2008_0522
_CAPABILITIES = 64
_SIGKILL = 9

WORK = "/job"
"""The folder of a child's files; it exists in the outer sandbox, and is empty there."""

_TERMINALS = "newinstance,ptmxmode=0666,mode=0600,max=64"
_BUFFER = "4096 65536 262144"
_CONNECTIONS = {
    "ipv4/tcp_wmem": _BUFFER,
    "ipv4/tcp_rmem": _BUFFER,
    "core/somaxconn": "8",
    "unix/max_dgram_qlen": "1",
}
"""Settings of a child's network. What was sent and not received counts for no process: how many
bytes a connection holds, how many connections wait to be accepted, and how many messages."""
_TEMPORARY, _SHARED = "/tmp", "/dev/shm"  # noqa: S108 (file systems of its own)


WRITABLE = (WORK, _TEMPORARY, *landlock.WRITABLE_DEVICES)
"""What a child may write to; the mounts say the same of files, but not of pipes."""


def _check(result: int, call: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{call}: {os.strerror(number)}")


def _unshare(flags: int) -> None:
    _check(_LIBC.unshare(flags), f"unshare({flags:#x})")


def _mount(source: str, target: str, kind: str, flags: int, data: str = "") -> None:
    done = _LIBC.mount(
        source.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), data.encode()
    )
    _check(done, f"mount {kind} on {target}")


class ProcessNamespaces:
    """Lets a process fork children each of which is process 1 of a new process namespace.

    The calling process stays in its own namespace, so that it can wait for them.
    """

    def __init__(self) -> None:
        self._own = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)

    def fork(self) -> int:
        """Fork into a new process namespace; otherwise like `os.fork`."""
        _unshare(_NEW_PROCESSES)
        pid = os.fork()
        if pid:
            _check(_LIBC.setns(self._own, _NEW_PROCESSES), "setns")
        return pid


def enter_namespaces(disk_mb: int, visible: Iterable[Path]) -> None:
    """Give the calling process its own mounts, network, host name and System V memory.

    `/tmp`, `WORK` and `/dev/shm` become empty and writable; they share one file system in memory.

    Parameters
    ----------
    disk_mb : int
        The size of that file system, in MiB.
    visible : iterable of Path
        Folders that Python runs from, and those with data. What is below `/tmp` stays visible
        there, and nothing can be written between it and `/tmp`: all children share that.
    """
    _unshare(_NEW_MOUNTS | _NEW_NAMES | _NEW_IPC | _NEW_NETWORK)
    _loopback_up()
    flags = _NO_SUID | _NO_DEVICES
    below = sorted({path.parts[2] for path in visible if path.is_relative_to(_TEMPORARY)})
    if below:
        _mount(_TEMPORARY, WORK, "", _BIND | _RECURSIVE)
    # One inode per 4 KiB: even an empty file takes memory of the Linux kernel.
    _mount("tmpfs", _TEMPORARY, "tmpfs", flags, f"size={disk_mb}m,nr_inodes={disk_mb * 256}")
    for name in below:
        os.mkdir(f"{_TEMPORARY}/{name}")  # noqa: PTH102 (system calls, not Paths)
        _mount(f"{WORK}/{name}", f"{_TEMPORARY}/{name}", "", _BIND | _RECURSIVE)
        _mount("", f"{_TEMPORARY}/{name}", "", _BIND | _REMOUNT | _READ_ONLY | flags)
    if below:
        _check(_LIBC.umount2(WORK.encode(), _DETACH), f"umount {WORK}")
    for name, folder in (("work", WORK), ("shm", _SHARED)):
        inner = f"{_TEMPORARY}/.{name}"
        os.mkdir(inner, 0o700)  # noqa: PTH102 (the same)
        _mount(inner, folder, "", _BIND)
    _mount("proc", "/proc", "proc", flags | _NO_EXEC)
    for name, value in _CONNECTIONS.items():
        with contextlib.suppress(OSError):  # older kernels do not let a user set all of them
            Path(f"/proc/sys/net/{name}").write_text(value, "ascii")
    # terminals of its own: those of the outer sandbox would connect it with its neighbors
    _mount("devpts", "/dev/pts", "devpts", _NO_SUID | _NO_EXEC, _TERMINALS)
    _check(_LIBC.umount2(mounts.SERVER_DIR.encode(), _DETACH), f"umount {mounts.SERVER_DIR}")


def _loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        request = struct.pack("16sh14x", b"lo", _UP)
        fcntl.ioctl(handle, _SIOCSIFFLAGS, request)


def become_student(uid: int = 1000) -> None:
    """Enter a new user namespace as `uid`, and drop every capability.

    The namespace has its own count of processes. Mapping the server's root needs CAP_SETFCAP (Linux
    5.12 and later).
    """
    outer_uid, outer_gid = os.geteuid(), os.getegid()
    _unshare(_NEW_USERS)
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{uid} {outer_uid} 1"),
        ("gid_map", f"{uid} {outer_gid} 1"),
    ):
        Path("/proc/self", name).write_text(text)
    drop_capabilities()


def drop_capabilities() -> None:
    """Drop every capability for good, in this process and in everything it starts."""
    for capability in range(_CAPABILITIES):
        _LIBC.prctl(_DROP_BOUNDING, capability, 0, 0, 0)  # fails if the number is not in use
    _check(_LIBC.prctl(_AMBIENT, _AMBIENT_CLEAR_ALL, 0, 0, 0), "prctl ambient")
    no_new_privileges()
    head = struct.pack("Ii", _CAPABILITY_VERSION, 0)
    _check(_LIBC.capset(head, struct.pack("6I", *[0] * 6)), "capset")


def no_new_privileges() -> None:
    """Keep this process, and everything it starts, from gaining rights by executing a program."""
    _check(_LIBC.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0), "prctl no_new_privs")


def die_with_parent() -> None:
    """Have the kernel kill this process when the thread that forked it ends."""
    _check(_LIBC.prctl(_SET_PDEATHSIG, _SIGKILL, 0, 0, 0), "prctl pdeathsig")


def adopt_orphans() -> None:
    """Make the calling process the parent of its descendants whose own parents have ended."""
    _check(_LIBC.prctl(_SET_SUBREAPER, 1, 0, 0, 0), "prctl child_subreaper")
