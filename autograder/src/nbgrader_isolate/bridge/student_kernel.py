"""The student's Jupyter kernel as the worker sees it, with its end of the bridge."""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections.abc import Mapping

from nbgrader_isolate.bridge.completion_token import CompletionToken
from nbgrader_isolate.bridge.kernel import Execution, KernelClient, Reply
from nbgrader_isolate.bridge.memory import sealed_file
from nbgrader_isolate.bridge.outputs import Allowance
from nbgrader_isolate.bridge.processes import ProcessServer
from nbgrader_isolate.core.limits import Limits

START_SECONDS = 30.0
BRIDGE_FD, MEMORY_FD, TOKEN_FD = 3, 4, 5
SERVE = "__import__('nbgrader_isolate.bridge.student', fromlist=['serve']).serve({}, {}, {}, {})"


class KernelStartError(RuntimeError):
    """A kernel did not start; the message says why."""


class StudentKernel:
    """The student's Jupyter kernel and its end of the bridge.

    Parameters
    ----------
    server : ProcessServer
    limits : Limits
    files : mapping of str to bytes
    seed : int
    allowance : Allowance, optional
        What is left of the outputs that the notebook may have.
    """

    def __init__(
        self,
        server: ProcessServer,
        limits: Limits,
        files: Mapping[str, bytes],
        seed: int,
        allowance: Allowance | None = None,
    ) -> None:
        self.limits = limits
        with contextlib.ExitStack() as undo:
            ours, theirs = socket.socketpair()
            self.bridge: socket.socket | None = undo.enter_context(ours)
            self.memory = sealed_file(limits.array_bytes)
            undo.callback(os.close, self.memory)
            token = CompletionToken(TOKEN_FD)
            self.completion_token = undo.enter_context(contextlib.closing(token))
            with theirs:
                fds = [theirs.fileno(), self.memory, token.write_end]
                kernel = server.kernel(files=files, fds=fds, seed=seed, limits=limits)
            self.process = undo.enter_context(contextlib.closing(kernel))
            client = KernelClient(kernel, limits.output_bytes, allowance)
            self.client = undo.enter_context(contextlib.closing(client))
            if not client.wait_ready(time.monotonic() + START_SECONDS):
                reason = kernel.killed_by or "it did not answer"
                raise KernelStartError(f"the student's kernel did not start: {reason}")
            undo.pop_all()

    @property
    def alive(self) -> bool:
        """Whether its process runs and was not killed."""
        return self.process.poll() is None and not self.process.killed_by

    def run(self, source: str, count: int, deadline: float) -> tuple[Execution, Reply]:
        """Run a cell; return its execution, with the outputs, and how it ended."""
        execution = self.client.start(source, count)
        self.client.wait(execution, deadline)
        if not self.alive and (execution.reply is None or execution.reply.status != "timeout"):
            return execution, Reply("died", self.process.killed_by)
        return execution, execution.reply or Reply("died", self.process.killed_by)

    def serve(self) -> Execution:
        """Let its main thread answer the requests of a test."""
        limits = self.limits.message_bytes, self.limits.output_bytes
        code = SERVE.format(BRIDGE_FD, MEMORY_FD, *limits)
        return self.client.start(code, silent=True)

    def close(self) -> None:
        """End the kernel, and close its files and sockets."""
        self.client.close()
        self.process.close()
        self.completion_token.close()
        os.close(self.memory)
        if self.bridge is not None:
            self.bridge.close()
