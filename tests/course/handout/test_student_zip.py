"""The students' zip works where it arrives, and holds no answer."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml

from course.core.errors import CourseError
from course.core.paths import ROOT, Folders
from course.handout.student_zip import student_zip
from support.nbgrader_course import answer_file
from support.patience import patience

A, T = "02-strides", "ravel"
RIGHT = "    return row * n_cols + col"


def course(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a verb of the course that lies in `folder`."""
    return subprocess.run(
        [sys.executable, "-m", "course", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=patience(60),
        check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )


def unzipped(folders: Folders, target: Path) -> Path:
    """Return the folder that a student gets by unzipping."""
    with zipfile.ZipFile(student_zip(folders)[0]) as archive:
        archive.extractall(target)
    (here,) = target.iterdir()
    return here


def test_the_zip_holds_every_exercise_and_no_answer(folders: Folders) -> None:
    file, count = student_zip(folders)
    with zipfile.ZipFile(file) as archive:
        names = {name.split("/", 1)[1] for name in archive.namelist()}
        text = b"".join(map(archive.read, archive.namelist()))
    handed_out = {f.relative_to(ROOT).as_posix() for f in (ROOT / "exercises").glob("*/*")}
    assert {name for name in handed_out if name.endswith((".ipynb", ".py"))} <= names
    assert count == sum(name.endswith(".ipynb") for name in handed_out)
    for secret in ("solutions/", "content/lessons", "content/solutions", "tests/", ".git"):
        assert [name for name in names if name.startswith(secret)] == []
    assert b"return row * n_cols + col" not in text
    assert file.stat().st_size < 10_000_000


def test_make_offers_a_student_only_what_works_in_the_zip(folders: Folders, tmp_path: Path) -> None:
    here = unzipped(folders, tmp_path / "student")
    help_only = ["make", "--no-print-directory", "help"]
    told = subprocess.run(help_only, cwd=here, capture_output=True, text=True, check=True)
    offered = re.findall(r"(?m)^  make ([a-z-]+)", told.stdout)
    assert offered == ["help", "html", "lab", "check", "start-over", "capstone", "setup", "clean"]
    assert not re.search("author|instructor|test", told.stdout)
    for verb in offered:
        would = ["make", "-n", verb, "A=02-strides", f"PYTHON={sys.executable}"]
        assert subprocess.run(would, cwd=here, capture_output=True, check=False).returncode == 0, (
            verb
        )
    refused = subprocess.run(
        ["make", "release"], cwd=here, capture_output=True, text=True, check=False
    )
    assert "No rule to make target" in refused.stderr


def test_the_projects_that_the_zip_names_are_in_it(folders: Folders, tmp_path: Path) -> None:
    here = unzipped(folders, tmp_path / "student")
    project = tomllib.loads((here / "pyproject.toml").read_text("utf-8"))
    members = project["tool"]["uv"]["workspace"]["members"]
    assert members == ["stridescope"]
    assert list(project["tool"]["uv"]["sources"]) == members
    extras = project["project"]["optional-dependencies"].values()
    asked = [*project["project"]["dependencies"], *(name for extra in extras for name in extra)]
    assert [name for name in asked if name.startswith("nbgrader-isolate")] == []
    environment = yaml.safe_load((here / "environment.yml").read_text("utf-8"))
    installed = [line.removeprefix("-e ") for line in environment["dependencies"][-1]["pip"]]
    assert installed == ["./stridescope[live]", ".[course]"]
    assert not (here / "autograder").exists()
    for name in ("pyproject.toml", "README.md", "src/stridescope/__init__.py"):
        assert (here / "stridescope" / name).is_file()


@pytest.mark.slow
def test_the_projects_in_the_zip_can_be_installed(folders: Folders, tmp_path: Path) -> None:
    here = unzipped(folders, tmp_path / "student")
    offline = ["--dry-run", "--offline", "--no-deps", "--no-build-isolation"]
    install = [sys.executable, "-m", "uv", "pip", "install", "--python", sys.executable, *offline]
    editable = [f"--editable={here}", f"--editable={here / 'stridescope'}"]
    done = subprocess.run([*install, *editable], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "inside-the-ndarray" in done.stderr
    assert "stridescope" in done.stderr


def test_the_same_course_gives_the_same_zip(folders: Folders) -> None:
    first = student_zip(folders)[0].read_bytes()
    assert student_zip(folders)[0].read_bytes() == first


def test_a_zip_with_an_answer_in_it_is_refused(folders: Folders) -> None:
    (folders.root / "exercises").unlink()
    shutil.copytree(ROOT / "solutions", folders.exercises)
    with pytest.raises(CourseError, match=r"ipynb contains a solution"):
        student_zip(folders)
    assert not list(folders.build.glob("*.zip"))


@pytest.mark.slow
def test_the_unzipped_course_checks_and_makes_its_pages(folders: Folders, tmp_path: Path) -> None:
    here = unzipped(folders, tmp_path / "student")
    assert course(here, "lab", "--", "--version").returncode == 0
    told = course(here, "--help").stdout
    assert "start-over" in told
    assert not re.search("release|variant|notebooks|test-all|lint", told), told
    answer_file(
        here / "exercises" / A / f"{T}.ipynb", RIGHT, here / "work" / "exercises" / A / f"{T}.ipynb"
    )
    checked = course(here, "check", A)
    assert re.search(r"ravel +visible tests pass", checked.stdout), checked.stdout + checked.stderr
    for lesson in (here / "lessons").glob("*.ipynb"):
        if lesson.stem != "workbench":  # one page tells as much as all, and in seconds
            lesson.unlink()
    made = course(here, "html")
    assert made.returncode == 0, made.stderr
    assert (here / "_site" / "lessons" / "workbench.html").is_file()
    assert (here / "lessons" / "workbench.ipynb").is_file()
    refused = course(here, "notebooks")
    assert "content/ is not here" in refused.stderr
    assert (here / "lessons" / "workbench.ipynb").is_file()
    assert "solutions/ is not here" in course(here, "pack", A).stderr
