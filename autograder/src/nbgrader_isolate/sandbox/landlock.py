"""Landlock: a process gives up, for good, all of the file system but what it names. It needs no privilege.

Which rights exist depends on the kernel (its ABI number); all that this one knows are taken away. Needs ABI 3 (Linux 6.2): before,
a file that can only be read could still be emptied. Landlock knows nothing of `stat`, `chmod`, `utime`, UDP, or memory;
`seccomp.BARE` and `rlimits` close what it leaves open, except that names and sizes of files can be learnt.

Source: Linux Documentation/userspace-api/landlock.rst, include/uapi/linux/landlock.h.
"""

from __future__ import annotations

import ctypes
import errno
import os
import stat
import struct

TYPE_CHECKING = False
if TYPE_CHECKING:  # what runs inside starts fast without them
    from collections.abc import Iterable
    from pathlib import Path

LEAST_ABI = 3

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same on every machine
_ASK_VERSION, _PATH_BENEATH, _NO_NEW_PRIVS = 1, 1, 38

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REMOVE_FILE, _MAKE_SOCK, _TRUNCATE, _IOCTL_DEV = 1 << 5, 1 << 9, 1 << 14, 1 << 15
_ON_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
_READ = _EXECUTE | _READ_FILE | _READ_DIR
_LISTEN = _READ_FILE | _READ_DIR | _REMOVE_FILE | _MAKE_SOCK
_RIGHTS_BY_ABI = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}  # how many bits are defined
_TCP = 0b11  # bind and connect, since ABI 4
_SCOPES = 0b11  # abstract sockets and signals, since ABI 6
_NETWORK_SINCE, _SCOPES_SINCE = 4, 6


def abi() -> int:
    """Return the version of Landlock that the kernel offers; 0: none."""
    libc = ctypes.CDLL(None, use_errno=True)
    return max(0, int(libc.syscall(_CREATE, None, 0, _ASK_VERSION)))


def restrict(
    read: Iterable[Path | str],
    write: Iterable[Path | str],
    sockets: Iterable[Path | str] = (),
    *,
    network: bool = False,
) -> None:
    """Keep the calling thread, and all that it starts, to these files and folders and what lies in them.

    Paths that do not exist are passed over.

    Parameters
    ----------
    read : iterable of paths
        To read and execute.
    write : iterable of paths
        To do anything with.
    sockets : iterable of paths
        Folders where Unix sockets may be made and removed; nothing else is written there.
    network : bool
        Leave TCP as it is (there is a network namespace).

    Raises
    ------
    OSError
        The kernel has no Landlock, or an older one than `LEAST_ABI`.
    """
    version = abi()
    if version < LEAST_ABI:
        raise OSError(errno.ENOSYS, f"Landlock {LEAST_ABI} is needed, this kernel has {version}")
    everything = (1 << _RIGHTS_BY_ABI.get(version, 16)) - 1
    ruleset = _ruleset(version, everything, network=network)
    rules = ((read, _READ), (write, everything), (sockets, _LISTEN))
    try:
        for paths, rights in rules:
            for path in paths:
                _allow(ruleset, path, rights & everything)
        _call(
            "no new privileges", ctypes.CDLL(None, use_errno=True).prctl, _NO_NEW_PRIVS, 1, 0, 0, 0
        )
        _system_call("restrict", _RESTRICT, ruleset, 0)
    finally:
        os.close(ruleset)


def _ruleset(version: int, everything: int, *, network: bool) -> int:
    """Return a descriptor of a ruleset that takes away all that this kernel can."""
    words = [everything]
    if version >= _NETWORK_SINCE:
        words.append(0 if network else _TCP)
    if version >= _SCOPES_SINCE:
        words.append(_SCOPES)
    attributes = struct.pack(f"{len(words)}Q", *words)
    return _system_call("ruleset", _CREATE, ctypes.c_char_p(attributes), len(attributes), 0)


def _allow(ruleset: int, path: Path | str, rights: int) -> None:
    """Give back rights on what lies at and below a path."""
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            rights &= _ON_FILES
        rule = struct.pack("=Qi", rights, descriptor)
        _system_call(f"rule for {path}", _ADD, ruleset, _PATH_BENEATH, ctypes.c_char_p(rule), 0)
    finally:
        os.close(descriptor)


def _system_call(what: str, number: int, *arguments: object) -> int:
    return _call(what, ctypes.CDLL(None, use_errno=True).syscall, number, *arguments)


def _call(what: str, function: object, *arguments: object) -> int:
    """Return what a C function returns; -1 becomes an OSError that says what failed."""
    assert callable(function)  # noqa: S101 (for the type checker)
    result = int(function(*arguments))
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"Landlock, {what}: {os.strerror(number)}")
    return result
