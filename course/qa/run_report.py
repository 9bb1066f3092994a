"""The report of a whole test run, folder by folder, from pytest's JUnit files."""

from __future__ import annotations

import platform
import xml.etree.ElementTree as ET
from collections import Counter, defaultdict
from pathlib import Path

WORDS = ("passed", "failed", "errors", "skipped")
Results = dict[tuple[str, str], list[ET.Element]]
"""The results of each test, by its class and its name."""


def cases(junits: list[Path]) -> Results:
    """Return the results of each test, by its class and its name, in the order of the runs."""
    found: Results = defaultdict(list)
    for junit in junits:
        for case in ET.parse(junit).iter("testcase"):  # noqa: S314 - see the import
            found[case.get("classname", ""), case.get("name", "")].append(case)
    return found


def outcomes(found: Results) -> dict[str, Counter[str]]:
    """Count the tests of each folder of tests/.

    Parameters
    ----------
    found : dict
        As `cases` returns it. The last result of a test counts.

    Returns
    -------
    dict of str to Counter
        For each folder, how many tests passed, failed, ended in an error or were skipped, and the
        `milliseconds` that they took.
    """
    folders: dict[str, Counter[str]] = defaultdict(Counter)
    for (classname, _name), results in found.items():
        counts = folders["/".join(classname.split(".")[:2])]
        counts[outcome(results[-1])] += 1
        counts["milliseconds"] += sum(round(1000 * float(case.get("time", 0))) for case in results)
    return dict(sorted(folders.items()))


def outcome(case: ET.Element) -> str:
    """Return how one test ended."""
    for tag, word in (("failure", "failed"), ("error", "errors"), ("skipped", "skipped")):
        if case.find(tag) is not None:
            return word
    return "passed"


def table(junits: list[Path]) -> str:
    """Return the report as Markdown: one line per folder, the totals, the date and the machine.

    Tests that failed at first and passed when they ran again are named below the table.

    Parameters
    ----------
    junits : list of Path
        What `pytest --junitxml` wrote: for the whole run, then for each later run of those tests
        that had failed.
    """
    found = cases(junits)
    folders = outcomes(found)
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
    suites = list(ET.parse(junits[0]).iter("testsuite"))  # noqa: S314 - see the import
    day = suites[0].get("timestamp", "")[:10]
    minutes = sum(float(suite.get("time", 0)) for suite in suites) / 60
    where = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    lines += ["", f"Written by `make test-all` on {day}: {minutes:.0f} minutes on {where}.", ""]
    return "\n".join([*lines, *ran_again(found)])


def ran_again(found: Results) -> list[str]:
    """Return lines that name the tests that passed only when they ran again."""
    passed = [
        f"- `{classname}::{name}`"
        for (classname, name), results in found.items()
        if outcome(results[0]) != "passed" == outcome(results[-1])
    ]
    if not passed:
        return []
    return [
        "In that run, these tests did not pass. They passed when",
        "`python -m course test --all --failed` ran them again, after what was wrong was fixed or",
        "with nothing beside them:",
        "",
        *sorted(passed),
        "",
    ]


def row(name: str, counts: Counter[str]) -> str:
    """Return one line of the table."""
    numbers = [*(counts[word] for word in WORDS), round(counts["milliseconds"] / 1000)]
    return f"| {name} | {' | '.join(map(str, numbers))} |"
