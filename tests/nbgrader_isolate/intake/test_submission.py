"""Regular files with expected names are taken, and a notice names everything else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.intake.submission import take
from support.small_course import LIMITS, answered, assignment, code, folder, notebook, plan_of

PLAN = assignment(files={"checking.py": b"ours", "data/a.csv": b"1"})
TWO = assignment(plan_of(), plan_of([code("1", "other", solution=True)], "part2"))
NOTEBOOK = json.dumps(answered({})).encode()


def test_the_expected_notebook_is_taken_without_a_notice(tmp_path: Path) -> None:
    quiet = {"timestamp.txt": b"2026-01-01", ".ipynb_checkpoints/hw-checkpoint.ipynb": b"{}"}
    submitted = folder(tmp_path, {"hw.ipynb": NOTEBOOK, "checking.py": b"theirs", **quiet})
    assert take(submitted, PLAN, LIMITS) == ({"hw.ipynb": NOTEBOOK}, [])


def test_an_empty_or_missing_folder_gives_no_files(tmp_path: Path) -> None:
    assert take(tmp_path, PLAN, LIMITS) == ({}, [])
    files, (note,) = take(tmp_path / "gone", PLAN, LIMITS)
    assert (files, note) == (
        {},
        "the submission's folder cannot be read: No such file or directory",
    )


@pytest.mark.parametrize("student", ["Ada Lovelace", "Ådå", "..x", "\u202egnp", "a'b\"c$(d)"])
def test_odd_student_ids_are_folders_like_others(tmp_path: Path, student: str) -> None:
    submitted = folder(tmp_path / student / "ps1", {"hw.ipynb": NOTEBOOK})
    assert take(submitted, PLAN, LIMITS)[0] == {"hw.ipynb": NOTEBOOK}


def test_extra_files_stay_behind_unless_the_course_allows_them(tmp_path: Path) -> None:
    submitted = folder(tmp_path, {"hw.ipynb": NOTEBOOK, "matplotlib.py": b"x", "my/plot.csv": b"y"})
    files, notices = take(submitted, PLAN, LIMITS)
    assert (list(files), notices) == (["hw.ipynb"], ["left behind: matplotlib.py, my/plot.csv"])
    files, notices = take(submitted, assignment(extra_files=["my/*.csv"]), LIMITS)
    assert files == {"hw.ipynb": NOTEBOOK, "my/plot.csv": b"y"}
    assert notices == ["left behind: matplotlib.py"]


def test_many_files_left_behind_are_one_line(tmp_path: Path) -> None:
    submitted = folder(
        tmp_path, {f"{i:03}\x1b[31m.txt": b"" for i in range(300)} | {"hw.ipynb": NOTEBOOK}
    )
    _, (note,) = take(submitted, PLAN, LIMITS)
    assert note.endswith("and 295 more")
    assert note.isprintable()


def test_a_notebook_above_the_limit_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "hw.ipynb").open("wb") as stream:
        stream.truncate(50_000_000)
    files, (note,) = take(tmp_path, PLAN, LIMITS)
    assert (files, note) == ({}, "hw.ipynb: is 50.0 MB; the limit is 16.8 MB")


def test_extra_files_share_one_limit(tmp_path: Path) -> None:
    submitted = folder(tmp_path, {f"{i}.bin": bytes(400_000) for i in range(3)})
    files, notices = take(submitted, assignment(extra_files=["*.bin"]), Limits(disk_mb=2))
    assert list(files) == ["0.bin", "1.bin"]
    assert notices == ["2.bin: is 400.0 kB; the limit is 248.6 kB"]


@pytest.mark.parametrize(
    "name", ["HW.ipynb", "hw (1).ipynb", "Copy of hw.ipynb", "sub/deep/hw.ipynb", "x.IPYNB"]
)
def test_a_renamed_notebook_is_found_when_it_is_the_only_one(tmp_path: Path, name: str) -> None:
    files, notices = take(folder(tmp_path, {name: NOTEBOOK}), PLAN, LIMITS)
    assert (files, notices) == ({"hw.ipynb": NOTEBOOK}, [f"hw.ipynb was found as {name}"])


def test_renamed_notebooks_are_told_apart_by_the_names_of_their_cells(tmp_path: Path) -> None:
    other = json.dumps(notebook([code("1", "other", solution=True)])).encode()
    submitted = folder(tmp_path, {"a.ipynb": other, "b.ipynb": NOTEBOOK, "notes.ipynb": b"{}"})
    files, notices = take(submitted, TWO, LIMITS)
    assert files == {"hw.ipynb": NOTEBOOK, "part2.ipynb": other}
    assert notices == [
        "hw.ipynb was found as b.ipynb",
        "part2.ipynb was found as a.ipynb",
        "left behind: notes.ipynb",
    ]


def test_two_files_that_could_be_the_notebook_are_left_to_a_person(tmp_path: Path) -> None:
    submitted = folder(tmp_path, {"final.ipynb": NOTEBOOK, "final2.ipynb": NOTEBOOK})
    files, notices = take(submitted, PLAN, LIMITS)
    assert files == {}
    expected = "hw.ipynb: missing, and each of these could be it: final.ipynb, final2.ipynb"
    assert notices[0] == expected


def test_only_so_many_notebooks_are_searched_for_one_with_another_name(tmp_path: Path) -> None:
    limits = Limits(notebook_bytes=2000)
    for number in range(9):
        (tmp_path / f"{number}.ipynb").write_bytes(b'{"cells": []}'.ljust(1500))
    files, notices = take(tmp_path, PLAN, limits)
    assert files == {}
    assert notices[0] == (
        "hw.ipynb: missing, and the other notebooks are too large to search all of them; hand in "
        "the notebook under its own name"
    )


ANSWERED = json.dumps(answered({"double": "def double(x):\n    return 2 * x"})).encode()
OTHER_ANSWER = json.dumps(answered({"area": "def area(r):\n    return r * r"})).encode()


@pytest.mark.parametrize("copy", ["hw (1).ipynb", "Copy of hw.ipynb", "mine/hw.ipynb"])
def test_the_copy_with_answers_counts_and_not_the_untouched_notebook(
    tmp_path: Path, copy: str
) -> None:
    files, notices = take(folder(tmp_path, {"hw.ipynb": NOTEBOOK, copy: ANSWERED}), PLAN, LIMITS)
    assert files == {"hw.ipynb": ANSWERED}
    assert notices == ["hw.ipynb was as it was handed out", f"hw.ipynb was found as {copy}"]


def test_an_untouched_copy_beside_the_answers_is_left_behind(tmp_path: Path) -> None:
    submitted = {"hw.ipynb": ANSWERED, "hw (1).ipynb": NOTEBOOK, "scratch.ipynb": b'{"cells": []}'}
    files, notices = take(folder(tmp_path, submitted), PLAN, LIMITS)
    assert files == {"hw.ipynb": ANSWERED}
    assert notices == ["left behind: hw (1).ipynb, scratch.ipynb"]


def test_a_person_decides_between_several_notebooks_with_answers(tmp_path: Path) -> None:
    submitted = {"hw (1).ipynb": ANSWERED, "hw (2).ipynb": OTHER_ANSWER}
    files, notices = take(folder(tmp_path / "a", {"hw.ipynb": NOTEBOOK} | submitted), PLAN, LIMITS)
    assert files == {}
    assert notices[0] == (
        "hw.ipynb: as it was handed out, and each of these could have the answers: "
        "hw (1).ipynb, hw (2).ipynb"
    )
    submitted = {"hw.ipynb": ANSWERED, "hw (2).ipynb": OTHER_ANSWER}
    files, notices = take(folder(tmp_path / "b", submitted), PLAN, LIMITS)
    assert files == {"hw.ipynb": ANSWERED}
    assert notices[0] == "hw.ipynb: hw (2).ipynb has answers, too, and was not graded"


def test_of_two_renamed_copies_the_one_with_answers_counts(tmp_path: Path) -> None:
    submitted = {"hw (1).ipynb": NOTEBOOK, "hw (2).ipynb": ANSWERED}
    files, notices = take(folder(tmp_path, submitted), PLAN, LIMITS)
    assert files == {"hw.ipynb": ANSWERED}
    assert notices == ["hw.ipynb was found as hw (2).ipynb", "left behind: hw (1).ipynb"]
