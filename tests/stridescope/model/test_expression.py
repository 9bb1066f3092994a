"""An expression is read as NumPy would compute it; nothing outside the subset is ever run."""

from __future__ import annotations

import numpy as np
import pytest

import stridescope as ss
from stridescope.model.expression import operations
from stridescope.model.operations import ExpressionError

A = np.arange(60_000.0).reshape(300, 200) + 1
ROW = np.arange(200, dtype=np.float32)
ARRAYS = {"a": A, "b": A.copy(), "row": ROW, "n": np.ones((300, 200), np.int32)}
EXPRESSIONS = [
    "np.sqrt(np.sum(a**2))",
    "np.sqrt(a**2 + b**2)",
    "(a - a.mean(axis=0)) / np.sqrt(np.mean((a - a.mean(axis=0))**2, axis=0))",
    "a + row",
    "row * 2 + 1",
    "n / 3 + row",
    "n // 2 > 7",
    "-a.T + 1.5",
    "np.maximum(a, b).sum(axis=1, keepdims=True) * a",
    "np.sum(n, 0) + np.max(row)",
    "np.hypot(a, 3.0) < np.abs(b)",
    "row.sum() + row",
    "np.any(a > 0)",
]


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_shape_and_dtype_of_the_result_are_numpys(expression: str) -> None:
    real = np.asarray(eval(expression, {"np": np}, ARRAYS))  # noqa: S307 - our own expressions
    last = operations(expression, ARRAYS)[-1]
    assert (last.shape, last.dtype) == (real.shape, real.dtype)


@pytest.mark.parametrize("kind", ["i1", ">i4", "f2", "c16", "?"])
def test_dtypes_are_numpys(kind: str) -> None:
    a = np.ones(4, kind)
    assert operations("np.sum(a * a)", {"a": a})[-1].dtype == np.sum(a * a).dtype


OUTSIDE = [
    "__import__('os').system('true')",
    "a.tofile('x')",
    "np.load('x')",
    "np.__class__",
    "a.__class__.__bases__",
    "a[0]",
    "a @ b",
    "lambda: 1",
    "a if a else b",
    "[a for a in b]",
    "a < b < 1",
    "(x := a)",
    "f'{a}'",
    "a and b",
    "np.sqrt(*a)",
    "np.sqrt(a, **b)",
    "np.sqrt(a, where=b)",
    "np.vectorize(a)",
    "np.frompyfunc(a, 1, 1)",
    "np.sqrt",
    "np",
    "a + True",
    "a + 'x'",
    "a + 1j",
    "open('x')",
]


@pytest.mark.parametrize("expression", OUTSIDE)
def test_what_is_outside_the_subset_is_refused_in_one_sentence(expression: str) -> None:
    with pytest.raises(
        ExpressionError, match=r"not something that ss\.temporaries can read"
    ) as caught:
        ss.temporaries(expression, a=A, b=A)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        ("a +", "is not a Python expression"),
        ("(" * 300 + "a" + ")" * 300, "601 characters, but at most 400 are allowed"),
        ("(" * 150 + "a" + ")" * 150 + " +", "is not a Python expression"),
        ("a + \0", "is not a Python expression"),
        ("c + 1", "names 'c', but no such array is given"),
        ("a", "computes nothing"),
        ("1 + 1", "contains no array"),
        ("10**10**10 + a", "contains no array"),
        ("a + row[:3]", "not something that"),
        ("a + three", r"shapes \(300, 200\) and \(3,\) cannot be broadcast"),
        ("np.sum(a, axis=2)", r"there is no axis 2 in shape \(300, 200\)"),
        ("np.sum(a, axis=n)", "write axis and keepdims as values, not as 'n'"),
        ("a << 1", "not something that"),
        ("n + 10**99", "contains no array"),
        ("small + 300", "NumPy refuses 'small \\+ 300': Python integer 300 out of bounds for int8"),
        ("words + 1", "NumPy refuses"),
        ("np.max(none)", "max of an array without elements is not defined"),
        ("np.add(a, a, out=n)", "gives float64 .* which does not fit into n: int32"),
        ("np.add(a, a, out=row)", "does not fit into row"),
        ("np.add(a, a, out=fixed)", "read-only"),
        ("np.add(a, a, out=a.T)", "out= must name an array given"),
        (" + ".join(["a"] * 30), "more than 24 operations"),
    ],
)
def test_what_numpy_would_refuse_is_refused(expression: str, problem: str) -> None:
    fixed = A.copy()
    fixed.flags.writeable = False
    more = {
        "three": np.ones(3),
        "small": np.ones(3, np.int8),
        "words": np.array(["x"]),
        "none": np.ones(0),
        "fixed": fixed,
    }
    with pytest.raises(ExpressionError, match=problem):
        ss.temporaries(expression, **ARRAYS, **more)
