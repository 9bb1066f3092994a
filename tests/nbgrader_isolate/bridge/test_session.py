"""The worker's side of a test process."""

# ruff: noqa: ANN401

from __future__ import annotations

import os
from typing import Any

import pytest

from nbgrader_isolate.bridge import session
from nbgrader_isolate.bridge.failures import PeerGoneError
from nbgrader_isolate.bridge.session import TestProcess
from nbgrader_isolate.core.limits import Limits

pytestmark = pytest.mark.slow


class Deaf:
    """A server whose test process runs and reads nothing."""

    def __init__(self) -> None:
        self.killed_by = ""
        self.descriptors: list[int] = []

    def process(self, _target: str, **given: Any) -> Deaf:
        self.descriptors = [os.dup(fd) for fd in given["fds"]]
        return self

    def kill(self, reason: str) -> None:
        self.killed_by = reason

    def close(self) -> None:
        for fd in self.descriptors:
            os.close(fd)


def test_a_test_process_that_receives_nothing_is_killed_and_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(session, "START_SECONDS", 0.5)
    server = Deaf()
    tester = TestProcess(server, Limits(), {}, seed=1)
    with pytest.raises(PeerGoneError, match="stopped receiving"):
        tester.send_student_cell("x" * (8 << 20), {})
    assert server.killed_by == "it stopped receiving messages"
    tester.close()
