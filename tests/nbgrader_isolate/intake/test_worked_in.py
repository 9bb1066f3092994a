"""The copy in which a student worked takes the place of the notebook as it was handed out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nbgrader_isolate.intake.safe_files import FileRefusedError
from nbgrader_isolate.intake.worked_in import (
    MAX_COPIES,
    changed_cells,
    put_in_place,
    released_notebooks,
)
from support.small_course import CELLS, LIMITS, answered, code, notebook

RELEASED = notebook(CELLS)
UNTOUCHED = json.dumps(RELEASED).encode()
FIRST = json.dumps(answered({"double": "def double(x):\n    return 2 * x"})).encode()
SECOND = json.dumps(answered({"why": "Because it is twice as much."})).encode()


def test_what_students_write_counts_and_nothing_else() -> None:
    assert changed_cells(RELEASED, RELEASED) == 0
    assert changed_cells(answered({"double": "  ", "double-test": "pass"}), RELEASED) == 0
    assert changed_cells(answered({"double": "def double(x): return 2 * x"}), RELEASED) == 1
    added = notebook([*CELLS, code("print(1)")])
    assert changed_cells(added, RELEASED) == 1


def test_a_copy_with_answers_gets_the_name_of_an_untouched_notebook() -> None:
    files = {"hw.ipynb": UNTOUCHED, "hw (1).ipynb": FIRST, "data.csv": b"1"}
    assert put_in_place(files, {"hw.ipynb": RELEASED}, LIMITS) == {"hw.ipynb": "hw (1).ipynb"}
    assert files == {"hw.ipynb": FIRST, "data.csv": b"1"}


@pytest.mark.parametrize(
    "files",
    [
        {"hw.ipynb": FIRST, "hw (1).ipynb": SECOND},
        {"hw.ipynb": UNTOUCHED, "hw (1).ipynb": UNTOUCHED},
        {"hw.ipynb": UNTOUCHED, "hw (1).ipynb": b"no notebook"},
        {"hw.ipynb": UNTOUCHED, "notes.ipynb": json.dumps(notebook([code("1")])).encode()},
        {"hw (1).ipynb": FIRST, "hw (2).ipynb": UNTOUCHED},
    ],
)
def test_everything_else_stays(files: dict[str, bytes]) -> None:
    before = dict(files)
    assert put_in_place(files, {"hw.ipynb": RELEASED}, LIMITS) == {}
    assert files == before


def test_several_copies_with_answers_are_refused_with_what_was_seen() -> None:
    files = {"hw.ipynb": UNTOUCHED, "hw (1).ipynb": FIRST, "hw (2).ipynb": SECOND}
    with pytest.raises(FileRefusedError) as caught:
        put_in_place(files, {"hw.ipynb": RELEASED}, LIMITS)
    assert str(caught.value) == (
        "hw.ipynb is as it was handed out, and the answers could be in any of 2 copies "
        "(hw (1).ipynb: 1 changed, hw (2).ipynb: 1 changed); give one of them the name hw.ipynb"
    )


def test_copies_of_another_notebook_stay() -> None:
    other = notebook([code("1", "other", solution=True)])
    copy = json.dumps(notebook([code("2", "other", solution=True)])).encode()
    files = {"hw.ipynb": UNTOUCHED, "part2.ipynb": json.dumps(other).encode(), "x.ipynb": copy}
    released = {"hw.ipynb": RELEASED, "part2.ipynb": other}
    assert put_in_place(files, released, LIMITS) == {"part2.ipynb": "x.ipynb"}
    assert files == {"hw.ipynb": UNTOUCHED, "part2.ipynb": copy}


def test_a_choice_among_very_many_notebooks_is_left_to_grading() -> None:
    files = {"hw.ipynb": UNTOUCHED} | {f"{number}.ipynb": FIRST for number in range(MAX_COPIES + 1)}
    assert put_in_place(files, {"hw.ipynb": RELEASED}, LIMITS) == {}
    assert len(files) == MAX_COPIES + 2


def test_released_notebooks_are_read_as_far_as_they_can_be(tmp_path: Path) -> None:
    (tmp_path / "hw.ipynb").write_bytes(UNTOUCHED)
    for name, data in {"a": b"", "b": b"[]", "c": b'{"cells": 3}', "d": b'{"cells": [1]}'}.items():
        (tmp_path / f"{name}.ipynb").write_bytes(data)
    assert list(released_notebooks(tmp_path)) == ["hw.ipynb"]
    assert released_notebooks(tmp_path / "gone") == {}
