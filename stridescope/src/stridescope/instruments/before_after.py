"""`before_after`: answers to questions about the same ideas, before and after, side by side."""

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
    """Show the reader's answers before and after, idea by idea.

    Parameters
    ----------
    ideas
        From the name of an idea (put `` `code` `` in backticks) to the keys of the two questions
        about it: the one asked before and the one asked after. Pass the same keys to `predict`, as
        ``key=``.
    answers
        A code from "Copy my answers" in a page; its answers are first added to the answer log.

    Returns
    -------
    Instrument
        The answers: in JupyterLab those in the answer log next to the notebook and all later ones,
        in a page those that its browser stores.

    Raises
    ------
    ValueError
        If a key is used for two questions, or the code or the file of the answer log cannot be
        read.

    Examples
    --------
    The keys are those of two questions, `predict(..., key="strides-0")` in an early cell and
    `predict(..., key="strides-1")` in a late one. Before either is answered:

    >>> import stridescope as ss
    >>> print(ss.before_after({"strides are in bytes": ("strides-0", "strides-1")}))
    Before: no answers yet. After: no answers yet.
      - strides are in bytes: no answer → no answer
    """
    keys = [key for pair in ideas.values() for key in pair]
    if duplicates := sorted({key for key in keys if keys.count(key) > 1}):
        msg = f"before_after got the key {duplicates[0]!r} twice: give each question its own key"
        raise ValueError(msg)
    known = answer_log.merge(answers) if answers else answer_log.read()
    rows = [
        {"idea": idea, "keys": list(pair), "tries": [first_try(known.get(key)) for key in pair]}
        for idea, pair in ideas.items()
    ]
    state = {"label": "Before and after", "caption": CAPTION, "rows": rows}
    return Instrument(_static(rows), _words(rows), "before_after", state)


def first_try(entry: dict[str, Any] | None) -> Try | None:
    """Return the first try in an entry of the log; later tries knew the answer."""
    if not entry or not entry["tries"]:
        return None
    return {part: entry["tries"][0].get(part) for part in ("said", "sure", "right")}


def verdict(one: Try | None) -> str:
    """Return the text for a try in a cell of the table."""
    if one is None:
        return "no answer"
    if one["said"] is None:
        return "shown"
    return f"{'✓' if one['right'] else 'not yet'}, {'sure' if one['sure'] else 'think so'}"


def total(tries: list[Try | None]) -> str:
    """Return the sum of one column: ``7 of 12 right; wrong and sure: 3``."""
    answered = [one for one in tries if one is not None and one["said"] is not None]
    if not answered:
        return "no answers yet"
    right = sum(bool(one["right"]) for one in answered)
    misled = sum(bool(one["sure"]) and not one["right"] for one in answered)
    return f"{right} of {len(answered)} right; wrong and sure: {misled}"


def sentence(rows: list[dict[str, Any]]) -> str:
    """Return the sums of both columns as a sentence."""
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
