"""Files are written as a whole or not at all, by one writer."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nbgrader_isolate.core import atomic
from nbgrader_isolate.core.atomic import default_mode, write_atomically


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


def test_marks_are_for_those_whom_the_users_umask_lets_read(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        atomic.write_output(str(tmp_path / "marks.csv"), "a,b\n", "marks")
    finally:
        os.umask(before)
    assert (tmp_path / "marks.csv").stat().st_mode & 0o777 == 0o600
