"""A student's answers to exercises that have moved to another assignment since.

The answers are copied to the new place. The old files stay as they are.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

from course.core.cache import write_atomically
from course.core.exercises import load
from course.core.moved import EXERCISES
from course.exercises.check import written

if TYPE_CHECKING:
    from pathlib import Path

    from course.core.paths import Folders


def bring_over(folders: Folders) -> list[tuple[Path, Path]]:
    """Copy answers from the old place of an exercise to its new one.

    An exercise is copied if somebody has written into it and the new place is empty or as it was
    handed out. Nothing is overwritten that contains an answer.

    Parameters
    ----------
    folders : Folders
        The checkout.

    Returns
    -------
    list of (Path, Path)
        Each old file, and the copy.
    """
    done = []
    for old, new in EXERCISES.items():
        source, target, given = (
            folder / f"{place}.ipynb"
            for folder, place in (
                (folders.work / "exercises", old),
                (folders.work / "exercises", new),
                (folders.exercises, new),
            )
        )
        if not source.is_file() or not given.is_file() or is_written(target, given):
            continue
        if not is_written(source, given):
            continue
        write_atomically(target, in_place(source, given))
        for helper in given.parent.glob("*.py"):
            if not (copy := target.parent / helper.name).exists():
                shutil.copy(helper, copy)
        done.append((source, target))
    return done


def told(folders: Folders, copies: list[tuple[Path, Path]]) -> str:
    """Return the sentence about the copies; empty if there are none."""
    if not copies:
        return ""
    pairs = ", ".join(
        f"{old.parent.name}/{old.stem} to {folders.relative(new.parent)}/" for old, new in copies
    )
    return (
        f"Some exercises belong to another assignment now, so your answers were copied: {pairs}. "
        "Your old files are still there."
    )


def is_written(file: Path, given: Path) -> bool:
    """Return whether a notebook differs from the exercise in what a student writes.

    A file that cannot be read counts as written, and so does a link.
    """
    if file.is_symlink():
        return True
    if not file.is_file():
        return False
    try:
        return written(load(file)) != written(load(given))
    except ValueError:
        return True


def in_place(source: Path, given: Path) -> bytes:
    """Return the student's notebook with the new exercise's facts in its metadata.

    A notebook that cannot be read is returned as it is.
    """
    data = source.read_bytes()
    try:
        notebook: dict[str, Any] = json.loads(data)
        facts = load(given)["metadata"]["course"]
        notebook["metadata"]["course"] = facts
    except (ValueError, KeyError, TypeError):
        return data
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()
