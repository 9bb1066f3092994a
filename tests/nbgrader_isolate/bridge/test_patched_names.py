"""What a test puts in place of functions goes along with its calls, and ends with them."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from unittest.mock import patch

import pytest

from nbgrader_isolate.bridge.failures import UngradableError
from nbgrader_isolate.bridge.patched_names import is_taken_along, targets_in
from support.bridged import Bridge, bridge

THERE = """
import random, time
answers.__dict__.update({
    "roll": lambda: random.randint(1, 6),
    "says": lambda *a: print(*a),
    "sleeps": lambda n: time.sleep(n),
    "keeps": lambda: kept.append(random.randint),
    "kept_one": lambda: kept[0](1, 6),
    "prints_itself": lambda: print(answers),
    "constant": lambda: random.TAU,
})
kept = []
random.TAU = 1
"""
random.TAU = 1  # type: ignore[attr-defined] # as on the other side


@pytest.fixture(scope="module")
def there() -> Iterator[Bridge]:
    with bridge(THERE) as made:
        yield made


def begin(there: Bridge, source: str) -> None:
    """Begin a cell with this text."""
    there.remote.begin()
    there.remote.state.begin(targets_in(source), seeds=False)


@pytest.mark.slow
def test_functions_are_replaced_while_a_call_runs(there: Bridge) -> None:
    begin(there, "patch('random.randint')\npatch('builtins.print')\npatch('time.sleep')")
    with patch("random.randint", return_value=77) as roll, patch("builtins.print") as says:
        assert there.roll() == 77
        there.says("a", 1, [2])
    roll.assert_called_once_with(1, 6)
    says.assert_called_once_with("a", 1, [2])
    assert 1 <= there.roll() <= 6
    with patch("time.sleep") as sleep:
        there.sleeps(1000)
    sleep.assert_called_once_with(1000)
    assert time.sleep is not sleep


@pytest.mark.slow
def test_data_is_replaced_too(there: Bridge) -> None:
    begin(there, "random.TAU = [6.28]")
    with patch.object(random, "TAU", [6.28]):
        assert there.constant() == [6.28]
    assert there.constant() == 1


@pytest.mark.slow
def test_an_error_and_a_side_effect_reach_the_code_that_called_it(there: Bridge) -> None:
    begin(there, "patch('random.randint')")
    with patch("random.randint", side_effect=[3, ValueError("empty")]):
        assert there.roll() == 3
        with pytest.raises(ValueError, match="empty"):
            there.roll()


@pytest.mark.slow
def test_a_replacement_that_is_kept_cannot_be_called_in_another_cell(there: Bridge) -> None:
    begin(there, "patch('random.randint')")
    with patch("random.randint", return_value=5):
        there.keeps()
        assert there.kept_one() == 5
    begin(there, "")
    with pytest.raises(UngradableError, match="a function that the test did not pass"):
        there.kept_one()


@pytest.mark.slow
def test_only_data_is_printed_to_a_test(there: Bridge) -> None:
    begin(there, "patch('builtins.print')")
    with patch("builtins.print") as says, pytest.raises(UngradableError):
        there.prints_itself()
    says.assert_not_called()


@pytest.mark.parametrize(
    ("source", "targets"),
    [
        ("with patch('random.choice', f): pass", {"random.choice"}),
        ("@mock.patch('builtins.print')\ndef check(out): pass", {"builtins.print"}),
        ("with patch.object(np.random, 'rand'): pass", {"numpy.random.rand"}),
        ("random.random = lambda: 0.5", {"random.random"}),
        ("patch('os.getpid')\npatch('json.dumps')\npatch('random._inst')", set()),
        ("patch('builtins.len')\npatch('builtins.input')\nself.x = 3", set()),
    ],
)
def test_what_a_cell_may_replace(source: str, targets: set[str]) -> None:
    assert targets_in(source) == targets


@pytest.mark.parametrize("target", ["builtins.input", "sys.stdout", "math.sqrt"])
def test_what_calls_take_along(target: str) -> None:
    assert is_taken_along(target)


@pytest.mark.parametrize("target", [None, 3, "", "x", "__main__.f", "builtins.open", "os.system"])
def test_what_calls_do_not_take_along(target: object) -> None:
    assert not is_taken_along(target)
