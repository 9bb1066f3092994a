"""The table of attacks in `docs/autograder/attacks.md`, made from the corpus: `python tests/attacks/table.py --write`."""

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
    "files": "shows what is not its own",
    "harm": "changes what is not its own",
    "survives": "leaves a process behind",
    "abort": "ends the run, or goes without marks",
    "page": "runs its script in the feedback page",
    "flood": "writes more than 20 MB",
    "hang": "never comes back",
}


def row(attack: Attack) -> str:
    """Return the line of one attack."""
    stock = STOCK.get(attack.stock) or f"nothing: {attack.why}"
    return f"| {attack.name} | {attack.gain.replace('|', '&#124;')} | {stock} |"


def unprotected() -> list[str]:
    """Return the table of what can still be gained in cells that run in the student's process."""
    rows = ["| attack | gains there |", "|---|---|"]
    for attack in ATTACKS:
        gains = [
            word
            for word, true in (
                ("the cell's points", attack.unprotected),
                ("the sight of its hidden test", attack.unprotected_read),
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
    told = (
        f"{len(ATTACKS)} attacks. {works} of them work on plain nbgrader 0.9.6, {counted['points']} for points. "
        "The others are aimed at what plain nbgrader has not, or are stopped there too; the table says by what."
    )
    lines = [
        told,
        "",
        "### What is left: cells in the student's process",
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
