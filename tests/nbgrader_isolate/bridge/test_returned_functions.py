"""Functions that the student's code returns can be called, and nothing else about them is used."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from nbgrader_isolate.bridge.failures import CallTimeoutError, Failure, UngradableError
from nbgrader_isolate.bridge.returned_functions import MOST
from support import calls
from support.bridged import Bridge, bridge, forged

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def there() -> Iterator[Bridge]:
    with bridge(before=calls.HERE) as connected:
        yield connected


FORGED = {
    "a number that is text": '["function", "1", "f"]',
    "a number below zero": '["function", -1, "f"]',
    "a truth value": '["function", true, "f"]',
    "a huge number": '["function", 100000000, "f"]',
    "a name that is a number": '["function", 1, 2]',
    "no name": '["function", 1]',
    "no number": '["function"]',
}


@pytest.mark.parametrize("tree", FORGED.values(), ids=FORGED.keys())
def test_a_forged_function_is_a_failure(tree: str) -> None:
    with (
        forged(f"send(answer({tree.replace('true', 'True')}))") as there,
        pytest.raises(UngradableError, match="malformed"),
    ):
        there.anything()


@pytest.mark.parametrize("kind", ["callable object", "class"])
def test_objects_that_can_be_called_do_not_cross(there: Bridge, kind: str) -> None:
    with pytest.raises(UngradableError, match="an object of type"):
        there.returns(kind)


def test_a_function_is_equal_to_nothing_else_and_its_calls_are_data(there: Bridge) -> None:
    function = there.returns("lambda")
    assert function != 9
    assert function not in {9, "9"}
    with pytest.raises(TypeError):
        function + 1


def test_a_function_that_never_returns_is_stopped() -> None:
    with bridge(before=calls.HERE) as there:
        there.remote.call_seconds = 0.5
        with pytest.raises(CallTimeoutError, match="spins"):
            there.forever()()
        there.remote.call_seconds = 20
        assert there.same(1) == 1


def test_only_so_many_functions_cross() -> None:
    with bridge(before=calls.HERE) as there:
        with pytest.raises(Failure, match="functions"):
            there.many(MOST + 1)
        assert there.same(1) == 1


@pytest.mark.parametrize("kind", ["lambda", "partial", "method", "cached"])
def test_functions_of_all_kinds_can_be_called(there: Bridge, kind: str) -> None:
    assert there.returns(kind)(3) == 6
    assert there.returns("built-in")(0) == 4


def test_a_closure_is_called_with_what_it_holds(there: Bridge) -> None:
    add = there.adder(3)
    assert (add(4), there.adder(1)(x=1), add.__name__) == (7, 2, "add")
    step, more = there.counter()
    assert [step(), step(by=5), more["now"]()] == [1, 6, 6]


def test_one_function_is_one_function(there: Bridge) -> None:
    add = there.adder(3)
    again, inner = there.same([add, [add]])
    assert again is add
    assert inner[0] is add


def test_functions_of_both_sides_can_be_composed(there: Bridge) -> None:
    function = there.composed(there.adder(1), lambda x: x * 10, there.adder(2))
    assert function(1) == 22
    assert there.apply_all(there.adder(5), [1, 2]) == [6, 7]


def test_what_a_function_raises_is_raised(there: Bridge) -> None:
    with pytest.raises(ValueError, match="no"):
        there.failing()("no")
