"""The HTML around a picture: its frame, its two widths, and the sentences beside it."""

from __future__ import annotations

import re

from stridescope.drawing.svg import esc

WIDE, NARROW = 704, 358
"""Widths in px of the two forms: 44 rem, and a phone of 390 px minus its margins."""


UNBROKEN = 22
"""The longest code in a sentence that is never broken, in characters."""


def prose(text: str) -> str:
    """Escape a sentence; text in backticks becomes ``<code>``, in one piece if it is short."""

    def code(match: re.Match[str]) -> str:
        whole = ' class="ss-one"' if " " in match[1] and len(match[1]) <= UNBROKEN else ""
        return f"<code{whole}>{esc(match[1])}</code>"

    return "".join(
        re.sub(r"`([^`]+)`", code, part) if part.startswith("`") else esc(part)
        for part in re.split(r"(`[^`]+`)", text)
    )


def verdict_html(line: str, sentence: str) -> str:
    """Return a sentence as a paragraph, with the line of code that it starts with as code."""
    return f"<p><code>{esc(line)}</code>{esc(sentence.removeprefix(line))}</p>"


def forms(wide: str, narrow: str) -> str:
    """Return both forms of a picture, or one if they are equal; the style shows one of them."""
    if wide == narrow:
        return box(wide, NARROW)
    return box(wide, WIDE, "ss-wide") + box(narrow, NARROW, "ss-narrow")


def box(svg: str, space: int, cls: str = "") -> str:
    """Wrap a picture; if it is wider than `space` px, in a box that scrolls sideways.

    The box is a group, not a region, because regions are landmarks and a page may contain many such
    boxes.
    """
    width = re.search(r'width="(\d+)"', svg)
    if width and int(width[1]) > space:
        names = f"ss-scroll {cls}".strip()
        label = "Picture of memory, scrolls sideways"
        return f'<div class="{names}" tabindex="0" role="group" aria-label="{label}">{svg}</div>'
    return f'<div class="{cls}">{svg}</div>' if cls else svg


def figure(kind: str, body: str, caption: str | None) -> str:
    """Return the frame of an instrument: the caption, then picture and readout."""
    head = f"<figcaption>{prose(caption)}</figcaption>" if caption else ""
    return f'<figure class="ss ss-{kind}">{head}{body}</figure>'


def inner(html: str) -> str:
    """Return the contents of another instrument's figure, without its caption."""
    body = re.sub(r"^<figure[^>]*>|</figure>$", "", html)
    return re.sub(r"^<figcaption>.*?</figcaption>", "", body, flags=re.DOTALL)
