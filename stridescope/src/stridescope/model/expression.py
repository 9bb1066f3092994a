"""Split an expression into the operations that NumPy would do, with the shape and dtype of each.

Nothing is evaluated as Python. The text is parsed, and only a small set of nodes is allowed. NumPy
does each operation on arrays of one element, which gives the dtype of the result. Its shape follows
from the rules of broadcasting and reduction, so arrays of any size cost nothing here.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from stridescope.model.operations import ExpressionError, Operation, Shape, Value
from stridescope.model.operators import ELEMENTWISE, OPERATORS, REDUCTIONS

if TYPE_CHECKING:
    from numpy.typing import NDArray


LONGEST, MOST = 400, 24
"""Most characters and most operations of an expression; a longer one is refused."""


def operations(expression: str, arrays: Mapping[str, NDArray[Any]]) -> list[Operation]:
    """Return the operations of an expression in the order in which Python does them.

    Parameters
    ----------
    expression
        Python code that uses `arrays` and ``np``.
    arrays
        The arrays that it names; only their shapes and dtypes are used.

    Raises
    ------
    ExpressionError
        If the code is outside the subset, or NumPy refuses an operation.
    """
    reader = _Reader(arrays)
    reader.value(_parse(expression))
    if not reader.operations:
        msg = f"{expression!r} computes nothing, so it needs no memory: give an operation on arrays"
        raise ExpressionError(msg)
    return reader.operations


def _parse(expression: str) -> ast.expr:
    if len(expression) > LONGEST:
        msg = f"the expression has {len(expression)} characters, but at most {LONGEST} are allowed"
        raise ExpressionError(msg)
    try:
        return ast.parse(expression.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        msg = f"{expression!r} is not a Python expression: {getattr(error, 'msg', error)}"
        raise ExpressionError(msg) from None


def _outside(node: ast.AST) -> ExpressionError:
    text = ast.unparse(node)
    return ExpressionError(
        f"{text!r} is not something that ss.temporaries can read: it reads arrays given by name, "
        "numbers, + - * / // % **, comparisons, .T, ufuncs such as np.sqrt, and sum, mean, min, "
        "max, prod, any, all"
    )


class _Reader:
    """Traverse the tree of an expression as Python does: operands first, left to right."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.arrays = arrays
        self.operations: list[Operation] = []

    def value(self, node: ast.expr) -> Value:
        """Do the operations of a node, and return its value."""
        kinds: dict[type[ast.expr], Callable[[Any], Value]] = {
            ast.Constant: self._number,
            ast.Name: self._array,
            ast.BinOp: lambda n: self._operator(n, n.op, [n.left, n.right]),
            ast.UnaryOp: lambda n: self._operator(n, n.op, [n.operand]),
            ast.Compare: lambda n: self._operator(n, n.ops[0], [n.left, *n.comparators]),
            ast.Call: self._call,
            ast.Attribute: self._transpose,
        }
        if type(node) not in kinds:
            raise _outside(node)
        return kinds[type(node)](node)

    def _number(self, node: ast.Constant) -> Value:
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            raise _outside(node)
        return Value(None, "", (), node.value)

    def _array(self, node: ast.Name) -> Value:
        if node.id not in self.arrays:
            if node.id == "np":
                raise _outside(node)
            msg = (
                f"the expression names {node.id!r}, but no such array is given: "
                f"call ss.temporaries(…, {node.id}=…)"
            )
            raise ExpressionError(msg)
        a = self.arrays[node.id]
        return Value(node.id, "", a.shape, np.ones((1,) * a.ndim, a.dtype))

    def _transpose(self, node: ast.Attribute) -> Value:
        if node.attr != "T":
            raise _outside(node)
        one = self.value(node.value)
        tiny = np.asarray(one.tiny).T
        return Value(one.root, "" if one.suffix else ".T", one.shape[::-1], tiny)

    def _operator(self, node: ast.expr, kind: ast.AST, operands: list[ast.expr]) -> Value:
        if type(kind) not in OPERATORS or len(operands) > 2:  # noqa: PLR2004 - 0 < a < 1 has three
            raise _outside(node)
        sign, ufunc = OPERATORS[type(kind)]
        values = [self.value(operand) for operand in operands]
        if len(values) == 1 and values[0].root is None:
            number = values[0].tiny
            return Value(None, "", (), -number if sign == "-" else number)
        written = f"{{}} {sign} {{}}" if len(values) > 1 else f"{sign}{{}}"
        return self._elementwise(node, ufunc, written, values, None)

    def _call(self, node: ast.Call) -> Value:
        """Read ``np.name(…)`` or ``operand.name(…)``."""
        function, keywords = node.func, {k.arg: k.value for k in node.keywords}
        if not isinstance(function, ast.Attribute) or None in keywords:
            raise _outside(node)
        named = isinstance(function.value, ast.Name) and function.value.id == "np"
        nodes = list(node.args) if named else [function.value, *node.args]
        name = function.attr
        if name in REDUCTIONS and 1 <= len(nodes) <= 2 and set(keywords) <= {"axis", "keepdims"}:  # noqa: PLR2004
            return self._reduction(node, name, nodes, keywords)
        nin = getattr(getattr(np, name, None), "nin", None) if name in ELEMENTWISE else None
        if named and nin == len(nodes) and set(keywords) <= {"out"}:
            values = [self.value(one) for one in nodes]
            written = f"np.{name}({', '.join(['{}'] * len(nodes))})"
            return self._elementwise(node, name, written, values, keywords.get("out"))
        raise _outside(node)

    def _elementwise(
        self, node: ast.expr, name: str, written: str, values: list[Value], out: ast.expr | None
    ) -> Value:
        """Add an operation whose operands broadcast."""
        text = ast.unparse(node)
        if all(v.root is None for v in values):
            msg = f"{text!r} contains no array: write its value instead"
            raise ExpressionError(msg)
        tiny = _ask(text, lambda: getattr(np, name)(*(v.tiny for v in values)))
        try:
            shape = np.broadcast_shapes(*(v.shape for v in values))
        except ValueError:
            shapes = " and ".join(str(v.shape) for v in values)
            msg = f"{text!r}: shapes {shapes} cannot be broadcast together"
            raise ExpressionError(msg) from None
        into = None if out is None else self._into(out, text, shape, np.asarray(tiny).dtype)
        called = f"np.{name}({', '.join(['{}'] * len(values))}"
        return self._add(written, called, values, shape, tiny, into)

    def _into(self, node: ast.expr, text: str, shape: Shape, dtype: np.dtype[Any]) -> str:
        """Return the name of the array given as ``out=``, checked as NumPy would."""
        if not isinstance(node, ast.Name) or node.id not in self.arrays:
            msg = f"out={ast.unparse(node)}: out= must name an array given to ss.temporaries"
            raise ExpressionError(msg)
        a = self.arrays[node.id]
        if (
            a.shape != shape
            or not np.can_cast(dtype, a.dtype, "same_kind")
            or not a.flags.writeable
        ):
            kind = f"{a.dtype.name} {a.shape}{'' if a.flags.writeable else ', read-only'}"
            msg = f"{text!r} gives {dtype.name} {shape}, which does not fit into {node.id}: {kind}"
            raise ExpressionError(msg)
        return node.id

    def _reduction(
        self,
        node: ast.expr,
        name: str,
        nodes: list[ast.expr],
        keywords: Mapping[str | None, ast.expr],
    ) -> Value:
        """Add an operation that reduces axes."""
        text = ast.unparse(node)
        one = self.value(nodes[0])
        option_nodes = dict(keywords) | ({"axis": nodes[1]} if len(nodes) > 1 else {})
        options = {str(key): _literal(part, text) for key, part in option_nodes.items()}
        shape = _reduced(text, one.shape, options)
        if one.root is None or (name in {"max", "min"} and 0 in one.shape and 0 not in shape):
            operand = "a number" if one.root is None else "an array without elements"
            msg = f"{text!r}: {name} of {operand} is not defined"
            raise ExpressionError(msg)
        tiny = _ask(text, lambda: getattr(np, name)(np.asarray(one.tiny), **options))
        written = f"np.{name}({{}}" + "".join(f", {k}={v!r}" for k, v in options.items()) + ")"
        return self._add(written, "", [one], shape, tiny, None)

    def _add(  # noqa: PLR0913, PLR0917 - what an operation is
        self,
        written: str,
        called: str,
        values: list[Value],
        shape: Shape,
        tiny: object,
        out: str | None,
    ) -> Value:
        if len(self.operations) == MOST:
            msg = f"the expression has more than {MOST} operations: show a part of it"
            raise ExpressionError(msg)
        dtype = self.arrays[out].dtype if out else np.asarray(tiny).dtype
        operation = Operation(written, called, tuple(values), shape, dtype, bool(called), out)
        self.operations.append(operation)
        one = np.ones((1,) * len(shape), dtype)
        # A result without axes is a NumPy scalar, which is no weaker than an array in promotion.
        return Value(out or len(self.operations) - 1, "", shape, one if shape else one[()])


def _ask(text: str, action: Callable[[], Any]) -> Any:  # noqa: ANN401 - what NumPy gives
    """Let NumPy do an operation on single elements; turn its error into one sentence."""
    try:
        with np.errstate(all="ignore"):
            return action()
    except (TypeError, ValueError, OverflowError) as error:
        reason = " ".join(str(error).split())
        msg = f"NumPy refuses {text!r}: {reason}"
        raise ExpressionError(msg) from None


def _literal(node: ast.expr, text: str) -> Any:  # noqa: ANN401 - a number, a tuple or a truth value
    """Return the value of ``axis=`` or ``keepdims=``, which must be a literal."""
    try:
        return ast.literal_eval(node)
    except ValueError:
        msg = f"{text!r}: write axis and keepdims as values, not as {ast.unparse(node)!r}"
        raise ExpressionError(msg) from None


def _reduced(text: str, shape: Shape, options: Mapping[str, Any]) -> Shape:
    """Return the shape that is left when axes are reduced."""
    axis, keep = options.get("axis"), bool(options.get("keepdims", False))
    option_nodes = (
        range(len(shape)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    )
    try:
        reduced = {range(len(shape))[k] for k in option_nodes}
    except (IndexError, TypeError):
        msg = f"{text!r}: there is no axis {axis!r} in shape {shape}"
        raise ExpressionError(msg) from None
    return tuple(1 if k in reduced else n for k, n in enumerate(shape) if keep or k not in reduced)
