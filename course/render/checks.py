"""Check a finished page: pictures have descriptions, links work, headings are in order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Tag

from course.render.errors import AltError, HeadingError, LinkError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Attributes through which a page fetches something by itself; <a href> waits for the reader.
FETCHES = {
    "img": "src",
    "script": "src",
    "link": "href",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
    "object": "data",
    "embed": "src",
    "image": "href",
    "use": "href",
}
# Most elements of a page need no check, and parsing them would take most of the time: strokes and
# labels of drawings, and inline elements with nothing but a class.
NOTHING_TO_CHECK = re.compile(
    r"<(path|text)\b[^<>]*>[^<]*</\1>|<(?:path|rect|line|circle)\b[^<>]*/>"
    r'|</?(?:span|b|small|code|strong|em|i)(?: class="[^"]*")?>'
)


def check_page(page: str, slug: str, exists: Callable[[str], bool]) -> None:
    """Check one finished page.

    Parameters
    ----------
    page : str
        The whole HTML.
    slug : str
        The lesson, for messages.
    exists : callable
        Whether a path relative to the page, without its fragment, will exist in the site.

    Raises
    ------
    AltError, LinkError, HeadingError
        At the first mistake, with the number of its cell.
    """
    soup = BeautifulSoup(NOTHING_TO_CHECK.sub("", page), "html.parser")
    check_pictures(soup, slug)
    check_headings(soup, slug)
    check_links(soup, slug, exists)
    check_styles(soup, slug)


def check_pictures(soup: BeautifulSoup, slug: str) -> None:
    """Refuse an `<img>` without alt text and a drawing without a name."""
    for picture in soup.find_all("img"):
        if not str(picture.get("alt") or "").strip():
            source = str(picture.get("src", ""))[:60]
            message = f"the picture {source!r} has no alt text: describe what it shows"
            raise AltError(slug, cell_of(picture), message)
    for drawing in soup.find_all("svg"):
        hidden = drawing.find_parent(attrs={"aria-hidden": "true"})
        if hidden or drawing.get("aria-hidden") == "true" or drawing.find_parent("svg"):
            continue
        if not (drawing.find("title") or drawing.get("aria-label") or named_parent(drawing)):
            message = "a drawing (svg) has neither <title> nor aria-label: describe what it shows"
            raise AltError(slug, cell_of(drawing), message)


def named_parent(tag: Tag) -> bool:
    """Return whether an element around `tag` is a picture with a name."""
    return tag.find_parent(attrs={"role": "img", "aria-label": True}) is not None


def check_headings(soup: BeautifulSoup, slug: str) -> None:
    """Refuse a missing or second title, skipped levels, and two headings with one anchor."""
    before = 0
    seen: dict[str, int | None] = {}
    for heading in soup.find_all(re.compile(r"h[1-6]")):
        level, cell, text = int(heading.name[1]), cell_of(heading), heading.get_text()
        if level == 1 and before:
            raise HeadingError(slug, cell, f"a second title (#): {text!r}; make it ##")
        if level > before + 1:
            wrong, right = "#" * level, "#" * (before + 1)
            message = f"the heading {text!r} is {wrong}, but after a heading of level {before}"
            raise HeadingError(slug, cell, f"{message} it must be {right} at most")
        anchor = str(heading.get("id") or "")
        if anchor and anchor in seen:
            message = f"the heading {text!r} is also in cell {seen[anchor]}: links need only one"
            raise HeadingError(slug, cell, message)
        seen[anchor] = cell
        before = level
    if not before:
        raise HeadingError(slug, None, "there is no title: start the first cell with `# Title`")


def check_links(soup: BeautifulSoup, slug: str, exists: Callable[[str], bool]) -> None:
    """Refuse broken links, and anything that the page would fetch from the network."""
    anchors = anchors_of(soup)
    for tag, target in targets(soup):
        parts = urlsplit(target)
        fetched = tag.name in FETCHES
        if parts.scheme == "data" or (parts.scheme in ("http", "https", "mailto") and not fetched):
            continue
        if parts.scheme or parts.netloc:
            message = f"{target!r} is outside the course's folder, but the page must work offline"
            raise LinkError(slug, cell_of(tag), message)
        if parts.path.startswith("/") or (parts.path and not exists(unquote(parts.path))):
            message = f"the link {target!r} leads nowhere: no such lesson or file yet"
            raise LinkError(slug, cell_of(tag), message)
        if not parts.path and parts.fragment and unquote(parts.fragment) not in anchors:
            message = f"the link {target!r} leads nowhere: this page has no such heading"
            raise LinkError(slug, cell_of(tag), message)


def targets(soup: BeautifulSoup) -> Iterator[tuple[Tag, str]]:
    """Yield each element that links to or fetches something, with the address."""
    for tag in soup.find_all(["a", *FETCHES]):
        name = FETCHES.get(tag.name, "href")
        for attribute in (name, f"xlink:{name}"):
            if tag.has_attr(attribute):
                yield tag, str(tag[attribute])


def anchors_of(soup: BeautifulSoup) -> set[str]:
    """Return the ids of a page."""
    return {str(tag["id"]) for tag in soup.find_all(id=True)}


def check_styles(soup: BeautifulSoup, slug: str) -> None:
    """Refuse a style that fetches something."""
    texts = [(tag, tag.get_text()) for tag in soup.find_all("style")]
    texts += [(tag, str(tag["style"])) for tag in soup.find_all(style=True)]
    for tag, text in texts:
        if fetches(text):
            raise LinkError(slug, cell_of(tag), "a style uses url(…) or @import; put it inline")


def fetches(style: str) -> bool:
    """Return whether a style sheet would fetch something that it does not contain."""
    return re.search(r"@import|url\(\s*['\"]?(?!data:|#|['\"])", style) is not None


def cell_of(tag: Tag) -> int | None:
    """Return the number of the cell that contains `tag`, or None outside the cells."""
    cell = tag.find_parent(attrs={"data-cell": True})
    return int(str(cell["data-cell"])) if cell else None
