"""`before_after`: the same ideas asked twice, and what a reader said each time, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stridescope.drawing.figure import figure, prose
from stridescope.runtime import answer_log
from stridescope.runtime.instrument import Instrument

Try = dict[str, Any]
CAPTION = "The first answer to each question counts."
COLUMNS = ("before", "after")


def before_after(ideas: Mapping[str, tuple[str, str]], *, answers: str = "") -> Instrument:
    """Show what was answered before and after, idea by idea.

    Parameters
    ----------
    ideas
        From the name of an idea (`` `code` `` in backticks) to the keys of the two questions about
        it, which `predict` was given as ``key=``: the one asked before, the one asked after.
    answers
        A code from `Copy my answers` of a page; its answers are added to the ledger first.

    Returns
    -------
    Instrument
        In JupyterLab what the ledger beside the notebook says, and what is answered from then on;
        in a page, what its browser remembers.

    Raises
    ------
    ValueError
        If one key stands for two questions, or the code or the ledger's file cannot be read.
    """
    keys = [key for pair in ideas.values() for key in pair]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        msg = f"before_after: the key {twice[0]!r} stands twice; each question has its own"
        raise ValueError(msg)
    known = answer_log.merge(answers) if answers else answer_log.read()
    rows = [
        {"idea": idea, "keys": list(pair), "tries": [first_try(known.get(key)) for key in pair]}
        for idea, pair in ideas.items()
    ]
    state = {"label": "Before and after", "caption": CAPTION, "rows": rows}
    return Instrument(_static(rows), _words(rows), "before_after", state)


def first_try(entry: dict[str, Any] | None) -> Try | None:
    """Return the first try of a ledger's entry; later ones knew the answer."""
    if not entry or not entry["tries"]:
        return None
    return {part: entry["tries"][0].get(part) for part in ("said", "sure", "right")}


def verdict(one: Try | None) -> str:
    """Return what is said of a try in a cell of the table."""
    if one is None:
        return "no answer"
    if one["said"] is None:
        return "shown"
    return f"{'✓' if one['right'] else 'not yet'}, {'sure' if one['sure'] else 'think so'}"


def total(tries: list[Try | None]) -> str:
    """Return the sum of one column: ``7 of 12 right; wrong and sure: 3``."""
    given = [one for one in tries if one is not None and one["said"] is not None]
    if not given:
        return "no answers yet"
    right = sum(bool(one["right"]) for one in given)
    misled = sum(bool(one["sure"]) and not one["right"] for one in given)
    return f"{right} of {len(given)} right; wrong and sure: {misled}"


def sentence(rows: list[dict[str, Any]]) -> str:
    """Return both sums as words."""
    sums = [total([row["tries"][k] for row in rows]) for k in range(2)]
    return f"Before: {sums[0]}. After: {sums[1]}."


def _words(rows: list[dict[str, Any]]) -> str:
    lines = [
        f"  - {row['idea'].replace('`', '')}: {' → '.join(map(verdict, row['tries']))}"
        for row in rows
    ]
    return "\n".join([sentence(rows), *lines])


def _static(rows: list[dict[str, Any]]) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in ("idea", *COLUMNS))
    body = "".join(
        f'<tr><th scope="row">{prose(row["idea"])}</th>'
        + "".join(f"<td>{verdict(one)}</td>" for one in row["tries"])
        + "</tr>"
        for row in rows
    )
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return figure("before_after", f"{table}<p>{sentence(rows)}</p>", CAPTION)
