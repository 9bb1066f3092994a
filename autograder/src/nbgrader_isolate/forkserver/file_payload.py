"""The files of a submission on their way into a child: packed into a memory file here, unpacked there.

No folder of the host is shared with a child, so nothing that it writes can reach the host's disk.
"""

from __future__ import annotations

import fcntl
import json
import os
import stat
from collections.abc import Mapping, Sequence
from fnmatch import fnmatch
from functools import partial
from pathlib import Path, PurePosixPath

NAMES = 10_000
"""Files in one parcel."""


class ParcelError(ValueError):
    """Files that cannot be sent: too large, too many, or a name that leads elsewhere."""


def read_folder(folder: Path, limit: int, leave_out: Sequence[str] = ()) -> dict[str, bytes]:
    """Return the regular files below a folder, by relative path; links are left out, not followed.

    Parameters
    ----------
    folder : Path
    limit : int
        Bytes that all files hold together.
    leave_out : sequence of str
        Patterns of names of files that are not read.

    Raises
    ------
    ParcelError
        When there is more than `limit`.
    """
    files: dict[str, bytes] = {}
    for here, _, names in os.walk(folder):
        for name in sorted(names):
            path = Path(here, name)
            data = None if any(map(partial(fnmatch, name), leave_out)) else _read(path, limit)
            if data is None:
                continue
            limit -= len(data)
            if limit < 0 or len(files) >= NAMES:
                raise ParcelError(f"{folder} holds more than a kernel may have on its disk")
            files[path.relative_to(folder).as_posix()] = data
    return files


def _read(path: Path, limit: int) -> bytes | None:
    """Return what a regular file holds, at most one byte more than `limit`; None of anything else."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    with open(fd, "rb") as handle:  # noqa: PTH123 (a descriptor, not a path)
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            return None
        return handle.read(limit + 1)


def pack(files: Mapping[str, bytes], limit: int) -> int:
    """Return the file descriptor of a sealed memory file that holds the files; the caller closes it.

    Parameters
    ----------
    files : mapping of str to bytes
        By relative path, with `/`.
    limit : int
        Bytes that all files hold together.

    Raises
    ------
    ParcelError
        When there is more than `limit`, or a name is absolute or leads upwards.
    """
    for name in files:
        _check(name)
    total = sum(len(data) for data in files.values())
    if total > limit or len(files) > NAMES:
        raise ParcelError(f"{len(files)} files of {total} bytes; {limit} bytes are the limit")
    head = json.dumps([[name, len(data)] for name, data in files.items()]).encode()
    fd = os.memfd_create("parcel", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    with open(fd, "wb", closefd=False) as parcel:
        parcel.writelines([len(head).to_bytes(8, "little"), head, *files.values()])
    fcntl.fcntl(fd, fcntl.F_ADD_SEALS, fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW)
    return fd


def unpack(fd: int, folder: Path) -> None:
    """Write the files of a parcel into a folder, and close the parcel.

    Raises
    ------
    ParcelError
        When a name is absolute or leads upwards.
    OSError
        When the folder is full.
    """
    with open(fd, "rb") as parcel:
        parcel.seek(0)
        size = int.from_bytes(parcel.read(8), "little")
        for name, length in json.loads(parcel.read(size)):
            _check(name)
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(parcel.read(length))


def _check(name: str) -> None:
    path = PurePosixPath(name)
    if not path.parts or path.is_absolute() or ".." in path.parts or "\0" in name:
        raise ParcelError(f"{name!r} is no name of a file in the kernel's folder")
