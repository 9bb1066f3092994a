"""Whether the tests mirror the packages: `room/test_X.py` tests `room/X.py`."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path

LINES = 40
"""A module with more lines of code than this has a test file."""


def mirror_of(module: str) -> str:
    """Return the test file of a module: `package/room/X.py` → `package/room/test_X.py`."""
    folder, _, name = module.rpartition("/")
    return f"{folder}/test_{name}"


def lines_of_code(source: str) -> int:
    """Return how many lines are code: neither blank, nor a comment, nor a docstring."""
    documented: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            documented.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return sum(
        bool(line.strip()) and not line.lstrip().startswith("#") and number not in documented
        for number, line in enumerate(source.splitlines(), 1)
    )


def faults(
    tests: Path,
    packages: Mapping[str, Path],
    behavior: Mapping[str, str],
    tested_by: Mapping[str, str],
) -> list[str]:
    """Return what breaks the mirror, one sentence each.

    Parameters
    ----------
    tests : Path
        The folder of all tests.
    packages : mapping of str to Path
        The folder of each package, by the package's name.
    behavior : mapping of str to str
        Test files that cross modules, and what they are about.
    tested_by : mapping of str to str
        Modules without a test file of their own, and the file that tests them.
    """
    modules = {
        f"{name}/{file.relative_to(folder).as_posix()}": file
        for name, folder in packages.items()
        for file in folder.rglob("*.py")
    }
    found = {
        file.relative_to(tests).as_posix()
        for name in packages
        for file in (tests / name).rglob("test_*.py")
    }
    long = {
        module: lines
        for module, file in modules.items()
        if mirror_of(module) not in found
        and (lines := lines_of_code(file.read_text("utf-8"))) > LINES
    }
    return [
        *unnamed(found, {mirror_of(module) for module in modules}, behavior),
        *untested(long, tested_by),
        *outdated(found, modules.keys(), long.keys(), tested_by),
    ]


def unnamed(
    found: AbstractSet[str], mirrored: AbstractSet[str], behavior: Mapping[str, str]
) -> Iterator[str]:
    """Yield each test file that is named after no module, and each wrong entry of `behavior`."""
    for test in sorted(found - mirrored - behavior.keys()):
        yield (
            f"tests/{test}: no module has this name; name it after the module that it tests, or "
            "list it in [behavior]"
        )
    for test, words in behavior.items():
        if test not in found:
            yield f"[behavior] {test}: there is no such file"
        elif test in mirrored:
            yield f"[behavior] {test}: it is named after a module; take it off the list"
        elif not words:
            yield f"[behavior] {test}: say what it is about"


def untested(long: Mapping[str, int], tested_by: Mapping[str, str]) -> Iterator[str]:
    """Yield each long module without a test file that has no entry either."""
    for module, lines in sorted(long.items()):
        if module not in tested_by:
            yield (
                f"{module}: {lines} lines of code and no tests; write tests/{mirror_of(module)}, "
                "or list the module in [tested_by]"
            )


def outdated(
    found: AbstractSet[str],
    modules: AbstractSet[str],
    long: AbstractSet[str],
    tested_by: Mapping[str, str],
) -> Iterator[str]:
    """Yield each entry of `tested_by` that is wrong, or no longer needed."""
    for module, test in tested_by.items():
        if module not in modules:
            yield f"[tested_by] {module}: there is no such module"
        elif mirror_of(module) in found:
            yield f"[tested_by] {module}: it has a test file; take it off the list"
        elif module not in long:
            yield f"[tested_by] {module}: it is short enough to need none; take it off the list"
        elif test not in found:
            yield f"[tested_by] {module}: there is no tests/{test}"
