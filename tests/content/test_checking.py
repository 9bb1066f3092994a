"""What the tests of all tasks share: any answer gets a clear message, and none can crash the
kernel."""

from __future__ import annotations

import signal
import sys
import time
from _thread import interrupt_main
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided

from course.core.paths import ROOT

sys.path.insert(0, str(ROOT / "content" / "solutions"))
import checking


def message(check: Callable[[], object]) -> str:
    """Return what the failing check says."""
    with pytest.raises(AssertionError) as caught:
        check()
    return str(caught.value)


def test_a_good_answer_comes_back() -> None:
    assert checking.call(lambda a, b: a + b, 1, b=2) == 3


def test_an_answer_not_written_yet_is_no_mistake() -> None:
    def mean(_values: list[int]) -> float:
        raise NotImplementedError

    assert message(lambda: checking.call(mean, [1])) == "mean is not written yet."


def test_printing_is_not_returning(capsys: pytest.CaptureFixture[str]) -> None:
    def mean(values: list[int]) -> None:
        print(sum(values) / len(values))  # noqa: T201 - that is the mistake

    said = message(lambda: checking.call(mean, [1, 3]))
    assert said == ("mean([1, 3]) returned None: end the function with `return`, not with `print`.")
    assert capsys.readouterr().out == "2.0\n"


def test_an_error_is_told_with_the_call_and_keeps_its_traceback() -> None:
    def mean(values: list[int]) -> float:
        return sum(values) / (len(values) - 2)

    with pytest.raises(AssertionError) as caught:
        checking.call(mean, [1, 3])
    assert str(caught.value) == "mean([1, 3]) raised ZeroDivisionError: division by zero."
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_renamed_arguments_are_named() -> None:
    def ravel(r: int, c: int) -> int:
        return r + c

    said = message(lambda: checking.call(ravel, row=1, col=2))
    assert "unexpected keyword argument 'row'" in said
    assert said.endswith("Keep the names and the order of the arguments.")


def hides_everything() -> int:
    while True:
        try:
            while True:
                pass
        except Exception:  # noqa: BLE001, S110 - that is the attack
            pass


@pytest.mark.parametrize("answer", [lambda: time.sleep(60), hides_everything])
def test_an_answer_that_takes_for_ever_is_stopped(
    answer: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "SECONDS", 0.2)
    assert "took longer than 0.2 s and was stopped" in message(lambda: checking.call(answer))


def test_no_alarm_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "SECONDS", 0.05)
    checking.call(lambda: 1)
    time.sleep(0.1)


TESTS = """
from checking import attempt, call, peak, raises, whole
def check(expected, n):
    got = whole(call(answer, n), "answer")
    assert got == expected, diagnose(got)
def diagnose(got):
    return f"expected something else, got {got}"
class Facts:
    def number(self): return 0
"""


def told(answer: str, test: str = "check(4, 2)") -> str:
    """Run an answer, then the cell that defines the checks, then a test; return what it says."""
    space: dict[str, Any] = {"__name__": "__main__"}
    for name, source in {"answer": answer, "words": TESTS, "test": test}.items():
        try:
            exec(compile(source, f"<{name}>", "exec"), space)  # noqa: S102 - as a kernel does
        except AssertionError as error:
            return str(error)
    return ""


OWN = "def {name}(n): return n * n\n"
METHOD = OWN + "class C:\n def f(self, n): return {name}(n)\n"
PROPERTY = OWN + "class C:\n @property\n def f(self): return {name}(2)\n"


@pytest.mark.parametrize("name", ["check", "diagnose", "whole", "call"])
@pytest.mark.parametrize(
    "answer",
    [
        OWN + "def answer(n): return {name}(n)",
        OWN + "def f(n): return {name}(n)\ndef answer(n): return f(n)",
        OWN + "def answer(n): return [{name}(k) for k in [n]][0]",
        METHOD + "def answer(n): return C().f(n)",
        PROPERTY + "def answer(n): return C().f",
        METHOD + "answer = C().f",
    ],
)
def test_a_function_of_the_answer_with_the_name_of_one_of_the_tests_is_named(
    name: str, answer: str
) -> None:
    said = told(answer.format(name=name))
    caller = "f" if "answer = C().f" in answer else "answer"
    assert said == (
        f"The tests have a function `{name}` of their own, which {caller} would call instead of "
        "yours: give yours another name."
    )


@pytest.mark.parametrize(
    "answer",
    [
        "def answer(n): return n * n",
        "def check(n): return n * n\ndef answer(n): return n * n",
        "import numpy as np\ndef answer(n): return int(np.array([n]).dot([n]))",
        "def answer(n):\n def check(n): return n * n\n return check(n)",
        "class C:\n def check(self, n): return n * n\ndef answer(n): return C().check(n)",
        "def answer(n): return answer(n - 1) + 2 * n - 1 if n else 0",
        "from functools import cache\n@cache\ndef answer(n): return n * n",
    ],
)
def test_an_answer_that_calls_nothing_of_the_tests_is_left_alone(answer: str) -> None:
    assert told(answer) == ""


@pytest.mark.parametrize(
    "way", ["attempt(answer, (2,), {})", "peak(answer, 2)", "raises(ValueError, answer, 2)"]
)
def test_every_way_to_call_an_answer_looks_at_its_names(way: str) -> None:
    answer = "def whole(n): return n\ndef answer(n): return whole(n)"
    assert "a function `whole` of their own" in told(answer, way)


@pytest.fixture
def interruptible() -> Iterator[None]:
    """A test run that was started in the background ignores Ctrl-C, and `interrupt_main` does
    nothing there."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_where_there_are_no_alarms_an_interrupt_stops_the_answer() -> None:
    with pytest.raises(checking.TooSlow), checking.by_interrupt(0.1):
        hides_everything()


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_that_arrives_before_its_timer_has_ended_is_known_for_ours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def at_leisure() -> None:
        interrupt_main()
        time.sleep(0.5)

    monkeypatch.setattr(checking, "interrupt_main", at_leisure)
    try:
        with pytest.raises(checking.TooSlow), checking.by_interrupt(0.1):
            hides_everything()
    except KeyboardInterrupt:  # it would end the test run
        pytest.fail("the interrupt was taken for the student's Ctrl-C")


@pytest.mark.parametrize(
    "change",
    [
        lambda a: a.__setitem__(0, 9),
        lambda a: a.sort(),
        lambda a: a.__setitem__(slice(None), np.nan),
    ],
)
def test_a_changed_argument_is_noticed(change: Callable[[Any], None]) -> None:
    def answer(a: Any) -> int:  # noqa: ANN401
        change(a)
        return 1

    said = message(lambda: checking.call(answer, np.array([3.0, 1.0, 2.0])))
    assert "changed its argument" in said


def test_not_a_number_in_an_unchanged_argument_is_no_change() -> None:
    assert checking.call(lambda a, b: a.size + len(b), np.array([np.nan]), [np.nan]) == 2


def test_an_argument_of_half_a_trillion_elements_is_not_copied() -> None:
    wide = np.broadcast_to(np.arange(5)[:, None], (5, 10**11))
    assert checking.call(lambda a: a.ndim, wide) == 2
    assert message(lambda: checking.call(lambda _a: None, wide)).startswith(
        "<lambda>(<int64 array of shape (5, 100000000000)>) returned None"
    )


def test_a_whole_number_may_be_numpys_but_no_float() -> None:
    assert checking.whole(np.int64(3), "f()") == 3
    assert "expected a whole number" in message(lambda: checking.whole(3.0, "f()"))
    assert checking.wholes([1, np.int8(2)], "f()", 2) == (1, 2)
    assert "one number for each axis" in message(lambda: checking.wholes((1,), "f()", 2))
    assert "expected a tuple" in message(lambda: checking.wholes(8, "f()"))


def test_an_array_is_checked_by_its_facts_before_an_element_is_touched() -> None:
    a = np.arange(12, dtype=np.int64).reshape(3, 4)
    checking.array(a.T, "f(a)", shape=(4, 3), dtype=np.int64, inside=a)
    assert "expected an array" in message(lambda: checking.array([1], "f(a)"))
    assert "expected shape (4, 3), got (3, 4). Swap." in message(
        lambda: checking.array(a, "f(a)", shape=(4, 3), slips=[(False, "No."), (True, "Swap.")])
    )
    assert "expected dtype int8, got int64" in message(
        lambda: checking.array(a, "f(a)", dtype=np.int8)
    )


@pytest.mark.parametrize(("offset", "said"), [(0, "64 bytes beyond"), (-1, "8 bytes before")])
def test_an_array_that_leaves_its_owner_is_refused_unread(offset: int, said: str) -> None:
    memory = np.arange(64, dtype=np.int64)
    owner = memory[8:20]
    wild = as_strided(memory[8 + offset :], (20,) if offset == 0 else (4,), (8,))
    told = message(lambda: checking.array(wild, "f(a)", inside=owner))
    assert said in told
    assert "no element was touched" in told


def test_an_expected_refusal_is_asked_for() -> None:
    def refuses(_n: int) -> int:
        raise ValueError("too large")

    assert checking.raises(ValueError, refuses, 3) == "too large"
    assert "expected a ValueError, got 3" in message(
        lambda: checking.raises(ValueError, lambda n: n, 3)
    )
    assert "expected a TypeError, got ValueError" in message(
        lambda: checking.raises(TypeError, refuses, 3)
    )


def test_a_copy_is_called_a_copy_and_not_a_view_that_reaches_outside() -> None:
    a = np.arange(12, dtype=np.int64)
    for copy in (a.copy(), a.copy()[2:], np.concatenate([a, a])[:3]):
        told = message(lambda copy=copy: checking.array(copy, "f(a)", inside=a))
        assert told.startswith("f(a) returned a copy: expected a view")


def test_what_an_answer_returned_is_shown_without_reading_it() -> None:
    far = as_strided(np.arange(3), (2,), (1 << 40,))
    for got in (far, [far], {"k": far}):
        assert "array" in checking.shown(got)
    assert "expected an IndexError, got <int64 array" in message(
        lambda: checking.raises(IndexError, lambda: far)
    )


def test_truth_is_true_or_false_only() -> None:
    assert checking.truth(np.bool(1), "f()") is True
    assert "expected True or False" in message(lambda: checking.truth(1, "f()"))


def test_the_peak_of_a_call_counts_its_temporaries_and_brings_the_result() -> None:
    got, held = checking.peak(lambda n: float(np.ones(n).sum()), 100_000)
    assert got == 100_000
    assert 800_000 <= held < 900_000
