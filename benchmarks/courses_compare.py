"""Compare the points of two gradebooks cell by cell."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

from courses_graders import OURS, STOCK, Cell, Skipped, cells_of, executed

Record = dict[str, Any]
"""What is known of one assignment, as in its JSON file."""

ASKED = "a person is asked"
STDERR = "text on stderr"
BLANK = "a blank answer that a person grades"
STOPPED = "stopped by a time limit"
OPEN = "not explained"
DOCUMENTED = (ASKED, STDERR, BLANK, STOPPED)
"""Kinds of differences that docs/autograder/differences.md explains."""

REASONS = (
    (r"^uses a magic", "uses a magic or a shell command"),
    (r"^passes ", "passes a function, a type or an iterator to the student's code"),
    (r"^uses \S+, which is (.+)", r"uses a name of the student's that is \1"),
    (r"^reads \S+, which the student", "reads data that the student's code may have changed"),
    (r"^rebinds ", "binds a name of the student's again"),
    (r"^otherwise the reference", "otherwise the reference solution fails a later test"),
    (r"needs its .* cannot be sent", "a later cell needs a value that cannot be sent"),
    (r"^it needs .* student's process only", "needs a cell that runs in the student's process"),
    (
        r"cannot be sent to the student's",
        "passes a value that cannot be sent to the student's code",
    ),
    (r"isolated: .*an object of type", "an answer or a result cannot be sent to the test"),
    (r"omparison of an object", "compares an object of the student's class with data"),
    (r"differs from that of your own", "reads data that the student's code changes in a call"),
    (r"^the reference solution does not pass.*: (\w*Error)\b", r"\1 when it is isolated"),
    (r"^the reference solution does not pass", "its error when it is isolated is not known"),
    (r"^when it is isolated", "it would not notice that nothing was answered"),
    (r"\s*\(.*\)$", ""),
)
"""What reasons of plans have in common."""


def kind(name: str) -> str:
    """Return what kind of reason a plan gives, without the names of one test."""
    for pattern, words in REASONS:
        match = re.search(pattern, name)
        if match and words:
            return match.expand(words)
        if match:
            name = name[: match.start()]
    return name


def kinds(reason: str) -> list[str]:
    """Return the kinds of all reasons for one test."""
    return sorted({kind(part) for part in reason.split("; ")})


def differences(base: Path, names: list[str]) -> tuple[Record, list[Record]]:
    """Compare two courses.

    Returns
    -------
    counts : dict
        `compared`, `same`, `asked` and `differ`.
    found : list of dict
        Each difference with its student, notebook, cell, both points and kind.

    Raises
    ------
    Skipped
        If our command left a submission out.
    """
    stock, ours = cells_of(base / STOCK), cells_of(base / OURS)
    if absent := stock.keys() - ours.keys():
        raise Skipped(f"our command did not grade {len(absent)} of {len(stock)} submissions")
    counts: Counter[str] = Counter()
    found: list[Record] = []
    for student, notebooks in stock.items():
        for name in names:
            for cell, there in notebooks.get(name, {}).items():
                counts["compared"] += 1
                here = ours[student].get(name, {}).get(cell, Cell(None, waits=False))
                if here.points == there.points:
                    counts["same"] += 1
                    continue
                one = {"student": student, "notebook": name, "cell": cell}
                one |= {"stock": there.points, "ours": here.points}
                one |= explained(base, one, there, here)
                counts["asked" if one["kind"] == ASKED else "differ"] += 1
                found.append(one)
    return dict(counts), found


def explained(base: Path, one: Record, there: Cell, here: Cell) -> Record:
    """Return the kind of a difference, and what both sides show of its cell."""
    theirs = executed(base / STOCK, one["student"], one["notebook"]).get(one["cell"], [])
    mine = executed(base / OURS, one["student"], one["notebook"]).get(one["cell"], [])
    errors = "".join(f"{o.get('ename', '')}: {o.get('evalue', '')}" for o in theirs)
    why = OPEN
    if here.points is None and here.waits:
        why = ASKED
    elif there.points is None and there.waits and not here.points:
        why = BLANK
    elif any(output.get("name") == "stderr" for output in theirs) and not there.points:
        why = STDERR
    elif "timed out" in errors or "timeout" in errors.lower():
        why = STOPPED
    return {"kind": why, "stock shows": shown(theirs), "ours shows": shown(mine)}


def shown(outputs: list[Record]) -> str:
    """Return the errors and the text on stderr of a cell, shortened."""
    texts = []
    for output in outputs:
        if output["output_type"] == "error":
            texts.append(f"{output['ename']}: {output['evalue']}")
        elif output.get("name") == "stderr":
            texts.append(f"stderr: {output['text']}")
    return " | ".join(texts)[:300]


def line(course: str, assignment: str, one: Record) -> str:
    """Return a difference as one line."""
    return (
        f"{course} | {assignment} | {one['notebook']} | {one['cell']} | {one['student']}: "
        f"stock {one['stock']}, ours {one['ours']} ({one['kind']})"
    )
