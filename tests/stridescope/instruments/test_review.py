"""The ledger beside the notebook, and the review that asks shaky ideas again."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import stridescope as ss
from stridescope.instruments.predict import ASKED, as_code, show
from stridescope.runtime import answer_log

JS = Path(str(ss.__file__)).parent / "js"


@pytest.fixture(autouse=True)
def _fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ASKED.clear()


def wider(seed: int) -> tuple[str, object, Mapping[Any, str], str]:
    a = np.zeros((3, 3 + seed))
    return f"Shape {a.shape}?", a.strides, {a.strides: "", (0, 0): "Never."}, "Eight bytes each."


def ask(question: str = "Shape (3, 3)?") -> ss.Instrument:
    return ss.predict(question, (24, 8), {(24, 8): "", (3, 1): "Bytes."}, again=wider)


def reply(
    shown: ss.Instrument, said: str | None, *, sure: bool, right: bool, seed: int = 0
) -> None:
    """Answer as the browser does, through the widget."""
    count = shown.widget.reply.get("count", 0) + 1
    answer = {"said": said, "sure": sure, "right": right, "seed": seed, "count": count}
    shown.widget.reply = {"key": shown.state["key"], "ask": shown.state["ask"], **answer}


def test_an_answer_is_written_beside_the_notebook_and_nowhere_else(tmp_path: Path) -> None:
    shown = ask()
    reply(shown, "`(3, 1)`", sure=True, right=False)
    reply(shown, "`(3, 1)`", sure=True, right=False)
    assert [file.name for file in tmp_path.iterdir()] == [".stridescope-ledger.json"]
    entry = {"said": "`(3, 1)`", "sure": True, "right": False, "seed": 0}
    expected = {shown.state["key"]: {"ask": "Shape (3, 3)?", "tries": [entry, entry]}}
    assert json.loads((tmp_path / ".stridescope-ledger.json").read_text()) == expected


@pytest.mark.parametrize(
    ("answers", "due"),
    [
        ([], False),
        ([("x", True, True)], False),
        ([("x", False, True)], True),
        ([("x", True, False)], True),
        ([(None, False, False)], False),
        ([("x", True, False), (None, False, False)], True),
        ([("x", True, False), ("x", True, True)], False),
        ([("x", True, True), ("x", False, True)], True),
    ],
)
def test_what_was_wrong_or_unsure_is_due_in_kernel_and_browser_alike(
    answers: list[tuple[str | None, bool, bool]], *, due: bool
) -> None:
    entry = {
        "tries": [{"said": said, "sure": sure, "right": right} for said, sure, right in answers]
    }
    module = f"import {{ isDue }} from '{JS / 'controls/answer_log.js'}'; console.log(isDue({json.dumps(entry)}));"
    done = subprocess.run(
        ["node", "--input-type=module", "-e", module], capture_output=True, text=True, check=True
    )
    assert answer_log.is_due(entry) is due
    assert done.stdout.strip() == str(due).lower()


def test_a_shaky_idea_is_asked_again_with_numbers_it_has_not_had() -> None:
    shown = ask()
    reply(shown, "`(3, 1)`", sure=False, right=False)
    first = ss.review()
    assert first.text.splitlines() == [
        "1 idea comes back, with new numbers where there are some.",
        "Shape (3, 4)?",
        "  - (32, 8)",
        "  - (0, 0)",
    ]
    assert "Shape (3, 4)?" in first.html
    assert first.state["due"] == [shown.state["key"]]
    reply(shown, "`(0, 0)`", sure=False, right=False, seed=1)
    assert "Shape (3, 5)?" in ss.review().text
    reply(shown, "`(40, 8)`", sure=True, right=True, seed=2)
    assert ss.review().text == "Nothing comes back: all answers so far were right and sure."


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
    ASKED.clear()
    assert "1 more waits in cells not run in this session." in ss.review().text


def test_without_answers_the_review_says_what_it_is_for() -> None:
    assert "comes back here with new numbers" in ss.review().text


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"k": 1}', '{"k": {"tries": 3}}', '{"k": {"tries": [1]}}']
)
def test_a_file_that_is_no_ledger_is_named_and_left_alone(tmp_path: Path, text: str) -> None:
    file = tmp_path / ".stridescope-ledger.json"
    file.write_text(text)
    with pytest.raises(ValueError, match=r"\.stridescope-ledger\.json is no ledger"):
        ss.review()
    reply(ask(), "`(3, 1)`", sure=True, right=False)
    assert file.read_text() == text


@pytest.mark.parametrize(
    "code", ["", "x", "ss1.", "ss2.e30", "ss1.e3", "ss1.W10", "ss1.bm9uc2Vuc2U", "ss1.%%%"]
)
def test_a_broken_code_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="no whole code"):
        answer_log.merge(code)
    assert answer_log.read() == {}


def test_a_folder_that_may_not_be_written_does_not_stop_the_lesson(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(answer_log, "write", refuse_to_write)
    shown = ask()
    reply(shown, "`(3, 1)`", sure=True, right=False)
    assert answer_log.read() == {}


def refuse_to_write(_: object) -> None:
    raise PermissionError


def test_a_code_adds_to_what_is_there() -> None:
    reply(ask(), "`(3, 1)`", sure=True, right=False)
    other = {"said": "`7`", "sure": False, "right": True, "seed": 0}
    packed = base64.urlsafe_b64encode(json.dumps({"k": {"ask": "é?", "tries": [other]}}).encode())
    merged = answer_log.merge("ss1." + packed.decode().rstrip("="))
    assert [entry["ask"] for entry in merged.values()] == ["Shape (3, 3)?", "é?"]
    assert answer_log.read() == merged


def test_a_typed_question_takes_no_right_choice() -> None:
    with pytest.raises(ValueError, match="name wrong ones only"):
        ss.predict("Strides?", (24, 8), {(24, 8): ""}, free=True)
    shown = ss.predict("Strides?", (24, 8), {(8, 24): "F."}, free=True, why="Bytes.")
    assert shown.text == "Strides?"
    assert "(8, 24)" not in shown.html
    assert shown.state["right"] is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ((24, 8), "`(24, 8)`"),
        ("(24, 8)", "`(24, 8)`"),
        ("[1 2 3]", "`[1 2 3]`"),
        ("[[1, 3], [2, 4]]", "`[[1, 3], [2, 4]]`"),
        ("'int16'", "`'int16'`"),
        ("True", "`True`"),
        (np.int8(-1), "`-1`"),
        (np.dtype("int16"), "`int16`"),
        ("raises `ValueError`", "raises `ValueError`"),
        ("a view", "a view"),
        ("[no] array", "[no] array"),
        ("", ""),
    ],
)
def test_literals_stand_in_the_font_of_code_however_they_are_given(
    value: object, text: str
) -> None:
    assert as_code(value) == text


numbers = st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
answers = st.recursive(numbers, lambda inner: st.lists(inner, min_size=1, max_size=4), max_leaves=9)


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(st.lists(answers, min_size=20, max_size=20))
def test_the_browser_reads_any_form_python_and_numpy_would_write(values: list[Any]) -> None:
    forms = [[show(to_tuple(v)), show(v), show(v).replace(",", ""), f" {show(v)} "] for v in values]
    module = (
        f"import {{ readAnswer }} from '{JS / 'model/typed_answer.js'}';"
        f"console.log(JSON.stringify({json.dumps(forms)}.map((f) => f.map(readAnswer))));"
    )
    done = subprocess.run(
        ["node", "--input-type=module", "-e", module], capture_output=True, text=True, check=True
    )
    read = json.loads(done.stdout)
    for same in read:
        assert same[0] is not None
        assert len(set(same)) == 1, same
    apart = {json.dumps(bare(v)): group[0] for v, group in zip(values, read, strict=True)}
    assert len(set(apart.values())) == len(apart), "different answers read as one"


def to_tuple(value: Any) -> Any:  # noqa: ANN401 - a nested list
    return tuple(to_tuple(v) for v in value) if isinstance(value, list) else value


def bare(value: Any) -> Any:  # noqa: ANN401 - a nested list
    """A list of one thing is that thing; 1.0 is 1."""
    if isinstance(value, list):
        inside = [bare(v) for v in value]
        return inside[0] if len(inside) == 1 else inside
    return (
        int(value)
        if isinstance(value, float) and value.is_integer() and abs(value) < 2**53
        else value
    )
