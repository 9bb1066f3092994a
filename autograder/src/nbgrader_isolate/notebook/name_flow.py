"""Which names of one cell the cells after it need, and the part of its text that defines them.

In one process, whatever a cell binds exists for every cell after it. If a test runs in another
process than a later cell, that cell still needs the names: the imports and functions of the test,
which are repeated from its text, and its data, which is sent.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from nbgrader_isolate.notebook.ast_queries import read_names
from nbgrader_isolate.notebook.ipython_syntax import parse_cell
from nbgrader_isolate.notebook.name_uses import bound_by, uses_of

CHANGING_METHODS = {
    *("add", "append", "appendleft", "clear", "difference_update", "discard", "extend"),
    *("extendleft", "fill", "insert", "intersection_update", "itemset", "partition", "pop"),
    *("popitem", "popleft", "put", "remove", "resize", "reverse", "rotate", "setdefault"),
    *("setfield", "sort", "subtract", "symmetric_difference_update", "update"),
}
"""Methods that change the list, dict, set, deque or array that they belong to."""
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Flow:
    """What later cells need of a cell that ran in another process.

    Parameters
    ----------
    source : str
        Imports and definitions of the cell, to be run in the other process.
    names : tuple of str
        Names whose values are sent.
    """

    source: str = ""
    names: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.source or self.names)


NOTHING = Flow()
"""What most cells pass on."""


BY_TEXT = {"globals", "locals", "vars", "dir"}
"""Functions that find names by their text."""


@lru_cache(4096)
def read_by_text(source: str) -> frozenset[str]:
    """Return the names that a cell may read by their text, as in `globals()["x"]`."""
    tree = parse_cell(source)
    if BY_TEXT.isdisjoint(node.id for node in ast.walk(tree) if isinstance(node, ast.Name)):
        return frozenset()
    texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return frozenset(text for text in texts if isinstance(text, str) and text.isidentifier())


@lru_cache(4096)
def binds(source: str) -> frozenset[str]:
    """Return the global names that a cell binds."""
    return frozenset(bound_by(parse_cell(source)))


@lru_cache(4096)
def reads(source: str) -> frozenset[str]:
    """Return the names that a cell reads, in any scope."""
    return frozenset(read_names(parse_cell(source)))


@lru_cache(4096)
def imports(source: str) -> frozenset[str]:
    """Return the names that a cell imports at its top level."""
    found = (node for node in parse_cell(source).body if isinstance(node, _IMPORTS))
    return frozenset(name for node in found for name in bound_by(node))


@lru_cache(4096)
def needs(source: str) -> frozenset[str]:
    """Return the global names that a cell reads and that it does not bind before."""
    return frozenset(names_needed(parse_cell(source)))


def names_needed(tree: ast.AST) -> set[str]:
    """Return the global names that code reads and does not bind before."""
    bound: set[str] = set()
    needed: set[str] = set()
    later: set[str] = set()
    for kind, name in uses_of(tree):
        if kind in {"binds", "imports"}:
            bound.add(name)
        elif kind == "may read":
            later.add(name)
        elif name not in bound:
            needed.add(name)
    return needed | (later - bound)


def flows(cells: Sequence[str | None], readers: Sequence[Collection[str]]) -> list[Flow]:
    """Return what must be passed on from each cell, for the cells after it.

    Parameters
    ----------
    cells : sequence of (str or None)
        The source of each cell whose names must be passed on; None for all other cells.
    readers : sequence of collection of str
        The names that each cell of the notebook needs in the other process.

    Returns
    -------
    list of Flow
        One for each cell. What the definitions of a cell need is passed on as well.
    """
    found = [Flow()] * len(cells)
    wanted: set[str] = set()
    for number in reversed(range(len(cells))):
        source = cells[number]
        if source is not None and (names := wanted & binds(source)):
            found[number] = flow_of(source, names)
            wanted |= needs(found[number].source) if found[number].source else set()
        wanted |= set(readers[number])
    return found


def flow_of(source: str, wanted: Collection[str]) -> Flow:
    """Return the definitions of some names of a cell, and those names that have other values."""
    needed, kept = set(wanted), []
    for node in reversed(parse_cell(source).body):
        if is_definition(node) and (bound := bound_by(node)) & needed:
            kept.append(node)
            needed = (needed - bound) | names_needed(node)
        elif isinstance(node, _IMPORTS):
            kept += imports_kept(node, needed)
    kept = [node for node in reversed(kept) if getattr(node, "module", "") != "__future__"]
    defined = {name for node in kept for name in bound_by(node)}
    names = (needed & binds(source)) - defined
    return Flow("\n".join(map(ast.unparse, kept)), tuple(sorted(names)))


_IMPORTS = (ast.Import, ast.ImportFrom)


def imports_kept(node: ast.Import | ast.ImportFrom, needed: set[str]) -> Iterator[ast.stmt]:
    """Yield the part of an import statement that binds some of the names."""
    aliases = [alias for alias in node.names if bound_by(alias) & needed]
    if aliases and isinstance(node, ast.ImportFrom):
        yield ast.ImportFrom(node.module, aliases, node.level)
    elif aliases:
        yield ast.Import(aliases)


def is_definition(node: ast.stmt) -> bool:
    """Return whether a statement defines a function or a class."""
    match node:
        case ast.Assign(targets=[ast.Name()], value=ast.Lambda()):
            return True
    return isinstance(node, _DEFINITIONS)


@lru_cache(1024)
def independent_part(source: str, wanted: frozenset[str], foreign: frozenset[str]) -> str:
    """Return the statements of a cell that bind some names, and those that these need.

    Parameters
    ----------
    source : str
    wanted : frozenset of str
    foreign : frozenset of str
        Names of the student's. A statement that needs one of them is left out.
    """
    body = parse_cell(source).body
    tainted = set(foreign)
    usable = []
    for node in body:
        simple = isinstance(node, (*_IMPORTS, *_DEFINITIONS, ast.Assign, ast.AnnAssign))
        if simple and not names_needed(node) & tainted:
            usable.append(node)
            tainted -= bound_by(node) - foreign
        else:
            tainted |= bound_by(node)
    needed, kept = set(wanted), []
    for node in reversed(usable):
        if (bound := bound_by(node)) & needed:
            kept.append(node)
            needed = (needed - bound) | names_needed(node)
    return "\n".join(ast.unparse(node) for node in reversed(kept))


@lru_cache(4096)
def may_change(source: str) -> frozenset[str]:
    """Return the names whose objects a cell may change: lists it appends to, arguments of calls."""
    return frozenset(changed_names(ast.walk(parse_cell(source))))


def changed_names(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Yield the names whose objects some code may change: itself, or by passing them to calls."""
    for node in nodes:
        yield from changed_by(node)
        if isinstance(node, ast.Call) and not is_harmless(node.func):
            yield from (part.id for part in node.args if isinstance(part, ast.Name))


def changed_in_place(tree: ast.AST) -> set[str]:
    """Return the names whose objects some code changes itself, as its text shows."""
    return {name for node in ast.walk(tree) for name in changed_by(node)}


def changed_by(node: ast.AST) -> Iterator[str]:
    """Yield the names whose objects one node of code changes itself."""
    match node:
        case ast.Call(func=ast.Attribute(value=value, attr=method)) if method in CHANGING_METHODS:
            yield from base_of(value)
        case ast.Call(func=ast.Attribute(value=value), keywords=keywords) if any(
            keyword.arg == "inplace" for keyword in keywords
        ):
            yield from base_of(value)
        case ast.Subscript(value=value, ctx=ast.Store() | ast.Del()):
            yield from base_of(value)
        case ast.Attribute(value=value, ctx=ast.Store() | ast.Del()):
            yield from base_of(value)
        case ast.AugAssign(target=target):
            yield from base_of(target)


def is_harmless(function: ast.expr) -> bool:
    """Return whether a called function is one of Python's own, which changes no argument."""
    harmless = {"len", "sum", "min", "max", "abs", "all", "any", "sorted", "list", "tuple", "set"}
    harmless |= {"dict", "str", "repr", "print", "type", "isinstance", "range", "enumerate", "zip"}
    return isinstance(function, ast.Name) and function.id in harmless


def base_of(expression: ast.expr) -> Iterator[str]:
    """Yield the name that an expression like `a.b[0]` begins with, if it does."""
    while isinstance(expression, ast.Attribute | ast.Subscript):
        expression = expression.value
    if isinstance(expression, ast.Name):
        yield expression.id
