"""`make lint` on the project's English: phrases to avoid, and what to write instead.

The phrases are data, in `english.yml` beside this module; `passages` says which parts of a file are
English.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import yaml

from course.core.cache import BuildCache, digest
from course.core.errors import ContentError, ContentFaultsError
from course.core.paths import Folders
from course.lint.passages import Passage, passages

RULES = Path(__file__).with_name("english.yml")
READS = (
    "*.md",
    "Makefile",
    "nbgrader_config.py",
    ".github/**/*.md",
    ".github/**/*.yml",
    "autograder/*.md",
    "autograder/src/**/*.py",
    "autograder/src/**/*.j2",
    "content/**/*.md",
    "content/**/*.py",
    "content/*.yml",
    "course/**/*.py",
    "docs/**/*.md",
    "img/*.md",
    "stridescope/*.md",
    "stridescope/src/**/*.js",
    "stridescope/src/**/*.py",
    "web/**/*.j2",
    "web/static/*.js",
)
"""What a person reads: pages, lessons, docstrings and messages."""
SENTENCE_START = r"(?:^|(?<=[.!?:¶] )|(?<=[.!?]” ))"
QUOTE = re.compile(r"(?m)^(?P<alone>[ \t]*(?:<!--|#)[ \t]*)?.*?\benglish: quote\b")


@dataclass(frozen=True)
class Rule:
    """A phrase to avoid.

    Parameters
    ----------
    name : str
        What it is called.
    pattern : str
        A regular expression; `START` stands for the start of a sentence.
    why, write : str
        Why to avoid it, and what to write instead.
    refuses, allows : list of str
        Sentences that the rule must refuse, and others that it must leave alone.
    """

    name: str
    pattern: str
    why: str
    write: str
    refuses: list[str]
    allows: list[str]

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The pattern, compiled."""
        return re.compile(self.pattern.replace("START", SENTENCE_START))


@dataclass(frozen=True)
class English:
    """All rules, and the files that may still break them.

    Parameters
    ----------
    rules : list of Rule
        In the order of the file.
    exempt : list of str
        Glob patterns of files below the checkout. The list can only shrink: an entry without a
        finding is refused.
    """

    rules: list[Rule]
    exempt: list[str] = field(default_factory=list)

    def findings(self, file: Path, name: str) -> Iterator[ContentError]:
        """Yield what the rules refuse in one file, in its order.

        Parameters
        ----------
        file : Path
            The file.
        name : str
            What it is called in messages.
        """
        source = file.read_text("utf-8")
        quoted = quoted_lines(source)
        phrases = {
            (passage.offsets[match.start()], rule.name): (rule, match[0])
            for passage in passages(file, source)
            for rule, match in self.matches(passage)
        }
        for (offset, _), (rule, phrase) in sorted(phrases.items(), key=lambda item: item[0]):
            line = source.count("\n", 0, offset) + 1
            if line not in quoted:
                column = offset - source.rfind("\n", 0, offset)
                message = f"“{phrase.strip(' ¶')}”: {rule.why}; write {rule.write}"
                yield ContentError(name, line, message, column)

    def matches(self, passage: Passage) -> Iterator[tuple[Rule, re.Match[str]]]:
        """Yield each rule that refuses something in a passage, with the match."""
        for rule in self.rules:
            for match in rule.regex.finditer(passage.text):
                yield rule, match


def check_english(folders: Folders) -> None:
    """Check everything in the checkout that a person reads.

    Raises
    ------
    ContentFaultsError
        With one line, `file:line:column: what to write`, for each phrase that a rule refuses.
    """
    if errors := faults(folders):
        raise ContentFaultsError(errors)


def load() -> English:
    """Return the rules of `english.yml`."""
    data = yaml.safe_load(RULES.read_text("utf-8"))
    return English([Rule(**rule) for rule in data["rules"]], data["exempt"])


def quoted_lines(source: str) -> set[int]:
    """Return the numbers of the lines that quote a phrase on purpose.

    A mark on a line of its own speaks for the lines up to the next blank one, a mark at the end of
    a line for that line.
    """
    lines = source.splitlines()
    quoted: set[int] = set()
    for number, line in enumerate(lines, start=1):
        if (mark := QUOTE.match(line)) is None:
            continue
        quoted.add(number)
        if mark["alone"]:
            following = iter(range(number + 1, len(lines) + 1))
            for below in following:
                if not lines[below - 1].strip():
                    break
                quoted.add(below)
    return quoted


def files(folders: Folders) -> list[Path]:
    """Return the files that a person reads, sorted."""
    return sorted({file for pattern in READS for file in folders.root.glob(pattern)})


def faults(folders: Folders) -> list[ContentError]:
    """Return what the rules refuse in the whole checkout.

    A file that was clean is not read again until it or the rules change.
    """
    english = load()
    code = [RULES, Path(__file__), Path(__file__).with_name("passages.py")]
    rules = digest(*(file.read_bytes() for file in code))
    cache = BuildCache(folders.build / "english.json")
    clean: dict[str, str] = cache.entries if cache.entries.get("rules") == rules else {}
    still: dict[str, str] = {"rules": rules}
    refused: list[ContentError] = []
    exempt = {file for pattern in english.exempt for file in folders.root.glob(pattern)}
    for file in files(folders):
        name = folders.relative(file)
        key = digest(file.read_bytes())
        errors = [] if clean.get(name) == key else list(english.findings(file, name))
        if not errors:
            still[name] = key
        elif file not in exempt:
            refused += errors
    cache.entries = still
    cache.save()
    return refused + list(idle_exemptions(folders, english, still))


def idle_exemptions(
    folders: Folders, english: English, clean: Iterable[str]
) -> Iterator[ContentError]:
    """Yield an error for each exemption that no file needs any more."""
    for pattern in english.exempt:
        names = {folders.relative(file) for file in folders.root.glob(pattern)}
        if names <= set(clean):
            line = exemption_line(pattern)
            message = f"nothing in {pattern} is refused any more: take it off this list"
            yield ContentError(folders.relative(RULES), line, message)


def exemption_line(pattern: str) -> int:
    """Return the line of an exemption in the file of the rules, counted from 1."""
    lines = RULES.read_text("utf-8").splitlines()
    return next((k for k, line in enumerate(lines, start=1) if pattern in line), 1)
