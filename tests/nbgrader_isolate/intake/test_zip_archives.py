"""Zip files are read in memory, within limits, and only if their names are safe."""

from __future__ import annotations

import io
import json
import os
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from nbgrader_isolate.intake.safe_files import MAX_FILES
from nbgrader_isolate.intake.submission import TakenFiles, take
from nbgrader_isolate.intake.zip_archives import MAX_TABLE, open_zip
from support.small_course import LIMITS, answered, assignment

pytestmark = pytest.mark.slow


NOTEBOOK = json.dumps(answered({})).encode()
PLAN = assignment()


def zipped(files: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", how) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


@pytest.fixture
def handed_in(tmp_path: Path) -> Callable[[bytes], TakenFiles]:
    """Take a submission that is one zip file; the notice that it was one is left out."""

    def take_it(data: bytes) -> TakenFiles:
        (tmp_path / "Mine.zip").write_bytes(data)
        files, notices = take(tmp_path, PLAN, LIMITS)
        return files, notices[1:] if "taken from the archive Mine.zip" in notices else notices

    return take_it


def test_a_submission_that_is_a_single_zip_file_is_opened(tmp_path: Path) -> None:
    (tmp_path / "Mine.ZIP").write_bytes(zipped({"homework/hw.ipynb": NOTEBOOK}))
    files, notices = take(tmp_path, PLAN, LIMITS)
    assert files == {"hw.ipynb": NOTEBOOK}
    notice = "hw.ipynb was found as homework/hw.ipynb"
    assert notices == ["taken from the archive Mine.ZIP", notice]


def test_a_zip_file_beside_the_notebook_is_left_behind(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"hw.ipynb": b"other"}))
    (tmp_path / "hw.ipynb").write_bytes(NOTEBOOK)
    assert take(tmp_path, PLAN, LIMITS) == ({"hw.ipynb": NOTEBOOK}, ["left behind: a.zip"])


@pytest.mark.parametrize(
    "name", ["../hw.ipynb", "/etc/hw.ipynb", "a/../../hw.ipynb", "C:/hw.ipynb"]
)
def test_names_that_point_outside_the_archive_are_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({name: NOTEBOOK}))
    files, notices = take(tmp_path, PLAN, LIMITS)
    assert files == {}
    assert any("points outside the archive" in note for note in notices)


def test_backslashes_of_windows_packers_are_folders(
    handed_in: Callable[[bytes], TakenFiles],
) -> None:
    data = zipped({"x/hw.ipynb": NOTEBOOK}).replace(b"x/hw.ipynb", b"x\\hw.ipynb")
    taken = handed_in(data)
    assert taken == ({"hw.ipynb": NOTEBOOK}, ["hw.ipynb was found as x/hw.ipynb"])


def test_links_in_archives_are_refused(handed_in: Callable[[bytes], TakenFiles]) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo("hw.ipynb")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    taken = handed_in(buffer.getvalue())
    assert taken == ({}, ["hw.ipynb: is a link or another special file, and is not followed"])


def test_a_zip_bomb_is_refused_without_opening_it(handed_in: Callable[[bytes], TakenFiles]) -> None:
    taken = handed_in(zipped({"hw.ipynb": bytes(15_000_000)}))
    assert taken[0] == {}
    assert "would expand from 14.6 kB to 15.0 MB" in taken[1][0]


def test_an_archive_that_claims_a_wrong_size_yields_no_more_than_the_limit(
    handed_in: Callable[[bytes], TakenFiles],
) -> None:
    data = zipped({"hw.ipynb": NOTEBOOK + b" " * 3000})
    lie = len(NOTEBOOK + b" " * 3000).to_bytes(4, "little")
    assert data.count(lie) == 2, "the size is before the file and in the directory"
    taken = handed_in(data.replace(lie, (100).to_bytes(4, "little")))
    assert taken[0] == {} or len(taken[0]["hw.ipynb"]) <= 100


def test_a_duplicate_name_is_refused(handed_in: Callable[[bytes], TakenFiles]) -> None:
    data = zipped({"hw.ipynb": NOTEBOOK, "hx.ipynb": b"other"}).replace(b"hx.ipynb", b"hw.ipynb")
    taken = handed_in(data)
    assert taken == ({}, ["hw.ipynb: appears twice in the archive"])


def test_a_damaged_file_is_named_and_the_others_are_read(
    handed_in: Callable[[bytes], TakenFiles],
) -> None:
    stored = zipped({"hw.ipynb": NOTEBOOK, "notes.txt": b"mine"}, zipfile.ZIP_STORED)
    files, notices = handed_in(stored.replace(b"Doubles", b"Troubles"[:7], 1))
    assert files == {}
    assert notices[0].startswith("hw.ipynb: is damaged in the archive")
    assert notices[1:] == ["left behind: notes.txt"]


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x05\x06", b"no zip at all" * 50, zipped({"a": b"b"})[:-9]],
    ids=["empty", "end record", "text", "cut"],  # the bytes hold the time: no name of a test
)
def test_a_file_that_is_not_a_zip_file_is_refused_in_one_line(
    handed_in: Callable[[bytes], TakenFiles], data: bytes
) -> None:
    assert handed_in(data) == ({}, ["Mine.zip: is not a zip file, or is damaged"])


def test_names_in_old_encodings_are_read(handed_in: Callable[[bytes], TakenFiles]) -> None:
    odd = zipped({"Noether/hw.ipynb": NOTEBOOK}).replace(b"Noether", "Nöther".encode())
    assert handed_in(odd) == ({"hw.ipynb": NOTEBOOK}, ["hw.ipynb was found as Nöther/hw.ipynb"])


@pytest.mark.parametrize("how", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_unpack_everything_at_once_are_refused(
    handed_in: Callable[[bytes], TakenFiles], how: int
) -> None:
    data = zipped({"hw.ipynb": bytes(1 << 24)}, how)
    small = data.replace((1 << 24).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    notice = "hw.ipynb: uses an unsupported compression method"
    for packed in (data, small):
        files, notices = handed_in(packed)
        assert files == {}
        assert notices[0].startswith(notice)


def test_a_table_of_contents_without_end_is_not_read(
    handed_in: Callable[[bytes], TakenFiles],
) -> None:
    entry = zipped({"x": b""})[31:-22]  # what the table of contents says of one file
    table = entry * (MAX_TABLE // len(entry) + 1)
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 9, 9, len(table), 0, 0)
    assert handed_in(table + end) == (
        {},
        ["Mine.zip: has a table of contents of more than 4.2 MB"],
    )


def test_a_large_file_that_was_stored_is_read() -> None:
    data = os.urandom(MAX_TABLE + 9)
    with open_zip(zipped({"data.bin": data}, zipfile.ZIP_STORED)) as archive:
        (entry,) = archive.entries({})
        assert entry.read(len(data)) == data


def test_a_name_that_is_not_what_it_declares_is_damage_and_not_a_crash(
    handed_in: Callable[[bytes], TakenFiles],
) -> None:
    data = zipped({"h\xe9.ipynb": NOTEBOOK}).replace(b"h\xc3\xa9", b"h\xff\xff", 1)
    files, notices = handed_in(data)
    assert files == {}
    assert "is damaged in the archive" in notices[0]


def test_folders_in_an_archive_have_a_limit(handed_in: Callable[[bytes], TakenFiles]) -> None:
    files, notices = handed_in(zipped({"hw.ipynb": NOTEBOOK, f"{'d/' * 990}x.txt": b"x"}))
    assert files == {"hw.ipynb": NOTEBOOK}
    assert "is more than 32 folders deep" in notices[0]


def test_hidden_files_do_not_count(handed_in: Callable[[bytes], TakenFiles]) -> None:
    hidden = {f".git/{number}": b"" for number in range(10 * MAX_FILES + 1)}
    assert handed_in(zipped({"hw.ipynb": NOTEBOOK, **hidden})) == ({"hw.ipynb": NOTEBOOK}, [])
