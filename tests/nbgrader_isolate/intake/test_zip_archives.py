"""Zip files of students and of learning platforms are read in memory, within limits, by safe names
only."""

from __future__ import annotations

import io
import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from nbgrader_isolate.intake.submission import Taken, take
from support.small_course import LIMITS, answered, assignment

pytestmark = pytest.mark.slow


NOTEBOOK = json.dumps(answered({})).encode()
PLAN = assignment()


def zipped(files: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


@pytest.fixture
def handed_in(tmp_path: Path) -> Callable[[bytes], Taken]:
    """Take a submission that is one zip file; that it was one is told first, where it could be
    opened."""

    def take_it(data: bytes) -> Taken:
        (tmp_path / "Mine.zip").write_bytes(data)
        files, notes = take(tmp_path, PLAN, LIMITS)
        return files, notes[1:] if "taken from the archive Mine.zip" in notes else notes

    return take_it


def test_a_submission_that_is_one_zip_file_is_opened(tmp_path: Path) -> None:
    (tmp_path / "Mine.ZIP").write_bytes(zipped({"homework/hw.ipynb": NOTEBOOK}))
    files, notes = take(tmp_path, PLAN, LIMITS)
    assert files == {"hw.ipynb": NOTEBOOK}
    found = "hw.ipynb was found as homework/hw.ipynb"
    assert notes == ["taken from the archive Mine.ZIP", found]


def test_a_zip_file_beside_the_notebook_is_left_behind(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"hw.ipynb": b"other"}))
    (tmp_path / "hw.ipynb").write_bytes(NOTEBOOK)
    assert take(tmp_path, PLAN, LIMITS) == ({"hw.ipynb": NOTEBOOK}, ["left behind: a.zip"])


@pytest.mark.parametrize(
    "name", ["../hw.ipynb", "/etc/hw.ipynb", "a/../../hw.ipynb", "C:/hw.ipynb"]
)
def test_names_that_lead_out_of_the_archive_are_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({name: NOTEBOOK}))
    files, notes = take(tmp_path, PLAN, LIMITS)
    assert files == {}
    assert any("leads out of the archive" in note for note in notes)


def test_backslashes_of_windows_packers_are_folders(handed_in: Callable[[bytes], Taken]) -> None:
    data = zipped({"x/hw.ipynb": NOTEBOOK}).replace(b"x/hw.ipynb", b"x\\hw.ipynb")
    taken = handed_in(data)
    assert taken == ({"hw.ipynb": NOTEBOOK}, ["hw.ipynb was found as x/hw.ipynb"])


def test_links_in_archives_are_refused(handed_in: Callable[[bytes], Taken]) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        link = zipfile.ZipInfo("hw.ipynb")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    taken = handed_in(made.getvalue())
    assert taken == ({}, ["hw.ipynb: is a link or no regular file, and is not followed"])


def test_a_bomb_is_refused_unopened(handed_in: Callable[[bytes], Taken]) -> None:
    taken = handed_in(zipped({"hw.ipynb": bytes(15_000_000)}))
    assert taken[0] == {}
    assert "would unpack from 14.6 kB to 15.0 MB" in taken[1][0]


def test_an_archive_that_lies_about_a_size_gives_no_more_than_the_limit(
    handed_in: Callable[[bytes], Taken],
) -> None:
    data = zipped({"hw.ipynb": NOTEBOOK + b" " * 3000})
    lie = len(NOTEBOOK + b" " * 3000).to_bytes(4, "little")
    assert data.count(lie) == 2, "the size stands before the file and in the directory"
    taken = handed_in(data.replace(lie, (100).to_bytes(4, "little")))
    assert taken[0] == {} or len(taken[0]["hw.ipynb"]) <= 100


def test_one_name_twice_is_refused(handed_in: Callable[[bytes], Taken]) -> None:
    data = zipped({"hw.ipynb": NOTEBOOK, "hx.ipynb": b"other"}).replace(b"hx.ipynb", b"hw.ipynb")
    taken = handed_in(data)
    assert taken == ({}, ["hw.ipynb: stands there twice"])


def test_a_damaged_file_is_named_and_the_others_are_read(
    handed_in: Callable[[bytes], Taken],
) -> None:
    stored = zipped({"hw.ipynb": NOTEBOOK, "notes.txt": b"mine"}, zipfile.ZIP_STORED)
    files, notes = handed_in(stored.replace(b"Doubles", b"Troubles"[:7], 1))
    assert files == {}
    assert notes[0].startswith("hw.ipynb: is damaged in the archive")
    assert notes[1:] == ["left behind: notes.txt"]


@pytest.mark.parametrize(
    "data", [b"", b"PK\x05\x06", b"no zip at all" * 50, zipped({"a": b"b"})[:-9]]
)
def test_what_is_no_zip_file_is_told_in_one_line(
    handed_in: Callable[[bytes], Taken], data: bytes
) -> None:
    assert handed_in(data) == ({}, ["Mine.zip: is no zip file, or a damaged one"])


def test_names_in_old_encodings_are_read(handed_in: Callable[[bytes], Taken]) -> None:
    odd = zipped({"Noether/hw.ipynb": NOTEBOOK}).replace(b"Noether", "Nöther".encode())
    assert handed_in(odd) == ({"hw.ipynb": NOTEBOOK}, ["hw.ipynb was found as Nöther/hw.ipynb"])
