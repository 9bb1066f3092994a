"""Names in a test which reveal that it needs the student's process, and why."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nbgrader_isolate.bridge.patched_names import is_taken_along, path_of

IMPORT_REASONS = {
    "tracemalloc": "measures memory",
    "resource": "measures the process",
    "psutil": "measures the process",
    "gc": "inspects live objects",
    "weakref": "inspects live objects",
    "mock": "patches names",
    "patch": "patches names",
}
"""What a test does in the student's process if it imports one of these names."""
BUILTIN_REASONS = {
    "get_ipython": "talks to the kernel",
    "globals": "looks up names by their text",
    "locals": "looks up names by their text",
}
"""The same for names that need no import."""
ATTRIBUTE_REASONS = {
    "gcf": "inspects figures",
    "gca": "inspects figures",
    "get_fignums": "inspects figures",
    "geterr": "asks for settings",
    "get_printoptions": "asks for settings",
    "getrecursionlimit": "asks for settings",
    "getcontext": "asks for settings",
    "active_count": "counts threads",
    "get_state": "asks for random numbers",
    "getstate": "asks for random numbers",
}
"""The same for attributes of any module."""


def harmless_patches(tree: ast.AST) -> set[ast.AST]:
    """Return the mentions of `patch` that only patch what calls take along."""
    found: set[ast.AST] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=function, args=[ast.Constant(value=target), *_]) if is_taken_along(
                target
            ):
                found |= set(ast.walk(function))
            case ast.Call(
                func=ast.Attribute(attr="object") as function,
                args=[owner, ast.Constant(value=str(name)), *_],
            ) if is_taken_along(f"{path_of(owner)}.{name}"):
                found |= set(ast.walk(function))
    return found


def harmless_lookups(tree: ast.AST) -> set[ast.AST]:
    """Return the mentions of `globals` and `locals` that only ask for names, as in `in globals()`.

    In a function, `locals()` is another dict.
    """
    found: set[ast.AST] = set()
    inside = {
        node
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[asked]):
                pass
            case ast.Subscript(value=asked, ctx=ast.Load()):
                pass
            case ast.Call(func=ast.Attribute(value=asked, attr="get" | "keys")):
                pass
            case _:
                continue
        match asked:
            case ast.Call(func=ast.Name(id="globals" | "locals" as name) as function, args=[]) if (
                name == "globals" or node not in inside
            ):
                found.add(function)
    return found


def measuring_imports(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield the names that code imports to measure its own process, each with what it does."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        module = (node.module or "") if isinstance(node, ast.ImportFrom) else ""
        for alias in node.names:
            parts = [*module.split("."), *alias.name.split(".")]
            if revealing := [part for part in parts if part in IMPORT_REASONS]:
                name = alias.asname or alias.name.split(".")[0]
                yield name, f"{IMPORT_REASONS[revealing[-1]]} ({revealing[-1]})"


def revealing_names(node: ast.AST, imports: dict[str, str], local: set[str]) -> Iterator[str]:
    """Yield why a name in one node needs the student's process.

    Parameters
    ----------
    node : ast.AST
    imports : dict of str to str
        Imported names, and what a test does with them.
    local : set of str
        Names that the test binds itself.
    """
    if isinstance(node, ast.Name) and node.id in imports:
        yield imports[node.id]
    elif isinstance(node, ast.Name) and node.id in BUILTIN_REASONS and node.id not in local:
        yield f"{BUILTIN_REASONS[node.id]} ({node.id})"
    elif isinstance(node, ast.Attribute) and node.attr in ATTRIBUTE_REASONS:
        yield f"{ATTRIBUTE_REASONS[node.attr]} ({node.attr})"
