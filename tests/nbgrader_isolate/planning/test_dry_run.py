"""The dry run moves a test into the student's process where it finds more there, and only there."""

from __future__ import annotations

from nbgrader_isolate.core.models import NotebookPlan
from nbgrader_isolate.planning.dry_run import resolve_modes
from support.small_course import CELLS, InProcess, code, plan_of

REFERENCE = {"double": "def double(x):\n    return 2 * x", "area": "def area(r):\n    return 3 * r"}


def resolved(
    cells: list[dict[str, object]], reference: dict[str, str], fixed: frozenset[str] = frozenset()
) -> tuple[NotebookPlan, InProcess]:
    engine = InProcess()
    return resolve_modes(plan_of(cells), reference, set(fixed), engine, {}), engine


def test_tests_that_the_reference_passes_and_the_stubs_fail_stay_isolated_after_two_runs() -> None:
    plan, engine = resolved(CELLS, REFERENCE)
    assert plan == plan_of(CELLS)
    assert engine.runs == 2


SEEN = [
    code("seen = []", "words", locked=True),
    *CELLS,
    code("double(1)\nassert seen == [1]", "log", grade=True, points=1, locked=True),
]
LOGS = REFERENCE | {"double": "def double(x):\n    seen[:] = [x]\n    return 2 * x"}


def test_a_test_that_the_reference_passes_only_in_process_runs_there() -> None:
    plan, engine = resolved(SEEN, LOGS)
    modes = {"double-test": "isolated", "area-test": "isolated", "log": "in-process"}
    assert plan.modes == modes
    assert plan.reasons == {"log": "the reference solution does not pass it when it is isolated"}
    assert plan.warnings == []
    assert engine.runs == 4


def test_an_isolated_test_that_notices_nothing_runs_in_process_instead() -> None:
    seen = code("seen = []", "words", locked=True)
    blind = code(
        "assert len(seen) < 1 or double(1) == 2", "blind", grade=True, points=1, locked=True
    )
    stub = code("def double(x):\n    raise ValueError\n\n\nseen.append(1)", "double", solution=True)
    reference = {"double": "def double(x):\n    return 2 * x\n\n\nseen.append(1)"}
    plan, _ = resolved([seen, stub, blind], reference)
    assert plan.modes == {"blind": "in-process"}
    assert plan.reasons == {
        "blind": "when it is isolated, it does not notice that nothing was answered"
    }


def test_a_test_that_the_stubs_always_pass_stays_isolated() -> None:
    cells = [*CELLS, code("assert LIMIT == 10", "free", grade=True, points=1, locked=True)]
    plan, _ = resolved(cells, REFERENCE)
    assert plan.modes["free"] == "isolated"


def test_a_test_that_the_reference_always_fails_stays_isolated_with_a_warning() -> None:
    plan, _ = resolved(CELLS, REFERENCE | {"double": "def double(x):\n    return 5"})
    assert plan.modes == plan_of(CELLS).modes
    assert plan.warnings == ["hw/double-test: the reference solution fails this test"]


def test_a_declared_mode_is_not_changed() -> None:
    plan, _ = resolved(SEEN, LOGS, frozenset({"log"}))
    assert plan.modes["log"] == "isolated"
    assert plan.warnings == ["hw/log: the reference solution fails this test"]


def test_the_reference_is_not_in_the_plan() -> None:
    plan, _ = resolved(CELLS, REFERENCE)
    assert "2 * x" not in str(plan)
