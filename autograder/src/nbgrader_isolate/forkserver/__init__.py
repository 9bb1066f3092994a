"""Kernels that are forked from one warm process instead of being started.

A fork takes a tenth of the time and of the CPU work. `client.ForkServer` is our side, together with
`server_process` and `child_handle`. It starts `server` inside the outer sandbox and asks it for
children. `preload` imports what kernels need into the warm process, which never runs student code.
`child` is what a forked process does before it runs anyone's code: `child_namespaces` gives it its
own namespaces, `file_payload` its files, and `kernel` turns it into a Jupyter kernel. `channel`
carries requests and file descriptors between the two sides, and `runtime_dir` is the folder of the
sockets.
"""

from __future__ import annotations

from nbgrader_isolate.forkserver.client import (
    ChildHandle,
    ForkServer,
    ForkServerError,
    Kernel,
    Usage,
)

__all__ = ["ChildHandle", "ForkServer", "ForkServerError", "Kernel", "Usage"]
