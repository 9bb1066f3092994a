"""Carry the files of a submission into a child: packed into a memory file here, unpacked there.

No folder of the host is shared with a child, so nothing that it writes can reach the host's disk.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

MAX_FILES = 10_000
"""The largest number of files in one payload."""


class FilePayloadError(ValueError):
    """The files cannot be sent: they are too large or too many, or a name is not allowed."""


def pack(files: Mapping[str, bytes], limit: int) -> int:
    """Return the file descriptor of a sealed memory file with the files; the caller closes it.

    Parameters
    ----------
    files : mapping of str to bytes
        Contents by relative path, with `/`.
    limit : int
        The largest total size, in bytes.

    Raises
    ------
    FilePayloadError
        If the files exceed `limit`, or a name is absolute or contains `..`.
    """
    for name in files:
        _check(name)
    total = sum(len(data) for data in files.values())
    if total > limit or len(files) > MAX_FILES:
        raise FilePayloadError(
            f"{len(files)} files of {total} bytes; the limit is {MAX_FILES} files and {limit} bytes"
        )
    head = json.dumps([[name, len(data)] for name, data in files.items()]).encode()
    return pack_data(len(head).to_bytes(8, "little"), head, *files.values())


def pack_data(*parts: bytes) -> int:
    """Return the file descriptor of a sealed memory file with some bytes; the caller closes it."""
    fd = os.memfd_create("data", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    with open(fd, "wb", closefd=False) as payload:
        payload.writelines(parts)
    fcntl.fcntl(fd, fcntl.F_ADD_SEALS, fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW)
    return fd


def read_data(fd: int) -> bytes:
    """Return the bytes of a memory file, and close it."""
    with open(fd, "rb") as payload:
        payload.seek(0)
        return payload.read()


def unpack(fd: int, folder: Path) -> None:
    """Write the files of a payload into a folder, and close the payload.

    Raises
    ------
    FilePayloadError
        If a name is absolute or contains `..`.
    OSError
        If the folder is full.
    """
    with open(fd, "rb") as payload:
        payload.seek(0)
        size = int.from_bytes(payload.read(8), "little")
        for name, length in json.loads(payload.read(size)):
            _check(name)
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(payload.read(length))


def _check(name: str) -> None:
    path = PurePosixPath(name)
    if not path.parts or path.is_absolute() or ".." in path.parts or "\0" in name:
        raise FilePayloadError(f"{name!r} is not the name of a file in the kernel's folder")
