"""The dry run moves a test into the student's process where it finds more there, and only there."""

from __future__ import annotations

import sys
from dataclasses import replace

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
    (message,) = plan.evidence["log"]
    assert "AssertionError" in message
    assert plan.warnings == []
    assert engine.runs == 6


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
    assert plan.warnings == ["hw/free: an untouched answer gets all points"]


def test_a_test_that_the_reference_always_fails_stays_isolated_with_a_warning() -> None:
    plan, _ = resolved(CELLS, REFERENCE | {"double": "def double(x):\n    return 5"})
    assert plan.modes == plan_of(CELLS).modes
    assert plan.warnings == [
        "hw/double-test: the reference solution fails this test: AssertionError"
    ]


def test_a_declared_mode_is_not_changed() -> None:
    plan, _ = resolved(SEEN, LOGS, frozenset({"log"}))
    assert plan.modes["log"] == "isolated"
    assert plan.warnings == [
        (
            "hw/log: the reference solution fails this test when it is isolated, as its "
            "metadata asks, but not in-process: AssertionError"
        )
    ]


def test_a_warning_names_the_cell_that_failed_before_the_test() -> None:
    plan, _ = resolved([code("open('numbers.csv')", "load", locked=True), *CELLS], REFERENCE)
    assert plan.warnings == []
    broken = REFERENCE | {"double": "import numbers_of_mine\n\n\ndef double(x):\n    return 2 * x"}
    plan, _ = resolved(CELLS, broken)
    assert plan.warnings == [
        (
            "hw: cannot be imported: numbers_of_mine; run `pip install numbers_of_mine` in the "
            f"environment of {sys.executable}"
        ),
        (
            "hw/double-test: the reference solution fails this test: NameError: name 'double' "
            "is not defined (double failed before: ModuleNotFoundError: No module named "
            "'numbers_of_mine')"
        ),
    ]


def test_a_missing_name_is_blamed_on_the_cell_that_should_have_bound_it() -> None:
    cells = [
        code("import absent_plots", "plots", locked=True),
        code("import absent_frames as frames\nimport absent_models", "load", locked=True),
        code("iris = frames.read()", "iris", locked=True),
        *CELLS,
        code("assert len(iris)", "iris-test", grade=True, points=1, locked=True),
    ]
    plan, _ = resolved(cells, REFERENCE)
    first, *others = plan.warnings
    assert "cannot be imported: absent_frames, absent_models, absent_plots; run" in first
    assert (
        "hw/iris-test: the reference solution fails this test: NameError: name 'iris' is not "
        "defined (load failed before: ModuleNotFoundError: No module named 'absent_frames')"
    ) in others


def test_an_import_that_fails_in_a_test_is_blamed_on_nothing_else() -> None:
    cells = [
        code("1 / 0", "broken", locked=True),
        *CELLS,
        code("import absent_checks", "check", grade=True, points=1, locked=True),
    ]
    plan, _ = resolved(cells, REFERENCE)
    assert any(
        warning.endswith("this test: ModuleNotFoundError: No module named 'absent_checks'")
        for warning in plan.warnings
    ), plan.warnings


def test_stubs_are_run_where_there_is_no_reference() -> None:
    engine = InProcess()
    cells = [*CELLS, code("assert LIMIT == 10", "free", grade=True, points=1, locked=True)]
    plan = resolve_modes(plan_of(cells), None, set(), engine, {})
    assert plan.warnings == ["hw/free: an untouched answer gets all points"]
    assert engine.runs == 1


def test_a_notebook_without_isolated_tests_is_run_too() -> None:
    modes = dict.fromkeys(plan_of(CELLS).modes, "in-process")
    wrong = REFERENCE | {"area": "def area(r):\n    return 1"}
    plan = resolve_modes(replace(plan_of(CELLS), modes=modes), wrong, set(), InProcess(), {})  # type: ignore[arg-type]
    assert plan.warnings == ["hw/area-test: the reference solution fails this test: AssertionError"]


def test_a_test_moves_that_binds_what_an_in_process_test_needs() -> None:
    helper = code(
        "cases = [(1, 2)]\nassert double(1) == 2", "first", grade=True, points=1, locked=True
    )
    later = code(
        "for x, y in cases:\n    assert double(x) == y", "later", grade=True, points=1, locked=True
    )
    cells = [*CELLS[:3], helper, later]
    plan = plan_of(cells)
    modes = plan.modes | {"later": "in-process"}
    moved = resolve_modes(replace(plan, modes=modes), REFERENCE, set(), InProcess(), {})  # type: ignore[arg-type]
    assert moved.modes == {"first": "in-process", "later": "in-process"}
    assert moved.reasons == {"first": "later needs its cases, which cannot be sent"}
    assert moved.warnings == []


def test_the_reference_is_not_in_the_plan() -> None:
    plan, _ = resolved(CELLS, REFERENCE)
    assert "2 * x" not in str(plan)
