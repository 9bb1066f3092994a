"""Resource limits of one process, set by setrlimit(2): the layer that works on every kernel.

The limit on `processes` counts all processes *and threads* of one user in one user namespace. Set
it after entering a new user namespace (the child itself calls `apply`), or else all kernels of one
server share the count. The kernel does not enforce it for uid 0 of the host, which is why root
drops its uid first (see `identity`).
"""

from __future__ import annotations

import os
import resource

from nbgrader_isolate.sandbox import procfs

TYPE_CHECKING = False
if TYPE_CHECKING:  # not imported at run time, so that what runs inside starts fast
    from collections.abc import Mapping

    from nbgrader_isolate.core.limits import Limits

MIB = 1 << 20
NO_CORE = 1
"""The limit, in bytes, with which the kernel writes no file and starts no program when a process
crashes. With 0, it still starts a program that `/proc/sys/kernel/core_pattern` names after a pipe
sign: as root, outside the sandbox. Source: core(5), and `do_coredump` in fs/coredump.c of Linux.
"""


def table(limits: Limits) -> dict[int, int]:
    """Return the limit of each resource, in bytes, seconds or a count."""
    return {
        resource.RLIMIT_AS: limits.address_mb * MIB,
        resource.RLIMIT_CORE: NO_CORE,
        resource.RLIMIT_CPU: limits.cpu_seconds,
        # arrays are passed in a memory file
        resource.RLIMIT_FSIZE: max(limits.file_mb * MIB, limits.array_bytes),
        resource.RLIMIT_MEMLOCK: 8 * MIB,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_NOFILE: limits.open_files,
        resource.RLIMIT_NPROC: limits.processes,
    }


def apply(limits: Limits, *, processes: bool = True) -> None:
    """Limit the calling process and everything it starts, for good.

    Parameters
    ----------
    limits : Limits
    processes : bool
        False leaves the number of processes unlimited, for a process that forks kernels of other
        users.
    """
    values = table(limits)
    if not processes:
        del values[resource.RLIMIT_NPROC]
    impose(values)


def impose(values: Mapping[int, int], others: int = 0) -> None:
    """Set the limits from a `table`.

    Parameters
    ----------
    values : dict of int to int
    others : int
        If there is no user namespace: how many other processes and threads of the same user the
        kernel counts with ours (see `threads_of_user`).
    """
    for kind, value in values.items():
        limit = value + others if kind == resource.RLIMIT_NPROC else value
        _, hard = resource.getrlimit(kind)
        limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(kind, (limit, limit))


def threads_of_user() -> int:
    """Return the number of processes and threads of this user that /proc shows."""
    user = os.getuid()
    pids = [int(name) for name in os.listdir("/proc") if name.isdecimal()]
    return sum(procfs.threads(pid) for pid in pids if _owner(pid) == user)


def _owner(pid: int) -> int | None:
    try:
        return os.stat(f"/proc/{pid}").st_uid
    except OSError:
        return None
