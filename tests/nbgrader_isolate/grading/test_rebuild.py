"""A rebuilt notebook has only the source of student cells from the submission."""

from __future__ import annotations

import copy
import dataclasses
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbgrader_isolate.core.models import METADATA, NotebookPlan
from nbgrader_isolate.grading.rebuild import rebuild
from nbgrader_isolate.notebook.cells import is_solution, name_of
from support.small_course import CELLS, STUB, answered, code, notebook, parsed, plan_of, text
from support.tiers import examples

PLAN = plan_of()
RIGHT = "def double(x):\n    return 2 * x"


def rebuilt(
    submitted: dict[str, Any] | None, plan: NotebookPlan = PLAN
) -> tuple[list[Any], list[str]]:
    nb, findings = rebuild(plan, parsed(submitted) if submitted is not None else None)
    nbformat.validate(nb)
    return nb["cells"], findings


def sources(submitted: dict[str, Any], plan: NotebookPlan = PLAN) -> list[str]:
    return [cell["source"] for cell in rebuilt(submitted, plan)[0]]


BASE = [cell["source"] for cell in CELLS]


def test_an_unchanged_submission_is_rebuilt_as_the_release() -> None:
    cells, findings = rebuilt(answered({}))
    assert [cell["source"] for cell in cells] == BASE
    assert [cell["id"] for cell in cells] == [cell["id"] for cell in CELLS]
    assert findings == []


def test_answers_are_matched_by_grade_id() -> None:
    cells, findings = rebuilt(answered({"double": RIGHT, "why": "Because."}))
    by_name = {name_of(cell): cell for cell in cells}
    assert by_name["double"]["source"] == RIGHT
    assert by_name["why"]["source"] == "Because."
    assert findings == []


def test_each_cell_records_its_owner_and_each_test_its_mode() -> None:
    plan = plan_of()
    plan.modes["area-test"] = "in-process"
    cells, _ = rebuilt(answered({}), plan)
    records = {cell["id"]: cell["metadata"]["nbgrader_isolate"] for cell in cells}
    assert [r["owner"] for r in records.values()].count("student") == 3
    assert records["double"]["owner"] == "student"
    assert records["double-test"]["mode"] == "isolated"
    assert records["area-test"]["mode"] == "in-process"
    assert {r["outcome"] for r in records.values()} == {"not run"}
    assert not any(r["completed"] for r in records.values())


def test_a_student_cell_records_the_imports_of_its_stub_only() -> None:
    stub = (
        "import math\nfrom os import (\n    path,\n)\n\n"
        "def f():\n    import sys\n    # YOUR CODE HERE"
    )
    cells = [code(stub, "f", solution=True), text("?", "w", grade=True, solution=True)]
    submitted = answered({"f": "import ctypes\n!ls"}, cells)
    imports = [
        c["metadata"]["nbgrader_isolate"]["imports"] for c in rebuilt(submitted, plan_of(cells))[0]
    ]
    assert imports == ["import math\nfrom os import path", ""]


def test_tests_and_tasks_always_come_from_the_instructor() -> None:
    submitted = answered({"double-test": "pass", "task": "Nothing to do.", "area-test": ""})
    assert sources(submitted) == BASE


def test_deleted_cells_are_restored_and_a_deleted_answer_is_empty() -> None:
    submitted = notebook([cell for cell in CELLS if name_of(cell) in ("area", "why")])
    cells, findings = rebuilt(submitted)
    expected = ["" if source == STUB else source for source in BASE]
    assert [cell["source"] for cell in cells] == expected
    assert findings == ["missing answers, graded as empty: double"]


def test_without_a_submission_all_answers_are_empty() -> None:
    cells, findings = rebuilt(None)
    assert {c["source"] for c in cells if is_solution(c)} == {""}
    assert findings == ["missing answers, graded as empty: double, why, area"]


def test_cells_keep_the_instructors_order() -> None:
    shuffled = answered({"double": RIGHT})
    shuffled["cells"] = [shuffled["cells"][i] for i in (6, 3, 0, 7, 2, 5, 1, 4)]
    assert sources(shuffled) == [RIGHT if source == STUB else source for source in BASE]


def test_the_first_of_several_cells_with_one_name_is_graded_with_a_finding() -> None:
    submitted = answered({"double": RIGHT})
    submitted["cells"].insert(0, code("def double(x):\n    return 3", "double", solution=True))
    cells, findings = rebuilt(submitted)
    assert [c["source"] for c in cells if name_of(c) == "double"] == [
        "def double(x):\n    return 3"
    ]
    assert not any(c["source"] == RIGHT for c in cells)
    assert findings == ["duplicate answer cells (the first one was graded): double"]


def test_a_second_copy_of_a_test_is_dropped() -> None:
    submitted = answered({})
    test = next(cell for cell in CELLS if name_of(cell) == "double-test")
    submitted["cells"].append(copy.deepcopy(test))
    cells, findings = rebuilt(submitted)
    assert [cell["source"] for cell in cells] == BASE
    assert findings == []


@pytest.mark.parametrize("place", [0, 5])
def test_a_copy_of_a_test_with_other_text_is_a_cell_of_the_students(place: int) -> None:
    helper = "def twice(x):\n    return x + x"
    submitted = answered({})
    copied = code(helper, "double-test", grade=True, points=99, locked=True)
    submitted["cells"].insert(place, copied)
    cells, findings = rebuilt(submitted)
    (added,) = [cell for cell in cells if cell["source"] == helper]
    assert added["metadata"]["nbgrader_isolate"]["owner"] == "student"
    assert name_of(added) is None
    assert [cell["source"] for cell in cells if cell is not added] == BASE
    notice = "copies of test cells with other text, run as the student's cells: double-test"
    assert findings == [notice]


def test_the_metadata_of_a_submission_is_dropped() -> None:
    submitted = answered({"double": RIGHT})
    for cell in submitted["cells"]:
        cell["metadata"]["tags"] = ["skip-execution"]
        cell["metadata"]["nbgrader_isolate"] = {
            "owner": "instructor",
            "completed": True,
            "credit": 99,
        }
        cell["metadata"].get("nbgrader", {}).update(points=99, grade=False)
    submitted["metadata"] = {"kernelspec": {"name": "evil", "display_name": "evil"}}
    clean, _ = rebuild(PLAN, parsed(answered({"double": RIGHT})))
    assert rebuild(PLAN, parsed(submitted))[0] == clean


def test_a_solution_cell_of_another_type_is_still_the_answer() -> None:
    submitted = answered({"double": RIGHT})
    submitted["cells"][2] = {
        "cell_type": "raw",
        "metadata": submitted["cells"][2]["metadata"],
        "source": RIGHT,
    }
    cells, _ = rebuilt(submitted)
    assert (cells[2]["cell_type"], cells[2]["source"]) == ("code", RIGHT)


def test_a_cell_without_metadata_is_found_by_its_id_with_a_finding() -> None:
    submitted = answered({"double": RIGHT})
    submitted["cells"][2]["metadata"] = {}
    cells, findings = rebuilt(submitted)
    assert cells[2]["source"] == RIGHT
    assert findings == ["answer cells without nbgrader metadata, found by cell id: double"]


def test_added_cells_keep_their_place() -> None:
    submitted = answered({"double": RIGHT})
    submitted["cells"].insert(2, code("helper = 3"))
    submitted["cells"].insert(0, code("first = 1"))
    submitted["cells"].append(text("My last words."))
    cells, findings = rebuilt(submitted)
    expected = ["first = 1", *BASE[:2], "helper = 3", RIGHT, *BASE[3:], "My last words."]
    assert [cell["source"] for cell in cells] == expected
    added = [cells[0], cells[3], cells[-1]]
    assert [cell["metadata"]["nbgrader_isolate"]["owner"] for cell in added] == ["student"] * 3
    assert findings == []


def test_magics_and_shell_escapes_stay_source_text() -> None:
    magic = "%%bash\nrm -rf /\n!ls\n%load_ext evil"
    submitted = answered({"double": magic})
    submitted["cells"].append(code(magic))
    assert sources(submitted).count(magic) == 2


def test_an_edited_plain_cell_follows_the_instructors_version() -> None:
    submitted = answered({})
    submitted["cells"][1]["source"] = "import math\nLIMIT = 99"
    cells, findings = rebuilt(submitted)
    assert [c["source"] for c in cells][1:3] == [
        "import math\nLIMIT = 10",
        "import math\nLIMIT = 99",
    ]
    owners = [c["metadata"]["nbgrader_isolate"]["owner"] for c in cells[1:3]]
    assert owners == ["instructor", "student"]
    assert findings == ["edited plain cells of the instructor's: 1"]


def test_without_cell_ids_plain_cells_are_matched_by_their_text() -> None:
    submitted = answered({"double": RIGHT})
    for cell in submitted["cells"]:
        del cell["id"]
    submitted["cells"][1]["source"] = "import math\nLIMIT = 99"
    cells = sources(submitted)
    assert cells == [*BASE[:2], "import math\nLIMIT = 99", RIGHT, *BASE[3:]]


def test_a_copied_plain_cell_counts_as_added() -> None:
    submitted = answered({})
    submitted["cells"].insert(2, copy.deepcopy(submitted["cells"][1]))
    cells, _ = rebuilt(submitted)
    assert [c["source"] for c in cells] == [*BASE[:2], BASE[1], *BASE[2:]]
    assert len({cell["id"] for cell in cells}) == len(cells)


def test_unknown_grade_ids_earn_no_points() -> None:
    submitted = answered({})
    submitted["cells"].append(code("1", "bonus", grade=True, points=50, locked=True))
    cells, _ = rebuilt(submitted)
    assert (cells[-1]["source"], name_of(cells[-1])) == ("1", None)


@pytest.mark.parametrize("bad", ["x = '\ud800'", "x = '\0'"])
def test_invalid_characters_are_replaced_with_a_finding(bad: str) -> None:
    cells, findings = rebuilt(answered({"double": bad, "area": "pass"}))
    assert cells[2]["source"] == "x = '\N{REPLACEMENT CHARACTER}'"
    assert cells[6]["source"] == "pass"
    assert findings == ["invalid characters were replaced in: double"]


def test_images_of_an_answer_stay_and_images_of_other_cells_do_not() -> None:
    submitted = answered({"why": "![](attachment:a.png)"})
    for index in (0, 2, 4):
        submitted["cells"][index]["attachments"] = {"a.png": {"image/png": "iVBORw0KGgo="}}
    cells, _ = rebuilt(submitted)
    assert [("attachments" in cell) for cell in cells].index(True) == 4
    assert sum("attachments" in cell for cell in cells) == 1


def test_rebuilding_does_not_change_the_plan() -> None:
    plan = plan_of()
    before = copy.deepcopy(plan)
    nb, _ = rebuild(plan, parsed(answered({"double": RIGHT})))
    nb["cells"][0]["metadata"]["changed"] = True
    nb["metadata"]["changed"] = True
    assert plan == before


NAMES = st.sampled_from([name_of(c) for c in CELLS] + ["unknown", "", "\ud800", "_", None])
IDS = st.sampled_from(
    [c["id"] for c in CELLS] + ["student-1", "student-9", "x" * 65, "a b", 3, None]
)
CELL = st.fixed_dictionaries(
    {
        "cell_type": st.sampled_from(["code", "markdown", "raw", "video", None]),
        "source": st.sampled_from(BASE)
        | st.text(max_size=5)
        | st.lists(st.text(max_size=3))
        | st.none(),
        "metadata": st.fixed_dictionaries(
            {"nbgrader": st.fixed_dictionaries({"grade_id": NAMES}) | st.just(3)}
        )
        | st.just({})
        | st.none(),
        "id": IDS,
        "attachments": st.sampled_from([None, {}, {"a": {"image/png": "aGk="}}, {"a": 3}, [1]]),
    }
)


@pytest.mark.slow
@given(st.lists(CELL | st.none() | st.integers(), max_size=12))
@settings(max_examples=examples(300), deadline=None)
def test_any_parsed_notebook_is_rebuilt_the_same_each_time_and_keeps_the_tests(
    cells: list[Any],
) -> None:
    submitted = {"nbformat": 4, "cells": cells}
    nb, findings = rebuild(PLAN, parsed(submitted))
    again = rebuild(PLAN, parsed(submitted))
    assert (nb, findings) == again
    nbformat.validate(nb)
    ours = [c for c in nb["cells"] if c["metadata"]["nbgrader_isolate"]["owner"] == "instructor"]
    expected = [(c["id"], c["source"]) for c in CELLS if not is_solution(c)]
    assert [(c["id"], c["source"]) for c in ours] == expected
    named = [name_of(c) for c in nb["cells"] if name_of(c)]
    assert named == [name_of(c) for c in CELLS if name_of(c)]
    for cell in nb["cells"]:
        cell["source"].encode("utf-8")
    assert all(note.isprintable() for note in findings)


def test_only_the_cell_whose_solution_binds_a_name_takes_it() -> None:
    submitted = answered({"double": RIGHT})
    submitted["cells"].insert(2, code("LIMIT = 99"))
    plan = dataclasses.replace(plan_of(), takes={"double": ["double"]})
    for known, expected in ((plan, [["double"], [], []]), (plan_of(), [None, None, None])):
        cells, _ = rebuilt(submitted, known)
        taken = {
            name_of(cell): cell["metadata"][METADATA]["takes"]
            for cell in cells
            if cell["metadata"][METADATA]["owner"] == "student" and cell["cell_type"] == "code"
        }
        assert [taken[name] for name in ("double", "area", None)] == expected
