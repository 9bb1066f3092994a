"""`make capstone`: whose code goes into it, and that nothing is lost."""

from __future__ import annotations

import shutil

import pytest

from course.core.errors import CourseError
from course.core.exercises import load
from course.core.paths import Folders
from course.exercises.capstone import fill as fill_capstone
from course.exercises.capstone import report
from course.exercises.workspace import fill
from support.exercise_course import notebook, write

STUB = "def {}(*_):\n    raise NotImplementedError"
SOLUTION = {"grade_id": "s", "solution": True, "grade": False, "locked": False}
TEST = {"grade_id": "t", "solution": False, "grade": True, "locked": True, "points": 1}


@pytest.fixture
def mini(folders: Folders) -> Folders:
    """Three parts of MiniArray in two assignments, and a capstone that asks for them and one
    more."""
    parts = {"locate": "02-strides", "take": "02-strides", "transposed": "03-views"}
    for name, assignment in parts.items():
        reference = f"### BEGIN SOLUTION\ndef {name}(*_):\n    return 'reference'\n### END SOLUTION"
        test = f"assert {name}()"
        texts = {folders.exercises: STUB.format(name), folders.solutions: reference}
        for folder, source in texts.items():
            file = folder / assignment / f"mini-{name}.ipynb"
            file.parent.mkdir(exist_ok=True)
            file.write_text(notebook((source, SOLUTION), (test, TEST)))
    stubs = "\n\n".join(STUB.format(name) for name in [*parts, "runs"])
    file = folders.exercises / "06-capstone" / "step-1.ipynb"
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
    write(mini, "def take(*_):\n    return 0", "mini-take")
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
    assert "write your own in 02-strides/mini-take, then run this again" in told
    assert "runs        not written yet" in told


@pytest.mark.slow
def test_what_is_written_into_the_capstone_itself_stays_and_gives_way_to_what_is_solved(
    mini: Folders,
) -> None:
    fill_capstone(mini)
    assert fill_capstone(mini)[1] == []
    file = mini.work / "exercises" / "06-capstone" / "step-1.ipynb"
    file.write_text(file.read_text().replace("'reference'", "'by hand'", 1))
    parts, _ = fill_capstone(mini)
    assert parts[0].origin == "yours"
    assert "'by hand'" in file.read_text()
    write(mini, "def locate(*_):\n    return 'solved'", "mini-locate")
    fill_capstone(mini)
    assert "'solved'" in file.read_text()
    kept = sorted((mini.work / "kept" / "06-capstone").glob("step-1-*.ipynb"))
    assert "'by hand'" in kept[-1].read_text()


@pytest.mark.slow
def test_without_solutions_a_gap_in_the_capstone_stays_one(mini: Folders) -> None:
    shutil.rmtree(mini.solutions)
    parts, _ = fill_capstone(mini)
    assert {part.origin for part in parts} == {"missing"}


def test_without_a_capstone_the_student_is_told_how_to_get_it(folders: Folders) -> None:
    with pytest.raises(CourseError, match="make lab"):
        fill_capstone(folders)
