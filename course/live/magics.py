"""The few magics of IPython that lessons use, written as Python."""

from __future__ import annotations

import ast
import re
from typing import Any

MAGIC = re.compile(r"^(\s*)(?:([\w, ]+?)\s*=\s*)?%(time|timeit)\b(.*)$")
OTHER_MAGIC = re.compile(r"^\s*(?:[\w, ]+=\s*)?([%!?]{1,2}\w*)|^\s*\w[\w.]*\?{1,2}\s*$")
INDENT = re.compile(r"\s*")
OPTIONS = re.compile(r"\s*-(?:([nr])\s*(\d+)|[qopt])\b")


class NeedsComputerError(Exception):
    """A cell uses something of Jupyter or of the system that a page does not have."""


def without_magics(source: str) -> str:
    """Return a cell with `%timeit` and `%time` written as Python.

    Raises
    ------
    NeedsComputerError
        If the cell uses another magic, a shell command or `name?`.
    """
    if re.match(r"\s*%%timeit\b", source):
        first, _, rest = source.strip().partition("\n")
        return f"_timeit({rest!r}, {first.partition('%%timeit')[2]!r})"
    if "%" not in source and "!" not in source and "?" not in source:
        return source
    if parses(source):
        return source
    lines = [line_without_magic(line) for line in source.split("\n")]
    others = [match for line in lines if (match := other_magic(line))]
    kept = [f"{INDENT.findall(line)[0]}pass" if other_magic(line) else line for line in lines]
    if others and parses("\n".join(kept)):
        what = others[0][1] or "?"
        message = f"`{what}` belongs to Jupyter. Run this cell in JupyterLab, on a computer."
        raise NeedsComputerError(message)
    return "\n".join(lines)  # if that is no Python, the error says where


def parses(source: str) -> bool:
    """Tell whether a text is Python."""
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return False
    return True


def other_magic(line: str) -> re.Match[str] | None:
    """Return what looks like a magic that pages do not have, or like a shell command."""
    return None if line.lstrip().startswith("#") else OTHER_MAGIC.match(line)


def line_without_magic(line: str) -> str:
    """Return one line without `%time` or `%timeit`."""
    if match := MAGIC.match(line):
        indent, name, _magic, code = match.groups()
        options = "".join(found[0] for found in OPTIONS.finditer(code.partition("--")[0]))
        code = code.removeprefix(options)
        call = f"_timeit({code.strip()!r}, {options!r})"
        return f"{indent}{name} = {call}" if name else f"{indent}{call};"
    return line


class TimeitResult:
    """What `%timeit -o` returns.

    Parameters
    ----------
    loops : int
        How many times the code ran in each repetition.
    runs : list of float
        Seconds of one loop, for each repetition.
    """

    def __init__(self, loops: int, runs: list[float]) -> None:
        self.loops = loops
        self.repeat = len(runs)
        self.all_runs = [run * loops for run in runs]
        self.timings = runs
        self.best = min(runs)
        self.worst = max(runs)
        self.average = sum(runs) / len(runs)

    def __str__(self) -> str:
        """Return the mean time of a loop in a fitting unit."""
        units = ((1, "s"), (1e-3, "ms"), (1e-6, "μs"), (1e-9, "ns"))
        size, unit = next(u for u in units if self.average >= u[0] or u[1] == "ns")
        runs = f"mean of {self.repeat} runs, {self.loops:,} loops each"
        return f"{self.average / size:.3g} {unit} per loop ({runs})"


def timed(code: str, options: str, space: dict[str, Any]) -> TimeitResult | None:
    """Time code as `%timeit` does; with `-o` return the result, without `-q` print it."""
    import timeit

    given = {match[1]: int(match[2]) for match in OPTIONS.finditer(options) if match[1]}
    timer = timeit.Timer(code, globals=space)
    loops = given.get("n") or timer.autorange()[0]
    result = TimeitResult(loops, [s / loops for s in timer.repeat(given.get("r", 7), loops)])
    if "-q" not in options:
        print(result)  # noqa: T201 - this is what the magic does
    return result if "-o" in options else None
