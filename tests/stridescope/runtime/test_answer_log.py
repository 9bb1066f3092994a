"""Answers are written to a file beside the notebook, and read from the codes of a page."""

from __future__ import annotations

import base64
import json
import subprocess
from pathlib import Path

import pytest

import stridescope as ss
from stridescope.instruments.predict import QUESTIONS
from stridescope.runtime import answer_log
from support.predictions import ask, reply

JS = Path(str(ss.__file__)).parent / "js"


@pytest.fixture(autouse=True)
def _fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    QUESTIONS.clear()


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
    module = (
        f"import {{ isDue }} from '{JS / 'controls/answer_log.js'}';"
        f"console.log(isDue({json.dumps(entry)}));"
    )
    done = subprocess.run(
        ["node", "--input-type=module", "-e", module], capture_output=True, text=True, check=True
    )
    assert answer_log.is_due(entry) is due
    assert done.stdout.strip() == str(due).lower()


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"k": 1}', '{"k": {"tries": 3}}', '{"k": {"tries": [1]}}']
)
def test_a_file_that_is_no_ledger_is_named_and_left_alone(tmp_path: Path, text: str) -> None:
    file = tmp_path / ".stridescope-ledger.json"
    file.write_text(text)
    with pytest.raises(ValueError, match=r"\.stridescope-ledger\.json is not a log of answers"):
        ss.review()
    reply(ask(), "`(3, 1)`", sure=True, right=False)
    assert file.read_text() == text


@pytest.mark.parametrize(
    "code", ["", "x", "ss1.", "ss2.e30", "ss1.e3", "ss1.W10", "ss1.bm9uc2Vuc2U", "ss1.%%%"]
)
def test_a_broken_code_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="is not complete"):
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
