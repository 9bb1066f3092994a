"""`review`: questions answered wrongly, or without being sure, asked again with new numbers."""

from __future__ import annotations

from typing import Any

from stridescope.drawing.figure import prose
from stridescope.instruments.predict import (
    QUESTIONS,
    AskedQuestion,
    Question,
    label,
    question_html,
    question_words,
)
from stridescope.runtime import answer_log
from stridescope.runtime.instrument import Instrument

VARIANTS = 2
"""Sets of new numbers that a page stores for each question, because it cannot ask Python."""


def review(answers: str = "") -> Instrument:
    """Ask questions again that were answered wrongly, or right but without being sure.

    A question comes back with new numbers if it has any. Only questions in cells that have been run
    can come back.

    Parameters
    ----------
    answers
        A code from "Copy my answers" in a page; its answers are first added to the answer log.

    Returns
    -------
    Instrument
        The questions that are due: in JupyterLab according to the answer log next to the notebook,
        in a page according to what its browser stores.

    Raises
    ------
    ValueError
        If the code or the file of the answer log cannot be read.

    Examples
    --------
    Call it below the questions. Before any of them has been answered, there is nothing to ask:

    >>> import stridescope as ss
    >>> print(str(ss.review()).partition(".")[0])
    Nothing to repeat yet
    """
    known = answer_log.merge(answers) if answers else answer_log.read()
    due = [key for key in QUESTIONS if key in known and answer_log.is_due(known[key])]
    tries = {key: len(known.get(key, {"tries": ()})["tries"]) for key in QUESTIONS}
    waiting = sum(answer_log.is_due(entry) for key, entry in known.items() if key not in QUESTIONS)
    ideas = [_idea(idea, max(tries[idea.key], 1)) for idea in QUESTIONS.values()]
    state = {"label": "Review", "ideas": ideas, "due": due, "answered": len(known)}
    again = [QUESTIONS[key].variant(tries[key]) for key in due]
    said = sentence(len(due), len(known), waiting)
    return Instrument(
        _static(said, again),
        "\n".join([said, *(question_words(question) for question in again)]),
        "review",
        state | {"said": said},
        on_reply=answer_log.record_quietly,
    )


def _idea(idea: AskedQuestion, seed: int) -> dict[str, Any]:
    """Return the state of a question with its next sets of numbers."""
    seeds = range(seed, seed + VARIANTS) if idea.again else [0]
    variants = [(k, idea.variant(k)) for k in seeds]
    common = {"key": idea.key}
    return common | {
        "variants": [
            {"seed": k, "label": label(q.ask), "key": idea.key, **q.state()} for k, q in variants
        ]
    }


def sentence(due: int, answered: int, waiting: int) -> str:
    """Say how many questions come back, or why none does."""
    if due:
        come = "One question comes" if due == 1 else f"{due} questions come"
        text = f"{come} back, with new numbers if possible."
    elif answered and not waiting:
        text = "Nothing comes back: so far, all your answers were right, and you were sure of them."
    else:
        text = (
            "Nothing to repeat yet. Questions that you get wrong or are unsure about come back "
            "here, with new numbers if possible."
        )
    if waiting:
        are = "is in a cell" if waiting == 1 else "are in cells"
        text += f" {waiting} more {are} that you have not run in this session."
    return text


def _static(said: str, again: list[Question]) -> str:
    questions = "".join(question_html(question) for question in again)
    return f'<div class="ss ss-review"><p>{prose(said)}</p></div>{questions}'
