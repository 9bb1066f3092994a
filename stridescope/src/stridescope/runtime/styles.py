"""The style of the figures: `style.css` for all forms, and `live.css` for the live forms only."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path


@cache
def style(*, live: bool = False) -> str:
    """Return the CSS of the static forms, or of all forms if `live`, without comments or spaces."""
    names = ["style.css", "live.css"] if live else ["style.css"]
    css = "\n".join((Path(__file__).parents[1] / n).read_text(encoding="utf-8") for n in names)
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s*([{};,>/])\s*|(?<=\() | (?=\))", r"\1", re.sub(r"\s+", " ", css))
    return css.replace(": ", ":").replace(";}", "}").strip()


def style_tag() -> str:
    """Return the ``<style>`` element at the start of every output, always with the same bytes."""
    return f"<style>{style()}</style>"
