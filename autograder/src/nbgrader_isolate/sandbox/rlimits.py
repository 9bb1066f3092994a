"""Resource limits of one process, by setrlimit(2): the layer that needs nothing of the kernel but itself.

`processes` counts all processes *and threads* of one user in one user namespace. Set it after entering a namespace of its own
(`apply` is called by the child itself), or all kernels of one server share the count; for uid 0 of the host the
kernel does not enforce it at all, so root gives up its uid first (`identity`).
"""

from __future__ import annotations

import os
import resource

from nbgrader_isolate.sandbox import procfs

TYPE_CHECKING = False
if TYPE_CHECKING:  # what runs inside starts fast without them
    from collections.abc import Mapping

    from nbgrader_isolate.core.limits import Limits

MIB = 1 << 20


def table(limits: Limits) -> dict[int, int]:
    """Return the value of each limited resource, in bytes, seconds or pieces."""
    return {
        resource.RLIMIT_AS: limits.address_mb * MIB,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: limits.cpu_seconds,
        resource.RLIMIT_FSIZE: max(
            limits.file_mb * MIB, limits.array_bytes
        ),  # shared arrays lie in a file
        resource.RLIMIT_MEMLOCK: 8 * MIB,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_NOFILE: limits.open_files,
        resource.RLIMIT_NPROC: limits.processes,
    }


def apply(limits: Limits, *, processes: bool = True) -> None:
    """Limit the calling process and all that it starts, for good.

    Parameters
    ----------
    limits : Limits
    processes : bool
        False leaves the number of processes as it is, for one that forks kernels of other users.
    """
    values = table(limits)
    if not processes:
        del values[resource.RLIMIT_NPROC]
    impose(values)


def impose(values: Mapping[int, int], others: int = 0) -> None:
    """Set limits that `table` has made.

    Parameters
    ----------
    values : dict of int to int
    others : int
        Processes and threads of the same user that are counted with ours (`threads_of_user`), where there is no
        user namespace.
    """
    for kind, value in values.items():
        wanted = value + others if kind == resource.RLIMIT_NPROC else value
        _, hard = resource.getrlimit(kind)
        least = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(kind, (least, least))


def threads_of_user() -> int:
    """Return how many processes and threads of this user /proc shows."""
    user = os.getuid()
    pids = [int(name) for name in os.listdir("/proc") if name.isdecimal()]
    return sum(procfs.threads(pid) for pid in pids if _owner(pid) == user)


def _owner(pid: int) -> int | None:
    try:
        return os.stat(f"/proc/{pid}").st_uid
    except OSError:
        return None
