"""A notebook of ten cells: in a kernel that is started, and in one that is forked. Wall and processor time, side by side.

`python benchmarks/kernels.py [ROUNDS]`; medians of interleaved rounds, nbclient on our side each time.
"""

from __future__ import annotations

import asyncio
import os
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from traitlets.config import Config

from nbgrader_isolate import provisioner
from nbgrader_isolate.forkserver.child_handle import Child, Usage

CELLS = ["import numpy as np\nimport matplotlib.pyplot as plt"] + [
    f"a = np.arange({size})\nprint(a.sum())" for size in range(1, 10)
]
FAST = "nbgrader_isolate.client.FastClient"
WAYS = {
    "started, stock client": ("python3", None, "graceful"),
    "started, fast client": ("python3", FAST, "immediate"),
    "forked, stock client": ("forked", None, "immediate"),
    "forked, fast client": ("forked", FAST, "immediate"),
}
USED: list[float] = []


def count_forked(child: Child, status: int, usage: Usage) -> None:
    """Note what a forked kernel used; the system charges it to the warm process, not to us."""
    USED.append(usage.cpu_seconds)
    ENDED(child, status, usage)


ENDED = Child.ended
Child.ended = count_forked  # type: ignore[method-assign]


async def once(way: str, folder: str) -> tuple[float, float]:
    """Run the notebook one way; return seconds of wall time and of processor time."""
    name, client, end = WAYS[way]
    USED.clear()
    before, started = processor(), time.perf_counter()
    config = Config({"KernelManager": {"client_class": client}} if client else {})
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    runner = NotebookClient(
        notebook,
        kernel_name=name,
        config=config,
        shutdown_kernel=end,
        resources={"metadata": {"path": folder}},
    )
    await runner.async_execute()
    wall = time.perf_counter() - started
    await asyncio.sleep(0.05)  # until the forked kernel's usage is known
    return wall, processor() - before + sum(USED)


def processor() -> float:
    """Return processor seconds of this process and of the children that it waited for."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in both)


async def main() -> None:
    """Print a line for each way."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory() as folder:
        provisioner.kernelspec(Path(folder, "data", "kernels"), "forked")
        os.environ["JUPYTER_PATH"] = f"{folder}/data"
        work = Path(folder, "work")
        await asyncio.to_thread(work.mkdir)
        found: dict[str, list[tuple[float, float]]] = {way: [] for way in WAYS}
        for way in (*WAYS, *list(WAYS) * rounds):
            found[way].append(await once(way, str(work)))
    print(f"{'':24}{'wall ms':>9}{'CPU ms':>9}   medians of {rounds}")
    for way, both in found.items():
        wall, used = (1000 * statistics.median(column) for column in zip(*both[1:], strict=True))
        print(f"{way:24}{wall:9.0f}{used:9.0f}")
    provisioner.close_servers()


if __name__ == "__main__":
    asyncio.run(main())
