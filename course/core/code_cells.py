"""The code cells of a task's MyST source: their options, their role in grading, their lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml
from markdown_it.token import Token  # noqa: TC002 - beside its module

from course.core.myst import IN_PROCESS_OPTIONS, SOLUTION_MARK

HIDDEN = re.compile(r"(?ms)^[ \t]*### BEGIN HIDDEN TESTS.*?^[ \t]*### END HIDDEN TESTS[^\n]*")
HIDDEN_MARKS = ("### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS")


@dataclass(frozen=True)
class CodeCell:
    """A code cell in a MyST source.

    Parameters
    ----------
    options : dict
        `grade_id`, `points`, `in_process`, `tags`, as far as they are given.
    source : str
        The code after the options.
    line : int
        The line of the file on which the cell starts, counted from 0.
    code_line : int
        The line on which its code starts.
    """

    options: dict[str, Any]
    source: str
    line: int
    code_line: int

    @property
    def is_solution(self) -> bool:
        """Whether students write their answer here."""
        return SOLUTION_MARK in self.source

    @property
    def is_test(self) -> bool:
        """Whether it gives points."""
        return "points" in self.options and not self.is_solution

    @property
    def has_hidden_part(self) -> bool:
        """Whether part of it is hidden from students."""
        return HIDDEN_MARKS[0] in self.source

    @property
    def in_process(self) -> str | None:
        """The reason why it must run in the student's process; None if no option says so."""
        reasons = [self.options[name] for name in IN_PROCESS_OPTIONS if name in self.options]
        return str(reasons[-1] or "").strip() if reasons else None

    @property
    def visible(self) -> str:
        """The source without its hidden part, but with as many lines."""
        return HIDDEN.sub(lambda part: "\n" * part[0].count("\n"), self.source)


def code_cells(tokens: list[Token]) -> list[CodeCell]:
    """Return the code cells among the Markdown tokens of a source, in order."""
    return [
        cell_of(token.content, token.map[0] if token.map else 0)
        for token in tokens
        if token.type == "fence" and token.info.startswith("{code-cell}")
    ]


def cell_of(content: str, line: int) -> CodeCell:
    """Parse one cell: options as `:key: value` lines or as YAML between `---`, then code."""
    lines = content.splitlines()
    if lines and lines[0].strip() == "---" and "---" in lines[1:]:
        end = lines.index("---", 1)
        options, rest = yaml.safe_load("\n".join(lines[1:end])), end + 1
    else:
        rest = next((i for i, text in enumerate(lines) if not re.match(r":\w+:", text)), len(lines))
        options = dict(option(text) for text in lines[:rest])
    while rest < len(lines) and not lines[rest].strip():
        rest += 1
    return CodeCell(options or {}, "\n".join(lines[rest:]), line, line + 1 + rest)


def option(text: str) -> tuple[str, Any]:
    """Return key and value of one `:key: value` line."""
    _, key, value = text.split(":", 2)
    try:
        return key, yaml.safe_load(value)
    except yaml.YAMLError:  # the build says so, with the line
        return key, value.strip()
