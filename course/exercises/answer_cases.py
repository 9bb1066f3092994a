"""Answer cases: wrong answers to each task with the message they must get, and other right ones.

`tests/zoo/<assignment>/<task>/<name>.py` is one answer. The comment lines at the top are data:
`points` (what each test must give, by the end of its grade_id; `all` for a right answer), `says`
(part of the message of the first failing test) and `why`. Optional: `cell`, `mistake` (two answers
may get the same sentence only if they name the same mistake) and `catch: visible`, which marks the
answer that misses the point of its task: the visible tests must fail for it.
"""

from __future__ import annotations

import copy
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from course.core.errors import ContentError
from course.core.exercises import Notebook, grading, is_solution
from course.core.python_source import names_of
from course.exercises.runner import ExerciseResult

FIELD = re.compile(r"# (points|says|why|cell|mistake|catch): *(.*)")
NEXT_SENTENCE = re.compile(r"(?<=[.?]\s)(?=\S)")
NUMBER = re.compile(r"-?\d[\d,.]*(?<!\.)")
OTHER_NAMES = {"example": "visible"}


@dataclass(frozen=True)
class Answer:
    """One answer case.

    Parameters
    ----------
    file : Path
        Its file.
    assignment, task : str
        The task that it answers.
    source : str
        The code of its solution cell.
    points : dict of str to float, or None
        What each test must give, by the end of its grade_id; None means all points.
    says : str
        Part of the message of the first failing test; empty for right answers.
    cell : str
        The grade_id of the cell to fill; if empty, the cell that defines the answer's names.
    mistake : str
        What is wrong, in a few words; by default, the name of the file.
    catch : str
        "visible" if it misses the point of the task, so that the visible tests must fail for it.
    """

    file: Path
    assignment: str
    task: str
    source: str
    points: dict[str, float] | None
    says: str
    cell: str = ""
    mistake: str = ""
    catch: str = ""


def read_answer(file: Path) -> Answer:
    """Read one answer case.

    Raises
    ------
    ContentError
        If a line of its header is missing or cannot be read.
    """
    text = file.read_text("utf-8")
    fields = {field[1]: field[2].strip() for line in header(text) if (field := FIELD.match(line))}
    name = "/".join(file.parts[-5:])
    for wanted in ("points", "why"):
        if not fields.get(wanted):
            raise ContentError(name, 1, f"the header has no line `# {wanted}: …`: add it")
    points = None if fields["points"] == "all" else points_of(fields["points"], name)
    if (points is not None) != bool(fields.get("says")):
        raise ContentError(
            name, 1, "give a wrong answer `# says: …`, and a right one `# points: all`"
        )
    if fields.get("catch", "visible") != "visible" or (points is None and "catch" in fields):
        raise ContentError(name, 1, "`# catch: visible` marks a wrong answer; there is no other")
    return Answer(
        file,
        file.parent.parent.name,
        file.parent.name,
        text,
        points,
        says=fields.get("says", ""),
        cell=fields.get("cell", ""),
        mistake=fields.get("mistake", file.stem),
        catch=fields.get("catch", ""),
    )


def header(text: str) -> list[str]:
    """Return the comment lines at the top."""
    lines = text.splitlines()
    return lines[
        : next((i for i, line in enumerate(lines) if not line.startswith("#")), len(lines))
    ]


def points_of(text: str, name: str) -> dict[str, float]:
    """Parse `visible 1, walk 0, edge 0`."""
    points = {}
    for part in text.split("(", maxsplit=1)[0].split(","):
        match part.split():
            case [test, score] if re.fullmatch(r"\d+(\.\d+)?", score):
                points[OTHER_NAMES.get(test, test)] = float(score)
            case _:
                raise ContentError(name, 1, f"points: {part.strip()!r} is not like `visible 1`")
    return points


def answers(folder: Path) -> list[Answer]:
    """Read all answer cases, in the order of their files."""
    return [read_answer(file) for file in sorted(folder.glob("*/*/*.py"))]


def sample(all_answers: list[Answer], per_task: int) -> list[Answer]:
    """Choose a few answers for each task: always the same ones, but not the first by name."""
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
    """Return the task's notebook with an answer in place of the reference solution.

    The answer goes into the first solution cell that defines one of its names, and the other cells
    that do are emptied. If none does, it goes into the first solution cell.
    """
    filled = copy.deepcopy(notebook)
    solutions = [one for one in filled["cells"] if is_solution(one)]
    names = names_of(answer)
    targets = (
        [one for one in solutions if grading(one)["grade_id"] == cell]
        or [one for one in solutions if names_of(one["source"]) & names]
        or solutions[:1]
    )
    for target in targets:
        target["source"] = ""
    targets[0]["source"] = answer
    return filled


def differences(answer: Answer, outcome: ExerciseResult) -> list[str]:
    """Return, in words, how the outcome differs from what the answer's header says."""
    got = {test.grade_id.removeprefix(f"{answer.task}-"): test.score for test in outcome.tests}
    full = {test.grade_id.removeprefix(f"{answer.task}-"): test.points for test in outcome.tests}
    wanted = full if answer.points is None else dict.fromkeys(full, 0.0) | answer.points
    lines = []
    if got != wanted:
        lines.append(f"points: expected {shown(wanted)}, got {shown(got)}")
    first = outcome.first_failure
    message = (first.message or "") if first else ""
    if answer.says not in message:
        lines.append(f"the first failing test does not say {answer.says!r}")
    if lines and first:
        lines.append(f"it says ({first.grade_id}): {message}")
    return lines


def explanations(message: str) -> list[str]:
    """Return the sentences of a message after the first, which only says what happened.

    Numbers are replaced by #, so that the same sentence about another case is the same text.
    """
    _, *sentences = NEXT_SENTENCE.split(message)
    return [NUMBER.sub("#", sentence).strip() for sentence in sentences]


def shown(points: dict[str, float]) -> str:
    """Return points as the header writes them."""
    return ", ".join(f"{name} {score:g}" for name, score in points.items())
