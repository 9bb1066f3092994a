"""What an instructor hands out works where it arrives: the bundle, the pack, the variant, the register."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from course.core.errors import CourseError
from course.core.paths import ROOT, Folders
from course.exercises.runner import Notebook, load, run
from course.handout.pack import SEED, pack, points_of, variant
from course.handout.register import register
from course.handout.student_zip import student_bundle
from support.nbgrader_course import answer_file, nbgrader, scores

A, T = "02-strides", "ravel"
RIGHT = "    return row * n_cols + col"
WATCH = """
import hashlib
import checking

SEEN = hashlib.sha256()
original = checking.call

def call(function, /, *args, **kwargs):
    SEEN.update(repr((args, kwargs)).encode())
    return original(function, *args, **kwargs)

checking.call = call
"""


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """A course whose `_build/` is in a temporary folder; everything else is the checkout's."""
    for name in (
        "solutions",
        "exercises",
        "content",
        "course",
        "stridescope",
        "web",
        "img",
        "docs",
    ):
        (tmp_path / name).symlink_to(ROOT / name)
    for file in ROOT.iterdir():
        if file.is_file():
            (tmp_path / file.name).symlink_to(file)
    (tmp_path / "lessons").mkdir()
    for file in (ROOT / "lessons").glob("*.*"):
        (tmp_path / "lessons" / file.name).symlink_to(file)
    return Folders(tmp_path)


def course(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a verb of the course that lies in `folder`."""
    return subprocess.run(
        [sys.executable, "-m", "course", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=250,
        check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )


def test_the_bundle_holds_every_exercise_and_no_answer(folders: Folders) -> None:
    file, count = student_bundle(folders)
    with zipfile.ZipFile(file) as bundle:
        names = {name.split("/", 1)[1] for name in bundle.namelist()}
        text = b"".join(map(bundle.read, bundle.namelist()))
    handed_out = {f.relative_to(ROOT).as_posix() for f in (ROOT / "exercises").glob("*/*")}
    assert {name for name in handed_out if name.endswith((".ipynb", ".py"))} <= names
    assert count == sum(name.endswith(".ipynb") for name in handed_out)
    for secret in ("solutions/", "content/lessons", "content/solutions", "tests/", ".git"):
        assert [name for name in names if name.startswith(secret)] == []
    assert b"return row * n_cols + col" not in text
    assert file.stat().st_size < 10_000_000


def test_make_offers_a_student_only_what_works_in_the_bundle(
    folders: Folders, tmp_path: Path
) -> None:
    with zipfile.ZipFile(student_bundle(folders)[0]) as bundle:
        bundle.extractall(tmp_path / "student")
    (here,) = (tmp_path / "student").iterdir()
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


def test_the_same_course_gives_the_same_bundle(folders: Folders) -> None:
    first = student_bundle(folders)[0].read_bytes()
    assert student_bundle(folders)[0].read_bytes() == first


def test_a_bundle_with_an_answer_in_it_is_refused(folders: Folders) -> None:
    (folders.root / "exercises").unlink()
    shutil.copytree(ROOT / "solutions", folders.exercises)
    with pytest.raises(CourseError, match=r"ipynb holds a solution"):
        student_bundle(folders)
    assert not list(folders.build.glob("*.zip"))


@pytest.mark.slow
def test_the_unzipped_bundle_checks_and_makes_its_pages(folders: Folders, tmp_path: Path) -> None:
    with zipfile.ZipFile(student_bundle(folders)[0]) as bundle:
        bundle.extractall(tmp_path / "student")
    (here,) = (tmp_path / "student").iterdir()
    assert course(here, "lab", "--", "--version").returncode == 0
    told = course(here, "--help").stdout
    assert "start-over" in told
    assert not re.search("release|variant|notebooks|test-all|lint", told), told
    answer_file(
        here / "exercises" / A / f"{T}.ipynb", RIGHT, here / "work" / "exercises" / A / f"{T}.ipynb"
    )
    checked = course(here, "check", A)
    assert re.search(r"ravel +solved", checked.stdout), checked.stdout + checked.stderr
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


@pytest.mark.slow
def test_a_pack_works_in_an_empty_course_of_stock_nbgrader(
    folders: Folders, tmp_path: Path
) -> None:
    made = pack(folders, A)
    foreign = tmp_path / "foreign"
    shutil.copytree(made.folder / "source", foreign / "source")
    nbgrader(foreign, "generate_assignment", A)
    release = foreign / "release" / A
    assert (release / "checking.py").is_file()
    for student, answer in {"ada": RIGHT, "ben": None}.items():
        shutil.copytree(release, foreign / "submitted" / student / A)
        answer_file(
            release / f"{T}.ipynb", answer, foreign / "submitted" / student / A / f"{T}.ipynb"
        )
    nbgrader(foreign, "autograde", A)
    assert sum(scores(foreign, A, "ada", T).values()) == made.points[T] == 4
    assert sum(scores(foreign, A, "ben", T).values()) == 0


def test_the_readme_of_a_pack_says_what_is_in_it(folders: Folders) -> None:
    made = pack(folders, A)
    readme = (made.folder / "README.md").read_text("utf-8")
    for task, points in made.points.items():
        assert f"| `{task}` | {points:g} |" in readme
    assert f"nbgrader autograde {A}" in readme
    with pytest.raises(CourseError, match=f"A is one of .*{A}"):
        pack(folders, "02")


def data_seen(notebook: Notebook, folder: Path) -> str:
    """Return the digest of all arguments that the answers of a notebook got."""
    end = {"grade_id": "digest", "grade": True, "solution": False, "points": 0}
    tell = "raise AssertionError(SEEN.hexdigest())"
    cells = [
        {"cell_type": "code", "source": WATCH, "metadata": {}},
        *notebook["cells"],
        {"cell_type": "code", "source": tell, "metadata": {"nbgrader": end}},
    ]
    return str(run({**notebook, "cells": cells}, folder).tests[-1].message)


@pytest.mark.slow
def test_a_variant_tests_with_other_data_for_the_same_points(folders: Folders) -> None:
    made = {seed: variant(folders, seed, A)[0] for seed in (1, 2)}
    original = load(ROOT / "solutions" / A / f"{T}.ipynb")
    seen = {data_seen(original, ROOT / "solutions" / A)}
    for one in made.values():
        notebook = load(one.folder / "source" / A / f"{T}.ipynb")
        assert points_of(notebook) == one.points[T] == points_of(original)
        assert T not in one.same
        seen.add(data_seen(notebook, one.folder / "source" / A))
    assert len(seen) == 3
    assert all(len(digest) == 64 for digest in seen)


@pytest.mark.slow
def test_the_same_seed_makes_the_same_variant(folders: Folders) -> None:
    texts = [
        (variant(folders, 5, A)[0].folder / "source" / A / f"{T}.ipynb").read_bytes()
        for _ in range(2)
    ]
    assert texts[0] == texts[1]
    assert SEED.search("SEED = 20")


@pytest.mark.slow
def test_a_variant_that_its_own_reference_fails_is_refused(folders: Folders) -> None:
    (folders.root / "solutions").unlink()
    shutil.copytree(ROOT / "solutions" / A, folders.solutions / A)
    file = folders.solutions / A / f"{T}.ipynb"
    notebook = json.loads(file.read_text("utf-8"))
    for cell in notebook["cells"]:
        if "SEED = 20" in (source := "".join(cell["source"])):
            cell["source"] = source + "\nassert SEED == 20, 'this seed is not meant'"
            cell["metadata"]["nbgrader"] |= {"grade": True, "points": 1}
    file.write_text(json.dumps(notebook))
    with pytest.raises(CourseError, match=f"{A}/ravel: ravel-words: this seed is not meant"):
        variant(folders, 5, A)


@pytest.mark.slow
def test_an_assignment_is_registered_once_and_the_committed_exercises_stay(
    folders: Folders,
) -> None:
    (folders.root / "exercises").unlink()
    shutil.copytree(ROOT / "exercises", folders.exercises)
    before = {file: file.read_bytes() for file in folders.exercises.glob("*/*")}
    assert register(folders, A).points[T] == 4
    again = register(folders, A)
    assert again.points[T] == 4
    assert again.submissions == 0
    assert {file: file.read_bytes() for file in folders.exercises.glob("*/*")} == before
