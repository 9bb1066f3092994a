"""What the page says of an error that ended a cell."""

from __future__ import annotations

import importlib.util
import linecache
import re
import sys
import traceback
from pathlib import Path
from typing import Any

from course.live.stand_ins import Lent

HERE = "Python’s standard library, NumPy, Pillow and stridescope"
LONGEST = 20_000
"""Characters of a message, and of a traceback."""
SHORT = 80
"""Characters of a line that a message quotes."""
OURS = str(Path(__file__).parent)
"""Where the frames are that no reader wrote."""


def described(raised: BaseException) -> dict[str, Any]:
    """Return an error for the page: name, message, traceback without our own frames, and a hint."""
    frames = [
        frame
        for frame in traceback.extract_tb(raised.__traceback__)
        if str(Path(frame.filename).parent) != OURS
    ]
    if isinstance(raised, SyntaxError):
        frames = []
    try:
        said = "".join(traceback.format_exception_only(raised))
    except Exception:  # noqa: BLE001 - an error whose text raises
        said = f"{type(raised).__name__}: {message_of(raised)}\n"
    trace = "".join(["Traceback (most recent call last):\n", *traceback.format_list(frames), said])
    return {
        "name": type(raised).__name__,
        "value": message_of(raised),
        "trace": trace[-LONGEST:],
        "hint": hint_for(raised),
        "missing": missing_module(raised),
        "unknown": raised.name or "" if isinstance(raised, NameError) else "",
    }


def message_of(raised: BaseException) -> str:
    """Return an error's message; for a syntax error, with its line."""
    if isinstance(raised, SyntaxError) and raised.lineno:
        return syntax_message(raised)
    try:
        if isinstance(raised, KeyError):
            return repr(raised.args[0])[:LONGEST] if raised.args else ""
        return str(raised)[:LONGEST]
    except Exception as failed:  # noqa: BLE001 - an error whose text raises
        return f"(its message cannot be shown: {type(failed).__name__})"


def syntax_message(raised: SyntaxError) -> str:
    """Return the message of a syntax error with its line: editors in a page show no line numbers.

    Python's own messages name other lines by their numbers, and those are replaced, too.
    """

    def named(match: re.Match[str]) -> str:
        line = quoted(linecache.getline(str(raised.filename), int(match[1])))
        return f" in {line}" if line else match[0]

    said = re.sub(r" \(detected at line \d+\)", "", str(raised.msg))
    said = re.sub(r" on line (\d+)", named, said)
    line = quoted(raised.text if isinstance(raised.text, str) else "")
    where = f", in the line {line}" if line else f" (line {raised.lineno})"
    return f"{said[:LONGEST]}{where}"


def quoted(text: str) -> str:
    """Return the first line of some code for a sentence; empty if it has none."""
    line = next(iter(text.strip().splitlines()), "")
    if len(line) > SHORT:
        line = f"{line[:SHORT]} …"
    if "`" in line:
        return f"“{line}”"
    return f"`{line}`" if line else ""


def missing_module(raised: BaseException) -> str:
    """Return the top-level name of a module that a page does not have, or an empty string."""
    if isinstance(raised, ModuleNotFoundError) and raised.name and isinstance(raised.name, str):
        name = raised.name.partition(".")[0]
        lent = isinstance(sys.modules.get(name), Lent)
        return name if lent or not (name in sys.modules or importlib.util.find_spec(name)) else ""
    return ""


def hint_for(raised: BaseException) -> str:
    """Return one sentence about what a page cannot do, or an empty string."""
    text = message_of(raised)
    if name := missing_module(raised):
        return hint_for_module(name)
    if isinstance(raised, MemoryError) or "array is too big" in text:
        return "A page has little memory: at most 2 GB, on a phone much less."
    if isinstance(raised, SystemExit):
        return "exit() ends a program. Here it ended only the cell; all variables are still there."
    if "start new thread" in text:
        return "A page has one thread. Run this cell on a computer."
    if isinstance(raised, OSError) and no_network(raised):
        return "A page’s Python has no network and starts no other program."
    return ""


def hint_for_module(name: str) -> str:
    """Return why a page does not have a module, or what it has instead."""
    if name in sys.stdlib_module_names:
        return f"This page has no {name}: it needs other processes, or a network."
    return f"This page has no {name}. It has {HERE}, and no network."


def no_network(raised: OSError) -> bool:
    """Tell whether an error says that sockets or processes do not exist here."""
    return isinstance(raised, ConnectionError) or bool(
        re.search(
            r"urlopen error|not support processes|Host is unreachable|resol", message_of(raised)
        )
    )
