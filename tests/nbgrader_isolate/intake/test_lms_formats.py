"""Names in a download become students, or are refused; nobody is guessed."""

from __future__ import annotations

import pytest

from nbgrader_isolate.gradebook.roster import Roster, Student, Submitter
from nbgrader_isolate.intake.lms_formats import folder_name_fault, path_reader
from support.graded_course import A

IDS = {
    "": "not a valid folder name",
    "..": "not a valid folder name",
    "a/b": "not a valid folder name",
    ".ada": "starts with a dot",
    "a\x1bb": "unprintable",
    "a\0b": "unprintable",
    "é" * 150: "longer than 255 bytes",
}


@pytest.mark.parametrize(("name", "why"), IDS.items(), ids=map(repr, IDS))
def test_a_name_that_is_not_a_valid_folder_name_is_refused(name: str, why: str) -> None:
    assert why in folder_name_fault(name)


@pytest.mark.parametrize(
    "name", ["ada", "name with  spaces", "o'brien; rm -rf ~", "=1+1", "é" * 127]
)
def test_an_odd_name_is_a_name(name: str) -> None:
    assert folder_name_fault(name) == ""


def test_canvas_numbers_identify_students_and_moodle_numbers_do_not() -> None:
    roster = Roster([Student("77"), Student("ada", "Ada", "Lovelace")])
    assert roster.find(Submitter("Ada Lovelace", "77")) == ["ada"]
    assert roster.find(Submitter("Somebody", "77")) == []
    assert roster.find(Submitter("somebody", "77", permanent=True)) == ["77"]


def test_students_with_the_same_name_are_not_guessed() -> None:
    twins = [Student("a1", "Ada", "Lovelace"), Student("a2", "Ada", "Lovelace")]
    assert Roster(twins).find(Submitter("Ada Lovelace", "7")) == ["a1", "a2"]


def test_a_students_file_name_does_not_turn_a_plain_download_into_a_platforms() -> None:
    paths = ["ada/bob_1_2_hw.ipynb", "bob/hw.ipynb"]
    read = path_reader(paths, A, set())(paths[0])
    assert read is not None
    assert (read.submitter, read.file) == (Submitter("ada"), "bob_1_2_hw.ipynb")
