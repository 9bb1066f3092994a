"""Names in a test which reveal that it needs the student's process, and why."""

from __future__ import annotations

import ast
from collections.abc import Iterator

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
}
"""The same for attributes of any module."""
CALLS_TAKE_ALONG = {"builtins.input", "sys.stdin", "sys.stdout", "sys.stderr"}
"""What a test can patch in its own process, because calls of the student's code take it along."""


def harmless_patches(tree: ast.AST) -> set[ast.AST]:
    """Return the mentions of `patch` that only patch what calls take along."""
    found: set[ast.AST] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=function, args=[ast.Constant(value=target), *_]) if (
                target in CALLS_TAKE_ALONG
            ):
                found |= set(ast.walk(function))
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
