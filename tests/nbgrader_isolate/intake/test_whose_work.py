"""No name that a student chose, and no file too many, gives work to another or keeps others out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nbgrader_isolate.cli.collect import compile_pattern
from nbgrader_isolate.core.errors import GraderError
from nbgrader_isolate.gradebook.course import Course
from nbgrader_isolate.gradebook.roster import Roster, Student, Submitter, account_key
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


def collected(
    tmp_path: Path,
    paths: list[str] | dict[str, bytes],
    *people: Student,
    new: bool = False,
    packed: bool = True,
    inside: str = "",
) -> Collected:
    """Collect a download, a zip file or a folder, into a course."""
    (tmp_path / "course" / "source" / A).mkdir(parents=True, exist_ok=True)
    files = paths if isinstance(paths, dict) else dict.fromkeys(paths, WORK)
    if packed:
        download = zipped(tmp_path / "all.zip", files)
    else:
        download = tmp_path / "all"
        for name, data in files.items():
            (download / name).parent.mkdir(parents=True, exist_ok=True)
            (download / name).write_bytes(data)
    collection = Collection(Course(tmp_path / "course"), A, Roster(people), force=False, new=new)
    with open_download(download, collection.collected.skipped) as entries:
        collection.collect(entries, {"all", A}, None, inside)
    return collection.collected


@pytest.mark.parametrize(
    ("users", "ids"),
    [
        (["m_smith", "m_jones"], ["smith", "jones", "m_smith", "m_jones"]),
        (["van_ada"], ["ada", "van_ada"]),
        (["m_smith", "m_jones"], ["smith", "jones", "m_smith"]),
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
    done = collected(tmp_path, paths, *map(Student, users))
    assert sorted(done.new) == users
    assert done.matched == {f"{head}{user}": user for user in users}, "what was cut is shown"


def test_the_pattern_for_unclear_user_names_reads_them(tmp_path: Path) -> None:
    paths = [BLACKBOARD.format(user).replace("Homework 1", "HW_1") for user in ("ada", "bob")]
    with pytest.raises(GraderError, match="has none of these students") as refusal:
        collected(tmp_path, paths)
    found = re.search(r"for the first of these '(.*)'\.", str(refusal.value))
    assert found
    match = compile_pattern(found[1]).fullmatch(f"x/{paths[0]}")
    assert match
    assert (match["student"], match["file"]) == ("1_ada", "hw.ipynb")


def gradescope(*people: tuple[str, str, str]) -> dict[str, bytes]:
    """Return an export of Gradescope, with a name, a number and an address for each person."""
    lines, files = ["---"], {}
    for number, (name, sid, email) in enumerate(people, 1):
        lines += [f"submission_{number}:", "  :submitters:", f"  - :name: {name}"]
        lines += [f"    :sid: {sid}".rstrip(), f"    :email: {email}"]
        files[f"assignment_9_export/submission_{number}/hw.ipynb"] = name.encode()
    return files | {"assignment_9_export/submission_metadata.yml": "\n".join(lines).encode()}


GRADESCOPE = gradescope(("Grace Hopper", "", "grace@u.edu"), ("Bob", "", "bob@u.edu"))


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


@pytest.mark.parametrize("name", ["hoppergrace", "grace"])
@pytest.mark.parametrize("new", [True, False])
def test_a_single_person_with_another_number_is_not_the_student_of_that_name(
    tmp_path: Path,
    name: str,
    new: bool,  # noqa: FBT001
) -> None:
    done = collected(tmp_path, [f"{name}_900_1_hw.ipynb"], GRACE, UNNUMBERED_EVE, new=new)
    assert (done.new, done.skipped) == ([], {f"{name}_900": ANOTHER_NUMBER})
    assert collected(tmp_path, ["evileve_900_1_hw.ipynb"], GRACE, UNNUMBERED_EVE).new == ["eve"]


def test_a_name_in_a_roster_does_not_lead_to_another_number() -> None:
    eve = Submitter("hoppergrace", "666", permanent=True)
    names = {"hoppergrace": {"grace"}}
    roster = Roster([GRACE, BOB], names)
    roster.compare_with([eve])
    assert roster.find(eve) == []
    roster = Roster([GRACE, BOB], names | {"hoppergrace666": {"bob"}})
    roster.compare_with([eve])
    assert roster.find(eve) == ["bob"], "a line of the instructor's for what was printed"
    assert roster.is_sure(eve, "bob")


@pytest.mark.parametrize("second", ["mine.ipynb", "x.zip"])
def test_more_files_of_one_name_than_notebooks_are_left_to_a_person(
    tmp_path: Path, second: str
) -> None:
    paths = ["Grace Hopper - hw.ipynb", f"Grace Hopper - {second}", "Eve Evil - hw.ipynb"]
    done = collected(tmp_path, [*paths, "Eve Evil - figure.png"], GRACE, EVE)
    assert (done.new, done.skipped) == (["eve"], {"Grace Hopper": TWO_OF_ONE_NAME})


def test_an_assignment_of_two_notebooks_may_be_two_files(tmp_path: Path) -> None:
    source = tmp_path / "course" / "source" / A
    source.mkdir(parents=True)
    for name in ("hw.ipynb", "part2.ipynb"):
        (source / name).write_bytes(WORK)
    done = collected(tmp_path, ["Grace Hopper - hw.ipynb", "Grace Hopper - part2.ipynb"], GRACE)
    assert (done.new, done.skipped) == (["grace"], {})


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
        ("First{0} Last{0} - hw.ipynb", "Eve{} - p.png"),
        ("First{0} Last{0} - hw.ipynb", "p{}.png"),
        ("First{0} Last{0} - hw.ipynb", "p{}.ipynb"),
    ],
    ids=["Canvas", "Google Classroom", "under many names", "under none", "notebooks under none"],
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
    with pytest.raises(GraderError, match=f"add --inside '{A}-1-submissions'"):
        collected(tmp_path, paths, GRACE, BOB)  # or the repository of an account 1-submissions
    done = collected(tmp_path, paths, GRACE, BOB, inside=f"{A}-1-submissions")
    assert sorted(done.new) == ["bob", "grace"]


def test_notebooks_under_no_name_and_students_whom_nobody_knows_are_refused(tmp_path: Path) -> None:
    paths = [f"First{number} Last{number} - hw.ipynb" for number in range(10)]
    with pytest.raises(GraderError, match=r"10 names .* look like Google Classroom's"):
        collected(tmp_path, [*paths, *(f"p{number}.ipynb" for number in range(40))])


@pytest.mark.parametrize("packed", [True, False], ids=["zip", "folder"])
@pytest.mark.parametrize(
    "shape",
    ["{}_7_assignsubmission_file_/hw.ipynb", "lab1-{}/hw.ipynb", "{} - hw.ipynb"],
    ids=["Moodle", "GitHub Classroom", "Google Classroom"],
)
def test_a_stray_file_hides_no_platform(
    tmp_path: Path,
    shape: str,
    packed: bool,  # noqa: FBT001
) -> None:
    paths = [f"all/{shape.format(name)}" for name in ("grace", "eve")]
    done = collected(tmp_path, [*paths, "README.txt"], GRACE, EVE, packed=packed)
    assert sorted(done.new) == ["eve", "grace"]
    assert done.skipped == {"README.txt": "its path does not name a student"}


@pytest.mark.parametrize("packed", [True, False], ids=["zip", "folder"])
def test_folders_are_read_to_the_same_depth_from_a_zip_and_a_folder(
    tmp_path: Path,
    packed: bool,  # noqa: FBT001
) -> None:
    deep = f"{'d/' * 20}hw.ipynb"
    paths = [f"all/grace/{deep}", "all/eve/hw.ipynb", f"all/eve/{'d/' * 40}x"]
    done = collected(tmp_path, paths, GRACE, EVE, packed=packed)
    assert (tmp_path / "course" / "submitted" / "grace" / A / deep).is_file()
    assert list(done.skipped.values()) == ["is more than 32 folders deep"]
    again = collected(tmp_path, paths, GRACE, EVE, packed=packed)
    assert again.unchanged == done.new, "what is there is read to the same depth"


def test_work_that_is_refused_still_shows_how_the_download_is_built(tmp_path: Path) -> None:
    paths = [f"lab1-grace/{'d/' * 40}hw.ipynb", "lab1-eve/hw.ipynb"]
    assert collected(tmp_path, paths, GRACE, EVE, packed=False).new == ["eve"]


OTHERS = [Student(f"s{number}") for number in range(5)]


@pytest.mark.parametrize(
    "around", ["lab1-evil99", "Eve E", "x_export/submission_5"], ids=["a repository", "a name", "?"]
)
@pytest.mark.parametrize("below", ["", f"{A}/"])
def test_a_students_folders_named_after_others_are_not_theirs(
    tmp_path: Path, around: str, below: str
) -> None:
    paths = [f"{around}/{name}/{below}hw.ipynb" for name in ("grace", "bob")]
    with pytest.raises(GraderError, match=r"with this in it:\n"):
        collected(tmp_path, paths, GRACE, BOB, EVE, *OTHERS)
    assert not (tmp_path / "course" / "submitted").exists()


FORMS = {
    "plain": "{0}/hw.ipynb",
    "single files": "{0}.ipynb",
    "Moodle": "{0}_7_assignsubmission_file_/hw.ipynb",
    "Canvas": "{0}_100_5_hw.ipynb",
    "Blackboard": "HW_{0}_attempt_2026-11-20-17-30-05_hw.ipynb",
    "Brightspace": "1-2 - {0} - Nov 20, 2026 1200 PM/hw.ipynb",
    "Google Classroom": "{0} - hw.ipynb",
    "GitHub Classroom": "lab1-evil-{0}/hw.ipynb",
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("around", ["lab1-evil99", "Eve E", "x/y", "lab1-evil-submissions"])
def test_the_whole_class_in_one_students_folder_is_one_student(
    tmp_path: Path, form: str, around: str
) -> None:
    paths = [f"{around}/{form.format(name)}" for name in ("grace", "bob", "eve")]
    with pytest.raises(GraderError, match="with this in it:\n"):
        collected(tmp_path, paths, GRACE, BOB, EVE)
    assert not (tmp_path / "course" / "submitted").exists()


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("folder", ["eve", "Eve Evil", "lab1-eve"])
def test_what_is_in_the_folder_of_a_student_is_hers(tmp_path: Path, form: str, folder: str) -> None:
    paths = [f"{folder}/{form.format(name)}" for name in ("grace", "bob")]
    done = collected(tmp_path, paths, GRACE, BOB, EVE)
    assert (done.new, done.skipped) == (["eve"], {})


def test_a_table_in_a_folder_that_may_be_one_students_is_not_gradescopes(tmp_path: Path) -> None:
    files = {
        name.replace("assignment_9_export", "Eve E"): data for name, data in GRADESCOPE.items()
    }
    with pytest.raises(GraderError, match=r"with this in it:\n  Eve E/submission_1/"):
        collected(tmp_path, files, GRACE, BOB)


OTHER_FORMS = ["{0}_100_5_hw.ipynb", "HW_{0}_attempt_2026-11-20-17-30-05_hw.ipynb"]


@pytest.mark.parametrize("form", OTHER_FORMS)
def test_one_file_in_another_platforms_form_is_left_out(tmp_path: Path, form: str) -> None:
    paths = [f"First{number} Last{number} - hw.ipynb" for number in range(3)]
    done = collected(tmp_path, [*paths, form.format("s0")], *CLASS)
    assert sorted(done.new) == ["s0", "s1", "s2"]
    assert list(done.skipped) == [form.format("s0")]


@pytest.mark.parametrize(
    ("form", "count"), [*((form, 40) for form in OTHER_FORMS), ("{0}.ipynb", 1), ("{0}.ipynb", 40)]
)
def test_files_of_a_student_named_after_the_class_are_refused_beside_the_others(
    tmp_path: Path, form: str, count: int
) -> None:
    paths = [f"First{number} Last{number} - hw.ipynb" for number in range(3)]
    paths += [form.format(f"s{number}") for number in range(count)]
    with pytest.raises(GraderError, match=r"others do not|and \d+ do not") as refusal:
        collected(tmp_path, paths, *CLASS)
    assert not (tmp_path / "course" / "submitted").exists()
    found = re.search(r"'(\(\.\+/.*)'\.", str(refusal.value))
    assert found
    pattern = compile_pattern(found[1])
    assert [pattern.fullmatch(path) is not None for path in paths] == [True] * 3 + [False] * count


def test_a_single_repository_is_that_of_its_account(tmp_path: Path) -> None:
    paths = ["lab1-evil99/grace/hw.ipynb", "lab1-evil99/bob/hw.ipynb"]
    people = [GRACE, BOB, EVE, *OTHERS]
    (tmp_path / "course" / "source" / A).mkdir(parents=True)
    roster = Roster(people, {account_key("evil99"): {"eve"}})
    collection = Collection(Course(tmp_path / "course"), A, roster, force=False, new=False)
    with open_download(zipped(tmp_path / "x.zip", dict.fromkeys(paths, WORK)), {}) as entries:
        collection.collect(entries, {"x", A}, None)
    assert (collection.collected.new, collection.collected.skipped) == (["eve"], {})


def test_an_account_that_is_in_no_row_of_the_roster_is_nobodys() -> None:
    roster = Roster([GRACE, BOB], {account_key("countess"): {"grace"}})
    assert roster.find(Submitter("countess", account=True)) == ["grace"]
    assert roster.find(Submitter("grace", account=True)) == []
    assert Roster([GRACE]).find(Submitter("grace", account=True)) == ["grace"]


def test_an_account_with_the_id_of_a_student_is_shown(tmp_path: Path) -> None:
    done = collected(tmp_path, ["lab1-grace/hw.ipynb", "lab1-x/hw.ipynb"], GRACE, BOB)
    assert (done.new, done.matched) == (["grace"], {"grace": "grace"})


@pytest.mark.parametrize(
    ("paths", "files"),
    [
        (["bob/hw.ipynb", f"bob/{A}/data.csv"], {"hw.ipynb", f"{A}/data.csv"}),
        (["bob/hw.ipynb", f"bob/{A}/hw.ipynb"], {"hw.ipynb", f"{A}/hw.ipynb"}),
        ([f"bob/{A}/hw.ipynb", f"bob/{A}/data.csv"], {"hw.ipynb", "data.csv"}),
        ([f"bob/{A}.zip", "bob/notes.txt"], {f"{A}.zip"}),
    ],
)
def test_a_folder_named_after_the_assignment_hides_no_notebook_beside_it(
    tmp_path: Path, paths: list[str], files: set[str]
) -> None:
    collected(tmp_path, paths, BOB)
    root = tmp_path / "course" / "submitted" / "bob" / A
    found = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
    assert found == files


@pytest.mark.parametrize("form", ["lab1-s{}/{}", "s{}/{}", "nobody{}/{}"])
def test_a_name_in_a_download_is_looked_up_once_however_many_files_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    find, counts = Roster.find, []
    for files in (1, 50):
        calls: list[Submitter] = []
        monkeypatch.setattr(Roster, "find", lambda *a, calls=calls: calls.append(a[1]) or find(*a))
        collected(
            tmp_path, [form.format(n, file) for n in range(4) for file in range(files)], *CLASS
        )
        counts.append(len(calls))
    assert counts[0] == counts[1]
