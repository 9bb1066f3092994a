"""What an expression may contain is what NumPy has, under NumPy's names."""

from __future__ import annotations

import ast

import numpy as np
import pytest

from stridescope.model.operators import ELEMENTWISE, OPERATORS, REDUCTIONS


def test_every_elementwise_function_is_a_ufunc_with_one_result() -> None:
    functions = {name: getattr(np, name) for name in ELEMENTWISE}
    assert {name for name, f in functions.items() if not isinstance(f, np.ufunc)} == set()
    assert {name for name, f in functions.items() if f.nout != 1} == set()


def test_every_reduction_is_a_function_and_a_method_with_an_axis() -> None:
    a = np.arange(6).reshape(2, 3)
    for name in REDUCTIONS:
        assert getattr(np, name)(a, axis=0).shape == (3,)
        assert getattr(a, name)(axis=0).shape == (3,)


@pytest.mark.parametrize("node", OPERATORS, ids=lambda node: node.__name__)
def test_an_operator_is_the_ufunc_that_it_is_said_to_be(node: type[ast.AST]) -> None:
    symbol, name = OPERATORS[node]
    assert name in ELEMENTWISE
    a, b = np.array([5.0, -7.0]), np.array([2.0, -7.0])
    unary = issubclass(node, ast.unaryop)
    source = f"{symbol}a" if unary else f"a {symbol} b"
    tree = ast.parse(source, mode="eval").body
    found = tree.op if isinstance(tree, ast.UnaryOp | ast.BinOp) else tree.ops[0]  # type: ignore[attr-defined]
    assert type(found) is node
    computed = eval(source, {"a": a, "b": b})  # noqa: S307 - a line of this test
    arguments = (a,) if unary else (a, b)
    assert np.array_equal(computed, getattr(np, name)(*arguments))
