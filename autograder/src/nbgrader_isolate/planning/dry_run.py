"""The dry run: grade the reference solution and the empty stubs, isolated and in-process.

A test stays isolated if the reference solution passes it there and the stubs fail it. Any other
test is run in-process as well; if that makes a difference, it has to run in the student's process.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nbgrader_isolate.core.models import IN_PROCESS, ISOLATED, Credit, Mode, NotebookPlan
from nbgrader_isolate.grading.rebuild import rebuild
from nbgrader_isolate.grading.score import record_of, starved_cells
from nbgrader_isolate.grading.submission import Engine
from nbgrader_isolate.notebook.cells import is_solution, is_test, name_of, points_of
from nbgrader_isolate.notebook.parse import to_notebook_node

if TYPE_CHECKING:
    from nbformat import NotebookNode

Verdict = tuple[bool, Credit]
"""Whether a test passed, and the credit that it declared."""


def resolve_modes(
    plan: NotebookPlan,
    reference: Mapping[str, str],
    fixed: set[str],
    engine: Engine,
    files: Mapping[str, bytes],
) -> NotebookPlan:
    """Return the plan with the modes that the dry run shows to be right.

    Parameters
    ----------
    plan : NotebookPlan
        With the modes that metadata and the text of the tests ask for.
    reference : dict of str to str
        The source of each solution cell with its solution, by grade_id. It does not get into any
        plan or any student's kernel.
    fixed : set of str
        Tests whose mode is declared; it does not change.
    engine : Engine
    files : dict of str to bytes
        The instructor's files.
    """
    isolated = DryRun(plan, engine, files)
    reference_isolated, stubs_isolated = isolated.verdicts(reference), isolated.verdicts({})
    doubtful = [
        name
        for name, cell in isolated.tests.items()
        if plan.modes[name] == ISOLATED
        and name not in fixed
        and not discriminates(reference_isolated[name], stubs_isolated[name], points_of(cell))
    ]
    if not doubtful:
        return with_warnings(plan, reference_isolated)
    moved = {name: (IN_PROCESS if name in doubtful else mode) for name, mode in plan.modes.items()}
    in_process = DryRun(replace(plan, modes=moved), engine, files)
    reference_in_process, stubs_in_process = in_process.verdicts(reference), in_process.verdicts({})
    why = {
        name: reason_to_move(
            (reference_isolated[name], reference_in_process[name]),
            (stubs_isolated[name], stubs_in_process[name]),
        )
        for name in doubtful
    }
    modes: dict[str, Mode] = {
        name: IN_PROCESS if why.get(name) else mode for name, mode in plan.modes.items()
    }
    reasons = plan.reasons | {name: reason for name, reason in why.items() if reason}
    verdicts = {
        name: reference_in_process[name] if modes[name] == IN_PROCESS else reference_isolated[name]
        for name in reference_isolated
    }
    return with_warnings(replace(plan, modes=modes, reasons=reasons), verdicts)


class DryRun:
    """Runs answers through a plan.

    Parameters
    ----------
    plan, engine, files
        As for `resolve_modes`.
    """

    def __init__(
        self,
        plan: NotebookPlan,
        engine: Engine,
        files: Mapping[str, bytes],
    ) -> None:
        self.plan, self.engine, self.files = plan, engine, files
        self.tests = {str(name_of(c)): c for c in plan.notebook["cells"] if is_test(c)}

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

    def verdicts(self, answers: Mapping[str, str]) -> dict[str, Verdict]:
        """Return the verdict of each test on these answers."""
        executed = self.executed(answers)
        records = {str(name_of(c)): record_of(c) for c in executed["cells"] if is_test(c)}
        return {
            name: (record.outcome == "passed" and record.completed is True, record.credit)
            for name, record in records.items()
        }

    def run(self, rebuilt: NotebookNode) -> NotebookNode:
        """Run a notebook with these answers."""
        names = self.plan.student_names
        return self.engine.run(rebuilt, files=self.files, student_names=names, seed=0)


def discriminates(reference: Verdict, stubs: Verdict, points: float) -> bool:
    """Return whether a test gives all points to the reference solution and not to the stubs."""
    full_marks = (None, points)
    return reference[0] and reference[1] in full_marks and not (stubs[0] and stubs[1] in full_marks)


def reason_to_move(reference: tuple[Verdict, Verdict], stubs: tuple[Verdict, Verdict]) -> str:
    """Return why a test has to run in-process; "" if that makes no difference.

    Parameters
    ----------
    reference, stubs : tuple of Verdict
        Of the isolated test and of the in-process test.
    """
    if reference[0] != reference[1]:
        return "the reference solution does not pass it when it is isolated"
    if stubs[0] != stubs[1]:
        return "when it is isolated, it does not notice that nothing was answered"
    return ""


def with_warnings(plan: NotebookPlan, reference: Mapping[str, Verdict]) -> NotebookPlan:
    """Return the plan with what the reference solution showed about the tests.

    There is a warning for each test that it fails. The tests that give it a number of points are
    listed.
    """
    declaring = [name for name, (_, credit) in reference.items() if credit is not None]
    plan = replace(plan, credit_tests=declaring)
    failed = [name for name, (passed, _) in reference.items() if not passed]
    warnings = [f"{plan.name}/{name}: the reference solution fails this test" for name in failed]
    return replace(plan, warnings=[*plan.warnings, *warnings])
