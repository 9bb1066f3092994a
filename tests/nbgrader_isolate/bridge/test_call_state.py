"""What a test sets for the student's code goes along with its calls, and nothing comes back."""

# ruff: noqa: NPY002

from __future__ import annotations

import builtins
import io
import random
import sys
from collections.abc import Iterator
from unittest.mock import patch

import numpy as np
import pytest

from nbgrader_isolate.bridge.failures import CallTimeoutError, UngradableError
from support import calls
from support.bridged import Bridge, bridge

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def there() -> Iterator[Bridge]:
    with bridge(before=calls.HERE) as connected:
        yield connected


def test_code_that_asks_forever_is_stopped() -> None:
    with bridge(before=calls.HERE) as there:
        there.remote.call_seconds = 0.5
        with patch("builtins.input", lambda: "x"), pytest.raises(CallTimeoutError):
            there.asks_forever()
        there.remote.call_seconds = 20
        assert there.same(1) == 1


def test_a_function_that_answers_can_be_called_only_in_the_cell_that_set_it(there: Bridge) -> None:
    with patch("builtins.input", lambda _="": "x"):
        there.keeps_asking()
    there.remote.callbacks.begin()
    with pytest.raises(UngradableError, match="a function that the test did not pass"):
        there.asks_kept()
    assert there.same(1) == 1


def test_input_is_answered_by_what_the_test_has_put_in_its_place(there: Bridge) -> None:
    prompts = []
    with patch("builtins.input", side_effect=lambda *a: prompts.append(a) or "yes"):
        assert there.asks("more? ") == ["yes", "yes"]
    assert prompts == [("more? ",)] * 2
    with patch("builtins.input", side_effect=["a", "b"]) as mocked:
        assert there.asks() == ["a", "b"]
    assert mocked.call_count == 2
    assert builtins.input is not mocked


def test_input_reads_the_lines_that_the_test_has_put_into_stdin(there: Bridge) -> None:
    with patch("sys.stdin", io.StringIO("first\nsecond\n")):
        assert there.asks() == ["first", "second"]


def test_a_function_named_input_in_the_cell_answers(there: Bridge) -> None:
    there.remote.state.find = {"input": lambda: "41"}.get
    try:
        assert there.asks() == ["41", "41"]
    finally:
        there.remote.state.find = {}.get


def test_without_an_answer_input_fails_as_in_a_notebook(there: Bridge) -> None:
    with pytest.raises((EOFError, OSError)):
        there.asks()


def test_what_a_call_prints_is_printed_here(there: Bridge) -> None:
    with patch("sys.stdout", new_callable=io.StringIO) as printed:
        there.says("hello")
    assert "hello" in printed.getvalue()
    assert sys.stdout is not printed


def seeded() -> list[object]:
    np.random.seed(5)
    random.seed(6)
    return [calls.draws(3), calls.draws(2)]


def test_a_seed_of_the_test_is_that_of_the_next_calls(there: Bridge) -> None:
    expected = seeded()
    there.remote.state.begin(seeds=True)
    np.random.seed(5)
    random.seed(6)
    assert [there.draws(3), there.draws(2)] == expected
    np.random.seed(5)
    random.seed(6)
    assert calls.draws(3) == expected[0]


def test_the_state_of_the_tests_generators_never_comes_back(there: Bridge) -> None:
    there.remote.state.begin(seeds=True)
    np.random.seed(5)
    before = repr(np.random.get_state())
    there.draws(3)
    assert repr(np.random.get_state()) == before


def test_without_a_seed_the_students_generator_is_its_own(there: Bridge) -> None:
    there.remote.state.begin(seeds=False)
    np.random.seed(5)
    first = there.draws(3)
    np.random.seed(5)
    assert there.draws(3) != first


def test_errors_of_floating_point_numbers_are_handled_as_the_test_says(there: Bridge) -> None:
    with np.errstate(divide="raise"), pytest.raises(FloatingPointError):
        there.divides(1)
    with np.errstate(divide="ignore"):
        assert there.divides(1) == np.inf
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        there.divides(1)
