"""What a sandbox may see: the interpreter and the system, and nothing of ours."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from nbgrader_isolate.sandbox import mounts


def test_none_of_our_variables_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "s3")
    monkeypatch.setenv("PYTHONPATH", "/course")
    monkeypatch.setenv("HOME", "/root")
    found = mounts.environment({"OWN": "1"})
    assert found["HOME"] == mounts.HOME
    assert found["OWN"] == "1"
    assert not {"SECRET_TOKEN", "PYTHONPATH"} & found.keys()


def test_the_interpreter_and_its_packages_are_readable_and_the_checkout_is_not() -> None:
    import numpy as np

    import nbgrader_isolate

    paths = mounts.readable()
    for needed in (sys.executable, np.__file__, nbgrader_isolate.__file__):
        assert any(Path(needed).resolve().is_relative_to(path.resolve()) for path in paths), needed
    for secret in (Path(__file__), Path(__file__).parents[3] / "solutions", Path("/etc/passwd")):
        assert not any(secret.is_relative_to(path) for path in paths), secret
    assert Path("/") not in paths


def test_packages_that_are_installed_in_place_are_found_by_their_pth_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "project" / "package").mkdir(parents=True)
    (tmp_path / "project" / "package" / "__init__.py").touch()
    (tmp_path / "project" / "solutions").mkdir()
    (tmp_path / "own.pth").write_text(f"import x\n{tmp_path}/project\nrelative\n{tmp_path}/gone\n")
    monkeypatch.setattr("sysconfig.get_path", lambda _name: str(tmp_path))
    assert mounts.packages_in_place() == [tmp_path / "project" / "package"]


def test_the_list_of_fonts_is_copied_where_there_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path))
    (tmp_path / "kernel").mkdir()
    assert mounts.copy_font_list(tmp_path / "kernel") is None
    (tmp_path / "fontlist-v390.json").write_text("{}")
    copy = mounts.copy_font_list(tmp_path / "kernel")
    assert copy == tmp_path / "kernel" / "fontlist-v390.json"
    assert copy.stat().st_mode & 0o777 == 0o644


@pytest.mark.slow
def test_a_module_of_ours_starts_without_packages_and_without_our_init() -> None:
    command = mounts.light_command("nbgrader_isolate.sandbox.procfs")
    command[-1] = command[-1].replace("import main; main()", "import tree; print(tree(1)[:1])")
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "[1]\n"


def test_the_parents_of_a_path_begin_at_the_top() -> None:
    assert mounts.parents(Path("/a/b/c")) == [Path("/a"), Path("/a/b")]
