"""`review`: ideas that were answered wrongly, or without being sure, asked again with new numbers."""

from __future__ import annotations

from typing import Any

from stridescope.drawing.figure import prose
from stridescope.instruments.predict import ASKED, Idea, Question, label, static, words
from stridescope.runtime import answer_log
from stridescope.runtime.instrument import Instrument

VARIANTS = 2
"""Sets of new numbers that a page carries for each idea, since it cannot ask Python for more."""


def review(answers: str = "") -> Instrument:
    """Ask again what was answered wrongly or with "think so", with new numbers where there are some.

    Only questions of cells that have been run can be asked again.

    Parameters
    ----------
    answers
        A code from `Copy my answers` of a page; its answers are added to the ledger first.

    Returns
    -------
    Instrument
        In JupyterLab what the ledger beside the notebook says; in a page, what its browser remembers.

    Raises
    ------
    ValueError
        If the code, or the ledger's file, cannot be read.
    """
    known = answer_log.merge(answers) if answers else answer_log.read()
    due = [key for key in ASKED if key in known and answer_log.is_due(known[key])]
    tries = {key: len(known.get(key, {"tries": ()})["tries"]) for key in ASKED}
    waiting = sum(answer_log.is_due(entry) for key, entry in known.items() if key not in ASKED)
    ideas = [_idea(idea, max(tries[idea.key], 1)) for idea in ASKED.values()]
    state = {"label": "Review", "ideas": ideas, "due": due, "answered": len(known)}
    again = [ASKED[key].variant(tries[key]) for key in due]
    said = sentence(len(due), len(known), waiting)
    return Instrument(
        _static(said, again),
        "\n".join([said, *(words(question) for question in again)]),
        "review",
        state | {"said": said},
        on_reply=answer_log.record_quietly,
    )


def _idea(idea: Idea, seed: int) -> dict[str, Any]:
    """Return an idea with its next sets of numbers as state."""
    seeds = range(seed, seed + VARIANTS) if idea.again else [0]
    variants = [(k, idea.variant(k)) for k in seeds]
    common = {"key": idea.key}
    return common | {
        "variants": [
            {"seed": k, "label": label(q.ask), "key": idea.key, **q.state()} for k, q in variants
        ]
    }


def sentence(due: int, answered: int, waiting: int) -> str:
    """Return how many ideas come back, and why none if none does."""
    if due:
        said = f"{due} {'idea comes' if due == 1 else 'ideas come'} back, with new numbers where there are some."
    elif answered and not waiting:
        said = "Nothing comes back: all answers so far were right and sure."
    else:
        said = (
            "Nothing to ask again yet. What you answer wrongly, or without being sure, "
            "comes back here with new numbers."
        )
    if waiting:
        said += f" {waiting} more {'waits' if waiting == 1 else 'wait'} in cells not run in this session."
    return said


def _static(said: str, again: list[Question]) -> str:
    questions = "".join(static(question) for question in again)
    return f'<div class="ss ss-review"><p>{prose(said)}</p></div>{questions}'
