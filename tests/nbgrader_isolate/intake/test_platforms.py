"""Downloads of each platform: who submitted what, when, and which attempt is the newest."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nbgrader_isolate.gradebook.roster import Submitter
from nbgrader_isolate.intake import platforms
from nbgrader_isolate.intake.attributions import Attribution
from nbgrader_isolate.intake.lms_formats import path_reader

NOON = datetime(2026, 11, 20, 12, 0, 5)  # noqa: DTZ001 - the platform names no zone
HEAD = "Homework 1_{}_attempt_2026-11-20-12-00-05"
DATA = """---
submission_1:
  :submitters:
  - :name: Ada Lovelace
    :sid: '1815'
    :email: ada@example.org
  - :name: Grace Hopper
    :sid:
    :email: grace@example.org
  :created_at: 2026-11-20 12:00:05.123456000 Z
  :score: 3.0
  :history:
  - :id: 7
    :created_at: 2026-11-01 12:00:05.000000000 Z
'submission_2':
  :submitters: []
  :created_at: yesterday
"""


def read(path: str, *others: str, assignment: str = "hw1", around: str = "all") -> Attribution:
    attribution = path_reader([path, *others], assignment, {around})(path)
    assert attribution is not None
    return attribution


def test_blackboard_names_the_user_behind_the_assignment() -> None:
    ada = HEAD.format("ada_l")
    others = [f"{HEAD.format('alan')}_hw.ipynb", f"{HEAD.format('ada_l')}.txt"]
    found = read(f"{ada}_my_hw.ipynb", *others)
    assert (found.submitter, found.file) == (Submitter("ada_l", is_id=True), "my_hw.ipynb")
    assert (found.time, found.attempt) == (NOON, "2026-11-20-12-00-05")
    assert found.place == f"{ada}_"
    reader = path_reader([f"{ada}_my_hw.ipynb", *others], "hw1", set())
    about = reader(others[1])
    assert about is not None
    assert about.file == ""


def test_blackboard_with_a_single_student_takes_what_follows_the_last_underscore() -> None:
    assert read(f"{HEAD.format('ada')}_hw.ipynb").submitter == Submitter("ada", is_id=True)


@pytest.mark.parametrize("when", ["Nov 20, 2026 1200 PM", "November 20, 2026 1200 PM"])
def test_brightspace_has_a_folder_for_each_attempt(when: str) -> None:
    folder = f"397063-2557369 - Mary-Ann van der Berg - {when}"
    found = read(f"{folder}/sub/hw.ipynb", "index.html", "1-2 - Bob - Nov 1, 2026 101 AM/hw.ipynb")
    assert (found.submitter, found.file) == (Submitter("Mary-Ann van der Berg"), "sub/hw.ipynb")
    assert found.time == NOON.replace(second=0)
    assert found.place == f"{folder}/"


def test_a_brightspace_date_in_another_language_has_no_time() -> None:
    assert read("1-2 - Ada Lovelace - 20 novembre 2026 1200 PM/hw.ipynb").time is None


def test_gradescope_says_who_a_submission_is_by_in_a_file() -> None:
    root = "assignment_9_export"
    paths = [f"{root}/submission_1/hw.ipynb", f"{root}/submission_metadata.yml"]
    reader = platforms.gradescope(paths, f"{root}/", DATA)
    assert reader is not None
    found = reader(paths[0])
    assert found is not None
    ada, grace = (f"{name}@example.org" for name in ("ada", "grace"))
    assert found.submitter == Submitter("Ada Lovelace", "1815", permanent=True, email=ada)
    assert found.others == (Submitter("Grace Hopper", grace, permanent=True, email=grace),)
    assert found.time == datetime(2026, 11, 20, 12, 0, 5, tzinfo=UTC)
    assert reader(f"{root}/submission_2/hw.ipynb") is None
    assert platforms.gradescope(paths, f"{root}/", "") is None
    assert platforms.gradescope([*paths, f"{root}/ada/x"], f"{root}/", DATA) is None


@pytest.mark.parametrize("folder", ["", "hw1-submissions/"])
def test_github_classroom_puts_the_assignment_before_the_user(folder: str) -> None:
    paths = [f"{folder}hw1-ada-l/hw.ipynb", f"{folder}hw1-alan/hw.ipynb"]
    found = read(*paths, around="hw1-submissions")
    assert (found.submitter, found.file) == (Submitter("ada-l", account=True), "hw.ipynb")


def test_folders_that_students_of_the_course_are_named_after_are_theirs() -> None:
    paths = ["hw1-ada/hw.ipynb", "hw1-alan/hw.ipynb"]
    found = path_reader(paths, "hw1", set(), None, lambda name: name == "hw1-ada")(paths[0])
    assert found is not None
    assert found.submitter == Submitter("hw1-ada")


def test_google_classroom_puts_the_student_before_the_file() -> None:
    found = read("all/Ada Lovelace - hw - 2.ipynb", "all/Alan Turing - hw.ipynb")
    assert (found.submitter, found.file) == (Submitter("Ada Lovelace"), "hw - 2.ipynb")
    assert found.place == "Ada Lovelace - "


def test_canvas_says_what_is_late_and_numbers_its_files() -> None:
    found = read("lovelaceada_LATE_12_900_hw-1.ipynb", "turingalan_13_1000_hw.ipynb")
    assert found.late
    assert found.place == "lovelaceada_LATE_12_900_"
    assert found.attempt < read("turingalan_13_1000_hw.ipynb").attempt


@pytest.mark.parametrize("quote", ["", "'", '"'])
@pytest.mark.parametrize(
    "rest",
    ["created_at: 2020-01-01 00:00:00 Z", "sid: 4711", ":sid: 4711", "submission_9:", "- :sid: 1"],
)
def test_a_long_name_says_nothing_else_to_gradescope(quote: str, rest: str) -> None:
    data = DATA.replace("Ada Lovelace", f"{quote}Ada {'M' * 70}\n      {rest}{quote}")
    people = platforms.gradescope_people(data)
    (ada, grace), time = people["submission_1"]
    assert (ada.number, grace.number) == ("1815", "grace@example.org")
    assert time == datetime(2026, 11, 20, 12, 0, 5, tzinfo=UTC)
    assert set(people) == {"submission_1", "submission_2"}


def test_the_results_of_an_autograder_name_nobody_to_gradescope() -> None:
    tests = "  :results:\n    :tests:\n    - :name: Eve\n    :name: Eve\n    :sid: 9\n"
    data = DATA.replace("  :score: 3.0\n", tests)
    assert platforms.gradescope_people(data) == platforms.gradescope_people(DATA)


def test_the_name_of_a_file_sets_no_time_at_blackboard() -> None:
    forged = "z-Mal Lory_attempt_2026-01-01-00-00-00_hw.ipynb"
    found = read(f"{HEAD.format('mal')}_{forged}", f"{HEAD.format('ada')}_hw.ipynb")
    assert (found.submitter.name, found.file, found.time) == ("mal", forged, NOON)
