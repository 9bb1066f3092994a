"""What a summary says of rows: whom a person should look at, and what is only noted."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.gradebook.results import ResultStore, failure_row, result_rows
from nbgrader_isolate.grading.submission import grade
from nbgrader_isolate.report.summary import print_summary, review_reasons, tally_rows
from support.small_course import InProcess, answered, assignment, code, plan_of, task_of

RIGHT = "def double(x):\n    return 2 * x"


def graded(submitted: dict[str, Any] | None, *notes: str, mode: str = "isolated") -> dict[str, Any]:
    """Return the row of a submission of one notebook."""
    one = plan_of()
    one.modes["double-test"] = mode  # type: ignore[assignment]
    files = {} if submitted is None else {"hw.ipynb": json.dumps(submitted).encode()}
    result = grade(task_of(files, list(notes)), assignment(one), InProcess(), Limits())
    (row,) = result_rows(result)
    return row


def printed(*found: dict[str, Any]) -> str:
    """Return the summary of rows as it is printed."""
    out = io.StringIO()
    print_summary(Console(file=out, width=120), "ps1: 1 submission.", tally_rows(found))
    return out.getvalue()


def twice(again: str) -> dict[str, Any]:
    """Return a submission that holds an answer, and then another of its name."""
    given = answered({"double": RIGHT})
    given["cells"].append(code(again, "double", solution=True))
    return given


def without(name: str) -> dict[str, Any]:
    """Return a submission that lacks a cell."""
    given = answered({"double": RIGHT})
    given["cells"] = [cell for cell in given["cells"] if cell["id"] != name]
    return given


ASKS = {
    "an answer twice, with two texts": (
        twice("def double(x):\n    return 3"),
        "duplicate answer cells (the first",
    ),
    "an answer that is gone": (without("double"), "missing answers"),
    "no notebook": (None, "not handed in"),
}


@pytest.mark.parametrize(("given", "words"), ASKS.values(), ids=ASKS)
def test_where_points_are_at_stake_a_person_should_look(given: Any, words: str) -> None:  # noqa: ANN401
    row = graded(given)
    assert words in row["review_reasons"][0]
    assert row["notices"] == []
    said = printed(row)
    assert "Review 1 submission:" in said
    assert "Noted" not in said


NOTED = {
    "an answer twice, word for word": (twice(RIGHT), (), "with the same text: double"),
    "another file name": (answered({}), ("hw.ipynb was found as my hw.ipynb",), "my hw.ipynb"),
    "files beside the notebook": (answered({}), ("left behind: notes.txt",), "notes.txt"),
}


@pytest.mark.parametrize(("given", "notes", "words"), NOTED.values(), ids=NOTED)
def test_what_costs_nothing_is_noted_and_asks_for_nobody(
    given: dict[str, Any], notes: tuple[str, ...], words: str
) -> None:
    row = graded(given, *notes)
    assert row["review_reasons"] == []
    assert words in row["notices"][0]
    said = printed(row)
    assert "No submission has a problem." in said
    assert "For information only:" in said
    assert words in said


def test_a_notebook_that_is_not_there_is_shown_with_what_was_found_in_its_place() -> None:
    row = graded(None, "left behind: answers.docx")
    assert row["review_reasons"] == ["hw.ipynb: not handed in"]
    assert review_reasons(row) == ["hw.ipynb: not handed in", "left behind: answers.docx"]
    assert "Noted" not in printed(row)


def test_unprotected_points_ask_for_a_look_and_are_counted_in_one_line_for_all() -> None:
    row = graded(answered({"double": RIGHT}), mode="in-process")
    assert row["review_reasons"] == ["unprotected points: double-test"]
    said = printed(row, row | {"student": "björn"})
    assert "number of students): hw/double-test (2)" in said
    assert "No submission has a problem." in said


def test_stored_rows_of_an_earlier_version_are_read_in_current_words(tmp_path: Path) -> None:
    row = graded(answered({"double": RIGHT}), mode="in-process")
    former = json.loads(json.dumps(row).replace("in-process", "same-process"))
    store = ResultStore(tmp_path, "ps1")
    store.save("ada", [former])
    assert former != row
    assert store.load("ada") == [*store.all()] == [row]


def test_a_failure_of_the_grader_asks_for_a_person() -> None:
    row = failure_row("ada", "its worker was killed")
    assert review_reasons(row) == ["error: its worker was killed"]


@pytest.mark.parametrize("look", [[], ["missing answers, graded as empty: double"], None])
def test_stored_review_reasons_and_notices_of_an_earlier_version_are_told_apart(
    tmp_path: Path, look: list[str] | None
) -> None:
    former = graded(answered({}))
    del former["review_reasons"], former["notices"]
    former["flags"] = ["left behind: notes.txt", *(look or []), "left behind: notes.txt"]
    if look is not None:
        former["look"] = look
    store = ResultStore(tmp_path, "ps1")
    store.save("ada", [former])
    (row,) = store.load("ada")
    assert row["notices"] == ([] if look is None else ["left behind: notes.txt"])
    assert review_reasons(row) == (["left behind: notes.txt"] if look is None else look)
    assert not {"flags", "look"} & row.keys()


def test_a_long_list_of_notes_is_cut_and_counted() -> None:
    found = [
        graded(answered({}), f"left behind: {i}.txt") | {"student": f"s{i}"} for i in range(13)
    ]
    assert "and 3 more (--json lists all)" in printed(*found)


def test_what_is_said_of_a_whole_submission_is_shown_once_and_not_for_each_notebook() -> None:
    note = "left behind: notes.txt"
    first = graded(answered({}), note)
    second = first | {"notebook": "hx"}
    assert printed(first, second).count(note) == 1
    refused = "hw.ipynb: is empty"
    lost = first | {"status": "unreadable", "review_reasons": [refused], "notices": []}
    said = printed(second | {"notices": [refused]}, lost)
    assert said.count(refused) == 1
    assert "Noted" not in said


def test_one_reason_in_two_notebooks_names_both_notebooks() -> None:
    reason = "cells that took too long and were stopped: t2"
    first = graded(answered({"double": RIGHT})) | {"review_reasons": [reason]}
    said = printed(first, first | {"notebook": "hx"})
    assert said.count(reason) == 1
    assert "hw, hx" in said
