"""One queue for all that needs a person: problems first, then one question after another."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

from rich.console import Console

from nbgrader_isolate.core.text import REPLACEMENT
from nbgrader_isolate.gradebook.grades import Grade, Submission
from nbgrader_isolate.gradebook.results import failure_row
from nbgrader_isolate.report.review_queue import print_queue, queue_lines, review_queue

BASE = "https://hub.example.org/services/ps/formgrader/"


def row(student: str, *reasons: str, status: str = "graded") -> dict[str, Any]:
    return failure_row(student, "") | {
        "notebook": "hw",
        "status": status,
        "review_reasons": list(reasons),
    }


def grade(student: str, cell: str, *, waiting: bool) -> Grade:
    return Grade(student, "hw", cell, None, 2.0, waiting=waiting, page=f"id-{student}")


def someone(student: str, name: str = "") -> Submission:
    from datetime import timedelta

    return Submission(student, name, None, timedelta(), 0.0, 0.0)


ITEMS = review_queue(
    [
        row("ada", "unprotected points: t1"),
        row("bob", "hw.ipynb: is empty", status="unreadable"),
        row("cy"),
        failure_row("dan", "its worker was killed"),
    ],
    [
        grade("cy", "essay-b", waiting=True),
        grade("ada", "essay-b", waiting=True),
        grade("eve", "essay-a", waiting=True),
        grade("bob", "t1", waiting=True),
        grade("cy", "t1", waiting=False),
    ],
    [someone("ada", "Ada Lovelace")],
)


def test_problems_come_first_and_then_one_question_after_another() -> None:
    assert [(one.student, one.cells) for one in ITEMS] == [
        ("dan", ()),
        ("bob", ("t1",)),
        ("eve", ("essay-a",)),
        ("ada", ("essay-b",)),
        ("cy", ("essay-b",)),
    ]
    assert ITEMS[0].what == "error: its worker was killed"
    assert ITEMS[1].what == (
        "unreadable: hw.ipynb: is empty; its page in the formgrader takes points by hand"
    )


def test_many_cells_are_named_whole_or_counted() -> None:
    cells = tuple(f"cell-{number:016d}" for number in range(20))
    what = replace(ITEMS[2], cells=cells).what
    assert what == f"grade by hand: {', '.join(cells[:8])} and 12 more"
    assert cells[7] in printed([replace(ITEMS[2], cells=cells)])


def test_each_item_has_the_link_of_its_page() -> None:
    lines = list(queue_lines(ITEMS, BASE))
    assert lines[3]["link"] == f"{BASE}submissions/id-ada/"
    assert lines[0]["link"] == ""
    assert (lines[3]["name"], lines[3]["grade_by_hand"]) == ("Ada Lovelace", "essay-b")


def printed(items: list[Any]) -> str:
    out = io.StringIO()
    print_queue(Console(file=out, width=140), items, BASE)
    return out.getvalue()


def test_the_queue_is_printed_with_whole_links_and_names() -> None:
    said = printed(ITEMS)
    assert "5 pages to look at: 2 with a reason, 3 answers to grade by hand." in said
    assert f"{BASE}submissions/id-eve/" in said
    assert "Ada Lovelace" in said
    assert printed([]).strip() == "Nothing needs a person."


def test_what_students_wrote_does_not_reach_the_terminal() -> None:
    items = review_queue([row("m\x1b[2Jm", "[red]x\x07")], [], [])
    said = printed(items)
    assert "\x1b" not in said
    assert f"m{REPLACEMENT}[2Jm" in said
    assert "[red]x" in said
