"""Which names each test of a notebook passes on to later cells in the other process."""

from __future__ import annotations

import builtins
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nbgrader_isolate.bridge.cell_records import cell_record
from nbgrader_isolate.bridge.sources import own_names
from nbgrader_isolate.core.models import IN_PROCESS, ISOLATED
from nbgrader_isolate.notebook.ipython_syntax import parse_python
from nbgrader_isolate.notebook.name_flow import (
    Flow,
    binds,
    flows,
    imports,
    independent_part,
    names_needed,
    needs,
)

if TYPE_CHECKING:
    from nbformat import NotebookNode

HIDDEN = "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"
"""Words in the lines around hidden lines."""


LONGEST_PARSED = 100_000
"""Characters of a student's cell that is parsed; a longer one gets all names that occur in it.

So does one with magics: IPython takes minutes to read a cell with hundreds of them.
"""


def flows_to_student(cells: Sequence[NotebookNode]) -> list[Flow]:
    """Return what the student's kernel gets of each isolated test when that has run.

    The instructor's own cells decide that: those that run in the student's kernel, and the
    reference solutions, whose needs are in the records. A submission cannot ask for more than what
    the visible lines of a test import, and so it never sees the data of a test that no such cell
    uses, or a hidden line.
    """
    modes = [cell_record(cell).get("mode") for cell in cells]
    sources = [
        cell.source if mode == ISOLATED else None for cell, mode in zip(cells, modes, strict=True)
    ]
    visible = [source and visible_part(source) for source in sources]
    imported = {name for source in visible if source for name in imports(source)}
    imported -= {name for source in sources if source for name in binds(source) - imports(source)}
    own: list[set[str]] = []
    students: list[set[str]] = []
    for cell, mode in zip(cells, modes, strict=True):
        record = cell_record(cell)
        names: set[str] = set(record.get("needs", ()))
        asked: set[str] = set()
        if record.get("owner") == "instructor":
            names |= needs(cell.source) if mode != ISOLATED else set()
        elif used := names_in(cell.source, imported):
            short = len(cell.source) <= LONGEST_PARSED
            tree = parse_python(cell.source) if short else None
            asked = used if tree is None else names_needed(tree) & used
        own.append(names)
        students.append(asked)
    found = flows(sources, own)
    for number, flow in enumerate(flows(visible, students) if imported else ()):
        if flow.source and flow.source not in found[number].source:
            both = f"{flow.source}\n{found[number].source}".rstrip()
            found[number] = Flow(both, found[number].names)
    return found


def visible_part(source: str) -> str:
    """Return the lines of a test that students can read."""
    lines, hidden = [], False
    for line in source.split("\n"):
        hidden = (hidden or HIDDEN[0] in line) and HIDDEN[1] not in line
        lines.append("" if hidden else line)
    return "\n".join(lines)


def names_in(source: str, names: set[str]) -> set[str]:
    """Return those names that occur in a text, so that most cells need not be parsed."""
    text = source if source.isascii() else unicodedata.normalize("NFKC", source)
    return {name for name in names if name in text}


def names_held_first(cells: Sequence[NotebookNode], student_names: Sequence[str]) -> set[str]:
    """Return the student's names that one of the instructor's cells binds first.

    They are the instructor's until the cell whose solution takes them, and so are names of
    Python's own functions. If that is not known of one of the cells, none is returned. If a
    solution is unknown, a name that one of the instructor's cells reads first is the student's.
    """
    held = vars(builtins).keys() & set(student_names)
    taken: set[str] = set()
    unknown = any(cell_record(cell).get("unknown") for cell in cells)
    for cell in cells:
        record = cell_record(cell)
        if record.get("owner") == "instructor":
            taken |= needs(cell.source) - held if unknown else set()
            held |= own_names([cell.source]).intersection(student_names) - taken
        elif record.get("takes") is None:
            return set()
        else:
            taken.update(record["takes"])
    return held


def unclaimed_names(cells: Sequence[NotebookNode], student_names: Sequence[str]) -> set[str]:
    """Return the student's names of which no stub and no known solution says that they are."""
    found = [cell_record(cell) for cell in cells]
    if not any(record.get("unknown") for record in found):
        return set()
    claimed = {name for record in found for name in record.get("takes") or ()}
    return {*student_names} - claimed


def repeated_in_tests(
    cells: Sequence[NotebookNode], student_names: Sequence[str], last_test: int
) -> list[str]:
    """Return what the test process repeats of each in-process test: what it defines by itself.

    Parameters
    ----------
    cells : sequence of NotebookNode
    student_names : sequence of str
        A statement that uses one of these is not repeated.
    last_test : int
        The number of the last isolated test.
    """
    repeated = [""] * len(cells)
    wanted: set[str] = set()
    foreign = frozenset(student_names)
    for number in reversed(range(last_test + 1)):
        record, source = cell_record(cells[number]), cells[number].source
        if record.get("owner") != "instructor":
            continue
        if record.get("mode") != IN_PROCESS:
            wanted |= needs(source)
        elif names := wanted & binds(source):
            repeated[number] = independent_part(source, frozenset(names), foreign)
            wanted |= needs(repeated[number])
    return repeated
