"""A kernel's messages become outputs of known types, within limits; nothing in them is trusted."""

from __future__ import annotations

from typing import Any

import pytest
from nbformat import NotebookNode

from nbgrader_isolate.bridge.outputs import (
    NOTEBOOK_NOTE,
    Allowance,
    Collector,
    first_lines,
    from_message,
    shown_number,
    size_of,
)
from nbgrader_isolate.core.models import INVALID, Credit


def shallow(depth: int) -> Any:  # noqa: ANN401 - JSON
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("status", {"execution_state": "idle"}),
        ("comm_open", {}),
        ("clear_output", {}),
        (None, {}),
        (["stream"], {"text": "x"}),
        ("stream", "text"),
        ("stream", None),
    ],
)
def test_what_is_not_an_output_is_dropped(kind: object, content: object) -> None:
    assert from_message(kind, content, 1) is None


def test_wrong_types_and_lone_surrogates_become_text() -> None:
    stream = from_message("stream", {"name": 3, "text": "a\ud800"}, 1)
    assert stream == {"output_type": "stream", "name": "stdout", "text": "a\\ud800"}
    error = from_message("error", {"ename": [], "evalue": {}, "traceback": "x"}, 1)
    assert error == {"output_type": "error", "ename": "", "evalue": "", "traceback": []}
    error = from_message("error", {"ename": "E" * 999, "traceback": [1] * 999}, 1)
    assert error is not None
    assert (len(error["ename"]), error["traceback"]) == (200, [""] * 100)


def test_a_bundle_keeps_text_and_shallow_json() -> None:
    data = {
        "text/plain": "3",
        "application/json": {"a": [1]},
        "application/vnd.x+json": shallow(60),
        "image/png": b"bytes",
        "text/html": 5,
    }
    output = from_message("execute_result", {"data": data, "metadata": {"x": 1}}, 4)
    assert output is not None
    assert output["data"] == {"text/plain": "3", "application/json": {"a": [1]}}
    assert (output["metadata"], output["execution_count"]) == ({}, 4)
    many = from_message("display_data", {"data": {f"a/{n}": "x" for n in range(99)}}, 1)
    assert many is not None
    assert len(many["data"]) == 20


def test_pieces_of_a_stream_are_joined_and_cut_once() -> None:
    collector = Collector(10, 1)
    for _ in range(9):
        collector.take("stream", {"name": "stdout", "text": "1234"})
    (output,) = collector.outputs
    assert output.text.startswith("1234")
    assert output.text.count("cut here") == 1
    assert output.text.endswith("\n")


def test_bytes_count_and_not_characters() -> None:
    collector = Collector(10, 1)
    collector.take("stream", {"name": "stdout", "text": "ä😀" * 3})
    text = collector.outputs[0].text
    assert text.startswith("ä😀ä")
    assert len(text.partition("\n")[0].encode()) == 8


def test_all_cells_of_a_notebook_share_an_allowance() -> None:
    allowance = Allowance(120)
    kept = []
    for _ in range(4):
        collector = Collector(100, 1, allowance)
        collector.take("stream", {"name": "stdout", "text": "12345678" * 5})
        kept.append(collector.outputs[0].text.removeprefix("12345678" * 5))
    assert kept[0] == ""
    assert kept[2:] == [NOTEBOOK_NOTE, NOTEBOOK_NOTE]
    assert allowance.left == 0


def test_what_is_too_large_is_replaced_by_a_note() -> None:
    collector = Collector(100, 1)
    collector.take("display_data", {"data": {"text/plain": "x" * 1000}})
    assert [output.output_type for output in collector.outputs] == ["stream"]
    assert "cut here" in collector.outputs[0].text
    collector = Collector(100, 1)
    collector.take("error", {"ename": "E", "evalue": "x" * 5000, "traceback": ["y" * 5000] * 50})
    (error,) = collector.outputs
    assert (len(error.evalue), len(error.traceback), len(error.traceback[0])) == (1000, 10, 1000)


def test_a_message_is_its_first_lines_without_control_characters() -> None:
    assert first_lines("a\x1b[31mb\r\tc\n" * 20) == "\n".join(["a[31mb\tc"] * 10)
    assert len(first_lines("x" * 10**6)) == 2000


def result(text: object) -> NotebookNode:
    output = from_message("execute_result", {"data": {"text/plain": text}}, 1)
    assert output is not None
    return output


@pytest.mark.parametrize(
    ("text", "number"),
    [("3", 3.0), ("-0.5", -0.5), ("np.float64(2.0)", 2.0), ("'3'", None), ("inf", INVALID)],
)
def test_the_number_that_a_cell_shows_is_its_result(text: str, number: Credit) -> None:
    stream = NotebookNode(output_type="stream", name="stdout", text="7")
    assert shown_number([stream, result(text)]) == number
    assert shown_number([stream]) is None


@pytest.mark.parametrize("number", [10**4200, 1.2345678901234567e-300])
def test_numbers_count_with_all_their_digits(number: float) -> None:
    collector = Collector(100_000, 1)
    for _ in range(12):
        content = {"data": {"application/json": [number] * (400_000 // len(repr(number)))}}
        collector.take("display_data", content)
    assert sum(len(str(output)) for output in collector.outputs) < 100_000


def test_the_names_in_json_count_as_well() -> None:
    long = "x" * 5000
    assert size_of({long: {long: [long]}}) > 15_000
