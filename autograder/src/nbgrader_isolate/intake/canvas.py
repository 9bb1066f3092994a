"""The names of files in a download of Canvas: whose each is, and what the student called it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence

from nbgrader_isolate.gradebook.roster import Submitter
from nbgrader_isolate.intake.attributions import Attribution, Reader, in_order

CANVAS_NAME = re.compile(
    r"(?P<name>[^_/]+)_(?P<late>LATE_)?(?P<number>\d+)_(?P<attachment>\d+)_"
    r"(?P<file>[^/]+?)(?P<count>-\d+)?(?P<end>\.\w+)?"
)
"""Canvas: `lovelaceada_LATE_1234_5678_hw-1.ipynb`; `-1` may count resubmissions."""


def canvas(paths: Sequence[str], folder: str, expected: Collection[str]) -> Reader:
    """Return a reader of Canvas' files.

    A number at the end of a name may be Canvas' own, which counts resubmissions, or part of the
    name. It is part of the name if the assignment has a file of that name, or if a student has
    handed in several that differ only by it.

    Parameters
    ----------
    paths : sequence of str
    folder : str
        The folder around everything, or "".
    expected : collection of str
        Names of the assignment's own files.
    """
    own_names = {name.casefold() for name in expected}
    counts: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for path in paths:
        if match := CANVAS_NAME.fullmatch(path.removeprefix(folder)):
            counts[without_count(match)].add(match["count"] or "")

    def read(path: str) -> Attribution | None:
        match = CANVAS_NAME.fullmatch(path.removeprefix(folder))
        if not match:
            return None
        late, attachment = match["late"] or "", match["attachment"]
        short = match["file"] + (match["end"] or "")
        full = match["file"] + (match["count"] or "") + (match["end"] or "")
        numbered = counts[without_count(match)]
        is_part = full.casefold() in own_names or (
            short.casefold() not in own_names and len(numbered) > 1 and "" not in numbered
        )
        return Attribution(
            Submitter(match["name"], match["number"], permanent=True),
            full if is_part else short,
            place=f"{match['name']}_{late}{match['number']}_{attachment}_",
            attempt=in_order(attachment),
            late=bool(late),
        )

    return read


def without_count(match: re.Match[str]) -> tuple[str, str]:
    """Return the student's number, and the name of a file without a number at its end."""
    return match["number"], (match["file"] + (match["end"] or "")).casefold()
