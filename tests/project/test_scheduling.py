"""The order in which the test files run names files that exist."""

from __future__ import annotations

import re

from course.bootstrap import ROOT
from support.scheduling import LAB, LONGEST, ROUND, following


def test_files_that_take_longest_exist() -> None:
    assert [file for file in LONGEST if not (ROOT / file).is_file()] == []


def test_rounds_of_attacks_are_told_apart() -> None:
    names = ("test_it[our command]", "test_it[our command, landlock-daemon]", "test_it[a]")
    found = [re.search(ROUND, name) for name in names]
    assert [one and one[1] for one in found] == ["our command", "our command, landlock", None]


def test_a_worker_begins_with_what_takes_longest_and_stays_in_the_browser() -> None:
    other, short, page = LONGEST[2], "tests/project/test_x.py", "tests/browser/test_x.py"
    waiting = [page, short, LAB, other]
    assert following(waiting, None) == other
    assert following(waiting, short) == other
    assert following(waiting, page) == LAB
    assert following([short, page], LAB) == page
    assert following([page, short], other) == short
    assert following([short], LAB) == short
    assert following([page], other) == page
