"""The style of the figures: `style.css` for all forms, and `live.css` for the live forms only."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path


def style(*, live: bool = False) -> str:
    """Return the CSS of the static forms, or of all forms if `live`, without comments or spaces."""
    return _style("style.css") + (live_style() if live else "")


def live_style() -> str:
    """Return the CSS that the live forms need in addition; the front end includes it."""
    return _style("live.css")


@cache
def _style(name: str) -> str:
    return packed((Path(__file__).parents[1] / name).read_text(encoding="utf-8"))


def packed(css: str) -> str:
    """Return CSS without comments and spaces that separate nothing."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s*([{};,>/])\s*|(?<=\() | (?=\))", r"\1", re.sub(r"\s+", " ", css))
    return css.replace(": ", ":").replace(";}", "}").strip()


def style_tag() -> str:
    """Return the ``<style>`` element at the start of every output, always with the same bytes."""
    return f"<style>{style()}</style>"
