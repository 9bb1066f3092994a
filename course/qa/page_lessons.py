"""Run lessons in the Python of a page, cell by cell as a page does, and keep what they show."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from course.core.myst import KEPT, tags
from course.qa.page_python import PagePython, PageRun

WORDS = re.compile(r"\w+")
V4: Any = nbformat.v4


@dataclass
class PageLesson:
    """A lesson that ran in the Python of a page.

    Parameters
    ----------
    notebook : NotebookNode
        The lesson with its outputs.
    recorded : dict of str to str
        The cells for which a page keeps the recorded output, by id, with the reason: the tag, or
        what a page lacks: a module, or a variable of such a cell.
    """

    notebook: NotebookNode
    recorded: dict[str, str] = field(default_factory=dict)

    def shown(self) -> NotebookNode:
        """Return the notebook with the cells alone that a page runs."""
        made: NotebookNode = V4.new_notebook(
            cells=[cell for cell in self.notebook.cells if cell.id not in self.recorded]
        )
        return made


def run_lesson(python: PagePython, file: Path, *, tagged: bool = False) -> PageLesson:
    """Run a lesson in a fresh Python.

    Parameters
    ----------
    python : PagePython
        It is started again, in the folder of the lessons.
    file : Path
        The notebook; it is read but never written.
    tagged : bool
        Whether to run also the cells that a page does not run because of their tags.
    """
    lesson = PageLesson(nbformat.read(file, as_version=4))
    cells = [cell for cell in lesson.notebook.cells if cell.cell_type == "code"]
    python.start()
    before: list[str] = []
    kept: list[str] = []
    for number, cell in enumerate(cells, start=1):
        cell.outputs = []
        if not tagged and (found := KEPT & tags(cell)):
            lesson.recorded[cell.id] = min(found)
            kept.append(cell.source)
            continue
        if not python.lives:
            python.start()
            for source in before:
                python.run(source)
        run = python.run(cell.source, f"cell {number}")
        cell.outputs = outputs_of(run)
        if missing := lacking(run, kept):
            lesson.recorded[cell.id] = missing
            kept.append(cell.source)
        if not run.ended:
            before.append(cell.source)
    return lesson


def lacking(run: PageRun, kept: Iterable[str]) -> str:
    """Return what a cell needs and a page does not have, as `web/live/truth.js` does."""
    if run.error is None:
        return ""
    missing, unknown = str(run.error["missing"]), str(run.error["unknown"])
    return missing or (unknown if any(unknown in WORDS.findall(text) for text in kept) else "")


def outputs_of(run: PageRun) -> list[NotebookNode]:
    """Return what a run showed as the outputs of a notebook, with each stream in one piece."""
    outputs: list[NotebookNode] = []
    streams: dict[str, NotebookNode] = {}
    for message in run.messages:
        if message["type"] == "display":
            data = {kind: value for kind, value in message["data"].items() if "/" in kind}
            outputs.append(V4.new_output("display_data", data=data))
        elif message["name"] in streams:
            streams[message["name"]].text += message["text"]
        else:
            made = V4.new_output("stream", name=message["name"], text=message["text"])
            streams[message["name"]] = made
            outputs.append(made)
    if run.error:
        outputs.append(error(run.error["name"], run.error["value"]))
    if run.ended:
        outputs.append(error("PythonEnded", run.ended))
    return outputs


def error(name: str, value: str) -> NotebookNode:
    """Return an error as a notebook holds it."""
    made: NotebookNode = V4.new_output("error", ename=name, evalue=value, traceback=[])
    return made


def run_lessons(python: PagePython, files: Iterable[Path]) -> dict[str, PageLesson]:
    """Run lessons one after the other; return them by slug."""
    return {file.stem: run_lesson(python, file) for file in files}
