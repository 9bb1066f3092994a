"""Each reason why a test runs in-process comes with what to write instead."""

from __future__ import annotations

import pytest

from nbgrader_isolate.planning.advice import ADVICE, advice_on
from nbgrader_isolate.planning.isolation import IsolationAnalysis

ANALYSIS = IsolationAnalysis(
    ["import gc\nrows = []\ndef peak(f):\n    gc.collect()\n    return f()"],
    ["class Stack:\n    pass", "async def some():\n    return 1", "x = 0\ndef f():\n    return x"],
    ["x = 1\nrows.append(1)"],
    ["x"],
)
TESTS = {
    "import tracemalloc\ntracemalloc.start()": ["line 2: tracemalloc.start()"],
    "assert x\nassert Stack().a is not Stack().a": ["line 2: assert Stack().a is not Stack().a"],
    "if x:\n    some()": ["line 2: some()"],
    "y = x\nassert peak(len)": ["your function peak, which it uses: inspects live objects (gc)"],
    "%timeit x": ["line 1: %timeit x"],
    "globals()['x'] = 1": ["line 1: globals()['x'] = 1"],
    "plt.gcf()": ["line 1: plt.gcf()"],
    "from unittest.mock import patch\nwith patch('time.time'):\n    x": [
        "line 2: with patch('time.time'):"
    ],
    "old = x\nx = old + 1": ["line 2: x = old + 1"],
}


@pytest.mark.parametrize("source", TESTS)
def test_the_line_that_keeps_a_test_in_process_is_shown_with_advice(source: str) -> None:
    assert ANALYSIS.evidence(source) == TESTS[source]
    assert len(list(advice_on(ANALYSIS.reason(source)))) == 1


def test_a_test_that_can_be_isolated_has_no_such_line() -> None:
    assert ANALYSIS.evidence("assert x == 1") == []
    assert list(advice_on("")) == []


@pytest.mark.parametrize(
    "reason",
    [
        "the reference solution does not pass it when it is isolated",
        "s3 needs its data, which cannot be sent",
        "it needs cell 2, which runs in the student's process only",
        "when it is isolated, it does not notice that nothing was answered",
        "otherwise the reference solution fails t1",
        "passes iter([1]) to double",
    ],
)
def test_reasons_of_the_dry_run_have_advice(reason: str) -> None:
    (advice,) = advice_on(reason)
    assert advice in {text for _, text in ADVICE}


def test_a_reason_of_the_instructors_own_needs_no_advice() -> None:
    assert list(advice_on("shows a picture of a cat")) == []


def test_each_advice_is_given_once() -> None:
    assert len(list(advice_on("measures memory (tracemalloc); inspects live objects (gc)"))) == 1
