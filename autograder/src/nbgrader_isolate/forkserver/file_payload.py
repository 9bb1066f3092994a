"""The files of a submission on their way into a child: packed into a memory file here, unpacked there.

No folder of the host is shared with a child, so nothing that it writes can reach the host's disk.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

NAMES = 10_000
"""Files in one parcel."""


class ParcelError(ValueError):
    """Files that cannot be sent: too large, too many, or a name that leads elsewhere."""


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
