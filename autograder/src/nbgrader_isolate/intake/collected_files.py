"""The files of one student in a download: which attempt counts, and which names are refused."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from nbgrader_isolate.core.text import has_lone_surrogate
from nbgrader_isolate.gradebook.course import SUBMISSION_SECRET, TIMESTAMP
from nbgrader_isolate.intake.attributions import Attribution
from nbgrader_isolate.intake.lms_formats import folder_name_fault
from nbgrader_isolate.intake.platforms import GRADESCOPE_DATA
from nbgrader_isolate.intake.safe_files import MAX_LEVELS, Entry, FileRefusedError, open_folder
from nbgrader_isolate.intake.zip_archives import plain_path

NBGRADER_FILES = {TIMESTAMP, SUBMISSION_SECRET}
"""Files by which nbgrader knows when and by whom work was handed in; students cannot write them."""
GRADESCOPE_BYTES = 16 << 20


def zoned_time(attribution: Attribution) -> datetime | None:
    """Return when a file was submitted, in UTC; None unless the platform names a zone."""
    time = attribution.time
    return time.astimezone(UTC) if time and time.tzinfo else None


def gradescope_data(entries: list[Entry], folder: str) -> str:
    """Return the text of Gradescope's file about submissions, or "".

    Only a file beside the folders of all students is Gradescope's: students choose the names of
    files in their own.
    """
    for entry in entries:
        if entry.name == folder + GRADESCOPE_DATA:
            with suppress(FileRefusedError):
                return entry.read(GRADESCOPE_BYTES).decode("utf-8", "replace")
    return ""


def is_in_download(name: str) -> bool:
    """Return whether a refused name still says how a download is built: it is a path inside it."""
    outside = name.startswith("/") or ":" in name or has_lone_surrogate(name)
    return not outside and ".." not in name.split("/")


def newest_attempt(
    files: list[tuple[Attribution, Entry]],
) -> list[tuple[Attribution, Entry]]:
    """Return the files of a student's newest attempt.

    Platforms that name attempts replace all files of an earlier one. Canvas numbers files: of those
    with one name, the one with the greatest number is the newest.
    """
    if all(one.whole for one, _ in files):
        last = max(one.attempt for one, _ in files)
        return [(one, entry) for one, entry in files if one.attempt == last]
    newest: dict[str, str] = {}
    for one, entry in files:
        key = case_key(entry.name)
        newest[key] = max(newest.get(key, ""), one.attempt)
    return [(one, entry) for one, entry in files if one.attempt == newest[case_key(entry.name)]]


def case_key(name: str) -> str:
    """Return the name of a file as a case-insensitive file system sees it."""
    return name.casefold()


def check_file_name(name: str, counts: Counter[str]) -> None:
    """Check that a name is unique, not nbgrader's own, and inside the submission.

    Parameters
    ----------
    name : str
    counts : collections.Counter
        How often each `case_key` occurs in the submission.

    Raises
    ------
    FileRefusedError
    """
    if counts[case_key(name)] > 1:
        raise FileRefusedError("appears twice, or differs from another name only by case")
    parts = PurePosixPath(name).parts
    if PurePosixPath(name).is_absolute() or ".." in parts or not parts:
        raise FileRefusedError("has a name that points outside the submission")
    if case_key(plain_path(name)) in NBGRADER_FILES:
        raise FileRefusedError("is reserved: nbgrader records in it when and by whom work came")
    for part in parts:
        if fault := folder_name_fault(part):
            raise FileRefusedError(f"has a name that {fault}")


def read_existing(target: Path) -> dict[str, bytes] | None:
    """Return the files of an existing submission without nbgrader's own; None if unreadable."""
    refused: dict[str, str] = {}
    try:
        with open_folder(target, refused, max_levels=MAX_LEVELS) as entries:
            files = {
                entry.name: entry.read(1 << 30)
                for entry in entries
                if entry.name not in NBGRADER_FILES
            }
    except FileRefusedError:
        return None
    return None if refused else files
