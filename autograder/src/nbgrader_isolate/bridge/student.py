"""The student's side: answers what a test asks, while a grade cell runs in the other process.

`serve` is called in the main thread of the student's kernel and returns when the cell has ended. Everything here is in
the student's hands, and nobody relies on it: whatever it sends is checked on the other side.
"""

from __future__ import annotations

import contextlib
import io
import os
import signal
import socket
import sys
import traceback
import types
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

from nbgrader_isolate.bridge.channel import Channel
from nbgrader_isolate.bridge.failures import Failure, PeerGoneError, TooLargeError, UngradableError
from nbgrader_isolate.bridge.memory import SharedMemory
from nbgrader_isolate.bridge.pack import Packer
from nbgrader_isolate.bridge.stdlib_types import drain
from nbgrader_isolate.bridge.unpack import Unpacker

PRINTED_PART = 8
"""Each of the two streams of a call may fill one part in so many of a message."""
TEXT = 2000
FRAMES = 6
WARNINGS = 20

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
        Bytes of a message.
    output_bytes : int
        Output of a cell that is kept; a call need not send back more.
    namespace : dict, optional
        Where the student's names are; else those of `__main__`.
    """
    if connection not in _servers:
        _servers[connection] = Server(connection, memory, limit, output_bytes)
    names = vars(sys.modules["__main__"]) if namespace is None else namespace
    _servers[connection].run(names)


class Printed(io.StringIO):
    """Text that a call prints, up to a limit.

    Parameters
    ----------
    limit : int
        Characters.
    """

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit

    def write(self, text: str) -> int:
        """Keep a text as far as the limit allows."""
        super().write(text[: max(self.limit - self.tell(), 0)])
        return len(text)


class Server:
    """Answers requests about a namespace.

    Parameters
    ----------
    connection, memory, limit, output_bytes
        As of `serve`.
    """

    def __init__(self, connection: int, memory: int, limit: int, output_bytes: int) -> None:
        self.channel = Channel(socket.socket(fileno=os.dup(connection)), limit)
        self.memory = SharedMemory(memory)
        # One character more than is kept, so that the test process knows that something was cut.
        self.printed = min(output_bytes + 1, limit // PRINTED_PART)
        self.deleted: dict[str, Any] = {}
        self.names: dict[str, Any] = {}
        self.calling = False

    def run(self, names: dict[str, Any]) -> None:
        """Answer until told to stop, or nobody asks any more."""
        self.names = names
        with self._interruptible():
            while True:
                try:
                    request = self.channel.receive()
                except PeerGoneError:
                    return
                if "end" in request:
                    return
                self._reply(request)

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

    def _reply(self, request: dict[str, Any]) -> None:
        number = request.get("id")
        try:
            answer = self._answer(request)
            self.channel.send({"id": number, **answer})
        except TooLargeError as failure:
            self.channel.send({"id": number, "large": str(failure)})
        except Failure as failure:
            self.channel.send({"id": number, "ungradable": str(failure)})
        except Exception as error:  # noqa: BLE001 (whatever a student's object does while it is read)
            what = f"data that raises {type(error).__name__} when it is read"
            self.channel.send({"id": number, "ungradable": what})

    def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        do = {
            "call": self.call,
            "get": self.get,
            "has": self.has,
            "delete": self.delete,
            "restore": self.restore,
        }
        for name, method in do.items():
            if name in request:
                return method(request)
        return {"ungradable": "a request that is none"}

    def has(self, request: dict[str, Any]) -> dict[str, Any]:
        """Tell which of some names exist."""
        return {"names": [name for name in request["has"] if name in self.names]}

    def delete(self, request: dict[str, Any]) -> dict[str, Any]:
        """Delete a name, and keep what it stood for."""
        name = request["delete"]
        if name not in self.names:
            return {"missing": True}
        self.deleted[name] = self.names.pop(name)
        return {}

    def restore(self, request: dict[str, Any]) -> dict[str, Any]:
        """Let a name stand again for what a deleted one stood for."""
        old, name = request["restore"]
        if old not in self.deleted and old not in self.names:
            return {"missing": True}
        self.names[name] = self.deleted.get(old, self.names.get(old))
        return {}

    def get(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return what names stand for, as data where it is data."""
        packer = Packer()
        found = {
            name: self._entry(self.names[name], packer)
            for name in request["get"]
            if name in self.names
        }
        return {"found": found, **packer.finish(self.memory)}

    @staticmethod
    def _entry(value: Any, packer: Packer) -> dict[str, Any]:  # noqa: ANN401
        if isinstance(value, types.ModuleType):
            return {"module": str(value.__name__)[:TEXT]}
        if callable(value) and not (
            isinstance(value, type) and value.__module__ in ("builtins", "numpy")
        ):
            name, doc = (
                getattr(value, "__name__", type(value).__name__),
                getattr(value, "__doc__", None),
            )
            return {"callable": str(name)[:TEXT], "doc": doc if type(doc) is str else None}
        mark = len(packer.entries), len(packer.kept), len(packer._arrays)  # noqa: SLF001
        try:
            return {"value": packer.pack(value)}
        except UngradableError as failure:
            packer.forget(*mark)
            return {"ungradable": str(failure)}

    def call(self, request: dict[str, Any]) -> dict[str, Any]:
        """Call a function and return what came of it, and what it did to its arguments."""
        given = Unpacker(request, self.memory, classes=self.names.get)
        args = [given.unpack(one) for one in request["args"]]
        kwargs = {name: given.unpack(one) for name, one in request["kwargs"].items()}
        name, printed, errors = request["call"], Printed(self.printed), Printed(self.printed)
        if name not in self.names:
            return {"error": ["NameError", "Exception"], "text": f"name '{name}' is not defined"}
        function = self.names[name]
        answer: dict[str, Any] = {}
        packer = Packer([given.unpack(["r", k]) for k in range(len(given.objects))], given.spans)
        with (
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(errors),
            warnings.catch_warnings(record=True) as warned,
        ):
            try:
                self.calling = True
                try:
                    result = drain(function(*args, **kwargs))
                finally:
                    self.calling = False
            except TooLargeError:
                raise
            except BaseException as error:  # noqa: BLE001 (told to the test, whatever it is)
                answer |= error_facts(error, packer)
            else:
                answer["value"] = packer.pack(result)
        answer |= self._changes(request, given, packer)
        said = {
            "out": printed.getvalue(),
            "err": errors.getvalue(),
            "warned": warnings_facts(warned or []),
        }
        return {**answer, **packer.finish(self.memory), **{k: v for k, v in said.items() if v}}

    def _changes(self, request: dict[str, Any], given: Unpacker, packer: Packer) -> dict[str, Any]:
        """Return what a call did to its arguments: bytes, contents of containers, facts of arrays."""
        old = [np.asarray(self.memory.read(place)) for place in request["m"]]
        wrote = [k for k, span in enumerate(given.spans) if not np.array_equal(span.flat, old[k])]
        for number in wrote:
            packer.changed_spans.append(given.spans[number])
        changed: dict[str, Any] = {}
        for number, before in enumerate(request["o"]):
            if before[0] == "tuple":
                continue
            now = packer.describe(packer.kept[number])
            if _comparable(now) != _comparable(before):
                changed[str(number)] = now
        return {"wrote": wrote, "changed": changed}


def _comparable(entry: Any) -> str:  # noqa: ANN401
    """Return what tells whether an object changed; as text, in which NaN equals NaN. Sets have no order."""
    if not isinstance(entry, list) or not entry:
        return repr(entry)
    if entry[0] == "a":
        return repr(entry[:5])
    parts = [_comparable(one) for one in entry]
    return repr(sorted(parts) if entry[0] in ("set", "f") else parts)


def warnings_facts(warned: list[warnings.WarningMessage]) -> list[list[str]]:
    """Return class and text of the warnings that a call gave, the first few."""
    return [[one.category.__name__, str(one.message)[:TEXT]] for one in warned[:WARNINGS]]


def error_facts(error: BaseException, packer: Packer) -> dict[str, Any]:
    """Return what can be told of an error: its classes, text, plain arguments, and where it happened."""
    names = [kind.__name__ for kind in type(error).__mro__ if kind is not object]
    try:
        text = str(error)[:TEXT]
    except Exception:  # noqa: BLE001 (an error that cannot say what it is)
        text = ""
    facts: dict[str, Any] = {"error": names[:20], "text": text}
    plain = [one for one in error.args if type(one) in (str, int, float, bool, type(None))]
    if len(plain) == len(error.args) <= 3 and sum(len(str(one)) for one in plain) <= TEXT:  # noqa: PLR2004
        facts["args"] = [packer.pack(one) for one in plain]
    return {**facts, "where": where(error)}


def where(error: BaseException) -> list[str]:
    """Return the student's lines that an error came through, the last ones."""
    lines = [
        f"in {frame.name}, line {frame.lineno}: {frame.line or ''}"[:200]
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.startswith("<") or "ipykernel" in frame.filename
    ]
    return lines[-FRAMES:]
