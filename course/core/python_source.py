"""What some Python source defines. Needs the standard library alone: the pages run it, too."""

from __future__ import annotations

import ast
from collections.abc import Iterable


def functions(source: str) -> dict[str, str]:
    """Return the source of each function at the top level of some code."""
    nodes = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    return {node.name: ast.get_source_segment(source, node) or "" for node in nodes}


def imports_of(source: str) -> list[str]:
    """Return the import lines at the top level of some code."""
    nodes = ast.parse(source).body
    return [ast.unparse(node) for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]


def names_of(source: str) -> set[str]:
    """Return the names that code binds at its top level; none if it is not valid Python."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return set()
    names = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
        elif isinstance(node, ast.Assign):
            names |= {n.id for t in node.targets for n in ast.walk(t) if isinstance(n, ast.Name)}
    return names


def bindings(source: str) -> dict[str, str]:
    """Return what each name at the top level of some code stands for, as `same_code` writes it.

    Equal imports, functions and constants have equal values. Code that is not valid Python has no
    names.
    """
    try:
        nodes = ast.parse(source).body
    except SyntaxError:
        return {}
    found = {}
    for node in nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = getattr(node, "module", "")
            for one in node.names:
                name = one.asname or one.name.partition(".")[0]
                found[name] = f"import {module} {one.name}"
        else:
            code = ast.unparse(node)
            found |= dict.fromkeys(names_of(code), code)
    return found


def defining(sources: Iterable[str], name: str) -> str | None:
    """Return the first of some sources that binds a name at its top level."""
    return next((source for source in sources if name in names_of(source)), None)


def same_code(source: str) -> str:
    """Return a string that is equal for equal code, regardless of comments and spaces."""
    return ast.dump(ast.parse(source))
