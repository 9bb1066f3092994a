"""Run the tests again, in-process, that failed only because a value could not cross the bridge.

A right answer may have a type that does not cross, and stock nbgrader would accept it. Such a test
runs once more in the student's own process. If it passes there, that proves nothing, because the
student's code can fool it; so a person reads the answer and gives the points.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import TYPE_CHECKING

from nbgrader_isolate.core.models import IN_PROCESS, METADATA, RunInputs
from nbgrader_isolate.grading.score import record_of

if TYPE_CHECKING:
    from nbformat import NotebookNode


def run_twice_if_refused(
    run: Callable[..., NotebookNode], rebuilt: NotebookNode, inputs: RunInputs
) -> NotebookNode:
    """Run a rebuilt notebook, and once more if a test had to refuse a value.

    Parameters
    ----------
    run : callable
        The method `run` of an engine.
    rebuilt : NotebookNode
    inputs : RunInputs

    Returns
    -------
    NotebookNode
        The executed notebook of the first run. A test that refused a value there and that passed
        in-process in the second run has the record of the second run, and no outputs, because
        these could contain hidden tests.
    """
    executed = run(rebuilt, **inputs)
    refused = {
        number: record.refused
        for number, cell in enumerate(executed["cells"])
        if (record := record_of(cell)).refused and record.outcome == "failed"
    }
    if not refused:
        return executed
    again = run(with_in_process(rebuilt, set(refused)), **inputs)
    for number, reason in refused.items():
        cell = again["cells"][number]
        record = record_of(cell)
        if record.outcome == "passed" and record.completed is True:
            cell["metadata"][METADATA]["refused"] = reason
            cell["outputs"] = []
            executed["cells"][number] = cell
    return executed


def with_in_process(rebuilt: NotebookNode, numbers: set[int]) -> NotebookNode:
    """Return a copy of a rebuilt notebook in which some of its cells run in-process."""
    copied = copy.copy(rebuilt)
    copied["cells"] = [copy.deepcopy(cell) for cell in rebuilt["cells"]]
    for number in numbers:
        copied["cells"][number]["metadata"][METADATA]["mode"] = IN_PROCESS
    return copied
