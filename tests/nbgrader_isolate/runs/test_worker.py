"""A worker answers each frame, whatever a submission does, and says why it cannot start."""

from __future__ import annotations

import io
import json

import pytest

from nbgrader_isolate.runs import framing, worker

SETUP = {"limits": {"memory_mb": 512}, "sandbox": "none", "at_once": 2, "cpus": []}


class Odd:
    """A grader that answers with what it was given, or fails as it was told."""

    closed = 0

    def __init__(self, limits: object, sandbox: str) -> None:
        del limits
        self.sandbox = sandbox
        self.planned = b""

    def plan(self, data: bytes) -> None:
        self.planned = data

    def grade(self, data: bytes) -> bytes:
        if data == b"fail":
            raise ValueError("line one\nline two\x1b[31m")
        if data == b"exit":
            raise SystemExit
        return self.planned + data

    def run(self, data: bytes) -> bytes:
        return b"ran " + data

    def close(self) -> None:
        Odd.closed += 1


def answers(
    monkeypatch: pytest.MonkeyPatch, *frames: tuple[bytes, bytes], **setup: object
) -> list[tuple[bytes, int, bytes]]:
    """Return what a worker answers to its settings and these frames, in the order of numbers."""
    monkeypatch.setattr(worker, "PRELOADED_MODULE", "json")
    monkeypatch.setattr(worker, "make_grader", lambda given: Odd(None, given["sandbox"]))
    sent = framing.make_frame(framing.SETUP, json.dumps({**SETUP, **setup}).encode())
    for number, (kind, data) in enumerate(frames, 1):
        sent += framing.make_frame(kind, data, number)
    written = io.BytesIO()
    worker.serve(io.BytesIO(sent), written)
    buffer, found = bytearray(written.getvalue()), []
    while frame := framing.pop_frame(buffer):
        found.append(frame)
    return sorted(found, key=lambda frame: frame[1])


def test_each_frame_gets_its_answer_and_none_stops_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Odd.closed = 0
    frames = [
        (framing.PLAN, b"plan "),
        (framing.TASK, b"a"),
        (framing.TASK, b"fail"),
        (framing.TASK, b"exit"),
        (framing.NOTEBOOK, b"b"),
    ]
    assert answers(monkeypatch, *frames) == [
        (framing.READY, 0, b""),
        (framing.RESULT, 2, b"plan a"),
        (framing.FAILED, 3, "line one\N{REPLACEMENT CHARACTER}line two\ufffd[31m".encode()),
        (framing.FAILED, 4, b"SystemExit"),
        (framing.RESULT, 5, b"ran b"),
    ]
    assert Odd.closed == 1


def test_a_grader_that_cannot_start_is_refused_with_its_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worker, "PRELOADED_MODULE", "json")
    setup = {**SETUP, "grader": "support.fake_grader:RefusesToStart"}
    sent = framing.make_frame(framing.SETUP, json.dumps(setup).encode())
    written = io.BytesIO()
    worker.serve(io.BytesIO(sent), written)
    reason = b"no sandbox holds here (asked for none)"
    assert written.getvalue() == framing.make_frame(framing.REFUSED, reason)


@pytest.mark.parametrize(
    "sent", [b"", b"S", framing.make_frame(framing.PLAN, b"x")], ids=["nothing", "cut", "no setup"]
)
def test_a_worker_without_settings_ends(monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
    monkeypatch.setattr(worker, "PRELOADED_MODULE", "json")
    written = io.BytesIO()
    worker.serve(io.BytesIO(sent), written)
    assert written.getvalue() == b""
