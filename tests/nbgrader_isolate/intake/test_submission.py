"""Regular files with expected names are taken, and a notice names everything else."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path

import pytest

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.intake.safe_files import MAX_FILES
from nbgrader_isolate.intake.submission import take
from support.small_course import LIMITS, answered, assignment, code, notebook, plan_of

PLAN = assignment(files={"checking.py": b"ours", "data/a.csv": b"1"})
TWO = assignment(plan_of(), plan_of([code("1", "other", solution=True)], "part2"))
NOTEBOOK = json.dumps(answered({})).encode()


def folder(root: Path, files: dict[str, bytes]) -> Path:
    """Write a submission."""
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    return root


def test_the_expected_notebook_is_taken_without_a_notice(tmp_path: Path) -> None:
    quiet = {"timestamp.txt": b"2026-01-01", ".ipynb_checkpoints/hw-checkpoint.ipynb": b"{}"}
    submitted = folder(tmp_path, {"hw.ipynb": NOTEBOOK, "checking.py": b"theirs", **quiet})
    assert take(submitted, PLAN, LIMITS) == ({"hw.ipynb": NOTEBOOK}, [])


def test_an_empty_or_missing_folder_gives_no_files(tmp_path: Path) -> None:
    assert take(tmp_path, PLAN, LIMITS) == ({}, [])
    files, (note,) = take(tmp_path / "gone", PLAN, LIMITS)
    assert (files, note) == (
        {},
        "the submission's folder cannot be read: No such file or directory",
    )


@pytest.mark.parametrize("student", ["Ada Lovelace", "Ådå", "..x", "\u202egnp", "a'b\"c$(d)"])
def test_odd_student_ids_are_folders_like_others(tmp_path: Path, student: str) -> None:
    submitted = folder(tmp_path / student / "ps1", {"hw.ipynb": NOTEBOOK})
    assert take(submitted, PLAN, LIMITS)[0] == {"hw.ipynb": NOTEBOOK}


def test_extra_files_stay_behind_unless_the_course_allows_them(tmp_path: Path) -> None:
    submitted = folder(tmp_path, {"hw.ipynb": NOTEBOOK, "matplotlib.py": b"x", "my/plot.csv": b"y"})
    files, notices = take(submitted, PLAN, LIMITS)
    assert (list(files), notices) == (["hw.ipynb"], ["left behind: matplotlib.py, my/plot.csv"])
    files, notices = take(submitted, assignment(extra_files=["my/*.csv"]), LIMITS)
    assert files == {"hw.ipynb": NOTEBOOK, "my/plot.csv": b"y"}
    assert notices == ["left behind: matplotlib.py"]


def test_many_files_left_behind_are_one_line(tmp_path: Path) -> None:
    submitted = folder(
        tmp_path, {f"{i:03}\x1b[31m.txt": b"" for i in range(300)} | {"hw.ipynb": NOTEBOOK}
    )
    _, (note,) = take(submitted, PLAN, LIMITS)
    assert note.endswith("and 295 more")
    assert note.isprintable()


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


def test_a_notebook_above_the_limit_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "hw.ipynb").open("wb") as stream:
        stream.truncate(50_000_000)
    files, (note,) = take(tmp_path, PLAN, LIMITS)
    assert (files, note) == ({}, "hw.ipynb: is 50.0 MB; the limit is 16.8 MB")


def test_extra_files_share_one_limit(tmp_path: Path) -> None:
    submitted = folder(tmp_path, {f"{i}.bin": bytes(400_000) for i in range(3)})
    files, notices = take(submitted, assignment(extra_files=["*.bin"]), Limits(disk_mb=2))
    assert list(files) == ["0.bin", "1.bin"]
    assert notices == ["2.bin: is 400.0 kB; the limit is 248.6 kB"]


@pytest.mark.parametrize(
    "name", ["HW.ipynb", "hw (1).ipynb", "Copy of hw.ipynb", "sub/deep/hw.ipynb", "x.IPYNB"]
)
def test_a_renamed_notebook_is_found_when_it_is_the_only_one(tmp_path: Path, name: str) -> None:
    files, notices = take(folder(tmp_path, {name: NOTEBOOK}), PLAN, LIMITS)
    assert (files, notices) == ({"hw.ipynb": NOTEBOOK}, [f"hw.ipynb was found as {name}"])


def test_renamed_notebooks_are_told_apart_by_the_names_of_their_cells(tmp_path: Path) -> None:
    other = json.dumps(notebook([code("1", "other", solution=True)])).encode()
    submitted = folder(tmp_path, {"a.ipynb": other, "b.ipynb": NOTEBOOK, "notes.ipynb": b"{}"})
    files, notices = take(submitted, TWO, LIMITS)
    assert files == {"hw.ipynb": NOTEBOOK, "part2.ipynb": other}
    assert notices == [
        "hw.ipynb was found as b.ipynb",
        "part2.ipynb was found as a.ipynb",
        "left behind: notes.ipynb",
    ]


def test_two_files_that_could_be_the_notebook_are_left_to_a_person(tmp_path: Path) -> None:
    submitted = folder(tmp_path, {"final.ipynb": NOTEBOOK, "final2.ipynb": NOTEBOOK})
    files, notices = take(submitted, PLAN, LIMITS)
    assert files == {}
    expected = "hw.ipynb: missing, and each of these could be it: final.ipynb, final2.ipynb"
    assert notices[0] == expected


def test_a_notebook_too_deep_in_folders_is_not_found(tmp_path: Path) -> None:
    files, notices = take(folder(tmp_path, {"a/b/c/d/e/hw.ipynb": NOTEBOOK}), PLAN, LIMITS)
    assert (files, notices) == ({}, ["a/b/c/d/e/: is more than 4 folders deep"])


def test_names_that_are_not_utf8_are_refused(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"\xff.ipynb")).write_bytes(NOTEBOOK)
    files, (note,) = take(tmp_path, PLAN, LIMITS)
    assert files == {}
    assert "its name is not valid UTF-8" in note
    assert note.isprintable()
