"""Which installed modules an assignment needs from its first cells on.

The warm process imports them once, so that kernels and test processes need not. Only modules that
every run imports before any of the student's code are taken: nothing can tell then who imported
them.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from typing import Any

from nbgrader_isolate.core.models import AssignmentPlan
from nbgrader_isolate.notebook.cells import is_grade, is_solution
from nbgrader_isolate.notebook.ipython_syntax import parse_python

LIBRARIES = frozenset(
    {
        "PIL",
        "astropy",
        "bs4",
        "lxml",
        "matplotlib",
        "mpl_toolkits",
        "mpmath",
        "networkx",
        "numpy",
        "openpyxl",
        "pandas",
        "patsy",
        "pint",
        "scipy",
        "seaborn",
        "skimage",
        "sklearn",
        "statsmodels",
        "sympy",
        "uncertainties",
        "xarray",
        "yaml",
    }
)
"""Packages whose import has no effects beyond the package, neither on the kernel nor on output."""

NOT_PRELOADED = frozenset(
    {
        "__main__",
        "antigravity",
        "curses",
        "faulthandler",
        "idlelib",
        "readline",
        "rlcompleter",
        "test",
        "this",
        "tkinter",
        "turtle",
        "turtledemo",
    }
)
"""Modules of the standard library whose import prints, opens a window or changes the process."""


MAGIC_LINE = re.compile(r"(?m)^[%!].*$")


def modules_to_preload(plan: AssignmentPlan) -> list[str]:
    """Return what to import in advance, as `module` or `module:name`, in the order of the cells.

    A module that a file beside the notebook may replace is left out.

    Parameters
    ----------
    plan : AssignmentPlan
    """
    found: dict[str, None] = {}
    for notebook in plan.notebooks:
        for cell in leading_cells(notebook.notebook["cells"]):
            for name in imported(cell["source"]):
                top = name.partition(":")[0].partition(".")[0]
                if may_be_preloaded(top) and not may_be_replaced(top, plan):
                    found[name] = None
    return list(found)


def leading_cells(cells: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the instructor's code cells that come before the first cell with points or answers."""
    for cell in cells:
        if is_solution(cell) or is_grade(cell):
            return
        if cell["cell_type"] == "code":
            yield cell


def imported(source: str) -> Iterator[str]:
    """Yield what the statements at the top level of a cell import."""
    tree = parse_python(MAGIC_LINE.sub("", source))
    for node in tree.body if tree is not None else ():
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), names=names, level=0):
                yield module
                yield from (f"{module}:{alias.name}" for alias in names if alias.name != "*")


def may_be_preloaded(package: str) -> bool:
    """Return whether importing a package has no effect that a notebook could see later."""
    return package in LIBRARIES or (
        package in sys.stdlib_module_names and package not in NOT_PRELOADED
    )


def may_be_replaced(package: str, plan: AssignmentPlan) -> bool:
    """Return whether a file of the assignment or of a submission may be imported instead."""
    names = {name.partition("/")[0].partition(".")[0] for name in (*plan.files, *plan.test_files)}
    return package in names or any(
        fnmatch(f"{package}.py", pattern) or fnmatch(package, pattern.partition("/")[0])
        for pattern in plan.extra_files
    )
