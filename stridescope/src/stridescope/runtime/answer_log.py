"""The ledger: what a reader answered, in a file beside the notebook. Nothing is sent anywhere.

``{key: {"ask": question, "tries": [{"said": …, "sure": …, "right": …, "seed": …}, …]}}``; `said` is None
for who asked to be shown, `seed` says which numbers the question had. A page keeps the same in the
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
"""Seen from the working directory, which in JupyterLab is the notebook's folder."""

PREFIX = "ss1."
"""What a code from a page begins with; the number is that of its form."""

Ledger = dict[str, dict[str, Any]]


def read() -> Ledger:
    """Return the ledger; empty if there is none yet.

    Raises
    ------
    ValueError
        If the file holds something else; the message names it.
    """
    try:
        text = FILE.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    try:
        return checked(json.loads(text))
    except ValueError as error:
        msg = f"{FILE.resolve().name} is no ledger of predictions: move it away to start a new one"
        raise ValueError(msg) from error


def checked(found: object) -> Ledger:
    """Return `found` if it has the form of a ledger, else raise a ValueError."""
    entries = found.values() if isinstance(found, dict) else [None]
    for entry in entries:
        tries = entry.get("tries") if isinstance(entry, dict) else None
        if not isinstance(tries, list) or not all(isinstance(one, dict) for one in tries):
            raise ValueError("not a ledger")
    return found  # type: ignore[return-value] # it was walked through above


def write(ledger: Ledger) -> None:
    """Replace the file in one step, so that a reader of it never sees half."""
    scratch = FILE.with_name(f"{FILE.name}.{os.getpid()}")
    scratch.write_text(json.dumps(ledger, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    scratch.replace(FILE)


def record(reply: dict[str, Any]) -> None:
    """Add one reply to the file.

    Parameters
    ----------
    reply
        ``key``, ``ask``, ``said``, ``sure``, ``right``, ``seed``, as the front end sends it.
    """
    ledger = read()
    entry = ledger.setdefault(str(reply["key"]), {"ask": str(reply["ask"]), "tries": []})
    entry["tries"].append({part: reply.get(part) for part in ("said", "sure", "right", "seed")})
    write(ledger)


def record_quietly(reply: dict[str, Any]) -> None:
    """Add a reply if that is possible: in a folder that may not be written, the course forgets."""
    with contextlib.suppress(OSError, ValueError, KeyError):
        record(reply)


def is_due(entry: dict[str, Any]) -> bool:
    """Tell whether an idea comes back: its last answer was wrong, or right by "think so".

    To be shown is no answer: it neither brings an idea back nor settles it.
    """
    answers = [one for one in entry["tries"] if one.get("said") is not None]
    return bool(answers) and not (answers[-1].get("right") and answers[-1].get("sure"))


def merge(code: str) -> Ledger:
    """Add the answers of a code that a page gave out, and return the ledger.

    Answers already there are not added again.

    Raises
    ------
    ValueError
        If the code is not whole.
    """
    prefix, dot, packed = code.strip().partition(".")
    try:
        text = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
        found = checked(json.loads(text) if prefix + dot == PREFIX else None)
    except (ValueError, binascii.Error) as error:
        msg = f"this is no whole code of answers: it begins with {PREFIX!r}; copy it once more"
        raise ValueError(msg) from error
    ledger = read()
    for key, entry in found.items():
        mine = ledger.setdefault(key, {"ask": str(entry.get("ask", "")), "tries": []})
        mine["tries"] += [one for one in entry["tries"] if one not in mine["tries"]]
    write(ledger)
    return ledger
