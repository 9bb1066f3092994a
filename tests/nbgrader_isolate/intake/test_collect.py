"""Collecting a download gives each student their own files, and overwrites nothing unasked."""

from __future__ import annotations

import json
import os
import stat
import zipfile
import zlib
from pathlib import Path

import pytest

from nbgrader_isolate.core.errors import GraderError
from nbgrader_isolate.gradebook.course import Course
from nbgrader_isolate.gradebook.results import ResultStore
from nbgrader_isolate.gradebook.roster import Roster, Student
from nbgrader_isolate.intake.collect import ANOTHER_NUMBER, Collected, Collection, open_download
from support.downloads import zipped
from support.graded_course import A
from support.small_course import CELLS, answered, notebook

pytestmark = pytest.mark.slow

NOTEBOOK = b'{"cells": []}'
MOODLE = "{}_assignsubmission_file_/{}"


def raw(path: Path, *infos: tuple[zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for info, data in infos:
            archive.writestr(info, data)
    return path


@pytest.fixture
def course_dir(tmp_path: Path) -> Path:
    """A course with one assignment, and nothing handed in."""
    (tmp_path / "course" / "source" / A).mkdir(parents=True)
    return tmp_path / "course"


def collect(
    course_dir: Path,
    download: Path,
    *people: Student,
    force: bool = False,
    new: bool = False,
    inside: str = "",
) -> Collected:
    """Collect a download into a course."""
    collection = Collection(Course(course_dir), A, Roster(people), force=force, new=new)
    with open_download(download, collection.collected.skipped) as entries:
        collection.collect(entries, {download.stem, A}, None, inside)
    return collection.collected


def submitted(course_dir: Path) -> dict[str, bytes]:
    """Return all files below `submitted/`."""
    root = course_dir / "submitted"
    return {
        str(p.relative_to(root)): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()
    }


ADA = Student("ada", "Ada", "Lovelace", "ada@example.org", "1234")
BOB = Student("bob", "Robert", "Tables")

LAYOUTS = {
    "Moodle, a folder each": {MOODLE.format("Ada Lovelace_77", "hw.ipynb"): NOTEBOOK},
    "Moodle, flat": {"Ada Lovelace_77_assignsubmission_file_hw.ipynb": NOTEBOOK},
    "Moodle, in a folder": {f"given (1)/{MOODLE.format('Ada Lovelace_77', 'hw.ipynb')}": NOTEBOOK},
    "Canvas": {"lovelaceada_LATE_1234_5678_hw-2.ipynb": NOTEBOOK},
    "Canvas, by the number": {"countess_1234_5678_hw.ipynb": NOTEBOOK},
    "a folder each": {"ada/hw.ipynb": NOTEBOOK},
    "a folder each, by name": {"Lovelace, Ada/hw.ipynb": NOTEBOOK},
    "as nbgrader has it": {"ada/lab1/hw.ipynb": NOTEBOOK, "ada/lab0/hw.ipynb": b"other"},
    "in two folders round all": {"given/lab1 (1)/ada/hw.ipynb": NOTEBOOK},
    "in a folder with strangers": {
        "lab1/ada/hw.ipynb": NOTEBOOK,
        "lab1/stranger/hw.ipynb": b"b",
        "lab1/bob/hw.ipynb": b"b",
    },
    "in a folder round all": {"submitted/ada/hw.ipynb": NOTEBOOK, "submitted/bob/hw.ipynb": b"b"},
}


@pytest.mark.parametrize("files", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("packed", [True, False], ids=["zip", "folder"])
def test_each_usual_download_is_read(
    course_dir: Path,
    files: dict[str, bytes],
    packed: bool,  # noqa: FBT001
) -> None:
    download = course_dir.parent / "given"
    if packed:
        download = zipped(download.with_suffix(".zip"), files)
    else:
        for name, data in files.items():
            (download / name).parent.mkdir(parents=True, exist_ok=True)
            (download / name).write_bytes(data)
    done = collect(course_dir, download, ADA, BOB)
    unknown = {
        "ada/lab0/hw.ipynb": "its path does not name a student",
        "stranger": "no student of this course has that name",
    }
    assert done.skipped.items() <= unknown.items()
    assert submitted(course_dir)["ada/lab1/hw.ipynb"] == NOTEBOOK


def test_archives_of_students_stay_packed_and_single_files_are_collected(course_dir: Path) -> None:
    files = {"ada.zip": b"PK", "bob.ipynb": NOTEBOOK, "readme.txt": b"x"}
    done = collect(course_dir, zipped(course_dir.parent / "all.zip", files), ADA, BOB)
    assert submitted(course_dir) == {"ada/lab1/ada.zip": b"PK", "bob/lab1/bob.ipynb": NOTEBOOK}
    assert done.skipped == {"readme.txt": "its path does not name a student"}


def test_collecting_again_changes_nothing_and_differences_need_force(course_dir: Path) -> None:
    download = course_dir.parent / "all.zip"
    assert collect(course_dir, zipped(download, {"ada/hw.ipynb": b"1"}), ADA).new == ["ada"]
    (course_dir / "submitted/ada/lab1/timestamp.txt").write_text("2026-11-20 10:00:00 UTC")
    assert collect(course_dir, download, ADA).unchanged == ["ada"]
    zipped(download, {"ada/hw.ipynb": b"2"})
    assert (
        "already exists and differs; --force" in collect(course_dir, download, ADA).skipped["ada"]
    )
    assert submitted(course_dir)["ada/lab1/hw.ipynb"] == b"1"
    assert not ResultStore(course_dir / ".autograder", A).regrade_requested("ada")
    assert collect(course_dir, download, ADA, force=True).replaced == ["ada"]
    assert submitted(course_dir) == {"ada/lab1/hw.ipynb": b"2"}
    assert ResultStore(course_dir / ".autograder", A).regrade_requested("ada")


def test_unknown_students_are_listed_and_accepted_by_name_with_new(course_dir: Path) -> None:
    names = ("Ada Lovelace_7", "Grace Hopper_8", "Grace Hopper_9", "Emmy Nöther_10")
    download = zipped(
        course_dir.parent / "all.zip", {MOODLE.format(name, "hw.ipynb"): NOTEBOOK for name in names}
    )
    done = collect(course_dir, download, ADA)
    assert done.matched == {"Ada Lovelace_7": "ada"}
    assert list(done.skipped) == list(names[1:])
    done = collect(course_dir, download, ADA, new=True)
    assert done.skipped == {}
    assert done.new == ["Grace Hopper_8", "Grace Hopper_9", "Emmy Nöther"]


def test_the_copy_with_answers_is_collected_and_not_the_untouched_notebook(
    course_dir: Path,
) -> None:
    untouched, first = json.dumps(notebook(CELLS)).encode(), answered({"double": "1"})
    second = answered({"area": "2"})
    (course_dir / "release" / A).mkdir(parents=True)
    (course_dir / "release" / A / "hw.ipynb").write_bytes(untouched)
    answers = [json.dumps(content).encode() for content in (first, second)]
    files = {
        "ada/hw.ipynb": untouched,
        "ada/hw (1).ipynb": answers[0],
        "bob/hw.ipynb": untouched,
        "bob/hw (1).ipynb": answers[0],
        "bob/hw (2).ipynb": answers[1],
    }
    download = zipped(course_dir.parent / "all.zip", files)
    done = collect(course_dir, download, ADA, BOB)
    assert submitted(course_dir) == {"ada/lab1/hw.ipynb": answers[0]}
    assert done.copies == {"ada": "hw (1).ipynb became hw.ipynb"}
    assert "the answers could be in any of 2 copies" in done.skipped["bob"]
    assert collect(course_dir, download, ADA, BOB).unchanged == ["ada"]


def test_a_student_matched_twice_is_skipped(course_dir: Path) -> None:
    files = {MOODLE.format(name, "hw.ipynb"): name.encode() for name in ("ada_1", "Ada Lovelace_2")}
    done = collect(course_dir, zipped(course_dir.parent / "all.zip", files), ADA)
    assert submitted(course_dir) == {}
    assert set(done.skipped.values()) == {"two names in the download match the student ada"}


def test_a_student_cannot_submit_as_another_or_forge_the_time(course_dir: Path) -> None:
    files = {
        MOODLE.format("Ada Lovelace_1", MOODLE.format("bob_2", "hw.ipynb")): b"a",
        "Ada Lovelace_1_assignsubmission_file_bob_2_assignsubmission_file_hw.ipynb": b"b",
        MOODLE.format("Ada Lovelace_1", "timestamp.txt"): b"2001-01-01 00:00:00 UTC",
        MOODLE.format("Ada Lovelace_1", "submission_secret.txt"): b"s",
    }
    done = collect(course_dir, zipped(course_dir.parent / "all.zip", files), ADA, BOB)
    assert {name.split("/")[0] for name in submitted(course_dir)} == {"ada"}
    assert not (course_dir / "submitted/ada/lab1/timestamp.txt").exists()
    assert sum("nbgrader records in it when" in why for why in done.skipped.values()) == 2


def linked(name: str) -> tuple[zipfile.ZipInfo, bytes]:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info, b"/etc/passwd"


def encrypted(path: Path) -> Path:
    data = bytearray(zipped(path, {"ada/hw.ipynb": NOTEBOOK}, zipfile.ZIP_STORED).read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    path.write_bytes(data)
    return path


def overlapping(path: Path) -> Path:
    """Write an archive whose directory names one file's bytes a hundred times."""
    zipped(path, {"ada/0.txt": os.urandom(9000)}, zipfile.ZIP_STORED)
    data = path.read_bytes()
    start = data.index(b"PK\x01\x02")
    entry, end = (
        data[start : data.index(b"PK\x05\x06")],
        bytearray(data[data.index(b"PK\x05\x06") :]),
    )
    many = b"".join(entry.replace(b"0.txt", b"%d.txt" % (i % 10)) for i in range(100))
    end[8:12] = (100).to_bytes(2, "little") * 2
    end[12:16] = len(many).to_bytes(4, "little")
    path.write_bytes(data[:start] + many + bytes(end))
    return path


ATTACKS = {
    "absolute": lambda p: zipped(p, {"/ada/hw.ipynb": NOTEBOOK}),
    "dots": lambda p: zipped(p, {"ada/../../../hw.ipynb": NOTEBOOK}),
    "dots as the student": lambda p: zipped(p, {"../hw.ipynb": NOTEBOOK}),
    "a drive": lambda p: zipped(p, {"C:/ada/hw.ipynb": NOTEBOOK}),
    "backslashes": lambda p: raw(p, (zipfile.ZipInfo("ada\\..\\..\\hw.ipynb"), NOTEBOOK)),
    "a link": lambda p: raw(p, linked("ada/hw.ipynb")),
    "a link as the student": lambda p: raw(p, linked("ada"), (zipfile.ZipInfo("ada/x"), b"x")),
    "a bomb": lambda p: zipped(p, {"ada/hw.ipynb": bytes(15_000_000)}),
    "encrypted": encrypted,
    "case twins": lambda p: zipped(p, {"ada/hw.ipynb": b"1", "ada/HW.ipynb": b"2"}),
    "a file and a folder": lambda p: zipped(p, {"ada/x": b"1", "ada/x/hw.ipynb": b"2"}),
    "a long name": lambda p: zipped(p, {f"ada/{'x' * 300}.ipynb": b"1"}),
    "a line end": lambda p: zipped(p, {"ada/h\nw.ipynb": b"1"}),
    "bytes named a hundred times": overlapping,
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_a_hostile_archive_writes_nothing_and_costs_nobody_else(course_dir: Path, attack) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    """Bob's file is added to each attack's archive, if files can be added to it."""
    download = attack(course_dir.parent / "all.zip")
    if attack not in (encrypted, overlapping):
        with zipfile.ZipFile(download, "a") as archive:
            archive.writestr("bob/hw.ipynb", NOTEBOOK)
    before = {p for p in course_dir.parent.rglob("*") if "submitted" not in p.parts}
    done = collect(course_dir, download, ADA, BOB)
    state = {course_dir / ".autograder"}
    assert {p for p in course_dir.parent.rglob("*") if "submitted" not in p.parts} - state == before
    written = submitted(course_dir)
    assert all(name.startswith(("bob/lab1/", "ada/lab1/x", "ada/lab1/9.txt")) for name in written)
    assert not [p for p in course_dir.rglob("*") if p.is_symlink() or p.name.startswith(".")]
    assert done.skipped
    if attack not in (encrypted, overlapping):
        assert written["bob/lab1/hw.ipynb"] == NOTEBOOK


def test_many_small_bombs_stop_at_the_limit_of_a_submission(course_dir: Path) -> None:
    (course_dir / "nbgrader_config.py").write_text("c = get_config()\nc.Limits.disk_mb = 1\n")
    files = {f"ada/{i}.bin": os.urandom(300_000) for i in range(8)}
    done = collect(course_dir, zipped(course_dir.parent / "all.zip", files), ADA)
    assert sum(map(len, submitted(course_dir).values())) <= 1 << 20
    assert len(done.skipped) == 5
    assert zlib.crc32(submitted(course_dir)["ada/lab1/0.bin"]) == zlib.crc32(files["ada/0.bin"])


def test_links_in_a_folder_are_not_followed(course_dir: Path) -> None:
    download = course_dir.parent / "given"
    (download / "ada").mkdir(parents=True)
    (download / "ada" / "hw.ipynb").symlink_to("/etc/passwd")
    (download / "bob").symlink_to(download / "ada")
    os.mkfifo(download / "ada" / "pipe")
    done = collect(course_dir, download, ADA, BOB)
    assert submitted(course_dir) == {}
    assert set(done.skipped) == {"ada/hw.ipynb", "ada/pipe", "bob"}


@pytest.mark.parametrize("data", [b"", b"no zip at all", b"PK\x05\x06"])
def test_a_file_that_is_not_a_download_is_refused_in_one_line(
    course_dir: Path, data: bytes
) -> None:
    download = course_dir.parent / "all.zip"
    download.write_bytes(data)
    with pytest.raises(
        GraderError, match=r"is not a zip file, or is damaged; give the platform's zip"
    ):
        collect(course_dir, download)


def test_a_folder_round_folders_of_strangers_is_not_guessed(course_dir: Path) -> None:
    files = {f"Homework 1/{name}/hw.ipynb": NOTEBOOK for name in ("eve", "mallory")}
    download = zipped(course_dir.parent / "week 9.zip", files)
    for new in (True, False):
        with pytest.raises(GraderError, match="with this in it:\n  Homework 1/eve/\n"):
            collect(course_dir, download, ADA, new=new)
    assert submitted(course_dir) == {}


def test_the_folder_that_is_the_classs_can_be_said(course_dir: Path) -> None:
    files = {f"a/class/{name}/{A}/hw.ipynb": NOTEBOOK for name in ("eve", "mallory")}
    download = zipped(course_dir.parent / "x.zip", {**files, "a/README.txt": b""})
    with pytest.raises(GraderError, match="add --inside 'a'"):
        collect(course_dir, download, ADA, new=True)
    with pytest.raises(GraderError, match="add --inside 'a'"):
        collect(course_dir, zipped(download, files), ADA, new=True)
    done = collect(course_dir, zipped(download, files), ADA, new=True, inside="a/class")
    assert sorted(done.new) == ["eve", "mallory"]
    assert done.places == {name: f"{name}/" for name in done.new}


def test_what_is_outside_the_folder_of_the_class_is_named(course_dir: Path) -> None:
    files = {"mine/ada/hw.ipynb": NOTEBOOK, "other/bob/hw.ipynb": NOTEBOOK}
    download = zipped(course_dir.parent / "x.zip", files)
    done = collect(course_dir, download, ADA, BOB, inside="mine/")
    assert (done.new, done.skipped) == (["ada"], {"other/bob/hw.ipynb": "is not in mine/"})
    with pytest.raises(GraderError, match="no folder min/ with files in it"):
        collect(course_dir, download, ADA, inside="min")


def test_a_student_of_the_course_may_hand_in_several_folders(course_dir: Path) -> None:
    files = {"ada/data/a.csv": b"1", "ada/figures/b.png": b"2", "ada/hw.ipynb": NOTEBOOK}
    done = collect(course_dir, zipped(course_dir.parent / "x.zip", files), ADA)
    assert done.new == ["ada"]
    assert len(submitted(course_dir)) == 3


CY = Student("cy")
FORGED = b"""---
{}:
  :submitters:
  - :name: cy
    :sid: cy
  :created_at: 2020-01-01 00:00:00 Z
junk:
  :submitters:
  - :name: bob
"""
FOLDERS = {
    "plain": "{}",
    "Moodle": "{}_7_assignsubmission_file_",
    "GitHub Classroom": "lab1-{}",
    "Brightspace": "1-2 - {} - Nov 20, 2026 1200 PM",
}


@pytest.mark.parametrize("folder", FOLDERS.values(), ids=FOLDERS)
@pytest.mark.parametrize("around", ["", "all/"])
def test_a_students_own_table_says_nothing_about_others(
    course_dir: Path, folder: str, around: str
) -> None:
    work = {name: f"{around}{folder.format(name)}" for name in ("ada", "bob", "cy")}
    files = {f"{place}/hw.ipynb": name.encode() for name, place in work.items()}
    bobs = work["bob"].removeprefix(around).encode()
    files[f"{work['cy']}/submission_metadata.yml"] = FORGED.replace(b"{}", bobs)
    files[f"{work['cy']}/junk/hw.ipynb"] = b"junk"
    done = collect(course_dir, zipped(course_dir.parent / "all.zip", files), ADA, BOB, CY)
    assert not done.timed or folder == FOLDERS["Brightspace"]
    found = submitted(course_dir)
    assert {f"{name}/lab1/hw.ipynb": name.encode() for name in work}.items() <= found.items()


def test_a_table_beside_one_students_files_is_not_gradescopes(course_dir: Path) -> None:
    files = {
        "cy/submission_1/hw.ipynb": NOTEBOOK,
        "cy/submission_metadata.yml": FORGED.replace(b"{}", b"submission_1").replace(b"cy", b"bob"),
    }
    done = collect(course_dir, zipped(course_dir.parent / "all.zip", files), BOB, CY)
    assert done.new == ["cy"]


def test_notebooks_whose_names_end_in_numbers_are_not_attempts_of_one(course_dir: Path) -> None:
    files = {
        "lovelaceada_1234_1_part-1.ipynb": b"1",
        "lovelaceada_1234_2_part-2.ipynb": b"2",
        "tablesrobert_7_3_part-1.ipynb": b"3",
        "tablesrobert_7_4_part-2-1.ipynb": b"4",
    }
    for name in ("part-1.ipynb", "part-2.ipynb"):
        (course_dir / "source" / A / name).touch()
    done = collect(course_dir, zipped(course_dir.parent / "all.zip", files), ADA, BOB)
    assert not done.older
    assert submitted(course_dir) == {
        "ada/lab1/part-1.ipynb": b"1",
        "ada/lab1/part-2.ipynb": b"2",
        "bob/lab1/part-1.ipynb": b"3",
        "bob/lab1/part-2.ipynb": b"4",
    }


def test_numbers_of_one_student_stay_where_the_course_has_no_such_file(course_dir: Path) -> None:
    files = {
        "lovelaceada_1234_1_day-1.csv": b"1",
        "lovelaceada_1234_2_day-2.csv": b"2",
        "lovelaceada_1234_3_hw-3.ipynb": b"3",
    }
    collect(course_dir, zipped(course_dir.parent / "all.zip", files), ADA)
    assert set(submitted(course_dir)) == {
        f"ada/lab1/{n}" for n in ("day-1.csv", "day-2.csv", "hw.ipynb")
    }


def test_a_file_name_does_not_pass_for_the_work_of_another_at_blackboard(course_dir: Path) -> None:
    head = "HW 1_{}_attempt_2026-11-20-17-30-05_{}"
    files = {
        head.format("ada", "hw.ipynb"): b"ada",
        head.format("bob", "hw.ipynb"): b"bob",
        "HW 1_bob_attempt_2026-11-20-17-30-05.txt": b"about it",
        head.format("bob", "z-Ada Lovelace_attempt_2026-11-20-17-30-05_y.ipynb"): b"forged",
    }
    done = collect(course_dir, zipped(course_dir.parent / "all.zip", files), ADA, BOB)
    assert sorted(done.new) == ["ada", "bob"]
    assert not done.skipped
    assert submitted(course_dir)["ada/lab1/hw.ipynb"] == b"ada"


def test_who_has_the_number_is_not_kept_out_by_who_has_the_name(course_dir: Path) -> None:
    files = {"countess_1234_5_hw.ipynb": b"ada", "lovelaceada_99_6_hw.ipynb": b"forged"}
    done = collect(course_dir, zipped(course_dir.parent / "all.zip", files), ADA, BOB)
    assert submitted(course_dir) == {"ada/lab1/hw.ipynb": b"ada"}
    assert done.skipped == {
        "lovelaceada_99": ANOTHER_NUMBER,
    }


@pytest.mark.sample("zip")
@pytest.mark.parametrize("packed", [True, False], ids=["zip", "folder"])
def test_one_students_many_files_keep_nobody_else_out(
    course_dir: Path,
    packed: bool,  # noqa: FBT001
) -> None:
    names = [f"ada/x/{number}" for number in range(20_001)]
    files = {"bob/hw.ipynb": NOTEBOOK, **dict.fromkeys(names, b"")}
    download = course_dir.parent / "given"
    if packed:
        download = zipped(download.with_suffix(".zip"), files)
    else:
        (download / "ada" / "x").mkdir(parents=True)
        (download / "bob").mkdir()
        for name, data in files.items():
            (download / name).write_bytes(data)
    done = collect(course_dir, download, ADA, BOB)
    assert done.new == ["bob"]
    assert list(done.skipped) == (["ada"] if packed else ["ada/"])


def test_a_path_without_end_keeps_nobody_else_out(course_dir: Path) -> None:
    files = {"ada/hw.ipynb": NOTEBOOK, f"ada/{'d/' * 990}x": b"", "bob/hw.ipynb": NOTEBOOK}
    done = collect(course_dir, zipped(course_dir.parent / "all.zip", files), ADA, BOB)
    assert done.new == ["ada", "bob"]
    assert list(done.skipped.values()) == ["is more than 32 folders deep"]
