"""Messages of many students become few groups, each of one mistake."""

from __future__ import annotations

from typing import Any

import pytest

from nbgrader_isolate.report.misconceptions import misconceptions, named_mistake, without_data

BACK = "Here the strides are back to front: the first index belongs to the first stride."


def row(student: str, notebook: str = "hw", **messages: str) -> dict[str, Any]:
    """Return the row of a student whose tests failed with these messages."""
    cells = {
        name: {"score": 0.0, "max_score": 2.0, "message": text, "mode": "isolated"}
        for name, text in messages.items()
    }
    return {"student": student, "notebook": notebook, "cells": cells}


def test_students_with_one_mistake_are_one_group_whatever_their_numbers() -> None:
    found = misconceptions(
        [
            row(
                "ada",
                visible=f"offset((1, 2), (24, 8), 0): expected 40, got 56. {BACK}",
                hidden=f"offset((1, 2), (40, -16), 32): expected 40, got 96. {BACK}",
            ),
            row("grace", visible=f"offset((3,), (24,), 0): expected 72, got 7. {BACK}"),
            row("alan", visible="NameError: name 'ofset' is not defined"),
        ]
    )
    assert [(one.says, one.students) for one in found] == [
        (BACK, ["ada", "grace"]),
        ("NameError: name 'ofset' is not defined", ["alan"]),
    ]
    assert found[0].tests == {"visible": 2, "hidden": 1}
    assert found[0].example.startswith("offset((1, 2), (24, 8), 0)")


def test_tests_that_say_nothing_are_named_and_not_mixed_up() -> None:
    rows = [
        row("ada", one="AssertionError", two="The test failed."),
        row("alan", one="AssertionError"),
    ]
    assert [(one.says, one.students) for one in misconceptions(rows)] == [
        ("Test one failed without a message.", ["ada", "alan"]),
        ("Test two failed without a message.", ["ada"]),
    ]


def test_an_error_without_a_text_is_one_group_with_and_without_its_colon() -> None:
    rows = [row("ada", one="NotImplementedError"), row("alan", two="NotImplementedError:")]
    assert [one.students for one in misconceptions(rows)] == [["ada", "alan"]]


def test_only_tests_that_lost_points_and_said_something_count() -> None:
    cells = row("ada", a="x", b="", c="y")
    cells["cells"]["a"]["score"] = 2.0
    cells["cells"]["c"]["score"] = None
    answer = {"score": 0.0, "max_score": 1.0, "message": "No response.", "mode": None}
    cells["cells"]["essay"] = answer
    assert misconceptions([cells]) == []
    assert misconceptions([row("ada", "one", t="x"), row("ada", "two", t="x")])[1].notebook == "two"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("f(2): expected 4, got 8.", "f(3.5): expected -1e-3, got 1_000."),
        ("f([[1, 2], [3]]): expected shape (1, 2).", "f([]): expected shape (4, 5)."),
        ("got 'a b'.", 'got "c d".'),
        ("expected int64.", "expected uint8."),
        ("<int64 array of shape (3, 3)> is wrong", "<uint8 array of shape (5,)> is wrong"),
        ("object at 0x7f00", "object at 0xdeadbeef"),
    ],
    ids=["numbers", "lists", "quotations", "dtypes", "objects", "addresses"],
)
def test_data_does_not_count(one: str, other: str) -> None:
    assert without_data(one) == without_data(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("name 'a' is not defined", "name 'b' is not defined"),
        ("KeyError: 'x'", "IndexError: 'x'"),
        ("expected 'wraps', got 'fits'", "expected 'fits', got 'wraps'"),
    ],
)
def test_names_and_words_count(one: str, other: str) -> None:
    assert without_data(one) != without_data(other)


@pytest.mark.parametrize(
    ("message", "mistake"),
    [
        ("f(2): expected 4, got 8. Do not square twice.", "Do not square twice."),
        ("f(2): expected 4, got 8.", "f(2): expected 4, got 8."),
        ("AssertionError (line 3 of the test)", "AssertionError"),
        ("f([1. 2. 3.]): expected 2. Use the mean.", "Use the mean."),
        ("f(2) returned 3.\nTwo lines.", "Two lines."),
    ],
)
def test_the_part_that_names_the_mistake_is_found(message: str, mistake: str) -> None:
    assert named_mistake(message) == mistake


@pytest.mark.parametrize("part", ["[", "'", "(", "a('", "1,", "<", "1_", "\n", ". A"])
def test_any_text_is_read(part: str) -> None:
    assert isinstance(without_data(named_mistake(part * 1000)), str)
