"""Generators of the student's code are read step by step if the test asks for single elements."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Any

import pytest

from nbgrader_isolate.bridge.failures import CallTimeoutError, UngradableError
from nbgrader_isolate.bridge.lazy_generators import MOST, LazyGenerators, StudentGenerators, resume
from support.bridged import Bridge, bridge, forged

HERE = """
def count(n=0):
    while True:
        got = yield n
        n = n + 1 if got is None else got
def short():
    said.append("begun")
    yield [1]
    said.append("went on")
    return "done"
def catches():
    try:
        yield 1
    except IndexError as error:
        yield str(error)
def fails():
    yield 1
    raise ValueError("no more")
def stuck():
    yield 1
    while True:
        pass
class Odd:
    pass
def odd():
    yield Odd()
def endless():
    while True:
        yield count()
said = []
answers.__dict__.update({
    "count": count, "short": short, "catches": catches, "fails": fails, "stuck": stuck, "odd": odd,
    "said": lambda: list(said), "take": lambda g: next(g), "same": lambda g: g,
    "pair": lambda: (count(1), count(5)), "inside": lambda: [count(3)],
})
"""


@pytest.fixture(scope="module")
def there() -> Iterator[Bridge]:
    with bridge(HERE) as made:
        made.remote.lazy = True
        yield made


@pytest.mark.slow
def test_an_endless_generator_is_read_as_far_as_the_test_asks(there: Bridge) -> None:
    numbers = there.count(3)
    assert isinstance(numbers, types.GeneratorType)
    assert [next(numbers), next(numbers), numbers.send(9), next(numbers)] == [3, 4, 9, 10]
    assert [number for number, _ in zip(there.count(), "abc", strict=False)] == [0, 1, 2]


@pytest.mark.slow
def test_nothing_runs_before_the_test_asks_and_the_end_has_a_value(there: Bridge) -> None:
    before = len(there.said())
    short = there.short()
    assert len(there.said()) == before
    assert next(short) == [1]
    assert there.said()[before:] == ["begun"]
    with pytest.raises(StopIteration) as end:
        next(short)
    assert end.value.value == "done"
    assert there.said()[before:] == ["begun", "went on"]
    assert list(short) == []


@pytest.mark.slow
def test_errors_cross_both_ways(there: Bridge) -> None:
    caught = there.catches()
    assert next(caught) == 1
    assert caught.throw(IndexError("k")) == "k"
    failing = there.fails()
    assert next(failing) == 1
    with pytest.raises(ValueError, match="no more"):
        next(failing)


@pytest.mark.slow
def test_several_generators_and_generators_in_containers(there: Bridge) -> None:
    one, five = there.pair()
    assert [next(one), next(five), next(one)] == [1, 5, 2]
    assert next(there.inside()[0]) == 3


@pytest.mark.slow
def test_a_generator_that_goes_back_is_the_student_s_own(there: Bridge) -> None:
    numbers = there.count(3)
    assert next(numbers) == 3
    assert there.take(numbers) == 4
    assert there.same(numbers) is numbers
    assert next(numbers) == 5


@pytest.mark.slow
def test_only_data_comes_out_of_a_generator(there: Bridge) -> None:
    with pytest.raises(UngradableError, match="Odd"):
        next(there.odd())


@pytest.mark.slow
def test_a_generator_that_gets_stuck_is_stopped() -> None:
    with bridge(HERE) as there:
        there.remote.lazy, there.remote.call_seconds = True, 0.5
        stuck = there.stuck()
        assert next(stuck) == 1
        with pytest.raises(CallTimeoutError):
            next(stuck)


@pytest.mark.slow
def test_a_test_that_does_not_ask_for_single_elements_gets_them_together() -> None:
    with bridge(HERE) as there:
        said = there.said()
        assert [*there.short()] == [[1]]
        assert len(there.said()) == len(said) + 2


@pytest.mark.slow
@pytest.mark.parametrize("answer", ["['list']", "7", "None"])
def test_forged_steps_are_refused(answer: str) -> None:
    code = f"send(answer(['generator', 0, 'g']))\nsend(answer({answer}))"
    with forged(code) as there:
        there.remote.lazy = True
        numbers = there.count()
        with pytest.raises(UngradableError):
            next(numbers)


@pytest.mark.parametrize("parts", [(-1, "g"), (MOST, "g"), (True, "g"), ("0", "g"), (0, None)])
def test_forged_generators_are_refused(parts: tuple[Any, Any]) -> None:
    with pytest.raises(UngradableError, match="a malformed generator"):
        LazyGenerators(lambda *_: None).find(*parts)


def test_a_generator_ends_with_its_value() -> None:
    generator = (number for number in [1])
    assert resume(generator, "send", None) == ["item", 1]
    assert resume(generator, "send", None) == ["end", None]


def test_too_many_generators_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nbgrader_isolate.bridge.lazy_generators.MOST", 1)
    sent = StudentGenerators()
    first = (number for number in [1])
    assert sent.describe(first) == sent.describe(first) == ["generator", 0, first.__name__]
    with pytest.raises(UngradableError, match="more than 1 generators"):
        sent.describe(number for number in [2])
    assert sent.describe(iter([1])) is None
