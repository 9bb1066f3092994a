"""The kinds of values that each test may get: those of the reference solution, and more if asked.

`nbgrader_isolate.bridge.value_kinds` says what a kind is, and why a test that passes with another
one is left to a person.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from nbgrader_isolate.bridge.value_kinds import ANYWHERE, COMPLEX, FUNCTION, INTERVAL, NAMED, Kinds
from nbgrader_isolate.core.models import ISOLATED, NotebookPlan
from nbgrader_isolate.grading.score import record_of
from nbgrader_isolate.notebook.cells import name_of
from nbgrader_isolate.notebook.ipython_syntax import parse_cell
from nbgrader_isolate.planning.isolation import IsolationAnalysis

if TYPE_CHECKING:
    from nbformat import NotebookNode

_TYPES = {
    "Series": "a pandas Series",
    "DataFrame": "a pandas DataFrame",
    "Index": "a pandas Index",
    "Interval": INTERVAL,
    "complex": COMPLEX,
    "complex64": COMPLEX,
    "complex128": COMPLEX,
    "complexfloating": COMPLEX,
    "Complex": COMPLEX,
    "MaskedArray": "a masked array",
    "matrix": "a matrix",
    "recarray": "a record array",
    "spmatrix": "a sparse array",
    "sparray": "a sparse array",
    **{f"{form}_array": "a sparse array" for form in ("csr", "csc", "coo")},
    **{f"{form}_matrix": "a sparse array" for form in ("csr", "csc", "coo")},
    "FunctionType": FUNCTION,
    "Callable": FUNCTION,
}
"""Types that a test can ask for, by the names that it uses for them."""
_PREDICATES = {
    "callable": FUNCTION,
    "issparse": "a sparse array",
    "iscomplex": COMPLEX,
    "iscomplexobj": COMPLEX,
    "isMaskedArray": "a masked array",
}
"""Functions that ask for a type."""


def expected_kinds(
    plan: NotebookPlan, executed: NotebookNode, analysis: IsolationAnalysis
) -> dict[str, Kinds]:
    """Return the kinds of values that isolated tests may get, by grade_id.

    Parameters
    ----------
    plan : NotebookPlan
    executed : NotebookNode
        The notebook with the reference solution, as it ran. A test that did not pass is left out:
        it may not have got everything.
    analysis : IsolationAnalysis
        What the tests and the functions that they use ask for.
    """
    found: dict[str, Kinds] = {}
    for cell in executed["cells"]:
        name, record = str(name_of(cell)), record_of(cell)
        if plan.modes.get(name) != ISOLATED or record.outcome != "passed":
            continue
        tree = parse_cell(cell["source"])
        trees = [tree, *(analysis.helpers[each].tree for each in analysis.helpers_of(tree))]
        asked = sorted(set(asked_kinds(trees)))
        found[name] = {source: list(kinds) for source, kinds in record.returned.items()}
        if asked:
            found[name][ANYWHERE] = asked
    return found


def asked_kinds(trees: Iterable[ast.AST]) -> Iterator[str]:
    """Yield the kinds whose types some code asks for, as in `isinstance(x, pd.Series)`."""
    for node in (node for tree in trees for node in ast.walk(tree)):
        match node:
            case ast.Call(func=ast.Name("isinstance" | "issubclass"), args=[_, types]):
                yield from (_TYPES[word] for word in words_of(types) if word in _TYPES)
            case ast.Call(func=function):
                words = words_of(function)
                yield from (_PREDICATES[word] for word in words if word in _PREDICATES)
            case ast.Compare(left=ast.Call(func=ast.Name("type")), comparators=[types, *_]):
                yield from (_TYPES[word] for word in words_of(types) if word in _TYPES)
            case ast.Attribute(attr="_fields" | "_asdict"):
                yield NAMED


def words_of(tree: ast.AST) -> set[str]:
    """Return the names and the attributes in an expression."""
    nodes = [*ast.walk(tree)]
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return names | {node.attr for node in nodes if isinstance(node, ast.Attribute)}
