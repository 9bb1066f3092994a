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
from nbgrader_isolate.intake.safe_files import MOST_FILES, NEVER, Entry, Refused

SHRINK = 200
"""A file that shrank to less than this part of its size is a bomb: notebooks shrink to a tenth."""
SMALL = 1 << 20
"""Bytes below which no shrinking is suspicious."""
MOST_BYTES = 4 << 30
"""All files of an archive, unpacked: a class of a thousand with 4 MB each."""
LOCAL_HEADER = 30
"""The least bytes before the content of a file in an archive."""
LEGACY = "cp437"
"""The encoding that zip files without UTF-8 names are read in."""


class Archive:
    """An open zip file, as entries of a submission.

    Parameters
    ----------
    file : zipfile.ZipFile
    """

    def __init__(self, file: zipfile.ZipFile) -> None:
        self.file = file

    def entries(self, refused: dict[str, str]) -> list[Entry]:
        """Return the files that can be read, and note the others."""
        infos = [info for info in self.file.infolist() if not info.is_dir()]
        if len(infos) > MOST_FILES * 10:
            raise Refused(f"holds {len(infos)} files, and at most {MOST_FILES * 10} are read")
        if (total := sum(info.file_size for info in infos)) > MOST_BYTES:
            raise Refused(
                f"would unpack to {format_size(total)}, and at most {format_size(MOST_BYTES)} are read"
            )
        kept: dict[str, Entry] = {}
        overlapping = set(overlaps(infos))
        for info in infos:
            name = readable_name(info)
            if ignored(name):
                continue
            twice = "stands there twice" if name in kept else ""
            lies = (
                "lies over another file in the archive" if info.header_offset in overlapping else ""
            )
            if why := fault(info, name) or lies or twice:
                refused[name] = why
                kept.pop(name, None)
            elif name not in refused:
                kept[name] = Entry(name, self.reader(info))
        return list(kept.values())

    def reader(self, info: zipfile.ZipInfo) -> Callable[[int], bytes]:
        """Return what reads one file, up to a size, whatever size the archive claims."""

        def read(most: int) -> bytes:
            if info.file_size > most:
                raise Refused(
                    f"has {format_size(info.file_size)}, and at most {format_size(most)} are read"
                )
            try:
                with self.file.open(info) as stream:
                    data = stream.read(most + 1)
            except (zipfile.BadZipFile, zlib.error, OSError, EOFError) as error:
                raise Refused(f"is damaged in the archive: {error}") from None
            except (NotImplementedError, RuntimeError):
                raise Refused("is packed in a way that is not read") from None
            if len(data) > most:
                raise Refused(f"has more than {format_size(most)}")
            return data

        return read


def overlaps(infos: list[zipfile.ZipInfo]) -> Iterator[int]:
    """Yield the places of files that lie over the next one: the same bytes would be unpacked again and again."""
    places = sorted((info.header_offset, info.compress_size) for info in infos)
    for (start, length), (behind, _) in pairwise(places):
        if start + LOCAL_HEADER + length > behind:
            yield start


@contextmanager
def opened(data: bytes | BinaryIO) -> Iterator[Archive]:
    """Open a zip file, from its bytes or from a file.

    Raises
    ------
    Refused
        If it is none.
    """
    try:
        file = zipfile.ZipFile(io.BytesIO(data) if isinstance(data, bytes) else data)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise Refused("is no zip file, or a damaged one") from None
    with file:
        yield Archive(file)


def readable_name(info: zipfile.ZipInfo) -> str:
    """Return a file's name; old packers write UTF-8 without saying so."""
    name = info.filename
    if not info.flag_bits & 0x800:
        with suppress(UnicodeEncodeError, UnicodeDecodeError):
            name = name.encode(LEGACY).decode("utf-8")
    return name.replace("\\", "/").removeprefix("./")


def ignored(name: str) -> bool:
    """Tell whether a file is hidden, or of a folder that holds no submission."""
    parts = PurePosixPath(name).parts
    return any((part.startswith(".") and part != "..") or part in NEVER for part in parts)


def fault(info: zipfile.ZipInfo, name: str) -> str:
    """Return why a file of an archive is not read; nothing if it is."""
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts or ":" in name or has_lone_surrogate(name):
        return "has a name that leads out of the archive"
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return "is a link or no regular file, and is not followed"
    if info.flag_bits & 0x1:
        return "is encrypted"
    if info.file_size > SMALL and info.file_size > SHRINK * max(info.compress_size, 1):
        return (
            f"would unpack from {format_size(info.compress_size)} to {format_size(info.file_size)}"
        )
    return ""
