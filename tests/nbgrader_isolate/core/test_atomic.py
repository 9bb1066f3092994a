"""Files are written as a whole or not at all, by one writer."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from nbgrader_isolate.core import atomic
from nbgrader_isolate.core.atomic import default_mode, write_atomically
from nbgrader_isolate.core.errors import GraderError


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


def test_a_pipe_stays_a_pipe_and_gets_the_text(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        atomic.write_output(str(pipe), "a,b\n", "marks")
        assert os.read(reader, 100) == b"a,b\n"
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.lstat().st_mode)


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to("real.csv")
    atomic.write_output(str(tmp_path / "link.csv"), "new", "marks")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text() == "new"


def test_what_is_below_dev_is_opened_and_never_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    def replaced(*_: object) -> None:
        raise AssertionError("a device was replaced")

    monkeypatch.setattr(atomic, "write_atomically", replaced)
    atomic.write_output("/dev/null", "a,b\n", "marks")
    with pytest.raises(GraderError, match="No space left on device"):
        atomic.write_output("/dev/full", "a,b\n", "marks")
