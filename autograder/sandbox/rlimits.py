"""Resource limits of one process, by setrlimit(2): the layer that needs nothing of the kernel but itself.

`processes` counts all processes *and threads* of one user in one user namespace. Set it after entering a namespace of its own
(`apply` is called by the child itself), or all kernels of one server share the count; for uid 0 of the host the
kernel does not enforce it at all, so root gives up its uid first (`identity`).
"""

from __future__ import annotations

import resource

from autograder.limits import Limits

MIB = 1 << 20


def table(limits: Limits) -> dict[int, int]:
    """Return the value of each limited resource, in bytes, seconds or pieces."""
    return {
        resource.RLIMIT_AS: limits.address_mb * MIB,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: limits.cpu_seconds,
        resource.RLIMIT_FSIZE: limits.file_mb * MIB,
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
        False leaves the number of processes as it is, for a process that forks kernels of other users.
    """
    for kind, value in table(limits).items():
        if kind != resource.RLIMIT_NPROC or processes:
            _, hard = resource.getrlimit(kind)
            value = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(kind, (value, value))
