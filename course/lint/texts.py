"""Check the sources in content/: what would break a page or a grade, with file and line."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token  # noqa: TC002 - beside its module

from course.core.cache import BuildCache, digest, files_below, installed_versions
from course.core.code_cells import code_cells
from course.core.errors import ContentError, ContentFaultsError
from course.core.headings import anchors_in, without_header
from course.core.myst import IN_PAGE, KEPT, KNOWN
from course.core.paths import Folders
from course.lint import glossary, schedules

LINE_LENGTH = 76
SLUG = re.compile(r"[a-z][a-z0-9-]*")
SOURCES = {"lessons": "lessons", "solutions": "solutions", "exercises": "solutions"}


def check_content(folders: Folders) -> None:
    """Check every source below `content/`, the glossary and the schedules.

    Raises
    ------
    ContentFaultsError
        With one line, `file:line: what to do`, for each mistake.
    """
    errors = [
        error
        for file in sorted(folders.content.rglob("*.md"))
        for error in check_text(folders, file)
    ]
    errors += [*glossary.faults(folders), *schedules.faults(folders)]
    if errors:
        raise ContentFaultsError(errors)


def check_text(folders: Folders, file: Path) -> list[ContentError]:
    """Return the mistakes in one source, in the order of their lines."""
    name = folders.relative(file)
    text = file.read_text("utf-8")
    body, offset = without_header(text)
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    faults = [
        *titles(tokens),
        *pictures(tokens),
        *links(tokens, file, folders),
        *accidental_lists(tokens, body),
        *grade_ids(body),
        *cell_options(tokens),
        *(long_lines(tokens) if file.parent.name == "lessons" else ()),
        *(task_faults(folders, name, tokens) if is_task(file, folders) else ()),
    ]
    return [ContentError(name, line + offset, message) for line, message in sorted(faults)]


def task_faults(folders: Folders, name: str, tokens: list[Token]) -> list[tuple[int, str]]:
    """Find what breaks the test contract in an exercise.

    An exercise that kept it is not looked at again until it changes, or what decides does.
    """
    beside = sorted((folders.content / "solutions").glob("*.py"))
    modules = {file.stem: file.read_text("utf-8") for file in beside}
    cells = code_cells(tokens)
    key = digest(deciding_code(), repr(cells), *modules, *modules.values())
    cache = BuildCache(folders.build / "contract.json")
    if cache.entries.get(name) == key:
        return []
    from course.lint.contract import contract_faults  # the grader is not in the students' zip

    faults = list(contract_faults(cells, modules))
    if not faults:
        cache.entries[name] = key
        cache.save()
    return faults


@cache
def deciding_code() -> str:
    """Return a digest of the code that decides whether a task keeps the contract."""
    import nbgrader_isolate

    grader = Path(nbgrader_isolate.__file__).parent
    rooms = [grader / room for room in ("bridge", "notebook", "planning")]
    package = Path(__file__).parents[1]
    code = [file for folder in (package, *rooms) for file in files_below(folder)]
    return digest(installed_versions("numpy"), sys.version, *(file.read_bytes() for file in code))


def is_task(file: Path, folders: Folders) -> bool:
    """Return whether a source is an exercise, whose tests must follow the contract."""
    return file.is_relative_to(folders.content / "solutions")


def titles(tokens: list[Token]) -> Iterator[tuple[int, str]]:
    """Find a missing or second `# title`, and headings that skip a level."""
    levels = [(int(token.tag[1]), start(token)) for token in tokens if token.type == "heading_open"]
    level = 0
    for depth, line in levels:
        if depth == 1 and level:
            yield line, "a second `# title`: a notebook has only one"
        if depth > level + 1:
            marks = "#" * (level + 1)
            yield line, f"this heading skips a level: write `{marks} …` here"
        level = depth
    if not levels:
        yield 0, "no title: start the first cell with `# …`"


def accidental_lists(tokens: list[Token], body: str) -> Iterator[tuple[int, str]]:
    """Find lists that begin directly below a line of text: often a `+` or `-` that was wrapped."""
    lines = ["", *body.splitlines()]  # line k is lines[k + 1]
    for token in tokens:
        if token.type not in ("bullet_list_open", "ordered_list_open") or token.level:
            continue
        above, line = lines[start(token)], lines[start(token) + 1]
        if above.strip() and not above.startswith("+++"):
            mark = line.split()[0]
            yield start(token), f"`{mark}` begins a list: put a blank line before it, or no break"


def pictures(tokens: list[Token]) -> Iterator[tuple[int, str]]:
    """Find pictures without alternative text, in Markdown and in HTML."""
    message = 'a picture without alt text: describe what it shows, `![…](…)` or `alt="…"`'
    for token, line in inline(tokens):
        if token.type == "image" and not token.content.strip():
            yield line, message
        if token.type in ("html_inline", "html_block"):
            for match in re.finditer(r"<img\b[^>]*>", token.content, re.IGNORECASE):
                if not re.search(r"\balt\s*=\s*(\"[^\"]+\"|'[^']+')", match[0]):
                    yield line + token.content[: match.start()].count("\n"), message


def links(tokens: list[Token], file: Path, folders: Folders) -> Iterator[tuple[int, str]]:
    """Find links and pictures that lead to no file, lesson or heading of the course."""
    for token, line in inline(tokens):
        target = token.attrGet("href") or token.attrGet("src")
        if token.type not in ("link_open", "image") or not target:
            continue
        parts = urlsplit(str(target))
        if parts.scheme or parts.netloc:
            continue
        end = destination(unquote(parts.path), file, folders) if parts.path else file
        if end is None:
            yield line, f"a broken link: there is no {target}"
        elif parts.fragment and unquote(parts.fragment) not in anchors(end):
            yield line, f"a broken link: no heading there has the anchor #{parts.fragment}"


def destination(path: str, file: Path, folders: Folders) -> Path | None:
    """Return the file that a relative link leads to, as seen from the built notebook.

    For a notebook of the course, return its source.
    """
    product = folders.root / file.relative_to(folders.content).with_suffix(".ipynb")
    target = Path(product.parent, path).resolve()
    if not target.is_relative_to(folders.root):
        return None
    below = target.relative_to(folders.root)
    if below.parts and below.parts[0] in SOURCES and below.suffix == ".ipynb":
        source = folders.content / SOURCES[below.parts[0]]
        target = source.joinpath(*below.parts[1:]).with_suffix(".md")
    return target if target.exists() else None


def anchors(text: Path) -> frozenset[str]:
    """Return the anchors of the headings in a Markdown file; other files have none."""
    return frozenset(anchors_in(text.read_text("utf-8")) if text.suffix == ".md" else ())


def grade_ids(body: str) -> Iterator[tuple[int, str]]:
    """Find grade_ids that appear twice or are not slugs."""
    seen: dict[str, int] = {}
    pattern = r"^:?(?:grade_id):[ \t]*(\S+)|^\+\+\+.*\"grade_id\":\s*\"([^\"]*)\""
    for match in re.finditer(pattern, body, re.MULTILINE):
        grade_id, line = (match[1] or match[2]).strip("\"'"), body[: match.start()].count("\n")
        if not SLUG.fullmatch(grade_id):
            message = "use lowercase letters, digits and dashes, as in `ravel-hidden`"
            yield line, f"grade_id {grade_id!r}: {message}"
        if grade_id in seen:
            yield line, f"grade_id {grade_id!r} is used a second time: give each cell its own"
        seen[grade_id] = line


def cell_options(tokens: list[Token]) -> Iterator[tuple[int, str]]:
    """Find unknown tags, and words about a cell in a page that are not a sentence."""
    for cell in code_cells(tokens):
        given = cell.options.get("tags") or []
        if not isinstance(given, list) or not all(isinstance(tag, str) for tag in given):
            yield cell.line, "tags must be a list: write `:tags: [predict]`"
            continue
        known = ", ".join(sorted(KNOWN))
        for tag in sorted(set(given) - KNOWN):
            yield cell.line, f"the tag {tag!r} is not known: use one of {known}"
        if KEPT.issubset(given):
            yield cell.line, f"one tag says why a page does not run this cell, not {sorted(KEPT)}"
        sentence = cell.options.get(IN_PAGE, "A sentence.")
        if not isinstance(sentence, str) or not re.fullmatch(r"[A-Z`].*\.", sentence.strip()):
            yield cell.line, f"`:{IN_PAGE}:` must be a sentence: it is shown in the page as it is"


def long_lines(tokens: list[Token]) -> Iterator[tuple[int, str]]:
    """Find code that a page would cut off at its right edge; folded code may be longer."""
    for token in tokens:
        if token.type != "fence" or re.search(
            r"^:?tags:.*(predict|hide-input)", token.content, re.MULTILINE
        ):
            continue
        options = re.match(r"---\n(?s:.*?)^---\n|(?::\w+:.*\n)+", token.content, re.MULTILINE)
        unshown = options[0].count("\n") if options else 0
        for number, line in enumerate(token.content.splitlines()[unshown:], start=unshown + 1):
            if len(line) > LINE_LENGTH:
                message = f"{len(line)} characters, but a page shows {LINE_LENGTH}: break the line"
                yield start(token) + number, message


def inline(tokens: list[Token]) -> Iterator[tuple[Token, int]]:
    """Yield every inline token and every HTML block with its line, counted from 0."""
    for token in tokens:
        line = start(token)
        if token.type == "html_block":
            yield token, line
        for child in token.children or []:
            yield child, line
            line += child.type in ("softbreak", "hardbreak")


def start(token: Token) -> int:
    """Return the line, counted from 0, on which a block token starts."""
    return token.map[0] if token.map else 0
