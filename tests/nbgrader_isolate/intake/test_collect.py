"""A platform's download becomes submissions: each student their own, nothing outside, nothing
overwritten unasked."""

from __future__ import annotations

import io
import json
import os
import stat
import subprocess
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from nbgrader_isolate.core.errors import Exit, GraderError
from nbgrader_isolate.gradebook.course import Course
from nbgrader_isolate.gradebook.results import ResultStore
from nbgrader_isolate.intake.collect import Collected, Collection, download
from nbgrader_isolate.intake.lms_formats import Owner, Person, Roster, reader, unfit
from support import graded_course as gc
from support.graded_course import A

NOTEBOOK = b'{"cells": []}'
MOODLE = "{}_assignsubmission_file_/{}"


def zipped(place: Path, files: Mapping[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(place, "w", how) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return place


def raw(place: Path, *infos: tuple[zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(place, "w") as archive:
        for info, data in infos:
            archive.writestr(info, data)
    return place


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A course with one assignment, and nothing handed in."""
    (tmp_path / "course" / "source" / A).mkdir(parents=True)
    return tmp_path / "course"


def collect(
    place: Path, given: Path, *people: Person, force: bool = False, new: bool = False
) -> Collected:
    """Collect a download into a course."""
    made = Collection(Course(place), A, list(people), force=force, new=new)
    with download(given, made.done.left) as entries:
        made.take(entries, {given.stem, A}, None)
    return made.done


def submitted(place: Path) -> dict[str, bytes]:
    """Return all files that lie below `submitted/`."""
    root = place / "submitted"
    return {
        str(p.relative_to(root)): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()
    }


ADA = Person("ada", "Ada", "Lovelace", "ada@example.org", "1234")
BOB = Person("bob", "Robert", "Tables")

LAYOUTS = {
    "Moodle, a folder each": {MOODLE.format("Ada Lovelace_77", "hw.ipynb"): NOTEBOOK},
    "Moodle, flat": {"Ada Lovelace_77_assignsubmission_file_hw.ipynb": NOTEBOOK},
    "Moodle, in a folder": {f"CS-1/{MOODLE.format('Ada Lovelace_77', 'hw.ipynb')}": NOTEBOOK},
    "Canvas": {"lovelaceada_LATE_1234_5678_hw-2.ipynb": NOTEBOOK},
    "Canvas, by the number": {"countess_1234_5678_hw.ipynb": NOTEBOOK},
    "a folder each": {"ada/hw.ipynb": NOTEBOOK},
    "a folder each, by name": {"Lovelace, Ada/hw.ipynb": NOTEBOOK},
    "as nbgrader has it": {"ada/lab1/hw.ipynb": NOTEBOOK, "ada/lab0/hw.ipynb": b"other"},
    "in a folder round all": {"submitted/ada/hw.ipynb": NOTEBOOK, "submitted/bob/hw.ipynb": b"b"},
}


@pytest.mark.slow
@pytest.mark.parametrize("files", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("packed", [True, False], ids=["zip", "folder"])
def test_each_usual_download_is_read(place: Path, files: dict[str, bytes], packed: bool) -> None:  # noqa: FBT001
    given = place.parent / "given"
    if packed:
        given = zipped(given.with_suffix(".zip"), files)
    else:
        for name, data in files.items():
            (given / name).parent.mkdir(parents=True, exist_ok=True)
            (given / name).write_bytes(data)
    done = collect(place, given, ADA, BOB)
    assert done.left == {"ada/lab0/hw.ipynb": "its name says no student"} or not done.left
    assert submitted(place)["ada/lab1/hw.ipynb"] == NOTEBOOK


@pytest.mark.slow
def test_archives_of_students_stay_packed_and_lone_files_are_theirs(place: Path) -> None:
    files = {"ada.zip": b"PK", "bob.ipynb": NOTEBOOK, "readme.txt": b"x"}
    done = collect(place, zipped(place.parent / "all.zip", files), ADA, BOB)
    assert submitted(place) == {"ada/lab1/ada.zip": b"PK", "bob/lab1/bob.ipynb": NOTEBOOK}
    assert done.left == {"readme.txt": "its name says no student"}


@pytest.mark.slow
def test_a_second_time_nothing_changes_and_what_differs_is_kept_unless_forced(place: Path) -> None:
    given = place.parent / "all.zip"
    assert collect(place, zipped(given, {"ada/hw.ipynb": b"1"}), ADA).new == ["ada"]
    (place / "submitted/ada/lab1/timestamp.txt").write_text("2026-11-20 10:00:00 UTC")
    assert collect(place, given, ADA).same == ["ada"]
    zipped(given, {"ada/hw.ipynb": b"2"})
    assert "is there and differs; --force" in collect(place, given, ADA).left["ada"]
    assert submitted(place)["ada/lab1/hw.ipynb"] == b"1"
    assert not ResultStore(place / ".autograder", A).regrade_requested("ada")
    assert collect(place, given, ADA, force=True).replaced == ["ada"]
    assert submitted(place) == {"ada/lab1/hw.ipynb": b"2"}
    assert ResultStore(place / ".autograder", A).regrade_requested("ada")


@pytest.mark.slow
def test_who_is_not_known_is_listed_and_with_new_taken_by_name(place: Path) -> None:
    names = ("Ada Lovelace_7", "Grace Hopper_8", "Grace Hopper_9", "Emmy Nöther_10")
    given = zipped(
        place.parent / "all.zip", {MOODLE.format(name, "hw.ipynb"): NOTEBOOK for name in names}
    )
    done = collect(place, given, ADA)
    assert done.matched == {"Ada Lovelace_7": "ada"}
    assert list(done.left) == list(names[1:])
    done = collect(place, given, ADA, new=True)
    assert done.left == {}
    assert done.new == ["Grace Hopper_8", "Grace Hopper_9", "Emmy Nöther"]


@pytest.mark.slow
def test_one_student_twice_is_nobody(place: Path) -> None:
    files = {MOODLE.format(name, "hw.ipynb"): name.encode() for name in ("ada_1", "Ada Lovelace_2")}
    done = collect(place, zipped(place.parent / "all.zip", files), ADA)
    assert submitted(place) == {}
    assert set(done.left.values()) == {"another name in the download is ada, too"}


@pytest.mark.slow
def test_a_student_cannot_write_as_another_or_forge_when_it_was_handed_in(place: Path) -> None:
    files = {
        MOODLE.format("Ada Lovelace_1", MOODLE.format("bob_2", "hw.ipynb")): b"a",
        "Ada Lovelace_1_assignsubmission_file_bob_2_assignsubmission_file_hw.ipynb": b"b",
        MOODLE.format("Ada Lovelace_1", "timestamp.txt"): b"2001-01-01 00:00:00 UTC",
        MOODLE.format("Ada Lovelace_1", "submission_secret.txt"): b"s",
    }
    done = collect(place, zipped(place.parent / "all.zip", files), ADA, BOB)
    assert {name.split("/")[0] for name in submitted(place)} == {"ada"}
    assert not (place / "submitted/ada/lab1/timestamp.txt").exists()
    assert sum("nbgrader knows lateness by it" in why for why in done.left.values()) == 2


def linked(name: str) -> tuple[zipfile.ZipInfo, bytes]:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info, b"/etc/passwd"


def encrypted(place: Path) -> Path:
    data = bytearray(zipped(place, {"ada/hw.ipynb": NOTEBOOK}, zipfile.ZIP_STORED).read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    place.write_bytes(data)
    return place


def overlapping(place: Path) -> Path:
    """Write an archive whose directory names one file's bytes a hundred times."""
    zipped(place, {"ada/0.txt": os.urandom(9000)}, zipfile.ZIP_STORED)
    data = place.read_bytes()
    start = data.index(b"PK\x01\x02")
    entry, end = (
        data[start : data.index(b"PK\x05\x06")],
        bytearray(data[data.index(b"PK\x05\x06") :]),
    )
    many = b"".join(entry.replace(b"0.txt", b"%d.txt" % (i % 10)) for i in range(100))
    end[8:12] = (100).to_bytes(2, "little") * 2
    end[12:16] = len(many).to_bytes(4, "little")
    place.write_bytes(data[:start] + many + bytes(end))
    return place


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


@pytest.mark.slow
@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_a_hostile_archive_writes_nothing_and_costs_nobody_else(place: Path, attack) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    """Bob's file is laid beside each attack, where the attack's archive can be added to."""
    given = attack(place.parent / "all.zip")
    if attack not in (encrypted, overlapping):
        with zipfile.ZipFile(given, "a") as archive:
            archive.writestr("bob/hw.ipynb", NOTEBOOK)
    before = {p for p in place.parent.rglob("*") if "submitted" not in p.parts}
    done = collect(place, given, ADA, BOB)
    state = {place / ".autograder"}
    assert {p for p in place.parent.rglob("*") if "submitted" not in p.parts} - state == before
    found = submitted(place)
    assert all(name.startswith(("bob/lab1/", "ada/lab1/x", "ada/lab1/9.txt")) for name in found)
    assert not [p for p in place.rglob("*") if p.is_symlink() or p.name.startswith(".")]
    assert done.left
    if attack not in (encrypted, overlapping):
        assert found["bob/lab1/hw.ipynb"] == NOTEBOOK


@pytest.mark.slow
def test_many_small_bombs_stop_at_what_a_submission_may_have(place: Path) -> None:
    (place / "nbgrader_config.py").write_text("c = get_config()\nc.Limits.disk_mb = 1\n")
    files = {f"ada/{i}.bin": os.urandom(300_000) for i in range(8)}
    done = collect(place, zipped(place.parent / "all.zip", files), ADA)
    assert sum(map(len, submitted(place).values())) <= 1 << 20
    assert len(done.left) == 5
    assert zlib.crc32(submitted(place)["ada/lab1/0.bin"]) == zlib.crc32(files["ada/0.bin"])


IDS = {"": "no name", "..": "no name", "a/b": "no name", ".ada": "begins with a dot",
       "a\x1bb": "not printed", "a\0b": "not printed",
       "é" * 150: "longer than 255 bytes"}  # fmt: skip


@pytest.mark.parametrize(("name", "why"), IDS.items(), ids=map(repr, IDS))
def test_a_name_that_can_be_no_folder_is_refused(name: str, why: str) -> None:
    assert why in unfit(name)


@pytest.mark.parametrize(
    "name", ["ada", "name with  spaces", "o'brien; rm -rf ~", "=1+1", "é" * 127]
)
def test_an_odd_name_is_a_name(name: str) -> None:
    assert unfit(name) == ""


def test_a_number_of_moodles_is_not_taken_for_an_id_and_canvas_number_is() -> None:
    roster = Roster([Person("77"), Person("ada", "Ada", "Lovelace")])
    assert roster.find(Owner("Ada Lovelace", "77")) == ["ada"]
    assert roster.find(Owner("Somebody", "77")) == []
    assert roster.find(Owner("somebody", "77", lasting=True)) == ["77"]


def test_two_of_one_name_are_not_guessed() -> None:
    twins = [Person("a1", "Ada", "Lovelace"), Person("a2", "Ada", "Lovelace")]
    assert Roster(twins).find(Owner("Ada Lovelace", "7")) == ["a1", "a2"]


def test_a_students_file_name_does_not_make_a_plain_download_a_platforms() -> None:
    paths = ["ada/bob_1_2_hw.ipynb", "bob/hw.ipynb"]
    assert reader(paths, A, set())(paths[0]) == (Owner("ada"), "bob_1_2_hw.ipynb")


@pytest.mark.slow
def test_links_in_a_folder_are_not_followed(place: Path) -> None:
    given = place.parent / "given"
    (given / "ada").mkdir(parents=True)
    (given / "ada" / "hw.ipynb").symlink_to("/etc/passwd")
    (given / "bob").symlink_to(given / "ada")
    os.mkfifo(given / "ada" / "pipe")
    done = collect(place, given, ADA, BOB)
    assert submitted(place) == {}
    assert set(done.left) == {"ada/hw.ipynb", "ada/pipe", "bob"}


@pytest.mark.slow
@pytest.mark.parametrize("data", [b"", b"no zip at all", b"PK\x05\x06"])
def test_what_is_no_download_is_refused_in_one_line(place: Path, data: bytes) -> None:
    given = place.parent / "all.zip"
    given.write_bytes(data)
    with pytest.raises(GraderError, match=r"is no zip file, or a damaged one; name a zip file"):
        collect(place, given)


@pytest.mark.slow
def test_the_command_collects_and_what_was_replaced_is_graded_again(graded: Path) -> None:
    course = graded

    def command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return gc.run("collect", *arguments, "--course", course)

    mine = (course / f"submitted/ada/{A}/lab.ipynb").read_bytes()
    none = (course / f"submitted/nobody/{A}/lab.ipynb").read_bytes()
    given = course.parent / "all.zip"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("my homework/lab.ipynb", mine)
    zipped(given, {"ada/lab.ipynb": none, "newcomer/hw.zip": packed.getvalue()})
    assert command("lab9", given).stderr.endswith("has no such assignment. Did you mean lab1?\n")
    assert command(A, given, "--pattern", "(").returncode == Exit.USAGE
    assert "it has no group named student" in command(A, given, "--pattern", ".*").stderr
    done = command(A, given)
    assert done.returncode == Exit.INCOMPLETE, done.stderr
    assert "newcomer: no student of this course" in done.stdout
    assert "is there and differs; --force replaces it" in done.stdout
    done = command(A, given, "--force", "--new")
    assert (done.returncode, done.stdout) == (Exit.DONE, f"{A}: 1 collected, 1 replaced.\n")
    assert "2 graded" in gc.grade(course, "--student", "ada", "--student", "newcomer").stdout
    assert gc.totals(course)["ada"] == 0
    assert gc.totals(course)["newcomer"] == 11
    again = gc.grade(course, "--student", "ada", "--json", "-")
    assert json.loads(again.stdout)[0]["score"] == 0
    assert not ResultStore(course / ".autograder", A).regrade_requested("ada")


@pytest.mark.slow
def test_an_instructors_pattern_reads_another_platform(course: Path) -> None:
    given = zipped(
        course.parent / "all.zip", {"HW1_mia_attempt_2026-11-20-10-00-00_lab.ipynb": NOTEBOOK}
    )
    pattern = r"HW1_(?P<student>[^_]+)_attempt_[\d-]+_(?P<file>.+)"
    done = gc.run("collect", A, given, "--course", course, "--new", "--pattern", pattern)
    assert done.returncode == Exit.DONE, done.stderr
    assert (course / f"submitted/mia/{A}/lab.ipynb").read_bytes() == NOTEBOOK


@pytest.mark.slow
def test_zip_files_in_the_place_of_folders_are_named_and_collected_from_there(course: Path) -> None:
    mine = (course / f"submitted/ada/{A}/lab.ipynb").read_bytes()
    (course / "submitted/packer").mkdir()
    zipped(course / f"submitted/packer/{A}.zip", {"lab.ipynb": mine})
    graded = gc.grade(course, "--student", "ada")
    assert f"1 zip file where a submission's folder should be, such as {course}" in graded.stderr
    done = gc.python(course / "submitted", "--new", verb="collect", course=course)
    assert "1 collected" in done.stdout
    assert "replaced" not in done.stdout
    gc.grade(course, "--student", "packer")
    assert gc.totals(course)["packer"] == 11
