"""Which worker runs which tests: a file's tests together, and the files that take longest first.

Tests of a file share what is expensive to make, such as a graded course. If a long file came last,
the other workers would wait for it. Files with tests in a browser follow each other on a worker,
because they share the browser and its tabs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xdist.workermanage import WorkerController

LONGEST = (
    "tests/attacks/test_attacks.py",
    "tests/attacks/test_attacks_on_stock.py",
    "tests/course/site/test_build.py",
    "tests/browser/test_lab_in_browser.py",
    "tests/nbgrader_isolate/runs/test_dask_cluster.py",
    "tests/nbgrader_isolate/cli/test_grade.py",
    "tests/nbgrader_isolate/test_wheel.py",
    "tests/nbgrader_isolate/runs/test_kills.py",
    "tests/course/handout/test_nbgrader_exchange.py",
    "tests/course/handout/test_pack.py",
    "tests/nbgrader_isolate/nbgrader_plugin/test_cell_kinds.py",
    "tests/course/content/test_release.py",
    "tests/nbgrader_isolate/nbgrader_plugin/test_exporter.py",
    "tests/nbgrader_isolate/planning/test_plan.py",
    "tests/nbgrader_isolate/gradebook/test_database.py",
    "tests/nbgrader_isolate/gradebook/test_recorder.py",
    "tests/nbgrader_isolate/sandbox/test_confinement.py",
    "tests/content/test_answers_in_page.py",
    "tests/content/test_lessons_in_page.py",
    "tests/content/test_mutants.py",
    "tests/nbgrader_isolate/grading/test_engine.py",
    "tests/nbgrader_isolate/forkserver/test_client.py",
    "tests/content/test_stock_nbconvert.py",
)
"""Files that take long for the number of their tests; the others follow, those with most tests
first."""
BROWSER = "tests/browser/"
LAB = f"{BROWSER}test_lab_in_browser.py"
"""The part of the run that tests in JupyterLab belong to: they share one."""
RANK = {file: place for place, file in enumerate(LONGEST)}
ROUND = re.compile(r"\[((?:our|stock) command[^\]-]*)")
"""The rounds of `tests/attacks/test_attacks.py` share nothing: each may have a worker of its
own."""


def following(waiting: Iterable[str], last: str | None) -> str:
    """Return which part of the run a worker gets next: of all that wait, what takes longest.

    A worker that is in the browser stays there, and one that is not begins with the other parts.

    Parameters
    ----------
    waiting : iterable of str
        The parts that no worker has yet, those with most tests first.
    last : str or None
        The part that this worker got last.
    """

    def order(part: str) -> tuple[bool, int]:
        moves = last is not None and last.startswith(BROWSER) != part.startswith(BROWSER)
        return moves, RANK.get(part.split(maxsplit=1)[0], len(RANK))

    return min(waiting, key=order)


class LongestFirst(LoadScopeScheduling):
    """Gives each worker whole files, beginning with those that take longest."""

    def _split_scope(self, nodeid: str) -> str:
        """Return the part of the run that a test belongs to: its file, its round of attacks, or the
        tests in JupyterLab."""
        file, _, test = nodeid.partition("::")
        if file.startswith(f"{BROWSER}test_lab_"):
            return LAB
        found = ROUND.search(test) if file == LONGEST[0] else None
        return f"{file} {found[1]}" if found else file

    def _assign_work_unit(self, node: WorkerController) -> None:
        """Give a worker the next part of the run."""
        last = next(reversed(self.assigned_work.get(node, {})), None)
        self.workqueue.move_to_end(following(self.workqueue, last), last=False)
        super()._assign_work_unit(node)
