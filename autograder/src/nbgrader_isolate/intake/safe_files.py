"""The files in a stranger's folder: their names, and how to read each. No link is ever followed."""

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

MAX_FILES = 2000
"""Files that are read in one submission."""
MAX_LISTED = 200_000
"""Names side by side at the top of a download."""
MAX_IN_FOLDER = 10 * MAX_FILES
"""Files in one of the folders side by side in a download."""
MAX_DEPTH = 4
"""Levels of folders that are searched in a submission that is graded."""
MAX_LEVELS = 32
"""Folders around a file in a download; functions that create folders call themselves for each."""
IGNORED_FOLDERS = {"__MACOSX", "__pycache__"}
"""Folders that never contain a submission; hidden folders are ignored too."""
OPEN_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class FileRefusedError(Exception):
    """A file that is not read; the message says why in one line."""


@dataclass(frozen=True)
class Entry:
    """A file in a submission.

    Parameters
    ----------
    name : str
        Its path in the submission, with `/`.
    read : callable
        Takes the maximum size in bytes and returns the contents, or raises `FileRefusedError`.
    """

    name: str
    read: Callable[[int], bytes]

    @property
    def basename(self) -> str:
        """The name without folders."""
        return PurePosixPath(self.name).name


@contextmanager
def open_folder(
    folder: Path,
    refused: dict[str, str],
    max_files: int = MAX_FILES,
    max_levels: int = MAX_DEPTH,
) -> Iterator[list[Entry]]:
    """List the files in a folder; they can be read as long as it is open.

    Parameters
    ----------
    folder : Path
    refused : dict of str to str
        Filled with the names of files that are not read, and why.
    max_files : int
        How many files are listed.
    max_levels : int
        How many folders may be around a file.

    Raises
    ------
    FileRefusedError
        If the folder itself cannot be read.
    """
    with open_top(folder) as top:
        walker = Walker(top, refused, max_files, max_levels)
        entries = list(islice(walker.walk(top, ""), max_files + 1))
        if len(entries) > max_files:
            refused["(more)"] = f"only the first {max_files} files are read"
        yield entries[:max_files]


@contextmanager
def open_download_folder(folder: Path, refused: dict[str, str]) -> Iterator[list[Entry]]:
    """List the files in a platform's download; they can be read as long as it is open.

    Parameters
    ----------
    folder : Path
    refused : dict of str to str
        Filled with the names of what is not read, and why. If one of the folders side by side has
        too many files, it is not read, and the others are.

    Raises
    ------
    FileRefusedError
        If the folder itself cannot be read.
    """
    with open_top(folder) as top:
        yield list(walk_download(top, top, "", refused))


@contextmanager
def open_top(folder: Path) -> Iterator[int]:
    """Open a folder, and close it in the end."""
    try:
        top = os.open(folder, OPEN_FLAGS | os.O_DIRECTORY)
    except OSError as error:
        raise FileRefusedError(explain(error)) from None
    try:
        yield top
    finally:
        os.close(top)


def walk_download(top: int, folder: int, prefix: str, refused: dict[str, str]) -> Iterator[Entry]:
    """Yield the files below an open folder; the only folder at the top is looked into first."""
    found = listed(folder, MAX_LISTED)
    if len(found) > MAX_LISTED:
        raise FileRefusedError(f"contains more than {MAX_LISTED} files and folders")
    folders = [each for each in found if each.is_dir(follow_symlinks=False)]
    around = folders[0] if len(folders) == 1 and prefix.count("/") < MAX_DEPTH else None
    for each in found:
        if each is around and not has_lone_surrogate(each.name):
            with ExitStack() as stack:
                try:
                    inner = open_path(folder, each.name, os.O_DIRECTORY, stack)
                except OSError as error:
                    refused[f"{prefix}{each.name}/"] = explain(error)
                    continue
                yield from walk_download(top, inner, f"{prefix}{each.name}/", refused)
            continue
        notes: dict[str, str] = {}
        walker = Walker(top, notes, MAX_IN_FOLDER, MAX_LEVELS)
        entries = list(islice(walker.look_into(folder, each, prefix), MAX_IN_FOLDER + 1))
        if len(entries) > MAX_IN_FOLDER:
            reason = f"contains more than {MAX_IN_FOLDER} files, and none of them was collected"
            refused[f"{prefix}{each.name}/"] = reason
        else:
            refused |= notes
            yield from entries


def listed(folder: int, max_files: int) -> list[os.DirEntry[str]]:
    """Return what is in an open folder, in order of the names, without what is never read."""
    with os.scandir(folder) as scan:
        seen = (
            each
            for each in scan
            if not each.name.startswith(".") and each.name not in IGNORED_FOLDERS
        )
        return sorted(islice(seen, max_files + 1), key=lambda entry: entry.name)


@dataclass(frozen=True)
class Walker:
    """Finds the regular files below an open folder.

    Parameters
    ----------
    top : int
        The descriptor of the folder. It stays open until the files are read.
    refused : dict of str to str
        Filled with the names of what is not read, and why.
    max_files : int
        How many files are listed in each folder.
    max_levels : int
        How many folders may be around a file.
    """

    top: int
    refused: dict[str, str]
    max_files: int
    max_levels: int

    def walk(self, folder: int, prefix: str) -> Iterator[Entry]:
        """Yield the files below an open folder, in order of their names."""
        for each in listed(folder, self.max_files):
            yield from self.look_into(folder, each, prefix)

    def look_into(self, folder: int, each: os.DirEntry[str], prefix: str) -> Iterator[Entry]:
        """Yield a file if it is a regular one, or the files in a folder."""
        name = prefix + each.name
        if has_lone_surrogate(name):
            self.refused[name] = "its name is not valid UTF-8"
        elif each.is_symlink():
            self.refused[name] = "is a link, and links are not followed"
        elif each.is_dir(follow_symlinks=False):
            yield from self.walk_subfolder(folder, each.name, name)
        elif not each.is_file(follow_symlinks=False):
            self.refused[name] = "is not a regular file"
        else:
            yield Entry(name, file_reader(self.top, name))

    def walk_subfolder(self, folder: int, own_name: str, name: str) -> Iterator[Entry]:
        """Yield the regular files in a folder of an open one."""
        if name.count("/") >= self.max_levels:
            self.refused[f"{name}/"] = f"is more than {self.max_levels} folders deep"
            return
        with ExitStack() as stack:
            try:
                inner = open_path(folder, own_name, os.O_DIRECTORY, stack)
            except OSError as error:
                self.refused[f"{name}/"] = explain(error)
                return
            yield from self.walk(inner, f"{name}/")


def open_path(top: int, name: str, flags: int, stack: ExitStack) -> int:
    """Open a path below an open folder, one name at a time; the stack closes the descriptors."""
    *folders, last = name.split("/")
    descriptor = top
    for part in folders:
        descriptor = os.open(part, OPEN_FLAGS | os.O_DIRECTORY, dir_fd=descriptor)
        stack.callback(os.close, descriptor)
    descriptor = os.open(last, OPEN_FLAGS | flags, dir_fd=descriptor)
    stack.callback(os.close, descriptor)
    return descriptor


def file_reader(top: int, name: str) -> Callable[[int], bytes]:
    """Return a function that reads a file below an open folder."""

    def read(max_bytes: int) -> bytes:
        with ExitStack() as stack:
            try:
                return read_all(open_path(top, name, 0, stack), max_bytes)
            except OSError as error:
                raise FileRefusedError(explain(error)) from None

    return read


def read_all(file: int, max_bytes: int) -> bytes:
    """Return all bytes of an open regular file, unless it has more than `max_bytes`."""
    state = os.fstat(file)
    if not stat.S_ISREG(state.st_mode):
        raise FileRefusedError("is not a regular file")
    if state.st_size > max_bytes:
        size, limit = format_size(state.st_size), format_size(max_bytes)
        raise FileRefusedError(f"is {size}; the limit is {limit}")
    with os.fdopen(file, "rb", closefd=False) as stream:
        data = stream.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise FileRefusedError(f"grew to more than {format_size(max_bytes)} while it was read")
    return data


def explain(error: OSError) -> str:
    """Return why the system refused to open or read a file."""
    if error.errno in (errno.ELOOP, errno.ENOTDIR):
        return "is a link or is behind one, and links are not followed"
    return f"cannot be read: {os.strerror(error.errno or 0)}"
