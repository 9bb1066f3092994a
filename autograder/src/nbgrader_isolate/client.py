"""A Jupyter client for kernels that are not trusted, and that need not be waited for.

`c.KernelManager.client_class = "nbgrader_isolate.client.FastClient"` brings it to nbconvert and nbgrader. It takes out the fixed
waits of the stock client, and bounds what a kernel can make our side hold: the size of a message, the output of a cell,
the depth of what a message says.
"""

from __future__ import annotations

import asyncio
import os
import time
import uuid
from functools import lru_cache
from queue import Empty
from typing import Any

import zmq.asyncio
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from traitlets import Instance, default
from zmq.utils.monitor import parse_monitor_message

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.output import HARD_FACTOR, Excess, Message, Meter, too_deep

_QUEUED_MESSAGES = 64
_LOOK_SECONDS = 0.25
_PARTS = ("header", "parent_header", "metadata", "content")


class _Disconnection:
    """Notices that libzmq cut a connection because a message was larger than it may be.

    It says so to nobody; but of a connection that broke otherwise it tells that it tries again.
    """

    def __init__(self, socket: Any) -> None:  # noqa: ANN401
        address = f"inproc://monitor-{uuid.uuid4()}"
        self._watched = socket
        socket.monitor(address, zmq.Event.DISCONNECTED | zmq.Event.CONNECT_RETRIED)
        context: zmq.Context[Any] = zmq.Context.shadow(socket.context.underlying)
        self._events = context.socket(zmq.PAIR)
        self._events.connect(address)
        self._cut = self._said = False

    def lasts(self) -> bool:
        """Return whether the connection was cut, and was so at the last call already."""
        while self._events.poll(0):
            event = parse_monitor_message(self._events.recv_multipart())["event"]
            self._cut = event == zmq.Event.DISCONNECTED
            self._said = False
        lasts, self._said = self._cut and self._said, self._cut
        return lasts

    def close(self) -> None:
        if not self._events.closed:
            self._watched.disable_monitor()
            self._events.close(linger=0)


class GuardedChannel(AsyncZMQSocketChannel):
    """A channel that reads what a hostile kernel may send; the client ends a kernel that sends too much."""

    def __init__(self, socket: Any, client: FastClient, meter: Meter | None) -> None:  # noqa: ANN401
        super().__init__(socket, client.session)
        self.client = client
        self.meter = meter
        self.welcomed = False
        self._cut_off = _Disconnection(socket)

    def close(self) -> None:
        """Close the socket."""
        self._cut_off.close()
        super().close()

    stop = close

    async def get_msg(self, timeout: float | None = None) -> Message:  # type: ignore[override]  # noqa: ASYNC109
        """Return the next message.

        Raises
        ------
        queue.Empty
            When there is none within `timeout` seconds, and for ever after a kernel was ended here.
        """
        end = time.monotonic() + (float("inf") if timeout is None else timeout)
        while self.socket is not None:
            left = min(_LOOK_SECONDS, max(0.0, end - time.monotonic()))
            try:
                message = await self._next(left)
            except Excess as excess:
                self.client.end_kernel(str(excess))
                break
            if message is not None:
                return message
            if time.monotonic() >= end:
                break
        raise Empty

    async def _next(self, seconds: float) -> Message | None:
        assert self.socket is not None  # noqa: S101 (for the type checker)
        if not await self.socket.poll(int(seconds * 1000)):
            if seconds and self._cut_off.lasts():
                raise Excess(f"a message larger than {self.client.largest_message} bytes")
            return None
        parts = await self.socket.recv_multipart()
        message = self._parsed(parts)
        self.welcomed = self.welcomed or message["msg_type"] == "iopub_welcome"
        return self.meter.take(message, sum(map(len, parts))) if self.meter else message

    def _parsed(self, parts: list[bytes]) -> Message:
        try:
            _, rest = self.session.feed_identities(parts)
            message: Message = self.session.deserialize(rest)
            message["parent_header"].get("msg_id")
            message["content"].keys()
            known = isinstance(message["msg_type"], str)
        except Exception as error:  # all that parsing hostile bytes may raise
            raise Excess(f"a message that cannot be read ({type(error).__name__})") from error
        depth = self.client.limits.json_depth
        if not known or any(too_deep(message[part], depth) for part in _PARTS):
            raise Excess("a message nested too deep, or of no known form")
        return message


@lru_cache(maxsize=4)
def _context(_process: int, largest: int) -> zmq.asyncio.Context:
    context = zmq.asyncio.Context()
    context.setsockopt(zmq.MAXMSGSIZE, largest)
    context.setsockopt(zmq.RCVHWM, _QUEUED_MESSAGES)
    return context


class FastClient(AsyncKernelClient):
    """An asynchronous client without fixed waits, and with limits on what it reads.

    It opens only the channels that executing needs (shell and iopub; stdin, control and heartbeat on demand), and
    shares one zmq context among all clients of a process.
    """

    limits = Instance(Limits)

    @default("limits")
    def _limits_default(self) -> Limits:
        return Limits(parent=self)

    @default("context")
    def _context_of_process(self) -> zmq.asyncio.Context:
        return _context(os.getpid(), self.largest_message)

    @property
    def largest_message(self) -> int:
        """The largest part of a message that is received, in bytes."""
        return HARD_FACTOR * self.limits.output_bytes

    @property
    def shell_channel(self) -> GuardedChannel:
        """The channel of requests and replies."""
        if self._shell_channel is None:
            socket = self.connect_shell(identity=self.session.bsession)
            self._shell_channel = GuardedChannel(socket, self, None)
        return self._shell_channel

    @property
    def iopub_channel(self) -> GuardedChannel:
        """The channel of outputs."""
        if self._iopub_channel is None:
            meter = Meter(self.limits.output_bytes)
            self._iopub_channel = GuardedChannel(self.connect_iopub(), self, meter)
        return self._iopub_channel

    def start_channels(
        self,
        shell: bool = True,  # noqa: FBT001, FBT002 (the signature of the base class)
        iopub: bool = True,  # noqa: FBT001, FBT002
        stdin: bool = False,  # noqa: FBT001, FBT002
        hb: bool = False,  # noqa: FBT001, FBT002
        control: bool = False,  # noqa: FBT001, FBT002
    ) -> None:
        """Connect the channels; those of input, heartbeat and control only where asked for."""
        super().start_channels(shell=shell, iopub=iopub, stdin=stdin, hb=hb, control=control)

    def stop_channels(self) -> None:
        """Close the channels that are open."""
        for name in ("shell", "iopub", "stdin", "hb", "control"):
            channel = getattr(self, f"_{name}_channel")
            if channel is not None and channel.is_alive():
                channel.stop()

    def execute(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        """Ask for an execution, as the base class does; its output is counted anew."""
        if self.iopub_channel.meter:
            self.iopub_channel.meter.restart()
        return super().execute(*args, **kwargs)

    async def wait_for_ready(self, timeout: float | None = None) -> None:  # noqa: ASYNC109 (the base class's)
        """Wait until the kernel has greeted our subscription and answered a request.

        Raises
        ------
        RuntimeError
            When it dies, or does not answer within `timeout` seconds.
        """
        end = time.monotonic() + (timeout if timeout is not None else float("inf"))
        request = self.kernel_info()
        reply: Message | None = None
        heard = self.iopub_channel.welcomed
        while reply is None or not heard:
            if not await self.is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if time.monotonic() > end:
                raise RuntimeError(f"Kernel didn't respond in {timeout} seconds")
            if reply is not None:  # an old kernel greets nobody: ask again until we hear it
                request, reply = self.kernel_info(), None
            reply, heard = await asyncio.gather(self._reply_to(request), self._hear(heard))
        self._handle_kernel_info_reply(reply)

    async def _reply_to(self, request: str) -> Message | None:
        end = time.monotonic() + _LOOK_SECONDS
        while (left := end - time.monotonic()) > 0:
            try:
                message = await self.shell_channel.get_msg(timeout=left)
            except Empty:
                return None
            if message["parent_header"].get("msg_id") == request:
                return message
        return None

    async def _hear(self, heard: bool) -> bool:  # noqa: FBT001
        if heard:
            return True
        try:
            await self.iopub_channel.get_msg(timeout=_LOOK_SECONDS)
        except Empty:
            return False
        return True

    def end_kernel(self, reason: str) -> None:
        """End the kernel because of what it sent; its provisioner says why (`killed_by`)."""
        provisioner = getattr(self.parent, "provisioner", None)
        end = getattr(provisioner, "end_now", None)
        if end is not None:
            end(reason)
        for channel in (self._shell_channel, self._iopub_channel):
            if channel is not None:
                channel.close()
