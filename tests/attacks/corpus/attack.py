"""An attack is a name, what it would gain, and a function that tampers with a submission."""

from __future__ import annotations

import copy
import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Gain = Literal[
    "points", "hidden", "files", "harm", "survives", "abort", "page", "flood", "hang", "none"
]
"""What the attack does to plain nbgrader 0.9.6; `test_attacks_on_stock.py` proves it.

- points: it gains more points than its answers earn
- hidden: it shows hidden tests
- files: it shows files that are not its own
- harm: it changes files or scores that are not its own
- survives: a process outlives the run
- abort: the students after it are not graded, or the command fails
- page: its script runs in the feedback page
- flood: it produces more than 20 MB of results
- hang: the command does not return
- none: it does nothing there; `why` says what it is aimed at
"""

HONEST = 3.0
"""Points that the honest part of every attacking submission earns, for `flat-index` alone."""
EARNS = {"flat-index-visible": 1.0, "flat-index-hidden": 2.0}

# Planted where no submission may read. The attacks print what they find and never name these.
HIDDEN = "hidden4c1d"
UNPROTECTED = "unprot8e2a"
VICTIM = "victim55aa"
COURSE = "course77bb"
# Printed by an attack that escaped. It is put together at run time, so that the source of the
# attack does not contain it.
ESCAPED = "escaped91cc"
SAY_ESCAPED = "'esca' + 'ped91cc'"
LEFT = f"left-behind-{os.getpid()}"
"""Part of the name of every file and process that an attack of this run tries to leave behind."""
SLEEP = str(10_000_000 + os.getpid())
"""How long the daemons of the attacks sleep, in seconds; it identifies them among the processes."""


@dataclass
class Submission:
    """A submission that an attack will tamper with: an honest notebook and its folder.

    Parameters
    ----------
    notebook : dict
        In the format of nbformat 4; `flat-index` is solved, and the rest are stubs.
    course : Path
        The folder of the course on the host.
    listener : int
        A TCP port on the host's loopback on which the test listens.
    files, links, pipes
        What is next to the notebook: contents, targets of symbolic links, names of pipes.
    raw : bytes or None
        Bytes that replace the notebook's JSON.
    folder_link : str
        If set, the whole folder is a link to this.
    """

    notebook: dict[str, Any]
    course: Path
    listener: int
    files: dict[str, bytes] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    pipes: list[str] = field(default_factory=list)
    raw: bytes | None = None
    folder_link: str = ""

    @property
    def cells(self) -> list[dict[str, Any]]:
        """The cells of the notebook."""
        return self.notebook["cells"]

    def find(self, grade_id: str) -> dict[str, Any]:
        """Return the cell with this grade_id."""
        return next(
            c for c in self.cells if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id
        )

    def tests(self) -> list[dict[str, Any]]:
        """Return the grade cells."""
        return [c for c in self.cells if c["metadata"].get("nbgrader", {}).get("grade")]

    def answer(self, grade_id: str, source: str) -> None:
        """Write an answer into a solution cell."""
        self.find(grade_id)["source"] = source

    def add(self, source: str, at: int = 2, **about: Any) -> dict[str, Any]:
        """Insert a student's cell before cell number `at`, and return it."""
        cell = {
            "cell_type": "code",
            "execution_count": None,
            "metadata": {},
            "outputs": [],
            "source": source,
            "id": f"added-{len(self.cells)}",
            **about,
        }
        self.cells.insert(at, cell)
        return cell

    def text(self, source: str) -> dict[str, Any]:
        """Insert a student's Markdown cell after the title, and return it."""
        cell = {
            "cell_type": "markdown",
            "metadata": {},
            "source": source,
            "id": f"text-{len(self.cells)}",
        }
        self.cells.insert(1, cell)
        return cell

    def again(self, cell: dict[str, Any]) -> None:
        """Append a copy of a cell."""
        self.cells.append(copy.deepcopy(cell))

    def json(self) -> str:
        """Return the notebook as JSON text."""
        return json.dumps(self.notebook)


@dataclass(frozen=True)
class Attack:
    """One attack.

    Parameters
    ----------
    name : str
        A short description with dashes.
    family : str
    gain : str
        What it tries to gain.
    stock : Gain
        What it achieves against plain nbgrader.
    make : callable
        Tampers with a submission.
    why : str
        If `stock` is "none": what it is aimed at, or what stops it there.
    student : str
        The id of its student, if the id is the attack.
    keeps : bool
        Whether the honest part of the submission must keep its points.
    unprotected_read : bool
        Whether it shows the hidden lines of the in-process test.
    earns : dict of str to float
        The points that its correct answers earn in addition to `flat-index`, by the name of the
        test; or less than usual for `flat-index`.
    unprotected : bool
        Whether it gains the points of the in-process test; `docs/autograder/attacks.md` lists
        these.
    """

    name: str
    family: str
    gain: str
    stock: Gain
    make: Callable[[Submission], None]
    why: str = ""
    student: str = ""
    keeps: bool = False
    unprotected: bool = False
    unprotected_read: bool = False
    earns: dict[str, float] = field(default_factory=dict)

    @property
    def who(self) -> str:
        """The id of its student."""
        return self.student or f"mallory-{self.name}"


ATTACKS: list[Attack] = []
"""All attacks, in the order of their files."""


def attack(
    family: str, gain: str, stock: Gain, **about: Any
) -> Callable[[Callable[[Submission], None]], None]:
    """Declare the decorated function as an attack with its name."""

    def declare(make: Callable[[Submission], None]) -> None:
        ATTACKS.append(
            Attack(make.__name__.strip("_").replace("_", "-"), family, gain, stock, make, **about)
        )

    return declare


def cell(family: str, name: str, gain: str, stock: Gain, source: str, **about: Any) -> None:
    """Declare an attack that is one additional code cell, which runs before every answer."""
    about.setdefault("earns", right(source))
    ATTACKS.append(
        Attack(name, family, gain, stock, lambda work: work.add(source) and None, **about)
    )


def answer(
    family: str,
    name: str,
    gain: str,
    stock: Gain,
    source: str,
    task: str = "transpose",
    **about: Any,
) -> None:
    """Declare an attack that is the answer to one task."""
    about.setdefault("earns", right(source))
    ATTACKS.append(
        Attack(name, family, gain, stock, lambda work: work.answer(task, source), **about)
    )


def cells(family: str, why: str, sources: dict[tuple[str, str], str], **about: Any) -> None:
    """Declare attacks of one added cell each that do nothing to plain nbgrader, for one reason.

    Parameters
    ----------
    family, why : str
    sources : dict of (str, str) to str
        The sources of the cells, by name and gain.
    **about
        Further fields of all of them.
    """
    for (name, gain), source in sources.items():
        cell(family, name, gain, "none", source, why=why, **about)


def answers(family: str, why: str, sources: dict[tuple[str, str], str], **about: Any) -> None:
    """Declare the same in the first answer of the notebook, which then earns nothing itself.

    An array of the right shape earns a point of `windows-test`, whatever is in it.
    """
    about.setdefault("earns", {**dict.fromkeys(EARNS, 0.0), "windows-test": 1.0})
    for (name, gain), source in sources.items():
        answer(family, name, gain, "none", source, "flat-index", why=why, **about)


def right(source: str) -> dict[str, float]:
    """Return the points that a source earns if its `transpose` is right, whatever else it does."""
    return (
        {"transpose-test": 2.0}
        if re.search(r"def transpose\(a\):[^@]*?return a(\[::1\])?\.T\n", source)
        else {}
    )
