"""The runner that grades whole courses twice, tried on a tiny course of our own."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course.bootstrap import ROOT

SOLUTION = "def middle(xs):\n    ### BEGIN SOLUTION\n    return sorted(xs)[1]\n    ### END SOLUTION"
TEST = "assert middle([3, 1, 2]) == 2"
WARNS = "import sys\nassert middle([3, 1, 2]) == 2\nprint('seen', file=sys.stderr)"


@pytest.fixture(scope="module")
def modules() -> dict[str, ModuleType]:
    """The modules of the runner, by the end of their names."""
    import importlib

    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        kinds = ("found", "variants", "compare", "table")
        names = ("courses", *(f"courses_{kind}" for kind in kinds))
        return {name: importlib.import_module(name) for name in names}
    finally:
        sys.path.remove(str(ROOT / "benchmarks"))


def cell(kind: str, grade_id: str, source: str) -> NotebookNode:
    about = {
        "grade_id": grade_id,
        "grade": kind == "test",
        "solution": kind == "solution",
        "locked": kind == "test",
        "task": False,
        "schema_version": 3,
    }
    if kind == "test":
        about["points"] = 2
    return new_code_cell(source, metadata={"nbgrader": about})


def write(file: Path, *cells: NotebookNode, language: str = "python") -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    kernel = {"name": "old-env", "display_name": "Old", "language": language}
    nbformat.write(new_notebook(cells=[*cells], metadata={"kernelspec": kernel}), file)


@pytest.fixture
def a_course(tmp_path: Path) -> Path:
    """A course with one assignment, its release, a notebook in Julia and one without answers."""
    course = tmp_path / "owner+name"
    cells = cell("solution", "s", SOLUTION), cell("test", "t", TEST), cell("test", "w", WARNS)
    write(course / "source" / "ps1" / "a.ipynb", new_markdown_cell("Text"), *cells)
    write(course / "release" / "ps1" / "a.ipynb", *cells)
    write(course / "old" / "a copy.ipynb", *cells)
    write(course / "source" / "ps2" / "b.ipynb", cell("test", "t", "@assert x"), language="julia")
    stub = cell("solution", "s", "# YOUR CODE HERE\nraise NotImplementedError()")
    write(course / "source" / "ps3" / "c.ipynb", stub, cell("test", "t", "assert x == 1"))
    (course / "source" / "ps1" / "data.txt").write_text("1")
    (course / "nbgrader_config.py").write_text(
        "c = get_config()\nc.ExecutePreprocessor.timeout = 90\nc.Exchange.root = '/srv'\n"
        "c.ClearSolutions.code_stub = {'python': '...'}\nc.ExecutePreprocessor.kernel = f()\n"
    )
    return course


def test_the_assignments_of_a_course_are_found_with_their_answers(
    a_course: Path, modules: dict[str, ModuleType], tmp_path: Path
) -> None:
    found = {one.name: one for one in modules["courses_found"].assignments_in(a_course)}
    assert sorted(found) == ["source/ps1", "source/ps2", "source/ps3"]
    first = found["source/ps1"]
    assert first.references == {"a": {"s": "def middle(xs):\n    return sorted(xs)[1]"}}
    assert first.notebooks["a"].metadata.kernelspec.name == "python3"
    assert found["source/ps2"].skipped == {"b": "is written in julia"}
    assert found["source/ps3"].skipped == {"c": "has no reference solution"}
    first.write(tmp_path / "copy")
    assert sorted(file.name for file in (tmp_path / "copy").iterdir()) == ["a.ipynb", "data.txt"]


@pytest.mark.parametrize(
    ("source", "empty"),
    [
        ("# YOUR CODE HERE\nraise NotImplementedError()", True),
        ("\n# a\n\n  # b\npass\n", True),
        ("# only a comment", True),
        ("# one\n" * 500 + "x = 1", False),
        ("# one # two " * 200 + "\nx = 1", False),
    ],
)
def test_an_empty_answer_is_known_however_many_comments_it_has(
    modules: dict[str, ModuleType], source: str, *, empty: bool
) -> None:
    assert bool(modules["courses_found"].UNANSWERED.fullmatch(source)) == empty


def test_only_plain_settings_that_matter_are_taken(
    a_course: Path, modules: dict[str, ModuleType]
) -> None:
    settings = modules["courses_found"].settings_of(a_course, a_course / "source" / "ps1")
    assert settings == (
        "c.ExecutePreprocessor.timeout = 90\nc.ClearSolutions.code_stub = {'python': '...'}\n"
    )


def test_each_variant_changes_what_it_says(modules: dict[str, ModuleType]) -> None:
    reference = {"n": {"s": "def f(x):\n    return [x + 1]", "magic": "%%bash\nls"}}
    made = modules["courses_variants"].variants(reference, 5)
    assert list(made) == [
        *("reference", "stub", "other types", "another sign", "printing", "off by one", "half")
    ]
    assert made["another sign"]["n"]["s"] == "def f(x):\n    return [x - 1]"
    assert made["off by one"]["n"]["s"] == "def f(x):\n    return [x + 2]"
    assert made["half"]["n"].keys() == {"s"}
    assert {answers["n"]["magic"] for name, answers in made.items() if "n" in answers and
            "magic" in answers["n"]} == {"%%bash\nls"}  # fmt: skip
    space: dict[str, Any] = {}
    exec(made["other types"]["n"]["s"], space)  # noqa: S102 (code of this test)
    assert space["f"](1) == (2,)


def test_variants_that_change_nothing_are_left_out(modules: dict[str, ModuleType]) -> None:
    made = modules["courses_variants"].variants({"n": {"s": "import math", "t": "pass"}}, 5)
    assert list(made) == ["reference", "stub", "printing", "half"]
    assert list(modules["courses_variants"].variants({"n": {"s": "x = 1"}}, 1)) == [
        *("reference", "stub", "other types")
    ]


def test_conditions_of_loops_are_left_alone(modules: dict[str, ModuleType]) -> None:
    loop = "while i < 9:\n    i = i + 1"
    made = modules["courses_variants"].variants({"n": {"s": loop}}, 5)
    assert "another sign" not in made
    assert "off by one" not in made


@pytest.mark.parametrize(
    ("reason", "kinds"),
    [
        ("uses a magic or a shell command", ["uses a magic or a shell command"]),
        (
            "rebinds f; passes lambda x: x to f",
            [
                "binds a name of the student's again",
                "passes a function, a type or an iterator to the student's code",
            ],
        ),
        ("measures memory (tracemalloc)", ["measures memory"]),
        (
            "the reference solution does not pass it when it is isolated: NameError: name 'x'",
            ["NameError when it is isolated"],
        ),
        ("uses Dog, which is a class", ["uses a name of the student's that is a class"]),
    ],
)
def test_reasons_are_counted_by_kind(
    reason: str, kinds: list[str], modules: dict[str, ModuleType]
) -> None:
    assert modules["courses_compare"].kinds(reason) == kinds


RECORD = {
    "assignment": "ps1",
    "skipped": {"b": "is written in julia", "c": "gets no points: NameError: name 'x' is"},
    "counts": {"compared": 6, "same": 5, "differ": 1},
    "modes": {"a": [3, ["rebinds f"]]},
    "differences": [{"kind": "not explained"}],
    "measured": "2026-11-20, 1f2e3d4c",
}
OTHER = {
    "assignment": "ps1",
    "skipped": {},
    "counts": {"compared": 1200, "same": 1200},
    "modes": {"a": [1, ["rebinds f", "measures memory"]]},
    "differences": [],
    "measured": "2026-11-21, 5a6b7c8d",
}


def test_the_table_counts_tests_and_names_what_was_left_out(
    modules: dict[str, ModuleType],
) -> None:
    found = modules["courses_table"]
    text = found.table({"owner/name": found.course_of([RECORD])})
    assert "| owner/name | 1 | 1 | 6 | 5 | 0 | 1 | 3 | 1 | 2026-11-20, 1f2e3d4c |" in text
    assert "| all | 1 | 1 | 6 | 5 | 0 | 1 | 3 | 1 |" in text
    assert "Of 4 tests, 3 (75.0 %) run isolated." in text
    assert "- binds a name of the student's again: 1 (owner/name 1)" in text
    assert "- not explained: 1 (owner/name 1)" in text
    assert "- owner/name: 1, is written in julia." in text
    assert "- owner/name: 1, gets no points: NameError." in text


def test_a_table_that_was_written_is_read_again(modules: dict[str, ModuleType]) -> None:
    found = modules["courses_table"]
    left_out = {**RECORD, "counts": {}, "modes": {}, "differences": []}
    del left_out["counts"]
    courses = {
        "owner/name": found.course_of([RECORD, {**OTHER, "assignment": "ps2"}]),
        "owner/none": found.course_of([left_out]),
        "a.b-c/d_e": found.course_of([OTHER]),
    }
    text = found.table(courses)
    read = found.courses_in(text)
    assert read.keys() == courses.keys()
    assert found.table(read) == text
    assert read["owner/name"].measured == "2026-11-20, 1f2e3d4c; 2026-11-21, 5a6b7c8d"
    assert read["a.b-c/d_e"].counts["compared"] == 1200
    committed = (ROOT / "benchmarks" / "courses.md").read_text("utf-8")
    assert found.table(found.courses_in(committed)) == committed


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("| all | 1 |", "| all | 2 |", "its lists or sums do not belong to its rows"),
        (" | 1 | 2026-11-20", " | 2026-11-20", "not a row of this table"),
        ("again: 1 (owner/name 1)", "again: 1", "not a line of this table"),
    ],
)
def test_a_table_that_was_changed_by_hand_is_not_overwritten(
    old: str, new: str, why: str, modules: dict[str, ModuleType]
) -> None:
    found = modules["courses_table"]
    text = found.table({"owner/name": found.course_of([RECORD])})
    assert old in text
    with pytest.raises(ValueError, match=why):
        found.courses_in(text.replace(old, new))


def test_a_course_that_was_not_graded_again_keeps_its_row_and_its_reasons(
    modules: dict[str, ModuleType],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file, results = tmp_path / "courses.md", tmp_path / "results"
    monkeypatch.setattr(modules["courses"], "TABLE", file)
    for name, record in {"owner+name": RECORD, "owner+other": RECORD}.items():
        (results / name).mkdir(parents=True)
        (results / name / "x.json").write_text(json.dumps(record))
    options = ["--write", "--results", str(results)]
    modules["courses"].main(options)
    (results / "owner+name" / "x.json").unlink()  # as on another machine, where it was interrupted
    (results / "owner+other" / "x.json").write_text(json.dumps(OTHER))
    capsys.readouterr()
    modules["courses"].main(options)
    text = file.read_text("utf-8")
    assert "| owner/name | 1 | 1 | 6 | 5 | 0 | 1 | 3 | 1 | 2026-11-20, 1f2e3d4c |" in text
    assert "| owner/other | 1 | 1 | 1,200 | 1,200 | 0 | 0 | 1 | 2 | 2026-11-21, 5a6b7c8d |" in text
    assert "| all | 2 | 2 | 1,206 | 1,205 | 0 | 1 | 4 | 3 |" in text
    assert "- binds a name of the student's again: 2 (owner/name 1, owner/other 1)" in text
    assert "- measures memory: 1 (owner/other 1)" in text
    assert "- not explained: 1 (owner/name 1)" in text
    assert "owner/name" not in capsys.readouterr().out  # what is printed was graded here
    file.write_text("# Something else\n")
    with pytest.raises(SystemExit, match="cannot be read as the table of courses"):
        modules["courses"].main(options)
    assert file.read_text() == "# Something else\n"


@pytest.mark.whole("its steps are tested above one by one, and others run both graders")
@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("bwrap"), reason="stock nbgrader needs bubblewrap here")
def test_a_course_is_graded_twice_and_every_difference_is_named(
    a_course: Path,
    modules: dict[str, ModuleType],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    results = tmp_path / "results"
    modules["courses"].main([str(a_course), "--results", str(results), "--variants", "0"])
    records = [json.loads(file.read_text()) for file in (results / a_course.name).iterdir()]
    (found,) = [record for record in records if "counts" in record]
    assert found["counts"] == {"compared": 4, "same": 3, "differ": 1}
    assert found["modes"]["a"] == [2, []]
    (difference,) = found["differences"]
    assert (difference["cell"], difference["stock"], difference["ours"]) == ("w", 0, 2)
    assert difference["kind"] == "text on stderr"
    said = capsys.readouterr().out
    assert "owner/name | source/ps1 | a | w | reference: stock 0.0, ours 2.0" in said
    modules["courses"].main([str(a_course), "--results", str(results)])
    assert "owner/name | source/ps1" not in capsys.readouterr().out  # it has a result


def test_a_call_without_a_course_and_without_results_writes_nothing(
    modules: dict[str, ModuleType], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    modules["courses"].main(["--results", str(tmp_path), "--write"])
    assert capsys.readouterr().out == "No courses were compared: name their folders.\n"
