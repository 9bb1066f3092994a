"""The shared memory: nobody changes its size, and what is read from it stays."""

from __future__ import annotations

import time

import numpy as np
import pytest

from nbgrader_isolate.bridge.failures import UngradableError
from support.bridged import forged

pytestmark = pytest.mark.slow


def test_the_memory_file_cannot_be_resized_or_unsealed() -> None:
    code = """
import fcntl
for size in (0, 1 << 30):
    try:
        os.ftruncate(memory, size)
    except OSError:
        continue
    os._exit(1)
try:
    fcntl.fcntl(memory, fcntl.F_ADD_SEALS, 0)
except OSError:
    send(answer("sealed"))
"""
    with forged(code) as there:
        assert there.anything() == "sealed"


def test_memory_that_changes_after_the_answer_changes_nothing_here() -> None:
    code = """
os.pwrite(memory, b"\\1" * 8, 0)
send(array("|b1", [8], [1], [0, 8]))
while True:
    os.pwrite(memory, b"\\7" * 8, 0)
"""
    with forged(code) as there:
        try:
            got = there.anything()
        except UngradableError:
            return
        time.sleep(0.05)
        assert got.tolist() == [True] * 8
        assert got.view(np.uint8).tolist() == [1] * 8
