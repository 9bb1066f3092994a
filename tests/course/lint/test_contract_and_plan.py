"""`make lint` and the grading plan give the same answer on where a test runs."""

from __future__ import annotations

import ast
import functools
import itertools
import math
import operator
import shutil
from collections import namedtuple
from copy import deepcopy
from pathlib import Path

import nbformat
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from nbgrader.preprocessors import ClearSolutions

from course.content.release import throwaway_course
from course.core.code_cells import code_cells
from course.core.myst import to_notebook
from course.core.paths import ROOT
from course.lint.contract import contract_faults
from nbgrader_isolate.notebook.cells import is_solution, is_test
from nbgrader_isolate.planning.arguments import Scope, can_be_sent
from nbgrader_isolate.planning.isolation import IsolationAnalysis
from nbgrader_isolate.planning.plan import make_plan
from support.checkout import lesson_text
from support.tiers import WHOLE, examples

pytestmark = pytest.mark.slow  # imports nbgrader

CHECKING = ROOT / "content" / "solutions" / "checking.py"
MODULES = {"checking": CHECKING.read_text("utf-8")}
SOLUTION = (
    ":grade_id: f\n\ndef f(a, b=1):\n    ### BEGIN SOLUTION\n    seen = {reads}\n"
    "    return [a, b, seen]\n    ### END SOLUTION"
)
REFERENCE = "def f(a):\n    return a"
READS = SOLUTION.format(reads="LIMIT, POINT")
ASYNC = READS.replace("def f", "async def f")
IN_IF = ":grade_id: f\n\n### BEGIN SOLUTION\nif True:\n    class f:\n        pass\n### END SOLUTION"
CODE = """import functools
import itertools
import math
import operator
from collections import namedtuple

import matplotlib.pyplot as plt
import numpy as np
from checking import call, raises

Point = namedtuple("Point", "x y")
LIMIT = np.int64(5)
POINT = Point(1, 2)
TABLE = [1, 2]


def helper(x):
    return x


def both(function, *values):
    return [call(function, value) for value in values]


SEED = 20"""
WORDS = f":grade_id: words\n\n{CODE}"
TEST = ":grade_id: t\n:points: 1\n\n### BEGIN HIDDEN TESTS\n{}\n### END HIDDEN TESTS"

CASES = {
    "reads a NumPy scalar that the answer reads": (READS, "assert f(1) == LIMIT", "isolated"),
    "calls globals()": (READS, "assert 'f' in globals()", "isolated"),
    "calls input()": (READS, "f(1)\nassert input() == '1'", "isolated"),
    "looks at the current figure": (READS, "f(1)\nassert plt.gcf().axes", "in-process"),
    "passes math.sqrt": (READS, "f(math.sqrt)", "isolated"),
    "passes operator.add": (READS, "call(f, operator.add)", "isolated"),
    "passes reversed([1])": (READS, "f(reversed([1]))", "in-process"),
    "passes enumerate([1])": (READS, "call(f, enumerate([1]))", "in-process"),
    "calls an async answer": (ASYNC, "import asyncio\nasyncio.run(f(1))", "in-process"),
    "calls a class bound inside `if`": (IN_IF, "assert f()", "isolated"),
    "passes np.dtype('int8')": (READS, "f(np.dtype('int8'))", "isolated"),
    "reads a named tuple that the answer reads": (READS, "f(POINT.x)", "isolated"),
    "mentions capsys": (READS, "capsys = 1\nf(capsys)", "isolated"),
}
"""The cells on which the two once disagreed: the answer's cell, the test, and where it runs.

What cannot be sent between the processes, or is looked up in the student's, is in-process; the rest
is isolated. NumPy scalars and named tuples cannot be changed, dtypes and functions are sent, and
`capsys` is a name like any other in a notebook.
"""


def text_of(solution: str, test: str) -> str:
    return lesson_text("T", solution, WORDS, TEST.format(test))


def refused(text: str) -> list[str]:
    """Return what `make lint` says of a task's text."""
    tokens = MarkdownIt("commonmark").parse(text)
    return [message for _, message in contract_faults(code_cells(tokens), MODULES)]


def test_the_cells_on_which_lint_and_plan_once_disagreed(tmp_path: Path) -> None:
    assert len(CASES) == 13
    folder = tmp_path / "solutions" / "02"
    folder.mkdir(parents=True)
    shutil.copy(CHECKING, folder)
    names = dict(zip(CASES, "abcdefghijklm", strict=True))
    for case, (solution, test, _) in CASES.items():
        notebook = to_notebook(text_of(solution, test), "x.md")
        nbformat.write(notebook, folder / f"{names[case]}.ipynb")
    api = throwaway_course(tmp_path)
    assert api.generate_assignment("02")["success"]
    with api.gradebook as gradebook:
        plan = make_plan(api.coursedir, gradebook, "02")
    planned = {one.name: one.modes["t"] for one in plan.notebooks}
    assert {case: planned[names[case]] for case in CASES} == {
        case: mode for case, (_, _, mode) in CASES.items()
    }


@pytest.mark.parametrize("case", CASES)
def test_lint_refuses_what_would_run_in_process_and_nothing_else(case: str) -> None:
    solution, test, mode = CASES[case]
    assert bool(refused(text_of(solution, test))) == (mode == "in-process")


def planned(text: str) -> str:
    """Return why the grader would run the only test of a task in process, as it reads the
    notebooks."""
    source = to_notebook(text, "x.md")
    released, _ = ClearSolutions().preprocess(deepcopy(source), {})
    code = [cell for cell in source.cells if cell.cell_type == "code"]
    (test,) = (cell.source for cell in code if is_test(cell))
    reading = IsolationAnalysis(
        plain=[one.source for one in code if not is_test(one) and not is_solution(one)],
        stubs=[c.source for c in released.cells if c.cell_type == "code" and is_solution(c)],
        references=[cell.source for cell in code if is_solution(cell)],
        tests=[test],
        modules=MODULES,
    )
    return reading.reason(test)


ATOMS = [
    *("3", "'x'", "None", "b'y'", "2.5", "...", "(1, 2)", "range(3)", "slice(1)", "len('x')"),
    *("np.int8(3)", "np.arange(3)", "np.dtype('int8')", "np.int16", "np.float64", "np.ndarray"),
    *("np.pi", "np.newaxis", "int", "float", "str", "list", "math.pi", "min", "len", "sum"),
    *("ValueError", "object", "math.sqrt", "operator.add", "np.sum", "np.linalg.norm", "np.random"),
    *("lambda x: x", "(i for i in 'ab')", "map(str, [1])", "reversed([1])", "enumerate([1])"),
    *("zip([1], [2])", "filter(None, [1])", "iter([1])", "itertools.count()", "memoryview(b'')"),
    *("functools.partial(len)", "operator.itemgetter(1)", "np.random.default_rng(SEED)"),
    *("np.vectorize(len)", "helper", "f", "Point", "Point(1, 2)", "LIMIT", "POINT", "TABLE"),
]
arguments = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]")
        | st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"({', '.join(parts)},)")
        | inner.map(lambda part: f"{{'key': {part}}}")
        | st.tuples(inner, inner).map(lambda two: f"({two[0]} if LIMIT > 3 else {two[0]})")
    ),
    max_leaves=4,
)
calls = st.sampled_from(
    [
        *("f({})", "f(1, b={})", "f(*[{}])", "f(*({},))", "call(f, {})", "call(f, 1, b={})"),
        *("raises(ValueError, f, {})", "both(f, 1, {})", "checking.call(f, {})", "helper({})"),
        *("assert f(1) == {}", "x = {}", "for k in range(2):\n    call(f, {})"),
    ]
)
lines = st.builds(str.format, calls, arguments) | st.sampled_from(
    [
        *("assert 'f' in globals()", "input()", "plt.gcf()", "input = 3\nf(input)", "f(TABLE[0])"),
        *(
            "import tracemalloc",
            "import tracemalloc\ntracemalloc.start()",
            "import gc\ngc.collect()",
        ),
        *("from math import sqrt\nf(sqrt)", "import numpy as xp\nf(xp.sum)", "capsys = 1"),
        *("g = lambda x: x\nf(g)", "def g(x):\n    return x\n\n\nf(g)", "old = f\nf = old\nf(1)"),
        *("from contextlib import redirect_stdout as r\nr(None)", "sum = 3\nf(sum)"),
    ]
)
solutions = st.sampled_from(
    [SOLUTION.format(reads=reads) for reads in ("a", "TABLE", "LIMIT, POINT", "TABLE, POINT")]
    + [ASYNC, IN_IF, READS.replace("return", "yield")]
)


@settings(max_examples=200 if WHOLE else 15, deadline=None)
@given(solution=solutions, test=st.lists(lines, min_size=1, max_size=3))
def test_lint_and_plan_agree_on_generated_cells(solution: str, test: list[str]) -> None:
    text = text_of(solution, "\n".join(["import checking", *test]))
    said, why = refused(text), planned(text)
    assert bool(said) == bool(why), (said, why)
    for reason in why.split("; ") if why else []:
        assert any(f"this {reason}, so" in message for message in said), (reason, said)


def helper(x: object) -> object:
    return x


Point = namedtuple("Point", "x y")  # noqa: PYI024 (as in the cell above)
NAMES = {
    "np": np,
    "math": math,
    "operator": operator,
    "itertools": itertools,
    "functools": functools,
    "helper": helper,
    "f": helper,
    "Point": Point,
    "SEED": 20,
    "LIMIT": np.int64(5),
    "POINT": Point(1, 2),
    "TABLE": [1, 2],
}


@settings(max_examples=examples(300), deadline=None)
@given(argument=arguments)
def test_an_argument_is_refused_exactly_if_the_bridge_cannot_send_it(argument: str) -> None:
    scope = IsolationAnalysis([CODE], [], [REFERENCE], [f"f({argument})"]).scope
    value = eval(argument, dict(NAMES))  # noqa: S307 (one of the expressions above)
    assert scope.is_unsendable(ast.parse(argument, mode="eval").body) != can_be_sent(value)


def test_what_is_not_known_by_its_text_is_left_to_the_dry_run() -> None:
    scope = Scope(callables={"f"})
    for argument in ("unknown", "unknown.attribute", "unknown()", "f(1)", "[len][0]", "x + 1"):
        assert not scope.is_unsendable(ast.parse(argument, mode="eval").body)
