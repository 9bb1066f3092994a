"""How to write a test, so that it can be isolated, instead of what keeps it in-process."""

from __future__ import annotations

import re
from collections.abc import Iterator

ADVICE: tuple[tuple[str, str], ...] = (
    (
        r"measures (memory|the process)|live objects",
        "keep it in-process, give it few points, and check the same answer with an isolated test",
    ),
    (
        r"patches names",
        "patch input, print, the standard streams or a function of random, or pass a function",
    ),
    (
        r"talks to the kernel|by their text",
        "write the name itself, as in `assert answer == 3`; for its text, solution_source(name)",
    ),
    (r"metadata says so", "remove the key isolation from the cell's metadata, and plan again"),
    (r"figures", "ask for a function that returns the data that is plotted, and test that"),
    (r"magic", "write the test in plain Python"),
    (
        r"which is a class",
        "ask, in the stub, for a function that uses the class and returns data, and test that",
    ),
    (r"by identity", "change one of the objects, and test that the other has not changed"),
    (
        r"async function",
        "ask, in the stub, for a function that returns a list, and test that",
    ),
    (r"passes .* to ", "pass data, or a function; a list instead of an iterator"),
    (r"rebinds", "give your own object another name than the student's"),
    (r"which cannot be sent", "bind that name in one of your plain cells, before the answer"),
    (
        r"in the student's process only",
        "let the plain cell use data only, or move what it computes into the test",
    ),
    (
        r"nothing was answered",
        "begin the test with a call of the student's function, or a check of its value",
    ),
    (
        r"does not pass it|otherwise the reference",
        "ask, in the stub, for a function that turns what does not cross into data",
    ),
)
"""Patterns of reasons, and what to do instead."""


def advice_on(reason: str) -> Iterator[str]:
    """Yield what to do instead, for each part of a reason."""
    yield from dict.fromkeys(
        advice
        for part in reason.split("; ")
        for advice in [next((text for sign, text in ADVICE if re.search(sign, part)), "")]
        if advice
    )
