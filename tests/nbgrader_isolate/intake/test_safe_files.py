"""Only regular files are read, within limits, and never through a link."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path

import pytest

from nbgrader_isolate.intake.safe_files import MAX_FILES
from nbgrader_isolate.intake.submission import take
from support.small_course import LIMITS, answered, assignment, folder

PLAN = assignment(files={"checking.py": b"ours", "data/a.csv": b"1"})
NOTEBOOK = json.dumps(answered({})).encode()


@pytest.mark.slow
def test_a_folder_with_too_many_files_is_not_read_completely(tmp_path: Path) -> None:
    for i in range(MAX_FILES + 50):
        (tmp_path / f"{i}.txt").touch()
    _, notices = take(tmp_path, PLAN, LIMITS)
    assert f"(more): only the first {MAX_FILES} files are read" in notices


def test_no_link_is_followed(tmp_path: Path) -> None:
    secret = folder(tmp_path / "secret", {"hw.ipynb": NOTEBOOK})
    submitted = tmp_path / "given"
    submitted.mkdir()
    (submitted / "hw.ipynb").symlink_to(secret / "hw.ipynb")
    files, notices = take(submitted, PLAN, LIMITS)
    assert (files, notices) == ({}, ["hw.ipynb: is a link, and links are not followed"])


def test_no_linked_folder_is_entered(tmp_path: Path) -> None:
    secret = folder(tmp_path / "secret", {"hw.ipynb": NOTEBOOK})
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "sub").symlink_to(secret)
    files, notices = take(tmp_path / "given", PLAN, LIMITS)
    assert (files, notices) == ({}, ["sub: is a link, and links are not followed"])
    (tmp_path / "student").symlink_to(secret)
    files, notices = take(tmp_path / "student", PLAN, LIMITS)
    assert files == {}
    assert "links are not followed" in notices[0]


def test_a_file_that_becomes_a_link_after_the_check_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = folder(tmp_path / "secret", {"hw.ipynb": NOTEBOOK})
    submitted = tmp_path / "given"
    submitted.mkdir()
    (submitted / "hw.ipynb").symlink_to(secret / "hw.ipynb")
    monkeypatch.setattr("pathlib.Path.is_symlink", lambda _: False)
    monkeypatch.setattr(
        "nbgrader_isolate.intake.safe_files.os.scandir", lambda _: Looks(["hw.ipynb"])
    )
    files, notices = take(submitted, PLAN, LIMITS)
    assert files == {}
    assert notices == ["hw.ipynb: is a link or is behind one, and links are not followed"]


class Looks:
    """A directory that says of everything that it is a regular file."""

    def __init__(self, names: list[str]) -> None:
        self.names = names

    def __enter__(self) -> list[Look]:
        return [Look(name) for name in self.names]

    def __exit__(self, *_: object) -> None:
        pass


class Look:
    def __init__(self, name: str) -> None:
        self.name = name

    def is_symlink(self) -> bool:
        return False

    def is_dir(self, *, follow_symlinks: bool) -> bool:
        return follow_symlinks

    def is_file(self, *, follow_symlinks: bool) -> bool:
        return not follow_symlinks


def test_pipes_sockets_and_folders_instead_of_a_notebook_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "hw.ipynb")
    assert take(tmp_path, PLAN, LIMITS) == ({}, ["hw.ipynb: is not a regular file"])
    (tmp_path / "hw.ipynb").unlink()
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(tmp_path / "hw.ipynb"))
        assert take(tmp_path, PLAN, LIMITS) == ({}, ["hw.ipynb: is not a regular file"])
    (tmp_path / "hw.ipynb").unlink()
    (tmp_path / "hw.ipynb").mkdir()
    assert take(tmp_path, PLAN, LIMITS) == ({}, [])


def test_a_notebook_too_deep_in_folders_is_not_found(tmp_path: Path) -> None:
    files, notices = take(folder(tmp_path, {"a/b/c/d/e/hw.ipynb": NOTEBOOK}), PLAN, LIMITS)
    assert (files, notices) == ({}, ["a/b/c/d/e/: is more than 4 folders deep"])


def test_names_that_are_not_utf8_are_refused(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"\xff.ipynb")).write_bytes(NOTEBOOK)
    files, (note,) = take(tmp_path, PLAN, LIMITS)
    assert files == {}
    assert "its name is not valid UTF-8" in note
    assert note.isprintable()
