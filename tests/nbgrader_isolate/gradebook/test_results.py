"""What the last run noted of a student is replaced as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from nbgrader_isolate.gradebook.course import Course
from nbgrader_isolate.gradebook.results import (
    BUSY,
    DAMAGED_ROWS,
    FAILURE_SUFFIX,
    GRADED_AGAIN,
    REFUSED,
    ResultStore,
    failure_row,
    student_messages,
)


def test_results_are_written_by_it_and_replace_those_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = ResultStore(tmp_path, "ps1")
    store.save("ada", [failure_row("ada", "its worker died")])

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            store.save("ada", [])
    assert store.load("ada") == [failure_row("ada", "its worker died")]
    store.save("ada", [])
    assert (store.load("ada"), list(store.all())) == ([], [])


def test_a_student_whose_file_is_damaged_is_told_so_before_the_technical_reason() -> None:
    row = failure_row("ada", "hw.ipynb: is not JSON") | {"status": "unreadable"}
    first, second = student_messages(row)
    assert first.startswith("This file could not be read")
    assert second == "hw.ipynb: is not JSON"


def test_students_are_told_nothing_about_the_machine_or_unprotected_tests() -> None:
    row = failure_row("ada", BUSY.format(names="t1, t2")) | {
        "notices": [GRADED_AGAIN, "an edited plain cell"]
    }
    row["review_reasons"] += [REFUSED.format(name="t1", why="f returned a Stack."), "a link"]
    assert student_messages(row) == ["a link", "an edited plain cell"]


def test_a_failure_stands_for_older_rows_until_the_submission_is_graded(tmp_path: Path) -> None:
    store = ResultStore(tmp_path, "ps1")
    graded = [failure_row("ada", "an old reason") | {"status": "graded", "notebook": "a"}]
    store.save("ada", graded)
    store.save("bob", [failure_row("bob", "his") | {"status": "graded"}])
    failure = failure_row("ada", "the grader took too long")
    store.save_failure(failure)
    assert store.load("ada") == graded, "its scores are still in the gradebook"
    assert store.failure("ada") == failure
    assert store.failure("bob") is None
    assert [row["review_reasons"] for row in store.latest()] == [
        ["the grader took too long"],
        ["his"],
    ]
    store.path("ada").with_suffix(".failed").write_text("{", "utf-8")
    assert store.failure("ada") is None
    store.save_failure(failure)
    store.save("ada", graded)
    assert store.failure("ada") is None
    assert [row["status"] for row in store.latest()] == ["graded", "graded"]


@pytest.mark.parametrize("data", [b"", b"[1]", b'{"a": 1}', b"[{}]", b"\xff", b"null"])
def test_a_damaged_file_counts_as_no_rows_and_is_named(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "source" / "ps1").mkdir(parents=True)
    for student in ("ada", "bob"):
        (tmp_path / "submitted" / student / "ps1").mkdir(parents=True)
    course = Course(tmp_path)
    store = ResultStore(course.state, "ps1")
    for student in ("ada", "bob"):
        store.save(student, [failure_row(student, "why")])
    store.path("bob").write_bytes(data)
    store.path("ada").with_suffix(FAILURE_SUFFIX).write_bytes(data)
    assert [row["student"] for row in store.all()] == ["ada"]
    assert (store.load("bob"), store.failure("ada")) == ([], None)
    rows = {row["student"]: row["review_reasons"] for row in course.latest_results("ps1")}
    assert rows == {"ada": ["why"], "bob": [DAMAGED_ROWS]}
