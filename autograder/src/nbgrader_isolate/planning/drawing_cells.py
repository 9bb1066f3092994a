"""Which of the instructor's first cells only draw, so that no test process needs to run them."""

from __future__ import annotations

import ast
from collections.abc import Collection

from nbgrader_isolate.notebook.name_uses import bound_by

READING_METHODS = {
    *("all", "any", "astype", "count", "cumsum", "describe", "diff", "dot", "flatten", "groupby"),
    *("head", "isna", "items", "keys", "max", "mean", "median", "min", "notna", "nunique"),
    *("quantile", "ravel", "reset_index", "reshape", "round", "sort_index", "sort_values", "std"),
    *("sum", "swapaxes", "tail", "tolist", "to_numpy", "transpose", "unique", "value_counts"),
    *("values", "var"),
}
"""Methods of arrays, tables and dicts that change nothing."""

DRAWING_METHODS = {
    *("add_subplot", "annotate", "axhline", "axis", "axvline", "bar", "barh", "boxplot", "close"),
    *("colorbar", "contour", "contourf", "errorbar", "figure", "fill_between", "grid", "hist"),
    *(
        "hist2d",
        "imshow",
        "invert_yaxis",
        "legend",
        "loglog",
        "pcolormesh",
        "pie",
        "plot",
        "quiver",
    ),
    *("quiver", "scatter", "semilogx", "semilogy", "set", "set_aspect", "set_title", "set_xlabel"),
    *("set_xlim", "set_xscale", "set_xticks", "set_ylabel", "set_ylim", "set_yscale", "set_yticks"),
    *("show", "stem", "step", "subplot", "subplots", "suptitle", "text", "tick_params"),
    *("tight_layout", "title", "violinplot", "xlabel", "xlim", "xscale", "xticks", "ylabel"),
    *("ylim", "yscale", "yticks"),
}
"""Functions of pyplot, and methods of figures and axes, that draw."""

READING_FUNCTIONS = READING_METHODS | {
    *("abs", "arange", "arctan2", "array", "asarray", "concatenate", "cos", "empty_like", "exp"),
    *("full", "histogram", "hypot", "linspace", "log", "log10", "logspace", "meshgrid", "ones"),
    *("sin", "sort", "sqrt", "stack", "tan", "tanh", "zeros"),
}
"""Functions of libraries that change nothing."""

READING_BUILTINS = {
    *("abs", "dict", "enumerate", "float", "int", "len", "list", "max", "min", "print", "range"),
    *("round", "sorted", "str", "sum", "tuple", "zip"),
}

_STATEMENTS = (ast.Module, ast.Expr, ast.Assign, ast.For)
_EXPRESSIONS = (
    *(ast.Attribute, ast.BinOp, ast.Call, ast.Compare, ast.Constant, ast.Dict, ast.FormattedValue),
    *(ast.JoinedStr, ast.List, ast.Name, ast.Slice, ast.Starred, ast.Subscript, ast.Tuple),
    *(ast.UnaryOp, ast.operator, ast.unaryop, ast.cmpop, ast.expr_context),
)


def only_draws(
    tree: ast.Module, drawing: Collection[str], libraries: Collection[str], needed: Collection[str]
) -> bool:
    """Return whether a cell only draws: it changes nothing that other cells can see but figures.

    Parameters
    ----------
    tree : ast.Module
    drawing : collection of str
        Names of libraries that draw.
    libraries : collection of str
        Names of other libraries.
    needed : collection of str
        Names that the instructor's other cells and tests read.
    """
    own = bound_by(tree)
    if own & set(needed) or not any(
        isinstance(node, ast.Name) and node.id in drawing for node in ast.walk(tree)
    ):
        return False
    return all(changes_nothing(node, libraries) for node in ast.walk(tree))


def changes_nothing(node: ast.AST, libraries: Collection[str]) -> bool:
    """Return whether one node of a cell changes nothing but figures and the cell's own names."""
    match node:
        case ast.Call(func=ast.Name(id=name)):
            nothing = name in READING_BUILTINS
        case ast.Call(func=ast.Attribute(attr=method) as function):
            known = DRAWING_METHODS | READING_METHODS
            of_library = root_of(function) in libraries and method in READING_FUNCTIONS
            nothing = method in known or of_library
        case ast.Call():
            nothing = False
        case ast.keyword(arg=name):
            nothing = name is not None and name not in {"inplace", "out"}
        case ast.Attribute(ctx=context) | ast.Subscript(ctx=context):
            nothing = isinstance(context, ast.Load)
        case _:
            nothing = isinstance(node, (*_STATEMENTS, *_EXPRESSIONS))
    return nothing


def root_of(node: ast.expr) -> str:
    """Return the name with which `a.b.c` begins; "" if it begins with anything else."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
