"""What tests of forked kernels share: a client that runs a cell and returns what it printed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient

from nbgrader_isolate.forkserver import Kernel
from support.patience import patience


class Talk:
    """One connection to one kernel."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.client = BlockingKernelClient()
        self.client.load_connection_info(kernel.connection_info)
        self.client.start_channels(hb=False, stdin=False)
        # on a busy machine the kernel says that it is starting before it says welcome
        while self.client.get_iopub_msg(timeout=patience(15))["msg_type"] != "iopub_welcome":
            pass

    def start(self, code: str) -> str:
        return str(self.client.execute(code, allow_stdin=False))

    def finish(self, request: str) -> str:
        """Return what the request printed, and its error as `Name: text`."""
        printed = ""
        began = time.monotonic()
        while (waited := time.monotonic() - began) < patience(15):
            try:
                message = self.client.get_iopub_msg(timeout=0.5)
            except Empty:
                assert self.kernel.poll() is None, f"the kernel ended: {self.kernel.killed_by}"
                continue
            if message["parent_header"].get("msg_id") != request:
                continue
            content: dict[str, Any] = message["content"]
            if message["msg_type"] == "stream":
                printed += content["text"]
            elif message["msg_type"] == "error":
                printed += f"{content['ename']}: {content['evalue']}"
            elif content.get("execution_state") == "idle":
                return printed.strip()
        raise TimeoutError(f"no end of the cell in {waited:.0f} s")

    def run(self, code: str) -> str:
        return self.finish(self.start(code))


@contextmanager
def talk(kernel: Kernel) -> Iterator[Talk]:
    """Connect to a kernel; close both at the end."""
    conversation = Talk(kernel)
    try:
        yield conversation
    finally:
        conversation.client.stop_channels()
        kernel.close()
