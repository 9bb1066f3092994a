"""The answer log: a reader's answers, in a file next to the notebook. Nothing is sent anywhere.

Its form is ``{key: {"ask": question, "tries": [try, …]}}``, and a try is
``{"said": answer, "sure": …, "right": …, "seed": …}``. The answer is None if the reader asked to be
shown the solution; the seed tells which numbers the question had. A page keeps the same log in the
browser and gives it out as a code (`js/controls/answer_log.js`).
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import os
from pathlib import Path
from typing import Any

FILE = Path(".stridescope-ledger.json")
"""Relative to the working directory, which in JupyterLab is the folder of the notebook."""

PREFIX = "ss1."
"""The start of a code from a page; the number is the version of its format."""

AnswerLog = dict[str, dict[str, Any]]


def read() -> AnswerLog:
    """Return the answer log; empty if there is none yet.

    Raises
    ------
    ValueError
        If the file contains something else; the message names the file.
    """
    try:
        text = FILE.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    try:
        return checked(json.loads(text))
    except ValueError as error:
        msg = f"{FILE.resolve().name} is not a log of answers: move it away to start a new one"
        raise ValueError(msg) from error


def checked(value: object) -> AnswerLog:
    """Return `value` if it has the form of an answer log, else raise a ValueError."""
    entries = value.values() if isinstance(value, dict) else [None]
    for entry in entries:
        tries = entry.get("tries") if isinstance(entry, dict) else None
        if not isinstance(tries, list) or not all(isinstance(one, dict) for one in tries):
            raise ValueError("not an answer log")
    return value  # type: ignore[return-value] # checked above


def write(log: AnswerLog) -> None:
    """Replace the file in one step, so that nobody reads half of it."""
    scratch = FILE.with_name(f"{FILE.name}.{os.getpid()}")
    scratch.write_text(json.dumps(log, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    scratch.replace(FILE)


def record(reply: dict[str, Any]) -> None:
    """Add one answer to the file.

    Parameters
    ----------
    reply
        ``key``, ``ask``, ``said``, ``sure``, ``right`` and ``seed``, as the front end sends them.
    """
    log = read()
    entry = log.setdefault(str(reply["key"]), {"ask": str(reply["ask"]), "tries": []})
    entry["tries"].append({part: reply.get(part) for part in ("said", "sure", "right", "seed")})
    write(log)


def record_quietly(reply: dict[str, Any]) -> None:
    """Add one answer to the file if possible; in a read-only folder, answers are not kept."""
    with contextlib.suppress(OSError, ValueError, KeyError):
        record(reply)


def last_answer(key: str) -> dict[str, Any] | None:
    """Return the last answer to a question with its first numbers; None without one."""
    with contextlib.suppress(OSError, ValueError):
        tries = read().get(key, {"tries": []})["tries"]
        return next((one for one in reversed(tries) if one.get("seed", 0) == 0), None)
    return None


def is_due(entry: dict[str, Any]) -> bool:
    """Tell whether a question comes back: its last answer was wrong, or right but not sure.

    Asking for the solution does not count as an answer.
    """
    answers = [one for one in entry["tries"] if one.get("said") is not None]
    return bool(answers) and not (answers[-1].get("right") and answers[-1].get("sure"))


def merge(code: str) -> AnswerLog:
    """Add the answers of a code that a page gave out, and return the answer log.

    Answers that are already in the log are not added again.

    Raises
    ------
    ValueError
        If the code is not complete.
    """
    prefix, dot, packed = code.strip().partition(".")
    try:
        text = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
        others = checked(json.loads(text) if prefix + dot == PREFIX else None)
    except (ValueError, binascii.Error) as error:
        msg = f"this code of answers is not complete; it starts with {PREFIX!r}: copy it again"
        raise ValueError(msg) from error
    log = read()
    for key, entry in others.items():
        mine = log.setdefault(key, {"ask": str(entry.get("ask", "")), "tries": []})
        mine["tries"] += [one for one in entry["tries"] if one not in mine["tries"]]
    write(log)
    return log
