"""Fields of bits as boxes, and facts as a list."""

from __future__ import annotations

from stridescope.drawing.svg import esc

LINE = 160
"""Most characters of a fact that is shown at once."""


def bits_html(parts: list[tuple[str, str]], label: str) -> str:
    """Return fields of bits as boxes."""
    fields = "".join(
        f'<span class="ss-field"><small>{name}</small>'
        f"<span>{''.join(f'<b>{bit}</b>' for bit in text)}</span></span>"
        for name, text in parts
    )
    return f'<div class="ss-fields" role="img" aria-label="{esc(label)}">{fields}</div>'


def facts_html(facts: list[tuple[str, str]]) -> str:
    """Return pairs of word and text as a list."""
    rows = "".join(
        f"<div><dt>{esc(word)}</dt><dd>{_scrolling(word, text)}</dd></div>" for word, text in facts
    )
    return f'<dl class="ss-facts">{rows}</dl>'


def _scrolling(word: str, text: str) -> str:
    """Return a fact as HTML; one of very many digits scrolls in its own box."""
    if len(text) <= LINE:
        return esc(text)
    attributes = f'tabindex="0" role="group" aria-label="{word}, scrolls"'
    return f'<div class="ss-facts-long" {attributes}>{esc(text)}</div>'
