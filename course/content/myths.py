"""`make myths`: link each false sentence to its lesson, and write the table in `docs/myths.md`.

One file, `content/myths.yml`, says where each sentence is taught. A lesson that does not exist yet
is named without a link.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import yaml

from course.core.cache import write_atomically
from course.core.errors import ContentError
from course.core.headings import anchors_in, heading_anchor
from course.core.paths import Folders

HEADING = re.compile(r"^### (\d+)\. (.+)$", re.MULTILINE)
LINE = re.compile(r"^Taught in.*$", re.MULTILINE)
TABLE_HEAD = """# The myths, and where each is corrected

`make myths` builds this table from [content/myths.yml](../content/myths.yml). The page itself is
[content/lessons/myths.md](../content/lessons/myths.md). The column "twice" shows the twelve that
lesson 00 asks about first and the page asks about again.

| | myth | taught in | exercise | twice |
|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Myth:
    """One false sentence.

    Parameters
    ----------
    number : int
        Its position on the page, from 1.
    sentence : str
        Its heading.
    slug, section : str
        The lesson that teaches it, and the heading in that lesson.
    exercise, twice : str
        The exercise that practices it (``assignment/task``), and its key in lesson 00; both may be
        empty.
    """

    number: int
    sentence: str
    slug: str
    section: str
    exercise: str
    twice: str


def load(folders: Folders) -> list[Myth]:
    """Return the sentences of `content/myths.yml` in the order of the page."""
    entries = yaml.safe_load(source(folders).read_text("utf-8"))
    return [
        Myth(n, one["myth"], slug, section, one.get("exercise", ""), one.get("twice", ""))
        for n, one in enumerate(entries, start=1)
        for slug, section in [one["section"]]
    ]


def page(folders: Folders) -> str:
    """Return the source of the myths page with the links from `content/myths.yml`.

    Raises
    ------
    ContentError
        If the page and the list differ, or a lesson does not have the section.
    """
    parts = HEADING.split(page_file(folders).read_text("utf-8"))
    text, blocks = parts[0], list(zip(parts[1::3], parts[2::3], parts[3::3], strict=True))
    myths = load(folders)
    listed = [(str(myth.number), myth.sentence) for myth in myths]
    if [block[:2] for block in blocks] != listed:
        apart = next(
            (
                k
                for k, pair in enumerate(zip(blocks, listed, strict=False))
                if pair[0][:2] != pair[1]
            ),
            min(len(blocks), len(listed)),
        )
        raise fault(folders, f"sentence {apart + 1} differs from the one in lessons/myths.md")
    for myth, (number, sentence, body) in zip(myths, blocks, strict=True):
        if len(LINE.findall(body)) != 1:
            raise fault(folders, f"lessons/myths.md needs one line `Taught in` below {number}.")
        line = taught_in(myth, folders)
        text += f"### {number}. {sentence}" + LINE.sub(lambda _, line=line: line, body)
    return text


def taught_in(myth: Myth, folders: Folders) -> str:
    """Return the line below a sentence: a link to its lesson, and one to the sentence itself."""
    section = f"*{myth.section}*"
    if lesson_file(myth, folders).exists():
        section = f"[{myth.section}]({myth.slug}.ipynb#{fragment(anchor(myth, folders))})"
    own = fragment(anchor_of(f"{myth.number}. {myth.sentence}"))
    return f"Taught in lesson {myth.slug[:2]}, {section} · [link to {myth.number}](#{own})"


def anchor(myth: Myth, folders: Folders) -> str:
    """Return the anchor of the section that teaches a sentence.

    Raises
    ------
    ContentError
        If the lesson has no such section.
    """
    there = anchors_in(lesson_file(myth, folders).read_text("utf-8"))
    wanted = anchor_of(myth.section)
    if wanted not in there:
        known = ", ".join(there)
        raise fault(folders, f"{myth.slug} has no section {myth.section!r}; it has {known}")
    return wanted


def table(folders: Folders) -> str:
    """Return the content of `docs/myths.md`."""
    return TABLE_HEAD + "".join(
        f"| {one.number} | {one.sentence} | {place(one, folders)} | {practice(one, folders)} "
        f"| {'yes' if one.twice else ''} |\n"
        for one in load(folders)
    )


def place(myth: Myth, folders: Folders) -> str:
    """Return lesson and section for the table, with a link if the lesson exists."""
    number = myth.slug[:2]
    if lesson_file(myth, folders).exists():
        number = f"[{number}](../content/lessons/{myth.slug}.md)"
    return f"{number}, {myth.section}"


def practice(myth: Myth, folders: Folders) -> str:
    """Return the link to the exercise.

    Raises
    ------
    ContentError
        If there is no exercise of that name.
    """
    if not myth.exercise:
        return ""
    text = folders.content / "solutions" / f"{myth.exercise}.md"
    if not text.is_file():
        raise fault(folders, f"there is no exercise {myth.exercise!r} (assignment/task)")
    return f"[{myth.exercise}](../exercises/{myth.exercise}.ipynb)"


def write(folders: Folders) -> list[Path]:
    """Write both files if they differ from what is there; return those that were written."""
    texts = {page_file(folders): page(folders), table_file(folders): table(folders)}
    written = []
    for file, text in texts.items():
        if write_atomically(file, text.encode()):
            written.append(file)
    return written


def source(folders: Folders) -> Path:
    """Return the path of the list of sentences."""
    return folders.content / "myths.yml"


def page_file(folders: Folders) -> Path:
    """Return the path of the myths page's source."""
    return folders.content / "lessons" / "myths.md"


def table_file(folders: Folders) -> Path:
    """Return the path of the table."""
    return folders.root / "docs" / "myths.md"


def lesson_file(myth: Myth, folders: Folders) -> Path:
    """Return the source of the lesson that teaches a sentence; it may not exist yet."""
    return folders.content / "lessons" / f"{myth.slug}.md"


def anchor_of(markdown: str) -> str:
    """Return the anchor of a heading written in Markdown."""
    return heading_anchor(markdown.replace("`", ""))


def fragment(text: str) -> str:
    """Return an anchor as a link writes it."""
    return quote(text, safe="-._,")


def fault(folders: Folders, message: str) -> ContentError:
    """Return an error in the list of sentences."""
    return ContentError(folders.relative(source(folders)), 1, message)
