"""Whatever the files of a submission are, they are read or refused in one line.

The rebuilt notebook is always the instructor's.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import scene
from corpus import ATTACKS
from corpus.attack import COURSE, VICTIM, Attack

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.core.models import METADATA, AssignmentPlan
from nbgrader_isolate.grading.submission import rebuild
from nbgrader_isolate.intake.submission import take
from nbgrader_isolate.notebook.parse import UnreadableError, parse
from nbgrader_isolate.planning.plan import make_plan

pytestmark = pytest.mark.slow
TESTS = (
    "flat-index-visible",
    "flat-index-hidden",
    "transpose-test",
    "windows-test",
    "strides-test",
    "center-memory",
)


@pytest.fixture(scope="module")
def attacked(fresh: scene.Fresh) -> Path:
    """A course to which every attack was handed in."""
    course = fresh("read")
    for attack in ATTACKS:
        scene.hand_in_attack(course, attack)
    return course


@pytest.fixture(scope="module")
def plan(attacked: Path) -> AssignmentPlan:
    """The plan of its assignment."""
    from nbgrader.api import Gradebook
    from nbgrader.coursedir import CourseDirectory

    with Gradebook(f"sqlite:///{attacked / 'gradebook.db'}") as gradebook:
        return make_plan(CourseDirectory(root=str(attacked)), gradebook, "lab")


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_the_rebuilt_notebook_has_the_instructors_tests_and_none_of_the_students_metadata(
    attack: Attack, attacked: Path, plan: AssignmentPlan
) -> None:
    files, notes = take(attacked / "submitted" / attack.who / "lab", plan, Limits())
    assert all(name == "lab.ipynb" for name in files), "no file of the student's is taken"
    held = b"".join(files.values())
    assert VICTIM.encode() not in held
    assert COURSE.encode() not in held
    assert all("\n" not in note and len(note) < 600 for note in notes), notes
    submitted, refusal = read(files)
    assert "\n" not in refusal
    assert len(refusal) < 300
    executable, _notes = rebuild(plan.notebooks[0], submitted)
    assert_is_the_instructors(executable, plan)


def read(files: dict[str, bytes]) -> tuple[dict[str, Any] | None, str]:
    """Return the notebook, or None and the reason why it cannot be read."""
    try:
        return (parse(files["lab.ipynb"], Limits()) if files else None), ""
    except UnreadableError as error:
        return None, str(error)


def assert_is_the_instructors(notebook: dict, plan: AssignmentPlan) -> None:
    """Check tests and metadata of a rebuilt notebook."""
    base = {
        c["metadata"]["nbgrader"]["grade_id"]: c
        for c in plan.notebooks[0].notebook["cells"]
        if c["metadata"].get("nbgrader", {}).get("grade")
    }
    graded = [c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade")]
    assert tuple(c["metadata"]["nbgrader"]["grade_id"] for c in graded) == TESTS
    for cell in graded:
        name = cell["metadata"]["nbgrader"]["grade_id"]
        assert cell["source"] == base[name]["source"]
        assert cell["metadata"]["nbgrader"] == base[name]["metadata"]["nbgrader"]
        wanted = "in-process" if name == "center-memory" else "isolated"
        assert cell["metadata"][METADATA]["mode"] == wanted
        assert not cell["metadata"][METADATA]["completed"]
    for cell in notebook["cells"]:
        assert set(cell["metadata"]) <= {
            METADATA,
            "nbgrader",
            "deletable",
            "editable",
            "autograder",
        }
        assert not cell.get("outputs")
