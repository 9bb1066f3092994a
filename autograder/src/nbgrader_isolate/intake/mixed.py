"""Downloads in which some names look like a platform's and others do not: which of them count.

Where students name the files themselves, one of them can make any number that look like another
platform's, also with classmates' names. So if either reading finds students of the course, nothing
is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from nbgrader_isolate.core.errors import GraderError
from nbgrader_isolate.core.text import printable
from nbgrader_isolate.intake.blackboard import BLACKBOARD
from nbgrader_isolate.intake.canvas import CANVAS_NAME
from nbgrader_isolate.intake.google import GOOGLE
from nbgrader_isolate.intake.moodle import MOODLE_NAME
from nbgrader_isolate.intake.platforms import BRIGHTSPACE

SHOWN = 5


def is_platforms(
    platform: str,
    named: Collection[str],
    people: int,
    others: Collection[str],
    known: Callable[[str], bool],
) -> bool:
    """Return whether a download is of a platform, by the students of the course and by most names.

    Parameters
    ----------
    platform : str
    named : collection of str
        What is at the top of the download under a name that the platform may have written.
    people : int
        How many people those are.
    others : collection of str
        What is there under another name.
    known : callable
        Tells whether a name is that of a student of the course.

    Raises
    ------
    GraderError
        If there are students of the course among both, or if it is so of none, and about as many
        names look like the platform's as do not.
    """
    if not named or 4 * people <= people + len(others):
        return False
    if not others:
        return True
    here, elsewhere = (
        any(known(name) for top in tops for name in names_in(top)) for tops in (named, others)
    )
    if here != elsewhere:
        return here
    if not here and people > len(others):
        return True
    raise GraderError(two_kinds(platform, sorted(named), sorted(others)))


def names_in(top: str) -> set[str]:
    """Return whom the name of a file or a folder may name, in any form that is known."""
    stem, _, end = top.rpartition(".")
    matches = [form.fullmatch(top) for form in (MOODLE_NAME, CANVAS_NAME, BRIGHTSPACE, GOOGLE)]
    names = {match["name"] for match in matches if match}
    if match := BLACKBOARD.fullmatch(top):
        names |= user_names(match["head"])
    return names | {stem if stem and end.casefold() in ("ipynb", "zip") else top}


def user_names(head: str) -> set[str]:
    """Return what may be the name of a user in what Blackboard puts before the time."""
    parts = head.split("_")
    return {"_".join(parts[cut:]) for cut in range(1, len(parts))}


def two_kinds(platform: str, named: list[str], others: list[str]) -> str:
    """Return the names of both kinds that were seen, and how to say which of them count."""
    lines = [f"like {platform}'s:", *rows(named), "not like that:", *rows(others)]
    table = "\n".join(f"  {line}" for line in lines)
    return (
        f"{len(named)} of {len(named) + len(others)} names in the download look like {platform}'s, "
        f"such as {printable(named[0])}, and others do not, such as {printable(others[0])}:\n"
        f"{table}\nRemove those that do not belong there, or say with --pattern how names are to "
        "be read, for names such as Ada Lovelace - hw.ipynb "
        "'(.+/)?(?P<student>[^/]+?) - (?P<file>[^/]+)'."
    )


def rows(names: list[str]) -> list[str]:
    """Return the first names, and how many more there are."""
    more = [f"  and {len(names) - SHOWN} more"] if len(names) > SHOWN else []
    return [*(f"  {printable(name)}" for name in names[:SHOWN]), *more]
