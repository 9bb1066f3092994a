"""The table of before and after: first answers, side by side, in kernel and browser alike."""

from __future__ import annotations

import base64
import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import stridescope as ss
from stridescope.instruments.before_after import sentence, verdict
from stridescope.instruments.predict import QUESTIONS
from stridescope.runtime import answer_log
from support.in_node import in_node
from support.svg_reading import parse

pytestmark = pytest.mark.slow

IDEAS = {"`.T` moves": ("t", "t-again"), "no copies": ("c", "c-again")}


@pytest.fixture(autouse=True)
def _fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    QUESTIONS.clear()


def answer(key: str, said: str | None, *, sure: bool = False, right: bool = False) -> None:
    """Answer the question of `key` as the browser does, through the widget."""
    shown = ss.predict("One?", 1, {1: "", 2: "Two."}, key=key)
    reply = {"key": key, "ask": "One?", "said": said, "sure": sure, "right": right, "seed": 0}
    shown.widget.reply = reply


def test_a_question_keeps_its_answers_under_the_key_it_was_given() -> None:
    answer("t", "`2`", sure=True)
    assert list(answer_log.read()) == list(QUESTIONS) == ["t"]
    renamed = ss.predict("Another wording?", 1, {1: "", 2: "Two."}, key="t")
    assert renamed.state["key"] == "t"


def test_first_answers_stand_side_by_side_and_later_ones_do_not_count() -> None:
    answer("t", "`2`", sure=True)
    answer("t", "`1`", sure=True, right=True)
    answer("t-again", "`1`", sure=True, right=True)
    answer("c", None)
    shown = ss.before_after(IDEAS)
    assert shown.text.splitlines() == [
        "Before: 0 of 1 right; wrong and sure: 1. After: 1 of 1 right; wrong and sure: 0.",
        "  - .T moves: not yet, sure → ✓, sure",
        "  - no copies: shown → no answer",
    ]
    rows = [["".join(cell.itertext()) for cell in row] for row in parse(shown.html).iter("tr")]
    assert rows == [
        ["idea", "before", "after"],
        [".T moves", "not yet, sure", "✓, sure"],
        ["no copies", "shown", "no answer"],
    ]
    assert json.loads(json.dumps(shown.state)) == shown.state


def test_without_answers_it_says_so() -> None:
    assert ss.before_after(IDEAS).text.startswith("Before: no answers yet. After: no answers yet.")


def test_answers_of_a_page_are_read_from_its_code() -> None:
    entry = {"said": "`1`", "sure": False, "right": True, "seed": 0}
    packed = base64.urlsafe_b64encode(json.dumps({"t": {"ask": "One?", "tries": [entry]}}).encode())
    shown = ss.before_after(IDEAS, answers="ss1." + packed.decode().rstrip("="))
    assert ".T moves: ✓, think so → no answer" in shown.text


def test_a_key_that_stands_twice_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="the key 't' twice"):
        ss.before_after({"one": ("t", "u"), "two": ("v", "t")})


def test_kernel_and_browser_say_the_same_of_every_answer() -> None:
    given = [
        {"said": said, "sure": sure, "right": right}
        for said, sure, right in product((None, "x"), (False, True), (False, True))
    ]
    tries: list[Any] = [None, *given]
    cases = [
        [{"tries": [one, other]}, {"tries": [other, None]}] for one, other in product(tries, tries)
    ]
    names = {"instruments/before_after.js": ["verdictOf", "sumsOf"]}
    assert in_node(names, "(c) => verdictOf(c)", tries) == [verdict(one) for one in tries]
    assert in_node(names, "(c) => sumsOf(c)", cases) == [sentence(rows) for rows in cases]
