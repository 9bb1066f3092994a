"""Keep the hidden lines of an isolated test out of what the test process prints."""

from __future__ import annotations

from collections.abc import Iterator

HIDDEN = "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"
HIDDEN_LINE = "[a line of a hidden test]"
SHORTEST_HIDDEN = 6
"""Letters and digits of a line that tells something; `else:` tells nothing."""


def marked_lines(source: str) -> Iterator[tuple[str, bool]]:
    """Yield the lines of a source, and whether each is hidden, or says where hidden ones are.

    Hidden are those between nbgrader's own delimiters.
    """
    begin, end = HIDDEN
    inside = False
    for line in source.split("\n"):
        inside = inside or begin in line
        yield line, inside
        inside = inside and end not in line


def hidden_lines(source: str) -> frozenset[str]:
    """Return the hidden lines of a test that tell something, without indentation."""
    hidden = (line.strip() for line, is_hidden in marked_lines(source) if is_hidden)
    return frozenset(filter(is_revealing, hidden))


def is_revealing(line: str) -> bool:
    """Tell whether a line tells something: whether it has enough letters and digits."""
    return sum(map(str.isalnum, line)) >= SHORTEST_HIDDEN


def without_hidden_lines(source: str) -> str:
    """Return a source with a replacement for each hidden line; the numbers of lines stay."""
    return "\n".join(HIDDEN_LINE if is_hidden else line for line, is_hidden in marked_lines(source))


def shown(text: str, hidden: frozenset[str]) -> str:
    """Return a text with a replacement for each line that contains a hidden one, or part of it.

    doctest prints the lines of an example without the prompts before them.
    """
    if not hidden:
        return text
    prompts = (">>> ", "... ")
    examples = {line[4:] for line in hidden if line.startswith(prompts)}
    parts = hidden | set(filter(is_revealing, examples))
    return "\n".join(
        HIDDEN_LINE if any(part in line for part in parts) else line for line in text.split("\n")
    )
