"""One student's odd names decide nothing about the others, and every file has one name."""

from __future__ import annotations

import io
import zipfile

import pytest

from nbgrader_isolate.core.errors import GraderError
from nbgrader_isolate.gradebook.roster import Submitter
from nbgrader_isolate.intake.attributions import Reader
from nbgrader_isolate.intake.collected_files import check_file_name
from nbgrader_isolate.intake.lms_formats import path_reader
from nbgrader_isolate.intake.safe_files import FileRefusedError
from nbgrader_isolate.intake.zip_archives import open_zip, plain_path

RESERVED = ["timestamp.txt", "./timestamp.txt", "TimeStamp.txt", ".//submission_secret.txt"]
CLASS = ["alice/hw.ipynb", "bob/hw.ipynb", "carol/hw.ipynb", "dan/hw.ipynb"]


def who_and_what(read: Reader, path: str) -> tuple[Submitter, str] | None:
    attribution = read(path)
    return (attribution.submitter, attribution.file) if attribution else None


@pytest.mark.parametrize(
    "odd", ["mallory_1_2_x/hw.ipynb", "mallory_1_assignsubmission_file/hw.ipynb"]
)
def test_a_folder_that_looks_like_a_platforms_is_one_students(odd: str) -> None:
    read = path_reader([*CLASS, odd], "ps1", set())
    for path in CLASS:
        assert who_and_what(read, path) == (Submitter(path.partition("/")[0]), "hw.ipynb")


def test_a_folder_that_does_not_look_like_the_platforms_changes_nothing() -> None:
    paths = [f"{name}_{n}_assignsubmission_file_/hw.ipynb" for n, name in enumerate("abcd")]
    read = path_reader([*paths, "odd/hw.ipynb"], "ps1", set())
    assert who_and_what(read, paths[0]) == (Submitter("a", "0"), "hw.ipynb")
    assert read("odd/hw.ipynb") is None


def test_half_and_half_is_refused_with_examples() -> None:
    paths = ["alice/hw.ipynb", "bob_7_assignsubmission_file_/hw.ipynb"]
    with pytest.raises(GraderError, match=r"1 of 2 names .*, such as bob_7.*, such as alice"):
        path_reader(paths, "ps1", set())


def test_a_name_that_contains_what_moodle_writes_is_read_from_its_end() -> None:
    folder = "Bob Smith_77_assignsubmission_file_x_99_assignsubmission_file_/hw.ipynb"
    flat = "Bob_7_assignsubmission_file_a_8_assignsubmission_file_hw.ipynb"
    read = path_reader([folder, flat], "ps1", set())
    attribution = read(folder)
    assert attribution is not None
    assert attribution.submitter == Submitter("Bob Smith_77_assignsubmission_file_x", "99")
    assert read(flat) is None


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("alice/./timestamp.txt", "alice/timestamp.txt"),
        ("alice//ps1/.//timestamp.txt", "alice/ps1/timestamp.txt"),
        ("./a", "a"),
        ("/etc/passwd", "/etc/passwd"),
        ("a/../b", "a/../b"),
    ],
)
def test_a_file_in_an_archive_has_one_name(name: str, plain: str) -> None:
    assert plain_path(name) == plain
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, "x")
    refused: dict[str, str] = {}
    with open_zip(buffer.getvalue()) as opened:
        names = [entry.name for entry in opened.entries(refused)]
    assert names == ([] if refused else [plain])


@pytest.mark.parametrize("name", RESERVED)
def test_nbgraders_own_files_are_refused_by_any_name(name: str) -> None:
    from collections import Counter

    with pytest.raises(FileRefusedError, match="is reserved"):
        check_file_name(name, Counter())
