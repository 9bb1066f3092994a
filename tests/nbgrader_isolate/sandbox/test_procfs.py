"""What /proc says of processes."""

from __future__ import annotations

import subprocess

import pytest

from nbgrader_isolate.sandbox import procfs
from support.started import start

pytestmark = pytest.mark.slow


def test_memory_of_children_is_added_and_shared_pages_count_once() -> None:
    size = 60 << 20
    code = (
        f"import os, time; b = bytearray(b'x') * {size}; os.fork(); "
        "print(1, flush=True); time.sleep(30)"
    )
    with start(code) as process:
        pids = procfs.tree(process.pid)
        while len(pids) < 2:
            pids = procfs.tree(process.pid)
        resident, shared = (sum(map(kind, pids)) for kind in (procfs.resident, procfs.proportional))
        for pid in reversed(pids):
            subprocess.run(["/bin/kill", "-9", str(pid)], check=True)
    assert resident > 2 * size
    assert size < shared < 1.6 * size
