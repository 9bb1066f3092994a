"""The ledger beside the notebook, and the review that asks shaky ideas again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import stridescope as ss
from stridescope.instruments.predict import QUESTIONS
from support.predictions import ask, reply

JS = Path(str(ss.__file__)).parent / "js"


@pytest.fixture(autouse=True)
def _fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    QUESTIONS.clear()


def test_a_shaky_idea_is_asked_again_with_numbers_it_has_not_had() -> None:
    shown = ask()
    reply(shown, "`(3, 1)`", sure=False, right=False)
    first = ss.review()
    assert first.text.splitlines() == [
        "One question comes back, with new numbers if possible.",
        "Shape (3, 4)?",
        "  - (32, 8)",
        "  - (0, 0)",
    ]
    assert "Shape (3, 4)?" in first.html
    assert first.state["due"] == [shown.state["key"]]
    reply(shown, "`(0, 0)`", sure=False, right=False, seed=1)
    assert "Shape (3, 5)?" in ss.review().text
    reply(shown, "`(40, 8)`", sure=True, right=True, seed=2)
    assert (
        ss.review().text
        == "Nothing comes back: so far, all your answers were right, and you were sure of them."
    )


def test_a_page_gets_every_idea_with_numbers_to_choose_from() -> None:
    ask()
    ss.predict("Fixed?", 1, {1: "", 2: ""})
    state = ss.review().state
    assert [[v["ask"] for v in idea["variants"]] for idea in state["ideas"]] == [
        ["Shape (3, 4)?", "Shape (3, 5)?"],
        ["Fixed?"],
    ]
    assert state["due"] == []
    assert json.loads(json.dumps(state)) == state


def test_an_idea_of_a_cell_that_was_not_run_is_named_as_waiting() -> None:
    reply(ask(), "`(3, 1)`", sure=True, right=False)
    QUESTIONS.clear()
    assert "1 more is in a cell that you have not run in this session." in ss.review().text


def test_without_answers_the_review_says_what_it_is_for() -> None:
    assert "come back here, with new numbers if possible" in ss.review().text
