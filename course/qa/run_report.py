"""The report of a whole test run, folder by folder, from pytest's JUnit file."""

from __future__ import annotations

import platform
import xml.etree.ElementTree as ET
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path

WORDS = ("passed", "failed", "errors", "skipped")


def outcomes(junit: Path) -> dict[str, Counter[str]]:
    """Count the tests of each folder of tests/.

    Parameters
    ----------
    junit : Path
        What `pytest --junitxml` wrote.

    Returns
    -------
    dict of str to Counter
        For each folder, how many tests passed, failed, ended in an error or were skipped, and the
        `milliseconds` that they took.
    """
    folders: dict[str, Counter[str]] = defaultdict(Counter)
    for case in ET.parse(junit).iter("testcase"):  # noqa: S314 - see the import
        folder = "/".join(case.get("classname", "").split(".")[:2])
        counts = folders[folder]
        counts[outcome(case)] += 1
        counts["milliseconds"] += round(1000 * float(case.get("time", 0)))
    return dict(sorted(folders.items()))


def outcome(case: ET.Element) -> str:
    """Return how one test ended."""
    for tag, word in (("failure", "failed"), ("error", "errors"), ("skipped", "skipped")):
        if case.find(tag) is not None:
            return word
    return "passed"


def table(junit: Path, minutes: float, when: datetime | None = None) -> str:
    """Return the report as Markdown: one line per folder, the totals, the date and the machine.

    Parameters
    ----------
    junit : Path
        What `pytest --junitxml` wrote.
    minutes : float
        How long the run took, wall clock.
    when : datetime, optional
        The date of the run; today by default.
    """
    folders = outcomes(junit)
    total: Counter[str] = Counter()
    lines = [
        "# The last whole test run",
        "",
        f"| folder | {' | '.join(WORDS)} | seconds |",
        "|---|---|---|---|---|---|",
    ]
    for folder, counts in folders.items():
        lines.append(row(f"`{folder}`", counts))
        total.update(counts)
    lines.append(row("all", total))
    day = (when or datetime.now(UTC)).date().isoformat()
    where = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    lines += ["", f"Written by `make test-all` on {day}: {minutes:.0f} minutes on {where}.", ""]
    return "\n".join(lines)


def row(name: str, counts: Counter[str]) -> str:
    """Return one line of the table."""
    numbers = [*(counts[word] for word in WORDS), round(counts["milliseconds"] / 1000)]
    return f"| {name} | {' | '.join(map(str, numbers))} |"
