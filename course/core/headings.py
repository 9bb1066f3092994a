"""The headings of a Markdown source, and their anchors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token  # noqa: TC002 - beside its module

MARKUP = re.compile(r"[*`_]+")


def without_header(text: str) -> tuple[str, int]:
    """Return a source without its YAML header, and the number of its first line."""
    match = re.match(r"---\n.*?^---\n", text, re.DOTALL | re.MULTILINE)
    head = match[0] if match else ""
    return text[len(head) :], head.count("\n") + 1


def headings(tokens: list[Token]) -> Iterator[str]:
    """Yield the text of each heading."""
    for opening, content in pairwise(tokens):
        if opening.type == "heading_open":
            yield "".join(
                child.content for child in content.children or [] if child.type != "html_inline"
            )


def heading_anchor(text: str) -> str:
    """Return the anchor that JupyterLab and nbconvert give to a heading."""
    return text.strip().replace(" ", "-")


@cache
def anchors_in(text: str) -> tuple[str, ...]:
    """Return the anchors of the headings in a source with its header, in order."""
    body, _ = without_header(text)
    return tuple(map(heading_anchor, headings(MarkdownIt("commonmark").parse(body))))


@cache
def sections_of(text: str) -> tuple[tuple[int, str, str], ...]:
    """Return each section of a source: the level of its heading, the heading, and the plain text.

    A section ends at the next heading of the same or a higher level. The heading is without markup,
    and it is also part of the plain text.
    """
    lines = text.splitlines()
    tokens = MarkdownIt("commonmark").parse(text)
    starts = []
    for k, token in enumerate(tokens):
        if token.type == "heading_open" and token.map:
            inline = tokens[k + 1].children or []
            name = "".join(child.content for child in inline if child.type != "html_inline")
            starts.append((int(token.tag[1]), token.map[0], name))
    sections = []
    for k, (level, start, name) in enumerate(starts):
        ends = [line for depth, line, _ in starts[k + 1 :] if depth <= level]
        sections.append((level, name, plain("\n".join(lines[start : ends[0] if ends else None]))))
    return tuple(sections)


def plain(text: str) -> str:
    """Return a text in lower case, without markup for emphasis and code, on one line."""
    return " ".join(MARKUP.sub("", text).lower().split())
