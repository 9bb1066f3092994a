"""`ss.temporaries`: shapes, dtypes and bytes are NumPy's; nothing outside the subset is ever run."""

from __future__ import annotations

import doctest
import re
import sys
import tracemalloc
from xml.etree import ElementTree as ET

import numpy as np
import pytest

import stridescope as ss
from stridescope.model.allocations import Program, program
from stridescope.model.expression import ExpressionError, operations
from support.svg_reading import BOX, parse, svgs

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
def test_shape_and_dtype_of_the_result_are_numpys(expression: str) -> None:
    real = np.asarray(eval(expression, {"np": np}, ARRAYS))  # noqa: S307 - our own expressions
    last = operations(expression, ARRAYS)[-1]
    assert (last.shape, last.dtype) == (real.shape, real.dtype)


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


def test_huge_arrays_cost_nothing() -> None:
    huge = np.broadcast_to(1.0, (5, 10**11))
    tracemalloc.start()
    figure = ss.temporaries("np.sqrt(np.sum(a**2 + 1, axis=1))", a=huge)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3_000_000
    assert "Peak: 8 TB of new memory" in figure.text


@pytest.mark.parametrize("kind", ["i1", ">i4", "f2", "c16", "?"])
def test_dtypes_are_numpys(kind: str) -> None:
    a = np.ones(4, kind)
    assert operations("np.sum(a * a)", {"a": a})[-1].dtype == np.sum(a * a).dtype


@pytest.mark.parametrize("a", [np.ones(()), np.ones((0, 3)), np.ones((1,) * 6), np.ones(3)[::-1]])
def test_odd_shapes_are_read(a: np.ndarray) -> None:
    figure = ss.temporaries("np.sum(a * 2)", a=a)
    parse(figure.html)
    assert "t1 = a * 2" in figure.text


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
    with pytest.raises(ExpressionError, match=r"outside what ss\.temporaries reads") as caught:
        ss.temporaries(expression, a=A, b=A)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        ("a +", "is no Python expression"),
        ("(" * 300 + "a" + ")" * 300, "601 characters, and 400 is the most"),
        ("(" * 150 + "a" + ")" * 150 + " +", "is no Python expression"),
        ("a + \0", "is no Python expression"),
        ("c + 1", "'c' is no array given"),
        ("a", "computes nothing"),
        ("1 + 1", "has no array in it"),
        ("10**10**10 + a", "has no array in it"),
        ("a + row[:3]", "outside what"),
        ("a + three", r"shapes \(300, 200\) and \(3,\) cannot be broadcast"),
        ("np.sum(a, axis=2)", r"there is no axis 2 in shape \(300, 200\)"),
        ("np.sum(a, axis=n)", "axis and keepdims are numbers here, not 'n'"),
        ("a << 1", "outside what"),
        ("n + 10**99", "has no array in it"),
        ("small + 300", "NumPy refuses 'small \\+ 300': Python integer 300 out of bounds for int8"),
        ("words + 1", "NumPy refuses"),
        ("np.max(none)", "there is no max of no elements"),
        ("np.add(a, a, out=n)", "gives float64 .* which does not go into n: int32"),
        ("np.add(a, a, out=row)", "does not go into row"),
        ("np.add(a, a, out=fixed)", "read-only"),
        ("np.add(a, a, out=a.T)", "out= names an array given"),
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


def test_arguments_are_checked() -> None:
    with pytest.raises(TypeError, match="takes the expression as text"):
        ss.temporaries(A)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"takes a NumPy array, not list"):
        ss.temporaries("a + 1", a=[1])
    with pytest.raises(ValueError, match="out is None, 'reuse' or 'buffers', not 'all'"):
        ss.temporaries("a + 1", a=A, out="all")


def drawn(figure: ss.Instrument, cls: str) -> list[tuple[int, ...]]:
    wide: ET.Element = svgs(figure.html, "Memory of")[0]
    data = "".join(p.get("d") or "" for p in wide.iter("path") if p.get("class") == cls)
    return [tuple(map(int, box)) for box in BOX.findall(data)]


def test_blocks_are_as_wide_as_their_bytes_and_as_high_as_their_life() -> None:
    figure = ss.temporaries("np.sqrt(a**2 + b**2)", a=A, b=A.copy())
    before, made = drawn(figure, "b"), drawn(figure, "n")
    assert len({w for _, _, w, _ in [*before, *made]}) == 1
    assert [h for *_, h in before] == [4 * 36 - 7] * 2
    assert [h for *_, h in made] == [3 * 36 - 7, 2 * 36 - 7, 2 * 36 - 7, 36 - 7]
    assert not any(
        x < u + w and u < x + v and y < t + k and t < y + h
        for n, (x, y, v, h) in enumerate(made)
        for u, t, w, k in made[:n]
    )


def test_what_is_not_modelled_is_said() -> None:
    assert "may reuse a temporary by itself" in ss.temporaries("a + 1", a=A).text


def test_markup_in_an_expression_is_escaped() -> None:
    html = ss.temporaries("a < 1", a=A, caption="<script>").html
    parse(html)
    assert "<script" not in html


def test_the_examples_are_true() -> None:
    result = doctest.testmod(sys.modules["stridescope.instruments.temporaries"])
    assert (result.attempted > 0, result.failed) == (True, 0)


def test_sizes_are_said_in_three_digits() -> None:
    from stridescope.model.units import ratio_words, seconds_words, size_words

    sizes = [0, 8, 999, 1000, 1_234_567, 999_600, 4e12]
    assert [size_words(n) for n in sizes] == [
        "0 B",
        "8 B",
        "999 B",
        "1 kB",
        "1.23 MB",
        "1 MB",
        "4 TB",
    ]
    assert [seconds_words(s) for s in (2, 0.0123, 4.5e-6, 59e-9)] == [
        "2 s",
        "12.3 ms",
        "4.5 µs",
        "59 ns",
    ]
    assert [ratio_words(r) for r in (0.5, 1.0, 12.34, 87259.3)] == [
        "×0.5",
        "×1",
        "×12.3",
        "×87,259",
    ]
    assert not re.search("e", size_words(1e20))
