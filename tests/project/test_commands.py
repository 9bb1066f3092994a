"""Pages name commands, options, exit codes and verbs that exist, and all of them."""

from __future__ import annotations

import argparse
import re

import pytest

from course.bootstrap import ROOT
from nbgrader_isolate.cli.main import COMMANDS, build_parser
from nbgrader_isolate.core.errors import Exit
from nbgrader_isolate.core.limits import Limits

PAGE = (ROOT / "docs" / "autograder" / "commands.md").read_text("utf-8")
PAGES = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "autograder/README.md",
    *(file.relative_to(ROOT).as_posix() for file in (ROOT / "docs").rglob("*.md")),
]
VERBS = set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8")))


def options() -> dict[str, set[str]]:
    """Return the commands that take each long option."""
    (commands,) = (
        action.choices
        for action in build_parser()._actions  # noqa: SLF001 - argparse has no other door
        if isinstance(action, argparse._SubParsersAction)  # noqa: SLF001
    )
    found: dict[str, set[str]] = {}
    for name, parser in commands.items():
        for text in parser._option_string_actions:  # noqa: SLF001
            if text.startswith("--") and text != "--help":
                found.setdefault(text, set()).add(name)
    return found


def test_the_page_lists_every_command() -> None:
    assert set(re.findall(r"(?m)^\| `([a-z]+)[ `]", PAGE.partition("| option |")[0])) == {*COMMANDS}


def test_the_page_lists_every_option_with_the_commands_that_take_it() -> None:
    table = PAGE.partition("| option |")[2].partition("\n\n")[0]
    told: dict[str, set[str]] = {}
    option = ""
    for first, of in re.findall(r"(?m)^\|(.*?)\|(.*?)\|", table):
        option = found[0] if (found := re.findall(r"--[a-z][a-z-]+", first)) else option
        if option:
            every = of.strip() == "all but demo"
            names = {*COMMANDS} - {"demo"} if every else {*of.strip().split(", ")}
            told.setdefault(option, set()).update(names)
    assert told == options()


def test_the_page_lists_every_exit_code() -> None:
    table = PAGE.partition("## Exit codes")[2].partition("\n## ")[0]
    assert [int(code) for code in re.findall(r"(?m)^\| (\d+) \|", table)] == [*Exit]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_names_commands_and_verbs_that_exist(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, flags=re.DOTALL))
    assert set(re.findall(r"(?m)(?:^|`)make ([a-z-]+)", code)) <= VERBS
    assert set(re.findall(r"nbgrader-isolate ([a-z]+)", code)) <= {*COMMANDS}
    assert set(re.findall(r"-m nbgrader_isolate ([a-z]+)", code)) <= {*COMMANDS}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_names_limits_that_exist(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    named = set(re.findall(r"\bLimits\.([a-z_]+)", text))
    assert named <= {*Limits.class_trait_names(config=True)}
