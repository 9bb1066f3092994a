"""The graded folder of a submission: written beside the old one, then exchanged for it in one step.

While a staged folder exists, the run is not finished: the gradebook may be newer than the folder.
The next run grades that submission again.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from nbgrader_isolate.core import strange_folders

AT_FDCWD = -100
RENAME_EXCHANGE = 2
NO_EXCHANGE = {errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP}


def stage(graded: Path, files: Mapping[str, bytes], *, mode: int, shared: bool) -> Path:
    """Write a folder beside the one that it will replace.

    Parameters
    ----------
    graded : Path
        The folder it will replace.
    files : mapping of str to bytes
        Contents by relative path.
    mode : int
        Permissions of the files.
    shared : bool
        Whether the course's group may write: folders become `g+rwxs`, as with nbgrader's
        `groupshared`.

    Returns
    -------
    Path
        The staged folder; `publish` moves it to `graded`.

    Raises
    ------
    OSError
        If it cannot be written; then no part of it is left behind.
    """
    staged, writing = sibling(graded, "staged"), sibling(graded, "writing")
    remove(writing)
    try:
        writing.mkdir(parents=True)
        for name, data in files.items():
            write_file(writing, name, data, mode)
        if shared:
            share(writing, graded.parent)
        remove(staged)
        writing.rename(staged)
    except OSError:
        remove(writing)
        raise
    return staged


def write_file(folder: Path, name: str, data: bytes, mode: int) -> None:
    """Write one file below a folder; a name that leads out of the folder is an error."""
    path = folder / name
    if Path(name).is_absolute() or ".." in Path(name).parts:
        raise ValueError(f"{name}: leads out of the folder")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    path.chmod(mode)


def share(folder: Path, parent: Path) -> None:
    """Let the course's group write to a folder, its subfolders, and its future parent."""
    for path in [parent, folder, *(p for p in folder.rglob("*") if p.is_dir())]:
        path.chmod(stat.S_IMODE(path.stat().st_mode) | 0o2770)


def publish(graded: Path) -> None:
    """Move the staged folder to its place in one step; the old folder is removed afterwards."""
    staged = sibling(graded, "staged")
    if not graded.exists():
        staged.rename(graded)
        return
    if not exchange(staged, graded):
        old = sibling(graded, "writing")
        remove(old)
        graded.rename(old)
        staged.rename(graded)
        remove(old)
    remove(staged)


def is_unfinished(graded: Path) -> bool:
    """Tell whether a run ended after the gradebook's rows and before this folder."""
    return sibling(graded, "staged").exists()


def discard(graded: Path) -> None:
    """Remove what was staged for a folder."""
    remove(sibling(graded, "staged"))


def sibling(graded: Path, label: str) -> Path:
    """Return a short, hidden path beside a folder, a different one for each folder and label."""
    digest = hashlib.sha256(os.fsencode(graded.name)).hexdigest()[:16]
    return graded.with_name(f".{label}-{digest}")


def remove(path: Path) -> None:
    """Remove a folder, or a file or link in its place, if there is one."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.exists() and not strange_folders.remove(path):
        path.rmdir()  # raises the reason


def exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; return False where the system does not support it.

    Source: renameat2(2), Linux 3.15, glibc 2.28.
    """
    library = ctypes.CDLL(None, use_errno=True)
    renameat2 = getattr(library, "renameat2", None)
    if renameat2 is None:
        return False
    status = renameat2(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE)
    if status == 0:
        return True
    number = ctypes.get_errno()
    if number in NO_EXCHANGE:
        return False
    raise OSError(number, os.strerror(number), str(one), None, str(other))
