"""Names of the student's that a test binds again, and whether the student's code would see it.

An isolated test binds names in its own process. That is enough unless a function of the student's
reads the name. A name may also get its old value back, because the bridge deletes and restores the
student's functions in both processes.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator

from nbgrader_isolate.notebook.ast_queries import read_names, top_level_nodes
from nbgrader_isolate.notebook.name_uses import uses_of


def read_in_functions(trees: Iterable[ast.AST]) -> set[str]:
    """Return the global names that functions of some cells may read when they are called."""
    return {use.name for tree in trees for use in uses_of(tree) if use.kind == "may read"}


def visible_rebinds(
    tree: ast.Module, names: Collection[str], read_there: Collection[str]
) -> Iterator[tuple[int, str]]:
    """Yield where a test binds a name again that the student's functions may read.

    Parameters
    ----------
    tree : ast.Module
        The test.
    names : collection of str
        Names that the stubs bind.
    read_there : collection of str
        Global names that functions of the student's may read.
    """
    suspects = set(names) & set(read_there) & read_names(tree)
    aliases = {
        (alias, name)
        for node in ast.walk(tree)
        for alias, name in assigned_names(node)
        if name in suspects
    }
    restored = [
        node
        for node in ast.walk(tree)
        for name, alias in assigned_names(node)
        if (alias, name) in aliases
    ]
    harmless = {
        target for node in restored if isinstance(node, ast.Assign) for target in node.targets
    }
    for node in top_level_nodes(tree):
        name = getattr(node, "id", getattr(node, "name", ""))
        is_bound = not isinstance(getattr(node, "ctx", None), ast.Load | ast.Del)
        if name in suspects and is_bound and node not in harmless:
            yield getattr(node, "lineno", 1), name


def assigned_names(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield the two names of an assignment like `old = name`."""
    match node:
        case ast.Assign(targets=[ast.Name(id=target)], value=ast.Name(id=value)):
            yield target, value
