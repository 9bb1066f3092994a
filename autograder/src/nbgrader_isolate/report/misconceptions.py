"""Group what failing tests said, so that a teacher sees what the class has not understood yet.

Tests draw their data per student, so two students with the same mistake get messages with different
numbers. Messages are compared without their data. If a message goes on after it has said what was
expected, the rest is what counts: that part names the mistake.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from nbgrader_isolate.gradebook.results import ResultRow

MAX_COMPARED = 2000
"""Characters of a message that are compared."""
PLACE = re.compile(r"\(?\bline \d+ of the test\)?:?")
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Za-z`'\"(])|\n+")
CASE = re.compile(r"\b(?:expected|got|returned|should be|should return|raised)\b|^[\w.]+\(")
"""In a sentence about one case: what was called, expected and returned."""
QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
DATA = (
    (re.compile(r"<[^<>]*>"), "<…>"),
    (re.compile(r"\b(?:u?int|float|complex)\d+\b|0x[0-9a-fA-F]+"), "#"),
    (re.compile(r"(?<!\w)[-+]?\d[\d_]*(?:,\d{3})*(?:\.\d*(?!\s+[A-Z]|$))?(?:e[-+]?\d+)?j?"), "#"),
)
LIST = re.compile(r"\[(?:[^][()]|\[…\]|\(…\))*\]")
TUPLE = re.compile(r"\((?=[^()]*[#,'…\[])(?:[^][()]|\[…\]|\(…\))*\)")
"""Innermost lists, and arguments or tuples with data in them; `(see the lesson)` is not one."""
MAX_NESTED = 20
SILENT = {"AssertionError", "The test failed."}
"""What is noted of tests that say nothing; without their names, all of them would be one group."""


@dataclass
class Misconception:
    """One thing that tests said to several students.

    Parameters
    ----------
    notebook : str
    says : str
        What names the mistake, as the tests said it most often.
    example : str
        A whole message.
    students : list of str
        The students whose tests said it, each once.
    tests : collections.Counter
        In how many submissions each test said it, by grade_id.
    """

    notebook: str
    says: str
    example: str
    students: list[str] = field(default_factory=list)
    tests: Counter[str] = field(default_factory=Counter)


def misconceptions(rows: Iterable[ResultRow]) -> list[Misconception]:
    """Return what the failing tests of a class said, the most frequent first.

    Parameters
    ----------
    rows : iterable of ResultRow
        As `ResultStore.all` yields them.
    """
    found: dict[tuple[str, str], Misconception] = {}
    texts: dict[tuple[str, str], Counter[str]] = {}
    for row in rows:
        notebook = row["notebook"] or ""
        for test, cell in row["cells"].items():
            message = (cell["message"] or "").strip().rstrip(":")
            failed = cell["score"] is not None and cell["score"] < cell["max_score"]
            if not (failed and message and cell["mode"]):
                continue
            mistake = named_mistake(message)
            if mistake in SILENT:
                mistake = message = f"Test {test} failed without a message."
            group = notebook, without_data(mistake)
            one = found.setdefault(group, Misconception(notebook, "", message))
            texts.setdefault(group, Counter())[mistake] += 1
            one.tests[test] += 1
            if row["student"] not in one.students:
                one.students.append(row["student"])
    for group, one in found.items():
        one.says = texts[group].most_common(1)[0][0]
    return sorted(found.values(), key=lambda one: (-len(one.students), one.notebook, one.says))


def named_mistake(message: str) -> str:
    """Return the part of a message that names the mistake; all of it if nothing else does.

    Examples
    --------
    >>> named_mistake("f(2): expected 4, got 8. Do not square twice.")
    'Do not square twice.'
    >>> named_mistake("f(2): expected 4, got 8.")
    'f(2): expected 4, got 8.'
    """
    text = PLACE.sub("", message[:MAX_COMPARED].removeprefix("AssertionError: ")).strip()
    sentences = [part.strip() for part in SENTENCE.split(text) if part.strip()]
    rest = list(sentences)
    while rest and CASE.search(rest[0]):
        rest.pop(0)
    return " ".join(rest or sentences) or message[:MAX_COMPARED]


def without_data(text: str) -> str:
    """Return a text with a sign in the place of each number, list and quotation.

    Examples
    --------
    >>> without_data("f([1, 2], 3.5): expected (1, 4), got 'a b'.")
    "f(…): expected (…), got '…'."
    """
    short = QUOTED.sub(without_quotation, " ".join(text.split()))
    for pattern, sign in DATA:
        short = pattern.sub(sign, short)
    for _ in range(MAX_NESTED):
        shorter = TUPLE.sub("(…)", LIST.sub("[…]", short))
        if shorter == short:
            break
        short = shorter
    return short


def without_quotation(match: re.Match[str]) -> str:
    """Return a quoted name as it is, and a sign for any other quotation."""
    quoted = match[1] if match[1] is not None else match[2]
    return match[0] if quoted.isidentifier() else "'…'"


def share(part: Sequence[str], whole: int) -> float:
    """Return the share of a class, between 0 and 1."""
    return len(part) / whole if whole else 0.0
