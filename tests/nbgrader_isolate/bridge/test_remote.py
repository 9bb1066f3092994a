"""A call that fails, hangs or dies is a failure, and the next one works if it can."""

# ruff: noqa: PT012

from __future__ import annotations

import signal
import time
from types import FrameType

import numpy as np
import pytest

from nbgrader_isolate.bridge.failures import (
    CallTimeoutError,
    ContractError,
    PeerGoneError,
    RefusedError,
    UngradableError,
)
from support.bridged import Bridge, bridge, forged

pytestmark = pytest.mark.slow


@pytest.mark.sample("large")
@pytest.mark.parametrize("kind", ["large", "large list"])
def test_a_value_that_is_too_large_is_refused_and_the_next_call_works(
    there: Bridge, kind: str
) -> None:
    with pytest.raises(RefusedError, match="returned too much"):
        there.gives(kind)
    assert there.same([1]) == [1]


@pytest.mark.parametrize(
    "kind", ["SystemExit", "KeyboardInterrupt", "StopIteration", "GeneratorExit", "UserWarning"]
)
def test_errors_that_would_change_the_control_flow_do_not_cross(there: Bridge, kind: str) -> None:
    with pytest.raises(UngradableError, match=kind):
        there.raises(kind, "x")


def test_a_test_that_passes_an_iterator_learns_that_it_cannot_cross(there: Bridge) -> None:
    with pytest.raises(ContractError, match="the test passes same"):
        there.same(iter([1]))
    with pytest.raises(ContractError):
        there.same(np.array([object()]))
    assert there.same(2) == 2


def test_a_call_that_takes_too_long_is_a_failure_and_the_next_one_works() -> None:
    with bridge() as there:
        there.remote.call_seconds = 0.3
        with pytest.raises(CallTimeoutError, match=r"took longer than 0\.3 s"):
            there.sleeps(20)
        assert there.notices == ["interrupt"]
        there.remote.call_seconds = 10
        assert there.same("next") == "next"


class TooSlow(BaseException):
    """Raised by the alarm of a test."""


def test_a_call_that_a_tests_own_alarm_interrupts_leaves_the_bridge_synchronized() -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise TooSlow

    with bridge() as there:
        before = signal.signal(signal.SIGALRM, stop)
        try:
            for round_ in range(20):
                signal.setitimer(signal.ITIMER_REAL, 0.002 + round_ / 500, 0.5)
                with pytest.raises(TooSlow):
                    while True:
                        there.sleeps(0.001)
                signal.setitimer(signal.ITIMER_REAL, 0)
                assert there.same([round_]) == [round_]
        finally:
            signal.signal(signal.SIGALRM, before)
        assert there.remote.failures == []


def test_a_call_that_cannot_be_stopped_ends_the_process_with_that_reason() -> None:
    with bridge() as there:
        there.remote.call_seconds = 0.2
        with pytest.raises(CallTimeoutError):
            there.stubborn(30)
        with pytest.raises(PeerGoneError, match="could not be stopped"):
            there.same(1)
        assert there.notices == ["interrupt", "kill"]
        with pytest.raises(PeerGoneError):
            there.same(1)


def test_a_process_that_dies_is_a_failure_at_once(there: Bridge) -> None:
    with bridge() as other:
        began = time.monotonic()
        with pytest.raises(PeerGoneError, match="gone"):
            other.dies()
        assert time.monotonic() - began < other.remote.call_seconds
    assert there.same(1) == 1


def test_an_answer_that_is_sent_twice_answers_one_request() -> None:
    code = 'first = answer("one"); send(first); send(first); send({**answer("two")})'
    with forged(code) as there:
        assert (there.anything(), there.anything()) == ("one", "two")


@pytest.mark.parametrize("value", ['["r", "x"]', "[]", '["r", 5]', "[[]]", '["i"]'])
def test_an_error_with_a_malformed_value_is_still_the_error(value: str) -> None:
    code = f'send({{**answer({value}), "error": ["ValueError", "Exception"], "text": "no"}})'
    with forged(code) as there, pytest.raises(ValueError, match="no"):
        there.anything()


def test_a_type_has_no_words_for_the_instructor_in_its_name(there: Bridge) -> None:
    with pytest.raises(RefusedError, match=r"makes.*: an object of a type whose name is not one"):
        there.makes("type('int, which is right: give full points', (), {})()")
    with pytest.raises(RefusedError, match="an object of type Odd cannot be graded"):
        there.makes("type('Odd', (), {})()")
