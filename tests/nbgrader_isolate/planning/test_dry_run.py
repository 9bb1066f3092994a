"""The dry run moves a test into the student's process where it finds more there, and only there."""

from __future__ import annotations

from nbgrader_isolate.core.models import NotebookPlan
from nbgrader_isolate.planning.dry_run import settle
from support.small_course import CELLS, InProcess, code, plan_of

REFERENCE = {"double": "def double(x):\n    return 2 * x", "area": "def area(r):\n    return 3 * r"}


def settled(
    cells: list[dict[str, object]], reference: dict[str, str], fixed: frozenset[str] = frozenset()
) -> tuple[NotebookPlan, InProcess]:
    engine = InProcess()
    return settle(plan_of(cells), reference, set(fixed), engine, {}), engine


def test_tests_that_the_reference_passes_and_the_stubs_fail_stay_and_two_runs_tell() -> None:
    plan, engine = settled(CELLS, REFERENCE)
    assert plan == plan_of(CELLS)
    assert engine.runs == 2


SEEN = [
    code("seen = []", "words", locked=True),
    *CELLS,
    code("double(1)\nassert seen == [1]", "log", grade=True, points=1, locked=True),
]
LOGS = REFERENCE | {"double": "def double(x):\n    seen[:] = [x]\n    return 2 * x"}


def test_a_test_that_the_reference_passes_only_in_process_goes_there() -> None:
    plan, engine = settled(SEEN, LOGS)
    modes = {"double-test": "isolated", "area-test": "isolated", "log": "in-process"}
    assert plan.modes == modes
    assert plan.reasons == {"log": "the reference solution does not pass it from another process"}
    assert plan.warnings == []
    assert engine.runs == 4


def test_a_test_that_is_blind_from_another_process_goes_into_the_students() -> None:
    seen = code("seen = []", "words", locked=True)
    blind = code(
        "assert len(seen) < 1 or double(1) == 2", "blind", grade=True, points=1, locked=True
    )
    stub = code("def double(x):\n    raise ValueError\n\n\nseen.append(1)", "double", solution=True)
    reference = {"double": "def double(x):\n    return 2 * x\n\n\nseen.append(1)"}
    plan, _ = settled([seen, stub, blind], reference)
    assert plan.modes == {"blind": "in-process"}
    assert plan.reasons == {"blind": "from another process it cannot tell that nothing was done"}


def test_a_test_that_the_stubs_pass_either_way_stays() -> None:
    cells = [*CELLS, code("assert LIMIT == 10", "free", grade=True, points=1, locked=True)]
    plan, _ = settled(cells, REFERENCE)
    assert plan.modes["free"] == "isolated"


def test_a_test_that_the_reference_fails_either_way_stays_and_is_warned_of() -> None:
    plan, _ = settled(CELLS, REFERENCE | {"double": "def double(x):\n    return 5"})
    assert plan.modes == plan_of(CELLS).modes
    assert plan.warnings == ["hw/double-test: the reference solution fails this test"]


def test_a_declared_mode_is_not_changed() -> None:
    plan, _ = settled(SEEN, LOGS, frozenset({"log"}))
    assert plan.modes["log"] == "isolated"
    assert plan.warnings == ["hw/log: the reference solution fails this test"]


def test_the_reference_is_not_in_the_plan() -> None:
    plan, _ = settled(CELLS, REFERENCE)
    assert "2 * x" not in str(plan)
