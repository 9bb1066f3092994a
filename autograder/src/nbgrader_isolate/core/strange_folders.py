"""Measure and remove a folder that a stranger filled.

Folders may be nested so deep that a recursive function fails and a path is too long, and their
modes may forbid listing them. So every step goes through the descriptor of an open folder, and no
link is followed.
"""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

MAX_LEVELS = 100
"""Levels of folders that are measured: each needs an open descriptor."""
SMALLEST = 1024
"""Bytes that each entry counts for, at least."""
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class TooDeepError(Exception):
    """A folder is nested more than `MAX_LEVELS` levels deep."""


def size(folder: Path, enough: int | None = None) -> int:
    """Return the bytes that a folder's files take on the disk.

    Parameters
    ----------
    folder : Path
        If it does not exist, the size is 0.
    enough : int, optional
        Stop counting above this many bytes.

    Raises
    ------
    TooDeepError
        If folders in it are nested more than `MAX_LEVELS` levels deep.
    """
    total = 0
    levels: list[tuple[int, list[str]]] = []  # open folders, and the names not yet looked at
    try:
        _descend(levels, os.fspath(folder), None)
        while levels and (enough is None or total <= enough):
            parent, names = levels[-1]
            if not names:
                os.close(levels.pop()[0])
                continue
            name = names.pop()
            with contextlib.suppress(OSError):
                status = os.stat(name, dir_fd=parent, follow_symlinks=False)
                total += max(status.st_blocks * 512, SMALLEST)
                if stat.S_ISDIR(status.st_mode):
                    if len(levels) > MAX_LEVELS:
                        raise TooDeepError
                    _descend(levels, name, parent)
    finally:
        for opened, _ in levels:
            os.close(opened)
    return total


def _descend(levels: list[tuple[int, list[str]]], name: str, parent: int | None) -> None:
    """Open a folder and add it, with the names in it, to the folders that are being measured."""
    with contextlib.suppress(OSError):
        opened = open_folder(name, parent)
        levels.append((opened, []))
        levels[-1][1].extend(os.listdir(opened))  # noqa: PTH208 (a descriptor)


def open_folder(name: str, parent: int | None) -> int:
    """Open a folder, and make it readable for its owner first if its mode forbids that."""
    try:
        return os.open(name, _FOLDER, dir_fd=parent)
    except PermissionError:
        make_accessible(name, parent)
        return os.open(name, _FOLDER, dir_fd=parent)


def make_accessible(name: str, parent: int | None) -> None:
    """Give the owner of a folder all rights to it; a link in its place is an error."""
    handle = os.open(name, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=parent)
    try:
        Path(f"/proc/self/fd/{handle}").chmod(0o700)
    finally:
        os.close(handle)


def remove(folder: Path) -> bool:
    """Remove a folder and everything in it; return whether it is gone.

    Folders inside folders are first moved up, so that none is ever deeper than one level. What
    cannot be removed is left, and no error is raised.
    """
    with contextlib.suppress(OSError):
        make_accessible(os.fspath(folder), None)
    with contextlib.suppress(OSError):
        top = open_folder(os.fspath(folder), None)
        try:
            while _remove_level(top):
                pass
        finally:
            os.close(top)
        folder.rmdir()
    return not os.path.lexists(folder)


def _remove_level(top: int) -> bool:
    """Remove files in an open folder and its subfolders; return whether that changed anything."""
    changed = False
    for name in os.listdir(top):
        if _unlink(name, top):
            changed = True
            continue
        with contextlib.suppress(OSError):
            make_accessible(name, top)
            inner = open_folder(name, top)
            try:
                changed |= _move_up(inner, top)
            finally:
                os.close(inner)
            os.rmdir(name, dir_fd=top)
            changed = True
    return changed


def _move_up(inner: int, top: int) -> bool:
    """Remove the files in an open folder, and move its folders up; return whether any was there."""
    changed = False
    for name in os.listdir(inner):
        if _unlink(name, inner):
            changed = True
            continue
        with contextlib.suppress(OSError):
            make_accessible(name, inner)
            os.rename(name, _free_name(top), src_dir_fd=inner, dst_dir_fd=top)
            changed = True
    return changed


def _unlink(name: str, parent: int) -> bool:
    """Remove a file or a link; return False if it is a folder or cannot be removed."""
    with contextlib.suppress(OSError):
        os.unlink(name, dir_fd=parent)
        return True
    return False


def _free_name(top: int) -> str:
    """Return a name that does not occur in an open folder."""
    while True:
        name = f"moved-{os.urandom(8).hex()}"
        try:
            os.stat(name, dir_fd=top, follow_symlinks=False)
        except FileNotFoundError:
            return name
