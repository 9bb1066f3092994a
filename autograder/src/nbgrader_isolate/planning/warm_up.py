"""What an engine does once for an assignment, before the first submission."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol, runtime_checkable

from nbgrader_isolate.core.models import AssignmentPlan
from nbgrader_isolate.planning.preload import modules_to_preload
from nbgrader_isolate.planning.shared_cells import shared_cells


@runtime_checkable
class WarmEngine(Protocol):
    """What has a warm process: `nbgrader_isolate.grading.engine.Engine`."""

    def preload(self, modules: Sequence[str]) -> None:
        """Have the warm process import modules."""

    def prepare(
        self, sources: Sequence[str], files: Mapping[str, bytes], left_out: Collection[int] = ()
    ) -> None:
        """Have the warm process run the first cells of a notebook."""


def warm_up(engine: WarmEngine, plan: AssignmentPlan) -> None:
    """Import libraries and run first cells once, as far as the plan shows that this is harmless."""
    engine.preload(modules_to_preload(plan))
    for notebook in plan.notebooks:
        cells = shared_cells(notebook, plan)
        left_out = [number for number, cell in enumerate(cells) if not cell.runs]
        engine.prepare([cell.source for cell in cells], plan.files, left_out)
