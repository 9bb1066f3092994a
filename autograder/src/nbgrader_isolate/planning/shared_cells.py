"""Which of the instructor's first cells run once for the test processes of all submissions.

The warm process runs them, and every test process starts with what they have bound. A cell
qualifies if its text shows that it only computes, and that it computes the same in every run: it
imports libraries, reads files beside the notebook, calls their functions and its own. The first
cell that may do anything else disqualifies itself and all cells after it. Kernels are not affected:
they run all cells.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from nbgrader_isolate.core.models import AssignmentPlan, NotebookPlan
from nbgrader_isolate.notebook.cells import is_solution, is_test
from nbgrader_isolate.notebook.ipython_syntax import parse_cell, parse_python, without_inline
from nbgrader_isolate.notebook.name_uses import bound_by, uses_of
from nbgrader_isolate.planning.drawing_cells import only_draws
from nbgrader_isolate.planning.preload import LIBRARIES, leading_cells, may_be_replaced

Cell = dict[str, Any]
DRAWING = {"PIL", "matplotlib", "mpl_toolkits", "seaborn", "skimage"}
"""Libraries that a cell may import, but whose functions it may not call."""

PURE_MODULES = (LIBRARIES - {"bs4", "lxml", "openpyxl", "yaml"}) | {
    *("bisect", "cmath", "collections", "copy", "csv", "dataclasses", "decimal", "fractions"),
    *("functools", "heapq", "itertools", "json", "math", "operator", "pathlib", "re"),
    *("statistics", "string", "textwrap", "typing"),
}
"""Modules whose functions only compute, apart from `IMPURE` names."""

PURE_BUILTINS = {
    *("abs", "all", "any", "bool", "bytes", "chr", "complex", "dict", "divmod", "enumerate"),
    *("filter", "float", "format", "frozenset", "int", "isinstance", "len", "list", "map", "max"),
    *("min", "ord", "pow", "range", "repr", "reversed", "round", "set", "slice", "sorted", "str"),
    *("print", "sum", "tuple", "zip", "KeyError", "TypeError", "ValueError"),
}
"""Builtins that a cell may use; `open` has a rule of its own."""

IMPURE = re.compile(
    r"__|random|seed|rng|shuffle|sample|uuid|entropy|"  # chance
    r"save|write|dump|^to_(?!numpy|datetime|list|dict|frame|records)|file|open|close|tempfile|"
    r"mkdir|touch|link|rename|remove|chmod|rmdir|chdir|cwd|home|resolve|absolute|expanduser|"
    r"stat|exists|glob|iterdir|owner|environ|memmap|"  # files
    r"^set_(?!index|axis)|err|option|register|config|param|style|init_|print|^use$|"  # settings
    r"now|today|time$|clock|fetch|url|http|download|"  # clocks, the network
    r"thread|process|parallel|n_jobs|cache|eval|exec|query|pickle|ctypes|f2py|testing|^test$|"
    r"strid"  # replaced in test processes
)
"""Parts of names that disqualify a cell, unless they are in `PURE_NAMES`."""

PURE_NAMES = {
    *("default_rng", "RandomState", "random_state", "preprocessing", "preprocess", "KeyError"),
    *("to_timedelta", "parse_datetime", "ParserError", "test_size", "error", "errors"),
}
ELSEWHERE = re.compile(r"\w+://|[/~]|\w:[/\\\\]|(?:.*[/\\\\])?\.\.[/\\\\]")
"""Texts that may name a file outside the notebook's folder, or an address."""
TIMES = {"now", "today"}
"""Texts that libraries take for the present time, in lower case."""
SEEDED = {"default_rng", "RandomState"}
"""Makers of random numbers, which need a constant seed."""

_STATEMENTS = (
    *(ast.Module, ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.For, ast.If, ast.With),
    *(ast.FunctionDef, ast.Return, ast.Raise, ast.Pass, ast.Continue, ast.Break, ast.Import),
    *(ast.ImportFrom, ast.alias, ast.arguments, ast.arg, ast.withitem),
)
_PARTS = (
    *(ast.expr, ast.keyword, ast.operator, ast.unaryop, ast.boolop, ast.cmpop),
    *(ast.expr_context, ast.comprehension),
)
_REFUSED = (ast.Await, ast.Yield, ast.YieldFrom)


@dataclass(frozen=True)
class FirstCell:
    """One of the first cells.

    Parameters
    ----------
    source : str
    binds : set of str
        The names that it binds.
    runs : bool
        Whether it runs once; if not, it only draws, and is left out.
    """

    source: str
    binds: set[str]
    runs: bool = True


def shared_cells(notebook: NotebookPlan, plan: AssignmentPlan) -> list[FirstCell]:
    """Return the first code cells, as far as no test process needs to run them itself.

    Parameters
    ----------
    notebook : NotebookPlan
    plan : AssignmentPlan
        That the notebook belongs to. If the tests have their own version of a file, nothing runs
        once: what a cell reads there must not get into kernels.
    """
    if plan.files.keys() & plan.test_files.keys():
        return []
    cells = notebook.notebook["cells"]
    tests = [parse_cell(cell["source"]) for cell in cells if is_test(cell)]
    in_tests = {use.name for tree in tests for use in uses_of(tree)}
    found: list[FirstCell] = []
    known: set[str] = set()
    drawing: set[str] = set()
    libraries: set[str] = set()
    for cell in leading_cells(cells):
        tree = parse_python(without_inline(cell["source"]))
        if tree is None:
            break
        if only_computes(tree, known, plan):
            drawing |= drawing_names(tree)
            libraries |= {use.name for use in uses_of(tree) if use.kind == "imports"}
            known |= bound_by(tree) - drawing
            found.append(FirstCell(cell["source"], bound_by(tree)))
        elif not drawing & in_tests and only_draws(
            tree, drawing, libraries, read_elsewhere(cells, cell)
        ):
            found.append(FirstCell(cell["source"], set(), runs=False))
        else:
            break
    own = {name for cell in found for name in cell.binds}
    return [] if own & set(notebook.student_names) else found


def read_elsewhere(cells: list[Cell], cell: Cell) -> set[str]:
    """Return the names that the instructor's other cells read and have not bound themselves."""
    found = set()
    for other in cells:
        if other is cell or other["cell_type"] != "code" or is_solution(other):
            continue
        bound: set[str] = set()
        for kind, name in uses_of(parse_cell(other["source"])):
            if kind in {"binds", "imports"}:
                bound.add(name)
            elif name not in bound:
                found.add(name)
    return found


def only_computes(tree: ast.Module, known: Collection[str], plan: AssignmentPlan) -> bool:
    """Return whether a cell only computes, given the names that earlier cells have bound."""
    names = {*known, *bound_by(tree), *inner_names(tree)} - drawing_names(tree)
    nodes = list(ast.walk(tree))
    ruled = {id(part) for node in nodes for part in [ruled_elsewhere(node)] if part}
    return all(
        (id(node) in ruled or is_pure_node(node, names, plan)) and not leads_elsewhere(node)
        for node in nodes
    )


def leads_elsewhere(node: ast.AST) -> bool:
    """Return whether a node is a text that may name a file elsewhere, an address or the time."""
    match node:
        case ast.Constant(value=str(text)):
            return ELSEWHERE.match(text) is not None or text.strip().lower() in TIMES
    return False


def is_pure_node(node: ast.AST, names: Collection[str], plan: AssignmentPlan) -> bool:
    """Return whether one node of a cell is of a kind that only computes."""
    match node:
        case ast.Name(id=name):
            pure = name in names or name in PURE_BUILTINS
        case ast.Import(names=aliases):
            pure = all(is_pure_import(alias.name, "", plan) for alias in aliases)
        case ast.ImportFrom(module=str(module), names=aliases, level=0):
            pure = all(is_pure_import(module, alias.name, plan) for alias in aliases)
        case ast.Call():
            pure = is_pure_call(node)
        case ast.keyword(arg="random_state" | "seed", value=value):
            pure = isinstance(value, ast.Constant) and value.value is not None
        case ast.Attribute(value=ast.Name(id=owner), attr="random" | "sample"):
            pure = owner not in {"np", "numpy", "random"} and owner in names
        case ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
            pure = is_pure_name(name)
        case ast.FunctionDef(decorator_list=decorators):
            pure = not decorators
        case ast.ImportFrom() | ast.keyword():
            pure = False
        case _:
            pure = isinstance(node, (*_STATEMENTS, *_PARTS)) and not isinstance(node, _REFUSED)
    return pure


def is_pure_call(call: ast.Call) -> bool:
    """Return whether a call that has a rule of its own follows that rule; other calls do."""
    match call:
        case ast.Call(func=ast.Name(id="open"), args=[ast.Constant(value=str())]):
            return all(keyword.arg in {"encoding", "newline"} for keyword in call.keywords)
        case ast.Call(func=ast.Name(id="open")):
            return False
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=arguments) if (
            name in SEEDED
        ):
            return (
                len(arguments) == 1
                and isinstance(arguments[0], ast.Constant)
                and arguments[0].value is not None
            )
    return True


def is_pure_import(module: str, name: str, plan: AssignmentPlan) -> bool:
    """Return whether an import is of a module that only computes, and of nothing beside it."""
    package = module.partition(".")[0]
    return (
        package in PURE_MODULES
        and not may_be_replaced(package, plan)
        and name != "*"
        and all(map(is_pure_name, [*module.split("."), name]))
    )


def is_pure_name(name: str) -> bool:
    """Return whether the name of a function says nothing against running it once."""
    return name in PURE_NAMES or not IMPURE.search(name)


def ruled_elsewhere(node: ast.AST) -> ast.AST | None:
    """Return a part of a node that `is_pure_call` judges: `open`, or `np.random` of a maker."""
    match node:
        case ast.Call(func=ast.Name(id="open") as function):
            return function
        case ast.Attribute(value=ast.Attribute(value=ast.Name(), attr="random") as inner, attr=a):
            return inner if a in SEEDED else None
    return None


def drawing_names(tree: ast.AST) -> set[str]:
    """Return the names that a cell binds to libraries that draw."""
    names = set()
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=aliases):
                modules = [(alias.name, alias) for alias in aliases]
            case ast.ImportFrom(module=str(module), names=aliases):
                modules = [(module, alias) for alias in aliases]
            case _:
                continue
        names |= {
            (alias.asname or alias.name).partition(".")[0]
            for module, alias in modules
            if module.partition(".")[0] in DRAWING
        }
    return names


def inner_names(tree: ast.AST) -> set[str]:
    """Return the names that functions and comprehensions bind for themselves."""
    nodes = list(ast.walk(tree))
    stored = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return stored | {node.arg for node in nodes if isinstance(node, ast.arg)}
