"""Decide which user runs student code, and create private folders for that user.

An ordinary user runs student code under their own uid, inside a user namespace. Root does not enter
the sandbox, because the kernel does not count root's processes against RLIMIT_NPROC and because
anything that went wrong would go wrong as root. Instead, each of root's workers takes an unused uid
from the range that systemd reserves for transient users, and `supervisor` switches to it before it
does anything else. If that user cannot reach the interpreter (for example a pyenv in root's home),
the supervisor shows it the folders that it needs, and no others, in a private mount namespace.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from nbgrader_isolate.core import strange_folders
from nbgrader_isolate.sandbox import mounts

_PREFIX = "ag-"
_SHORT = 40  # out of the 107 bytes that the path of a socket may have
_FIRST, _COUNT = 61184, 4000  # systemd: transient users are 61184 to 65519


def sandbox_uid() -> int | None:
    """Return the uid that student code gets on the host, or None if it is our own.

    It is None if we are not root, or are root only inside a user namespace that does not map this
    uid: on the host, that root is an ordinary user.
    """
    uid = _FIRST + os.getpid() % _COUNT
    return None if os.getuid() or not is_mapped(uid) else uid


def is_mapped(uid: int) -> bool:
    """Return whether a uid is mapped in the user namespace of this process."""
    rows = [
        map(int, row.split()) for row in Path("/proc/self/uid_map").read_text("ascii").splitlines()
    ]
    return any(first <= uid < first + count for first, _, count in rows)


def supervisor_command(reachable: Sequence[Path]) -> list[str]:
    """Return the prefix of a command that must end with this process, and must not run as root.

    The process that calls this function must also start the command, and must do so from a thread
    that stays alive, because the sandbox ends with that thread.

    Parameters
    ----------
    reachable : sequence of Path
        Folders that the command must be able to read, whatever the permissions of their parents
        are.
    """
    uid = sandbox_uid()
    user = "" if uid is None else str(uid)
    folders = "\n".join(map(str, reachable))
    return [
        *mounts.light_command("nbgrader_isolate.sandbox.supervisor"),
        str(os.getpid()),
        user,
        folders,
    ]


def private_folder(parent: Path | None = None) -> Path:
    """Create a folder that the sandbox may see and other users cannot read: `/tmp/ag-PID-…`.

    The path is short because it holds sockets, whose paths may have at most 107 bytes. The name
    cannot be guessed. If root's worker shares the folder with the sandbox's uid, its mode is 0711,
    so that others can pass through it. Folders left by processes that were killed are removed
    first.
    """
    parent = parent or short_parent()
    remove_stale_folders(parent)
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=parent))
    if sandbox_uid() is not None:
        folder.chmod(0o711)
    atexit.register(_remove, folder, os.getpid())
    return folder


def _remove(folder: Path, creator: int) -> None:
    """Remove a folder when the process that created it exits, but not when a fork of it does."""
    if os.getpid() == creator:
        strange_folders.remove(folder)


@cache
def remove_stale_folders(parent: Path) -> None:
    """Remove our folders whose creators no longer exist, once in the lifetime of this process."""
    for folder in parent.glob(f"{_PREFIX}*-*"):
        creator = folder.name.removeprefix(_PREFIX).partition("-")[0]
        with contextlib.suppress(OSError):
            ours = folder.lstat().st_uid == os.getuid()
            if ours and creator.isdecimal() and not Path("/proc", creator).exists():
                strange_folders.remove(folder)


def short_parent() -> Path:
    """Return the folder for temporary files, or /tmp if its path is too long for sockets."""
    folder = Path(tempfile.gettempdir())
    if len(str(folder)) <= _SHORT:
        return folder
    return Path("/tmp")  # noqa: S108 (mkdtemp chooses the name)


def give_to_sandbox_user(path: Path) -> None:
    """Make the sandbox's user the owner of a file or folder; does nothing for an ordinary user."""
    uid = sandbox_uid()
    if uid is not None:
        os.chown(path, uid, uid, follow_symlinks=False)
