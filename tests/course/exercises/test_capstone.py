"""`make capstone`: whose code goes into it, and that nothing is lost."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from course.core.errors import CourseError
from course.core.exercises import is_solution, load
from course.core.paths import ROOT, Folders
from course.exercises.answer_cases import answers
from course.exercises.capstone import fill as fill_capstone
from course.exercises.capstone import report
from course.exercises.capstone_parts import Part, fill_in_page, refuse_clashes
from course.exercises.check import SOLVED, state
from course.exercises.workspace import fill
from course.qa.page_python import page_python
from support.exercise_course import notebook, write
from support.in_node import NODE

STUB = "def {}(*_):\n    raise NotImplementedError"
SOLUTION = {"grade_id": "s", "solution": True, "grade": False, "locked": False}
TEST = {"grade_id": "t", "solution": False, "grade": True, "locked": True, "points": 1}


@pytest.fixture
def mini(folders: Folders) -> Folders:
    """Three parts of MiniArray in two assignments, and a capstone that asks for them and one
    more."""
    parts = {"locate": "02-strides", "transposed": "02-strides", "take": "04-views"}
    for name, assignment in parts.items():
        reference = f"### BEGIN SOLUTION\ndef {name}(*_):\n    return 'reference'\n### END SOLUTION"
        test = f"assert {name}()"
        texts = {folders.exercises: STUB.format(name), folders.solutions: reference}
        for folder, source in texts.items():
            file = folder / assignment / f"mini-{name}.ipynb"
            file.parent.mkdir(exist_ok=True)
            file.write_text(notebook((source, SOLUTION), (test, TEST)))
    stubs = "\n\n".join(STUB.format(name) for name in [*parts, "runs"])
    file = folders.exercises / "09-capstone" / "step-1.ipynb"
    file.parent.mkdir()
    file.write_text(
        notebook(
            (f"# your parts begin\nfrom math import prod\n\n{stubs}\n# your parts end\nx = 1", {})
        )
    )
    fill(folders)
    return folders


@pytest.mark.slow
def test_the_capstone_takes_what_is_solved_and_fills_gaps_from_references(mini: Folders) -> None:
    write(mini, "def locate(*_):\n    return 'mine'", "mini-locate")
    write(mini, "def take(*_):\n    return 0", "mini-take", "04-views")
    parts, changed = fill_capstone(mini)
    assert {part.name: part.origin for part in parts} == {
        "locate": "yours",
        "take": "reference",
        "transposed": "reference",
        "runs": "missing",
    }
    (file,) = changed
    space: dict[str, object] = {}
    source = load(file)["cells"][0]["source"]
    exec(source, space)  # noqa: S102
    assert [space[name]() for name in ("locate", "take", "transposed")] == [  # type: ignore[operator]
        "mine",
        "reference",
        "reference",
    ]
    assert space["x"] == 1
    assert callable(space["prod"])
    assert "SOLUTION" not in source
    told = "\n".join(report(parts))
    assert "write your own in 04-views/mini-take, then run this again" in told
    assert "runs        not written yet" in told


@pytest.mark.slow
def test_what_is_written_into_the_capstone_itself_stays_and_gives_way_to_what_is_solved(
    mini: Folders,
) -> None:
    fill_capstone(mini)
    assert fill_capstone(mini)[1] == []
    file = mini.work / "exercises" / "09-capstone" / "step-1.ipynb"
    file.write_text(file.read_text().replace("'reference'", "'by hand'", 1))
    parts, _ = fill_capstone(mini)
    assert parts[0].origin == "yours"
    assert "'by hand'" in file.read_text()
    write(mini, "def locate(*_):\n    return 'solved'", "mini-locate")
    fill_capstone(mini)
    assert "'solved'" in file.read_text()
    kept = sorted((mini.work / "kept" / "09-capstone").glob("step-1-*.ipynb"))
    assert "'by hand'" in kept[-1].read_text()


@pytest.mark.slow
def test_without_solutions_a_gap_in_the_capstone_stays_one(mini: Folders) -> None:
    shutil.rmtree(mini.solutions)
    parts, _ = fill_capstone(mini)
    assert {part.origin for part in parts} == {"missing"}


@pytest.mark.slow
def test_parts_whose_helpers_have_one_name_are_refused_before_anything_is_written(
    mini: Folders,
) -> None:
    helper = "def where():\n    return {}\n\n\ndef {}(*_):\n    return where()"
    write(mini, helper.format(1, "locate"), "mini-locate")
    write(mini, helper.format(1, "take"), "mini-take", "04-views")
    _, changed = fill_capstone(mini)
    assert len(changed) == 1  # equal helpers replace each other without harm
    before = changed[0].read_text()
    write(mini, helper.format(2, "take"), "mini-take", "04-views")
    with pytest.raises(CourseError) as caught:
        fill_capstone(mini)
    assert str(caught.value) == (
        "`where` in 02-strides/mini-locate and `where` in 04-views/mini-take are different, but in "
        "the capstone one would replace the other. Rename the one in 04-views/mini-take, for "
        "example to `take_where`, and copy the parts again."
    )
    assert changed[0].read_text() == before


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "def take(facts):\n    return 2",
            "Rename the one in 03-a/mini-b, for example to `b_take`",
        ),
        ("from numpy import prod", "`prod` in 09-capstone itself and `prod` in 03-a/mini-b"),
        ("def run():\n    return 1", "`run` in 09-capstone itself and `run` in 03-a/mini-b"),
        ("SIZE: int = 3", "`SIZE` in 03-a/mini-b and `SIZE` in 04-a/mini-take"),
        ("from math import prod\ndef other():\n    take = run = SIZE = 1", ""),
        ("def b(:", ""),
    ],
)
def test_a_helper_may_have_no_name_that_another_part_or_the_capstone_needs(
    source: str, expected: str
) -> None:
    parts = [
        Part("b", "yours", source, "03-a/mini-b"),
        Part("take", "yours", "SIZE = 2\ndef take(facts):\n    return 1", "04-a/mini-take"),
    ]
    given = [
        "# your parts begin\ndef take(): 0\n# your parts end\nfrom math import prod\ndef run(): 0"
    ]
    if not expected:
        refuse_clashes(parts, given)
        return
    with pytest.raises(ValueError, match=re.escape(expected)):
        refuse_clashes(parts, given)


def test_without_a_capstone_the_student_is_told_how_to_get_it(folders: Folders) -> None:
    with pytest.raises(CourseError, match="make lab"):
        fill_capstone(folders)


# The same in a page -------------------------------------------------------------------------------

CAPSTONE = "09-capstone/your-ndarray"
ROUNDS = 12
MINE = (
    None,
    "# your parts begin\ndef locate(facts, index):\n    return 7\n# your parts end\nx = 1",
    "# your parts begin\ndef locate(:\n# your parts end",
    "no block any more",
)
"""What a student may have in the capstone's own cell."""


@pytest.fixture(scope="module")
def cases() -> dict[str, list[str]]:
    """The answer cases of each part's exercise, the right ones first."""
    found: dict[str, list[str]] = {}
    for one in sorted(answers(ROOT / "tests" / "zoo"), key=lambda one: one.points is not None):
        if one.task.startswith("mini-"):
            found.setdefault(f"{one.assignment}/{one.task}", []).append(one.source)
    return found


def sources(file: Path) -> list[str]:
    """Return the sources of a notebook's answer cells."""
    return [cell["source"] for cell in load(file)["cells"] if is_solution(cell)]


def fill_page(folders: Folders) -> dict[str, object]:
    """Return what the capstone's page makes of the answers in `work/`."""
    exercises = [
        {
            "place": f"{given.parent.name}/{given.stem}",
            "given": sources(given),
            "mine": sources(folders.work / "exercises" / given.parent.name / given.name),
            "solved": state(folders, given).word == SOLVED,
        }
        for given in sorted(folders.exercises.glob("*/mini-*.ipynb"))
    ]
    job = {
        "given": sources(folders.exercises / f"{CAPSTONE}.ipynb"),
        "mine": sources(folders.work / "exercises" / f"{CAPSTONE}.ipynb"),
        "exercises": exercises,
    }
    filled: dict[str, object] = json.loads(fill_in_page(json.dumps(job)))
    return filled


@pytest.mark.slow
@pytest.mark.skipif(NODE is None, reason="needs node")
def test_the_python_of_the_pages_fills_it_in_the_same_way(cases: dict[str, list[str]]) -> None:
    """Every answer case of a part, as solved and as not solved, between all kinds of own code."""
    given = sources(ROOT / "exercises" / f"{CAPSTONE}.ipynb")
    jobs = []
    for number in range(max(map(len, cases.values()))):
        exercises = [
            {
                "place": place,
                "given": sources(ROOT / "exercises" / f"{place}.ipynb"),
                "mine": [answers_[number % len(answers_)]],
                "solved": (number + shift) % 3 > 0,
            }
            for shift, (place, answers_) in enumerate(cases.items())
        ]
        mine = [MINE[number % len(MINE)] or given[0], *given[1:]]
        jobs.append(json.dumps({"given": given, "mine": mine, "exercises": exercises}))
    with page_python(Folders(ROOT)) as python:
        python.start("exercises/09-capstone")
        python.run("from course.exercises.capstone_parts import Part, fill_in_page, refuse_clashes")
        for job in jobs:
            run = python.run(f"print(fill_in_page({json.dumps(job)}))")
            assert run.error is None
            assert json.loads(run.stream("stdout")) == json.loads(fill_in_page(job))


@pytest.mark.sample(every=8)
@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_page_fills_the_capstone_as_the_command_does_where_no_solutions_are(
    tmp_path: Path, cases: dict[str, list[str]], number: int
) -> None:
    made = Folders(tmp_path)
    shutil.copytree(ROOT / "exercises", made.exercises)
    fill(made)
    assert len(cases) == 7
    for shift, (place, answers_) in enumerate(cases.items()):
        if number or shift % 2:  # in the first round, every second one is not started
            write(made, answers_[(number + shift) % len(answers_)], *reversed(place.split("/")))
    mine = MINE[number % len(MINE)]
    file = made.work / "exercises" / f"{CAPSTONE}.ipynb"
    if mine is not None:
        notebook = json.loads(file.read_text("utf-8"))
        first = next(cell for cell in notebook["cells"] if cell.get("id") == "your-ndarray-parts")
        first["source"] = mine
        file.write_text(json.dumps(notebook), "utf-8")
    in_page = fill_page(made)
    parts, _ = fill_capstone(made)
    assert in_page["parts"] == [
        {"name": part.name, "origin": part.origin, "place": part.place} for part in parts
    ]
    assert in_page["sources"] == sources(file)
