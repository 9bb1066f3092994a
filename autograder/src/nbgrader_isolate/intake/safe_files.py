"""The files of a stranger's folder: names, and what reads each. No link is followed, at any step of a path."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath

from nbgrader_isolate.core.text import format_size, has_lone_surrogate

MOST_FILES = 2000
"""Names that are looked at in one submission."""
DEEPEST = 4
"""Folders within folders that are looked into."""
NEVER = {"__MACOSX", "__pycache__"}
"""Folders that hold no submission; nor do hidden ones."""
OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Refused(Exception):  # noqa: N818 - it is the file that is refused
    """A file that is not taken, and in one line why."""


@dataclass(frozen=True)
class Entry:
    """A file of a submission.

    Parameters
    ----------
    name : str
        Its path in the submission, with `/`.
    read : callable
        Takes the most bytes that it may have, and returns them all; raises `Refused`.
    """

    name: str
    read: Callable[[int], bytes]

    @property
    def last(self) -> str:
        """The name without folders."""
        return PurePosixPath(self.name).name


@contextmanager
def opened_folder(
    folder: Path, refused: dict[str, str], most: int = MOST_FILES
) -> Iterator[list[Entry]]:
    """Look at a folder; its files can be read as long as it is open.

    Parameters
    ----------
    folder : Path
    refused : dict of str to str
        Filled with the names of what is not taken, and why.
    most : int
        How many files are looked at.

    Raises
    ------
    Refused
        If the folder itself cannot be read.
    """
    try:
        top = os.open(folder, OPEN | os.O_DIRECTORY)
    except OSError as error:
        raise Refused(reason(error)) from None
    try:
        entries = list(islice(walk(top, top, "", refused, most), most + 1))
        if len(entries) > most:
            refused["(more)"] = f"only {most} files are looked at"
        yield entries[:most]
    finally:
        os.close(top)


def walk(top: int, folder: int, prefix: str, refused: dict[str, str], most: int) -> Iterator[Entry]:
    """Yield the regular files below an open folder, in order of their names."""
    with os.scandir(folder) as scan:
        found = sorted(islice(scan, most + 1), key=lambda entry: entry.name)
    for each in found:
        name = prefix + each.name
        if each.name.startswith(".") or each.name in NEVER:
            continue
        if has_lone_surrogate(name):
            refused[name] = "its name is not UTF-8"
        elif each.is_symlink():
            refused[name] = "is a link, and links are not followed"
        elif each.is_dir(follow_symlinks=False):
            yield from below(top, name, refused, most)
        elif not each.is_file(follow_symlinks=False):
            refused[name] = "is no regular file"
        else:
            yield Entry(name, reader(top, name))


def below(top: int, name: str, refused: dict[str, str], most: int) -> Iterator[Entry]:
    """Yield the regular files of a folder in the submission."""
    if name.count("/") >= DEEPEST:
        refused[f"{name}/"] = f"is more than {DEEPEST} folders deep"
        return
    with ExitStack() as stack:
        try:
            folder = step_down(top, name, os.O_DIRECTORY, stack)
        except OSError as error:
            refused[f"{name}/"] = reason(error)
            return
        yield from walk(top, folder, f"{name}/", refused, most)


def step_down(top: int, name: str, flags: int, stack: ExitStack) -> int:
    """Open a path from an open folder, name by name; the stack closes what was opened."""
    *folders, last = name.split("/")
    at = top
    for part in folders:
        at = os.open(part, OPEN | os.O_DIRECTORY, dir_fd=at)
        stack.callback(os.close, at)
    at = os.open(last, OPEN | flags, dir_fd=at)
    stack.callback(os.close, at)
    return at


def reader(top: int, name: str) -> Callable[[int], bytes]:
    """Return what reads a file below an open folder."""

    def read(most: int) -> bytes:
        with ExitStack() as stack:
            try:
                return whole(step_down(top, name, 0, stack), most)
            except OSError as error:
                raise Refused(reason(error)) from None

    return read


def whole(file: int, most: int) -> bytes:
    """Return all bytes of an open regular file, unless it has more than `most`."""
    state = os.fstat(file)
    if not stat.S_ISREG(state.st_mode):
        raise Refused("is no regular file")
    if state.st_size > most:
        raise Refused(f"is {format_size(state.st_size)}; the limit is {format_size(most)}")
    with os.fdopen(file, "rb", closefd=False) as stream:
        data = stream.read(most + 1)
    if len(data) > most:
        raise Refused(f"grew to more than {format_size(most)} while it was read")
    return data


def reason(error: OSError) -> str:
    """Return why the system refused, in words."""
    if error.errno in (errno.ELOOP, errno.ENOTDIR):
        return "is a link or stands behind one, and links are not followed"
    return f"cannot be read: {os.strerror(error.errno or 0)}"
