"""Without a terminal, a run says now and then how far it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nbgrader_isolate.runs import progress
from nbgrader_isolate.runs.progress import Progress

if TYPE_CHECKING:
    import pytest


def test_a_line_is_printed_each_time_enough_seconds_have_passed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = 100.0
    monkeypatch.setattr(progress.time, "monotonic", lambda: now)
    with Progress(40) as run:
        for _ in range(20):
            now += 1
            run.step()
        run.tell("[bold]odd[/bold]")
    lines = capsys.readouterr().err.splitlines()
    assert lines == ["15 of 40 graded, 1.0 per second, 25 s left", "[bold]odd[/bold]"]


def test_a_terminal_gets_a_bar_and_lines_above_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    with Progress(2) as run:
        run.step()
        run.tell("ada: [red]odd[/red]")
        run.step()
    shown = capsys.readouterr().err
    assert "ada: [red]odd[/red]" in shown
    assert re.search(r"2/2", shown)


def test_an_empty_run_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress(0):
        pass
    assert capsys.readouterr() == ("", "")
