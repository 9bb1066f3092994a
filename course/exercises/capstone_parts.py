"""The parts of MiniArray in the capstone: which code each of them gets, and how it is written.

Everything here works on source texts and reads no files, because it runs in two places:
`capstone.py` calls it for `make capstone`, and the capstone's page runs it in the browser, on the
answers that are kept there.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from course.core.python_source import bindings, defining, functions, imports_of, same_code

CAPSTONE = "09-capstone"
BLOCK = re.compile(r"(?ms)^# your parts begin$\n(.*?)^# your parts end$")


@dataclass(frozen=True)
class Part:
    """A part of MiniArray, and where its code comes from.

    Parameters
    ----------
    name : str
        The function.
    origin : str
        "yours", "reference" or "missing".
    source : str
        Its code.
    place : str
        The exercise that it belongs to, such as `04-views/mini-take`; empty if there is none.
    """

    name: str
    origin: str
    source: str
    place: str


@dataclass(frozen=True)
class PartExercise:
    """The exercise in which a part is written.

    Parameters
    ----------
    place : str
        Its name, such as `04-views/mini-take`.
    answer : str or None
        The student's code of the part, if the exercise is solved.
    reference : str
        The code of the reference solution; empty if the course came without its solutions.
    """

    place: str
    answer: str | None
    reference: str = ""


def block_of(sources: Iterable[str]) -> str:
    """Return what is between the two comment lines in some cells, if it is valid Python."""
    text = "\n".join(match[1] for source in sources if (match := BLOCK.search(source)))
    try:
        ast.parse(text)
    except SyntaxError:
        return ""
    return text


def choose(name: str, stub: str, there: str, exercise: PartExercise | None) -> Part:
    """Return a part with its best code.

    That is the student's solution of its exercise, what the student wrote in the capstone itself,
    the reference solution, or the stub, in this order.

    Parameters
    ----------
    name : str
        The function.
    stub, there : str
        Its code in the capstone as handed out, and in the student's copy.
    exercise : PartExercise, optional
        Where it is written, if it has an exercise of its own.
    """
    itself = f"{CAPSTONE} itself"
    if exercise is None:
        origin = "missing" if same_code(there) == same_code(stub) else "yours"
        return Part(name, origin, there, itself)
    if exercise.answer is not None:
        return Part(name, "yours", exercise.answer or stub, exercise.place)
    answer = exercise.reference
    known = {same_code(one) for one in (stub, functions(answer).get(name, ""))}
    if same_code(there) not in known:
        return Part(name, "yours", there, itself)
    return Part(name, "reference" if answer else "missing", answer or stub, exercise.place)


def refuse_clashes(parts: Iterable[Part], given: Iterable[str]) -> None:
    """Refuse parts that give one name to different things, because they share a cell.

    Parameters
    ----------
    parts : iterable of Part
        The parts.
    given : iterable of str
        The sources of the capstone's answer cells as handed out, whose names are taken as well.

    Raises
    ------
    ValueError
        If the code of a part would replace what another part or the capstone needs. The message
        names both, and suggests another name for a helper.
    """
    itself = f"{CAPSTONE} itself"
    known: dict[str, tuple[str, Part | None]] = {}
    for source in given:
        known |= {name: (code, None) for name, code in bindings(BLOCK.sub("", source)).items()}
    for one in parts:
        for name, code in bindings(one.source).items():
            meant, other = known.setdefault(name, (code, one))
            if code == meant:
                continue
            mine = one if other is None or name != one.name else other
            first = itself if other is None else other.place
            raise ValueError(
                f"`{name}` in {first} and `{name}` in {one.place} are different, but in the "
                f"capstone one would replace the other. Rename the one in {mine.place}, for "
                f"example to `{mine.name}_{name}`, and copy the parts again."
            )


def pasted(source: str, imports: list[str], parts: list[Part]) -> str:
    """Return the source of a cell with imports and parts in its block, if it has one."""
    return BLOCK.sub(
        lambda _: f"# your parts begin\n{block(imports, parts)}# your parts end", source
    )


def block(imports: list[str], parts: list[Part]) -> str:
    """Return the code of the parts, each once, under a line that says where it comes from."""
    sources: dict[str, Part] = {}
    for one in parts:
        sources.setdefault(one.source.strip(), one)
    if any(re.search(r"\bnp\.", source) for source in sources):
        imports = list(dict.fromkeys([*imports, "import numpy as np"]))
    texts = ["\n".join(imports) + "\n"] if imports else []
    for source, one in sources.items():
        origins = {
            "yours": f"yours, from {one.place}",
            "reference": f"the reference, from {one.place}",
        }
        texts.append(f"# {origins.get(one.origin, 'not written yet')}\n{source}\n")
    return "\n\n".join(texts)


# In the page --------------------------------------------------------------------------------------


def fill_in_page(text: str) -> str:
    """Fill the cells of the capstone from the answers in a browser, where no reference is.

    Parameters
    ----------
    text : str
        A JSON object: `given` and `mine`, the sources of the capstone's answer cells as handed out
        and as they are now; `exercises`, a list of objects with `place`, `given` and `mine`, the
        same of each exercise that a part may come from, and `solved`, whether its tests pass.

    Returns
    -------
    str
        A JSON object: `sources`, the cells filled, and `parts`, a list of `name`, `origin` and
        `place`.

    Raises
    ------
    ValueError
        If two parts give one name to different things.
    """
    job: dict[str, Any] = json.loads(text)
    given = block_of(job["given"])
    stubs, there = functions(given), functions(block_of(job["mine"]))
    parts = [
        choose(name, stub, there.get(name, stub), exercise_in_page(job["exercises"], name))
        for name, stub in stubs.items()
    ]
    refuse_clashes(parts, job["given"])
    sources = [pasted(source, imports_of(given), parts) for source in job["mine"]]
    said = [{"name": one.name, "origin": one.origin, "place": one.place} for one in parts]
    return json.dumps({"sources": sources, "parts": said})


def exercise_in_page(exercises: list[dict[str, Any]], name: str) -> PartExercise | None:
    """Return the exercise whose notebook, as handed out, defines a part."""
    found = next((one for one in exercises if defining(one["given"], name) is not None), None)
    if found is None:
        return None
    answer = (defining(found["mine"], name) or "") if found["solved"] else None
    return PartExercise(found["place"], answer)
