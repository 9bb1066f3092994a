"""Kernels that are forked from one warm process instead of started: a tenth of the time and of the work.

`client.ForkServer` stands on our side, with `life` and `handle`. It starts `server` inside the outer sandbox (`warm` imports what kernels need;
it never runs a student's code) and asks it for children. `child` is what a forked process does before anybody's code runs:
`isolate` gives it namespaces of its own, `parcel` its files, `kernel` makes it a Jupyter kernel. `channel` carries requests
and file descriptors between the two sides, `spool` the folder of the sockets.
"""

from __future__ import annotations

from nbgrader_isolate.forkserver.client import Child, ForkServer, ForkServerError, Kernel, Usage

__all__ = ["Child", "ForkServer", "ForkServerError", "Kernel", "Usage"]
