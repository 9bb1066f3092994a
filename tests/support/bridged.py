"""A bridge to the functions of `answers`, which run in another process without a sandbox."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from nbgrader_isolate.bridge.channel import Channel
from nbgrader_isolate.bridge.memory import SharedMemory, sealed_file
from nbgrader_isolate.bridge.namespace import Namespace
from nbgrader_isolate.bridge.remote import Remote
from support import TESTS

MESSAGE = 1 << 20
CODE = """
import sys
sys.path.insert(0, {here!r})
from support import answers
from nbgrader_isolate.bridge.student import serve
{before}
serve({fds[0]}, {fds[1]}, {limit}, {limit}, vars(answers))
"""

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
"""Of a process that answers with FORGED instead of serving."""


@dataclass(repr=False)
class Bridge:
    """Both ends of a bridge."""

    remote: Remote
    namespace: Namespace
    process: subprocess.Popen[bytes]
    notices: list[str]
    socket: socket.socket

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """A proxy for a function of `answers`."""
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *args, **kwargs: self.remote.call(name, args, kwargs)


@contextlib.contextmanager
def bridge(before: str = "", arrays: int = 1 << 24, serve: str = CODE) -> Iterator[Bridge]:
    """A bridge to a process that runs `before`, then serves."""
    ours, theirs = socket.socketpair()
    memory = sealed_file(arrays)
    fds = (theirs.fileno(), memory)
    code = serve.format(here=str(TESTS), before=before, fds=fds, limit=MESSAGE)
    process = subprocess.Popen([sys.executable, "-W", "default", "-c", code], pass_fds=fds)
    theirs.close()
    notices: list[str] = []

    def notice(request: str) -> None:
        if request != "serve":
            notices.append(request)
        if request == "interrupt":
            process.send_signal(signal.SIGINT)
        elif request == "kill":
            process.kill()

    remote = Remote(Channel(ours, MESSAGE), SharedMemory(memory), notice)
    try:
        if serve is CODE:
            remote.call("same", [1], {})  # after this it has imported everything
        yield Bridge(remote, Namespace(), process, notices, ours)
    finally:
        process.kill()
        process.wait()
        remote.channel.close()
        os.close(memory)


def forged(code: str) -> contextlib.AbstractContextManager[Bridge]:
    """A bridge to a process that runs `code` instead of serving."""
    return bridge(serve=FORGE.replace("FORGED", code.replace("{", "{{").replace("}", "}}")))
