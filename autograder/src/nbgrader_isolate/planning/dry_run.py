"""The dry run: the reference solution and the empty stubs are graded both ways, and what differs decides.

A test stays isolated if the reference solution passes it there and the stubs fail it. Any other test is run in-process as well;
if that makes a difference, the test has to run in the student's process.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from nbgrader_isolate.core.models import IN_PROCESS, ISOLATED, Mode, NotebookPlan
from nbgrader_isolate.grading.rebuild import rebuild
from nbgrader_isolate.grading.score import record_of
from nbgrader_isolate.grading.submission import Engine
from nbgrader_isolate.notebook.cells import is_solution, is_test, name_of, points_of
from nbgrader_isolate.notebook.parse import to_notebook_node

Verdict = tuple[bool, float | None]
"""Whether a test passed, and the credit that it declared."""


def settle(
    plan: NotebookPlan,
    reference: Mapping[str, str],
    fixed: set[str],
    engine: Engine,
    files: Mapping[str, bytes],
) -> NotebookPlan:
    """Return the plan with the modes that the dry run found.

    Parameters
    ----------
    plan : NotebookPlan
        With the modes that metadata and the text of the tests ask for.
    reference : dict of str to str
        The source of each solution cell with its solution, by grade_id. It is in no plan and in no
        student's kernel.
    fixed : set of str
        Tests whose mode is declared: it is not changed.
    engine : Engine
    files : dict of str to bytes
        The instructor's files.
    """
    dry = Dry(plan, engine, files)
    right, stub = dry.run(reference), dry.run({})
    doubtful = [
        name
        for name, cell in dry.tests.items()
        if plan.modes[name] == ISOLATED
        and name not in fixed
        and not is_clear(right[name], stub[name], points_of(cell))
    ]
    if not doubtful:
        return with_warnings(plan, right)
    alone = {name: (IN_PROCESS if name in doubtful else m) for name, m in plan.modes.items()}
    other = Dry(replace(plan, modes=alone), engine, files)
    right_alone, stub_alone = other.run(reference), other.run({})
    moved = {
        name: differs(right[name], right_alone[name], stub[name], stub_alone[name])
        for name in doubtful
    }
    modes: dict[str, Mode] = {
        name: IN_PROCESS if moved.get(name) else mode for name, mode in plan.modes.items()
    }
    reasons = plan.reasons | {name: why for name, why in moved.items() if why}
    best = {name: right_alone[name] if modes[name] == IN_PROCESS else right[name] for name in right}
    return with_warnings(replace(plan, modes=modes, reasons=reasons), best)


class Dry:
    """Runs answers through a plan.

    Parameters
    ----------
    plan, engine, files
        As for `settle`.
    """

    def __init__(
        self,
        plan: NotebookPlan,
        engine: Engine,
        files: Mapping[str, bytes],
    ) -> None:
        self.plan, self.engine, self.files = plan, engine, files
        self.tests = {str(name_of(c)): c for c in plan.notebook["cells"] if is_test(c)}

    def run(self, answers: Mapping[str, str]) -> dict[str, Verdict]:
        """Return how each test ended with these answers; stubs stand where there is none."""
        cells: list[dict[str, Any]] = []
        for cell in self.plan.notebook["cells"]:
            source = answers.get(name_of(cell) or "", cell["source"])
            cells.append({**cell, "source": source if is_solution(cell) else cell["source"]})
        submitted = to_notebook_node(
            {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
        )
        rebuilt, _ = rebuild(self.plan, submitted)
        executed = self.engine.run(
            rebuilt, files=self.files, student_names=self.plan.student_names, seed=0
        )
        records = {str(name_of(c)): record_of(c) for c in executed["cells"] if is_test(c)}
        return {
            name: (record.outcome == "passed" and record.proof is True, record.credit)
            for name, record in records.items()
        }


def is_clear(right: Verdict, stub: Verdict, points: float) -> bool:
    """Tell whether a test does its work: all points for the reference, not all for the stubs."""
    all_points = right[0] and right[1] in (None, points)
    return all_points and not (stub[0] and stub[1] in (None, points))


def differs(right: Verdict, right_alone: Verdict, stub: Verdict, stub_alone: Verdict) -> str:
    """Return why a test gives another verdict in-process than isolated, or an empty string if it does not."""
    if right != right_alone:
        return "the reference solution does not pass it from another process"
    if stub != stub_alone:
        return "from another process it cannot tell that nothing was done"
    return ""


def with_warnings(plan: NotebookPlan, right: Mapping[str, Verdict]) -> NotebookPlan:
    """Return the plan with a word on each test that the reference fails."""
    failed = [name for name, verdict in right.items() if not verdict[0]]
    warnings = [f"{plan.name}/{name}: the reference solution fails this test" for name in failed]
    return replace(plan, warnings=[*plan.warnings, *warnings])
