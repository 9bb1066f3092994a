"""What students use works on Windows and macOS: paths, line ends, modules that only Unix has."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path, PureWindowsPath
from types import SimpleNamespace

import pytest

from course.bootstrap import environment, installer
from course.core.paths import ROOT, Folders

SOURCES = sorted([*(ROOT / "course").rglob("*.py"), *(ROOT / "stridescope/src").rglob("*.py")])
UNIX = {"crypt", "fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}
CHECKOUT = PureWindowsPath(r"C:\Users\Ada Lovelace\course")
WINDOWS = SimpleNamespace(name="nt", devnull="nul", path=PureWindowsPath)


def imported_at_the_top(tree: ast.Module) -> set[str]:
    """Return the modules that an import of this one brings along."""
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add(str(node.module).partition(".")[0])
    return names


@pytest.mark.slow
def test_no_module_needs_what_only_unix_has() -> None:
    for file in SOURCES:
        found = imported_at_the_top(ast.parse(file.read_text("utf-8"))) & UNIX
        assert not found, (file, found)


def shown_with_backslashes(tree: ast.Module) -> list[int]:
    """Return the lines in which a relative path becomes a text as the system writes it."""

    def is_relative(node: ast.AST) -> bool:
        called = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        return called and node.func.attr == "relative_to"  # type: ignore[attr-defined]

    lines = []
    for node in ast.walk(tree):
        texts = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "str"
        parts = node.args if texts else [node.value] if isinstance(node, ast.FormattedValue) else []  # type: ignore[attr-defined]
        lines += [part.lineno for part in parts if is_relative(part)]
    return lines


@pytest.mark.slow
def test_relative_paths_are_written_with_slashes() -> None:
    """They are keys of caches, names in archives and addresses in pages."""
    for file in SOURCES:
        if "lint" not in file.parts:  # messages for developers
            assert shown_with_backslashes(ast.parse(file.read_text("utf-8"))) == [], file


@pytest.mark.parametrize("source", ["str(a.relative_to(b))", "f'{a.relative_to(b)}'"])
def test_a_path_as_the_system_writes_it_is_noticed(source: str) -> None:
    assert shown_with_backslashes(ast.parse(source)) == [1]
    assert shown_with_backslashes(ast.parse(source.replace("(b)", "(b).as_posix()"))) == []


def test_messages_name_files_with_slashes_on_windows_too() -> None:
    folders = Folders(CHECKOUT)  # type: ignore[arg-type]
    file = CHECKOUT / "work" / "exercises" / "ravel.ipynb"
    assert folders.relative(file) == "work/exercises/ravel.ipynb"  # type: ignore[arg-type]


def test_python_is_found_where_windows_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "os", WINDOWS)
    monkeypatch.setattr(environment, "VENV", CHECKOUT / ".venv")
    assert str(environment.venv_python()).endswith(r"course\.venv\Scripts\python.exe")


def test_the_settings_of_uv_are_found_where_windows_has_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(installer, "os", WINDOWS)
    variables = {"APPDATA": "/roaming", "PROGRAMDATA": "/all"}
    assert installer.uv_files(variables) == [Path("/all/uv/uv.toml"), Path("/roaming/uv/uv.toml")]


@pytest.mark.slow
def test_a_checkout_has_the_same_bytes_on_every_system() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--eol"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    for line in listed.splitlines():
        index, _, attributes, name = line.split(maxsplit=3)
        text = index not in ("i/-text", "i/none") and not name.startswith("vendor/pyodide")
        assert not text or index == "i/lf" or "-text" in attributes, line
        assert not text or "-text" in attributes or "eol=lf" in line, line
