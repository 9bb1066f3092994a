"""Rebuild the graded notebook: the instructor's, with only the source of student cells in it.

The order, the metadata and the tests come from the plan. The submission contributes, by `grade_id`,
the sources of solution cells and of answers that a person grades, and the cells that the student
added. If a student edited a plain cell of the instructor's, the instructor's version comes first so
that the test process has its names, and the student's version follows it in the student's kernel.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
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
    """Put a student's answers into the instructor's notebook.

    Parameters
    ----------
    plan : NotebookPlan
    submitted : NotebookNode or None
        As `parse` returns it; None if nothing was handed in.

    Returns
    -------
    NotebookNode
        Each cell has a `CellRecord` as `metadata.nbgrader_isolate`: its owner, and the mode of a
        test.
    list of str
        Findings about the submission, one sentence each; those that need no review are `Notice`.
    """
    base = plan.notebook["cells"]
    match = match_cells(base, submitted["cells"] if submitted is not None else [])
    cells: list[Cell] = [added_cell(cell, plan) for cell in match.added_before]
    for index, cell in enumerate(base):
        cells.append(rebuilt_cell(cell, match.submitted.get(index), plan))
        cells += [added_cell(extra, plan) for extra in match.added_after.get(index, [])]
    assign_ids(cells, base)
    findings = [
        *parse_findings(submitted),
        *match_findings(plan, match),
        *encoding_findings(cells),
    ]
    for cell in cells:
        cell["source"] = encodable(cell["source"])
    metadata = copy.deepcopy(plan.notebook.get("metadata", {}))
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}
    return to_notebook_node(notebook), findings


@dataclass
class Match:
    """Which submitted cell corresponds to which cell of the plan.

    Parameters
    ----------
    submitted : dict of int to dict
        The submitted cells, by the index of the plan's cell.
    added_after : dict of int to list of dict
        The cells that the student added after a cell of the plan, by its index.
    added_before : list of dict
        The cells that the student added above the first cell.
    conflicting : list of str
        Names of answers that appear again with another text.
    duplicated : list of str
        Names of answers that appear again with the same text.
    copied : list of str
        Names of tests that the student copied to write something else; each copy counts as added.
    found_by_id : list of str
        Names of solution cells that had lost their nbgrader metadata.
    """

    submitted: dict[int, Cell] = field(default_factory=dict)
    added_after: dict[int, list[Cell]] = field(default_factory=dict)
    added_before: list[Cell] = field(default_factory=list)
    conflicting: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)
    copied: list[str] = field(default_factory=list)
    found_by_id: list[str] = field(default_factory=list)


def match_cells(base: list[Cell], submitted: list[Cell]) -> Match:
    """Find the plan's cell for each submitted cell, or the place of a cell that was added."""
    match = Match()
    index_of = CellIndex(base, Counter(map(name_of, submitted)))
    indices = [index_of.claim(cell, match) for cell in submitted]
    last: int | None = None
    for cell, index in zip(submitted, indices, strict=True):
        if index is DUPLICATE:
            continue
        if index is not None:
            last = index
            if is_edited(base[index], cell):
                match.added_after.setdefault(index, []).append(cell)
        elif last is None:
            match.added_before.append(cell)
        else:
            place = insertion_point(base, match.submitted, last)
            match.added_after.setdefault(place, []).append(cell)
    return match


DUPLICATE = -1
"""Index of a cell whose name an earlier cell has already; it is left out."""


class CellIndex:
    """The cells of a plan, which submitted cells claim by grade_id, by cell id or by their text."""

    def __init__(self, base: list[Cell], counts: Mapping[str | None, int]) -> None:
        self.base, self.counts = base, counts
        self.names = {name: i for i, cell in enumerate(base) if (name := name_of(cell))}
        self.ids = {cell["id"]: i for i, cell in enumerate(base) if "id" in cell}
        self.texts: dict[tuple[str, str], list[int]] = {}
        for i, cell in enumerate(base):
            if name_of(cell) is None:
                self.texts.setdefault(text_key(cell), []).append(i)

    def claim(self, cell: Cell, match: Match) -> int | None:
        """Return the index of a submitted cell in the plan, or None if the student added it."""
        name = name_of(cell)
        index = self.names.get(name) if name is not None else None
        if index is not None and self.is_used_copy(cell, self.base[index]):
            match.copied.append(str(name))
            return None
        if index is None:
            index = self.ids.get(cell.get("id", ""))
            if index is not None and index not in match.submitted and is_solution(self.base[index]):
                match.found_by_id.append(str(name_of(self.base[index])))
        if index is None:
            same_text = self.texts.get(text_key(cell), [])
            index = next((i for i in same_text if i not in match.submitted), None)
        if index is None:
            return None
        if index in match.submitted:
            return self.claim_again(index, cell, match)
        match.submitted[index] = cell
        return index

    def is_used_copy(self, cell: Cell, test: Cell) -> bool:
        """Return whether a student copied a test cell and wrote something of their own into it."""
        several = self.counts[name_of(cell)] > 1 and not is_solution(test)
        return several and bool({*own_lines(cell)} - {*own_lines(test)})

    def claim_again(self, index: int, cell: Cell, match: Match) -> int | None:
        """Return `DUPLICATE` for a second cell of one name; a plain cell counts as added."""
        name = name_of(self.base[index])
        if name is None:
            return None
        if is_solution(self.base[index]):
            differs = cell["source"] != match.submitted[index]["source"]
            (match.conflicting if differs else match.duplicated).append(name)
        return DUPLICATE


def own_lines(cell: Cell) -> list[str]:
    """Return the lines of a cell that are not empty, without spaces around them."""
    return [line.strip() for line in cell["source"].splitlines() if line.strip()]


def text_key(cell: Cell) -> tuple[str, str]:
    """Return the key by which a plain cell without an id is recognized."""
    return cell["cell_type"], cell["source"].strip()


def is_edited(cell: Cell, submitted: Cell) -> bool:
    """Return whether a student changed a plain cell of the instructor's."""
    plain = name_of(cell) is None
    return plain and text_key(cell) != text_key(submitted) and bool(submitted["source"].strip())


def insertion_point(base: list[Cell], submitted: dict[int, Cell], last: int) -> int:
    """Return the index of the plan's cell after which an added cell goes.

    In the submission it came after the cell `last`. If plain cells of the instructor's follow that
    cell and were not handed in (deleted, or edited in a notebook without ids), they go first.
    """
    while last + 1 < len(base) and last + 1 not in submitted and name_of(base[last + 1]) is None:
        last += 1
    return last


def rebuilt_cell(cell: Cell, answer: Cell | None, plan: NotebookPlan) -> Cell:
    """Return a cell of the plan, with the student's source if students write that cell."""
    rebuilt = {**cell, "metadata": dict(cell["metadata"])}  # `rebuild` copies what is inside
    if is_solution(cell):
        rebuilt["source"] = "" if answer is None else answer["source"]
        if cell["cell_type"] != "code" and answer is not None and "attachments" in answer:
            rebuilt["attachments"] = copy.deepcopy(answer["attachments"])
        stub = cell["source"] if cell["cell_type"] == "code" else ""
        imports = plan.imports.get(name_of(cell) or "") or imports_of(stub)
        needs = plan.needs.get(name_of(cell) or "", [])
        record = CellRecord("student", imports=imports, needs=needs)
        record.changes = plan.changes.get(name_of(cell) or "", [])
        record.asked = plan.asked.get(name_of(cell) or "", [])
        record.takes = None if plan.takes is None else plan.takes.get(name_of(cell) or "", [])
        record.unknown = name_of(cell) in plan.unknown
        return with_record(rebuilt, record)
    mode = plan.modes.get(name_of(cell) or "") if is_test(cell) else None
    declares_credit = mode is not None and name_of(cell) in plan.credit_tests
    shared = plan.shared.get(name_of(cell) or "", []) if mode is not None else []
    kinds = plan.kinds.get(name_of(cell) or "") if mode is not None else None
    record = CellRecord(
        "instructor",
        mode,
        declares_credit=declares_credit,
        shared=shared,
        kinds=kinds,
        objects=mode is not None and name_of(cell) in plan.objects,
        shows_value=mode is not None and name_of(cell) in plan.showing,
    )
    return with_record(rebuilt, record)


def added_cell(cell: Cell, plan: NotebookPlan) -> Cell:
    """Return a cell that the student added: its type, its source and its images."""
    added = {"cell_type": cell["cell_type"], "metadata": {}, "source": cell["source"]}
    if "attachments" in cell:
        added["attachments"] = copy.deepcopy(cell["attachments"])
    takes: list[str] | None = None if plan.takes is None else []
    return with_record(added, CellRecord("student", takes=takes, unknown=bool(plan.unknown)))


def with_record(cell: Cell, record: CellRecord) -> Cell:
    """Record the cell's owner in its metadata; clear the outputs and count of a code cell."""
    cell["metadata"][METADATA] = dict(vars(record))
    if cell["cell_type"] == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell


def assign_ids(cells: list[Cell], base: list[Cell]) -> None:
    """Give cells without an id a unique one, which is the same in every run."""
    taken = {cell["id"] for cell in base if "id" in cell}
    for number, cell in enumerate(cells, 1):
        if "id" not in cell:
            cell["id"] = unique_id(f"{cell['metadata'][METADATA]['owner']}-{number}", taken)


def unique_id(preferred: str, taken: set[str]) -> str:
    """Return an id that starts with the preferred one and is not taken, and take it."""
    while preferred in taken:
        preferred += "-"
    taken.add(preferred)
    return preferred


def parse_findings(submitted: NotebookNode | None) -> list[str]:
    """Return the findings of `parse`."""
    entry = submitted["metadata"].get(METADATA, {}) if submitted is not None else {}
    return list(entry.get("findings", []))


def match_findings(plan: NotebookPlan, match: Match) -> Iterator[str]:
    """Yield which answers are missing, appear again, or were found by their ids."""
    base = plan.notebook["cells"]
    missing = [
        str(name_of(cell))
        for index, cell in enumerate(base)
        if is_solution(cell) and index not in match.submitted
    ]
    if missing:
        yield f"missing answers, graded as empty: {join_names(missing)}"
    if match.conflicting:
        names = join_names(match.conflicting)
        yield f"duplicate answer cells (the first one was graded): {names}"
    if match.duplicated:
        names = join_names(match.duplicated)
        yield Notice(f"duplicate answer cells with the same text: {names}")
    if match.copied:
        names = join_names(list(dict.fromkeys(match.copied)))
        yield Notice(f"copies of test cells with other text, run as the student's cells: {names}")
    if match.found_by_id:
        names = join_names(match.found_by_id)
        yield Notice(f"answer cells without nbgrader metadata, found by cell id: {names}")
    if edited := [i for i, cell in match.submitted.items() if is_edited(base[i], cell)]:
        yield Notice(f"edited plain cells of the instructor's: {len(edited)}")


def encoding_findings(cells: list[Cell]) -> Iterator[str]:
    """Yield in which answers invalid characters were replaced."""
    names = [
        printable(name_of(cell) or cell["id"])
        for cell in cells
        if encodable(cell["source"]) != cell["source"]
    ]
    if names:
        yield f"invalid characters were replaced in: {join_names(names)}"
