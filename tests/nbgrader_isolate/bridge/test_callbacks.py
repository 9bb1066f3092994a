"""Functions of a test that the student's code calls, and code that abuses them."""

from __future__ import annotations

import functools
import math
import operator
from typing import Any

import numpy as np
import pytest

from nbgrader_isolate.bridge.callbacks import MANY
from nbgrader_isolate.bridge.failures import (
    CallTimeoutError,
    ContractError,
    PeerGoneError,
    RefusedError,
    UngradableError,
)
from support.bridged import Bridge, bridge, forged

pytestmark = pytest.mark.slow


def test_functions_of_all_kinds_can_be_called(there: Bridge) -> None:
    def cube(x: float) -> float:
        return x**3

    assert there.apply_all(lambda x: x + 1, [1, 2]) == [2, 3]
    assert there.apply_all(cube, [1, 2]) == [1, 8]
    assert there.apply_all(math.sqrt, [4.0]) == [2.0]
    assert there.apply_all(functools.partial(operator.sub, 5), [1]) == [4]
    assert there.apply_all("abc".index, ["b"]) == [1]
    assert there.apply_all(np.exp, [0.0]) == [1.0]
    assert there.apply_all(np.sum, [[1, 2]]) == [3]


def test_arrays_and_containers_cross_both_ways(there: Bridge) -> None:
    given = [np.arange(6.0).reshape(2, 3).T, {"a": (1, [2])}]
    seen: list[Any] = []

    def keep(value: Any) -> Any:  # noqa: ANN401
        seen.append(value)
        return [value, np.float32(1.5)]

    result = there.apply_all(keep, given)
    assert np.array_equal(seen[0], given[0])
    assert seen[1] == {"a": (1, [2])}
    assert np.array_equal(result[0][0], given[0])
    assert type(result[0][1]) is np.float32


def test_the_arguments_of_the_call_are_still_those_of_the_caller(there: Bridge) -> None:
    rows = [np.arange(4.0), np.ones(4)]
    before = [row.copy() for row in rows]
    assert there.apply_all(lambda row: row.sum(), rows) == [6.0, 4.0]
    assert all(map(np.array_equal, rows, before))


def test_an_error_of_the_function_reaches_the_code_that_called_it(there: Bridge) -> None:
    def refuses(value: object) -> None:
        raise ValueError(f"not {value}")

    assert there.swallows(refuses, 3) == ("ValueError", "not 3")
    with pytest.raises(ValueError, match="not 3"):
        there.again(refuses, 3)


def test_a_function_comes_back_as_itself(there: Bridge) -> None:
    assert there.same(len) is len
    assert there.same([math.sin])[0] is math.sin


def test_calls_of_both_sides_can_be_inside_each_other(there: Bridge) -> None:
    def down(n: int) -> int:
        return 0 if n == 0 else 1 + there.again(down, n - 1)

    assert there.again(down, 5) == 5
    with pytest.raises(RecursionError, match="too many calls inside each other"):
        there.again(down, 50)
    assert there.same(1) == 1


def test_arrays_of_the_outer_call_survive_calls_inside_it(there: Bridge) -> None:
    array = np.arange(1000.0)

    def inner(value: float) -> float:
        return float(there.same(np.full(2000, value)).sum())

    before = array.copy()
    assert there.apply_all(inner, array[:3]) == [0.0, 2000.0, 4000.0]
    assert np.array_equal(array, before)


def test_threads_can_call_and_forks_cannot(there: Bridge) -> None:
    assert there.in_threads(lambda x: x * x, list(range(20))) == [x * x for x in range(20)]
    assert there.in_a_fork(len) == 7


def test_a_function_is_called_only_while_the_cell_that_passed_it_runs(there: Bridge) -> None:
    there.keeps(lambda x: x + 1)
    assert there.calls_kept(1) == 2
    there.remote.callbacks.begin()
    with pytest.raises(UngradableError, match="a function that the test did not pass"):
        there.calls_kept(1)
    assert there.same(1) == 1


def test_a_function_that_would_give_a_hold_on_the_test_is_not_passed(there: Bridge) -> None:
    for function in (eval, exec, open, getattr, globals, functools.partial(eval, "1")):
        with pytest.raises(ContractError):
            there.same(function)


def test_an_object_of_the_students_does_not_reach_the_function(there: Bridge) -> None:
    with pytest.raises(UngradableError, match="an object of type Liar"):
        there.passes_object(lambda value: value == 3)
    assert there.same(1) == 1


def test_a_result_that_cannot_be_sent_is_a_fault_of_the_test(there: Bridge) -> None:
    with pytest.raises(ContractError, match="a function of the test returns"):
        there.again(lambda _: object(), 1)
    assert there.same(1) == 1


def test_code_that_calls_forever_is_stopped() -> None:
    with bridge() as there:
        there.remote.call_seconds = 0.5
        with pytest.raises(CallTimeoutError):
            there.calls_forever(lambda value: value)
        assert "interrupt" in there.notices
        there.remote.call_seconds = 10
        assert there.same("next") == "next"


def test_code_that_calls_more_often_than_the_bridge_can_bear_is_left_to_a_person() -> None:
    with bridge() as there:
        there.remote.call_seconds, there.remote.callbacks.made = 0.5, MANY
        with pytest.raises(RefusedError, match="took longer"):
            there.calls_forever(lambda value: value)


def test_an_alarm_of_the_test_ends_a_function_and_the_next_call_works(there: Bridge) -> None:
    class Alarm(BaseException):
        pass

    def rings(_: object) -> None:
        raise Alarm

    with pytest.raises(Alarm):
        there.again(rings, 1)
    assert there.same(2) == 2


FORGED = {
    "a number that was not passed": '"callback": 99, "args": [], "kwargs": {}',
    "a number that is text": '"callback": "1", "args": [], "kwargs": {}',
    "no arguments": '"callback": 1',
    "arguments that are no list": '"callback": 1, "args": 3, "kwargs": []',
    "an argument without an object": '"callback": 1, "args": [["r", 7]], "kwargs": {}',
    "bytes that are no text": (
        '"callback": 1, "args": [["r", 0]], "kwargs": {}, '
        '"o": [["a", "<i4", [2], [4], True, True, 0, 0]], "m": [[5, 8]]'
    ),
    "bytes of another length": (
        '"callback": 1, "args": [["r", 0]], "kwargs": {}, '
        '"o": [["a", "<i4", [2], [4], True, True, 0, 0]], "m": [["AAAA", 8]]'
    ),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_call_is_a_failure(name: str) -> None:
    code = f'send({{"id": read()["id"], {FORGED[name]}}})'
    with forged(code) as there:
        there.remote.call_seconds = 5
        with pytest.raises((UngradableError, PeerGoneError)):
            there.same(len)
        assert there.remote.failures


def test_a_call_between_requests_is_not_answered() -> None:
    called: list[object] = []
    code = 'read()\nsend({"id": "x", "callback": 1, "args": [1], "kwargs": {}})\ntime.sleep(9)'
    with forged(code) as there:
        there.remote.call_seconds = 0.5
        with pytest.raises(CallTimeoutError):
            there.same(called.append)
        assert called == []
