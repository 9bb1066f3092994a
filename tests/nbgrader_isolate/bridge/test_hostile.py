"""Whatever a student's process does to the bridge, no test earns a point by it."""

# ruff: noqa: ANN401, PLR0124, PLW0108, PT012, Q000

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import numpy as np
import pytest

from nbgrader_isolate.bridge import session
from nbgrader_isolate.bridge.failures import (
    CallTimeoutError,
    ContractError,
    Failure,
    PeerGoneError,
    TooLargeError,
    UngradableError,
)
from nbgrader_isolate.bridge.opaque_array import OpaqueArray
from nbgrader_isolate.bridge.session import TestProcess
from nbgrader_isolate.core.limits import Limits
from support.bridged import CODE, Bridge, bridge

pytestmark = pytest.mark.slow
FORGE = """
import json, os, socket, struct, sys, time
link, memory = socket.socket(fileno={fds[0]}), {fds[1]}
def read():
    size = struct.unpack(">I", link.recv(4, socket.MSG_WAITALL))[0]
    return json.loads(link.recv(size, socket.MSG_WAITALL))
def send(answer, claimed=None):
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    link.sendall(struct.pack(">I", len(body) if claimed is None else claimed) + body)
def answer(value, objects=(), spans=(), **more):
    tables = {{"o": list(objects), "m": list(spans), "w": [], "wrote": [], "changed": {{}}}}
    return {{"id": read()["id"], "value": value, **tables, **more}}
def array(dtype, shape, strides, location=(0, 32)):
    return answer(["r", 0], [["a", dtype, shape, strides, True, True, 0, 0]], [location])
FORGED
time.sleep(30)
"""


@pytest.fixture(scope="module")
def there() -> Iterator[Bridge]:
    with bridge() as connected:
        yield connected


def forged(code: str) -> Any:
    """A bridge to a process that runs `code` instead of serving."""
    return bridge(serve=FORGE.replace("FORGED", code.replace("{", "{{").replace("}", "}}")))


@pytest.mark.parametrize(
    "kind",
    [
        "liar", "equal", "function", "objects", "strings", "deep", "int subclass", "list subclass",
        "inside a list", "class of its own",
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


@pytest.mark.parametrize("kind", ["large", "large list"])
def test_a_value_that_is_too_large_is_refused_and_the_next_call_works(
    there: Bridge, kind: str
) -> None:
    with pytest.raises(TooLargeError, match="returned too much"):
        there.gives(kind)
    assert there.same([1]) == [1]


@pytest.mark.parametrize(
    "kind", ["SystemExit", "KeyboardInterrupt", "StopIteration", "GeneratorExit", "UserWarning"]
)
def test_errors_that_would_change_the_control_flow_do_not_cross(there: Bridge, kind: str) -> None:
    with pytest.raises(UngradableError, match=kind):
        there.raises(kind, "x")


@pytest.mark.parametrize("strides", [(16,), (-8,), (1 << 40,), (9,)])
def test_an_array_that_reaches_outside_is_opaque(there: Bridge, strides: tuple[int, ...]) -> None:
    array = np.arange(5.0)
    got = there.outside(array, strides)
    assert isinstance(got, np.ndarray)
    assert (got.shape, got.strides, got.dtype, got.ndim) == ((5,), strides, array.dtype, 1)
    low, high = np.lib.array_utils.byte_bounds(got)
    first, last = np.lib.array_utils.byte_bounds(array)
    assert low < first or high > last
    assert np.may_share_memory(got, array)
    for read in READS:
        with pytest.raises(UngradableError, match="no element was read"):
            read(got)


READS: list[Callable[[Any], Any]] = [
    lambda a: a[0], lambda a: a + 1, lambda a: np.array_equal(a, a), lambda a: a.tolist(),
    lambda a: list(a), repr, lambda a: a.sum(), lambda a: np.sum(a), lambda a: a.copy(),
    lambda a: a.tobytes(), lambda a: a == a, bool,
    lambda a: np.testing.assert_array_equal(a, np.arange(5.0)), lambda a: a.view(np.int64),
    lambda a: a.T, lambda a: a.data,
]  # fmt: skip


def test_code_that_reads_an_opaque_array_anyway_finds_poison(there: Bridge) -> None:
    got = there.outside(np.zeros(5, np.uint8), (1 << 30,))
    assert np.ndarray.tolist(np.asarray(got)) == [0xA5] * 5


def test_a_test_that_passes_a_function_learns_that_it_cannot_cross(there: Bridge) -> None:
    with pytest.raises(ContractError, match="the test passes same"):
        there.same(len)
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


def test_the_memory_file_cannot_be_resized_or_unsealed() -> None:
    code = """
import fcntl
for size in (0, 1 << 30):
    try:
        os.ftruncate(memory, size)
    except OSError:
        continue
    os._exit(1)
try:
    fcntl.fcntl(memory, fcntl.F_ADD_SEALS, 0)
except OSError:
    send(answer("sealed"))
"""
    with forged(code) as there:
        assert there.anything() == "sealed"


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


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_answer_is_a_failure(name: str) -> None:
    with forged(FORGERIES[name]) as there:
        there.remote.call_seconds = 2
        argument = np.arange(4.0)
        with pytest.raises(Failure) as caught:
            there.anything(*([argument] if "argument" in name else []))
        assert there.remote.failures == [caught.value]
        assert argument.tolist() == [0, 1, 2, 3]


def test_an_answer_that_is_sent_twice_answers_one_request() -> None:
    code = 'first = answer("one"); send(first); send(first); send({**answer("two")})'
    with forged(code) as there:
        assert (there.anything(), there.anything()) == ("one", "two")


def test_memory_that_changes_after_the_answer_changes_nothing_here() -> None:
    code = """
os.pwrite(memory, b"\\1" * 8, 0)
send(array("|b1", [8], [1], [0, 8]))
while True:
    os.pwrite(memory, b"\\7" * 8, 0)
"""
    with forged(code) as there:
        try:
            got = there.anything()
        except UngradableError:
            return
        time.sleep(0.05)
        assert got.tolist() == [True] * 8
        assert got.view(np.uint8).tolist() == [1] * 8


def test_an_array_that_claims_to_be_writeable_in_read_only_memory_cannot_be_read() -> None:
    code = 'send(answer(["r", 1], [["a", "|u1", [3], [1], True, False, 0, 0]]))'
    with forged(code) as other:
        got = other.anything(np.frombuffer(b"abc", np.uint8))
        assert isinstance(got, OpaqueArray)
        assert got.flags.writeable
        with pytest.raises(UngradableError, match="read-only"):
            got.tolist()


def test_the_process_serves_with_the_code_under_test() -> None:
    assert "serve(" in CODE


class Deaf:
    """A server whose test process runs and reads nothing."""

    def __init__(self) -> None:
        self.killed_by = ""
        self.descriptors: list[int] = []

    def process(self, _target: str, **given: Any) -> Deaf:
        self.descriptors = [os.dup(fd) for fd in given["fds"]]
        return self

    def kill(self, reason: str) -> None:
        self.killed_by = reason

    def close(self) -> None:
        for fd in self.descriptors:
            os.close(fd)


def test_a_test_process_that_receives_nothing_is_killed_and_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(session, "START_SECONDS", 0.5)
    server = Deaf()
    tester = TestProcess(server, Limits(), {}, seed=1)
    with pytest.raises(PeerGoneError, match="stopped receiving"):
        tester.send_student_cell("x" * (8 << 20), "")
    assert server.killed_by == "it stopped receiving messages"
    tester.close()
