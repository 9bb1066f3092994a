"""Calls of the test's functions and objects, which the student's code makes during a call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from nbgrader_isolate.bridge.callbacks import AbandonedError, InlineMemory, callback_proxy
from nbgrader_isolate.bridge.channel import Channel
from nbgrader_isolate.bridge.failures import UngradableError, rebuild_error
from nbgrader_isolate.bridge.instructor_objects import TAG
from nbgrader_isolate.bridge.instructor_proxies import InstructorProxies, described_proxy
from nbgrader_isolate.bridge.lazy_generators import StudentGenerators
from nbgrader_isolate.bridge.memory import SharedMemory
from nbgrader_isolate.bridge.object_operations import StudentObjects
from nbgrader_isolate.bridge.pack import Packer
from nbgrader_isolate.bridge.returned_functions import ReturnedFunctions
from nbgrader_isolate.bridge.unpack import Unpacker

NO_OPERATION: Mapping[str, str] = {}


class CallingBack:
    """What the student's process knows of the test, and what it has sent to it.

    Parameters
    ----------
    channel : Channel
    memory : SharedMemory or InlineMemory

    Attributes
    ----------
    names, deleted : dict of str to object
        The student's namespace, and what the test has deleted from it.
    calling : bool
        Whether a call of the test is pending.
    ended : bool
        Whether the test has ended.
    lazy : bool
        Whether generators stay here and are read step by step.
    """

    def __init__(self, channel: Channel, memory: SharedMemory | InlineMemory) -> None:
        self.channel, self.memory = channel, memory
        self.deleted: dict[str, Any] = {}
        self.names: dict[str, Any] = {}
        self.calling = self.ended = self.lazy = False
        self.request: Any = None
        self.returned = ReturnedFunctions()
        self.objects = StudentObjects(self.returned)
        self.instructor = InstructorProxies()
        self.generators = StudentGenerators()

    def reply(self, request: dict[str, Any]) -> None:
        """Answer a request of the test."""
        raise NotImplementedError

    def describe(self, value: Any) -> list[Any] | None:  # noqa: ANN401
        """Return what crosses for a function, a class or an object; None for other values."""
        return (
            described_proxy(value)
            or self.objects.describe(value)
            or (self.generators.describe(value) if self.lazy else None)
        )

    def _function(self, tag: str, key: Any, name: Any = "", *parts: Any) -> Any:  # noqa: ANN401
        """Return the student's own function or object, or a proxy for one of the test's."""
        if tag == TAG:
            call = callback_proxy(self.operate, key, name[0])
            return self.instructor.find(key, name, parts[0], call, self.names.get(name[0]))
        if tag == "generator":
            return self.generators.find(key)
        if tag == "object":
            return self.objects.find(key)
        if tag == "own" and type(key) is int:
            return self.returned.find(key)
        if tag == "own":
            own: Callable[..., Any] | None = self.deleted.get(key, self.names.get(key))
            if own is None:
                raise UngradableError("a function that does not exist any more")
            return own
        return callback_proxy(self.call_back, key, name)

    def operate(self, number: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:  # noqa: ANN401
        """Do something with an object of the test; `args` begin with the operation."""
        return self.call_back(number, args[1:], kwargs, {"operation": args[0]})

    def call_back(
        self,
        number: int,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        about: Mapping[str, str] = NO_OPERATION,
    ) -> Any:  # noqa: ANN401
        """Call a function of the test, and return its result.

        Parameters
        ----------
        number : int
        args, kwargs
            Plain data.
        about : mapping, optional
            The operation, if it is not a function but an object.

        Raises
        ------
        RuntimeError
            If no call of the test is pending.
        """
        if not self.calling:
            raise RuntimeError("functions of a test can be called only while the test waits")
        memory, request = self.memory, self.request
        self.memory = InlineMemory(self.channel.limit)
        try:
            packer = Packer(describe_function=self.describe)
            message = {
                "id": request,
                "callback": number,
                **about,
                "args": [packer.pack(value) for value in args],
                "kwargs": {name: packer.pack(value) for name, value in kwargs.items()},
            }
            self.channel.send({**message, **packer.finish(self.memory)})
            return self._returned(self._reply_of(request))
        finally:
            self.memory, self.request, self.calling = memory, request, True

    def _reply_of(self, request: Any) -> dict[str, Any]:  # noqa: ANN401
        """Return the reply to a call of a test's function; answer requests until it comes."""
        while True:
            reply = self.channel.receive()
            self.ended |= "end" in reply
            if self.ended or (reply.get("back") == request and "abandon" in reply):
                raise AbandonedError
            if "back" not in reply:
                self.reply(reply)
                self.calling = True
            elif reply["back"] == request:
                return reply

    def _returned(self, reply: dict[str, Any]) -> Any:  # noqa: ANN401
        if "error" in reply:
            raise rebuild_error(reply["error"], reply["text"], None)
        return self.unpacker(reply).unpack(reply["value"])

    def unpacker(self, message: dict[str, Any]) -> Unpacker:
        """Return what reads the values in a message of the test."""
        return Unpacker(
            message,
            self.memory,
            find_class=self.names.get,
            find_function=self._function,
            sparse=True,
        )
