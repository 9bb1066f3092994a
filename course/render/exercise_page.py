"""What the page of an exercise shows: the cells of its notebook, in the form for reading."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from course.core.exercises import Kind
from course.render.errors import MathError
from course.render.markdown import PageMarkdown, highlight_code

if TYPE_CHECKING:
    from course.core.exercises import Exercise, Part

# What to do in JupyterLab. In a page, Check runs what is folded, buttons open the editor and copy
# parts, and there are no commands.
IN_JUPYTERLAB = re.compile(
    r"The next cell, which is folded, defines the checks [^.]*\. Run it[^.]*\.\s*"
    r"|Double-click the text to edit it\.\s*"
    r"|In the folder of the course, `make [^.]*\.\s*"
)


class ExerciseMarkdown(PageMarkdown):
    """Renders the Markdown cells of an exercise."""

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """Turn a link to the notebook of an exercise or a lesson into a link to its page."""
        stem, dot, rest = url.partition(".ipynb")
        lesson = stem.removeprefix("../../lessons/")
        if dot and (lesson in self._slugs or "lessons/" not in stem):
            url = f"{stem}.html{rest}"
        return super().link(text, url, title)


@dataclass
class Block:
    """One thing after the other on the page.

    Parameters
    ----------
    kind : str
        As the template knows it: that of the cell.
    part : Part
        The cell.
    html : str
        Its Markdown or its highlighted code.
    checked : bool
        For an answer: whether a visible test belongs to it.
    tests : list of Part
        For hidden tests: all that follow one another.
    """

    kind: str
    part: Part
    html: str = ""
    checked: bool = False
    tests: list[Part] = field(default_factory=list)


def blocks(exercise: Exercise, markdown: PageMarkdown) -> list[Block]:
    """Return what the page of an exercise shows.

    Parameters
    ----------
    exercise : Exercise
        The exercise as it is handed out.
    markdown : PageMarkdown
        Renders its Markdown cells.

    Raises
    ------
    MathError
        If a formula cannot be read.
    """
    made: list[Block] = []
    tested = {part.answer for part in exercise.of_kind(Kind.TEST)}
    for part in exercise.parts:
        if part.kind == Kind.LATER:
            if not made or made[-1].kind != Kind.LATER:
                made.append(Block(Kind.LATER, part))
            made[-1].tests.append(part)
        elif part.kind == Kind.PROSE:
            if html := prose(exercise, part, markdown):
                made.append(Block(Kind.PROSE, part, html))
        elif part.kind == Kind.TEXT:
            made.append(Block(Kind.TEXT, part))
        else:
            made.append(
                Block(part.kind, part, highlight_code(part.source), part.grade_id in tested)
            )
    return made


def prose(exercise: Exercise, part: Part, markdown: PageMarkdown) -> str:
    """Return a Markdown cell as HTML; empty if it only says which cells to run."""
    try:
        return markdown.to_html(IN_JUPYTERLAB.sub("", part.source), {}).strip()
    except ValueError as error:
        raise MathError(exercise.place, part.number, str(error)) from error
