"""Downloads of Blackboard: files side by side, named after assignment and user."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

from nbgrader_isolate.core.errors import GraderError
from nbgrader_isolate.core.text import printable
from nbgrader_isolate.gradebook.roster import Submitter
from nbgrader_isolate.intake.attributions import Attribution, Reader
from nbgrader_isolate.intake.platforms import time_in

BLACKBOARD = re.compile(
    r"(?P<head>[^/]+?)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<file>[^/]+)|\.txt)"
)
"""`Homework 1_ada_attempt_2026-11-20-17-30-05_hw.ipynb`, and a `.txt` about each attempt."""


def common_start(names: Collection[str]) -> str:
    """Return the text with which all names begin."""
    first, last = min(names), max(names)
    same = (index for index, char in enumerate(first) if last[index : index + 1] != char)
    return first[: next(same, len(first))]


def assignment_prefix(heads: Collection[str], known: Callable[[str], bool]) -> tuple[str, bool]:
    """Return what Blackboard has put before the names of users, and whether that was not clear.

    It ends with one of the underscores in what all names begin with. User names may have
    underscores, too, so the students of the course tell which one it is.

    Raises
    ------
    GraderError
        If there are students behind several of them, or behind none of several.
    """
    shared = common_start(heads) if len(heads) > 1 else next(iter(heads))
    cuts = [shared[: at + 1] for at, char in enumerate(shared) if char == "_"]
    cuts = [cut for cut in cuts if all(len(head) > len(cut) for head in heads)]
    if len(cuts) < 2:  # noqa: PLR2004
        return "".join(cuts), False
    found = [cut for cut in cuts if any(known(head.removeprefix(cut)) for head in heads)]
    if len(found) == 1:
        return found[0], True
    names = " or ".join(printable(min(heads).removeprefix(cut)) for cut in (found or cuts)[:3])
    first = printable(re.escape(cuts[0]).replace(r"\ ", " ").replace("'", "."))
    rest = r"(?P<student>.+?)_attempt_(?P<attempt>[\d-]+)(_(?P<file>.+)|\.txt)"
    raise GraderError(
        f"Blackboard's names begin with {printable(shared)}, and it is not clear where the "
        f"user's name begins ({names}): the gradebook has "
        f"{'students of several of these names' if found else 'none of these students'}. Say it "
        f"with --pattern, for the first of these '(.+/)?{first}{rest}'."
    )


def blackboard(
    paths: Sequence[str], folder: str, known: Callable[[str], bool] = lambda _name: False
) -> Reader:
    """Return a reader of Blackboard's files; `known` tells whether a name is a student's."""
    matches = [BLACKBOARD.fullmatch(path.removeprefix(folder)) for path in paths]
    heads = {match["head"] for match in matches if match}
    prefix, was_unclear = assignment_prefix(heads, known)

    def read(path: str) -> Attribution | None:
        match = BLACKBOARD.fullmatch(path.removeprefix(folder))
        if not match:
            return None
        head = match["head"]
        return Attribution(
            Submitter(head.removeprefix(prefix), is_id=True, written=head if was_unclear else ""),
            match["file"] or "",
            place=f"{head}_attempt_{match['time']}_",
            attempt=match["time"],
            whole=True,
            time=time_in(match["time"], "%Y-%m-%d-%H-%M-%S"),
        )

    return read
