"""Zip files as students, Moodle and Canvas make them. Nothing is unpacked to disk."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import pairwise
from pathlib import PurePosixPath
from typing import BinaryIO

from nbgrader_isolate.core.text import format_size, has_lone_surrogate
from nbgrader_isolate.intake.safe_files import (
    IGNORED_FOLDERS,
    MAX_FILES,
    Entry,
    FileRefusedError,
)

MAX_RATIO = 200
"""Compression ratio above which a file counts as a zip bomb; notebooks shrink to a tenth."""
SMALL_FILE = 1 << 20
"""Size in bytes up to which no compression ratio is suspicious."""
MAX_BYTES = 4 << 30
"""Size of all files in an archive, unpacked: a class of a thousand with 4 MB each."""
LOCAL_HEADER = 30
"""Minimum size of the header in front of each file in an archive, in bytes."""
LEGACY_ENCODING = "cp437"
"""Encoding of names in zip files that do not declare UTF-8."""


class ZipArchive:
    """An open zip file, with the entries of a submission.

    Parameters
    ----------
    file : zipfile.ZipFile
    """

    def __init__(self, file: zipfile.ZipFile) -> None:
        self.file = file

    def entries(self, refused: dict[str, str]) -> list[Entry]:
        """Return the files that can be read; `refused` is filled with the others, and why."""
        infos = [info for info in self.file.infolist() if not info.is_dir()]
        if len(infos) > MAX_FILES * 10:
            raise FileRefusedError(f"contains {len(infos)} files; the limit is {MAX_FILES * 10}")
        if (total := sum(info.file_size for info in infos)) > MAX_BYTES:
            size, limit = format_size(total), format_size(MAX_BYTES)
            raise FileRefusedError(f"would unpack to {size}; the limit is {limit}")
        entries: dict[str, Entry] = {}
        overlapping = set(overlapping_offsets(infos))
        for info in infos:
            name = readable_name(info)
            if is_ignored(name):
                continue
            reason = fault_of(info, name)
            if not reason and info.header_offset in overlapping:
                reason = "overlaps another file in the archive"
            if not reason and name in entries:
                reason = "appears twice in the archive"
            if reason:
                refused[name] = reason
                entries.pop(name, None)
            elif name not in refused:
                entries[name] = Entry(name, self.reader(info))
        return list(entries.values())

    def reader(self, info: zipfile.ZipInfo) -> Callable[[int], bytes]:
        """Return a function that reads one file up to a size, whatever size the archive claims."""

        def read(max_bytes: int) -> bytes:
            if info.file_size > max_bytes:
                size, limit = format_size(info.file_size), format_size(max_bytes)
                raise FileRefusedError(f"is {size}; the limit is {limit}")
            try:
                with self.file.open(info) as stream:
                    data = stream.read(max_bytes + 1)
            except (zipfile.BadZipFile, zlib.error, OSError, EOFError) as error:
                raise FileRefusedError(f"is damaged in the archive: {error}") from None
            except (NotImplementedError, RuntimeError):
                raise FileRefusedError("uses an unsupported compression method") from None
            if len(data) > max_bytes:
                raise FileRefusedError(f"is larger than {format_size(max_bytes)}")
            return data

        return read


def overlapping_offsets(infos: list[zipfile.ZipInfo]) -> Iterator[int]:
    """Yield the offsets of files that overlap the next one, whose bytes would be unpacked again."""
    places = sorted((info.header_offset, info.compress_size) for info in infos)
    for (start, length), (next_start, _) in pairwise(places):
        if start + LOCAL_HEADER + length > next_start:
            yield start


@contextmanager
def open_zip(data: bytes | BinaryIO) -> Iterator[ZipArchive]:
    """Open a zip file, from its bytes or from a file.

    Raises
    ------
    FileRefusedError
        If it is not a zip file.
    """
    try:
        file = zipfile.ZipFile(io.BytesIO(data) if isinstance(data, bytes) else data)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise FileRefusedError("is not a zip file, or is damaged") from None
    with file:
        yield ZipArchive(file)


def readable_name(info: zipfile.ZipInfo) -> str:
    """Return the name of a file; old programs write UTF-8 without declaring it."""
    name = info.filename
    if not info.flag_bits & 0x800:
        with suppress(UnicodeEncodeError, UnicodeDecodeError):
            name = name.encode(LEGACY_ENCODING).decode("utf-8")
    return plain_path(name.replace("\\", "/"))


def plain_path(name: str) -> str:
    """Return a path without parts that name nothing, so that each file has one name."""
    parts = [part for part in name.split("/") if part not in ("", ".")]
    return ("/" if name.startswith("/") else "") + "/".join(parts)


def is_ignored(name: str) -> bool:
    """Return whether a file is hidden, or in a folder that never contains a submission."""
    parts = PurePosixPath(name).parts
    return any((part.startswith(".") and part != "..") or part in IGNORED_FOLDERS for part in parts)


def fault_of(info: zipfile.ZipInfo, name: str) -> str:
    """Return why a file in an archive is not read, or "" if it is."""
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts or ":" in name or has_lone_surrogate(name):
        return "has a name that points outside the archive"
    file_type = stat.S_IFMT(info.external_attr >> 16)
    if file_type not in (0, stat.S_IFREG):
        return "is a link or another special file, and is not followed"
    if info.flag_bits & 0x1:
        return "is encrypted"
    if info.file_size > SMALL_FILE and info.file_size > MAX_RATIO * max(info.compress_size, 1):
        packed, unpacked = format_size(info.compress_size), format_size(info.file_size)
        return f"would expand from {packed} to {unpacked}"
    return ""
