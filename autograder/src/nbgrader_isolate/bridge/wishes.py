"""What the text of the instructor's cells asks for."""

from __future__ import annotations

import re

WISHES = {
    "owners": re.compile(r"\.base\b"),
    "masked": re.compile(r"\bma\.|MaskedArray|\bmasked_|is_masked|getmask"),
    "seeds": re.compile(r"\bseed\(|set_state|setstate"),
    "lazy": re.compile(
        r"\bnext\(|\.(send|throw|close)\(|islice|takewhile|\bzip\(|\bbreak\b"
        r"|GeneratorType|isgenerator"
    ),
    "missing": re.compile(
        r"\bpd\.NA\b|\bU?Int\d+|\bFloat\d+|BooleanDtype|convert_dtypes"
        r"|StringDtype|[\"']string[\"']"
    ),
}
"""Words in the instructor's cells that ask for more to cross than usual."""


def wishes_in(source: str) -> set[str]:
    """Return what a cell asks for."""
    return {wish for wish, sign in WISHES.items() if sign.search(source)}
