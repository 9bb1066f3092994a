"""`make start-over`: a fresh copy of an exercise; the student's old copy gets another name."""

from __future__ import annotations

import os
import shutil
from itertools import count
from pathlib import Path

from course.core.paths import Folders
from course.exercises.check import handed_out
from course.exercises.workspace import is_unchanged


def start_over(
    folders: Folders, assignment: str, task: str | None = None
) -> list[tuple[Path, Path]]:
    """Put fresh copies into `work/`, and keep the old ones in `work/kept/`.

    Parameters
    ----------
    folders : Folders
        The checkout.
    assignment : str
        Its name, such as `02-strides`.
    task : str, optional
        One task; without it, the whole assignment.

    Returns
    -------
    list of (Path, Path)
        Each fresh copy, and where the old one is kept. Copies that are unchanged since they were
        handed out are left alone.
    """
    done = []
    for given in handed_out(folders, assignment, task):
        mine = folders.work / "exercises" / assignment / given.name
        if mine.is_file() and is_unchanged(mine, given):
            continue
        kept = keep(folders, mine) if os.path.lexists(mine) else None
        mine.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(given, mine)
        done.append((mine, kept or mine))
    for shared in (folders.exercises / assignment).glob("*.py"):
        copy = folders.work / "exercises" / assignment / shared.name
        copy.parent.mkdir(parents=True, exist_ok=True)
        if copy.is_file() and copy.read_bytes() != shared.read_bytes():
            keep(folders, copy)
        shutil.copy(shared, copy)
    return done


def keep(folders: Folders, file: Path) -> Path:
    """Copy a file of `work/exercises/` to the first free name in `work/kept/`; return that path."""
    below = file.relative_to(folders.work / "exercises")
    for number in count(1):
        kept = folders.work / "kept" / below.parent / f"{file.stem}-{number}{file.suffix}"
        kept.parent.mkdir(parents=True, exist_ok=True)
        try:
            kept.touch(exist_ok=False)  # reserves the name, even if two commands run at a time
        except FileExistsError:
            continue
        if file.is_file():
            shutil.copy2(file, kept)
        else:
            file.replace(kept)
        return kept
    raise AssertionError
