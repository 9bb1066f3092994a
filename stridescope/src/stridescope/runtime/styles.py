"""The style of the figures: `style.css` for all forms, `live.css` for the live ones too."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path


@cache
def style(*, live: bool = False) -> str:
    """Return the style of all static forms, and of the live ones too, without comments and blanks."""
    names = ["style.css", "live.css"] if live else ["style.css"]
    css = "\n".join((Path(__file__).parents[1] / n).read_text(encoding="utf-8") for n in names)
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s*([{};,>/])\s*|(?<=\() | (?=\))", r"\1", re.sub(r"\s+", " ", css))
    return css.replace(": ", ":").replace(";}", "}").strip()


def style_tag() -> str:
    """Return the ``<style>`` element that every output begins with, byte for byte the same."""
    return f"<style>{style()}</style>"
