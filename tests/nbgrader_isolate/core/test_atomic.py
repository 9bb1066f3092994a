"""Files are written as a whole or not at all, by one writer."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest

import nbgrader_isolate
from nbgrader_isolate.core.atomic import default_mode, write_atomically
from nbgrader_isolate.gradebook.results import ResultStore, failure_row

PACKAGE = Path(nbgrader_isolate.__file__).parent
SHARED = {"METADATA", "STATE", "UNTOUCHED"}


def test_a_write_that_fails_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_atomically(tmp_path / "a", b"old", 0o600)

    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="no space"):
        write_atomically(file, b"new", 0o600)
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert file.read_bytes() == b"old"


def test_the_default_mode_is_that_of_the_user_s_umask() -> None:
    before = os.umask(0o027)
    try:
        assert default_mode() == 0o640
    finally:
        os.umask(before)


def test_results_are_written_by_it_and_replace_those_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = ResultStore(tmp_path, "ps1")
    store.save("ada", [failure_row("ada", "its worker died")])

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            store.save("ada", [])
    assert store.load("ada") == [failure_row("ada", "its worker died")]
    store.save("ada", [])
    assert (store.load("ada"), list(store.all())) == ([], [])


@pytest.mark.slow
def test_names_that_rooms_share_are_bound_once() -> None:
    bound = [
        target.id
        for file in PACKAGE.rglob("*.py")
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id in SHARED
    ]
    assert sorted(bound) == sorted(SHARED)
