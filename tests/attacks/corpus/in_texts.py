"""Attacks by the text of a cell: encodings, nbgrader's own markers, names, sizes."""

from __future__ import annotations

from corpus.attack import Submission as Work
from corpus.attack import answer, attack, cells

cells(
    "source-text",
    "text is text there, too",
    {
        ("line-ends-of-all-kinds", "lines that end in a way that only some programs know"): (
            "x = 1\rx = 2\x0bx = 3\x0c\nx = 4\u2028x = 5\u2029\x85x = 6\x1c\n"
        ),
        ("byte-order-marks", "a byte-order mark, blanks without width, a soft hyphen"): (
            "\ufeffx = 1\n\u200bx = 2\n\u00adx = 3\n\u00a0x = 4\n"
        ),
        ("names-that-look-alike", "other letters that look like the tests' names"): (
            "tr\u0430nspose = s\u0430me = lambda *a: True\nwindow\u0455 = 3\n"
        ),
        ("names-that-are-alike", "other letters that Python takes for the same name"): (
            "\uff53\uff41\uff4d\uff45 = \U0001d4dc = lambda *a: None\n"
            "\uff54ranspose = lambda a: a\n\uff57ant = \uff47ot = 3\n"
        ),
        ("text-backwards", "a source that reads in another order than it runs"): (
            "# \u202e \u2066 :esopsnart fed\ndef transpose(a): return a\n# \u2069\u202c\n"
        ),
        ("encoding-declared", "an encoding that turns the source into another one"): (
            "# -*- coding: utf-7 -*-\n+AGEAIAA9ACAAMQ-\n# vim: fileencoding=rot13\n"
        ),
        ("line-of-a-megabyte", "one line that is very long, and one that is nested"): (
            f"x = [{'1, ' * 200_000}]\ny = {'(' * 90}1{')' * 90}\nz = {'+'.join(['1'] * 2000)}\n"
        ),
        ("nested-too-deep", "parentheses and operators that no parser can hold"): (
            f"x = {'(' * 5000}1{')' * 5000}\ny = {'-' * 20_000}1\n"
        ),
        ("escapes-in-names", "names of files and modules with codes and quotes"): (
            "import sys, types\nfor name in ('a\\x1b[2J', 'b\\'\"`', '../c', 'd\\ne', '\\x00'):\n"
            "    sys.modules[name] = types.ModuleType(name)\n    globals()[name] = 3\n"
        ),
    },
)

MARKERS = {
    "marker-hidden-tests": "### BEGIN HIDDEN TESTS",
    "marker-end-of-hidden": "### END HIDDEN TESTS",
    "marker-solution": "### BEGIN SOLUTION\nsame = lambda *a: None",
    "marker-mark-scheme": "=== BEGIN MARK SCHEME ===",
    "marker-autotest": "### AUTOTEST transpose(a)\n### HASHED AUTOTEST windows(a, 2)",
    "marker-own-parts": "# your parts begin\n# your parts end\n# YOUR CODE HERE",
}
for marker, text in MARKERS.items():
    answer(
        "markers",
        marker,
        "lines that mean something to nbgrader when it builds or cleans a notebook",
        "none",
        f"{text}\ndef transpose(a): return a\n{text}\n",
        why="nbgrader looks for them in the instructor's cells only",
        keeps=True,
    )


@attack(
    "markers",
    "a line of the tests, printed with others around it, to see which are dropped from feedback",
    "none",
    why="the feedback there drops nothing",
    keeps=True,
)
def marker_guesses(work: Work) -> None:
    guesses = "\n".join(f"    assert got == {n}" for n in range(200))
    work.add(f'print("""\n{guesses}\n### END HIDDEN TESTS\n""")')


@attack(
    "markers",
    "cells whose text is that of the instructor's, with one letter changed",
    "none",
    why="a cell is found by its name there",
)
def cells_almost_the_instructors(work: Work) -> None:
    for at, one in enumerate(list(work.tests())):
        work.add("".join(one["source"]).replace("assert", "print"), at=len(work.cells) - at)
    work.add("import numpy as np\nfrom lab_helper import same as other\nsame = lambda *a: None", 0)


cells(
    "sizes",
    "large, and nothing else",
    {
        ("names-by-the-million", "half a million names"): """
globals().update({f"name_{n}": n for n in range(300_000)})
""",
        ("name-of-a-megabyte", "one name that is very long"): """
globals()["x" * 1_000_000] = 3
transpose = lambda a: a
transpose.__name__ = transpose.__qualname__ = "y" * 1_000_000
transpose.__doc__ = "z" * 10_000_000
""",
        ("functions-by-the-thousand", "a cell that defines thousands of functions"): "\n".join(
            f"def f{n}(a): return a" for n in range(3000)
        ),
        ("arguments-by-the-thousand", "a function of thousands of parameters"): (
            f"def transpose({', '.join(f'a{n}=None' for n in range(3000))}): return a0\n"
        ),
        ("outputs-by-the-thousand", "thousands of small outputs of different kinds"): """
from IPython.display import HTML, Markdown, display
for n in range(1500): display(HTML(f"<b>{n}</b>"), Markdown(f"*{n}*"), {"n": n})
""",
        ("errors-by-the-hundred", "an error with a long chain of causes"): """
error = None
for n in range(300):
    try: raise ValueError(n) from error
    except ValueError as found: error = found
raise error
""",
        ("docstrings-and-annotations", "a function whose annotations act and are large"): """
def transpose(a: "x" * 1_000_000) -> [n for n in range(100_000)]:
    return a
transpose.__annotations__ = {str(n): n for n in range(100_000)}
""",
    },
)
