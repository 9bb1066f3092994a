"""The zoo: wrong answers to each task, and what each must be told; right ones in other styles.

`tests/zoo/<assignment>/<task>/<name>.py` is one answer. The comment lines on top are data: `points`
(what it must get, by the end of the test's grade_id; `all` for right answers), `says` (a part of the
message of its first failing test) and `why`.
"""

from __future__ import annotations

import ast
import copy
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from course.core.errors import ContentError
from course.exercises.runner import Notebook, Outcome, grading, is_solution

FIELD = re.compile(r"# (points|says|why|cell): *(.*)")
OTHER_NAMES = {"example": "visible"}


@dataclass(frozen=True)
class Answer:
    """One answer of the zoo.

    Parameters
    ----------
    file : Path
        Where it stands.
    assignment, task : str
        What it answers.
    source : str
        The code of its solution cell.
    points : dict of str to float, or None
        What each test must give, by the end of its grade_id; None: all.
    says : str
        A part of the message of the first failing test; empty for right answers.
    cell : str
        The grade_id of the cell that it fills; empty: the one that defines its names.
    """

    file: Path
    assignment: str
    task: str
    source: str
    points: dict[str, float] | None
    says: str
    cell: str = ""


def read_answer(file: Path) -> Answer:
    """Read one file of the zoo.

    Raises
    ------
    ContentError
        If a line of its header is missing or cannot be read.
    """
    text = file.read_text("utf-8")
    head = {found[1]: found[2].strip() for line in header(text) if (found := FIELD.match(line))}
    name = "/".join(file.parts[-5:])
    for wanted in ("points", "why"):
        if not head.get(wanted):
            raise ContentError(name, 1, f"no line `# {wanted}: …` in the header")
    points = None if head["points"] == "all" else points_of(head["points"], name)
    if (points is not None) != bool(head.get("says")):
        raise ContentError(name, 1, "a wrong answer has `# says: …`, a right one `# points: all`")
    place = (file.parent.parent.name, file.parent.name)
    return Answer(file, *place, text, points, head.get("says", ""), head.get("cell", ""))


def header(text: str) -> list[str]:
    """Return the comment lines on top."""
    lines = text.splitlines()
    return lines[
        : next((i for i, line in enumerate(lines) if not line.startswith("#")), len(lines))
    ]


def points_of(text: str, name: str) -> dict[str, float]:
    """Read `visible 1, walk 0, edge 0`."""
    points = {}
    for part in text.split("(", maxsplit=1)[0].split(","):
        match part.split():
            case [test, score] if re.fullmatch(r"\d+(\.\d+)?", score):
                points[OTHER_NAMES.get(test, test)] = float(score)
            case _:
                raise ContentError(name, 1, f"points: {part.strip()!r} is not like `visible 1`")
    return points


def answers(zoo: Path) -> list[Answer]:
    """Read the whole zoo, in the order of its files."""
    return [read_answer(file) for file in sorted(zoo.glob("*/*/*.py"))]


def sample(all_answers: list[Answer], per_task: int) -> list[Answer]:
    """Choose a few answers of each task, always the same ones, not the first by name."""
    tasks: dict[tuple[str, str], list[Answer]] = {}
    for answer in all_answers:
        tasks.setdefault((answer.assignment, answer.task), []).append(answer)
    return [
        answer
        for group in tasks.values()
        for answer in sorted(
            group, key=lambda one: hashlib.sha256(one.file.name.encode()).digest()
        )[:per_task]
    ]


def answered(notebook: Notebook, answer: str, cell: str = "") -> Notebook:
    """Return the task's notebook with an answer in place of the reference.

    The answer replaces the solution cells that define one of its names (the first takes its source,
    the others are emptied), or the first of all when none does.
    """
    made = copy.deepcopy(notebook)
    solutions = [one for one in made["cells"] if is_solution(one)]
    mine = names_of(answer)
    meant = [one for one in solutions if grading(one)["grade_id"] == cell]
    meant = meant or [one for one in solutions if names_of(one["source"]) & mine] or solutions[:1]
    for one in meant:
        one["source"] = ""
    meant[0]["source"] = answer
    return made


def names_of(source: str) -> set[str]:
    """Return the names that code binds at its top level; none if it is no Python."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return set()
    names = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {n.id for t in node.targets for n in ast.walk(t) if isinstance(n, ast.Name)}
    return names


def differences(answer: Answer, outcome: Outcome) -> list[str]:
    """Return in words where the outcome is not what the answer's header says."""
    got = {test.grade_id.removeprefix(f"{answer.task}-"): test.score for test in outcome.tests}
    full = {test.grade_id.removeprefix(f"{answer.task}-"): test.points for test in outcome.tests}
    wanted = full if answer.points is None else dict.fromkeys(full, 0.0) | answer.points
    found = []
    if got != wanted:
        found.append(f"points: expected {shown(wanted)}, got {shown(got)}")
    first = outcome.first_failure
    message = (first.message or "") if first else ""
    if answer.says not in message:
        found.append(f"the first failing test does not say {answer.says!r}")
    if found and first:
        found.append(f"it says ({first.grade_id}): {message}")
    return found


def shown(points: dict[str, float]) -> str:
    """Return points as the header writes them."""
    return ", ".join(f"{name} {score:g}" for name, score in points.items())
