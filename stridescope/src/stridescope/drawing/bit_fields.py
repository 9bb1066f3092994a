"""The bits of a number as boxes, and facts about it as a list."""

from __future__ import annotations

from stridescope.drawing.svg import esc

LINE = 160
"""Most characters of a fact that are shown without scrolling."""


def bits_html(parts: list[tuple[str, str]], label: str) -> str:
    """Return fields, each (name, bits), as boxes."""
    fields = "".join(
        f'<span class="ss-field"><small>{name}</small>'
        f"<span>{''.join(f'<b>{bit}</b>' for bit in text)}</span></span>"
        for name, text in parts
    )
    return f'<div class="ss-fields" role="img" aria-label="{esc(label)}">{fields}</div>'


def facts_html(facts: list[tuple[str, str]]) -> str:
    """Return facts, each (word, text), as an HTML list."""
    rows = "".join(
        f"<div><dt>{esc(word)}</dt><dd>{_scrolling(word, text)}</dd></div>" for word, text in facts
    )
    return f'<dl class="ss-facts">{rows}</dl>'


def _scrolling(word: str, text: str) -> str:
    """Return the text of a fact as HTML; a long one scrolls in a box of its own."""
    if len(text) <= LINE:
        return esc(text)
    attributes = f'tabindex="0" role="group" aria-label="{word}, scrolls"'
    return f'<div class="ss-facts-long" {attributes}>{esc(text)}</div>'
