"""The system call filter for notebooks, a classic BPF program that needs no libraries.

`install()` needs no privilege and cannot be undone; it applies to every process that the caller
starts afterwards. The filter lists what is allowed. Of the calls that are not listed, those that
existed before `close_range` (Linux 5.9) fail with EPERM, and later ones with ENOSYS so that
libraries fall back to what they used before. `clone3` also fails with ENOSYS, because its flags are
in memory, which a filter cannot read; `clone` may not create namespaces, or a child of the caller's
parent, or a thread with descriptors of its own. A call of another architecture (32 bit) kills the
process.

No call changes the processor, the priority or the limits of another process, or has a signal sent
to it. Affinity, scheduler and priority cannot be changed at all: such a call succeeds and does
nothing, because libzmq ends a process in which it fails.

Source: seccomp(2), Linux Documentation/userspace-api/seccomp_filter.rst.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct

from nbgrader_isolate.sandbox import allowed_syscalls

TYPE_CHECKING = False
if TYPE_CHECKING:  # not imported at run time, so that what runs inside starts fast
    from collections.abc import Sequence

ALLOW = 0x7FFF0000
KILL = 0x80000000
ERRNO = 0x00050000  # the low 16 bits are the error number; with 0 the call seems to succeed

_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32_BIT = 0x40000000
# close_range, the first call of Linux 5.9; from there on both machines use the same numbers
_FIRST_NEW = 436
_NEW_NAMESPACES = 0x7E020080  # CLONE_NEW{NS,CGROUP,UTS,IPC,USER,PID,NET,TIME}
_OTHER_PARENT = 0x8000  # CLONE_PARENT: a sibling, not a child; it would leave the watchdog's tree
_THREAD, _SAME_FILES = 0x10000, 0x400  # CLONE_THREAD, CLONE_FILES
_CLOSE_UNSHARE = 2  # CLOSE_RANGE_UNSHARE: a table of descriptors of its own, for one thread
_FORBIDDEN_IOCTLS = (0x5412, 0x541C, 0x5423)  # TIOCSTI, TIOCLINUX (type into a terminal), TIOCSETD
_SOCKET_IOCTLS, _ALL_BUT_LAST_BYTE = 0x8900, 0xFFFFFF00
"""SIOC…: a connection that our side opened belongs to the host's network and would describe it."""
_SOL_SOCKET, _SOCKET_BUFFERS, _SOCKET_PROGRAMS = 1, (7, 8, 32, 33), (26, 50, 51, 52)
"""SO_{SND,RCV}BUF{,FORCE} and SO_ATTACH_{FILTER,BPF,REUSEPORT_CBPF,REUSEPORT_EBPF}: memory of
sockets that no limit counts."""
MAX_SHARED = 64 << 20
"""Bytes of memory that is shared without a file; a file has such a limit as well (`file_mb`)."""
_SHARED_ANONYMOUS = 0x21  # MAP_SHARED | MAP_ANONYMOUS
_AF_UNIX, _AF_INET, _AF_INET6, _AF_NETLINK = 1, 2, 10, 16
_PROTOCOLS = 0, 6, 17
"""The family's own (of netlink: routes), TCP and UDP."""
_SOCKET_TYPE, _STREAM = 0xF, 1  # the other bits are flags
_PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _PR_SCHED_CORE = 4, 38, 22, 62
_RLIMIT_CORE, _RLIMIT_NPROC = 4, 6
_PR_SET_CHILD_SUBREAPER = 36
"""The watchdog counts what descends from a process; orphans would go to another parent."""
_FCNTLS = (*range(8), 9, 11, 16, 1025, *range(1030, 1039))
"""Duplicates, flags, locks of a process (nobody could count those of an open file), sizes of
pipes, seals and hints. Not F_SETOWN and F_SETSIG, which have a signal sent to anyone, nor
F_SETLEASE, F_SETDELEG and F_NOTIFY: whoever opens a file on which another has a lease has to
wait."""

_LOAD, _AND, _JUMP = 0x20, 0x54, 0x05
_IF_EQUAL, _IF_AT_LEAST, _IF_ANY_BIT, _RETURN = 0x15, 0x35, 0x45, 0x06
_FAR = 255  # how far a conditional jump reaches; an unconditional one has no such limit
_AT_NUMBER, _AT_ARCHITECTURE, _AT_ARGUMENTS = 0, 4, 16

_CHANGES_OF_OWNER_AND_MODE = (
    "chmod fchmod fchmodat fchmodat2 chown fchown fchownat lchown utime utimes utimensat futimesat "
    "setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr"
)
_REACHING_OUT = "connect listen"
_SENDING_FILES = "sendmsg sendmmsg"
"""A file on its way through a socket is in no table of descriptors. If it was deleted, too, nobody
could count the space that it takes on the host's disk."""

Instruction = tuple[int, int, int, int]
"""One `struct sock_filter`: code, jump if true, jump if false, constant."""


class Profile:
    """What a filter allows in addition to the list in `syscalls`.

    Parameters
    ----------
    families : tuple of int
        The allowed address families of sockets.
    isolated : bool
        Whether the process has its own network and process namespaces. Without them it may not
        connect to anything, be connected to, send descriptors, send signals to other processes,
        or use datagram sockets; and changing the mode, owner or times of a file, which Landlock
        does not cover, does nothing.
    """

    def __init__(self, families: tuple[int, ...], *, isolated: bool) -> None:
        self.families, self.isolated = families, isolated


NAMESPACED = Profile((_AF_UNIX, _AF_INET, _AF_INET6, _AF_NETLINK), isolated=True)
"""Inside bubblewrap: sockets reach only the same empty network; `getifaddrs` needs netlink."""

NO_NAMESPACES = Profile((_AF_UNIX,), isolated=False)
"""Under Landlock alone: the network would be the host's, so it is closed."""


def install(profile: Profile = NAMESPACED) -> None:
    """Put the calling thread and everything it starts under the filter, for good.

    Raises
    ------
    OSError
        If the kernel refuses, because it has no seccomp or because an outer filter forbids this.
    """
    code = program(profile)
    buffer = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if libc.prctl(_PR_SET_SECCOMP, 2, ctypes.c_char_p(header), 0, 0):
        number = ctypes.get_errno()
        raise OSError(number, f"cannot install the system call filter: {os.strerror(number)}")


def program(
    profile: Profile = NAMESPACED, machine: str | None = None, own_pid: int | None = None
) -> bytes:
    """Return the filter in the kernel's format, with 8 bytes for each instruction.

    Parameters
    ----------
    profile : Profile
    machine : str, optional
        "x86_64" or "aarch64"; by default the machine this runs on.
    own_pid : int, optional
        If `profile` is not isolated, the only process that may be sent signals; by default the
        calling one.

    Raises
    ------
    OSError
        If there is no table for this machine.
    """
    machine = machine or os.uname().machine
    if machine not in _ARCHITECTURES:
        raise OSError(errno.ENOSYS, f"no system call table for {machine}: x86_64 and aarch64 only")
    rules = _rules(profile, machine, own_pid or os.getpid())
    body = _search(_intervals(rules))
    guard = [
        (_LOAD, 0, 0, _AT_ARCHITECTURE),
        (_IF_EQUAL, 1, 0, _ARCHITECTURES[machine]),
        (_RETURN, 0, 0, KILL),
        (_LOAD, 0, 0, _AT_NUMBER),
        (_IF_AT_LEAST, 0, 1, _X32_BIT),
        (_RETURN, 0, 0, ERRNO | errno.ENOSYS),
    ]
    return b"".join(struct.pack("HBBI", *instruction) for instruction in guard + body)


# --- which action each call gets ----------------------------------------------------------------

Action = tuple[Instruction, ...]
"""Instructions that end in a return."""


def _return(value: int) -> Action:
    return ((_RETURN, 0, 0, value),)


def _rules(profile: Profile, machine: str, own_pid: int) -> dict[int, Action]:
    """Return the action for each call number that is not refused."""
    rules: dict[int, Action] = {}
    groups = {group: allowed_syscalls.numbers(group, machine) for group in allowed_syscalls.GROUPS}
    for group in groups.keys() - {"checked", "missing", "scheduling"}:
        rules |= dict.fromkeys(groups[group].values(), _return(ALLOW))
    rules |= dict.fromkeys(groups["scheduling"].values(), _return(ERRNO))
    rules |= dict.fromkeys(groups["missing"].values(), _return(ERRNO | errno.ENOSYS))
    checked = groups["checked"]
    rules[checked["clone"]] = _clone()
    rules[groups["files"]["close_range"]] = _refuse_bits(2, _CLOSE_UNSHARE, errno.EINVAL)
    rules[groups["memory"]["mmap"]] = _shared_memory()
    rules[checked["ioctl"]] = (
        _argument(1),
        (_AND, 0, 0, _ALL_BUT_LAST_BYTE),
        (_IF_EQUAL, 0, 1, _SOCKET_IOCTLS),
        (_RETURN, 0, 0, ERRNO | errno.EPERM),
        *_refuse_values(1, _FORBIDDEN_IOCTLS, errno.EPERM),
    )
    rules[checked["fcntl"]] = _allow_values(1, _FCNTLS, errno.EPERM)
    rules[checked["setsockopt"]] = _socket_options()
    # a lock on a file that all can read would stop neighbors: HDF5 locks what it reads
    rules[checked["flock"]] = _return(ERRNO)
    rules[checked["prlimit64"]] = _own_limits()
    rules[_numbers(groups)["setrlimit"]] = _refuse_values(
        0, (_RLIMIT_CORE, _RLIMIT_NPROC), errno.EPERM
    )
    rules[groups["processes"]["prctl"]] = _refuse_values(
        0, (_PR_SET_DUMPABLE, _PR_SCHED_CORE, _PR_SET_CHILD_SUBREAPER), errno.EPERM
    )
    sockets = _sockets(profile.families, streams_only=not profile.isolated)
    rules[checked["socket"]] = rules[checked["socketpair"]] = sockets
    if not profile.isolated:
        rules |= _without_namespaces(groups, own_pid)
    return rules


def _without_namespaces(groups: dict[str, dict[str, int]], own_pid: int) -> dict[int, Action]:
    """Return the stricter actions for a process that shares the host's network and process ids."""
    rules: dict[int, Action] = {}
    numbers = _numbers(groups)
    for name in _CHANGES_OF_OWNER_AND_MODE.split():
        if name in numbers:
            rules[numbers[name]] = _return(ERRNO)
    for name in (*_REACHING_OUT.split(), *_SENDING_FILES.split(), *groups["sending"]):
        rules[numbers[name]] = _return(ERRNO | errno.EPERM)
    for name in ("kill", "tgkill"):
        rules[numbers[name]] = _allow_values(0, (own_pid,), errno.EPERM)
    rules[numbers["get_robust_list"]] = _allow_values(0, (0, own_pid), errno.EPERM)
    return rules


def _numbers(groups: dict[str, dict[str, int]]) -> dict[str, int]:
    """Return the numbers of all calls by name."""
    return {name: number for group in groups.values() for name, number in group.items()}


def _argument(index: int, *, high: bool = False) -> Instruction:
    """Load half of an argument: the low 32 bits are all the kernel reads of flags and commands."""
    return (_LOAD, 0, 0, _AT_ARGUMENTS + 8 * index + 4 * high)


def _own_limits() -> Action:
    """Allow a process to read its limits, and to lower them except two.

    The limit of core dumps is `rlimits.NO_CORE`, and 0 would have the kernel start a program of the
    machine's. That of processes may be below what it could be raised to, see `rlimits.make_room`.
    """
    return (
        _argument(0),
        (_IF_EQUAL, 0, 8, 0),  # of another process
        _argument(1),
        (_IF_EQUAL, 1, 0, _RLIMIT_CORE),
        (_IF_EQUAL, 0, 4, _RLIMIT_NPROC),
        _argument(2),  # the new value's address
        (_IF_EQUAL, 0, 3, 0),
        _argument(2, high=True),
        (_IF_EQUAL, 0, 1, 0),
        *_return(ALLOW),
        *_return(ERRNO | errno.EPERM),
    )


def _clone() -> Action:
    """Refuse namespaces, siblings, and threads with a table of descriptors of their own."""
    return (
        _argument(0),
        (_IF_ANY_BIT, 3, 0, _NEW_NAMESPACES | _OTHER_PARENT),
        (_IF_ANY_BIT, 0, 1, _THREAD),
        (_IF_ANY_BIT, 0, 1, _SAME_FILES),
        *_return(ALLOW),
        *_return(ERRNO | errno.EPERM),
    )


def _shared_memory() -> Action:
    """Refuse to share large memory without a file; `mappings` cannot see what became of it."""
    return (
        _argument(3),
        (_AND, 0, 0, _SHARED_ANONYMOUS),
        (_IF_EQUAL, 0, 4, _SHARED_ANONYMOUS),
        _argument(1, high=True),
        (_IF_AT_LEAST, 3, 0, 1),
        _argument(1),
        (_IF_AT_LEAST, 1, 0, MAX_SHARED + 1),
        *_return(ALLOW),
        *_return(ERRNO | errno.ENOMEM),
    )


def _refuse_bits(index: int, bits: int, error: int) -> Action:
    return (
        _argument(index),
        (_IF_ANY_BIT, 0, 1, bits),
        (_RETURN, 0, 0, ERRNO | error),
        (_RETURN, 0, 0, ALLOW),
    )


def _refuse_values(index: int, values: Sequence[int], error: int) -> Action:
    return _compare(index, values, ERRNO | error, ALLOW)


def _allow_values(index: int, values: Sequence[int], error: int) -> Action:
    return _compare(index, values, ALLOW, ERRNO | error)


def _compare(index: int, values: Sequence[int], if_equal: int, otherwise: int) -> Action:
    last = len(values)
    tests = tuple((_IF_EQUAL, last - number, 0, value) for number, value in enumerate(values))
    return (_argument(index), *tests, *_return(otherwise), *_return(if_equal))


def _socket_options() -> Action:
    """Allow options of sockets; the size of a buffer cannot be changed, and no filter attached."""
    last = len(_SOCKET_BUFFERS) + len(_SOCKET_PROGRAMS)
    tests = tuple(
        (_IF_EQUAL, last - place + (0 if value in _SOCKET_BUFFERS else 1), 0, value)
        for place, value in enumerate((*_SOCKET_BUFFERS, *_SOCKET_PROGRAMS))
    )
    return (
        _argument(1),
        (_IF_EQUAL, 0, last + 1, _SOL_SOCKET),
        _argument(2),
        *tests,
        *_return(ALLOW),
        *_return(ERRNO),
        *_return(ERRNO | errno.EPERM),
    )


def _sockets(families: Sequence[int], *, streams_only: bool) -> Action:
    """Allow some address families, and of them only stream sockets if `streams_only`.

    Other protocols than the usual ones have the host's kernel load modules.
    """
    by_family = (
        _argument(2),
        *((_IF_EQUAL, 3 - place, 0, value) for place, value in enumerate(_PROTOCOLS)),
        *_return(ERRNO | errno.EPROTONOSUPPORT),
        *_allow_values(0, families, errno.EAFNOSUPPORT),
    )
    if not streams_only:
        return by_family
    return (
        _argument(1),
        (_AND, 0, 0, _SOCKET_TYPE),
        (_IF_EQUAL, 1, 0, _STREAM),
        *_return(ERRNO | errno.EOPNOTSUPP),  # the error that libzmq tolerates
        *by_family,
    )


# --- from actions to a program ------------------------------------------------------------------


def _intervals(rules: dict[int, Action]) -> list[tuple[int, Action]]:
    """Return the numbers where the action changes, as (first number, action), beginning at 0."""
    refused, unknown = _return(ERRNO | errno.EPERM), _return(ERRNO | errno.ENOSYS)
    edges = sorted({0, _FIRST_NEW, *rules, *(number + 1 for number in rules)})
    intervals: list[tuple[int, Action]] = []
    for number in edges:
        action = rules.get(number, refused if number < _FIRST_NEW else unknown)
        if not intervals or intervals[-1][1] != action:
            intervals.append((number, action))
    return intervals


def _search(intervals: Sequence[tuple[int, Action]]) -> list[Instruction]:
    """Return a binary search over the intervals: seven comparisons instead of three hundred."""
    if len(intervals) == 1:
        return list(intervals[0][1])
    middle = len(intervals) // 2
    below, above = _search(intervals[:middle]), _search(intervals[middle:])
    first = intervals[middle][0]
    if len(below) <= _FAR:
        return [(_IF_AT_LEAST, len(below), 0, first), *below, *above]
    return [(_IF_AT_LEAST, 0, 1, first), (_JUMP, 0, 0, len(below)), *below, *above]
