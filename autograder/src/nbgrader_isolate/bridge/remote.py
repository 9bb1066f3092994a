"""The test's side of the bridge: send requests, and turn answers into values and errors."""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from nbgrader_isolate.bridge.call_effects import (
    apply_changes,
    error_of,
    print_output,
    reason_in,
    reduced_in,
    warn_again,
)
from nbgrader_isolate.bridge.call_state import CallState
from nbgrader_isolate.bridge.callbacks import DEPTH, MANY, Callbacks, InlineMemory, described
from nbgrader_isolate.bridge.channel import Channel
from nbgrader_isolate.bridge.failures import (
    CallTimeoutError,
    ContractError,
    Failure,
    PeerGoneError,
    RefusedError,
    TooLargeError,
    UngradableError,
)
from nbgrader_isolate.bridge.instructor_objects import TAG, InstructorObjects
from nbgrader_isolate.bridge.lazy_generators import LazyGenerators
from nbgrader_isolate.bridge.memory import SharedMemory, Span
from nbgrader_isolate.bridge.pack import Packer
from nbgrader_isolate.bridge.returned_functions import FunctionProxies
from nbgrader_isolate.bridge.sharing import CALL_CHANGED, TEST_CHANGED, KeptByTest
from nbgrader_isolate.bridge.stdlib_types import drain
from nbgrader_isolate.bridge.student_objects import ObjectProxies, Operation
from nbgrader_isolate.bridge.unpack import Unpacker
from nbgrader_isolate.bridge.value_kinds import (
    CALLBACK,
    FAILED_ASSERTION,
    RETURNED_FUNCTION,
    SeenKinds,
    kinds_in,
)

GRACE = 2.0
"""Seconds that a call has to end after it was interrupted; then the student's process is killed."""
MAX_STRAY_ANSWERS = 100
"""After so many answers that match no pending request, the student's process is killed."""

STEP = Operation("resume", "an element of a generator", "an element of a generator")
"""The operation for the next element of a generator."""
Notice = Callable[[str], None]
"""Asks the worker to let the student's process "serve", or to "interrupt" or "kill" it."""


@dataclass
class Remote:
    """The student's process, as a test sees it.

    Parameters
    ----------
    channel : Channel
    memory : SharedMemory or InlineMemory
        The latter while a function of the test runs that the student's code has called.
    notice : callable
        Asks the worker for what only the worker can do; see `Notice`.
    call_seconds : float
    cell_end : float
        The deadline of the cell, on the monotonic clock, in seconds.
    failures : list of Failure
        The failures of the current cell.
    read_failures : list of Failure
        The failures of attempts to read elements of opaque arrays, in the current cell.
    find_class : callable
        Returns the class that the instructor's cells bind to a name, or None.
    with_owners : bool
        Whether the owners of views cross, too: the current cell asks for `.base`.
    masked : bool
        Whether masked elements are accepted: the current cell asks for them.
    missing : bool
        Whether the missing value of pandas is accepted: the current cell asks for it.
    lazy : bool
        Whether generators are read step by step: the current cell asks for single elements.
    kinds : SeenKinds
        The kinds of values that the current cell has got.
    own_classes : list of str
        The instructor's classes whose instances cross by value, although others are proxies.
    has_called : bool
        Whether the current cell has called any of the student's code.
    """

    channel: Channel
    memory: SharedMemory | InlineMemory
    notice: Notice
    call_seconds: float = 10.0
    cell_end: float = float("inf")
    failures: list[Failure] = field(default_factory=list)
    read_failures: list[Failure] = field(default_factory=list)
    find_class: Callable[[str], Any] = lambda _name: None
    with_owners: bool = False
    masked: bool = False
    missing: bool = False
    lazy: bool = False
    kinds: SeenKinds = field(default_factory=SeenKinds)
    own_classes: list[str] = field(default_factory=list)
    callbacks: Callbacks = field(default_factory=Callbacks)
    passed: InstructorObjects = field(default_factory=InstructorObjects)
    kept: KeptByTest = field(default_factory=KeptByTest)
    state: CallState = field(init=False)
    functions: FunctionProxies = field(init=False)
    objects: ObjectProxies = field(init=False)
    generators: LazyGenerators = field(init=False)
    has_called: bool = False
    _pending: str = ""
    _gone: str = ""

    def __post_init__(self) -> None:
        self.state = CallState(self.callbacks)
        self.functions = FunctionProxies(self.call)
        self.generators = LazyGenerators(lambda label, args: self.operate(STEP, label, args, {}))
        self.objects = ObjectProxies(
            self.operate,
            self.record_failure,
            lambda name: self.find_class(name),  # noqa: PLW0108 (it is set later)
            self.kinds.note,
        )

    def describe(self, value: Any) -> list[Any] | None:  # noqa: ANN401
        """Return what crosses for a proxy, or a function or an object of the test; else None."""
        return (
            self.objects.describe(value)
            or self.callbacks.describe(value)
            or self.generators.describe(value)
            or self.passed.describe(value)
        )

    def begin(self) -> None:
        """Begin a cell: what earlier cells have passed can no longer be used."""
        self.failures.clear()
        self.has_called = False
        self.callbacks.begin()
        self.passed.begin()

    def operate(
        self, operation: Operation, label: str, args: Sequence[Any], kwargs: dict[str, Any]
    ) -> Any:  # noqa: ANN401
        """Let the student's process do something with an object, and return the result."""
        return self.call(label, args, kwargs, operation=operation)

    def find_function(self, tag: object, *parts: Any) -> Any:  # noqa: ANN401
        """Return the function for what has crossed: the test's own, or one for the student's."""
        if tag == "function":
            return self.functions.find(*parts)
        if tag in {"object", "class"}:
            return self.objects.find(str(tag), *parts)
        if tag == TAG:
            return self.passed.find(*parts)
        if tag == "generator":
            return self.generators.find(*parts)
        return self.callbacks.find(tag, *parts)

    def ask(self, request: dict[str, Any], action: str) -> dict[str, Any]:
        """Send a request and return its answer, which is not checked.

        Parameters
        ----------
        request : dict
        action : str
            What the request does, for messages.

        Raises
        ------
        Failure
        """
        try:
            self._resynchronize()
            request_id = secrets.token_hex(8)
            deadline = min(time.monotonic() + self.call_seconds, self.cell_end)
            self.notice("serve")
            self._pending = request_id
            about: dict[str, Any] = {"objects": self.own_classes} if self.objects.allowed else {}
            about |= {"lazy": True} if self.lazy else {}
            self.channel.send({"id": request_id, **about, **request}, deadline)
            answer = self._await(request_id, deadline)
        except CallTimeoutError:
            self.notice("interrupt")
            slow = RefusedError if self.callbacks.made > MANY else CallTimeoutError
            raise self.record_failure(
                slow(f"{action} took longer than {self.call_seconds:g} s.")
            ) from None
        except (PeerGoneError, TooLargeError) as failure:
            kind = type(failure)
            if kind is PeerGoneError or self._pending:
                self._gone = str(failure)
                self.notice("kill")
            raise self.record_failure(kind(f"{action}: {failure}.")) from None
        except Failure as failure:
            raise self.record_failure(failure) from None
        except BaseException:  # an alarm of the test: it has given up and does not wait any longer
            self.notice("interrupt")
            raise
        self._pending = ""
        return answer

    def _resynchronize(self) -> None:
        """Wait for the end of an abandoned call, which was interrupted; answers arrive in order."""
        if self._gone:
            raise PeerGoneError(self._gone)
        if not self._pending:
            return
        request_id, deadline = secrets.token_hex(8), time.monotonic() + GRACE
        try:
            self.channel.send({"id": request_id, "has": []}, deadline)
            self._await(request_id, deadline)
        except CallTimeoutError:
            raise PeerGoneError("an earlier call could not be stopped") from None
        self._pending = ""

    def _await(self, request_id: str, deadline: float) -> dict[str, Any]:
        start, stray = self.channel.received, 0
        while stray < MAX_STRAY_ANSWERS and self.channel.received - start <= self.channel.limit:
            answer = self.channel.receive(deadline)
            if answer.get("id") != request_id:
                stray += 1
            elif "callback" not in answer:
                return answer
            elif time.monotonic() > deadline:
                raise CallTimeoutError("the student's code calls functions of the test forever")
            else:
                self._call_back(answer, deadline)
                start = self.channel.received
        raise PeerGoneError("the student's process sent answers that were not requested")

    def _call_back(self, message: dict[str, Any], deadline: float) -> None:
        """Call a function of the test for the student's code, and send back its result."""
        memory, pending = self.memory, self._pending
        self.memory, self._pending = InlineMemory(self.channel.limit), ""
        self.callbacks.depth += 1
        self.callbacks.made += 1
        try:
            reply = self._reply_to(message)
        except BaseException:  # the cell has failed, or an alarm of the test ended the call
            with contextlib.suppress(Failure):
                self.channel.send({"back": message["id"], "abandon": True}, deadline)
            raise
        finally:
            self.callbacks.depth -= 1
            self.memory, self._pending = memory, pending
        self.channel.send({"back": message["id"], **reply}, deadline)

    def _reply_to(self, message: dict[str, Any]) -> dict[str, Any]:
        action = "calling a function of the test"
        function, args, kwargs = self.decode(action, lambda: self._read_call(message))
        if self.callbacks.depth > DEPTH:
            return described(RecursionError("too many calls inside each other"))
        try:
            result = drain(function(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 (sent to the student's code, whatever it is)
            if isinstance(error, AssertionError):
                self.kinds.note(CALLBACK, {FAILED_ASSERTION})  # that code can swallow it
            return described(error)
        packer = Packer(answer=False, describe_function=self.describe)
        try:
            return {"value": packer.pack(result), **packer.finish(self.memory)}
        except Failure as failure:
            if "operation" in message:
                text = f"an object of the test has a value that cannot be sent: {failure}."
                raise self.record_failure(RefusedError(text)) from None
            text = f"a function of the test returns a value that cannot be sent: {failure}"
            raise self.record_failure(ContractError(text)) from None

    def _read_call(
        self, message: dict[str, Any]
    ) -> tuple[Callable[..., Any], list[Any], dict[str, Any]]:
        """Return which function the student's code calls, and with what; nothing is trusted."""
        unpacker = self.unpacker(message)
        self.objects.origin = CALLBACK
        if "operation" in message:
            function = self.passed.operation(message["callback"], message["operation"])
        else:
            function = self.callbacks.find("callback", message["callback"])
        args = [unpacker.unpack(tree) for tree in message["args"]]
        kwargs = {str(name): unpacker.unpack(tree) for name, tree in message["kwargs"].items()}
        trees = [*message["args"], *message["kwargs"].values()]
        self.kinds.note(CALLBACK, kinds_in(trees, unpacker.entries, self.find_class))
        return function, args, kwargs

    def unpacker(
        self, message: dict[str, Any], objects: Sequence[Any] = (), spans: Sequence[Span] = ()
    ) -> Unpacker:
        """Return what reads a message of the student's process, as the current cell asks for it.

        Parameters
        ----------
        message : dict
        objects, spans : sequence
            What both sides know already: the arguments of a call.
        """
        return Unpacker(
            message,
            self.memory,
            objects,
            spans,
            self.find_class,
            read_failures=self.read_failures,
            masked=self.masked,
            missing=self.missing,
            find_function=self.find_function,
        )

    def record_failure(self, failure: Failure) -> Failure:
        """Record and return a failure, so that the cell fails even if the test catches it."""
        self.failures.append(failure)
        return failure

    def raise_refusal(self, answer: dict[str, Any], action: str) -> None:
        """Raise a failure if the answer reports one."""
        if "large" in answer:
            raise self.record_failure(
                RefusedError(f"{action} returned too much: {str(answer['large'])[:200]}.")
            )
        if "ungradable" in answer:
            raise self.record_failure(
                RefusedError(f"{action}: {reason_in(answer['ungradable'])} cannot be graded.")
            )

    def call(
        self,
        name: str,
        args: Sequence[Any],
        kwargs: dict[str, Any],
        number: int | None = None,
        operation: Operation | None = None,
    ) -> Any:  # noqa: ANN401
        """Call one of the student's functions and return its result.

        Parameters
        ----------
        name : str
        args, kwargs
            Plain data and arrays. If the function changes them, the caller's own are changed too.
        number : int, optional
            The number of the function, if it is one that the student's code has returned.
        operation : Operation, optional
            What is done with an object, if no function is called.

        Raises
        ------
        Exception
            One of `failures.ALLOWED`, if the function raises it.
        Failure
            If the result cannot be graded.
        """
        action, self.has_called = f"{name}(…)", True
        unused = self.watch_request(action)
        packer = Packer(
            answer=False,
            with_owners=self.with_owners,
            describe_function=self.describe,
        )
        try:
            request: dict[str, Any] = {
                "call": name,
                "args": [packer.pack(value) for value in args],
                "kwargs": {key: packer.pack(value) for key, value in kwargs.items()},
                **self.state.describe(packer),
                **unused,
                **({"own": passed} if (passed := self.kept.passed(packer.objects)) else {}),
                **({} if number is None else {"function": number}),
                **({} if operation is None else {"operation": operation.name}),
                **packer.finish(self.memory),
            }
        except Failure as failure:
            text = (
                f"the test passes {action} a value that cannot be sent to the student's process: "
                f"{failure}"
            )
            raise self.record_failure(ContractError(text)) from None
        answer = self.ask(request, action)
        print_output(answer)
        self.raise_refusal(answer, action)
        source, self.objects.origin = action, name
        if number is not None:
            source = self.objects.origin = RETURNED_FUNCTION
        elif operation is not None:
            _, source, self.objects.origin = operation
        unpacker = self.decode(action, lambda: self.unpacker(answer, packer.objects, packer.spans))
        result, error = self.decode(action, lambda: self._result(answer, packer, unpacker))
        if passed:
            self.kept.refresh(key for keys in passed.values() for key in keys)
        self.watch_answer(action, answer, unpacker)
        came = self.decode(action, lambda: self._kinds_of_answer(answer, packer.entries))
        self.kinds.note(source, came)
        if "error" in answer or "warned" in answer:
            self.kinds.note(source, reduced_in(answer, self.objects.errors))
            warn_again(answer)
        if error is not None:
            raise error
        return result

    def watch_request(self, action: str) -> dict[str, Any]:
        """Return what a request says about objects of earlier calls; refuse those that changed."""
        unused, changed = self.kept.before()
        if changed:
            raise self.record_failure(RefusedError(f"{action}: {TEST_CHANGED}."))
        return {"gone": unused} if unused else {}

    def watch_answer(self, action: str, answer: dict[str, Any], unpacker: Unpacker) -> None:
        """Watch what the student's code keeps; refuse a change of what the test has."""
        if self.kept.after(str(answer["id"]), answer, unpacker.objects):
            raise self.record_failure(RefusedError(f"{action}: {CALL_CHANGED}."))

    def _result(
        self, answer: dict[str, Any], packer: Packer, unpacker: Unpacker
    ) -> tuple[Any, Exception | None]:
        """Apply a call's changes to its arguments; return its result, or the error it raised."""
        apply_changes(answer, unpacker, packer, self.memory)
        if "error" in answer:
            return None, error_of(answer, self.objects.errors)
        if "value" not in answer:
            raise UngradableError("an answer without a value")
        return unpacker.unpack(answer["value"]), None

    def _kinds_of_answer(self, answer: dict[str, Any], entries: list[list[Any]]) -> set[str]:
        """Return the kinds of a call's result, and of what the call put into its arguments."""
        table, value = [*entries, *answer.get("o", ())], answer.get("value")
        if "error" in answer:
            value = None
        changed = {int(number): entry for number, entry in answer["changed"].items()}
        if not changed:
            return kinds_in([value], table, self.find_class)
        before = kinds_in([["r", number] for number in range(len(entries))], table, self.find_class)
        for number, entry in changed.items():
            table[number] = entry
        after = kinds_in([["r", number] for number in changed], table, self.find_class)
        return kinds_in([value], table, self.find_class) | (after - before)

    def decode(self, action: str, read: Callable[[], Any]) -> Any:  # noqa: ANN401
        """Return the result of `read`; an error in it becomes a failure that no test can catch."""
        try:
            return read()
        except Failure as failure:
            raise self.record_failure(
                type(failure)(f"{action}: {failure} cannot be graded.")
            ) from None
        except Exception as error:  # noqa: BLE001 (the data is not trusted)
            name = type(error).__name__
            text = f"{action}: data that raises {name} when it is read cannot be graded."
            raise self.record_failure(UngradableError(text)) from None
