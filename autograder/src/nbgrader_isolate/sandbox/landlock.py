"""Landlock: a process gives up access to the whole file system except the paths that it names.

The process needs no privilege for this, and cannot undo it. Which rights exist depends on the
kernel (its ABI number); we take away all that it knows. We need ABI 3 (Linux 6.2), because with
earlier ones a file that can only be read could still be truncated. Landlock does not cover `stat`,
`chmod`, `utime`, UDP or memory; `seccomp.NO_NAMESPACES` and `rlimits` close these gaps, except that
names and sizes of files can be seen.

Source: Linux Documentation/userspace-api/landlock.rst, include/uapi/linux/landlock.h.
"""

from __future__ import annotations

import ctypes
import errno
import os
import stat
import struct

TYPE_CHECKING = False
if TYPE_CHECKING:  # not imported at run time, so that what runs inside starts fast
    from collections.abc import Iterable
    from pathlib import Path

LEAST_ABI = 3

WRITABLE_DEVICES = tuple(f"/dev/{name}" for name in ("full", "null", "ptmx", "pts", "shm", "tty"))
"""What a program in namespaces may write to in `/dev`. Not `zero`: a shared mapping of it is memory
without a file, of any size."""

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same on every machine
_ASK_VERSION, _PATH_BENEATH, _NO_NEW_PRIVS = 1, 1, 38

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REMOVE_FILE, _MAKE_SOCK, _TRUNCATE, _IOCTL_DEV = 1 << 5, 1 << 9, 1 << 14, 1 << 15
_ON_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
_READ = _EXECUTE | _READ_FILE | _READ_DIR
_LISTEN = _READ_FILE | _READ_DIR | _REMOVE_FILE | _MAKE_SOCK
_RIGHTS_BY_ABI = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}  # the number of bits that are defined
_TCP = 0b11  # bind and connect, since ABI 4
_SCOPES = 0b11  # abstract sockets and signals, since ABI 6
_NETWORK_SINCE, _SCOPES_SINCE = 4, 6


def abi() -> int:
    """Return the Landlock ABI version that the kernel offers; 0 if it has no Landlock."""
    libc = ctypes.CDLL(None, use_errno=True)
    return max(0, int(libc.syscall(_CREATE, None, 0, _ASK_VERSION)))


def restrict(
    read: Iterable[Path | str],
    write: Iterable[Path | str],
    sockets: Iterable[Path | str] = (),
    *,
    network: bool = False,
) -> None:
    """Restrict the calling thread and everything it starts to these paths and what is below them.

    Paths that do not exist are skipped.

    Parameters
    ----------
    read : iterable of paths
        Paths to read and execute.
    write : iterable of paths
        Paths with full access.
    sockets : iterable of paths
        Folders in which Unix sockets may be created and removed, but nothing else may be written.
    network : bool
        Whether TCP stays allowed (because there is a network namespace).

    Raises
    ------
    OSError
        If the kernel has no Landlock, or one older than `LEAST_ABI`.
    """
    version = abi()
    if version < LEAST_ABI:
        raise OSError(
            errno.ENOSYS, f"Landlock {LEAST_ABI} is needed, and this kernel has {version or 'none'}"
        )
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
    """Return the descriptor of a ruleset that takes away every right that this kernel knows."""
    fields = [everything]
    if version >= _NETWORK_SINCE:
        fields.append(0 if network else _TCP)
    if version >= _SCOPES_SINCE:
        fields.append(_SCOPES)
    attributes = struct.pack(f"{len(fields)}Q", *fields)
    return _system_call("ruleset", _CREATE, ctypes.c_char_p(attributes), len(attributes), 0)


def _allow(ruleset: int, path: Path | str, rights: int) -> None:
    """Give back rights on a path and everything below it."""
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


def _system_call(step: str, number: int, *arguments: object) -> int:
    return _call(step, ctypes.CDLL(None, use_errno=True).syscall, number, *arguments)


def _call(step: str, function: object, *arguments: object) -> int:
    """Return the result of a C function; -1 becomes an OSError that names the step that failed."""
    assert callable(function)  # noqa: S101 (for the type checker)
    result = int(function(*arguments))
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"Landlock, {step}: {os.strerror(number)}")
    return result
