"""The student's side of the bridge: answer requests while an isolated test runs in its own process.

`serve` is called in the main thread of the student's kernel, and returns when the test has ended.
Student code can tamper with everything here, so nothing relies on it: the other side checks
whatever this side sends.
"""

from __future__ import annotations

import contextlib
import copy
import io
import os
import signal
import socket
import sys
import types
import warnings
from collections.abc import Callable, Iterator
from typing import Any

from nbgrader_isolate.bridge import library_values
from nbgrader_isolate.bridge.call_description import changes_of, describe_error
from nbgrader_isolate.bridge.call_state import applied
from nbgrader_isolate.bridge.callbacks import callback_proxy
from nbgrader_isolate.bridge.calling_back import CallingBack
from nbgrader_isolate.bridge.changes import change_in_place
from nbgrader_isolate.bridge.channel import Channel
from nbgrader_isolate.bridge.failures import (
    TEXT,
    Failure,
    PeerGoneError,
    TooLargeError,
    UngradableError,
    describe_warnings,
)
from nbgrader_isolate.bridge.memory import SharedMemory
from nbgrader_isolate.bridge.object_operations import OPERATIONS
from nbgrader_isolate.bridge.pack import Packer
from nbgrader_isolate.bridge.sharing import KeptByStudent, contents
from nbgrader_isolate.bridge.stdlib_types import drain

PRINTED_PART = 8
"""Each of a call's two output streams may fill at most one part in this many of a message."""

NAMES = 10_000
"""How many names are listed if all are asked for."""

_servers: dict[int, Server] = {}


def serve(
    connection: int,
    memory: int,
    limit: int,
    output_bytes: int,
    namespace: dict[str, Any] | None = None,
) -> None:
    """Answer requests until the cell that makes them has ended.

    Parameters
    ----------
    connection, memory : int
        File descriptors of the socket and of the memory file.
    limit : int
        The largest size of a message, in bytes.
    output_bytes : int
        How much output of a cell is kept; a call need not send back more.
    namespace : dict, optional
        The student's namespace; by default that of `__main__`.
    """
    if connection not in _servers:
        _servers[connection] = Server(connection, memory, limit, output_bytes)
    names = vars(sys.modules["__main__"]) if namespace is None else namespace
    _servers[connection].run(names)


def is_defined(function: Any, name: str) -> bool:  # noqa: ANN401
    """Return whether a function has the signature of the text that binds its name."""
    code = getattr(function, "__code__", None)
    wraps = hasattr(function, "__wrapped__")
    return wraps or code is None or code.co_name in {name, "<lambda>"}


class Printed(io.StringIO):
    """Collects the text that a call prints, up to a limit.

    Parameters
    ----------
    limit : int
        The largest number of characters.
    """

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit

    def write(self, text: str) -> int:
        """Add as much of a text as the limit allows."""
        super().write(text[: max(self.limit - self.tell(), 0)])
        return len(text)


class Server(CallingBack):
    """Answers requests about a namespace.

    Parameters
    ----------
    connection, memory, limit, output_bytes
        See `serve`.
    """

    def __init__(self, connection: int, memory: int, limit: int, output_bytes: int) -> None:
        channel = Channel(socket.socket(fileno=os.dup(connection)), limit)
        super().__init__(channel, SharedMemory(memory))
        # One character more than is kept, so that the test process notices that something was cut.
        self.printed = min(output_bytes + 1, limit // PRINTED_PART)
        self.kept = KeptByStudent()

    def run(self, names: dict[str, Any]) -> None:
        """Answer requests until the test ends or its process is gone."""
        self.names, self.ended = names, False
        self.kept.begin()
        with self._interruptible():
            while not self.ended:
                try:
                    request = self.channel.receive()
                except PeerGoneError:
                    return
                if "end" in request:
                    return
                self.reply(request)

    @contextlib.contextmanager
    def _interruptible(self) -> Iterator[None]:
        """Let an interrupt end a call, and nothing else."""

        def stop(_number: int, _frame: object) -> None:
            if self.calling:
                self.calling = False
                raise KeyboardInterrupt

        before = signal.signal(signal.SIGINT, stop)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def reply(self, request: dict[str, Any]) -> None:
        """Answer a request of the test, whatever happens."""
        number = self.request = request.get("id")
        classes, self.lazy = request.get("objects"), "lazy" in request
        self.objects.by_value = None if classes is None else set(classes)
        try:
            answer = self._answer(request)
            if "call" in request or "watch" in request:
                answer |= self.kept.after(request, self.names)
            self.channel.send({"id": number, **answer})
        except TooLargeError as failure:
            self.channel.send({"id": number, "large": str(failure)})
        except Failure as failure:
            self.channel.send({"id": number, "ungradable": str(failure)})
        except Exception as error:  # noqa: BLE001 (reading a student's object can raise anything)
            reason = f"data that raises {type(error).__name__} when it is read"
            self.channel.send({"id": number, "ungradable": reason})

    def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        methods = {
            "call": self.call,
            "get": self.get,
            "has": self.has,
            "delete": self.delete,
            "restore": self.restore,
            "bind": self.bind,
        }
        for name, method in methods.items():
            if name in request:
                return method(request)
        return {"ungradable": "an unknown request"}

    def has(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return which of some names exist, or all names that exist."""
        if request["has"] is None:
            return {"names": [name for name in self.names if type(name) is str][:NAMES]}
        return {"names": [name for name in request["has"] if name in self.names]}

    def delete(self, request: dict[str, Any]) -> dict[str, Any]:
        """Delete a name, and remember its value."""
        name = request["delete"]
        if name not in self.names:
            return {"missing": True}
        self.deleted[name] = self.names.pop(name)
        return {}

    def restore(self, request: dict[str, Any]) -> dict[str, Any]:
        """Bind a name to the value of another one, which may have been deleted."""
        old, name = request["restore"]
        if old not in self.deleted and old not in self.names:
            return {"missing": True}
        self.names[name] = self.deleted.get(old, self.names.get(old))
        return {}

    def bind(self, request: dict[str, Any]) -> dict[str, Any]:
        """Take over what a test has bound: its imports and definitions, data, changed objects."""
        unpacker = self.unpacker(request)
        for name, tree in request["bind"].items():
            self.names[name] = unpacker.unpack(tree)
        for name, tree in request["change"].items():
            new = unpacker.unpack(tree)
            if not change_in_place(self.names.get(name), new):
                self.names[name] = new
        self.kept.changed()  # the test has the same changes
        if request["run"]:
            self.calling = True
            try:
                exec(request["run"], self.names)  # noqa: S102 (the instructor's text)
            except BaseException:  # noqa: BLE001 (a cell that needs it will say what is missing)
                return {}
            finally:
                self.calling = False
        return {}

    def get(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the values of names, or what kind of value cannot be sent."""
        packer = Packer(describe_function=self.describe)
        entries = {
            name: self._entry(name, self.names[name], packer)
            for name in request["get"]
            if name in self.names
        }
        if "watch" in request:
            values = [name for name, entry in entries.items() if "value" in entry]
            self.kept.fetched({name: self.names[name] for name in values})
            self.kept.crossed = packer.objects
        return {"found": entries, **packer.finish(self.memory)}

    def _entry(self, variable: str, value: Any, packer: Packer) -> dict[str, Any]:  # noqa: ANN401
        if isinstance(value, types.ModuleType):
            return {"module": str(value.__name__)[:TEXT]}
        is_class = isinstance(value, type) and value.__module__ in ("builtins", "numpy")
        if callable(value) and not is_class and not self.objects.is_object(value):
            name, doc = (
                getattr(value, "__name__", type(value).__name__),
                getattr(value, "__doc__", None),
            )
            return {
                "callable": str(name)[:TEXT],
                "doc": doc if type(doc) is str else None,
                "defined": is_defined(value, variable),
            }
        state = len(packer.entries), len(packer.objects), len(packer._arrays)  # noqa: SLF001
        try:
            return {"value": packer.pack(value)}
        except UngradableError as failure:
            packer.rollback(*state)
            return {"ungradable": str(failure)}

    def call(self, request: dict[str, Any]) -> dict[str, Any]:
        """Call a function; return its result or error, and its changes to the arguments."""
        unpacker = self.unpacker(request)
        args = [unpacker.unpack(tree) for tree in request["args"]]
        kwargs = {name: unpacker.unpack(tree) for name, tree in request["kwargs"].items()}
        name, printed, errors = request["call"], Printed(self.printed), Printed(self.printed)
        number = request.get("function")
        operation = request.get("operation")
        if operation is None and number is None and name not in self.names:
            return {"error": ["NameError", "Exception"], "text": f"name '{name}' is not defined"}
        if operation is not None:
            function: Callable[..., Any] = OPERATIONS[operation]
        else:
            function = self.names[name] if number is None else self.returned.find(number)
        state = applied(
            request.get("state", {}),
            unpacker.unpack,
            lambda key: callback_proxy(self.call_back, key, "function"),
        )
        answer: dict[str, Any] = {}
        objects = [unpacker.unpack(["r", number]) for number in range(len(unpacker.objects))]
        packer = Packer(objects, unpacker.spans, describe_function=self.describe)
        before = {
            number: copy.deepcopy(value)
            for number, value in enumerate(objects)
            if request["o"][number][0] in library_values.MUTABLE
        }
        passed = request.get("own", {})
        contained = {number: contents(objects[int(number)]) for number in passed}
        with (
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(errors),
            state,
            warnings.catch_warnings(record=True) as warned,
        ):
            try:
                self.calling = True
                try:
                    result = function(*args, **kwargs)
                    is_kept = self.lazy and type(result) is types.GeneratorType
                    result = result if is_kept else drain(result)
                finally:
                    self.calling = False
                    self.kept.follow(passed, objects, contained)
            except Failure:
                raise
            except BaseException as error:  # noqa: BLE001 (sent to the test, whatever it is)
                answer |= describe_error(error, packer)
            else:
                answer["value"] = packer.pack(result)
        answer |= changes_of(request, unpacker, packer, before, self.memory)
        output = {
            "out": printed.getvalue(),
            "err": errors.getvalue(),
            "warned": describe_warnings(warned or []),
        }
        shown = {key: text for key, text in output.items() if text}
        self.kept.crossed = packer.objects
        return {**answer, **packer.finish(self.memory), **shown}
