"""Cover what gives an answer away, until the reader has answered.

A question covers everything up to the next heading: what NumPy answers, the text that explains it,
and the questions that build on it. A quiz covers the cell with its answers. The page decides what
is open, because only the browser knows what its reader has answered (`web/static/covers.js`); this
module says where covers begin and end.
"""

from __future__ import annotations

import re
from copy import deepcopy
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbformat import NotebookNode

QUIZ = "quiz"
"""The key of the cover over the answers of a quiz, and the tag of its questions."""

DECK = 3
"""How many questions in a row, without an answer between them, are shown one at a time."""

HEADING = re.compile(r"#{2,6} \S")
FENCE = re.compile(r" {0,3}(```|~~~)")
# Cells with these tags are a part of their own, with or without a heading.
OWN_PART = {"rules", QUIZ, "generated"}
ASKS_AGAIN = re.compile(r"\bss\.(?:review|before_after)\(")


def cover_answers(cells: list[NotebookNode]) -> list[NotebookNode]:
    """Mark what is covered, in place, and return the cells.

    Each cell's `metadata.page` gets `starts` (no cover reaches into it from above), `gated` (it is
    below a cover) and `covered` (the key of the question that opens the cover that begins here, or
    None). A cell that contains a heading below a cover is split there, because the cover ends at
    the heading. Questions without answers between them get `deck` (`opens`, `goes on` or `ends`):
    the page shows one of them at a time.

    Parameters
    ----------
    cells : list of NotebookNode
        The cells of a lesson, with the facts from `course.render.cells`.
    """
    mark_decks(cells)
    waiting, result = list(reversed(cells)), []
    asked: str | None = None
    closed = ended = False
    while waiting:
        cell = waiting.pop()
        page = cell.metadata["page"]
        page["starts"] = ended or starts_part(cell)
        if page["starts"]:
            asked, closed = None, False
        elif (asked or closed) and (rest := take_from_heading(cell)):
            waiting.append(rest)
        page["gated"], page["covered"] = closed, None
        if "predict" in page["tags"]:
            asked = None if page["deck"] else page["key"]
        elif QUIZ in page["tags"]:
            asked = QUIZ
        elif asked:
            page["covered"], asked, closed = asked, None, True
        ended = bool(page.get("ends"))
        result.append(cell)
    return result


def starts_part(cell: NotebookNode) -> bool:
    """Return whether what comes before a cell says nothing about it."""
    page = cell.metadata["page"]
    if cell.cell_type == "markdown":
        titled = HEADING.match(cell.source.lstrip())
        return bool(titled or page.get("opens") or OWN_PART & set(page["tags"]))
    return "predict" not in page["tags"] and bool(ASKS_AGAIN.search(cell.source))


def take_from_heading(cell: NotebookNode) -> NotebookNode | None:
    """Cut a Markdown cell off before its first heading; return the rest, or None."""
    if cell.cell_type != "markdown":
        return None
    lines = cell.source.splitlines(keepends=True)
    fenced = False
    for k, line in enumerate(lines):
        fenced ^= bool(FENCE.match(line))
        if not fenced and HEADING.match(line):
            rest = deepcopy(cell)
            if "id" in cell:
                rest["id"] = f"{cell['id'][:60]}-{k}"
            cell.source, rest.source = "".join(lines[:k]), "".join(lines[k:])
            cell.metadata["page"].pop("ends", None)
            return rest
    return None


def mark_decks(cells: list[NotebookNode]) -> None:
    """Mark questions that follow each other: where their deck opens and ends."""
    for cell in cells:
        cell.metadata["page"]["deck"] = ""
    for asks, run in groupby(cells, lambda cell: "predict" in cell.metadata["page"]["tags"]):
        deck = list(run)
        if asks and len(deck) >= DECK:
            for k, cell in enumerate(deck):
                place = "opens" if k == 0 else "ends" if k == len(deck) - 1 else "goes on"
                cell.metadata["page"]["deck"] = place
