"""The client waits for nothing it need not wait for, and holds no more than it must of what a kernel sends."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from jupyter_client.manager import AsyncKernelManager
from traitlets.config import Config

from nbgrader_isolate import provisioner
from nbgrader_isolate.client import FastClient
from nbgrader_isolate.output import HARD_FACTOR, Excess, Meter, too_deep
from support.forked import PATIENCE

pytestmark = pytest.mark.slow


def message(kind: str, **content: object) -> dict[str, Any]:
    return {"msg_type": kind, "header": {"msg_type": kind}, "parent_header": {}, "content": content}


def test_output_within_the_limit_passes_unchanged() -> None:
    meter = Meter(100)
    sent = message("stream", name="stderr", text="x" * 60)
    assert meter.take(sent, 60) is sent
    assert meter.take(message("status", execution_state="idle"), 40)


def test_output_beyond_the_limit_is_cut_once_with_a_note() -> None:
    meter = Meter(100)
    meter.take(message("stream", name="stdout", text="a" * 90), 90)
    cut = meter.take(message("stream", name="stderr", text="é" * 90), 180)
    assert cut is not None
    assert cut["content"]["text"].startswith("ééééé\n[The output of this cell is cut here")
    assert cut["content"]["name"] == "stdout"
    assert meter.take(message("display_data", data={}), 50) is None
    meter.restart()
    assert meter.take(message("stream", name="stdout", text="b"), 1)


def test_a_picture_too_large_becomes_the_note_and_an_error_stays_an_error() -> None:
    meter = Meter(100)
    picture = meter.take(message("display_data", data={"image/png": "x" * 200}), 200)
    assert picture is not None
    assert picture["msg_type"] == picture["header"]["msg_type"] == "stream"
    error = message("error", ename="E" * 999, evalue="v" * 99_999, traceback=["t" * 99_999] * 9)
    short = meter.take(error, 300)
    assert short is not None
    assert short["msg_type"] == "error"
    assert sum(map(len, short["content"]["traceback"])) <= 1 << 16
    assert len(short["content"]["evalue"]) == 10_000


def test_eight_times_the_limit_is_too_much_whatever_it_is_called() -> None:
    meter = Meter(100)
    for _ in range(HARD_FACTOR * 100):
        meter.take(message("status", execution_state="busy"), 1)
    with pytest.raises(Excess, match="output limit 800 bytes"):
        meter.take(message("status", execution_state="busy"), 1)


def test_depth_is_found_without_recursion() -> None:
    deep: Any = 1
    for _ in range(100_000):
        deep = [deep]
    assert too_deep({"a": deep}, 64)
    assert not too_deep({"a": [[{"b": 1}]]}, 4)
    assert too_deep({"a": [[{"b": [1]}]]}, 4)


@pytest.fixture(scope="module", autouse=True)
def _servers_end() -> Iterator[None]:
    yield
    provisioner.close_servers()


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncKernelManager:
    """A manager of kernels that are forked, by a kernelspec that we wrote."""
    provisioner.kernelspec(tmp_path / "kernels", "forked")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    config = Config({"Limits": {"output_bytes": 10_000}})
    client = "nbgrader_isolate.client.FastClient"
    return AsyncKernelManager(kernel_name="forked", client_class=client, config=config)


@asynccontextmanager
async def ready(manager: AsyncKernelManager, folder: Path) -> AsyncIterator[FastClient]:
    await manager.start_kernel(cwd=str(folder))
    client = manager.client()
    client.start_channels()
    try:
        await client.wait_for_ready(timeout=PATIENCE)
        yield client
    finally:
        client.stop_channels()
        await manager.shutdown_kernel(now=True)


async def outputs(client: FastClient, code: str) -> list[dict[str, Any]]:
    """Run a cell; return its messages on iopub, until it is idle or dead."""
    request = client.execute(code)
    found = []
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            heard = await client.iopub_channel.get_msg(timeout=0.5)
        except Empty:
            if not await client.is_alive():
                return found
            continue
        if heard["parent_header"].get("msg_id") == request:
            found.append(heard)
            if heard["content"].get("execution_state") == "idle":
                return found
    raise TimeoutError


@pytest.mark.slow
def test_a_manager_starts_runs_interrupts_restarts_and_ends_a_forked_kernel(
    manager: AsyncKernelManager, tmp_path: Path
) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (work / "data.txt").write_text("42")
    (work / "hidden.ipynb").write_text("{}")

    async def scenario() -> None:
        async with ready(manager, work) as client:
            shown = await outputs(client, "import os; print(os.listdir(), open('data.txt').read())")
            assert "['data.txt'] 42" in str(shown)
            endless = asyncio.create_task(outputs(client, "while True: pass"))
            while not (await asyncio.wait([endless], timeout=0.3))[0]:
                await manager.interrupt_kernel()
            assert "KeyboardInterrupt" in str(await endless)
            assert "42" in str(await outputs(client, "print(6 * 7)"))
            await manager.restart_kernel(now=True)
            again = manager.client()
            again.start_channels()
            await again.wait_for_ready(timeout=PATIENCE)
            assert "NameError" in str(await outputs(again, "os"))
            again.stop_channels()
        assert not await manager.is_alive()

    asyncio.run(scenario())


DEEP = (
    "from IPython.display import publish_display_data as p\nd = 1\n"
    "for _ in range(500): d = [d]\np({'text/plain': ''}, {'deep': d})"
)
FORGED = (
    "k = get_ipython().kernel\n"
    "k.iopub_socket.send_multipart([b'<IDS|MSG>', b'forged', b'[', b'', b'', b''])"
)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (
            "import time\nwhile True: print('x' * 1000); time.sleep(0.01)",
            "output limit 80000 bytes",
        ),
        ("print('x' * 1_000_000)", "a message larger than 80000 bytes"),
        ("raise ValueError('x' * 1_000_000)", "a message larger than 80000 bytes"),
        (DEEP, "nested too deep"),
        (FORGED, "cannot be read"),
    ],
    ids=["endless", "large", "large error", "deep", "forged"],
)
def test_a_kernel_that_floods_or_forges_is_ended_and_the_reason_is_known(
    manager: AsyncKernelManager, tmp_path: Path, code: str, reason: str
) -> None:
    async def scenario() -> str:
        async with ready(manager, tmp_path) as client:
            await outputs(client, code + "\nimport time; time.sleep(60)")
            assert not await manager.is_alive()
            return str(manager.provisioner.killed_by)

    assert reason in asyncio.run(scenario())
