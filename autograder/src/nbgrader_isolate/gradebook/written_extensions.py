"""Which extensions in the gradebook came from `accommodations.csv`, so that they can be taken back.

The gradebook does not say who wrote an extension, so `.autograder/extensions/` remembers ours.
"""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from nbgrader_isolate.core.atomic import default_mode, write_atomically


class WrittenExtensions:
    """The extensions that this program has written for one assignment.

    Parameters
    ----------
    state : Path
        The course's `.autograder/`.
    assignment : str
    """

    def __init__(self, state: Path, assignment: str) -> None:
        self.file = state / "extensions" / f"{assignment}.json"
        try:
            found = json.loads(self.file.read_bytes())
        except (OSError, ValueError):
            found = {}
        self.hours: dict[str, float] = found if isinstance(found, dict) else {}

    def is_ours(self, student: str, extension: timedelta | None) -> bool:
        """Tell whether an extension in the gradebook is the one that was written last."""
        hours = self.hours.get(student)
        return extension is not None and hours == extension / timedelta(hours=1)

    def note(self, student: str, granted: timedelta | None) -> None:
        """Remember what was written for a student; None if nothing is granted any more."""
        hours = None if granted is None else granted / timedelta(hours=1)
        if self.hours.get(student) == hours:
            return
        if hours is None:
            del self.hours[student]
        else:
            self.hours[student] = hours
        self.file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(self.file, json.dumps(self.hours).encode(), default_mode())
