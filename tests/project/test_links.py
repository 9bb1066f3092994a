"""Every link between pages leads to a file, and to a heading in it where it names one."""

from __future__ import annotations

import re
import subprocess
import tomllib
from functools import cache

import pytest

from course.bootstrap import ROOT

LIBRARIES = ("autograder", "stridescope")
GENERATED = ("content/", "lessons/", "solutions/", "exercises/", "tests/")
LISTED = subprocess.run(
    ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
    cwd=ROOT,
    capture_output=True,
    text=True,
    check=True,
).stdout.splitlines()
SITE = {"docs/teaching.md": {"cheat-sheet.html"}}
"""Links of a page that is also a page of the site, to others of its pages."""
PAGES = [name for name in LISTED if not name.startswith(GENERATED) and (ROOT / name).is_file()]


@cache
def text_of(name: str) -> str:
    """Return a page without its code."""
    text = (ROOT / name).read_text("utf-8")
    return re.sub(r"```.*?```|<!--.*?-->", "", text, flags=re.DOTALL)


def links(name: str) -> list[str]:
    """Return the targets of the links and pictures of a page."""
    text = re.sub(r"`[^`\n]*`(?!\])", "", text_of(name))
    return re.findall(r"\]\(([^)\s]+)\)", text)


def anchors(name: str) -> set[str]:
    """Return the anchors that a code host gives the headings of a page."""
    headings = re.findall(r"(?m)^#+ (.+)$", text_of(name))
    plain = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower() for heading in headings)
    return {re.sub(r"[^\w\- ]", "", heading).strip().replace(" ", "-") for heading in plain}


def test_the_pages_are_found() -> None:
    assert {"README.md", "SECURITY.md", "docs/architecture.md", "autograder/README.md"} <= {*PAGES}


@pytest.mark.parametrize("name", PAGES)
def test_relative_links_lead_to_a_file_and_a_heading(name: str) -> None:
    for link in links(name):
        if re.match(r"https?://|mailto:", link) or link in SITE.get(name, set()):
            continue
        path, _, anchor = link.partition("#")
        target = (ROOT / name).parent.joinpath(path).resolve() if path else ROOT / name
        assert target.exists(), f"{name}: {link}"
        if anchor:
            assert anchor in anchors(target.relative_to(ROOT).as_posix()), f"{name}: {link}"


@pytest.mark.parametrize("folder", LIBRARIES)
def test_links_of_a_library_also_work_on_a_package_index(folder: str) -> None:
    relative = [link for link in links(f"{folder}/README.md") if not link.startswith("https://")]
    assert relative == []


@pytest.mark.parametrize("name", PAGES)
def test_links_to_the_repository_itself_lead_to_files_of_it(name: str) -> None:
    project = tomllib.loads((ROOT / "autograder" / "pyproject.toml").read_text("utf-8"))
    home = project["project"]["urls"]["Homepage"]
    for link in links(name):
        if found := re.match(rf"{re.escape(home)}/(?:blob|tree|raw)/main/([^#]+)", link):
            assert (ROOT / found[1]).exists(), f"{name}: {link}"


@pytest.mark.parametrize("name", PAGES)
def test_tests_that_a_page_names_are_there(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    if name.startswith("benchmarks/"):  # what was run once, by the names of that day
        return
    for path in re.findall(r"`(tests/[\w./]+)`", text):
        assert (ROOT / path).exists(), f"{name}: {path}"
    for file in re.findall(r"`(test_\w+\.py)`", text):
        assert list((ROOT / "tests").rglob(file)), f"{name}: {file}"
