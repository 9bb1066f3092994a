"""`make lint` runs every program, and fails if one of them finds something."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from course.lint import tools

if TYPE_CHECKING:
    from pathlib import Path

SUCCEEDS = [sys.executable, "-c", ""]
FAILS = [sys.executable, "-c", "import sys; sys.exit(3)"]


def test_the_programs_check_style_formatting_types_and_imports() -> None:
    lines = [" ".join(command[1:]) for command in tools.commands()]
    assert lines[:3] == ["-m ruff check", "-m ruff format --check", "-m mypy"]
    assert any(command[0].endswith("lint-imports") for command in tools.commands())


@pytest.mark.parametrize("first", [SUCCEEDS, FAILS])
def test_all_programs_run_even_after_one_has_found_something(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, first: list[str]
) -> None:
    leaves_a_file = [sys.executable, "-c", "open('ran', 'w').close()"]
    programs = [first, leaves_a_file]
    monkeypatch.setattr(tools, "commands", lambda: programs)
    assert tools.run(tmp_path) is (first is SUCCEEDS)
    assert (tmp_path / "ran").is_file()
