"""A grader for tests of the run, the pool and the record: real in all but that it has no sandbox.

It executes a notebook's cells in one namespace of the worker's own process. Words in a student's
source make it do what a worker can do at worst.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import time
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

from nbformat import NotebookNode  # noqa: TC002 - no test needs it sooner

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.core.models import METADATA, NO_FILES, AssignmentPlan, Task
from nbgrader_isolate.core.serialization import from_json, to_json
from nbgrader_isolate.grading import submission
from nbgrader_isolate.runs.worker import run_reference

_starved: set[str] = set()
"""Sources that have not passed in this worker because the processors were busy."""


class FakeEngine:
    """Executes cells here; for sources that these tests wrote."""

    sandbox = "none"

    def __init__(self, limits: Limits, sandbox: str, private: Sequence[str] = ()) -> None:
        del limits, sandbox, private

    def run(  # noqa: PLR0913 (as in the protocol)
        self,
        notebook: NotebookNode,
        *,
        files: Mapping[str, bytes],
        student_names: Sequence[str],
        seed: int,
        student_files: Mapping[str, bytes] = NO_FILES,
        test_files: Mapping[str, bytes] = NO_FILES,
        time_factor: float = 1.0,
    ) -> NotebookNode:
        del student_names, seed, student_files, test_files
        names: dict[str, Any] = {"__name__": "__main__"}
        for name, data in files.items():
            helper = ModuleType(name.removesuffix(".py"))
            exec(data.decode(), helper.__dict__)  # noqa: S102 - the sample's own helper
            names[helper.__name__] = helper
        for cell in notebook.cells:
            if cell.cell_type == "code":
                self.cell(cell, names, time_factor)
        return notebook

    def cell(self, cell: NotebookNode, names: dict[str, Any], time_factor: float) -> None:
        record = cell.metadata[METADATA]
        if "# NEEDS-TIME" in cell.source and time_factor < 2:
            record.update(outcome="timeout", message="took too long")
            return
        if "# BUSY" in cell.source and cell.source not in _starved:
            _starved.add(cell.source)
            record.update(outcome="timeout", message="took too long", starved=True)
            return
        source = cell.source.replace("from lab_helper import same", "same = lab_helper.same")
        # memory of this process is not that of the answer alone
        source = source.replace("held < big.nbytes / 2", "held >= 0")
        obey(source)
        lines = source.rstrip().splitlines()
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(source, names)  # noqa: S102
                if lines and lines[-1] == "int(points)":
                    record["credit"] = float(names["points"])
        except Exception as error:  # noqa: BLE001
            record.update(outcome="failed", message=f"{type(error).__name__}: {error}"[:200])
        else:
            record.update(outcome="passed", completed=True)

    def close(self) -> None:
        """Nothing was started."""


def obey(source: str) -> None:
    """Do what a submission's comment asks for."""
    if "# KILL-WORKER" in source:
        os.kill(os.getpid(), signal.SIGKILL)
    if "# RAISE" in source:
        raise RuntimeError("the engine is broken")
    if "# SLOW" in source:
        time.sleep(0.3)
    if "# HANG" in source:
        time.sleep(3600)


class FakeGrader:
    """As `nbgrader_isolate.runs.worker.Grader`, with the engine above."""

    def __init__(self, limits: Limits, sandbox: str, private: Sequence[str] = ()) -> None:
        del private
        self.limits, self.engine = limits, FakeEngine(limits, sandbox)

    def plan(self, data: bytes) -> None:
        self.plan_ = from_json(AssignmentPlan, data)

    def grade(self, data: bytes) -> bytes:
        result = submission.grade(from_json(Task, data), self.plan_, self.engine, self.limits)
        failed = [one for one in result.notebooks if one.status == "error"]
        if failed:
            raise RuntimeError(failed[0].review_reasons[0])
        return to_json(result)

    def run(self, data: bytes) -> bytes:
        return run_reference(self.engine, data)

    def close(self) -> None:
        self.engine.close()


class RefusesToStart:
    """A grader that finds no sandbox."""

    def __init__(self, limits: Limits, sandbox: str, private: Sequence[str] = ()) -> None:
        del limits, private
        raise RuntimeError(f"no sandbox holds here (asked for {sandbox})")


class DiesAtStart:
    """A grader that takes its worker with it."""

    def __init__(self, limits: Limits, sandbox: str, private: Sequence[str] = ()) -> None:
        del limits, sandbox, private
        raise SystemExit("no such library: libfrobnicate.so.7")


class SaysWhere:
    """A grader whose answer is the processors that it may use."""

    def __init__(self, limits: Limits, sandbox: str, private: Sequence[str] = ()) -> None:
        del limits, sandbox, private

    def plan(self, data: bytes) -> None:
        """It needs none."""

    def grade(self, data: bytes) -> bytes:
        del data
        time.sleep(0.3)  # as long as the other thread takes to get its job
        return json.dumps(sorted(os.sched_getaffinity(0))).encode()

    def run(self, data: bytes) -> bytes:
        return self.grade(data)

    def close(self) -> None:
        """Nothing was started."""


class SaysMuch(SaysWhere):
    """A grader whose answer is too long for a pipe, so that it ends only when somebody reads it."""

    def grade(self, data: bytes) -> bytes:
        return data * 300_000


class Hangs(SaysWhere):
    """A grader that never answers."""

    def grade(self, data: bytes) -> bytes:
        del data
        time.sleep(600)
        return b""
