"""The notebook that is graded: the instructor's, with only the source text of the student's cells laid in.

The order, the metadata and the tests are the plan's. Of the submission come the sources of solution cells and of
answers that a person marks, by `grade_id`, and cells that the student added. Where a student edited a plain cell
of the instructor's, the instructor's stands first, so that the test kernel keeps its names, and the student's version follows
it in the student's kernel.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from nbgrader_isolate.core.models import METADATA, CellRecord, NotebookPlan, Notice
from nbgrader_isolate.core.text import encodable, join_names, printable
from nbgrader_isolate.notebook.ast_queries import imports_of
from nbgrader_isolate.notebook.cells import is_solution, is_test, name_of
from nbgrader_isolate.notebook.parse import to_notebook_node

if TYPE_CHECKING:
    from nbformat import NotebookNode

Cell = dict[str, Any]


def rebuild(plan: NotebookPlan, submitted: NotebookNode | None) -> tuple[NotebookNode, list[str]]:
    """Lay a student's answers into the instructor's notebook.

    Parameters
    ----------
    plan : NotebookPlan
    submitted : NotebookNode or None
        As `parse` returns it; None: nothing was handed in.

    Returns
    -------
    NotebookNode
        Each cell carries a `CellRecord` as `metadata.nbgrader_isolate`: its owner, and the mode of a test.
    list of str
        What a person should know of the submission, one sentence each; a `Notice` where no review is needed.
    """
    base = plan.notebook["cells"]
    matched = match(base, submitted["cells"] if submitted is not None else [])
    cells: list[Cell] = [added(cell) for cell in matched.before]
    for index, cell in enumerate(base):
        cells.append(laid(cell, matched.at.get(index), plan))
        cells += [added(extra) for extra in matched.after.get(index, [])]
    number(cells, base)
    findings = [*parse_findings(submitted), *findings_of(plan, matched), *unfit(cells)]
    for cell in cells:
        cell["source"] = encodable(cell["source"])
    metadata = copy.deepcopy(plan.notebook.get("metadata", {}))
    made = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}
    return to_notebook_node(made), findings


@dataclass
class Match:
    """Which submitted cell answers which cell of the plan.

    Parameters
    ----------
    at : dict of int to dict
        By the index of the plan's cell: the submitted one.
    after : dict of int to list of dict
        By the index of the plan's cell: what the student added behind it.
    before : list of dict
        What the student added above the first cell.
    twice : list of str
        Answers that stand there again, and differ.
    same : list of str
        Answers that stand there again, word for word.
    by_id : list of str
        Solution cells that had lost their nbgrader metadata.
    """

    at: dict[int, Cell] = field(default_factory=dict)
    after: dict[int, list[Cell]] = field(default_factory=dict)
    before: list[Cell] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    by_id: list[str] = field(default_factory=list)


def match(base: list[Cell], submitted: list[Cell]) -> Match:
    """Find for each submitted cell its place among the plan's cells."""
    found = Match()
    places = Places(base)
    homes = [places.of(cell, found) for cell in submitted]
    last: int | None = None
    for cell, home in zip(submitted, homes, strict=True):
        if home is TWICE:
            continue
        if home is not None:
            last = home
            if edited(base[home], cell):
                found.after.setdefault(home, []).append(cell)
        elif last is None:
            found.before.append(cell)
        else:
            found.after.setdefault(behind(base, found.at, last), []).append(cell)
    return found


TWICE = -1
"""The home of a cell whose name stood there before: it has none."""


class Places:
    """The cells of a plan, to be claimed by submitted cells: by grade_id, by cell id, by their text."""

    def __init__(self, base: list[Cell]) -> None:
        self.base = base
        self.names = {name: i for i, cell in enumerate(base) if (name := name_of(cell))}
        self.ids = {cell["id"]: i for i, cell in enumerate(base) if "id" in cell}
        self.texts: dict[tuple[str, str], list[int]] = {}
        for i, cell in enumerate(base):
            if name_of(cell) is None:
                self.texts.setdefault(text_key(cell), []).append(i)

    def of(self, cell: Cell, found: Match) -> int | None:
        """Return the index of the plan's cell that a submitted cell is; None: the student added it."""
        name = name_of(cell)
        home = self.names.get(name) if name is not None else None
        if home is None:
            home = self.ids.get(cell.get("id", ""))
            if home is not None and home not in found.at and is_solution(self.base[home]):
                found.by_id.append(str(name_of(self.base[home])))
        if home is None:
            same = self.texts.get(text_key(cell), [])
            home = next((i for i in same if i not in found.at), None)
        if home is None:
            return None
        if home in found.at:
            return self.again(home, cell, found)
        found.at[home] = cell
        return home

    def again(self, home: int, cell: Cell, found: Match) -> int | None:
        """Say what a second cell of one name is: without a home, or (a plain one) added."""
        name = name_of(self.base[home])
        if name is None:
            return None
        if is_solution(self.base[home]):
            differs = cell["source"] != found.at[home]["source"]
            (found.twice if differs else found.same).append(name)
        return TWICE


def text_key(cell: Cell) -> tuple[str, str]:
    """Return by what a plain cell without an id is known again."""
    return cell["cell_type"], cell["source"].strip()


def edited(cell: Cell, submitted: Cell) -> bool:
    """Tell whether a student changed a plain cell of the instructor's."""
    plain = name_of(cell) is None
    return plain and text_key(cell) != text_key(submitted) and bool(submitted["source"].strip())


def behind(base: list[Cell], at: dict[int, Cell], last: int) -> int:
    """Return behind which cell of the plan an added cell stands.

    It stood behind the cell `last`. Plain cells of the instructor's that follow there and were not handed in
    (deleted, or edited in a notebook without ids) go first.
    """
    while last + 1 < len(base) and last + 1 not in at and name_of(base[last + 1]) is None:
        last += 1
    return last


def laid(cell: Cell, answer: Cell | None, plan: NotebookPlan) -> Cell:
    """Return a cell of the plan, with the student's source if it is theirs to write."""
    made = copy.deepcopy(cell)
    if is_solution(cell):
        made["source"] = "" if answer is None else answer["source"]
        if cell["cell_type"] != "code" and answer is not None and "attachments" in answer:
            made["attachments"] = copy.deepcopy(answer["attachments"])
        stub = cell["source"] if cell["cell_type"] == "code" else ""
        return recorded(made, CellRecord("student", imports=imports_of(stub)))
    mode = plan.modes.get(name_of(cell) or "") if is_test(cell) else None
    return recorded(made, CellRecord("instructor", mode))


def added(cell: Cell) -> Cell:
    """Return a cell that the student added: its kind, its source, its pictures."""
    made = {"cell_type": cell["cell_type"], "metadata": {}, "source": cell["source"]}
    if "attachments" in cell:
        made["attachments"] = copy.deepcopy(cell["attachments"])
    return recorded(made, CellRecord("student"))


def recorded(cell: Cell, record: CellRecord) -> Cell:
    """Write into a cell whose it is; a code cell has neither outputs nor a number."""
    cell["metadata"][METADATA] = asdict(record)
    if cell["cell_type"] == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell


def number(cells: list[Cell], base: list[Cell]) -> None:
    """Give the cells that have no id one that no other cell has, the same in every run."""
    taken = {cell["id"] for cell in base if "id" in cell}
    for index, cell in enumerate(cells, 1):
        if "id" not in cell:
            cell["id"] = free(f"{cell['metadata'][METADATA]['owner']}-{index}", taken)


def free(wish: str, taken: set[str]) -> str:
    """Return an id like the one wished for that is not taken, and take it."""
    while wish in taken:
        wish += "-"
    taken.add(wish)
    return wish


def parse_findings(submitted: NotebookNode | None) -> list[str]:
    """Return what `parse` had to say."""
    ours = submitted["metadata"].get(METADATA, {}) if submitted is not None else {}
    return list(ours.get("findings", []))


def findings_of(plan: NotebookPlan, matched: Match) -> Iterator[str]:
    """Say which answers are missing, stand there twice, or were found by their ids."""
    base = plan.notebook["cells"]
    missing = [
        str(name_of(cell))
        for index, cell in enumerate(base)
        if is_solution(cell) and index not in matched.at
    ]
    if missing:
        yield f"missing cells, taken as empty: {join_names(missing)}"
    if matched.twice:
        yield f"cells that stand there twice, of which the first counts: {join_names(matched.twice)}"
    if matched.same:
        yield Notice(
            f"cells that stand there twice, with the same text: {join_names(matched.same)}"
        )
    if matched.by_id:
        words = "cells without their nbgrader metadata, found by their ids"
        yield Notice(f"{words}: {join_names(matched.by_id)}")
    if changed := [i for i, cell in matched.at.items() if edited(base[i], cell)]:
        yield Notice(f"plain cells of the instructor's that were edited: {len(changed)}")


def unfit(cells: list[Cell]) -> Iterator[str]:
    """Say in which answers characters that are no text were replaced."""
    names = [
        printable(name_of(cell) or cell["id"])
        for cell in cells
        if encodable(cell["source"]) != cell["source"]
    ]
    if names:
        yield f"characters that are no text were replaced in: {join_names(names)}"
