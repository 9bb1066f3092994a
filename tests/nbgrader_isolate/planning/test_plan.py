"""A course made by nbgrader's own quickstart is planned and graded without any change."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from nbgrader_isolate.core.models import AssignmentPlan, Task
from nbgrader_isolate.core.serialization import to_json
from nbgrader_isolate.grading.engine import Engine
from nbgrader_isolate.grading.submission import grade
from nbgrader_isolate.intake.submission import take
from nbgrader_isolate.notebook.cells import name_of
from nbgrader_isolate.planning.draft import is_named_in
from nbgrader_isolate.planning.plan import (
    PlanError,
    current_plan,
    load_plan,
    make_plan,
    plan_file,
    plan_for,
    save_plan,
)
from support import preloaded
from support.small_course import LIMITS, InProcess, code, notebook

pytestmark = pytest.mark.slow
PARTIAL = """\
sizes = [1]
### BEGIN HIDDEN TESTS
sizes = [1, 2, 3]  # secret
### END HIDDEN TESTS
points = 0
for n in sizes:
    points += triple(n) == 3 * n
points / 2"""
PART = [
    code("import math", "setup", locked=True),
    code(
        "### BEGIN SOLUTION\ndef triple(n):\n    return n * 3\n### END SOLUTION",
        "triple",
        solution=True,
    ),
    code(PARTIAL, "triple-test", grade=True, points=1.5, locked=True),
]


def nbgrader(course: Path, *arguments: str) -> str:
    """Run the stock command; what it printed, or a failure that shows it."""
    done = preloaded.nbgrader(*arguments, cwd=course)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a quickstart course with its assignment `ps1`, and a third notebook."""
    root = tmp_path_factory.mktemp("foreign")
    nbgrader(root, "quickstart", "c")
    (root / "c/source/ps1/part.ipynb").write_text(json.dumps(notebook(PART)), "utf-8")
    (root / "c/source/ps1/data").mkdir()
    (root / "c/source/ps1/data/table.csv").write_text("1,2\n", "utf-8")
    nbgrader(root / "c", "generate_assignment", "ps1")
    return root / "c"


def directory(course: Path, **more: str) -> CourseDirectory:
    """Return nbgrader's view of a course."""
    config = Config()
    config.CourseDirectory.root = str(course)
    config.CourseDirectory.update(more)
    config.Autograde.exclude_overwriting = {"ps1": ["mine.py"]}
    return CourseDirectory(config=config)


@pytest.fixture
def gradebook(course: Path) -> Iterator[Gradebook]:
    with Gradebook(f"sqlite:///{course}/gradebook.db") as opened:
        yield opened


@pytest.fixture
def plan(course: Path, gradebook: Gradebook) -> AssignmentPlan:
    return make_plan(directory(course), gradebook, "ps1", InProcess())


def test_the_plan_has_the_gradebooks_cells_in_the_order_of_the_release(
    plan: AssignmentPlan,
) -> None:
    assert [one.name for one in plan.notebooks] == ["part", "problem1", "problem2"]
    names = [name_of(cell) for cell in plan.notebooks[1].notebook["cells"]]
    assert [name for name in names if name] == [
        "jupyter",
        "squares",
        "correct_squares",
        "squares_invalid_input",
        "sum_of_squares",
        "correct_sum_of_squares",
        "sum_of_squares_uses_squares",
        "sum_of_squares_equation",
        "sum_of_squares_application",
        "cell-938593c4a215c6cc",
    ]
    sources = [cell["source"] for cell in plan.notebooks[1].notebook["cells"]]
    assert sources.index("squares(10)") == 7


def test_tests_are_isolated_unless_they_need_the_students_process(plan: AssignmentPlan) -> None:
    part, problem1, problem2 = plan.notebooks
    assert part.modes == {"triple-test": "isolated"}
    assert problem1.modes == {
        "correct_squares": "isolated",
        "squares_invalid_input": "isolated",
        "correct_sum_of_squares": "isolated",
        "sum_of_squares_uses_squares": "isolated",
    }
    assert problem1.reasons == {}
    assert problem2.modes == {}
    assert part.student_names == ["triple"]
    assert problem1.student_names == ["squares", "sum_of_squares"]
    assert [one.warnings for one in plan.notebooks] == [[], [], []]


def test_hidden_tests_are_in_the_plan_and_solutions_are_not(
    course: Path, plan: AssignmentPlan
) -> None:
    assert "# secret" not in (course / "release/ps1/part.ipynb").read_text("utf-8")
    assert "# secret" in str(plan)
    solution = "n * 3"
    assert solution in (course / "source/ps1/part.ipynb").read_text("utf-8")
    assert solution.encode() not in to_json(plan)
    assert b"BEGIN SOLUTION" not in to_json(plan)


def test_without_a_release_the_source_gives_the_order_but_no_solution(
    course: Path, gradebook: Gradebook, plan: AssignmentPlan
) -> None:
    again = make_plan(directory(course, release_directory="nowhere"), gradebook, "ps1")
    for one, other in zip(again.notebooks, plan.notebooks, strict=True):
        ours, theirs = (
            [name_of(c) for c in p.notebook["cells"] if name_of(c)] for p in (one, other)
        )
        assert ours == theirs
        assert one.modes == other.modes
    assert b"n * 3" not in to_json(again)
    assert b"BEGIN SOLUTION" not in to_json(again)
    assert again.files == plan.files


def test_the_instructors_files_and_the_allowed_names_are_in_the_plan(plan: AssignmentPlan) -> None:
    assert sorted(plan.files) == ["data/table.csv", "jupyter.png"]
    assert plan.files["data/table.csv"] == b"1,2\n"
    assert plan.extra_files == ["mine.py"]


def test_files_are_those_of_the_source_and_unreleased_ones_are_for_tests_alone(
    course: Path, gradebook: Gradebook
) -> None:
    table, hidden, like, named = (
        course / "source/ps1" / name
        for name in ("data/table.csv", "hidden_checks.py", "triple.csv", "math.py")
    )
    before = table.read_bytes()
    table.write_bytes(b"3,4\n")
    hidden.write_bytes(b"ANSWER = 6\n")
    like.write_bytes(b"9")  # a function of the solution has this name, and that is all
    named.write_bytes(b"")  # a cell that runs in the student's kernel imports it
    try:
        plan = make_plan(directory(course), gradebook, "ps1")
    finally:
        table.write_bytes(before)
        for file in (hidden, like, named):
            file.unlink()
    assert plan.files["data/table.csv"] == b"3,4\n"
    assert plan.test_files == {"hidden_checks.py": b"ANSWER = 6\n", "triple.csv": b"9"}
    assert "math.py" in plan.files
    assert load_plan(saved(course, plan)) == plan


def saved(course: Path, plan: AssignmentPlan) -> Path:
    """Store a plan beside the others; return its file."""
    save_plan(course / "saved.json", plan)
    return course / "saved.json"


def test_a_notebook_in_another_language_is_refused(course: Path, gradebook: Gradebook) -> None:
    shutil.copytree(course / "release", course / "in-r")
    file = course / "in-r/ps1/part.ipynb"
    content = json.loads(file.read_bytes())
    content["metadata"]["kernelspec"] = {"name": "ir", "display_name": "R", "language": "R"}
    file.write_text(json.dumps(content), "utf-8")
    with pytest.raises(
        PlanError, match=r"part\.ipynb is a notebook in R, and this grader runs only"
    ):
        make_plan(directory(course, release_directory="in-r"), gradebook, "ps1")


def test_a_plan_is_stored_until_the_gradebook_changes(course: Path, gradebook: Gradebook) -> None:
    engine = InProcess()
    first = plan_for(directory(course), gradebook, "ps1", engine)
    runs = engine.runs
    file = plan_file(course, "ps1")
    assert runs > 0
    assert load_plan(file) == first
    assert file.stat().st_mode & 0o077 == 0
    assert plan_for(directory(course), gradebook, "ps1", engine) == first
    assert engine.runs == runs
    cell = gradebook.find_source_cell("triple-test", "part", "ps1")
    cell.source += "\n"
    second = plan_for(directory(course), gradebook, "ps1", engine)
    gradebook.db.rollback()
    assert second.digest != first.digest
    assert engine.runs > runs


def test_a_plan_is_made_again_when_a_package_changed_or_if_asked(
    course: Path, gradebook: Gradebook
) -> None:
    engine, said = InProcess(), list[str]()
    file = plan_file(course, "ps1")
    plan = plan_for(directory(course), gradebook, "ps1", engine)
    before = engine.runs
    assert plan_for(directory(course), gradebook, "ps1", engine, force=True) == plan
    assert engine.runs > before
    save_plan(file, replace(plan, environment=plan.environment | {"pandas": "missing"}))
    assert current_plan(directory(course), gradebook, "ps1") is None
    assert plan_for(directory(course), gradebook, "ps1", engine, said.append) == plan
    assert "changed since it was planned: pandas (missing, now not used); planning" in said[0]
    assert current_plan(directory(course), gradebook, "ps1") == plan


def test_a_plan_without_a_solution_says_so(course: Path, gradebook: Gradebook) -> None:
    said = list[str]()
    nowhere = directory(course, source_directory="elsewhere")
    plan = plan_for(nowhere, gradebook, "ps1", InProcess(), said.append, force=True)
    assert "there is no reference solution to run" in said[0]
    assert [text for text in plan.warnings if "no solution was found" in text] == [
        (
            f"{one.name}: no solution was found in the source folder, so none was run; where each "
            "test runs follows from the text of the tests alone"
        )
        for one in plan.notebooks
    ]
    nothing = directory(course, source_directory="elsewhere", release_directory="elsewhere")
    assert any(
        "and the plain cells are missing too" in text
        for text in make_plan(nothing, gradebook, "ps1").warnings
    )


def test_a_damaged_plan_file_is_replaced(course: Path, gradebook: Gradebook) -> None:
    file = plan_file(course, "ps1")
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b'{"kind": "AssignmentPlan", "notebooks"')
    assert load_plan(file) is None
    assert plan_for(directory(course), gradebook, "ps1") == load_plan(file)


def test_a_plan_in_an_earlier_format_is_replaced(course: Path, gradebook: Gradebook) -> None:
    plan = make_plan(directory(course), gradebook, "ps1")
    modes = {"isolated": "two-kernel", "in-process": "same-process"}
    former = [
        replace(one, modes={name: modes[mode] for name, mode in one.modes.items()})  # type: ignore[misc]
        for one in plan.notebooks
    ]
    save_plan(plan_file(course, "ps1"), replace(plan, notebooks=former, digest="0" * 64))
    assert current_plan(directory(course), gradebook, "ps1") is None
    assert plan_for(directory(course), gradebook, "ps1") == plan


def test_a_mode_in_the_metadata_of_the_source_decides(course: Path, gradebook: Gradebook) -> None:
    part = course / "source/ps1/part.ipynb"
    before = part.read_bytes()
    content = json.loads(before)
    about = {"isolation": "in-process", "reason": "to see how it is"}
    content["cells"][2]["metadata"]["nbgrader_isolate"] = about
    part.write_text(json.dumps(content), "utf-8")
    try:
        plan = make_plan(directory(course), gradebook, "ps1", InProcess())
    finally:
        part.write_bytes(before)
    assert plan.notebooks[0].modes == {"triple-test": "in-process"}
    assert plan.notebooks[0].reasons == {"triple-test": "to see how it is"}


def test_a_release_that_differs_from_the_gradebook_causes_a_warning(
    course: Path, gradebook: Gradebook
) -> None:
    shutil.copytree(course / "release", course / "older")
    file = course / "older/ps1/part.ipynb"
    text = file.read_text("utf-8").replace('"grade_id": "triple"', '"grade_id": "thrice"')
    file.write_text(text, "utf-8")
    plan = make_plan(directory(course, release_directory="older"), gradebook, "ps1")
    again = "run `nbgrader generate_assignment` again"
    assert plan.notebooks[0].warnings == [
        f"part: not in the released notebook: triple; {again}",
        f"part: not in the gradebook: thrice; {again}",
    ]


def test_an_assignment_that_is_not_in_the_gradebook_is_refused(
    course: Path, gradebook: Gradebook
) -> None:
    with pytest.raises(
        PlanError, match="The assignment ps9 is not in the gradebook: run `nbgrader generate"
    ):
        make_plan(directory(course), gradebook, "ps9")
    gradebook.update_or_create_assignment("empty")
    with pytest.raises(PlanError, match="has no notebooks for empty: run `nbgrader generate"):
        make_plan(directory(course), gradebook, "empty")


def test_a_damaged_notebook_of_the_instructor_is_named(course: Path, gradebook: Gradebook) -> None:
    shutil.copytree(course / "release", course / "broken")
    (course / "broken/ps1/problem1.ipynb").write_text("{", "utf-8")
    broken = directory(course, release_directory="broken")
    with pytest.raises(PlanError, match=r"problem1\.ipynb cannot be read as a notebook"):
        make_plan(broken, gradebook, "ps1")


ANSWERS: dict[str, dict[str, str]] = {
    "right": {
        "triple": "def triple(n):\n    return n + n + n",
        "squares": (
            "def squares(n):\n    if n < 1:\n        raise ValueError(n)\n"
            "    return [i ** 2 for i in range(1, n + 1)]"
        ),
        "sum_of_squares": "def sum_of_squares(n):\n    return sum(squares(n))",
        "sum_of_squares_equation": "$\\sum_{i=1}^n i^2$",
        "sum_of_squares_application": "print(sum_of_squares(3))",
        "part-a": "It does this.",
        "part-b": "For all.",
    },
    "partly": {
        "triple": "def triple(n):\n    return 3 if n == 1 else 6",
        "squares": "def squares(n):\n    return [i ** 2 for i in range(1, n + 1)]",
        "sum_of_squares": "def sum_of_squares(n):\n    return n * (n + 1) * (2 * n + 1) // 6",
        "part-a": "It does that.",
    },
    "untouched": {},
}
HANDED_IN = {"right": "*.ipynb", "partly": "*.ipynb", "untouched": "p*[t2].ipynb"}
"""Notebooks of each student; one left out the longest."""


def hand_in(course: Path, student: str, submitted: Path) -> Path:
    """Write a student's answers into copies of the release."""
    folder = submitted / student / "ps1"
    shutil.copytree(course / "release/ps1", folder)
    for file in set(folder.glob("*.ipynb")) - set(folder.glob(HANDED_IN[student])):
        file.unlink()
    for file in folder.glob("*.ipynb"):
        content: dict[str, Any] = json.loads(file.read_bytes())
        for cell in content["cells"]:
            cell["source"] = ANSWERS[student].get(name_of(cell) or "", cell["source"])
        file.write_text(json.dumps(content), "utf-8")
    return folder


def without_kinds(plan: AssignmentPlan) -> AssignmentPlan:
    """Return a plan without the kinds of values that its tests have got."""
    return replace(plan, notebooks=[replace(each, kinds={}) for each in plan.notebooks])


def test_real_kernels_agree_with_the_analysis_and_the_in_process_engine(
    course: Path, gradebook: Gradebook, plan: AssignmentPlan, tmp_path: Path
) -> None:
    folder = hand_in(course, "partly", tmp_path)
    (folder / "mine.py").write_text("HIDDEN = 1", "utf-8")
    files, _ = take(folder, plan, LIMITS)
    task = Task("partly", "ps1", plan.digest, files, [], 1)
    with Engine(LIMITS) as engine:
        decided = make_plan(directory(course), gradebook, "ps1", engine)
        graded = grade(task, decided, engine, LIMITS)
    assert without_kinds(decided) == without_kinds(plan)  # only a test process sees kinds
    assert "mine.py" in files
    expected = grade(task, plan, InProcess(), LIMITS)
    for one, other in zip(graded.notebooks, expected.notebooks, strict=True):
        ours, theirs = ({n: c.score for n, c in r.cells.items()} for r in (one, other))
        assert ours == theirs
        assert (one.status, one.review_reasons) == ("graded", [])


@pytest.mark.whole("test_same_points.py compares with stock nbgrader")
def test_honest_submissions_get_the_points_of_stock_nbgrader(
    course: Path, gradebook: Gradebook, plan: AssignmentPlan
) -> None:
    folders = {student: hand_in(course, student, course / "submitted") for student in ANSWERS}
    nbgrader(course, "autograde", "ps1")
    for student, folder in folders.items():
        files, notes = take(folder, plan, LIMITS)
        assert notes == []
        task = Task(student, "ps1", plan.digest, files, notes, 1)
        result = grade(task, plan, InProcess(), LIMITS)
        for graded in result.notebooks:
            stock = gradebook.find_submission_notebook(graded.name, "ps1", student)
            theirs = {g.name: g.auto_score for g in stock.grades if g.name in graded.cells}
            ours = {name: cell.score for name, cell in graded.cells.items()}
            assert ours == theirs, (student, graded.name)
            assert graded.max_score == stock.max_score
            there = f"{graded.name}.ipynb" in files
            assert graded.status == ("graded" if there else "missing")
            assert len(graded.review_reasons) == (not there)


@pytest.mark.parametrize(
    ("file", "text", "named"),
    [
        ("expected.csv", "expected = 3", False),
        ("answers.txt", "# there are two answers in answers.txt\nx = 1", False),
        ("expected.csv", "x = open('data/expected.csv')", True),
        ("data/expected.csv", "x = open(Path('data') / 'expected.csv')", True),
        ("model.bin", "model = load('other.bin')", False),
        ("checks.py", "checks = [1]", False),
        ("checks.py", "import numpy, checks as c", True),
        ("checks.py", "from checks import one", True),
        ("tools/checks.py", "from tools import checks", True),
        ("tools/checks.py", "from tools.checks import one", True),
        ("tools/__init__.py", "from tools.checks import one", True),
        ("tools/checks.py", "import other.checks", False),
        ("checks.py", "%run checks.py", True),
        ("checks.py", "def f(:", False),
    ],
)
def test_only_code_that_names_a_file_gives_it_to_the_students_kernel(
    file: str,
    text: str,
    named: bool,  # noqa: FBT001
) -> None:
    assert is_named_in(file, text) is named
