"""Programs are installed once for each list, and a failure says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.core.errors import CourseError
from course.core.tool_environment import folder_of_tools

pytestmark = pytest.mark.slow  # makes environments


def test_an_environment_is_made_once_for_each_list(tmp_path: Path) -> None:
    wanted = tmp_path / "tools.txt"
    wanted.write_text("")
    said: list[str] = []
    first = folder_of_tools(wanted, tmp_path / "place", said.append)
    assert (first / "python").exists()
    assert folder_of_tools(wanted, tmp_path / "place", said.append) == first
    assert len(said) == 1
    wanted.write_text("# another\n")
    assert folder_of_tools(wanted, tmp_path / "place", said.append) != first


def test_a_list_that_cannot_be_installed_is_tried_again(tmp_path: Path) -> None:
    wanted = tmp_path / "tools.txt"
    wanted.write_text("no-such-package==1.0\n")  # and without a digest
    for _ in range(2):
        with pytest.raises(CourseError, match="could not be installed; the lines above say why"):
            folder_of_tools(wanted, tmp_path / "place", lambda _line: None)
