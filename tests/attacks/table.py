"""The table of attacks in `docs/autograder/attacks.md`, made from the corpus.

Run `python tests/attacks/table.py --write` after a change in the corpus.
"""

from __future__ import annotations

import sys
from collections import Counter
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent))

from corpus import ATTACKS

if TYPE_CHECKING:
    from corpus.attack import Attack

DOCUMENT = Path(__file__).parents[2] / "docs" / "autograder" / "attacks.md"
MARK = "<!-- made by tests/attacks/table.py -->"
STOCK = {
    "points": "gains points",
    "hidden": "shows hidden tests",
    "files": "shows files that are not the student's",
    "harm": "changes files that are not the student's",
    "survives": "leaves a process behind",
    "abort": "stops the run, or leaves the student without a score",
    "page": "runs its script in the feedback page",
    "flood": "writes more than 20 MB",
    "hang": "never ends",
}


def row(attack: Attack) -> str:
    """Return the row of one attack."""
    stock = STOCK.get(attack.stock) or f"nothing: {attack.why}"
    return f"| {attack.name} | {attack.gain.replace('|', '&#124;')} | {stock} |"


def unprotected() -> list[str]:
    """Return the table of what can still be gained in in-process tests."""
    rows = ["| attack | what it gains in an in-process test |", "|---|---|"]
    for attack in ATTACKS:
        gains = [
            word
            for word, true in (
                ("the test's points", attack.unprotected),
                ("a look at its hidden lines", attack.unprotected_read),
            )
            if true
        ]
        if gains:
            rows.append(f"| {attack.name} | {' and '.join(gains)} |")
    return rows


def table() -> str:
    """Return the made part of the document."""
    counted = Counter(attack.stock for attack in ATTACKS)
    works = sum(count for kind, count in counted.items() if kind != "none")
    summary = (
        f"{len(ATTACKS)} attacks. {works} of them work on plain nbgrader 0.9.6, "
        f"{counted['points']} of these for points.\nThe others are aimed at something that plain "
        "nbgrader does not have, or are stopped there too; the table says why."
    )
    lines = [
        summary,
        "",
        "### What still works: in-process tests",
        "",
        *unprotected(),
    ]
    for family, found in groupby(
        sorted(ATTACKS, key=lambda attack: attack.family), lambda attack: attack.family
    ):
        lines += [
            "",
            f"### {family.capitalize()}",
            "",
            "| attack | what it is after | on plain nbgrader |",
            "|---|---|---|",
            *map(row, found),
        ]
    return "\n".join(lines) + "\n"


def document() -> str:
    """Return the document with the table made anew."""
    written = DOCUMENT.read_text("utf-8")
    return f"{written.partition(MARK)[0]}{MARK}\n\n{table()}"


if __name__ == "__main__":
    if "--write" in sys.argv:
        DOCUMENT.write_text(document(), "utf-8")
    else:
        sys.stdout.write(table())
