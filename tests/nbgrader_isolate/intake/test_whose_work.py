"""No name that a student chose, and no file too many, gives work to another or keeps others out."""

from __future__ import annotations

from pathlib import Path

import pytest

from nbgrader_isolate.core.errors import GraderError
from nbgrader_isolate.gradebook.course import Course
from nbgrader_isolate.gradebook.roster import Roster, Student
from nbgrader_isolate.intake.collect import ANOTHER_NUMBER, Collected, Collection, open_download
from nbgrader_isolate.intake.google import TWO_OF_ONE_NAME
from nbgrader_isolate.intake.platforms import NO_NEWEST
from support.downloads import zipped
from support.graded_course import A

WORK = b'{"cells": []}'
BLACKBOARD = "Homework 1_{}_attempt_2026-11-20-12-00-05_hw.ipynb"
GRACE = Student("grace", "Grace", "Hopper", "grace@u.edu", "100")
EVE = Student("eve", "Eve", "Evil", "eve@u.edu", "666")
UNNUMBERED_EVE = Student("eve", "Eve", "Evil")
BOB = Student("bob", "Robert", "Tables", "bob@u.edu", "7")


def collected(tmp_path: Path, paths: list[str] | dict[str, bytes], *people: Student) -> Collected:
    """Collect a download into a new course."""
    (tmp_path / "course" / "source" / A).mkdir(parents=True)
    files = paths if isinstance(paths, dict) else dict.fromkeys(paths, WORK)
    download = zipped(tmp_path / "all.zip", files)
    collection = Collection(Course(tmp_path / "course"), A, Roster(people), force=False, new=False)
    with open_download(download, collection.collected.skipped) as entries:
        collection.collect(entries, {"all", A}, None)
    return collection.collected


@pytest.mark.parametrize(
    ("users", "ids"),
    [
        (["m_smith", "m_jones"], ["smith", "jones", "m_smith", "m_jones"]),
        (["van_ada"], ["ada", "van_ada"]),
        (["m_smith", "m_jones"], []),
    ],
)
def test_where_blackboards_user_names_begin_is_not_guessed(
    tmp_path: Path, users: list[str], ids: list[str]
) -> None:
    paths = [BLACKBOARD.format(user) for user in users]
    with pytest.raises(GraderError, match="not clear where the user's name begins"):
        collected(tmp_path, paths, *map(Student, ids))
    assert not (tmp_path / "course" / "submitted").exists()


@pytest.mark.parametrize("head", ["Homework 1_", "Home_work_1_"])
def test_the_gradebook_tells_where_blackboards_user_names_begin(tmp_path: Path, head: str) -> None:
    users = ["stu_001", "stu_002"]
    paths = [BLACKBOARD.format(user).replace("Homework 1_", head) for user in users]
    assert sorted(collected(tmp_path, paths, *map(Student, users)).new) == users


def gradescope(*people: tuple[str, str, str]) -> dict[str, bytes]:
    """Return an export of Gradescope, with a name, a number and an address for each person."""
    lines, files = ["---"], {}
    for number, (name, sid, email) in enumerate(people, 1):
        lines += [f"submission_{number}:", "  :submitters:", f"  - :name: {name}"]
        lines += [f"    :sid: {sid}".rstrip(), f"    :email: {email}"]
        files[f"export/submission_{number}/hw.ipynb"] = name.encode()
    return files | {"export/submission_metadata.yml": "\n".join(lines).encode()}


@pytest.mark.parametrize("sid", ["", "'4711'"])
def test_an_address_of_gradescope_says_who_somebody_is_and_a_display_name_does_not(
    tmp_path: Path, sid: str
) -> None:
    people = [("Grace Hopper", sid, "EVE@u.edu"), ("Grace Hopper", sid, "grace@u.edu")]
    done = collected(tmp_path, gradescope(*people, ("G. Tables", "", "bob@u.edu")), GRACE, EVE, BOB)
    assert sorted(done.new) == ["bob", "eve", "grace"]
    assert done.skipped == {}


def test_a_name_does_not_lead_to_a_student_with_another_address(tmp_path: Path) -> None:
    people = [("Grace Hopper", "", "mallory@u.edu"), ("Bob", "", "bob@u.edu")]
    done = collected(tmp_path, gradescope(*people), GRACE, BOB)
    assert done.new == ["bob"]
    assert done.skipped == {"Grace Hopper_mallory@u.edu": ANOTHER_NUMBER}


def test_addresses_of_another_domain_contradict_nothing(tmp_path: Path) -> None:
    people = [("Grace Hopper", "", "grace@home.org"), ("Robert Tables", "", "bob@home.org")]
    assert sorted(collected(tmp_path, gradescope(*people), GRACE, BOB).new) == ["bob", "grace"]


def test_a_number_of_canvas_that_is_another_students_goes_before_a_name(tmp_path: Path) -> None:
    paths = ["hoppergrace_666_1_hw.ipynb", "tablesrobert_7_2_hw.ipynb"]
    done = collected(tmp_path, paths, GRACE, UNNUMBERED_EVE, BOB)
    assert done.new == ["bob"]
    assert list(done.skipped) == ["hoppergrace_666"]


def test_numbers_that_are_nobodys_contradict_nothing(tmp_path: Path) -> None:
    paths = ["hoppergrace_900_1_hw.ipynb", "tablesrobert_901_2_hw.ipynb"]
    assert sorted(collected(tmp_path, paths, GRACE, BOB).new) == ["bob", "grace"]


def test_two_files_of_google_that_differ_by_a_number_are_left_to_a_person(tmp_path: Path) -> None:
    paths = ["Grace Hopper - hw (1).ipynb", "Grace Hopper - hw.ipynb", "Eve Evil - hw.ipynb"]
    done = collected(tmp_path, paths, GRACE, EVE)
    assert (done.new, done.skipped) == (["eve"], {"Grace Hopper": TWO_OF_ONE_NAME})


@pytest.mark.parametrize(
    "times",
    [
        ("20. Nov 2026 926 PM", "21. Nov 2026 926 PM"),
        ("Nov 20, 2026 926 PM", "Mai 21, 2027 926 PM"),
        ("Nov 20, 2026 926 PM", "Nov 20, 2026 926 PM"),
    ],
)
def test_attempts_of_brightspace_without_an_order_are_left_to_a_person(
    tmp_path: Path, times: tuple[str, str]
) -> None:
    first, second = times
    paths = [
        f"1-2 - Grace Hopper - {first}/hw.ipynb",
        f"1-3 - Grace Hopper - {second}/hw (1).ipynb",
    ]
    paths += ["1-4 - Eve Evil - Nov 20, 2026 926 PM/hw.ipynb"]
    done = collected(tmp_path, paths, GRACE, EVE)
    assert (done.new, done.skipped) == (["eve"], {"Grace Hopper": NO_NEWEST})


CLASS = [Student(f"s{number}", f"First{number}", f"Last{number}") for number in range(10)]


@pytest.mark.parametrize("count", [12, 40])
@pytest.mark.parametrize(
    ("honest", "flood"),
    [
        ("last{0}first{0}_{0}_10{0}_hw.ipynb", "evileve_666_{}_f"),
        ("First{0} Last{0} - hw.ipynb", "Eve Evil - p{}.png"),
    ],
    ids=["Canvas", "Google Classroom"],
)
def test_files_without_end_of_one_student_keep_nobody_else_out(
    tmp_path: Path, honest: str, flood: str, count: int
) -> None:
    paths = [honest.format(number) for number in range(10)]
    paths += [flood.format(2000 + number) for number in range(count)]
    done = collected(tmp_path, paths, *CLASS, EVE)
    assert {student.id for student in CLASS} <= {*done.new}


def test_a_stray_file_beside_the_folder_of_a_class_changes_nothing(tmp_path: Path) -> None:
    done = collected(tmp_path, [f"{A}/grace/hw.ipynb", f"{A}/bob/hw.ipynb", "README.txt"])
    assert sorted(done.new) == ["bob", "grace"]
    assert list(done.skipped) == ["README.txt"]


@pytest.mark.parametrize("folder", [f"{A}-evil99", "export/submission_5"])
def test_folders_in_one_submission_are_not_other_students(tmp_path: Path, folder: str) -> None:
    with pytest.raises(GraderError, match="or is all of it one student's"):
        collected(tmp_path, [f"{folder}/grace/hw.ipynb", f"{folder}/bob/hw.ipynb"], GRACE, BOB, EVE)
    assert not (tmp_path / "course" / "submitted").exists()


def test_the_longest_name_of_an_assignment_is_taken_from_repositories(tmp_path: Path) -> None:
    paths = [f"{A}-1-submissions/{A}-1-{name}/hw.ipynb" for name in ("grace", "bob")]
    assert sorted(collected(tmp_path, paths, GRACE, BOB).new) == ["bob", "grace"]
