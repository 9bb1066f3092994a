"""What may differ between the Python of a page and the native one: a list that can only shrink.

`tests/content/page_differences.yml` is a list of entries. Each has a reason, `why`, and under
`differ` what it is the reason of: where the difference is, and a part of what the page shows there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import yaml

from course.core.paths import ROOT

FILE = ROOT / "tests" / "content" / "page_differences.yml"


@dataclass(frozen=True)
class Difference:
    """Something that a page shows in another way.

    Parameters
    ----------
    where : str
        `01-shape-dtype-overflow: 3f2a` (a cell of a lesson) or `02-strides/ravel/bytes: edge` (a
        test of an answer).
    native, page : str
        What each shows.
    """

    where: str
    native: str
    page: str

    def __str__(self) -> str:
        """Return the first line that differs, from both sides."""
        lines = zip_longest(self.native.splitlines(), self.page.splitlines(), fillvalue="")
        native, page = next((pair for pair in lines if pair[0] != pair[1]), ("", ""))
        return f"{self.where}:\n  natively  {native!r}\n  in a page {page!r}"

    @property
    def own(self) -> str:
        """The lines that only the page shows, or the whole if it only lacks lines."""
        known = set(self.native.splitlines())
        return "\n".join(line for line in self.page.splitlines() if line not in known) or self.page


@dataclass(frozen=True)
class Listed:
    """An entry of the list for one place.

    Parameters
    ----------
    shows : str
        Part of what the page shows there.
    why : str
        The reason, a sentence.
    """

    shows: str
    why: str


def listed(file: Path = FILE) -> dict[str, Listed]:
    """Return the list, by place.

    Raises
    ------
    ValueError
        If a place is there twice, or an entry has no reason.
    """
    places: dict[str, Listed] = {}
    for entry in yaml.safe_load(file.read_text("utf-8")) or []:
        why = re.sub(r"\s+", " ", str(entry.get("why") or "")).strip()
        if len(why.split()) < 5 or not why.endswith("."):
            raise ValueError(f"{file.name}: give the reason as a sentence, not {why!r}")
        for where, shows in entry["differ"].items():
            if where in places:
                raise ValueError(f"{file.name} has {where} twice: remove one")
            places[where] = Listed(str(shows), why)
    return places


def objections(
    found: Iterable[Difference], compared: Iterable[str], allowed: dict[str, Listed]
) -> list[str]:
    """Return, in words, where the list and what was found disagree.

    Parameters
    ----------
    found : iterable of Difference
        What differs.
    compared : iterable of str
        All places that were compared.
    allowed : dict of str to Listed
        The list. Places on it that were not compared are not judged.
    """
    differ = {one.where: one for one in found}
    lines = []
    for where, one in differ.items():
        entry = allowed.get(where)
        if entry is None:
            lines.append(f"{one}\n  is not in {FILE.name}: mend the text or the test")
        elif entry.shows not in one.own:
            lines.append(f"{one}\n  {FILE.name} says {entry.shows!r}: mend it there")
    return lines + [
        f"{where} no longer differs in a page: remove it from {FILE.name}"
        for where in compared
        if where in allowed and where not in differ
    ]


def unknown(places: Iterable[str], allowed: dict[str, Listed]) -> list[str]:
    """Return, in words, what is on the list although there is no such place at all."""
    gone = set(allowed) - set(places)
    return [f"there is no {where} any more: remove it from {FILE.name}" for where in sorted(gone)]
