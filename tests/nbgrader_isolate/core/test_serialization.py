"""Tasks, plans and results survive a round trip through JSON."""

from __future__ import annotations

import json

import pytest

from nbgrader_isolate.core.models import AssignmentPlan, Result, Task
from nbgrader_isolate.core.serialization import from_json, to_json
from nbgrader_isolate.grading.submission import grade
from support.small_course import LIMITS, InProcess, answered, assignment, task_of

RIGHT = {"double": "def double(x):\n    return 2 * x", "why": "Because."}


def test_plans_tasks_and_results_survive_json() -> None:
    plan = assignment(files={"a.bin": bytes(range(256))}, extra_files=["*.csv"])
    task = task_of({"hw.ipynb": json.dumps(answered(RIGHT)).encode(), "b": b"\xff"}, ["a note"])
    result = grade(task, plan, InProcess(), LIMITS)
    assert from_json(AssignmentPlan, to_json(plan)) == plan
    assert from_json(Task, to_json(task)) == task
    assert from_json(Result, to_json(result)) == result


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b'{"kind": "Task"}',
        b'{"kind": "Result", "student": "a"}',
        to_json(assignment()),
    ],
)
def test_other_json_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="not the JSON of a Task"):
        from_json(Task, data)
