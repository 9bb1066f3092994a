"""Remove hidden tests and marking schemes from what students see: cells, tracebacks, messages.

The hidden lines are those between nbgrader's delimiters `### BEGIN HIDDEN TESTS` and
`### END HIDDEN TESTS`, or between a course's own. The message of a test about a wrong answer stays:
what it expected, what it got, and the hint.

No process that runs students' code has the source of an isolated test, so nothing that students
print can show it. Their outputs are not searched for it either: what was missing then would tell
them what is hidden. Only the lines of in-process tests are replaced here. What an isolated test
itself prints is without hidden lines already, see `nbgrader_isolate.bridge.cells`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from nbgrader_isolate.bridge.hidden_lines import HIDDEN, HIDDEN_LINE, is_revealing
from nbgrader_isolate.core.models import ISOLATED, METADATA, NotebookJSON
from nbgrader_isolate.notebook.safe_text import join_text
from nbgrader_isolate.notebook.sanitize import is_student_cell

Json = dict[str, Any]

BEGIN, END = HIDDEN
"""nbgrader's default delimiters; a course can set others in `c.ClearHiddenTests`.

They count in any case, because the settings may be those of another course.
"""
MARKS = "BEGIN MARK SCHEME", "END MARK SCHEME"
"""The same for the marking scheme of a task, in `c.ClearMarkScheme`."""
INSIDE, EDGE = "inside", "edge"

_SOURCE_LINE = re.compile(r"(?:-+>|\s+)\s*(?:\d+(?:[ \t]+(.*)|$)|\(\.\.\.\)|(?<=>))")
"""A line of source in IPython's tracebacks.

Examples: "----> 3 assert f(2) == 4", "      4 y = 2", "   (...)    9 "; an arrow on its own is one.
"""


@dataclass(frozen=True)
class HiddenTestDelimiters:
    """The words that begin and end hidden tests in the source of a grade cell.

    `marks` are those around the marking scheme of a task. No page shows that either: it may contain
    a model answer, and a student who hands in nothing gets a page, too.
    """

    begin: str = BEGIN
    end: str = END
    marks: tuple[str, str] = MARKS

    @property
    def words(self) -> set[str]:
        """All words around hidden tests."""
        return {self.begin, self.end, BEGIN, END}

    def split(self, source: str) -> tuple[str, list[str]]:
        """Return the visible part of a source, and its hidden lines.

        A region without an end is hidden up to the last line.
        """
        pairs = (self.begin, self.end), (BEGIN, END)
        lines = [*regions("\n".join(self.without_marks(source)), pairs)]
        hidden = [line for line, where in lines if where == INSIDE]
        return "\n".join(line for line, where in lines if not where).rstrip(), hidden

    def without_marks(self, source: str) -> Iterator[str]:
        """Yield the lines of a source that are not of a marking scheme."""
        return (line for line, where in regions(source, (self.marks, MARKS)) if not where)


def regions(source: str, pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the lines of a source, and where they are: `INSIDE` a region, at its `EDGE`, or "".

    A region ends with the word that belongs to its first one.
    """
    awaited: set[str] = set()
    for line in source.split("\n"):
        if ends := {end for begin, end in pairs if begin in line}:
            awaited = awaited or ends
            yield line, EDGE
        elif any(end in line for _, end in pairs):
            awaited = set() if any(end in line for end in awaited) else awaited
            yield line, EDGE
        else:
            yield line, INSIDE if awaited else ""


def without_hidden_tests(
    notebook: NotebookJSON, delimiters: HiddenTestDelimiters | None = None
) -> NotebookJSON:
    """Return a copy of an executed notebook that shows no hidden test.

    Parameters
    ----------
    notebook : NotebookJSON
        Executed; its outputs are as `sanitize.inert` returns them.
    delimiters : HiddenTestDelimiters, optional
        nbgrader's own by default.

    Returns
    -------
    NotebookJSON
        In grade cells with hidden tests, tracebacks keep only those lines of source that students
        can see anyway. In outputs and messages, `HIDDEN_LINE` stands for each line that contains a
        hidden line of an in-process test.
    """
    delimiters = delimiters or HiddenTestDelimiters()
    parts = [_split(cell, delimiters) for cell in notebook["cells"]]
    hidden = frozenset(
        revealing
        for cell, (_, lines) in zip(notebook["cells"], parts, strict=True)
        if not _is_isolated(cell)
        for line in lines
        if (revealing := _revealing_part(line))
    )
    visible = frozenset(line.strip() for source, _ in parts for line in source.split("\n"))
    marks = delimiters.words if hidden else set()
    metadata = dict(notebook["metadata"])
    if isinstance(noted := metadata.get(METADATA), dict) and "messages" in noted:
        everywhere = LineFilter(hidden - visible | marks, None)
        messages = [everywhere.text(join_text(one)) for one in noted["messages"]]
        metadata[METADATA] = noted | {"messages": messages}
    return notebook | {
        "metadata": metadata,
        "cells": [
            _filtered(
                cell, source, LineFilter(hidden - visible | marks, visible if lines else None)
            )
            for cell, (source, lines) in zip(notebook["cells"], parts, strict=True)
        ],
    }


def _split(cell: Json, delimiters: HiddenTestDelimiters) -> tuple[str, list[str]]:
    source = join_text(cell["source"])
    return (source, []) if is_student_cell(cell) else delimiters.split(source)


def _is_isolated(cell: Json) -> bool:
    """Return whether a grade cell ran where no student's code can see it."""
    record = cell["metadata"].get(METADATA)
    return isinstance(record, dict) and record.get("mode") == ISOLATED


def _revealing_part(line: str) -> str:
    """Return a hidden line without indentation, or "" if the line reveals nothing."""
    return line.strip() if is_revealing(line) else ""


@dataclass(frozen=True)
class LineFilter:
    """Replaces hidden lines in outputs.

    Parameters
    ----------
    hidden : frozenset of str
        Lines that must not be shown, without indentation.
    visible : frozenset of str or None
        In a cell with hidden tests, the only source lines that a traceback may show.
    """

    hidden: frozenset[str]
    visible: frozenset[str] | None

    def text(self, text: str) -> str:
        """Return `text` with a replacement for each line that contains a hidden line."""
        if not self._reveals(text):
            return text
        return "\n".join(HIDDEN_LINE if self._reveals(line) else line for line in text.split("\n"))

    def traceback(self, lines: list[str]) -> list[str]:
        """Return a traceback without source lines that are hidden or not known to be visible."""
        return [line for line in "\n".join(lines).split("\n") if self._may_stay(line)]

    def _may_stay(self, line: str) -> bool:
        if self._reveals(line):
            return False
        source = _SOURCE_LINE.match(line)
        if self.visible is None or source is None:
            return True
        return bool(source[1]) and source[1].strip() in self.visible

    def _reveals(self, line: str) -> bool:
        return any(hidden in line for hidden in self.hidden)


def filter_of(sources: Iterable[str], delimiters: HiddenTestDelimiters) -> LineFilter:
    """Return what replaces the hidden lines of tests in texts that all may see.

    Parameters
    ----------
    sources : iterable of str
        Of in-process tests, whose lines the student's process can read.
    delimiters : HiddenTestDelimiters
    """
    hidden = (line for source in sources for line in delimiters.split(source)[1])
    lines = {part for line in hidden if (part := _revealing_part(line))}
    marks = delimiters.words if lines else set()
    return LineFilter(frozenset(lines | marks), None)


def _filtered(cell: Json, source: str, lines: LineFilter) -> Json:
    filtered = cell | {"source": source}
    record = cell["metadata"].get(METADATA)
    if isinstance(record, dict) and record.get("message"):
        record = record | {"message": lines.text(record["message"])}
        filtered["metadata"] = cell["metadata"] | {METADATA: record}
    if "outputs" in cell:
        filtered["outputs"] = [_filtered_output(output, lines) for output in cell["outputs"]]
    return filtered


def _filtered_output(output: Json, lines: LineFilter) -> Json:
    filtered = dict(output)
    if output["output_type"] == "stream":
        filtered["text"] = lines.text(join_text(output["text"]))
    elif output["output_type"] == "error":
        filtered["ename"] = lines.text(output["ename"])
        filtered["evalue"] = lines.text(output["evalue"])
        filtered["traceback"] = lines.traceback(output["traceback"])
    elif "text/plain" in output.get("data", {}):
        text = lines.text(join_text(output["data"]["text/plain"]))
        filtered["data"] = output["data"] | {"text/plain": text}
    return filtered
