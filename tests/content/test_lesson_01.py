"""Lesson 01 asks again with new numbers, and each time the question is a fair one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest

import stridescope as ss
from course.core.myst import tags
from stridescope.instruments.predict import QUESTIONS, AskedQuestion, Question

LESSON = Path(__file__).parents[2] / "lessons" / "01-shape-dtype-overflow.ipynb"
SEEDS = range(1, 25)


@pytest.fixture(scope="module")
def ideas() -> list[AskedQuestion]:
    """Run the cells that ask, and return what they asked."""
    before = dict(QUESTIONS)
    QUESTIONS.clear()
    # nbformat is not annotated.
    notebook = nbformat.read(LESSON, as_version=4)  # type: ignore[no-untyped-call]
    names: dict[str, Any] = {"np": np, "ss": ss}
    for cell in notebook.cells:
        if "predict" in tags(cell):
            exec(cell.source, names)  # noqa: S102 - the lesson's own cells
    asked = [*QUESTIONS.values()]
    QUESTIONS.clear()
    QUESTIONS.update(before)
    return asked


def variants(ideas: list[AskedQuestion]) -> list[tuple[Question, Question]]:
    return [(idea.question, idea.variant(seed)) for idea in ideas if idea.again for seed in SEEDS]


def test_six_questions_at_most_follow_the_puzzle_and_three_come_back_with_new_numbers(
    ideas: list[AskedQuestion],
) -> None:
    assert 3 <= len(ideas) <= 1 + 6
    assert sum(idea.again is not None for idea in ideas) >= 3


def test_new_numbers_make_another_question_with_as_many_choices(ideas: list[AskedQuestion]) -> None:
    for first, other in variants(ideas):
        assert other.ask != first.ask
        assert len({text for text, _ in other.choices}) == len(first.choices)


def test_every_wrong_choice_names_its_misconception(ideas: list[AskedQuestion]) -> None:
    for pair in variants(ideas):
        for question in pair:
            wrong = [k for k in range(len(question.choices)) if k != question.right]
            assert all(question.choices[k][1] for k in wrong)
            assert question.why
