"""The English in a file, ready to be searched: prose without code, and the strings of a program.

Each passage is text on one line: blanks are single, code, quotations and placeholders are an `X`,
and a pilcrow marks where a paragraph, a list item or a table cell ends. It remembers for each of
its characters where in the file it comes from.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

END = "¶"
DROPPED = "\0"
FENCE = re.compile(
    r"(?ms)^(?P<indent> *)(?P<mark>```+|~~~+)(?P<info>[^\n]*)\n.*?^ *(?P=mark)[ \t]*$"
)
CODE_CELL = re.compile(r"(?ms)^```\{code-cell\}[^\n]*\n(?P<code>.*?)^```[ \t]*$")
CELL_OPTIONS = re.compile(r"---\n.*?^---\n|(?::\w[\w-]*:[^\n]*\n)+", re.MULTILINE | re.DOTALL)
QUOTED = r"“[^“”¶]*”|(?<!\w)\"(?=\w)[^\"¶\n]*(?:\n(?!\s*\n)[^\"¶\n]*){0,3}\"(?!\w)"
JAVASCRIPT = re.compile(
    r"//[^\n]*|/\*.*?\*/"
    r"|(?P<text>\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)",
    re.DOTALL,
)
WORDS = re.compile(r"[A-Za-z]{2,}[,;:.]? [A-Za-z(“]")


@dataclass(frozen=True)
class Passage:
    """Some English of a file.

    Parameters
    ----------
    text : str
        The passage on one line.
    offsets : list of int
        For each character of `text`, its position in the file.
    """

    text: str
    offsets: list[int]


def passages(file: Path, source: str) -> Iterator[Passage]:
    """Yield the English of one file, which is read by the kind that its name says."""
    readers: dict[str, Callable[[str], Iterator[Passage]]] = {
        ".md": in_markdown,
        ".py": in_python,
        ".js": in_javascript,
        ".yml": in_data,
        ".j2": in_template,
    }
    yield from readers.get(file.suffix, in_makefile)(source)


def in_markdown(source: str) -> Iterator[Passage]:
    """Yield the prose as one passage, and the strings of each code cell."""
    for cell in CODE_CELL.finditer(source):
        options = CELL_OPTIONS.match(cell["code"])
        start = cell.start("code") + (options.end() if options else 0)
        yield from in_python(source[start : cell.end("code")], start)
    yield passage(
        masked(
            source,
            (FENCE, END),
            (r"<!--.*?-->", DROPPED),
            (r"\$\$[^$]+\$\$|\$[^$\n]+\$", "X"),
            (r"(`+)(?!`).+?(?<!`)\1(?!`)", "X"),
            (r"\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*(?: \"[^\"]*\")?\)", DROPPED),
            (r"https?://[^\s)>]+", "X"),
            (r"</?(?:p|li|td|th|summary|details|h\d|br|figcaption|div)\b[^>]*>", END),
            (r"<[^<>]+>", DROPPED),
            (r"(?m)^[ \t]*(?:[-*+>]|#+|\d+\.|\+\+\+[^\n]*)(?=[ \t\n]|$)", END),
            (r"\n[ \t]*(?=\n)|(?<=\|)\n|\|", END),
            (QUOTED, "X"),
            (r"[*\[\]]+|(?<![\w])_|_(?![\w])", DROPPED),
        )
    )


def in_template(source: str) -> Iterator[Passage]:
    """Yield the prose of an HTML template."""
    yield passage(
        masked(
            source,
            (r"\{#.*?#\}|<!--.*?-->", DROPPED),
            (r"\{%.*?%\}", DROPPED),
            (r"\{\{.*?\}\}", "X"),
            (r"<(style|script|code|pre)\b.*?</\1>", "X"),
            (r"</?(?:a|b|em|i|kbd|span|strong)\b[^>]*>", DROPPED),
            (r"<[^<>]*>", END),
        )
    )


def in_data(source: str) -> Iterator[Passage]:
    """Yield the text of a YAML file: its comments and values, without keys."""
    yield passage(
        masked(
            source,
            (r"`[^`\n]*`", "X"),
            (r"(?m)^[ \t]*(?:- )?[\w.-]+:(?=\s)", END),
            (r"(?m)^[ \t]*(?:-|#)(?=\s)", END),
            (r"(?<=\n)\n", END),
        )
    )


def in_makefile(source: str) -> Iterator[Passage]:
    """Yield the comments of a Makefile, and what it says."""
    for line in re.finditer(r"(?m)#.*$|echo \"[^\"\n]*\"", source):
        yield passage(masked(line[0], (r"^#+|echo \"", END), (r"`[^`\n]*`", "X")), line.start())


def in_javascript(source: str) -> Iterator[Passage]:
    """Yield the strings of a script that look like English."""
    for token in JAVASCRIPT.finditer(source):
        if token["text"] and WORDS.search(token["text"]):
            text = masked(
                token["text"], (r"\$\{[^{}]*\}", "X"), (r"\\n", END), (r"<[^<>]*>", DROPPED)
            )
            yield passage(text, token.start())


def in_python(source: str, start: int = 0) -> Iterator[Passage]:
    """Yield docstrings, and strings that look like English; nothing if it is not Python.

    Parameters
    ----------
    source : str
        The program.
    start : int
        Where it starts in its file.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return
    # positions count bytes of UTF-8; in a text of ASCII alone, that is characters
    lines = source.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))

    def position(line: int, column: int) -> int:
        text = lines[line - 1]
        if not text.isascii():
            column = len(text.encode()[:column].decode())
        return starts[line - 1] + column

    for node in strings(tree):
        begin = position(node.lineno, node.col_offset)
        end = position(node.end_lineno or 0, node.end_col_offset or 0)
        literal = source[begin:end]
        if WORDS.search(literal):
            yield passage(python_text(literal), start + begin)


def strings(tree: ast.AST) -> Iterator[ast.expr]:
    """Yield each string of a program; an f-string is one, with all its parts."""
    todo: list[ast.AST] = [tree]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.JoinedStr) or (
            isinstance(node, ast.Constant) and isinstance(node.value, str)
        ):
            yield node
        else:
            todo.extend(ast.iter_child_nodes(node))


def python_text(literal: str) -> str:
    """Return a string or a docstring as it is written, with all that is not English masked."""
    return masked(
        literal,
        (r"^[a-zA-Z]*(?:\"\"\"|'''|\"|')|(?:\"\"\"|'''|\"|')$", DROPPED),
        (r"(?m)(?<!\\)[\"'][ \t]*\n[ \t]*[a-zA-Z]{0,2}[\"']", DROPPED),
        (r"(?m)^[ \t]*(?:>>>|\.\.\.)[^\n]*$", END),
        (r"``[^`]+``|`[^`\n]+`", "X"),
        (r"\{\{.*?\}\}|\{[^{}]*\}", "X"),
        (r"\\n|\n[ \t]*(?=\n)", END),
        (r"(?m)^[ \t]*-{3,}[ \t]*$", END),
        (r"\n(?=[ \t]*\S[^\n]* : )", END),
        (r"(?m)(?<= : )[^\n]*$", END),
        (r"(?m)^[ \t]*[-*](?= )", END),
        (r"“[^“”]*”", "X"),
    )


def masked(source: str, *masks: tuple[re.Pattern[str] | str, str]) -> str:
    """Return a text as long as `source`, with everything that the patterns match overwritten."""
    for pattern, mask in masks:
        compiled = re.compile(pattern, re.DOTALL) if isinstance(pattern, str) else pattern
        source = overwritten(source, compiled, mask)
    return source


def overwritten(source: str, pattern: re.Pattern[str], mask: str) -> str:
    """Return a text in which each match of a pattern is a row of one character."""
    return pattern.sub(lambda match: mask * len(match[0]), source)


def passage(text: str, start: int = 0) -> Passage:
    """Return a masked text as a passage: on one line, with single blanks and one X for many."""
    shown: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text, start=start):
        if character == DROPPED:
            continue
        new = " " if character.isspace() else character
        if shown and new == shown[-1] and new in f" X{END}":
            continue
        if new == END and shown[-1:] != [" "]:
            shown.append(" ")
            offsets.append(offset)
        if shown and shown[-1] == END and new != " ":
            shown.append(" ")
            offsets.append(offset)
        shown.append(new)
        offsets.append(offset)
    return Passage("".join(shown), offsets)
