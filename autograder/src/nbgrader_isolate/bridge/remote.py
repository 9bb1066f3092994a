"""The test's side: asks the student's process, and turns answers into values, errors and failures."""

from __future__ import annotations

import builtins
import secrets
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nbgrader_isolate.bridge import dtypes
from nbgrader_isolate.bridge.channel import Channel
from nbgrader_isolate.bridge.failures import (
    CallTimeoutError,
    ContractError,
    Failure,
    PeerGoneError,
    TooLargeError,
    UngradableError,
    rebuild_error,
)
from nbgrader_isolate.bridge.memory import SharedMemory, Span, bounds
from nbgrader_isolate.bridge.pack import Packer
from nbgrader_isolate.bridge.unpack import Unpacker

GRACE = 2.0
"""Seconds that a call has to end after it was interrupted; then the student's process is killed."""
JUNK = 100
"""Answers to questions that nobody asked (any more), after which the student's process is not heard."""
WARNINGS = 20

Notice = Callable[[str], None]
"""Tells the worker to let the student's process "serve" (if it does not yet), to "interrupt" or to "kill" it."""


@dataclass
class Remote:
    """The student's process, as a test sees it.

    Parameters
    ----------
    channel : Channel
    arena : Arena
    notice : callable
        Asks the worker for what only it can do.
    call_seconds : float
    cell_end : float
        When the cell must have ended, on the monotonic clock, in s.
    failures : list of Failure
        Those of the present cell.
    classes : callable
        Returns the class that a cell of the instructor's binds to a name, or None.
    """

    channel: Channel
    memory: SharedMemory
    notice: Notice
    call_seconds: float = 10.0
    cell_end: float = float("inf")
    failures: list[Failure] = field(default_factory=list)
    classes: Callable[[str], Any] = lambda _name: None
    _pending: str = ""
    _dead: str = ""

    def ask(self, request: dict[str, Any], action: str) -> dict[str, Any]:
        """Send a request and return the answer to it, whatever it holds.

        Parameters
        ----------
        request : dict
        said : str
            What is asked, for messages.

        Raises
        ------
        Failure
        """
        try:
            self._resynchronise()
            number = secrets.token_hex(8)
            late = min(time.monotonic() + self.call_seconds, self.cell_end)
            self.notice("serve")
            self._pending = number
            self.channel.send({"id": number, **request}, late)
            answer = self._await(number, late)
        except CallTimeoutError:
            self.notice("interrupt")
            raise self.record_failure(
                CallTimeoutError(f"{action} took longer than {self.call_seconds:g} s.")
            ) from None
        except (PeerGoneError, TooLargeError) as failure:
            kind = type(failure)
            if kind is PeerGoneError or self._pending:
                self._dead = str(failure)
                self.notice("kill")
            raise self.record_failure(kind(f"{action}: {failure}.")) from None
        except Failure as failure:
            raise self.record_failure(failure) from None
        except (
            BaseException
        ):  # an alarm of the test's own: it gave up, so that nobody waits for the answer
            self.notice("interrupt")
            raise
        self._pending = ""
        return answer

    def _resynchronise(self) -> None:
        """Wait for the end of a call that was given up, which was interrupted then: answers come in order."""
        if self._dead:
            raise PeerGoneError(self._dead)
        if not self._pending:
            return
        number, late = secrets.token_hex(8), time.monotonic() + GRACE
        try:
            self.channel.send({"id": number, "has": []}, late)
            self._await(number, late)
        except CallTimeoutError:
            raise PeerGoneError("a call before this one could not be stopped") from None
        self._pending = ""

    def _await(self, number: str, deadline: float) -> dict[str, Any]:
        start = self.channel.received
        for _ in range(JUNK):
            answer = self.channel.receive(deadline)
            if answer.get("id") == number:
                return answer
            if self.channel.received - start > self.channel.limit:
                break
        raise PeerGoneError("it sent answers to questions that nobody asked")

    def record_failure(self, failure: Failure) -> Failure:
        """Note a failure, so that the cell fails even if the test catches it; return it."""
        self.failures.append(failure)
        return failure

    def raise_refusal(self, answer: dict[str, Any], action: str) -> None:
        """Raise the failure that an answer is, if it is one."""
        if "large" in answer:
            raise self.record_failure(
                TooLargeError(f"{action} returned too much: {str(answer['large'])[:200]}.")
            )
        if "ungradable" in answer:
            raise self.record_failure(
                UngradableError(f"{action}: {str(answer['ungradable'])[:300]} cannot be graded.")
            )

    def call(self, name: str, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:  # noqa: ANN401
        """Call a function of the student's and return what it returns.

        Parameters
        ----------
        name : str
        args, kwargs
            Plain data and arrays. What the function changes in them is changed in the caller's own.

        Raises
        ------
        Exception
            One of `failures.ALLOWED`, when the function raised it.
        Failure
            When there is nothing to grade.
        """
        action = f"{name}(…)"
        packer = Packer(answer=False)
        try:
            request: dict[str, Any] = {
                "call": name,
                "args": [packer.pack(one) for one in args],
                "kwargs": {key: packer.pack(one) for key, one in kwargs.items()},
                **packer.finish(self.memory),
            }
        except Failure as failure:
            text = f"the test gives {action} what cannot cross to the student's process: {failure}"
            raise self.record_failure(ContractError(text)) from None
        answer = self.ask(request, action)
        self._print(answer)
        self.raise_refusal(answer, action)
        result, error = self.decode(action, lambda: self._result(answer, packer))
        self._warn(answer)
        if error is not None:
            raise error
        return result

    def _result(self, answer: dict[str, Any], packer: Packer) -> tuple[Any, Exception | None]:
        """Apply what a call did to its arguments; return its result, or the error it raised."""
        made = Unpacker(answer, self.memory, packer.kept, packer.spans, self.classes)
        self._apply_changes(answer, made, packer)
        if "error" in answer:
            return None, self._error(answer)
        if "value" not in answer:
            raise UngradableError("an answer without a value")
        return made.unpack(answer["value"]), None

    def decode(self, action: str, read: Callable[[], Any]) -> Any:  # noqa: ANN401
        """Return what `read` makes of an answer; whatever goes wrong there is a failure, which no test can catch."""
        try:
            return read()
        except Failure as failure:
            raise self.record_failure(
                type(failure)(f"{action}: {failure} cannot be graded.")
            ) from None
        except Exception as error:  # noqa: BLE001 (data from a stranger)
            text = f"{action}: data that raises {type(error).__name__} when it is read cannot be graded."
            raise self.record_failure(UngradableError(text)) from None

    @staticmethod
    def _error(answer: dict[str, Any]) -> Exception:
        names, text, plain = answer["error"], answer.get("text"), answer.get("args")
        if not isinstance(names, list) or not all(type(one) is str for one in names):
            raise UngradableError("an error that is none")
        good = isinstance(plain, list) and all(
            type(one) in (str, int, float, bool, type(None)) for one in plain
        )
        error = rebuild_error(names, str(text), plain if good else None)
        lines = answer.get("where")
        for line in lines[:10] if isinstance(lines, list) else ():
            error.add_note(str(line)[:300])
        return error

    @staticmethod
    def _print(answer: dict[str, Any]) -> None:
        for key, stream in (("out", sys.stdout), ("err", sys.stderr)):
            text = answer.get(key)
            if isinstance(text, str):
                stream.write(text)

    @staticmethod
    def _warn(answer: dict[str, Any]) -> None:
        """Give the warnings again that the function gave, under the test's own filters."""
        given = answer.get("warned")
        for one in given[:WARNINGS] if isinstance(given, list) else ():
            name, text = one if isinstance(one, list) and len(one) == 2 else ("", "")  # noqa: PLR2004
            kind = getattr(builtins, str(name), None) or getattr(np.exceptions, str(name), None)
            if isinstance(kind, type) and issubclass(kind, Warning):
                warnings.warn(str(text)[:2000], kind, stacklevel=4)

    def _apply_changes(self, answer: dict[str, Any], made: Unpacker, packer: Packer) -> None:
        """Do to the caller's own arguments what the function did to those that it was given."""
        wrote, places, changed = (answer.get(key) for key in ("wrote", "w", "changed"))
        if not (isinstance(wrote, list) and isinstance(places, list) and isinstance(changed, dict)):
            raise UngradableError("an answer that does not say what became of the arguments")
        for number, place in zip(wrote, places, strict=False):
            if type(number) is not int or not 0 <= number < len(packer.spans):
                raise UngradableError("an answer about arguments that there are not")
            self._write_back(packer.spans[number], self.memory.read(place), packer)
        for number, entry in changed.items():
            if (
                not number.isdigit()
                or int(number) >= len(packer.kept)
                or not isinstance(entry, list)
            ):
                raise UngradableError("an answer about arguments that there are not")
            own = packer.kept[int(number)]
            if isinstance(own, np.ndarray):
                change_facts(own, entry)
            else:
                made.fill(own, entry)

    @staticmethod
    def _write_back(span: Span, data: np.ndarray, packer: Packer) -> None:
        if data.size != span.nbytes:
            raise UngradableError("an argument that has another size now")
        for one in packer.kept:
            if isinstance(one, np.ndarray) and one.size and span.holds(*bounds(one)):
                offset = one.__array_interface__["data"][0] - span.address
                view: np.ndarray = np.ndarray(one.shape, one.dtype, data, offset, one.strides)
                dtypes.refuse_wrong_elements(view)
        if not span.flat.flags.writeable:
            raise UngradableError("a call that wrote into a read-only argument")
        span.flat[:] = data


def change_facts(array: np.ndarray, entry: list[Any]) -> None:
    """Give an argument the shape and the write flag that the function gave it in place."""
    try:
        _, described, shape, strides, writeable = entry[:5]
        same = dtypes.build(described) == array.dtype
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if shape != list(array.shape):
                array.shape = tuple(shape)
            if writeable is not array.flags.writeable:
                array.flags.writeable = bool(writeable)
    except (ValueError, TypeError, AttributeError) as error:
        raise UngradableError(f"a call that changed its argument in place ({error})") from error
    if not same or strides != list(array.strides):
        raise UngradableError("a call that changed dtype or strides of its argument in place")
