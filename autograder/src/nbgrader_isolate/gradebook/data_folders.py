"""The folders that a course lets every notebook read: `c.Limits.data_folders`."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from nbgrader_isolate.core.errors import GraderError
from nbgrader_isolate.core.text import printable
from nbgrader_isolate.gradebook.private_paths import private_paths

if TYPE_CHECKING:
    from traitlets.config import Config

SYSTEM = {f"/{name}" for name in ("", "etc", "home", "job", "root", "s", "server", "src", "tmp")}
SYSTEM |= {"/usr", "/var"}
"""Folders that are never data themselves, though a folder in them can be."""
DEVICES = ("/dev", "/proc", "/run", "/sys")
"""Folders that contain no data at all."""
SETTING = "c.Limits.data_folders"
MAX_ENTRIES = 100_000
"""Entries of a data folder that are looked at."""


def data_folders(names: Iterable[str], root: Path, config: Config) -> list[str]:
    """Return the absolute paths of the data folders of a course.

    Call `refuse_special_files` as well before a notebook can read them.

    Parameters
    ----------
    names : iterable of str
        As the course's configuration has them; relative ones begin in the course's folder.
    root : Path
        The course's folder.
    config : traitlets.config.Config
        Says where the course keeps what no notebook may see.

    Raises
    ------
    GraderError
        If one is not a folder, or shows more than data.
    """
    folders = list(dict.fromkeys(os.path.abspath(root / name) for name in names))  # noqa: PTH100
    for folder in folders:
        for reason in reasons_against(Path(folder), private_paths(root, config)):
            raise GraderError(f"{SETTING}: {printable(folder)} {reason}.")
    return folders


def refuse_special_files(folders: Iterable[str]) -> None:
    """Look through data folders, which takes a moment if they are large.

    Parameters
    ----------
    folders : iterable of str
        Their absolute paths.

    Raises
    ------
    GraderError
        If one of them contains a way to other programs.
    """
    for folder in folders:
        real = Path(folder).resolve()
        if special := special_file(real):
            name = printable(os.path.relpath(special, real))
            raise GraderError(
                f"{SETTING}: {printable(folder)} contains {name}, through which notebooks would "
                "reach other programs."
            )


def reasons_against(folder: Path, private: Iterable[str]) -> Iterator[str]:
    """Yield why notebooks cannot be shown a folder."""
    if not folder.is_dir():
        yield "is not a folder"
        return
    real = folder.resolve()
    if str(real) in SYSTEM:
        yield "contains more than data; name the folder with the data"
    if any(real.is_relative_to(place) for place in DEVICES):
        yield "contains no data"
    for path in private:
        if os.path.lexists(path) and Path(path).resolve().is_relative_to(real):
            yield f"contains {printable(path)}, which no notebook may see; name a folder beside it"


def special_file(folder: Path) -> str:
    """Return the path of a socket, pipe or device in a folder, or "" if there is none.

    A read-only mount does not keep anyone from connecting to a socket or writing into a pipe.
    """
    waiting, seen = [os.fspath(folder)], 0
    while waiting and seen < MAX_ENTRIES:
        with contextlib.suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                seen += 1
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                elif not (entry.is_file(follow_symlinks=False) or entry.is_symlink()):
                    return entry.path
    return ""
