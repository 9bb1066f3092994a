"""The line under a lesson's title: how long it takes, what it needs, what you can do afterwards."""

from __future__ import annotations

import math
import re

import nbformat
from nbformat import NotebookNode

from course.core.myst import tags, title_of

# Minutes: reading takes one for 150 words (slow, because the prose has figures in it). Running and
# reading a code cell takes three quarters, a prediction two and a half, playing with a workbench
# four, reading any other picture of memory one. A question tagged `quick` takes three quarters, and
# the cell that answers it a quarter. Folded code that draws nothing, such as the line with the
# versions, takes none, and folded boxes ("Further in") do not count.
WORDS_A_MINUTE = 150
OUTSIDE = {"further", "generated"}
MINUTES = {
    "cell": 0.75,
    "predict": 2.5,
    "quick": 0.75,
    "answer": 0.25,
    "workbench": 4.0,
    "picture": 1.0,
}
DRAW_NOTHING = {"scale"}


def add_head(notebook: NotebookNode) -> None:
    """Insert the folded line after the title, and store the same facts in `metadata.course`.

    The notebook is changed in place.
    """
    course = notebook.metadata.course
    course["title"] = title_of(notebook)
    course["minutes"] = minutes(notebook)
    head = nbformat.v4.new_markdown_cell(
        id="lesson-head", source=folded(course), metadata={"tags": ["generated"]}
    )
    notebook.cells.insert(1, head)


def folded(course: dict[str, object]) -> str:
    """Return the `<details>` element: minutes, required lessons, objectives."""
    needs, objectives = (
        [str(item) for item in value] if isinstance(value, list) else []
        for value in (course.get("needs"), course.get("objectives"))
    )
    needed = f"needs {', '.join(needs)}" if needs else "needs nothing before it"
    items = "\n".join(f"- {objective}" for objective in objectives)
    return (
        f"<details>\n<summary>{course['minutes']} min · {needed} · objectives</summary>\n\n"
        f"After this lesson you can\n\n{items}\n\n</details>"
    )


def minutes(notebook: NotebookNode) -> int:
    """Return how long a newcomer needs for the core of a lesson, rounded up to five minutes."""
    return to_fives(sum(cells_minutes(notebook.cells)))


def to_fives(total: float) -> int:
    """Return minutes rounded up to the next multiple of five."""
    return 5 * math.ceil(total / 5)


def cells_minutes(cells: list[NotebookNode]) -> list[float]:
    """Return the minutes for each cell; a cell may answer the short question before it."""
    before: list[set[str]] = [set(), *map(tags, cells)]
    return [
        cell_minutes(cell, answers_quick="quick" in asked)
        for cell, asked in zip(cells, before, strict=False)
    ]


def cell_minutes(cell: NotebookNode, *, answers_quick: bool = False) -> float:
    """Return the minutes for one cell; 0 if it is in a folded box."""
    if tags(cell) & OUTSIDE:
        return 0
    if cell.cell_type == "markdown":
        return len(core(cell.source).split()) / WORDS_A_MINUTE
    if "predict" in tags(cell):
        return MINUTES["quick" if "quick" in tags(cell) else "predict"]
    calls = re.findall(r"\bss\.(\w+)\(", cell.source)
    pictures = [call for call in calls if call not in DRAW_NOTHING]
    if not pictures and "hide-input" in tags(cell):
        return 0
    look = sum(MINUTES["workbench" if call == "workbench" else "picture"] for call in pictures)
    return MINUTES["answer" if answers_quick and not pictures else "cell"] + look


def core(source: str) -> str:
    """Return Markdown without its folded boxes and its markup."""
    unfolded = re.sub(r"<details>.*?</details>", "", source, flags=re.DOTALL)
    return re.sub(r"<[^>]+>|\]\([^)]*\)|[|*`#-]+", " ", unfolded)
