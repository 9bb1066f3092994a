"""What the verbs around the exercises say when they are done."""

from __future__ import annotations

import pytest

from course.cli import exercises
from nbgrader_isolate.cli import main
from nbgrader_isolate.core.errors import Exit


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ({"a": 1.0}, "1 notebook with 1 points"),
        ({"a": 2.5, "b": 1.0}, "2 notebooks with 3.5 points"),
        ({}, "0 notebooks with 0 points"),
    ],
)
def test_notebooks_and_points_are_counted(points: dict[str, float], words: str) -> None:
    assert exercises.described(points) == words


@pytest.mark.parametrize(
    ("status", "expected", "words"),
    [
        (Exit.DONE, 0, ""),
        (Exit.SANDBOX, 0, "The assignment is registered anyway"),
        (Exit.COURSE, Exit.COURSE, ""),
    ],
)
def test_a_machine_without_a_sandbox_registers_and_does_not_plan(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    status: Exit,
    expected: int,
    words: str,
) -> None:
    monkeypatch.setattr(main, "run", lambda _arguments: int(status))
    assert exercises.planned("02-strides") == expected
    assert capsys.readouterr().out.startswith(words)
