"""Zip archives of an assignment: what pages write, others read; what others make, pages check."""

from __future__ import annotations

import base64
import io
import random
import shutil
import stat
import struct
import zipfile
import zlib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from course.core.paths import ROOT
from nbgrader_isolate.intake.zip_archives import open_zip
from support.in_node import NODE
from support.live_modules import archive, encoded, in_live
from support.nbgrader_course import nbgrader

pytestmark = [pytest.mark.slow, pytest.mark.skipif(NODE is None, reason="needs node")]
WRITE = """({ files, date }) =>
  Buffer.from(zipped(files, new Date(...date))).toString("base64")"""
READ = """async ({ name, data }) => {
  const { files, notes } = await unzipped(name, bytes(data));
  const read = files.map(({ name, bytes }) => [name, Buffer.from(bytes).toString("base64")]);
  return [read, notes];
}"""
FILES = {
    "ravel.ipynb": b'{"cells": []}\n' * 50,
    "why.ipynb": "“warum”, 😀\n".encode(),
    "été.ipynb": b"",
}
DIRECTORY = b"PK\x01\x02"
LOCAL = b"PK\x03\x04"


def written(files: dict[str, bytes], date: tuple[int, ...] = (2026, 10, 28, 15, 4, 6)) -> bytes:
    """Return the archive that a page writes."""
    listed = [{"name": name, "text": data.decode()} for name, data in files.items()]
    (text,) = in_live({"zip.js": ["zipped"]}, WRITE, [{"files": listed, "date": date}])
    return base64.b64decode(text)


def opened(*archives: bytes) -> list[Any]:
    """Return what a page reads from archives: names and bytes, and notes; or an error."""
    cases = [{"name": "all.zip", "data": encoded(data)} for data in archives]
    found = in_live({"zip.js": ["unzipped"]}, READ, cases)
    return [
        one
        if isinstance(one, dict)
        else ({name: base64.b64decode(data) for name, data in one[0]}, one[1])
        for one in found
    ]


def read(*archives: bytes) -> list[Any]:
    """Return the names and bytes that a page reads from archives, or an error."""
    return [one if isinstance(one, dict) else one[0] for one in opened(*archives)]


def refused(data: bytes) -> str:
    """Return why a page does not read an archive."""
    (found,) = read(data)
    error: str = found["error"]
    assert error.startswith("all.zip ")
    assert error.endswith("Nothing was changed.")
    return error


# Writing ------------------------------------------------------------------------------------------


def test_python_reads_what_a_page_writes() -> None:
    with zipfile.ZipFile(io.BytesIO(written(FILES))) as made:
        assert made.testzip() is None
        assert {info.filename: made.read(info) for info in made.infolist()} == FILES
        for info in made.infolist():
            assert info.date_time == (2026, 11, 28, 15, 4, 6)
            assert stat.S_IMODE(info.external_attr >> 16) == 0o644
            assert info.compress_type == zipfile.ZIP_STORED
            assert info.flag_bits == 0x800


def test_the_grader_reads_what_a_page_writes() -> None:
    refusals: dict[str, str] = {}
    with open_zip(written(FILES)) as opened:
        found = {entry.name: entry.read(1 << 20) for entry in opened.entries(refusals)}
    assert found == FILES
    assert refusals == {}


def test_nbgraders_own_collector_takes_what_a_page_writes(tmp_path: Path) -> None:
    assignment = "02-strides"
    shutil.copytree(ROOT / "exercises" / assignment, tmp_path / "exercises" / assignment)
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    notebooks = {
        file.name: file.read_bytes()
        for file in (tmp_path / "exercises" / assignment).glob("*.ipynb")
    }
    downloads = tmp_path / "downloaded" / assignment / "archive"
    downloads.mkdir(parents=True)
    (downloads / "ada.zip").write_bytes(written(notebooks))
    pattern = r".*/(?P<student_id>\w+)/(?P<file_id>[\w-]+)\.ipynb"
    nbgrader(
        tmp_path, "zip_collect", assignment, f"--FileNameCollectorPlugin.named_regexp={pattern}"
    )
    submitted = tmp_path / "submitted" / "ada" / assignment
    assert {file.name: file.read_bytes() for file in submitted.glob("*.ipynb")} == notebooks


def test_an_empty_archive_and_a_clock_before_1980_are_no_trouble() -> None:
    for date in ((1970, 0, 1), (2200, 0, 1)):
        with zipfile.ZipFile(io.BytesIO(written(FILES, date))) as made:
            datetime(*made.infolist()[0].date_time)  # noqa: DTZ001 - a zip knows no time zone
    with zipfile.ZipFile(io.BytesIO(written({}))) as made:
        assert made.namelist() == []


# Reading ------------------------------------------------------------------------------------------


def test_pages_read_what_they_and_other_programs_write() -> None:
    beside = {f"02-strides/{name}": data for name, data in FILES.items()}
    made = [
        written(FILES),
        archive(FILES),
        archive(FILES, zipfile.ZIP_DEFLATED),
        archive(beside, zipfile.ZIP_DEFLATED),
        archive(FILES) + b"",
    ]
    assert read(*made) == [FILES, FILES, FILES, beside, FILES]


def test_only_notebooks_are_taken() -> None:
    others = {"checking.py": b"1", "__MACOSX/._ravel.ipynb": b"2", ".hidden.ipynb": b"3", "d/": b""}
    assert read(archive(FILES | others)) == [FILES]


@pytest.mark.sample(every=2)
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../ravel.ipynb", "points outside the archive"),
        ("a/../../ravel.ipynb", "points outside the archive"),
        ("..\\ravel.ipynb", "points outside the archive"),
        ("/etc/ravel.ipynb", "points outside the archive"),
        ("C:/ravel.ipynb", "points outside the archive"),
    ],
)
def test_names_that_point_outside_are_refused(name: str, said: str) -> None:
    assert said in refused(archive({name: b"{}"}))


def test_links_passwords_and_rare_methods_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        link = zipfile.ZipInfo("ravel.ipynb")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(link, "/etc/passwd")
    assert "is a link or another special file" in refused(out.getvalue())
    plain = archive({"ravel.ipynb": b"{}"})
    place = plain.index(DIRECTORY)
    locked = plain[: place + 8] + struct.pack("<H", 0x801) + plain[place + 10 :]
    assert "is encrypted" in refused(locked)
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        assert "make an ordinary zip archive" in refused(archive(FILES, method))


def test_bombs_do_not_go_off() -> None:
    zeros = b"0" * (17 << 20)
    assert "has 17 MB, and a notebook may have 16 MB" in refused(
        archive({"ravel.ipynb": zeros}, zipfile.ZIP_DEFLATED)
    )
    many = {f"{k}.ipynb": zeros[: 15 << 20] for k in range(5)}
    assert "has 75 MB, and an archive may have 64 MB" in refused(
        archive(many, zipfile.ZIP_DEFLATED)
    )
    assert "more than 1000 files" in refused(archive({f"{k}.ipynb": b"" for k in range(1001)}))


def test_an_archive_that_lies_about_sizes_is_refused() -> None:
    made = archive({"ravel.ipynb": b"0" * 100_000}, zipfile.ZIP_DEFLATED)
    place = made.index(DIRECTORY) + 24
    for size in (10, 99_999, 100_001):
        lying = made[:place] + struct.pack("<I", size) + made[place + 4 :]
        assert "is damaged" in refused(lying)


def test_files_that_share_bytes_are_refused() -> None:
    body = zlib.compress(b"0" * 100_000, wbits=-15)
    made = bytearray(archive({"a.ipynb": b"0" * 100_000}, zipfile.ZIP_DEFLATED))
    place = made.index(DIRECTORY)
    end = made.index(b"PK\x05\x06")
    entry = bytes(made[place:end])
    entries = b"".join(entry.replace(b"a.ipynb", f"{k}.ipynb".encode()) for k in range(9))
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 9, 9, len(entries), place, 0)
    assert len(body) < place
    assert "overlap" in refused(bytes(made[:place]) + entries + tail)


def test_damage_of_any_kind_is_one_sentence() -> None:
    for data in (b"", b"PK", b"no zip at all" * 10, written({})):
        refused(data)
    assert "contains no notebook" in refused(archive({"readme.txt": b"hello"}))


def test_of_two_notebooks_of_one_name_the_last_is_taken_and_the_other_is_named() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("a.ipynb", b"1")
        made.writestr("b.ipynb", b"good")
        with pytest.warns(UserWarning, match="Duplicate"):
            made.writestr("a.ipynb", b"2")
    ((files, (note,)),) = opened(out.getvalue())
    assert files == {"a.ipynb": b"2", "b.ipynb": b"good"}
    assert note == (
        "Not taken: a.ipynb is in the archive twice; the last one was taken, and not the one "
        "before."
    )


def test_a_notebook_that_cannot_be_read_does_not_keep_the_others_back() -> None:
    good = {"good.ipynb": b"good", "also good.ipynb": b"also"}
    (damaged,) = opened(archive(good | {"a.ipynb": b"x" * 99}).replace(b"x" * 99, b"y" * 99))
    assert damaged == (good, ["Not taken: a.ipynb is damaged."])
    (outside,) = opened(archive(good | {"../a.ipynb": b"x"}))
    assert outside == (
        good,
        ["Not taken: ../a.ipynb has a name that points outside the archive."],
    )
    (large,) = opened(archive(good | {"a.ipynb": b"0" * (17 << 20)}, zipfile.ZIP_DEFLATED))
    assert large == (
        good,
        ["Not taken: a.ipynb has 17 MB, and a notebook may have 16 MB."],
    )
    bad = archive({"a.ipynb": b"x" * 99, "../b.ipynb": b""}).replace(b"x" * 99, b"y" * 99)
    said = refused(bad)
    assert said == (
        "all.zip holds no notebook that can be read. Not taken: a.ipynb is damaged. Not taken: "
        "../b.ipynb has a name that points outside the archive. Nothing was changed."
    )


def test_what_is_no_notebook_may_be_damaged_or_encrypted() -> None:
    whole = archive({"notes.txt": b"x" * 99} | FILES)
    assert read(whole.replace(b"x" * 99, b"y" * 99)) == [FILES]


def test_no_damaged_archive_gives_other_bytes_than_it_held() -> None:
    random_ = random.Random(7)  # noqa: S311 - the same damage each time
    whole = archive(FILES, zipfile.ZIP_DEFLATED)
    damaged = []
    for _ in range(400):
        data = bytearray(whole)
        for _ in range(random_.randint(1, 4)):
            data[random_.randrange(len(data))] = random_.randrange(256)
        damaged.append(bytes(data[: random_.choice([len(data), random_.randrange(len(data))])]))
    for found in read(*damaged):
        if "error" in found:
            assert found["error"].endswith("Nothing was changed.")
        else:
            assert set(found.values()) <= set(FILES.values())
