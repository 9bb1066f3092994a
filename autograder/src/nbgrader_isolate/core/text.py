"""Make strangers' names and texts safe to print in a terminal, a report or a page."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Unicode categories that a terminal obeys or hides: controls, formats, surrogates, unassigned."""
LENGTH = 80
"""Characters of a name to show."""

MEGABYTE = 1_000_000


def printable(name: str, length: int = LENGTH) -> str:
    """Return a name as one short line without control, bidirectional or invisible characters."""
    short = name if len(name) <= length else f"{name[: length - 1]}…"
    return "".join(REPLACEMENT if unicodedata.category(c) in INVISIBLE else c for c in short)


def counted(count: int, noun: str) -> str:
    """Return a number with its noun: `1 page`, `2 pages`."""
    return f"{count} {noun}{'s'[: count != 1]}"


def encodable(source: str) -> str:
    """Return source text that can be encoded as UTF-8 and compiled: no lone surrogates, no NUL."""
    text = source.replace("\0", REPLACEMENT)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def has_lone_surrogate(text: str) -> bool:
    """Tell whether a text contains half of a surrogate pair."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def join_names(names: Sequence[str], limit: int = 5) -> str:
    """Return names in one line: the first few, and the number of the others."""
    some = ", ".join(map(printable, names[:limit]))
    return some if len(names) <= limit else f"{some} and {len(names) - limit} more"


def first_bytes(text: str, count: int) -> tuple[str, int]:
    """Return as much of a text as fits into `count` bytes of UTF-8, and how many all of it takes.

    Lone surrogates count as three bytes, as their neighbors do.
    """
    data = text.encode("utf-8", "surrogatepass")
    if len(data) <= count:
        return text, len(data)
    return data[: max(count, 0)].decode("utf-8", "ignore"), len(data)


def format_size(count: int) -> str:
    """Return a number of bytes in MB or kB."""
    return f"{count / 1e6:.1f} MB" if count >= MEGABYTE else f"{count / 1e3:.1f} kB"


def cut_note(limit: int) -> str:
    """Return the line that ends an output which was cut after `limit` bytes."""
    return f"\n… cut here: this cell's output is larger than {format_size(limit)}\n"
