"""Who runs student code: the user himself inside a user namespace, or, for root, a user that owns nothing.

Root has no place in a sandbox: the kernel does not count its processes against RLIMIT_NPROC, and what goes wrong goes wrong as
root. So root's workers take, each, an unused uid of the range that systemd keeps for transient users, and `keeper` changes
to it before anything else. The interpreter may lie where that user cannot look (a pyenv in root's home): it then shows it the needed
folders, and only these, in a mount namespace of its own.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from nbgrader_isolate.sandbox import mounts

_PREFIX = "ag-"
_SHORT = 40  # of the 107 bytes that a socket's path may have
_FIRST, _COUNT = 61184, 4000  # systemd: transient users are 61184 to 65519


def sandbox_uid() -> int | None:
    """Return the uid that student code gets outside of namespaces; None: there is no choice.

    There is none for who is not root, nor for the root of a user namespace with no such uid: on the host he is an ordinary user.
    """
    uid = _FIRST + os.getpid() % _COUNT
    return None if os.getuid() or not exists(uid) else uid


def exists(uid: int) -> bool:
    """Return whether a uid means anyone in the user namespace of this process."""
    rows = [
        map(int, row.split()) for row in Path("/proc/self/uid_map").read_text("ascii").splitlines()
    ]
    return any(first <= uid < first + count for first, _, count in rows)


def keeper_command(keep: Sequence[Path]) -> list[str]:
    """Return what to put before a command so that it ends with this process, and does not run as root.

    The process that calls this must start the command, from a thread that stays: the sandbox ends with it.

    Parameters
    ----------
    keep : sequence of Path
        Folders that the command must be able to read, whatever the permissions above them say.
    """
    uid = sandbox_uid()
    user = "" if uid is None else str(uid)
    folders = "\n".join(map(str, keep))
    return [
        *mounts.light_command("nbgrader_isolate.sandbox.supervisor"),
        str(os.getpid()),
        user,
        folders,
    ]


def private_folder(parent: Path | None = None) -> Path:
    """Make a folder that the sandbox can be shown and no other user can read: `/tmp/ag-PID-…`.

    The path is short, because sockets lie in it and the kernel allows them 107 bytes. Its name cannot be guessed; others
    may pass through it (0711) where root's worker shares it with the sandbox's uid. What processes that were
    killed have left is removed first.
    """
    parent = parent or short_parent()
    sweep(parent)
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=parent))
    if sandbox_uid() is not None:
        folder.chmod(0o711)
    atexit.register(_remove, folder, os.getpid())
    return folder


def _remove(folder: Path, maker: int) -> None:
    """Remove a folder at the end of the process that made it, not of one forked from that."""
    if os.getpid() == maker:
        shutil.rmtree(folder, ignore_errors=True)


@cache
def sweep(parent: Path) -> None:
    """Remove, once in the life of this process, our folders whose makers live no more."""
    for folder in parent.glob(f"{_PREFIX}*-*"):
        maker = folder.name.removeprefix(_PREFIX).partition("-")[0]
        with contextlib.suppress(OSError):
            ours = folder.lstat().st_uid == os.getuid()
            if ours and maker.isdecimal() and not Path("/proc", maker).exists():
                shutil.rmtree(folder, ignore_errors=True)


def short_parent() -> Path:
    """Return the folder for temporary files, or /tmp where its path is too long for sockets."""
    usual = Path(tempfile.gettempdir())
    return usual if len(str(usual)) <= _SHORT else Path("/tmp")  # noqa: S108 (mkdtemp makes the name)


def give(path: Path) -> None:
    """Make the sandbox's user the owner of a file or folder; nothing to do for an ordinary user."""
    uid = sandbox_uid()
    if uid is not None:
        os.chown(path, uid, uid, follow_symlinks=False)
