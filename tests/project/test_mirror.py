"""Who opens `room/module.py` finds its tests in `room/test_module.py`, or in `mirror.toml`."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from course.bootstrap import ROOT
from support.mirror import LINES, faults, lines_of_code

DATA = tomllib.loads((ROOT / "tests" / "project" / "mirror.toml").read_text("utf-8"))
PACKAGES = {
    "nbgrader_isolate": ROOT / "autograder" / "src" / "nbgrader_isolate",
    "stridescope": ROOT / "stridescope" / "src" / "stridescope",
    "course": ROOT / "course",
}


def test_the_tests_mirror_the_packages() -> None:
    assert faults(ROOT / "tests", PACKAGES, DATA["behavior"], DATA["tested_by"]) == []


def test_both_lists_are_in_order() -> None:
    assert [list(names) for names in DATA.values()] == [sorted(names) for names in DATA.values()]


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("", 0),
        ('"""Text\nof two lines."""\n\n# a comment\nx = 1\n', 1),
        ('def f():\n    """Return."""\n    return (\n        1\n    )\n', 4),
        ('x = """\n# text\n"""\n', 2),
    ],
)
def test_lines_of_code_are_counted_without_words(source: str, lines: int) -> None:
    assert lines_of_code(source) == lines


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A package with a long module and a short one, and a test of each."""
    for name in ("package/room", "tests/package/room"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "package" / "room" / "long.py").write_text("x = 1\n" * (LINES + 1))
    (tmp_path / "package" / "room" / "short.py").write_text("x = 1\n" * LINES)
    for name in ("long", "short"):
        (tmp_path / "tests" / "package" / "room" / f"test_{name}.py").touch()
    return tmp_path


def told(
    tree: Path, behavior: dict[str, str] | None = None, tested_by: dict[str, str] | None = None
) -> list[str]:
    packages = {"package": tree / "package"}
    return faults(tree / "tests", packages, behavior or {}, tested_by or {})


LONG = "package/room/test_long.py"
KILLS = "package/room/test_kills.py"


def test_a_tree_in_which_every_test_has_its_module_is_right(tree: Path) -> None:
    assert told(tree) == []
    (tree / "tests" / "package" / "room" / "test_short.py").unlink()
    assert told(tree) == []


def test_a_test_that_bears_no_modules_name_is_named_unless_it_is_listed(tree: Path) -> None:
    (tree / "tests" / KILLS).touch()
    (fault,) = told(tree)
    assert fault.startswith("tests/package/room/test_kills.py: no module has this name; name it")
    assert told(tree, {KILLS: "kills at any moment"}) == []
    assert told(tree, {KILLS: ""}) == [f"[behavior] {KILLS}: say what it is about"]


def test_a_test_in_another_room_than_its_module_is_named(tree: Path) -> None:
    (tree / "tests" / LONG).rename(tree / "tests" / "package" / "test_long.py")
    misplaced, untested = told(tree)
    assert misplaced.startswith("tests/package/test_long.py: no module has this name")
    assert untested == (
        f"package/room/long.py: {LINES + 1} lines of code and no tests; write "
        f"tests/{LONG}, or list the module in [tested_by]"
    )


def test_a_long_module_without_tests_is_named_unless_another_file_tests_it(tree: Path) -> None:
    (tree / "tests" / LONG).unlink()
    assert len(told(tree)) == 1
    short = "package/room/test_short.py"
    assert told(tree, tested_by={"package/room/long.py": short}) == []
    assert told(tree, tested_by={"package/room/long.py": LONG}) == [
        f"[tested_by] package/room/long.py: there is no tests/{LONG}"
    ]


@pytest.mark.parametrize(
    ("behavior", "tested_by", "words"),
    [
        ({KILLS: "kills"}, {}, "there is no such file"),
        ({LONG: "long"}, {}, "it is named after a module"),
        ({}, {"package/room/gone.py": LONG}, "there is no such module"),
        ({}, {"package/room/long.py": LONG}, "it has a test file"),
    ],
)
def test_an_entry_that_is_no_longer_true_is_named(
    tree: Path, behavior: dict[str, str], tested_by: dict[str, str], words: str
) -> None:
    (fault,) = told(tree, behavior, tested_by)
    assert words in fault


def test_a_short_module_needs_no_entry(tree: Path) -> None:
    (tree / "tests" / "package" / "room" / "test_short.py").unlink()
    (fault,) = told(tree, tested_by={"package/room/short.py": LONG})
    assert "it is short enough to need none" in fault
