"""A machine that lacks something is told what to do, in one sentence."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from course.bootstrap import environment, installer, variables
from course.core.paths import ROOT
from support.patience import patience

STARTERS = [
    "__init__.py",
    "__main__.py",
    *(f"bootstrap/{file.name}" for file in sorted((ROOT / "course" / "bootstrap").glob("*.py"))),
]
CLOSED_PORT = "http://127.0.0.1:9/simple"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A checkout that was never set up."""
    (tmp_path / "course" / "bootstrap").mkdir(parents=True)
    for name in STARTERS:
        shutil.copy(ROOT / "course" / name, tmp_path / "course" / name)
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
    with pytest.raises(environment.SetupError) as raised:
        environment.refuse_old_python("/usr/bin/python3", (3, 8))
    assert "needs Python 3.11 or newer and /usr/bin/python3 is 3.8" in str(raised.value)
    assert "make PYTHON=python3.12 html" in str(raised.value)
    assert "\n" not in str(raised.value)
    environment.refuse_old_python("python3", (3, 11))


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


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A checkout that this process takes for its own."""
    for name in ("requirements.lock", "pyproject.toml"):
        (tmp_path / name).write_text(name)
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment, "STAMP", tmp_path / ".venv" / "course-is-ready")
    return tmp_path


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("No module named venv", "sudo apt-get install python{}.{}-venv"),
        ("... not created because ensurepip is not available.", "python{}.{}-venv"),
        ("Error: [Errno 13] Permission denied: '/x/.venv'", "make this folder writable for you"),
        ("Error: [Errno 28] No space left on device: '/x/.venv'", "The disk is full"),
        ("Error: Command '['/x/.venv/bin/python']' died", "The packages could not be installed"),
    ],
)
def test_if_there_is_no_environment_the_reader_is_told_why(
    here: Path, monkeypatch: pytest.MonkeyPatch, said: str, words: str
) -> None:
    python = here / "python"
    python.write_text(f"#!/bin/sh\ncat <<'END'\n{said}\nEND\nexit 1\n")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    with pytest.raises(environment.SetupError) as raised:
        environment.make_venv()
    assert words.format(*sys.version_info[:2]) in str(raised.value)
    assert not (here / ".venv").exists()


def test_a_folder_that_cannot_be_written_is_refused_before_anything_happens(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(variables, "can_write", lambda path: path != here)
    with pytest.raises(environment.SetupError, match=r"cannot write in this folder: copy it to"):
        environment.make_environment()
    assert not (here / ".venv").exists()


def test_a_folder_with_the_separator_of_paths_in_its_name_is_refused(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "ROOT", here / f"a{os.pathsep}b")
    with pytest.raises(environment.SetupError, match="rename this folder"):
        environment.refuse_folder()


@pytest.mark.slow
def test_packages_are_installed_by_relative_paths_and_readable_for_others(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = here / "CS101 [WS24] #1 ; a%20b ${HOME} Größe"
    (odd / "stridescope").mkdir(parents=True)
    for name in ("requirements.lock", "pyproject.toml", "stridescope/pyproject.toml"):
        (odd / name).write_text("uv==1.2.3\n")
    for name, path in {"ROOT": "", "VENV": ".venv", "STAMP": ".venv/stamp"}.items():
        monkeypatch.setattr(environment, name, odd / path)
    commands: list[list[str]] = []

    def run(command: list[str], folder: Path, variables: dict[str, str]) -> None:
        assert folder == odd
        assert variables["UV_NO_CONFIG"] == "1"
        commands.append(command)

    def make_venv() -> None:
        command = [sys.executable, "-m", "venv", "--without-pip", str(odd / ".venv")]
        subprocess.run(command, check=True)

    monkeypatch.setattr(environment, "make_venv", make_venv)
    monkeypatch.setattr(installer, "settings_of_pip", lambda *_: {})
    monkeypatch.setattr(installer, "run", run)
    mask = os.umask(0o077)
    try:
        environment.make_environment()
        assert os.umask(0o077) == 0o077, "the umask is the user's again"
    finally:
        os.umask(mask)
    pip, sync, editable = commands
    assert pip[-1] == "uv==1.2.3"
    assert sync[-1] == "requirements.lock"
    assert editable[-2:] == ["--editable=./.", "--editable=./stridescope"]
    assert environment.venv_python().parent.stat().st_mode & 0o055 == 0o055
    assert environment.in_step()


def test_a_module_search_path_or_no_asserts_start_the_course_again(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(environment, "in_step", lambda: True)
    monkeypatch.setattr(environment, "inside", lambda: True)

    def start_again(python: Path, arguments: list[str]) -> int:
        started.append((str(python), arguments))
        return 7

    monkeypatch.setattr(environment, "start_again", start_again)
    for name in variables.WHERE | variables.BEHAVIOR:
        monkeypatch.delenv(name, raising=False)
    assert environment.ensure(["check"]) is None
    monkeypatch.setenv("PYTHONPATH", str(here))
    assert environment.ensure(["check"]) == 7
    assert started == [(sys.executable, ["check"])]


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


def test_the_stamp_follows_the_lock_and_the_folder(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / ".venv").mkdir()
    assert not environment.in_step()
    environment.STAMP.write_bytes(environment.stamp())
    assert environment.in_step()
    shutil.copytree(here, here.with_name("moved"))
    monkeypatch.setattr(environment, "ROOT", here.with_name("moved"))
    assert not environment.in_step()
    monkeypatch.setattr(environment, "ROOT", here)
    (here / "requirements.lock").write_text("another")
    assert not environment.in_step()


def test_scripts_of_packages_are_no_modules_for_node(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment, "inside", lambda: True)
    environment.keep_scripts_plain()  # no folder to write to, and no error
    scripts = tmp_path / ".venv" / "lib"
    scripts.mkdir(parents=True)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (scripts / "yarn.js").write_text("console.log(typeof require('util').format)")
    node = ["node", str(scripts / "yarn.js")]
    assert subprocess.run(node, capture_output=True, check=False).returncode != 0
    environment.keep_scripts_plain()
    assert subprocess.run(node, capture_output=True, check=True).stdout == b"function\n"
    kept = tmp_path / ".venv" / "package.json"
    kept.write_text('{"own": true}')
    environment.keep_scripts_plain()
    assert kept.read_text() == '{"own": true}'
    kept.unlink()
    monkeypatch.setattr(environment, "inside", lambda: False)  # another Python has the packages
    environment.keep_scripts_plain()
    assert not kept.exists()
