"""A packed assignment works in any nbgrader course, as it is and with other data."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from course.core.errors import CourseError
from course.core.exercises import Notebook, load
from course.core.paths import ROOT, Folders
from course.exercises.runner import run
from course.handout.pack import SEED, pack, points_of, reseeded, variant
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


@pytest.mark.whole("test_release.py grades this notebook in such a course")
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


def test_the_seed_of_a_variant_is_in_hidden_tests_only() -> None:
    for file in sorted((ROOT / "solutions").glob("*/*.ipynb")):
        data = file.read_bytes()
        varied, original = json.loads(reseeded(data, "5/a/b")), json.loads(data)
        for new, old in zip(varied["cells"], original["cells"], strict=True):
            released, before = (without_hidden("".join(cell["source"])) for cell in (new, old))
            assert released == before, file
        drawn = [cell for cell in original["cells"] if "default_rng(SEED" in str(cell["source"])]
        assert (varied != original) == bool(drawn), file


def without_hidden(source: str) -> str:
    """Return what nbgrader leaves of a cell."""
    return re.sub(r"### BEGIN HIDDEN TESTS[^\0]*?### END HIDDEN TESTS", "", source)


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
    words = "### BEGIN HIDDEN TESTS\nassert SEED == 20, 'this seed is not meant'\n"
    for cell in notebook["cells"]:
        if "SEED = 20" in (source := "".join(cell["source"])):
            cell["source"] = f"{source}\n{words}### END HIDDEN TESTS"
            cell["metadata"]["nbgrader"] |= {"grade": True, "points": 1}
    file.write_text(json.dumps(notebook))
    with pytest.raises(CourseError, match=f"{A}/ravel: ravel-words: this seed is not meant"):
        variant(folders, 5, A)
