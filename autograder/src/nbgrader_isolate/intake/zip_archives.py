"""Zip files as students, Moodle and Canvas make them. Nothing is unpacked to disk."""

from __future__ import annotations

import io
import stat
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import pairwise
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from nbgrader_isolate.core.text import format_size, has_lone_surrogate, printable
from nbgrader_isolate.intake.safe_files import (
    IGNORED_FOLDERS,
    MAX_FILES,
    MAX_LEVELS,
    Entry,
    FileRefusedError,
)

MAX_RATIO = 200
"""Compression ratio above which a file counts as a zip bomb; notebooks shrink to a tenth."""
SMALL_FILE = 1 << 20
"""Size in bytes up to which no compression ratio is suspicious."""
MAX_BYTES = 4 << 30
"""Size of all files in a submission's archive, unpacked."""
MAX_TABLE = 4 << 20
"""Bytes of the table of contents of a submission's archive; Python needs ten times as many."""
MAX_DOWNLOAD_TABLE = 32 << 20
"""The same of a platform's download: a class of a thousand with 200 files each."""
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
"""The methods of compression that stop unpacking at a given size."""
UNUSUAL_METHOD = (
    "uses an unsupported compression method; make the zip file again with the usual one (deflate)"
)
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
        """Return the files of a submission that can be read.

        Parameters
        ----------
        refused : dict of str to str
            Filled with the names of the others, and why.

        Raises
        ------
        FileRefusedError
            If there are too many, or they would be too large.
        """
        infos = [one for one in self.infos() if not is_ignored(readable_name(one))]
        if len(infos) > MAX_FILES * 10:
            raise FileRefusedError(f"contains {len(infos)} files; the limit is {MAX_FILES * 10}")
        if (total := sum(info.file_size for info in infos)) > MAX_BYTES:
            size, limit = format_size(total), format_size(MAX_BYTES)
            raise FileRefusedError(f"would unpack to {size}; the limit is {limit}")
        return self.all_entries(refused)

    def infos(self) -> list[zipfile.ZipInfo]:
        """Return what the table of contents says of each file."""
        return [info for info in self.file.infolist() if not info.is_dir()]

    def all_entries(self, refused: dict[str, str]) -> list[Entry]:
        """Return the files that can be read, however many there are, as in a whole download."""
        infos = self.infos()
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
            except NotImplementedError:
                raise FileRefusedError(UNUSUAL_METHOD) from None
            except Exception as error:  # noqa: BLE001 (zipfile trusts what the archive says)
                reason = printable(str(error), 200)
                raise FileRefusedError(f"is damaged in the archive: {reason}") from None
            if len(data) > max_bytes:
                raise FileRefusedError(f"is larger than {format_size(max_bytes)}")
            return data

        return read


class BoundedReads:
    """A file that refuses to read more than some bytes at once.

    `zipfile` reads the table of contents in one piece, whatever size the archive claims for it.

    Parameters
    ----------
    file : BinaryIO
    max_bytes : int
    """

    def __init__(self, file: BinaryIO, max_bytes: int) -> None:
        self.file, self.max_bytes = file, max_bytes
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        """Return bytes as the file does.

        Raises
        ------
        FileRefusedError
            If they are more than allowed.
        """
        if size > self.max_bytes:
            limit = format_size(self.max_bytes)
            raise FileRefusedError(f"has a table of contents of more than {limit}")
        return self.file.read(size if size >= 0 else self.max_bytes)


def overlapping_offsets(infos: list[zipfile.ZipInfo]) -> Iterator[int]:
    """Yield the offsets of files that overlap the next one, whose bytes would be unpacked again."""
    places = sorted((info.header_offset, info.compress_size) for info in infos)
    for (start, length), (next_start, _) in pairwise(places):
        if start + LOCAL_HEADER + length > next_start:
            yield start


@contextmanager
def open_zip(data: bytes | BinaryIO, max_table: int = MAX_TABLE) -> Iterator[ZipArchive]:
    """Open a zip file.

    Parameters
    ----------
    data : bytes or BinaryIO
        Its bytes, or an open file.
    max_table : int
        Bytes that its table of contents may have.

    Raises
    ------
    FileRefusedError
        If it is not a zip file, or its table of contents is too large.
    """
    try:
        source = BoundedReads(io.BytesIO(data) if isinstance(data, bytes) else data, max_table)
        file = zipfile.ZipFile(cast("BinaryIO", source))
        source.max_bytes = sys.maxsize  # from here on, what reads a file limits it
    except FileRefusedError:
        raise
    except Exception:  # noqa: BLE001 (likewise)
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
    outside = name.startswith("/") or ".." in parts or ":" in name or has_lone_surrogate(name)
    special = stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG)
    for true, reason in (
        (outside, "has a name that points outside the archive"),
        (special, "is a link or another special file, and is not followed"),
        (len(parts) > MAX_LEVELS + 1, f"is more than {MAX_LEVELS} folders deep"),
        (info.flag_bits & 0x1, "is encrypted"),
        (info.compress_type not in METHODS, UNUSUAL_METHOD),
    ):
        if true:
            return reason
    if info.file_size > SMALL_FILE and info.file_size > MAX_RATIO * max(info.compress_size, 1):
        packed, unpacked = format_size(info.compress_size), format_size(info.file_size)
        return f"would expand from {packed} to {unpacked}"
    return ""
