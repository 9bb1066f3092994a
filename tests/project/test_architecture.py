"""The architecture page names what is there: folders, modules, layers, types, pictures."""

from __future__ import annotations

import importlib
import re
import runpy
import tomllib
from pathlib import Path

import pytest

from course.bootstrap import ROOT

PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
GRADER = ROOT / "autograder" / "src" / "nbgrader_isolate"
INSTRUMENTS = ROOT / "stridescope" / "src" / "stridescope"
PATH = re.compile(r"`((?:[\w.-]+/)+[\w.*-]*|[\w-]+/[\w-]+\.\w+)`")
MADE = {".autograder/", ".autograder/results/", "_build/", "src/", "submitted/"}
"""Folders that are on the page and not in the repository; `src/` is there twice."""
PACKAGES = {"nbgrader_isolate", "stridescope", "course"}
PICTURES = ("submission", "processes", "lesson")


def is_there(path: str) -> bool:
    """Tell whether a path of the page is one of the repository, the grader or the instruments."""
    return any((folder / path).exists() for folder in (ROOT, GRADER, INSTRUMENTS))


def test_every_path_on_the_page_leads_to_a_file() -> None:
    paths = {path for path in PATH.findall(PAGE) if path not in MADE and "<" not in path}
    assert len(paths) > 40
    assert sorted(path for path in paths if not is_there(path)) == []


@pytest.mark.parametrize(
    "folder", [GRADER, INSTRUMENTS, ROOT / "course"], ids=lambda folder: folder.name
)
def test_every_room_is_on_the_page(folder: Path) -> None:
    rooms = {file.parent.name for file in folder.glob("*/__init__.py")}
    assert rooms
    assert {room for room in rooms if not re.search(rf"\b{room}\b", PAGE)} == set()


def test_the_types_are_where_the_page_says() -> None:
    rows = re.findall(r"(?m)^\| `(\w+)`.*?\| `(?:\w+/src/\w+/)?([\w/]+)\.py` \|", PAGE)
    assert len(rows) == 5
    for name, module in rows:
        package = "stridescope" if name == "Instrument" else "nbgrader_isolate"
        found = importlib.import_module(f"{package}.{module.replace('/', '.')}")
        assert hasattr(found, name), (module, name)


def test_global_state_is_where_the_page_says() -> None:
    section = PAGE.partition("## Global state")[2].partition("\n## ")[0]
    rows = re.findall(r"(?m)^\| `([\w/]+\.py)`[^`|]*: (?:cache of )?`(\w+)`", section)
    assert len(rows) > 4
    for path, name in rows:
        folder = GRADER if (GRADER / path).exists() else ROOT
        text = (folder / path).read_text("utf-8")
        assert re.search(rf"(?m)^(?:def )?{name}\b", text), (path, name)


def layers_on_the_page(package: str) -> list[set[str]]:
    """Return the rooms of each row of a package's table."""
    section = PAGE.partition(f"### `{package}`")[2].partition("\n#")[0]
    rows = re.findall(r"(?m)^\| (`.*?) \|", section)
    return [set(re.findall(r"`(\w+)`", row)) for row in rows]


def test_the_layers_are_those_that_lint_checks() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    layered = [contract for contract in contracts if contract["type"] == "layers"]
    assert {name for contract in layered for name in contract["containers"]} == PACKAGES
    for contract in layered:
        (package,) = contract["containers"]
        layers = [set(layer.split(" | ")) for layer in contract["layers"]]
        assert layers_on_the_page(package) == layers, package


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_what_its_source_draws(name: str) -> None:
    drawing = runpy.run_path(str(ROOT / "img" / "architecture.py"))
    file = ROOT / "img" / f"architecture-{name}.svg"
    assert file.read_text("utf-8") == drawing[name]().svg(), "run `python img/architecture.py`"
    assert f"(../img/{file.name})" in PAGE


@pytest.mark.parametrize("name", PICTURES)
def test_the_rooms_in_a_picture_are_there(name: str) -> None:
    text = (ROOT / "img" / f"architecture-{name}.svg").read_text("utf-8")
    for room in re.findall(r'<text class="room"[^>]*>([^<]+)<', text):
        assert is_there(room), room
