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
    from collections.abc import Mapping, Sequence

    from nbgrader_isolate.core.limits import Limits

MIB = 1 << 20
ROOM = 16
"""If several trees share one count: how many times its own number the limit of one can become."""
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
        kernel counts with ours (see `threads_of_user`). The limit can then grow with their number,
        see `make_room`.
    """
    for kind, value in values.items():
        limit = most = value
        if kind == resource.RLIMIT_NPROC and others:
            limit, most = value + others, ROOM * value + others
        _, hard = resource.getrlimit(kind)
        if hard != resource.RLIM_INFINITY:
            limit, most = min(limit, hard), min(most, hard)
        resource.setrlimit(kind, (limit, most))


def make_room(pids: Sequence[int], processes: int) -> None:
    """Raise the limit of a process tree that shares the count of its user with other trees.

    A tree then has its own number of processes, however many the others have. It cannot raise the
    limit itself: the system call filter forbids that.

    Parameters
    ----------
    pids : sequence of int
        The processes of the tree, all of one user.
    processes : int
        How many processes and threads the tree may have.
    """
    kind = resource.RLIMIT_NPROC
    wanted = 0
    for pid in pids:
        try:
            soft, hard = resource.prlimit(pid, kind)
            if soft in {hard, resource.RLIM_INFINITY}:
                continue
            if not wanted:
                own = sum(map(procfs.threads, pids))
                wanted = threads_of_user(_owner(pid)) - own + processes
            if wanted > soft:
                limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
                resource.prlimit(pid, kind, (limit, hard))
        except OSError:  # it has ended, or it is one of another user
            continue


def threads_of_user(user: int | None = None) -> int:
    """Return the number of processes and threads of a user, or of this one, that /proc shows."""
    user = os.getuid() if user is None else user
    pids = [int(name) for name in os.listdir("/proc") if name.isdecimal()]
    return sum(procfs.threads(pid) for pid in pids if _owner(pid) == user)


def _owner(pid: int) -> int | None:
    try:
        return os.stat(f"/proc/{pid}").st_uid
    except OSError:
        return None
