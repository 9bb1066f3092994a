"""The dry run: grade the reference solution and the empty stubs before any student is graded.

The first two runs use the modes that the texts of the tests ask for. If the reference solution gets
all points there and no cell fails, and the stubs get none, nothing can be lost, and this is all.
Otherwise both run once more with every test in-process, as stock nbgrader runs them. A test then
stays isolated only if the reference solution and the stubs get the same there, and if no later cell
fails because of it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from nbgrader_isolate.core.models import (
    IN_PROCESS,
    INVALID,
    ISOLATED,
    NO_FILES,
    Credit,
    Mode,
    NotebookPlan,
)
from nbgrader_isolate.core.text import join_names, printable
from nbgrader_isolate.grading.rebuild import rebuild
from nbgrader_isolate.grading.score import record_of, starved_cells
from nbgrader_isolate.grading.submission import Engine
from nbgrader_isolate.notebook.cells import is_solution, is_test, name_of, points_of
from nbgrader_isolate.notebook.name_flow import binds, may_change, needs
from nbgrader_isolate.notebook.parse import to_notebook_node
from nbgrader_isolate.planning.environment import missing_packages, own_modules, pip_install

if TYPE_CHECKING:
    from nbformat import NotebookNode

ROUNDS = 4
"""How often tests are moved and run again, before all tests are run in-process."""
UNDEFINED = re.compile(r"NameError: name '(\w+)' is not defined")
OWN_FAULTS = ("ModuleNotFoundError", "ImportError", "SyntaxError")
"""Errors that no earlier cell causes."""
CANNOT_IMPORT = "cannot be imported:"
"""Start of a warning about missing packages, after the name of the notebook."""
Verdict = tuple[bool, Credit]
"""Whether a test passed, and the credit that it declared."""


class CellRun(NamedTuple):
    """How a cell ended."""

    outcome: str
    message: str
    line: int = 0


@dataclass(frozen=True)
class Observed:
    """What one run showed.

    Parameters
    ----------
    verdicts : dict of str to Verdict
        Of each test, by grade_id.
    cells : list of CellRun
        In the order of the plan's cells.
    """

    verdicts: dict[str, Verdict]
    cells: list[CellRun]


class Pair(NamedTuple):
    """What the reference solution and the stubs showed in the same modes."""

    reference: Observed
    stubs: Observed


def resolve_modes(  # noqa: PLR0913, PLR0917 (what the engine needs, and the plan)
    plan: NotebookPlan,
    reference: Mapping[str, str] | None,
    fixed: set[str],
    engine: Engine,
    files: Mapping[str, bytes],
    test_files: Mapping[str, bytes] = NO_FILES,
) -> NotebookPlan:
    """Return the plan with the modes that the dry run shows to be right.

    Parameters
    ----------
    plan : NotebookPlan
        With the modes that metadata and the text of the tests ask for.
    reference : dict of str to str, or None
        The source of each solution cell with its solution, by grade_id. It does not get into any
        plan or any student's kernel. None if there is no source version of the notebook.
    fixed : set of str
        Tests whose mode is declared; it does not change.
    engine : Engine
    files : dict of str to bytes
        The instructor's files.
    test_files : dict of str to bytes
        Those that only the test process gets.
    """
    if reference is None:
        stubs = DryRun(plan, engine, files, test_files).observe({})
        return replace(plan, warnings=[*plan.warnings, *empty_answers(plan, stubs)])
    return _Search(plan, reference, fixed, DryRun(plan, engine, files, test_files)).result()


class DryRun:
    """Runs answers through a plan.

    Parameters
    ----------
    plan, engine, files, test_files
        As for `resolve_modes`.
    """

    def __init__(
        self,
        plan: NotebookPlan,
        engine: Engine,
        files: Mapping[str, bytes],
        test_files: Mapping[str, bytes] = NO_FILES,
    ) -> None:
        self.plan, self.engine, self.files, self.test_files = plan, engine, files, test_files

    def with_modes(self, plan: NotebookPlan) -> DryRun:
        """Return a run through the same notebook with other modes."""
        return DryRun(plan, self.engine, self.files, self.test_files)

    def executed(self, answers: Mapping[str, str]) -> NotebookNode:
        """Run these answers, with stubs where there is no answer."""
        cells: list[dict[str, Any]] = []
        for cell in self.plan.notebook["cells"]:
            source = answers.get(name_of(cell) or "", cell["source"])
            cells.append({**cell, "source": source if is_solution(cell) else cell["source"]})
        submitted = to_notebook_node(
            {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
        )
        rebuilt, _ = rebuild(self.plan, submitted)
        executed = self.run(rebuilt)
        return self.run(rebuilt) if starved_cells(executed) else executed

    def observe(self, answers: Mapping[str, str]) -> Observed:
        """Return what the run of these answers shows."""
        executed = self.executed(answers)
        records = [record_of(cell) for cell in executed["cells"]]
        verdicts = {
            str(name_of(cell)): (record.outcome == "passed" and record.completed, record.credit)
            for cell, record in zip(executed["cells"], records, strict=True)
            if is_test(cell)
        }
        runs = [
            CellRun(record.outcome, record.message, failing_line(cell))
            for cell, record in zip(executed["cells"], records, strict=True)
        ]
        return Observed(verdicts, runs)

    def run(self, rebuilt: NotebookNode) -> NotebookNode:
        """Run a notebook with these answers."""
        names = self.plan.student_names
        return self.engine.run(
            rebuilt, files=self.files, student_names=names, seed=0, test_files=self.test_files
        )


def failing_line(cell: NotebookNode) -> int:
    """Return the line of an isolated test at which it failed; 0 if it did not fail."""
    texts = [text for output in cell.get("outputs", ()) for text in output.get("traceback", ())]
    found = [match for text in texts if (match := re.fullmatch(r"line (\d+) of the test", text))]
    last: int = cell["source"].count("\n") + 1
    return min(int(found[0][1]), last) if found else 0


class _Search:
    """Looks for modes in which the reference solution gets what it gets in one process.

    Parameters
    ----------
    plan, reference, fixed
        As for `resolve_modes`.
    run : DryRun
    """

    def __init__(
        self, plan: NotebookPlan, reference: Mapping[str, str], fixed: set[str], run: DryRun
    ) -> None:
        self.plan, self.reference, self.fixed, self.run = plan, reference, fixed, run
        self.cells = plan.notebook["cells"]
        self.labels = [
            name_of(cell) or f"cell {number}" for number, cell in enumerate(self.cells, 1)
        ]
        self.sources = [
            reference.get(name_of(cell) or "", cell["source"])
            if cell["cell_type"] == "code"
            else ""
            for cell in self.cells
        ]
        self.tests = {
            str(name_of(cell)): number for number, cell in enumerate(self.cells) if is_test(cell)
        }

    def observe(self) -> Pair:
        """Run the reference solution and the stubs in the present modes."""
        run = self.run.with_modes(self.plan)
        return Pair(run.observe(self.reference), run.observe({}))

    def result(self) -> NotebookPlan:
        """Return the plan with its final modes, and what the instructor should know."""
        seen = self.observe()
        if self.is_flawless(seen):
            return self.finish(seen, seen)
        modes, reasons = dict(self.plan.modes), dict(self.plan.reasons)
        self.plan = replace(self.plan, modes=dict.fromkeys(modes, IN_PROCESS))
        stock = self.observe()
        self.plan = replace(self.plan, modes=modes)
        for last in [False] * (ROUNDS - 1) + [True]:
            moves = self.moves(seen, stock, everything=last)
            if not moves:
                break
            reasons |= moves
            evidence = self.plan.evidence | {test: self.evidence(test, seen) for test in moves}
            self.plan = replace(self.plan, evidence=evidence)
            new: dict[str, Mode] = dict.fromkeys(moves, IN_PROCESS)
            self.plan = replace(self.plan, modes=self.plan.modes | new, reasons=reasons)
            seen = self.observe() if ISOLATED in self.plan.modes.values() else stock
        return self.finish(seen, stock)

    def evidence(self, name: str, seen: Pair) -> list[str]:
        """Return the line at which the reference solution failed an isolated test, and how."""
        number = self.tests[name]
        ran, lines = seen.reference.cells[number], self.cells[number]["source"].splitlines()
        line = f"line {ran.line}: {lines[ran.line - 1].strip()}" if ran.line else ""
        return [text for text in (line, printable(ran.message, 300)) if text]

    def is_flawless(self, seen: Pair) -> bool:
        """Return whether nothing can be lost: every cell passes, and only with an answer."""
        ran = [cell for cell in seen.reference.cells if cell != CellRun("not run", "")]
        return all(cell == CellRun("passed", "") for cell in ran) and all(
            self.discriminates(name, seen) for name in self.tests
        )

    def discriminates(self, name: str, seen: Pair) -> bool:
        """Return whether a test gives all points to the reference and not to the stubs."""
        return self.is_full(name, seen.reference) and not self.is_full(name, seen.stubs)

    def is_full(self, name: str, seen: Observed) -> bool:
        """Return whether a test gave all its points."""
        passed, credit = seen.verdicts[name]
        return passed and credit in {None, points_of(self.cells[self.tests[name]])}

    def is_movable(self, name: str) -> bool:
        """Return whether a test is isolated and may be run in-process instead."""
        return self.plan.modes[name] == ISOLATED and name not in self.fixed

    def moves(self, seen: Pair, stock: Pair, *, everything: bool) -> dict[str, str]:
        """Return the tests that must run in-process, and why."""
        trouble = list(self.sources_of_trouble(seen.reference, stock.reference))
        found = {test: reason for _, test, reason in reversed(trouble)}
        first = min((number for number, _, _ in trouble), default=len(self.cells))
        # What fails after the first cell in trouble may fail because of that; see the next round.
        for name in (n for n, at in self.tests.items() if at < first and self.is_movable(n)):
            if seen.reference.verdicts[name] != stock.reference.verdicts[name]:
                found[name] = "the reference solution does not pass it when it is isolated"
            elif (
                not self.discriminates(name, seen)
                and seen.stubs.verdicts[name] != stock.stubs.verdicts[name]
            ):
                found[name] = "when it is isolated, it does not notice that nothing was answered"
        lost = [
            name
            for name, verdict in seen.reference.verdicts.items()
            if verdict != stock.reference.verdicts[name]
        ]
        if lost and (everything or not found):
            reason = f"otherwise the reference solution fails {join_names(lost)}"
            found |= {name: reason for name in self.tests if self.is_movable(name)} | found
        return found

    def sources_of_trouble(self, seen: Observed, stock: Observed) -> Iterator[tuple[int, str, str]]:
        """Yield cells that fail because of a test's process, that test, and why it must move."""
        for number, (here, there) in enumerate(zip(seen.cells, stock.cells, strict=True)):
            label, names = self.labels[number], needs(self.sources[number])
            if self.plan.modes.get(name_of(self.cells[number]) or "") == ISOLATED:
                continue
            if here.outcome != there.outcome:
                for test, passed_on in self.passed_on_before(number, names):
                    yield number, test, f"{label} needs its {passed_on}, which cannot be sent"
            elif here.message != there.message and not is_test(self.cells[number]):
                # It failed in the test process alone, where later tests would read its names.
                bound = binds(self.sources[number]) | may_change(self.sources[number])
                for test, later in self.tests.items():
                    if later > number and self.is_movable(test) and bound & needs_of(self, later):
                        reason = f"it needs {label}, which runs in the student's process only"
                        yield number, test, reason

    def passed_on_before(self, number: int, names: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Yield the isolated tests before a cell that bind or change some names, and the names."""
        for test, earlier in self.tests.items():
            source = self.sources[earlier]
            passed_on = (binds(source) | may_change(source)) & set(names)
            if earlier < number and passed_on and self.is_movable(test):
                yield test, join_names(sorted(passed_on))

    def finish(self, seen: Pair, stock: Pair) -> NotebookPlan:
        """Return the plan with what the instructor should know of its tests."""
        verdicts = seen.reference.verdicts
        showing = [name for name, verdict in verdicts.items() if verdict == (True, INVALID)]
        declaring = [
            name
            for name, (_, credit) in verdicts.items()
            if credit is not None and name not in showing
        ]
        warnings = [*self.missing(seen.reference), *self.failures(seen.reference, stock.reference)]
        warnings += empty_answers(self.plan, seen.stubs, showing)
        return replace(
            self.plan,
            credit_tests=declaring,
            showing=showing,
            warnings=[*self.plan.warnings, *warnings],
        )

    def missing(self, seen: Observed) -> Iterator[str]:
        """Yield all packages that are missing, if the reference solution missed one."""
        if any(cell.message.startswith("ModuleNotFoundError") for cell in seen.cells):
            own = own_modules([*self.run.files, *self.run.test_files])
            if names := missing_packages(self.sources, own):
                yield (
                    f"{self.plan.name}: {CANNOT_IMPORT} {join_names(names, 10)}; run "
                    f"`{pip_install(names)}` in the environment of {sys.executable}"
                )

    def failures(self, seen: Observed, stock: Observed) -> Iterator[str]:
        """Yield a warning for each test that the reference solution fails, with its cause."""
        for name, number in self.tests.items():
            if seen.verdicts[name][0]:
                continue
            text = f"{self.plan.name}/{name}: the reference solution fails this test"
            if stock.verdicts[name][0]:
                text += " when it is isolated, as its metadata asks, but not in-process"
            yield text + self.cause(number, seen)

    def cause(self, number: int, seen: Observed) -> str:
        """Return the message of a cell, and the cell before it whose failure caused it."""
        message = printable(seen.cells[number].message, 200).rstrip(": .")
        text = f": {message}" if message else ""
        origin = self.origin(number, seen)
        if origin is None:
            return text
        why = printable(seen.cells[origin].message, 200)
        return f"{text} ({self.labels[origin]} failed before: {why})"

    def origin(self, number: int, seen: Observed) -> int | None:
        """Return the cell whose failure made a later one fail; None if that failed by itself.

        If a name is missing, it is the cell that should have bound it or, if a name was missing
        there as well, the one that should have bound that. Otherwise, it is the first that failed.
        """
        message = seen.cells[number].message
        failed = [
            earlier
            for earlier, cell in enumerate(seen.cells[:number])
            if cell.outcome not in {"passed", "not run"} and not is_test(self.cells[earlier])
        ]
        if undefined := UNDEFINED.match(message):
            for earlier in reversed(failed):
                if undefined[1] in binds(self.sources[earlier]):
                    follows = UNDEFINED.match(seen.cells[earlier].message)
                    deeper = self.origin(earlier, seen) if follows else None
                    return earlier if deeper is None else deeper
        if message.startswith(OWN_FAULTS):
            return None
        return next(iter(failed), None)


def needs_of(search: _Search, number: int) -> frozenset[str]:
    """Return the names that a cell needs."""
    return needs(search.sources[number])


def empty_answers(
    plan: NotebookPlan, stubs: Observed, showing: Collection[str] = ()
) -> Iterator[str]:
    """Yield a warning for each test that gives all points to an empty answer."""
    points = {name_of(cell): points_of(cell) for cell in plan.notebook["cells"] if is_test(cell)}
    for name, (passed, credit) in stubs.verdicts.items():
        full = {None, points[name], *([INVALID] if name in showing else [])}
        if passed and points[name] and credit in full:
            yield f"{plan.name}/{name}: an untouched answer gets all points"
