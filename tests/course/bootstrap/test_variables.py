"""What is set for another Python does not reach the course's, and caches have a place."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from course.bootstrap import variables
from course.bootstrap.variables import BEHAVIOR, FOLDERS, KEPT, WHERE, wanted_environment


def test_every_variable_of_this_python_is_known() -> None:
    """A new version of Python brings new ones: each has to be kept, or left out."""
    command = [sys.executable, "--help-env"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    named = set(re.findall(r"(?m)^(PYTHON\w+)", told))
    assert len(named) > 20
    assert named <= WHERE | BEHAVIOR | KEPT
    assert not (WHERE | BEHAVIOR) & KEPT


@pytest.mark.parametrize(
    ("in_venv", "left"),
    [(True, {"PYTHONUTF8", "OTHER"}), (False, {"PYTHONPATH", "PYTHONUTF8", "OTHER"})],
)
def test_elsewhere_than_in_venv_the_search_path_is_needed(
    tmp_path: Path,
    in_venv: bool,  # noqa: FBT001
    left: set[str],
) -> None:
    given = dict.fromkeys(("PYTHONPATH", "PYTHONOPTIMIZE", "PYTHONUTF8", "OTHER"), "1")
    assert wanted_environment(given, tmp_path, in_venv=in_venv).keys() - FOLDERS.keys() == left


@pytest.fixture
def no_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """A home folder that cannot be written, as in many containers."""
    monkeypatch.setenv("HOME", "/dev/null/home")
    for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("no_home")
def test_without_a_home_caches_and_settings_are_below_the_checkout(tmp_path: Path) -> None:
    found = wanted_environment({"MPLCONFIGDIR": "/mine"}, tmp_path, in_venv=True)
    assert found["MPLCONFIGDIR"] == "/mine"
    others = {name for name, path in found.items() if path.startswith(f"{tmp_path}/_build/home/")}
    assert others == FOLDERS.keys() - {"MPLCONFIGDIR"}
    assert wanted_environment(found, tmp_path, in_venv=True) == found, "and once is enough"


@pytest.mark.usefixtures("no_home")
def test_without_a_home_and_in_a_read_only_checkout_they_are_temporary() -> None:
    found = wanted_environment({}, Path("/dev/null/checkout"), in_venv=True)
    assert Path(found["UV_CACHE_DIR"]).is_relative_to(tempfile.gettempdir())


def test_a_home_that_can_be_written_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert wanted_environment({"HOME": str(tmp_path)}, tmp_path, in_venv=True) == {
        "HOME": str(tmp_path)
    }


def test_a_folder_can_be_written_if_it_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert variables.can_write(tmp_path / "a" / "b")
    assert not variables.can_write(tmp_path / "file" / "b")
    assert not variables.can_write(Path("/dev/null/x"))


def test_what_the_output_cannot_show_is_escaped() -> None:
    program = (
        "import sys\nfrom course.bootstrap.variables import escape_what_cannot_be_printed\n"
        "escape_what_cannot_be_printed()\nprint('a → ü')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
        check=True,
    )
    assert done.stdout.decode("latin-1") == "a \\u2192 ü\n"
