"""What holds for the checkout as a whole."""

from __future__ import annotations

import re
import subprocess
import tomllib
from typing import Any

import pytest
import yaml

from course.cli.main import parser
from course.core.paths import ROOT

PROJECT, *LIBRARIES = (
    tomllib.loads((ROOT / folder / "pyproject.toml").read_text("utf-8"))
    for folder in (".", "autograder", "stridescope")
)
TRACKED = [
    ROOT / name
    for name in subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    if (ROOT / name).is_file()
]


def test_environment_yml_asks_for_the_interpreter_tools_and_the_course_itself() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    *system, pip = environment["dependencies"]
    assert [re.split(r"[=<>]", name)[0] for name in system] == [
        "python",
        "pip",
        "make",
        "compilers",
    ]
    assert pip == {"pip": ["-e ./stridescope[live]", "-e ./autograder", "-e .[course]"]}


def test_the_lock_pins_and_hashes_everything_and_names_no_index() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert "://" not in lock
    entries = re.split(r"\n(?=\S)", lock.strip())
    assert len(entries) > 100
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    pinned = {re.split(r"==", entry)[0] for entry in entries}
    asked = [
        requirement
        for project in (PROJECT, *LIBRARIES)
        for requirements in (
            project["project"]["dependencies"],
            *project["project"]["optional-dependencies"].values(),
        )
        for requirement in requirements
    ]
    ours = {library["project"]["name"] for library in LIBRARIES}
    assert ours == {"nbgrader-isolate", "stridescope"}
    assert {re.split(r"[<>=~\[]", name)[0] for name in asked} - ours <= pinned


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: library["project"]["name"])
def test_a_library_has_a_typed_package_a_readme_and_one_licence(library: dict[str, Any]) -> None:
    folder = {"nbgrader-isolate": "autograder"}.get(library["project"]["name"], "stridescope")
    (package,) = library["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert (ROOT / folder / package / "py.typed").is_file()
    assert (ROOT / folder / package / "__init__.py").read_text("utf-8").startswith('"""')
    assert (ROOT / folder / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
    assert library["project"]["license"] == "BSD-3-Clause"
    assert len((ROOT / folder / "README.md").read_text("utf-8")) > 1000


def test_every_make_verb_is_a_verb_of_the_command_line() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    called = set(re.findall(r"\$\(COURSE\) ([a-z-]+)", makefile))
    known = set(parser()._subparsers._group_actions[0].choices)  # type: ignore[union-attr, arg-type] # noqa: SLF001
    assert called == known


def test_make_help_lists_every_verb_a_person_can_use() -> None:
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"(?m)^([a-z-]+):", makefile)) - {"python", "grader", "lens"}
    assert set(re.findall(r"(?m)^  make ([a-z-]+)", done.stdout)) == targets


def test_no_file_is_too_large_and_none_names_a_registry() -> None:
    for file in TRACKED:
        vendored = file.is_relative_to(ROOT / "vendor")
        assert vendored or file.stat().st_size <= 500_000, file
        if file.suffix in (".py", ".md", ".toml", ".lock", ".yml", ".ipynb", ""):
            text = file.read_text("utf-8")
            assert not re.search(r"pypi\.o[r]g|python[h]osted|registry\.npm[j]s", text), file


@pytest.mark.parametrize(
    "name",
    [
        "LICENSE",
        "LICENSE-CONTENT",
        "CITATION.cff",
        "CONTRIBUTING.md",
        "CODE_OF_CONDUCT.md",
        "SECURITY.md",
    ],
)
def test_what_an_adopter_looks_for_is_there(name: str) -> None:
    assert len((ROOT / name).read_text("utf-8")) > 400


def test_the_citation_file_is_one() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert citation["version"] == PROJECT["project"]["version"]
    assert citation["title"] == "Inside the ndarray"


def test_each_picture_has_its_source_and_licence_beside_it() -> None:
    told = (ROOT / "img" / "README.md").read_text("utf-8")
    for picture in (ROOT / "img").iterdir():
        assert picture.name == "README.md" or f"`{picture.name}`" in told, picture.name
