"""The sections of a notebook, their text and their minutes.

The search, the schedules and the cheat sheet use them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markdown_it.token import Token  # noqa: TC002 - beside its module

from course.content.lesson_header import cells_minutes
from course.core.headings import heading_anchor
from course.core.myst import tags

if TYPE_CHECKING:
    from nbformat import NotebookNode

# What the search should not find, or could not show: answers in folded boxes, displayed formulas.
UNREADABLE = re.compile(r"<details>.*?</details>|\$\$.*?\$\$", re.DOTALL)
FURTHER = "Further in"
# Names that a reader may search for: those of NumPy and of the instruments, as code writes them.
NAMES = re.compile(r"\b(?:np|ss)(?:\.\w+)+")


@dataclass
class Section:
    """A heading and everything below it, up to the next heading.

    Parameters
    ----------
    level : int
        1 for the title, 2 for a section, 3 for a subsection.
    heading : str
        Its text without markup.
    anchor : str
        Its anchor on the page and in JupyterLab.
    text : str
        The prose below it as plain text, without folded answers.
    names : dict
        The names from NumPy and the instruments in its visible code, in order (used as a set).
    minutes : float
        How long a newcomer needs for it; 0 in a folded box.
    """

    level: int
    heading: str
    anchor: str
    text: str = ""
    names: dict[str, None] = field(default_factory=dict)
    minutes: float = 0.0


def sections(notebook: NotebookNode) -> list[Section]:
    """Return the sections of a lesson, starting with the one under the title."""
    result: list[Section] = []
    for cell, minutes in zip(notebook.cells, cells_minutes(notebook.cells), strict=True):
        if "generated" in tags(cell):
            continue
        if cell.cell_type == "markdown":
            read_prose(cell, minutes, result)
        elif result:
            read_code(cell, minutes, result[-1])
    return result


def read_prose(cell: NotebookNode, minutes: float, result: list[Section]) -> None:
    """Add the text of a Markdown cell to the current section, and the sections that it starts."""
    parts = split(UNREADABLE.sub("", cell.source))
    words = sum(len(text.split()) for _, text in parts) or 1
    for heading, text in parts:
        if heading is not None:
            level, plain = heading
            result.append(Section(level, plain, heading_anchor(plain)))
        if result:
            here = result[-1]
            here.text = f"{here.text} {text}".strip()
            outside = here.heading.startswith(FURTHER)
            share = minutes * len(text.split()) / words
            here.minutes += 0 if outside else share


def read_code(cell: NotebookNode, minutes: float, here: Section) -> None:
    """Add the minutes of a code cell, and its names unless they would give an answer away."""
    here.minutes += minutes
    if "predict" not in tags(cell):
        here.names |= dict.fromkeys(NAMES.findall(cell.source))


def split(source: str) -> list[tuple[tuple[int, str] | None, str]]:
    """Return the parts of a Markdown text: its heading (level and text) or None, and its text."""
    parts: list[tuple[tuple[int, str] | None, list[str]]] = [(None, [])]
    level = 0
    for token in MarkdownIt("commonmark").enable("table").parse(source):
        if token.type == "heading_open":
            level = int(token.tag[1])
        elif token.type == "heading_close":
            level = 0
        elif token.type == "inline" and level:
            parts.append(((level, plain_of(token)), []))
        elif token.type == "inline":
            parts[-1][1].append(plain_of(token))
    return [(heading, " ".join(texts)) for heading, texts in parts if heading or texts]


def plain_of(inline: Token) -> str:
    """Return an inline token as plain text, without markup and the dollar signs of formulas."""
    return " ".join("".join(pieces(inline)).split())


def pieces(inline: Token) -> Iterator[str]:
    """Yield the texts of an inline token."""
    for child in inline.children or []:
        if child.type in ("text", "code_inline"):
            yield child.content if child.type == "code_inline" else child.content.replace("$", "")
        elif child.type in ("softbreak", "hardbreak"):
            yield " "


def main_sections(notebook: NotebookNode) -> dict[str, float]:
    """Return the title and second-level headings of a lesson with their minutes in total."""
    minutes: dict[str, float] = {}
    heading = None
    for section in sections(notebook):
        if section.level <= 2:  # noqa: PLR2004 - the title, and the sections
            heading = section.heading
        if heading is not None:
            minutes[heading] = minutes.get(heading, 0.0) + section.minutes
    return minutes
