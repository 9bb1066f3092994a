"""Whatever a student's process does to the bridge, no test earns a point by it."""

# ruff: noqa: Q000

from __future__ import annotations

import numpy as np
import pytest

from nbgrader_isolate.bridge.failures import Failure, UngradableError
from support.bridged import CODE, Bridge, forged

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    "kind",
    [
        "liar", "equal", "objects", "strings", "deep", "inside a list",
        "class of its own",
    ],
)  # fmt: skip
def test_a_value_that_is_not_plain_data_is_a_failure_that_no_test_can_catch(
    there: Bridge, kind: str
) -> None:
    there.remote.failures.clear()
    with pytest.raises(UngradableError) as caught:
        there.gives(kind)
    assert not isinstance(caught.value, Exception)
    assert there.remote.failures == [caught.value]
    assert there.same(1) == 1


@pytest.mark.parametrize(("kind", "value"), [("int subclass", 3), ("list subclass", [3])])
def test_a_subclass_crosses_by_its_value_and_does_not_pass_for_its_base(
    there: Bridge, kind: str, value: object
) -> None:
    got = there.gives(kind)
    assert got == value
    assert type(got) is not type(value)


FORGERIES = {
    "a message without an end": 'read(); send(b"{", 1000)',
    "no JSON": 'read(); send(b"\\xff{nothing")',
    "a list": "read(); send([1, 2])",
    "very deep JSON": 'read(); send(b"[" * 200000)',
    "a gigabyte": "read(); send(b'x' * 1000, 1 << 30)",
    "another question's answer": 'read(); [send({"id": "0", "value": 1}) for _ in range(1000)]',
    "no value": 'send({"id": read()["id"]})',
    "an unknown tag": 'send(answer(["object", 1]))',
    "an object that is not there": 'send(answer(["r", 7]))',
    "an object below zero": 'send(answer(["r", -1]))',
    "a defaultdict with a function": (
        'send(answer(["r", 0], [["defaultdict", ["function", 0, "lie"]]]))'
    ),
    "a tuple in itself": 'send(answer(["r", 0], [["tuple", ["r", 0]]]))',
    "a dict in the tree": 'send(answer({"a": 1}))',
    "a huge number": 'send(answer(["i", "0x" + "f" * 10, 3]))',
    "a huge range of memory": 'send(array("<f8", [4], [8], [0, 1 << 60]))',
    "a span before the file": 'send(array("<f8", [4], [8], [-64, 32]))',
    "an array of objects": 'send(array("|O", [4], [8]))',
    "objects in a record": 'send(array(["rec", 8, [["x", "|O", 0]]], [4], [8]))',
    "a dtype that is code": 'send(array("(2,)O,f8", [4], [8]))',
    "a shape that overflows": 'send(array("<f8", [1 << 40, 1 << 40], [0, 0]))',
    "a negative shape": 'send(array("<f8", [-4], [8]))',
    "too many axes": 'send(array("<f8", [1] * 100, [8] * 100))',
    "strides of text": 'send(array("<f8", [4], ["8"]))',
    "an incomplete description": 'send(answer(["r", 0], [["a", "<f8"]], [[0, 32]]))',
    "Booleans of 2": 'os.pwrite(memory, b"\\2" * 32, 0); send(array("|b1", [4], [1], [0, 4]))',
    "a Boolean of 7": 'send(answer(["g", "|b1", "07"]))',
    "no characters": 'os.pwrite(memory, b"\\xff" * 32, 0); send(array("<U2", [4], [8]))',
    "a scalar of other bytes": 'send(answer(["g", "<f8", "00"]))',
    "a list as a key": 'send(answer(["r", 0], [["dict", ["r", 1], 2], ["list"]]))',
    "half a pair": 'send(answer(["r", 0], [["dict", 2]]))',
    "a write outside the arguments": 'send(answer(1, wrote=[5], w=[[0, 8]]))',
    "a write of another size": 'send(answer(1, wrote=[0], w=[[0, 8]]))',
    "changes of no argument": 'send(answer(1, changed={"9": ["list"]}))',
    "an argument of another kind": 'send(answer(1, changed={"0": ["dict"]}))',
    "an error without a name": 'send({**answer(1), "error": []})',
    "an error that is a number": 'send({**answer(1), "error": 3})',
}  # fmt: skip


@pytest.mark.sample(every=2)
@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_answer_is_a_failure(name: str) -> None:
    with forged(FORGERIES[name]) as there:
        there.remote.call_seconds = 2
        argument = np.arange(4.0)
        with pytest.raises(Failure) as caught:
            there.anything(*([argument] if "argument" in name else []))
        assert there.remote.failures == [caught.value]
        assert argument.tolist() == [0, 1, 2, 3]


def test_the_process_serves_with_the_code_under_test() -> None:
    assert "serve(" in CODE
