"""Answers for a notebook of which only the reference solution is known.

Each variant changes every answer in one place or one way, as students do: another sign, a limit
that is off by one, another type, printing, or no answer. What cannot be parsed stays as it is.
"""

from __future__ import annotations

import ast
import zlib
from collections.abc import Callable

Answers = dict[str, str]
"""Sources of solution cells by grade_id."""
REFERENCE, STUB = "reference", "stub"

ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
}
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}
OTHER_TYPE = """
def _other_type(value):
    import numpy
    if type(value) is list:
        return tuple(value)
    if type(value) is tuple:
        return list(value)
    if type(value) is int:
        return numpy.int64(value)
    if type(value) is float:
        return numpy.float64(value)
    if type(value) is str:
        return numpy.str_(value)
    if type(value) is bool:
        return numpy.bool_(value)
    return value
"""
MAX_INT = 1000
"""Larger numbers are not changed: loops would get long."""


def places_of_signs(tree: ast.Module) -> list[Callable[[], None]]:
    """Return changes of one operator each; conditions of `while` are left alone."""
    changes: list[Callable[[], None]] = []
    loops = {id(node) for loop in walk(tree, ast.While) for node in ast.walk(loop)}
    for node in ast.walk(tree):
        if id(node) in loops:
            continue
        if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in ARITHMETIC:
            changes.append(setter(node, "op", ARITHMETIC[type(node.op)]()))
        elif isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARISONS:
            changed = [COMPARISONS[type(node.ops[0])](), *node.ops[1:]]
            changes.append(setter(node, "ops", changed))
    return changes


def places_of_numbers(tree: ast.Module) -> list[Callable[[], None]]:
    """Return changes of one whole number each, by one."""
    loops = {id(node) for loop in walk(tree, ast.While) for node in ast.walk(loop)}
    return [
        setter(node, "value", node.value + 1)
        for node in walk(tree, ast.Constant)
        if type(node.value) is int and abs(node.value) < MAX_INT and id(node) not in loops
    ]


def walk(tree: ast.AST, kind: type) -> list:  # type: ignore[type-arg]
    """Return the nodes of one kind."""
    return [node for node in ast.walk(tree) if isinstance(node, kind)]


def setter(node: ast.AST, name: str, value: object) -> Callable[[], None]:
    """Return a function that changes a node."""
    return lambda: setattr(node, name, value)


def changed_in_one_place(
    places: Callable[[ast.Module], list[Callable[[], None]]],
) -> Callable[[str, str], str]:
    """Return a variant that changes one place of each answer, always the same one."""

    def variant(name: str, source: str) -> str:
        tree = ast.parse(source)
        changes = places(tree)
        if not changes:
            return source
        changes[zlib.crc32(name.encode()) % len(changes)]()
        return ast.unparse(tree)

    return variant


def other_types(_name: str, source: str) -> str:
    """Give results and variables another type: tuples for lists, NumPy's numbers for Python's."""
    tree = ast.parse(source)
    found = False
    inner = {id(node) for function in functions(tree) for node in ast.walk(function)}
    for node in ast.walk(tree):
        plain = isinstance(node, ast.Assign) and id(node) not in inner
        if (plain or isinstance(node, ast.Return)) and node.value is not None:
            call = ast.Name("_other_type", ast.Load())
            node.value, found = ast.Call(call, [node.value], []), True
    if not found:
        return source
    return OTHER_TYPE.lstrip() + "\n" + ast.unparse(ast.fix_missing_locations(tree))


def printing(_name: str, source: str) -> str:
    """Print at the start of the cell and of each function."""
    tree = ast.parse(source)
    for function in functions(tree):
        function.body.insert(0, ast.parse("print('called')").body[0])
    return "print('this cell runs')\n" + ast.unparse(ast.fix_missing_locations(tree))


def functions(tree: ast.Module) -> list[ast.FunctionDef]:
    """Return the functions in a piece of code."""
    return walk(tree, ast.FunctionDef)


CHANGES: dict[str, Callable[[str, str], str]] = {
    "other types": other_types,
    "another sign": changed_in_one_place(places_of_signs),
    "printing": printing,
    "off by one": changed_in_one_place(places_of_numbers),
}


def variants(references: dict[str, Answers], count: int) -> dict[str, dict[str, Answers]]:
    """Return the answers of each variant, by its name and the notebook.

    Parameters
    ----------
    references : dict of str to dict of str to str
        The reference solution, by notebook and grade_id.
    count : int
        How many variants to make besides the reference and the stub.
    """
    made: dict[str, dict[str, Answers]] = {REFERENCE: references, STUB: {}}
    for name, change in CHANGES.items():
        made[name] = {
            notebook: {task: changed(change, task, source) for task, source in answers.items()}
            for notebook, answers in references.items()
        }
    made["half"] = {
        notebook: {task: answers[task] for task in list(answers)[::2]}
        for notebook, answers in references.items()
    }
    distinct: dict[str, dict[str, Answers]] = {}
    for name, answers in made.items():
        if answers not in distinct.values():
            distinct[name] = answers
    return dict(list(distinct.items())[: count + 2])


def changed(change: Callable[[str, str], str], task: str, source: str) -> str:
    """Return a changed answer, or the answer itself if it is not plain Python."""
    try:
        return change(task, source)
    except (SyntaxError, ValueError, RecursionError):
        return source
