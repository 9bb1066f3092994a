"""What the path of a file in a download says: whose it is, which attempt, when, where from."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from nbgrader_isolate.gradebook.roster import Submitter


@dataclass(frozen=True)
class Attribution:
    """What a platform says about one file.

    Parameters
    ----------
    submitter : Submitter
    file : str
        The name of the file in the submission; "" if the platform wrote it about an attempt.
    place : str
        What the platform writes before it; feedback with the same text before its name is taken
        back as that of the same student.
    attempt : str
        Of several files of a student with one name, the one with the greatest attempt is newest.
    whole : bool
        Whether files of earlier attempts are replaced even if the last one has none of that name.
    late : bool
        Whether the platform calls it late.
    time : datetime or None
        When it was submitted; without a zone, it is in the platform's own.
    others : tuple of Submitter
        Members of a group for which it was submitted, too.
    doubt : str
        Why nobody can tell which of the submitter's files count; "" if that is clear.
    """

    submitter: Submitter
    file: str
    place: str = ""
    attempt: str = ""
    whole: bool = False
    late: bool = False
    time: datetime | None = None
    others: tuple[Submitter, ...] = ()
    doubt: str = ""


Reader = Callable[[str], Attribution | None]
"""Reads a path; None if it names nobody."""


def in_order(attempt: str) -> str:
    """Return the number or time of an attempt so that later ones are greater as text."""
    return re.sub(r"\d+", lambda number: number[0].zfill(20), attempt)
