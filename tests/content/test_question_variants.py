"""Every question that comes back with other numbers has its answer among its choices.

Some lessons run by default; TEST_TIER=all (`make test-all`) runs them all.
"""

from __future__ import annotations

import os
from pathlib import Path

import nbformat
import pytest

from course.core.paths import ROOT
from course.site.execute import LessonRun, run_lessons

WHOLE = os.environ.get("TEST_TIER") == "all"
QUICK = {"03-order-and-reshape"}
LESSONS = sorted((ROOT / "lessons").glob("*.ipynb"))
ASKS_ALL = """
from stridescope.instruments.predict import QUESTIONS

for asked in QUESTIONS.values():
    for seed in range(1, 25):
        try:
            asked.variant(seed)
        except Exception as error:
            raise AssertionError(f"variant {seed} of {asked.question.ask!r}") from error
print(len(QUESTIONS), "questions")
"""
WRONG = """
import stridescope as ss


ss.predict(
    "1 + 1?", 2, {2: "", 3: "No."}, again=lambda seed: (f"1 + {seed}?", 1 + seed, {2: ""}, "")
)
"""
pytestmark = pytest.mark.slow


def run_with(folder: Path, file: Path, *, more: tuple[str, ...]) -> LessonRun:
    """Run a lesson with more cells at its end, beside what it reads."""
    (folder / "lessons").mkdir(parents=True)
    (folder / "img").symlink_to(ROOT / "img")
    for other in (ROOT / "lessons").iterdir():
        (folder / "lessons" / other.name).symlink_to(other)
    notebook = nbformat.read(file, as_version=4)
    notebook.cells += [nbformat.v4.new_code_cell(source) for source in more]
    changed = folder / "lessons" / "changed.ipynb"
    nbformat.write(notebook, changed)
    runs: list[LessonRun] = []
    run_lessons([changed], str, runs.append)
    return runs[0]


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "file", [one for one in LESSONS if WHOLE or one.stem in QUICK], ids=lambda file: file.stem
)
def test_each_variant_of_each_question_can_be_asked(tmp_path: Path, file: Path) -> None:
    run = run_with(tmp_path, file, more=(ASKS_ALL,))
    assert run.notebook is not None, run.error
    assert "questions" in run.notebook.cells[-1].outputs[0].text


def test_a_variant_without_its_answer_is_noticed(tmp_path: Path) -> None:
    empty = tmp_path / "empty.ipynb"
    nbformat.write(nbformat.v4.new_notebook(), empty)
    run = run_with(tmp_path / "course", empty, more=(WRONG, ASKS_ALL))
    assert run.error is not None
    assert "variant 2 of '1 + 1?'" in str(run.error)
