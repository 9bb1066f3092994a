"""The graded folder of a submission: written beside, then exchanged for the old one in a single step.

A staged folder that stands beside says "not finished": the gradebook may be ahead of what is seen here. The
next run grades that submission again.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import os
import shutil
import stat
from collections.abc import Mapping
from pathlib import Path

AT_FDCWD = -100
RENAME_EXCHANGE = 2
NO_EXCHANGE = {errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP}


def stage(graded: Path, files: Mapping[str, bytes], *, mode: int, shared: bool) -> Path:
    """Write a folder beside its place.

    Parameters
    ----------
    graded : Path
        The place it is for.
    files : mapping of str to bytes
        By relative path.
    mode : int
        Permissions of the files.
    shared : bool
        Whether the course's group may write: folders become `g+rwxs`, as nbgrader's `groupshared` has it.

    Returns
    -------
    Path
        The staged folder; `place` brings it to its place.

    Raises
    ------
    OSError
        If it cannot be written; nothing is left of it then.
    """
    staged, writing = beside(graded, "staged"), beside(graded, "writing")
    clear(writing)
    try:
        writing.mkdir(parents=True)
        for name, data in files.items():
            write(writing, name, data, mode)
        if shared:
            share(writing, graded.parent)
        clear(staged)
        writing.rename(staged)
    except OSError:
        clear(writing)
        raise
    return staged


def write(folder: Path, name: str, data: bytes, mode: int) -> None:
    """Write one file below a folder; a name that leads out of it is refused."""
    place = folder / name
    if Path(name).is_absolute() or ".." in Path(name).parts:
        raise ValueError(f"{name}: leads out of the folder")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)
    place.chmod(mode)


def share(folder: Path, parent: Path) -> None:
    """Let the course's group write in a folder, in those below it, and in the one it will stand in."""
    for place in [parent, folder, *(p for p in folder.rglob("*") if p.is_dir())]:
        place.chmod(stat.S_IMODE(place.stat().st_mode) | 0o2770)


def place(graded: Path) -> None:
    """Bring the staged folder to its place, in one step; what stood there is removed after it."""
    staged = beside(graded, "staged")
    if not graded.exists():
        staged.rename(graded)
        return
    if not exchange(staged, graded):
        old = beside(graded, "writing")
        clear(old)
        graded.rename(old)
        staged.rename(graded)
        clear(old)
    clear(staged)


def unfinished(graded: Path) -> bool:
    """Tell whether a run ended between the gradebook's rows and this folder."""
    return beside(graded, "staged").exists()


def drop(graded: Path) -> None:
    """Remove what was staged for a place."""
    clear(beside(graded, "staged"))


def beside(graded: Path, word: str) -> Path:
    """Return a hidden, short name beside a folder, one for each folder and word."""
    digest = hashlib.sha256(os.fsencode(graded.name)).hexdigest()[:16]
    return graded.with_name(f".{word}-{digest}")


def clear(folder: Path) -> None:
    """Remove a folder, or what stands in its place, if anything does."""
    if folder.is_symlink() or folder.is_file():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)


def exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; return False where the system cannot.

    Source: renameat2(2), Linux 3.15, glibc 2.28.
    """
    library = ctypes.CDLL(None, use_errno=True)
    call = getattr(library, "renameat2", None)
    if call is None:
        return False
    done = call(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE)
    if done == 0:
        return True
    number = ctypes.get_errno()
    if number in NO_EXCHANGE:
        return False
    raise OSError(number, os.strerror(number), str(one), None, str(other))
