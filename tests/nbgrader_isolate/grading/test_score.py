"""Points are nbgrader's on honest notebooks, and differ from them as listed on others."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.notebooknode import from_dict
from nbgrader.utils import compute_checksum, determine_grade

from nbgrader_isolate.core.models import CellScore
from nbgrader_isolate.grading.rebuild import rebuild
from nbgrader_isolate.grading.score import ran_completely, score
from nbgrader_isolate.notebook.cells import checksum, is_grade, is_locked, name_of
from support.small_course import CELLS, answered, cell, code, notebook, parsed, plan_of, text

pytestmark = pytest.mark.slow  # imports nbgrader
TEST = code("assert True", "t", grade=True, points=3, locked=True)
ERROR = {"output_type": "error", "ename": "AssertionError", "evalue": "no", "traceback": []}
WARNING = {"output_type": "stream", "name": "stderr", "text": "DeprecationWarning: old"}
PRINTED = {"output_type": "stream", "name": "stdout", "text": "hello"}


def result(text: str) -> dict[str, Any]:
    """Return the output of a cell whose last expression has this text."""
    data = {"text/plain": text}
    return {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": data}


def executed(source_cell: dict[str, Any], outputs: list[Any] = [], **record: Any) -> Any:  # noqa: ANN401, B006
    """Return a notebook of one cell as the engine leaves it."""
    graded_cell = copy.deepcopy(source_cell)
    default = {"owner": "instructor", "mode": "isolated", "outcome": "passed", "completed": True}
    graded_cell["metadata"]["nbgrader_isolate"] = default | record
    if graded_cell["cell_type"] == "code":
        graded_cell["outputs"] = copy.deepcopy(outputs)
    return from_dict(notebook([graded_cell]))


def scored(nb: Any) -> CellScore:  # noqa: ANN401 - a notebook
    (cell_score,) = score(nb)[0].values()
    return cell_score


HONEST = {
    "a test that passes": executed(TEST),
    "a test that prints": executed(TEST, [PRINTED]),
    "a test that fails": executed(TEST, [ERROR], outcome="failed", message="no"),
    "partial credit": executed(TEST, [result("1.5")], credit=1.5),
    "partial credit of nothing": executed(TEST, [result("0")], credit=0),
    "a last expression that is not a number": executed(TEST, [result("'done'")]),
    "no points": executed(code("1", "t", grade=True, points=0, locked=True)),
    "an answer": executed(
        {**text("old", "w", grade=True, solution=True, points=2), "source": "new"}
    ),
    "an untouched answer": executed(text("old", "w", grade=True, solution=True, points=2)),
    "an untouched answer in code": executed(code("#", "w", grade=True, solution=True, points=2)),
    "an answer in code": executed(
        {**code("#", "w", grade=True, solution=True, points=2), "source": "1"}
    ),
}


@pytest.mark.parametrize("name", HONEST)
def test_honest_cells_get_what_nbgrader_gives(name: str) -> None:
    nb = HONEST[name]
    (expected, most) = determine_grade(nb["cells"][0])
    cell_score = scored(nb)
    assert (cell_score.score, cell_score.max_score) == (expected, most)


DIFFERENCES: dict[str, tuple[Any, float | None, float | None]] = {
    "a test that was not run": (executed(TEST, outcome="not run", completed=False), 3, 0),
    "a test that was stopped": (executed(TEST, outcome="timeout", completed=False), 3, 0),
    "a test whose kernel died": (executed(TEST, outcome="died", completed=False), 3, 0),
    "a test without proof": (executed(TEST, completed=False), 3, 0),
    "an error that was taken out of the outputs": (executed(TEST, outcome="failed"), 3, 0),
    "a warning": (executed(TEST, [WARNING]), 0, 3),
    "a negative credit": (executed(TEST, [result("-1")], credit=-1.0), 3, 0),
    "a number that a student's process displayed": (executed(TEST, [result("0")]), 0, 3),
    "a forged error": (executed(TEST, [ERROR]), 0, 3),
    "a missing answer": (
        executed({**text("old", "w", grade=True, solution=True, points=2), "source": " \n"}),
        None,
        0,
    ),
    "a credit that is not a number": (executed(TEST, [result("nan")], credit=float("nan")), 3, 0),
}


@pytest.mark.parametrize("name", DIFFERENCES)
def test_the_documented_differences_from_nbgrader_hold(name: str) -> None:
    nb, stock, ours = DIFFERENCES[name]
    assert determine_grade(nb["cells"][0])[0] == stock
    assert scored(nb).score == ours


def test_a_credit_above_the_maximum_earns_nothing_where_nbgrader_stops() -> None:
    nb = executed(TEST, [result("4")], credit=4.0)
    with pytest.raises(ValueError, match="greater than maximum"):
        determine_grade(nb["cells"][0])
    cells, review_reasons = score(nb)
    assert cells["t"].score == 0
    assert review_reasons == ["t: declares 4.0 of 3 points"]
    assert "not between 0 and 3" in cells["t"].message


@pytest.mark.parametrize("credit", [float("inf"), True, "3", [3], 3.0000001])
def test_a_credit_must_be_a_number_of_points(credit: object) -> None:
    assert scored(executed(TEST, credit=credit)).score == 0


def test_an_array_that_a_test_only_shows_is_no_credit_as_in_nbgrader() -> None:
    shows = executed(TEST, [result("array([1., 2.])")], credit="invalid", shows_value=True)
    assert determine_grade(shows["cells"][0])[0] == scored(shows).score == 3
    assert score(shows)[1] == []
    assert scored(executed(TEST, credit="invalid")).score == 0  # where it is credit that is shown
    both = executed(TEST, credit="invalid", shows_value=True, outcome="failed", completed=False)
    assert scored(both).score == 0


def test_a_person_grades_a_task() -> None:
    cell_score = scored(executed(text("Find", "k", task=True, points=4, locked=True)))
    assert cell_score == CellScore(None, 4.0)


def test_the_message_and_the_mode_go_with_the_points() -> None:
    nb = executed(TEST, outcome="failed", message="expected 4, got 5", mode="in-process")
    assert scored(nb) == CellScore(0.0, 3.0, "expected 4, got 5", "in-process")


def test_stopped_and_fatal_cells_of_anyone_are_review_reasons() -> None:
    rebuilt, _ = rebuild(plan_of(), parsed(answered({})))
    rebuilt["cells"][1]["metadata"]["nbgrader_isolate"]["outcome"] = "died"
    rebuilt["cells"][2]["metadata"]["nbgrader_isolate"]["outcome"] = "timeout"
    review_reasons = score(rebuilt)[1]
    assert review_reasons == [
        "cells that took too long and were stopped: double",
        "cells that killed their kernel: cell 2",
    ]


def test_a_notebook_ran_completely_if_each_cell_ended_by_itself() -> None:
    rebuilt, _ = rebuild(plan_of(), parsed(answered({"area": ""})))
    for each in rebuilt["cells"]:
        each["metadata"]["nbgrader_isolate"]["outcome"] = "failed" if each["source"] else "not run"
    assert ran_completely(rebuilt)
    rebuilt["cells"][3]["metadata"]["nbgrader_isolate"]["outcome"] = "timeout"
    assert not ran_completely(rebuilt)


def test_a_rebuilt_notebook_that_was_never_run_has_no_points() -> None:
    rebuilt, _ = rebuild(plan_of(), parsed(answered({"why": "Because."})))
    cells, _ = score(rebuilt)
    assert {name: cell_score.score for name, cell_score in cells.items()} == {
        "double-test": 0.0,
        "why": None,
        "task": None,
        "area-test": 0.0,
    }


KINDS = st.fixed_dictionaries(
    {"grade": st.booleans(), "solution": st.booleans(), "locked": st.booleans()}
    | {"points": st.floats(0, 100) | st.integers(0, 100)}
)


@given(
    st.sampled_from(["code", "markdown"]), st.text(st.characters(exclude_categories=["Cs"])), KINDS
)
def test_the_checksum_is_nbgraders(kind: str, source: str, about: dict[str, Any]) -> None:
    node = from_dict(cell(kind, source, "name", **about))
    assert checksum(node) == compute_checksum(node)


def test_the_cells_of_these_tests_have_the_types_that_they_claim() -> None:
    grades = [name_of(c) for c in CELLS if is_grade(c)]
    assert grades == ["double-test", "why", "area-test"]
    assert is_locked(CELLS[3])
    assert not is_locked(CELLS[2])
