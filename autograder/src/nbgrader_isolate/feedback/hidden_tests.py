"""Hidden tests out of what students are shown: out of the cells, out of tracebacks, out of messages.

Hidden are the lines between nbgrader's marks `### BEGIN HIDDEN TESTS` and `### END HIDDEN TESTS`. What a test says of
a wrong answer stays: what it expected, what it got, the hint.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from nbgrader_isolate.core.models import METADATA, NotebookJSON
from nbgrader_isolate.notebook.sanitize import is_student_cell, join_text

Json = dict[str, Any]

BEGIN = "BEGIN HIDDEN TESTS"
END = "END HIDDEN TESTS"
"""nbgrader's own marks; `c.ClearHiddenTests` may name others."""
TELLING = 6
"""A hidden line with fewer letters and digits says nothing by itself (`)`, `else:`)."""

# IPython's "----> 3 assert f(2) == 4", "      4 y = 2", "   (...)    9 "; an arrow alone is no line of its
_SOURCE = re.compile(r"(?:-+>|\s+)\s*(?:\d+(?:[ \t]+(.*)|$)|\(\.\.\.\)|(?<=>))")


@dataclass(frozen=True)
class Marks:
    """The words that begin and end hidden tests in the source of a grade cell."""

    begin: str = BEGIN
    end: str = END

    def split(self, source: str) -> tuple[str, list[str]]:
        """Return the visible part of a source, and its hidden lines; a region without an end is hidden to the last line."""
        visible, hidden, inside = [], [], False
        for line in source.split("\n"):
            if self.begin in line:
                inside = True
            elif self.end in line:
                inside = False
            elif inside:
                hidden.append(line)
            else:
                visible.append(line)
        return "\n".join(visible).rstrip(), hidden


def without_hidden_tests(notebook: NotebookJSON, marks: Marks | None = None) -> NotebookJSON:
    """Return a copy of an executed notebook that shows no hidden test.

    Parameters
    ----------
    notebook : NotebookJSON
        Executed; its outputs may be anything that `sanitise.inert` returns.
    marks : Marks, optional
        nbgrader's own by default.

    Returns
    -------
    NotebookJSON
        In grade cells with hidden tests, a traceback keeps those lines of source that the student can see anyway. No
        output of any cell keeps a hidden line, and no message in the metadata.
    """
    marks = marks or Marks()
    parts = [_split(cell, marks) for cell in notebook["cells"]]
    hidden = frozenset(
        telling for _, lines in parts for line in lines if (telling := _telling(line))
    )
    seen = frozenset(line.strip() for source, _ in parts for line in source.split("\n"))
    marked = {marks.begin, marks.end} if hidden else set()
    return notebook | {
        "cells": [
            _shown(cell, source, Filter(hidden - seen | marked, seen if lines else None))
            for cell, (source, lines) in zip(notebook["cells"], parts, strict=True)
        ]
    }


def _split(cell: Json, marks: Marks) -> tuple[str, list[str]]:
    source = join_text(cell["source"])
    return (source, []) if is_student_cell(cell) else marks.split(source)


def _telling(line: str) -> str:
    """Return a hidden line without its indentation, or nothing where it tells nothing."""
    return line.strip() if sum(map(str.isalnum, line)) >= TELLING else ""


@dataclass(frozen=True)
class Filter:
    """Drops hidden lines from outputs.

    Parameters
    ----------
    hidden : frozenset of str
        Lines that must not be shown, without indentation.
    seen : frozenset of str or None
        In a cell with hidden tests: the only source lines that a traceback may show.
    """

    hidden: frozenset[str]
    seen: frozenset[str] | None

    def text(self, text: str) -> str:
        """Return `text` without lines in which a hidden line stands."""
        if not self._tells(text):
            return text
        return "\n".join(line for line in text.split("\n") if not self._tells(line))

    def traceback(self, lines: list[str]) -> list[str]:
        """Return a traceback without lines of source that are hidden, or (`seen`) not known to be visible."""
        return [line for line in "\n".join(lines).split("\n") if self._may_stay(line)]

    def _may_stay(self, line: str) -> bool:
        if self._tells(line):
            return False
        source = _SOURCE.match(line)
        if self.seen is None or source is None:
            return True
        return bool(source[1]) and source[1].strip() in self.seen

    def _tells(self, line: str) -> bool:
        return any(hidden in line for hidden in self.hidden)


def _shown(cell: Json, source: str, keep: Filter) -> Json:
    made = cell | {"source": source}
    record = cell["metadata"].get(METADATA)
    if isinstance(record, dict) and record.get("message"):
        record = record | {"message": keep.text(record["message"])}
        made["metadata"] = cell["metadata"] | {METADATA: record}
    if "outputs" in cell:
        made["outputs"] = [_shown_output(output, keep) for output in cell["outputs"]]
    return made


def _shown_output(output: Json, keep: Filter) -> Json:
    made = dict(output)
    if output["output_type"] == "stream":
        made["text"] = keep.text(join_text(output["text"]))
    elif output["output_type"] == "error":
        made["evalue"] = keep.text(output["evalue"])
        made["traceback"] = keep.traceback(output["traceback"])
    elif "text/plain" in output.get("data", {}):
        text = keep.text(join_text(output["data"]["text/plain"]))
        made["data"] = output["data"] | {"text/plain": text}
    return made
