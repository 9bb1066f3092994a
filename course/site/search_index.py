"""The search index: a script that any page can load, even from `file://`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from course.core.exercises import Exercise, Kind
from course.core.scripts import text64
from course.site.sections import UNREADABLE, Section, split

NAME = "search-index.js"


@dataclass(frozen=True)
class Entry:
    """A place that the search can find.

    Parameters
    ----------
    page : str
        The path of the page in the site.
    where : str
        The name of the page in the list of results.
    anchor : str
        The place on the page.
    heading, text : str
        Its heading, and the text below it.
    """

    page: str
    where: str
    anchor: str
    heading: str
    text: str


def of_lesson(page: str, where: str, parts: Iterable[Section]) -> list[Entry]:
    """Return the entries of a lesson, one for each heading; its title leads to the top."""
    return [
        Entry(
            page,
            where,
            "text" if part.level == 1 else part.anchor,
            part.heading,
            " ".join([part.text, *part.names]).strip(),
        )
        for part in parts
    ]


def of_exercise(exercise: Exercise) -> Entry:
    """Return the entry of an exercise: its title, and its statement without code and hints."""
    prose = (part.source for part in exercise.parts if part.kind is Kind.PROSE)
    texts = [text for source in prose for _, text in split(UNREADABLE.sub("", source))]
    page = f"exercises/{exercise.place}.html"
    return Entry(page, "Exercise", "text", exercise.title, " ".join(texts).strip())


def script(entries: Iterable[Entry]) -> str:
    """Return the script that gives the index to the search.

    It is compressed here, because no server compresses files that are opened from a disk.
    """
    rows = [[e.page, e.where, e.anchor, e.heading, e.text] for e in entries]
    pages = list(dict.fromkeys((page, where) for page, where, *_ in rows))
    data = {
        "pages": pages,
        "places": [[pages.index((page, where)), *rest] for page, where, *rest in rows],
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f'self.searchIndex = "{text64(text.encode())}";\n'
