"""Find tests that give points to wrong answers of a few common kinds.

The reference solution is run again with each of its functions changed: they overwrite their
arguments first, or they return NaN or empty results. A test that gives all points although one of
its calls was answered so gets a warning.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from nbgrader_isolate.bridge.sources import bound_names
from nbgrader_isolate.core.models import ISOLATED, NotebookPlan
from nbgrader_isolate.grading.score import record_of
from nbgrader_isolate.notebook.cells import is_test, name_of, points_of

if TYPE_CHECKING:
    from nbformat import NotebookNode

Run = Callable[[Mapping[str, str]], "NotebookNode"]
"""Runs the answers to solution cells, by grade_id, and returns the executed notebook."""

MARK = "nbgrader_isolate: this call was answered wrongly"
WARNINGS = {
    "overwritten": (
        "a function that overwrites its arguments still passes; compute what you expect before the "
        "call, from a copy"
    ),
    "nan": (
        "a function that returns NaN still passes; write `assert abs(got - want) <= tolerance`, or "
        "compare with np.testing.assert_allclose"
    ),
    "empty": (
        "a function that returns an empty array still passes; compare the shape or the length, too"
    ),
}
"""What a warning says after the name of a test, for each way to answer wrongly."""

_CHANGE = """

def _nbgrader_isolate_change(name, way, mark):
    import copy, functools, types
    import numpy as np

    function = globals().get(name)
    if type(function) is not types.FunctionType:
        return
    busy = globals().setdefault("_nbgrader_isolate_busy", [])  # one function may use another

    def is_writeable(value):
        return value.flags.writeable if isinstance(value, np.ndarray) else isinstance(value, list)

    def first_everywhere(value):
        if isinstance(value, list):
            return value[:1] * len(value)
        return value.flat[0] if value.size else value

    def write(value, contents):
        value[... if isinstance(value, np.ndarray) else slice(None)] = contents

    def spoil(value):
        if isinstance(value, bool | np.bool) or value is None:
            return value
        if isinstance(value, list | tuple):
            spoiled = map(spoil, () if way == "empty" else value)
            return value if hasattr(value, "_fields") else type(value)(spoiled)
        if isinstance(value, np.ndarray):
            numeric = value.dtype.kind in "iufc"
            if way == "empty":
                return np.empty((0,) + (1,) * value.ndim, value.dtype)  # broadcasts to any shape
            return np.full(value.shape, np.nan) if numeric and value.size else value
        if isinstance(value, int | float | complex | np.number):
            return np.empty(0) if way == "empty" else float("nan")
        return value

    def same(one, other):
        if callable(one) and callable(other):  # two closures of one function
            return True
        try:
            np.testing.assert_equal(one, other)
        except AssertionError:
            return False
        return type(one) is type(other)

    @functools.wraps(function)
    def changed(*args, **kwargs):
        if busy:
            return function(*args, **kwargs)
        busy.append(True)
        try:
            if way == "overwritten":
                values = [value for value in (*args, *kwargs.values()) if is_writeable(value)]
                before = copy.deepcopy(values)
                right = copy.deepcopy(function(*args, **kwargs))
                after = copy.deepcopy(values)
                for value, contents in zip(values, before):
                    write(value, contents)
                for value in values:
                    write(value, first_everywhere(value))
                wrong = function(*args, **kwargs)
            else:
                right = function(*args, **kwargs)
                wrong = spoil(right)
            in_place = right is None and wrong is None and way == "overwritten"
            if not same(*((values, after) if in_place else (wrong, right))):
                print(mark)
            return wrong
        finally:
            busy.clear()

    globals()[name] = changed


for _name in {names!r}:
    _nbgrader_isolate_change(_name, {way!r}, {mark!r})
"""
_BODY, _, _CALLS = _CHANGE.rpartition("\n\n\n")


def weak_tests(plan: NotebookPlan, reference: Mapping[str, str], run: Run) -> Iterator[str]:
    """Yield a warning for each isolated test that gives all points to a wrong answer.

    Parameters
    ----------
    plan : NotebookPlan
    reference : dict of str to str
        The source of each solution cell with its solution, by grade_id.
    run : callable
        See `Run`.
    """
    for way, warning in WARNINGS.items():
        answers = {name: changed(source, way) for name, source in reference.items()}
        for cell in run(answers)["cells"]:
            test = str(name_of(cell))
            if is_test(cell) and plan.modes.get(test) == ISOLATED and gives_all_points(cell):
                yield f"{plan.name}/{test}: {warning}"


def is_about_weakness(warning: str) -> bool:
    """Return whether a plan's warning is about a test that accepts a wrong answer."""
    return warning.endswith(tuple(WARNINGS.values()))


def changed(source: str, way: str) -> str:
    """Return a solution whose functions answer wrongly, in one of the ways of `WARNINGS`."""
    names = sorted(bound_names(source))
    return f"{source}{_BODY}\n\n\n{_CALLS.format(names=names, way=way, mark=MARK)}"


def gives_all_points(cell: NotebookNode) -> bool:
    """Return whether a test passed with all its points although a call was answered wrongly."""
    record = record_of(cell)
    passed = record.outcome == "passed" and record.completed is True
    return passed and record.credit in {None, points_of(cell)} and MARK in json.dumps(cell.outputs)
