"""Put our own drawings into the text of a page, where they have its fonts and its colors.

A picture that is only linked to is a document of its own: it does not get the fonts of the page,
and on a phone it is made smaller with its text. So the page contains both forms of the drawing, the
wide one and the one for phones (`img/NAME-narrow.svg`), and the style sheet shows one of them.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

OURS = re.compile(r"(?:\.\./)+img/([\w-]+)\.svg")
HEAD = re.compile(r'<svg [^>]*viewBox="(-?\d+) (-?\d+) (\d+) (\d+)"[^>]*>')
TITLE = re.compile(r"<title[^>]*>([^<]*)</title>")
# What says in a file what the page says itself: description, style, background.
OWN = re.compile(r"<(title|desc|style)\b.*?</\1>\s*|<rect class=\"page\"[^>]*/>\s*", re.DOTALL)


def drawing(url: str, alt: str, folder: Path | None) -> str | None:
    """Return a drawing as HTML, below its title; None if `url` leads to something else.

    Parameters
    ----------
    url : str
        The address of the picture in the Markdown, such as `../img/caches.svg`.
    alt : str
        What a screen reader says.
    folder : Path or None
        The folder of the pictures.
    """
    found = OURS.fullmatch(url)
    if not found or folder is None:
        return None
    forms = {"wide": folder / f"{found[1]}.svg", "narrow": folder / f"{found[1]}-narrow.svg"}
    if not all(file.is_file() for file in forms.values()):
        return None
    texts = {form: file.read_text("utf-8") for form, file in forms.items()}
    drawn = "".join(_bare(text, form) for form, text in texts.items())
    title = TITLE.search(texts["wide"])
    head = f"<figcaption>{title[1]}</figcaption>" if title else ""
    picture = f'<div role="img" aria-label="{html.escape(html.unescape(alt))}">{drawn}</div>'
    return f'<figure class="drawing">{head}{picture}</figure>\n'


def _bare(text: str, form: str) -> str:
    """Return the drawing without its margin, its background and what describes it."""

    def head(match: re.Match[str]) -> str:
        x, y, w, h = map(int, match.groups())
        w, h = w + 2 * x, h + 2 * y
        size = f'viewBox="0 0 {w} {h}" width="{w}" height="{h}"'
        return f'<svg class="{form}" {size} aria-hidden="true">'

    return " ".join(HEAD.sub(head, OWN.sub("", text)).split())
