"""The reference solution gets the points of stock nbgrader, whichever names its tests share."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from nbgrader_isolate.core.models import AssignmentPlan, Result, Task
from nbgrader_isolate.grading.engine import Engine
from nbgrader_isolate.grading.submission import grade
from nbgrader_isolate.planning.plan import make_plan
from support import preloaded
from support.patterns import IN_PROCESS, NAMES, notebook_cells
from support.small_course import LIMITS, notebook
from support.tiers import some

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]
TRIED = some(NAMES, every=6)
"""The patterns whose reference is graded here: in the whole tier all."""
CONFIRMED = some(TRIED, every=4)
"""Those that stock nbgrader grades as well. It gives full marks to each, and the whole tier
confirms that of all patterns."""


def nbgrader(course: Path, *arguments: str) -> None:
    done = preloaded.nbgrader(*arguments, cwd=course)
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a course with a notebook for each pattern, and the reference handed in and graded."""
    root = tmp_path_factory.mktemp("names")
    source = root / "source/ps1"
    source.mkdir(parents=True)
    (root / "nbgrader_config.py").write_text("c = get_config()\n", "utf-8")
    for name in TRIED:
        text = json.dumps(notebook(notebook_cells(NAMES[name])))
        (source / f"{name}.ipynb").write_text(text, "utf-8")
    nbgrader(root, "generate_assignment", "ps1")
    (root / "submitted/ref/ps1").mkdir(parents=True)
    for name in CONFIRMED:
        shutil.copy(source / f"{name}.ipynb", root / "submitted/ref/ps1")
    nbgrader(root, "autograde", "ps1")
    return root


@pytest.fixture(scope="module")
def graded(course: Path) -> tuple[AssignmentPlan, Result, dict[str, dict[str, float]]]:
    """Return our plan, our result for the reference, and stock's points by notebook and test."""
    config = Config()
    config.CourseDirectory.root = str(course)
    directory = CourseDirectory(config=config)
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook, Engine(LIMITS) as engine:
        plan = make_plan(directory, gradebook, "ps1", engine)
        files = {f"{n}.ipynb": (course / f"source/ps1/{n}.ipynb").read_bytes() for n in TRIED}
        result = grade(Task("ref", "ps1", plan.digest, files, [], 1), plan, engine, LIMITS)
        stock = {
            name: {
                grade.name: grade.auto_score
                for grade in gradebook.find_submission_notebook(name, "ps1", "ref").grades
            }
            for name in CONFIRMED
        }
        for name in TRIED:
            tests = gradebook.find_notebook(name, "ps1").grade_cells
            stock.setdefault(name, {test.name: test.max_score for test in tests})
    return plan, result, stock


@pytest.mark.parametrize("name", TRIED)
def test_the_reference_gets_what_stock_gives_it(
    graded: tuple[AssignmentPlan, Result, dict[str, dict[str, float]]], name: str
) -> None:
    plan, result, stock = graded
    (ours,) = (one for one in result.notebooks if one.name == name)
    (planned,) = (one for one in plan.notebooks if one.name == name)
    assert {test: cell.score for test, cell in ours.cells.items()} == stock[name], ours.cells
    assert planned.warnings == []
    in_process = [test for test, mode in planned.modes.items() if mode == "in-process"]
    assert in_process == IN_PROCESS.get(name, []), planned.reasons
