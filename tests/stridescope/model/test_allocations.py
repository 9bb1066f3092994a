"""The steps of an expression compute what it does, and hold what is really allocated."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from stridescope.model.allocations import Program, program
from stridescope.model.expression import operations

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


def read(expression: str, mode: str = "", **arrays: np.ndarray) -> Program:
    return program(operations(expression, arrays or ARRAYS), mode)


@pytest.mark.parametrize("expression", EXPRESSIONS)
@pytest.mark.parametrize("mode", ["", "reuse", "buffers"])
def test_the_single_steps_compute_the_same(expression: str, mode: str) -> None:
    """The lines that are shown really run, and give what the expression gives."""
    made = read(expression, mode)
    scope = {name: a.copy() for name, a in ARRAYS.items()} | {"np": np}
    for line in [*(f"{b.name} = {b.code}" for b in made.buffers), *(s.code for s in made.steps)]:
        exec(line, scope)  # noqa: S102 - our own lines
    real = eval(expression, {"np": np}, ARRAYS)  # noqa: S307
    np.testing.assert_allclose(scope[made.steps[-1].result], real)
    for name, a in ARRAYS.items():
        np.testing.assert_array_equal(scope[name], a)


@pytest.mark.parametrize("expression", EXPRESSIONS)
@pytest.mark.parametrize("mode", ["", "reuse"])
def test_the_peak_is_what_is_really_allocated(expression: str, mode: str) -> None:
    """NumPy tells tracemalloc of its blocks. Run line by line, so that it cannot elide."""
    made = read(expression, mode)
    scope: dict[str, object] = dict(ARRAYS) | {"np": np}
    death = {b.name: b.death for b in made.blocks}
    code = [(compile(step.code, "", "exec"), k) for k, step in enumerate(made.steps, 1)]
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for line, k in code:
            exec(line, scope)  # noqa: S102
            for name in [n for n, end in death.items() if end == k and n in scope]:
                del scope[name]
        peak = tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
    # NumPy's casting buffers, array objects and this loop come on top.
    assert made.peak - 1000 < peak < made.peak + 260_000


def test_out_into_temporaries_takes_a_block_away() -> None:
    n = A.nbytes
    assert read("np.sqrt(a**2 + b**2)").peak == 3 * n
    assert read("np.sqrt(a**2 + b**2)", "reuse").peak == 2 * n
    buffered = read("np.sqrt(a**2 + b**2)", "buffers")
    assert (buffered.peak, [b.nbytes for b in buffered.buffers]) == (0, [n, n])


def test_the_norm_needs_a_buffer() -> None:
    text = "np.sqrt(np.sum(a**2))"
    assert read(text).peak == read(text, "reuse").peak == A.nbytes + 8
    assert read(text, "buffers").peak == 16


def test_the_peak_is_at_the_first_step_that_shows_it() -> None:
    # the second step holds 8 bytes more, which three digits do not show
    made = read("np.sqrt(np.sum(a**2))")
    assert made.held(2) > made.held(1)
    assert made.peak_step == 1
    small = program(operations("np.sqrt(np.sum(x**2))", {"x": np.ones(4)}))
    assert small.peak_step == 2


def test_out_in_the_expression_is_honoured() -> None:
    made = read("np.sqrt(np.sum(np.multiply(a, a, out=b)))")
    assert made.steps[0].code == "np.multiply(a, a, out=b)"
    assert made.peak == 16


def test_a_temporary_of_another_dtype_is_not_reused() -> None:
    assert [s.code for s in read("n * 2 / 3", "reuse").steps] == ["t1 = n * 2", "t2 = t1 / 3"]
    assert [s.code for s in read("a * 2 > 3", "reuse").steps] == ["t1 = a * 2", "t2 = t1 > 3"]


def test_a_transposed_temporary_keeps_its_block() -> None:
    made = read("(a + 1).T + 0.5", "reuse")
    assert [s.code for s in made.steps] == ["t1 = a + 1", "t2 = t1.T + 0.5"]
    assert made.blocks[0].death == 2


def test_negative_numbers_keep_their_brackets() -> None:
    assert [s.code for s in read("(-2) ** a").steps] == ["t1 = (-2) ** a"]
