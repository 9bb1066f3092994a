"""A course stays out of the sandbox wherever it is: inside the environment, mounted, or linked."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from nbgrader_isolate.sandbox import backends, mounts, probe
from nbgrader_isolate.sandbox.private import ExposedError, hidden_paths, mask_arguments, without

MARK = "a neighbor's answer"


@pytest.fixture
def shown(tmp_path: Path) -> list[Path]:
    """Two folders that a sandbox shows; the second one is shown by a link's name."""
    (tmp_path / "env/lib/python").mkdir(parents=True)
    (tmp_path / "env/lib/module.py").touch()
    (tmp_path / "real/share").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    return [tmp_path / "env/lib", tmp_path / "link"]


def test_a_course_inside_what_is_shown_is_hidden_by_every_name(
    tmp_path: Path, shown: list[Path]
) -> None:
    course, gradebook = tmp_path / "real/share/course", tmp_path / "env/lib/gradebook.db"
    course.mkdir()
    gradebook.touch()
    (tmp_path / "elsewhere").symlink_to(course)
    private = [str(tmp_path / "elsewhere"), str(gradebook), str(tmp_path / "missing")]
    arguments = mask_arguments(private, shown, owned=True)
    assert arguments[-4:] == [
        "--tmpfs",
        f"{tmp_path}/link/share/course",
        "--remount-ro",
        (f"{tmp_path}/link/share/course"),
    ]
    assert arguments[:3] == ["--ro-bind", "/dev/null", f"{tmp_path}/env/lib/gradebook.db"]


def test_landlock_allows_what_is_beside_the_course(tmp_path: Path, shown: list[Path]) -> None:
    course = tmp_path / "env/lib/course"
    (course / "submitted").mkdir(parents=True)
    (tmp_path / "env/lib/shortcut").symlink_to(course)
    allowed = list(without(shown, hidden_paths([str(course)], shown)))
    assert allowed == [
        tmp_path / "env/lib/module.py",
        tmp_path / "env/lib/python",
        tmp_path / "link",
    ]


def test_a_course_that_python_is_installed_into_is_refused(shown: list[Path]) -> None:
    with pytest.raises(ExposedError, match="and Python needs it as well"):
        hidden_paths([str(shown[0])], shown)


def test_a_folder_of_modules_cannot_be_split(
    monkeypatch: pytest.MonkeyPatch, shown: list[Path]
) -> None:
    monkeypatch.setattr(sys, "path", [str(shown[0])])
    with pytest.raises(ExposedError, match="both Python's modules and private files"):
        list(without(shown, [shown[0].resolve() / "course"]))


def test_an_environment_inside_the_course_needs_no_mask(tmp_path: Path, shown: list[Path]) -> None:
    assert hidden_paths([str(tmp_path)], shown) == []
    assert mask_arguments([str(tmp_path)], shown, owned=True) == []


def test_nbgraders_default_exchange_is_not_shown() -> None:
    shown = [*mounts.usr_folders(), *mounts.python_roots()]
    exchange = Path("/usr/local/share/nbgrader/exchange")
    assert not any(exchange.is_relative_to(path) for path in shown)
    assert not any(
        path in {Path("/usr"), Path(sys.prefix), Path(sys.base_prefix)} for path in shown
    )


READS = (
    "import pathlib, sys\n"
    "for place in sys.argv[1:]:\n"
    "    try:\n"
    "        print([file.read_text() for file in sorted(pathlib.Path(place).rglob('*.txt'))])\n"
    "    except OSError as error:\n"
    "        print('stopped', error)\n"
)


def output_in_sandbox(backend: backends.Backend, places: Sequence[str]) -> str:
    """Return what a program in a sandbox finds in some folders."""
    from nbgrader_isolate.core.limits import Limits
    from nbgrader_isolate.sandbox import identity

    program = [mounts.interpreter(), "-I", "-S", "-c", READS, *places]
    command = backend.kernel_command(program, folder=identity.private_folder(), limits=Limits())
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd="/")
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("name", ["bwrap", "landlock"])
def test_a_course_inside_the_environment_is_neither_listed_nor_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: backends.BackendName
) -> None:
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)  # so that root's sandbox user could read it
    course = tmp_path / "env/share/course"
    course.mkdir(parents=True)
    (course / "alice.txt").write_text(MARK, "utf-8")
    (tmp_path / "env/share/public.txt").write_text("public", "utf-8")
    roots = (*mounts.python_roots(), tmp_path / "env")
    monkeypatch.setattr(mounts, "python_roots", lambda: roots)
    places = [str(course), str(tmp_path / "env/share")]
    try:
        backend = backends.probed(name, (str(course),))
    except backends.NoSandboxError as error:
        pytest.skip(f"no {name} sandbox here: {error}")
    assert backend.attempts[probe.name_of(str(course))]
    assert MARK in output_in_sandbox(backends.Backend(name, {}), places)
    hidden = output_in_sandbox(backend, places)
    assert MARK not in hidden
    assert name == "landlock" or "public" in hidden


@pytest.mark.slow
def test_the_probe_names_what_it_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    course = tmp_path / "env/course"
    course.mkdir(parents=True)
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    roots = (*mounts.python_roots(), tmp_path / "env")
    monkeypatch.setattr(mounts, "python_roots", lambda: roots)
    monkeypatch.setattr("nbgrader_isolate.sandbox.private.hidden_paths", lambda *_: [])
    with pytest.raises(backends.NoSandboxError, match=f"the probe could read '{course}'"):
        backends.probed("bwrap", (str(course),))
