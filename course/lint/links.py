"""The links that lead out of the course, and the record of who checked them: `content/links.yml`.

Tests must not use the network, so the record says where each link leads, and when and how it was
last checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from course.core.errors import ContentError
from course.core.paths import Folders

LINK = re.compile(r"https?://[^\s\"'<>`\\]+")
SHOWN = ("content/**/*.md", "docs/**/*.md", "web/templates/**/*.j2", "*.md", "img/*.md")
# XML namespaces, names reserved for examples (RFC 2606), and the reader's own machine
NO_LINKS = re.compile(r"https?://(www\.w3\.org/|localhost|127\.0\.0\.1|([\w-]+\.)*example(\.|\b))")
KEYS = {"finds", "seen"}


@dataclass(frozen=True)
class Link:
    """A link and its place.

    Parameters
    ----------
    url : str
        Its address, without the part after `#`.
    file : str
        The file that has it, relative to the checkout.
    line : int
        Its line, counted from 1.
    """

    url: str
    file: str
    line: int


def record_of(folders: Folders) -> Path:
    """Return the path of the record."""
    return folders.content / "links.yml"


def read(folders: Folders) -> dict[str, dict[str, Any]]:
    """Return the record: address → where it leads (`finds`) and how that was checked (`seen`)."""
    file = record_of(folders)
    record: dict[str, dict[str, Any]] = yaml.safe_load(file.read_text("utf-8")) or {}
    return record


def links_of(folders: Folders) -> Iterator[Link]:
    """Yield every link in the files that a reader sees."""
    files = {file for pattern in SHOWN for file in folders.root.glob(pattern)}
    for file in sorted(files):
        for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
            for match in LINK.finditer(line):
                url = bare(match[0])
                if not NO_LINKS.match(url):
                    yield Link(url, folders.relative(file), number)


def bare(address: str) -> str:
    """Return an address without its fragment and without the punctuation that follows it."""
    url = address.partition("#")[0].rstrip(".,;:!?*")
    while url.endswith((")", "]")) and url.count("(") + url.count("[") < url.count(")") + url.count(
        "]"
    ):
        url = url[:-1].rstrip(".,;:!?*")
    return url


def faults(folders: Folders) -> list[ContentError]:
    """Return links without an entry, entries without a link, and incomplete entries."""
    record = read(folders)
    name = folders.relative(record_of(folders))
    links = list(links_of(folders))
    errors = []
    for link in links:
        if link.url not in record:
            message = (
                f"the link {link.url} is not in {name}: open it, then add where it leads "
                "(`finds`) and how you checked it (`seen`)"
            )
            errors.append(ContentError(link.file, link.line, message))
    used = {link.url for link in links}
    for url, entry in record.items():
        line = line_of(folders, url)
        if url not in used:
            message = f"no page has the link {url}: remove this entry"
            errors.append(ContentError(name, line, message))
        if (
            not isinstance(entry, dict)
            or set(entry) != KEYS
            or not all(entry[k] is not None for k in KEYS)
        ):
            message = f"{url}: write `finds:` (where it leads) and `seen:` (how and when, or `no`)"
            errors.append(ContentError(name, line, message))
    return errors


def line_of(folders: Folders, url: str) -> int:
    """Return the line of an entry, counted from 1."""
    lines = record_of(folders).read_text("utf-8").splitlines()
    return next((k for k, line in enumerate(lines, start=1) if line.startswith(f"{url}:")), 1)
