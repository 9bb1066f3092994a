"""IPython's syntax in a cell: magics, shell commands, questions. What remains is plain Python.

A cell that IPython accepts is turned into the Python that IPython runs, by IPython itself. So a
magic in a cell changes nothing about the functions and variables that the cell defines.
"""

from __future__ import annotations

import ast
import re
from functools import lru_cache

PYTHON_MAGICS = frozenset({"capture", "prun", "time"})
"""Cell magics that run the rest of their cell as Python, with the notebook's own names."""
MAX_LENGTH = 100_000
"""Characters of a cell that IPython transforms; the time it takes grows with the square."""
FLAGS = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT

_CELL_MAGIC = re.compile(r"\s*%%(\w*)")
_LINE = re.compile(r"(?m)^(\s*)(?:[%!?]|\w+\s*=\s*[%!]).*$")
_INLINE = re.compile(r"(?m)^%matplotlib(?: +inline)?[ \t]*$")
_ERRORS = (SyntaxError, ValueError, RecursionError, MemoryError)


def parse_python(text: str) -> ast.Module | None:
    """Return the syntax tree of Python that may use `await` at its top level; None if it is not."""
    try:
        tree = compile(text, "cell", "exec", FLAGS, dont_inherit=True)
    except _ERRORS:
        return None
    return tree if isinstance(tree, ast.Module) else None


@lru_cache(256)
def as_python(source: str) -> str:
    """Return a cell as the Python that IPython runs; what is not a cell of Python stays as it is.

    A magic becomes a call of `get_ipython()`. The rest of a cell below one of `PYTHON_MAGICS`
    stays, below an empty line.
    """
    if parse_python(source) is not None:
        return source
    first, newline, rest = source.partition("\n")
    if has_python_below(first):
        return newline + as_python(rest)
    if len(source) > MAX_LENGTH:
        return _LINE.sub(r"\1pass", source)
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        text = str(TransformerManager().transform_cell(source))
    except Exception:  # noqa: BLE001 (a student's text; IPython's own errors have any type)
        text = source
    return text if parse_python(text) is not None else _LINE.sub(r"\1pass", source)


def without_inline(source: str) -> str:
    """Return a cell without `%matplotlib inline`, which matters to a kernel only."""
    return _INLINE.sub("", source) if "%matplotlib" in source else source


def has_python_below(line: str) -> bool:
    """Return whether a cell's first line is a magic that runs the rest of the cell as Python."""
    magic = _CELL_MAGIC.match(line)
    return magic is not None and magic[1] in PYTHON_MAGICS


def parse_cell(source: str) -> ast.Module:
    """Return the syntax tree of a cell; it is empty if the cell is not Python.

    Magics, shell commands and questions count as calls of nothing with nothing.
    """
    tree = parse_python(source)
    if tree is not None:
        return tree
    tree = parse_python(as_python(source))
    if tree is None:
        return ast.Module([], [])
    for node in ast.walk(tree) if "get_ipython" not in source else ():
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="get_ipython")))):
                node.func, node.args, node.keywords = ast.Constant(None), [], []
    return tree


def ipython_line(source: str) -> int:
    """Return the number of the first line with IPython's syntax, counted from 1; 0 if none has."""
    plain = as_python(source)
    if plain == source or has_python_below(source.partition("\n")[0]):
        return int(plain != source)
    if plain.count("get_ipython()") == source.count("get_ipython()"):
        return 0
    ours, theirs = source.splitlines(), plain.splitlines()
    lines = enumerate(zip(ours, theirs, strict=False), 1)
    return next((number for number, (mine, their) in lines if mine != their), 1)
