"""A machine that lacks something is told what to do, in one sentence."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from course import bootstrap
from course.core.paths import ROOT
from support.patience import patience

STARTERS = ["__init__.py", "__main__.py", "bootstrap.py"]
CLOSED_PORT = "http://127.0.0.1:9/simple"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A checkout that was never set up."""
    (tmp_path / "course").mkdir()
    for name in STARTERS:
        shutil.copy(ROOT / "course" / name, tmp_path / "course")
    for name in ("requirements.lock", "pyproject.toml", "Makefile"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def start(clone: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m course setup` with a Python that has no packages of ours."""
    return subprocess.run(
        [sys.base_prefix + "/bin/python3", "-m", "course", "setup"],
        cwd=clone,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=patience(30),
        check=False,
    )


@pytest.mark.parametrize("name", STARTERS)
def test_an_old_python_can_read_what_tells_it_that_it_is_old(name: str) -> None:
    ast.parse((ROOT / "course" / name).read_text("utf-8"), feature_version=(3, 6))


def test_an_old_python_is_told_to_get_a_newer_one() -> None:
    with pytest.raises(bootstrap.SetupError) as raised:
        bootstrap.refuse_old_python("/usr/bin/python3", (3, 8))
    assert "needs Python 3.11 or newer and /usr/bin/python3 is 3.8" in str(raised.value)
    assert "make PYTHON=python3.12 html" in str(raised.value)
    assert "\n" not in str(raised.value)
    bootstrap.refuse_old_python("python3", (3, 11))


@pytest.mark.slow
def test_without_network_the_reader_is_told_to_connect(clone: Path) -> None:
    done = start(
        clone,
        PIP_INDEX_URL=CLOSED_PORT,
        PIP_EXTRA_INDEX_URL=CLOSED_PORT,
        PIP_FIND_LINKS="",
        PIP_CONFIG_FILE=os.devnull,
        UV_DEFAULT_INDEX=CLOSED_PORT,
    )
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("The packages could not be installed: connect this machine")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "said",
    [
        "No module named venv",
        "The virtual environment was not created successfully because ensurepip is not available.",
    ],
)
def test_without_the_venv_module_the_reader_is_told_which_package(clone: Path, said: str) -> None:
    (clone / "fake").mkdir()
    (clone / "fake" / "venv.py").write_text(f"raise SystemExit({said!r})")
    done = start(clone, PYTHONPATH=str(clone / "fake"))
    assert done.returncode == 1
    assert f"sudo apt-get install python{sys.version_info[0]}.{sys.version_info[1]}-venv" in (
        done.stderr
    )
    assert not (clone / ".venv").exists()


def test_without_python_make_says_so(clone: Path) -> None:
    done = subprocess.run(
        ["make", "PYTHON=/nowhere/python3", "html"],
        cwd=clone,
        capture_output=True,
        text=True,
        timeout=patience(10),
        check=False,
    )
    assert done.returncode != 0
    assert "/nowhere/python3 is not on this machine: install Python 3.11" in done.stderr


def test_the_stamp_follows_the_lock(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("requirements.lock", "pyproject.toml"):
        (tmp_path / name).write_text(name)
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / "stamp")
    assert not bootstrap.in_step()
    bootstrap.STAMP.write_text(bootstrap.wanted())
    assert bootstrap.in_step()
    (tmp_path / "requirements.lock").write_text("another")
    assert not bootstrap.in_step()
