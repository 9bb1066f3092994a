"""An unknown version of ipykernel is initialized at once, with the same listening sockets."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from jupyter_client.blocking.client import BlockingKernelClient

from nbgrader_isolate.forkserver import kernel, runtime_dir
from support.patience import patience


@pytest.mark.slow
def test_a_kernel_without_the_first_half_done_serves_the_same_sockets(tmp_path: Path) -> None:
    listeners = runtime_dir.listen(tmp_path)
    ip = str(tmp_path / "k")
    code = (
        "from nbgrader_isolate.forkserver import kernel\n"
        f"kernel.serve(None, {ip!r}, 'key', {listeners})"
    )
    environment = os.environ | {"IPYTHONDIR": str(tmp_path), "TMPDIR": str(tmp_path)}
    client = BlockingKernelClient()
    ports = {f"{name}_port": number for number, name in enumerate(runtime_dir.CHANNELS, 1)}
    client.load_connection_info({"transport": "ipc", "ip": ip, "key": b"key", **ports})
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, pass_fds=listeners, env=environment) as process:
        try:
            client.start_channels()
            reply = client.execute("assert 6 * 7 == 42", reply=True, timeout=patience(15))
            assert reply["content"]["status"] == "ok"
        finally:
            client.stop_channels()
            process.kill()
            for fd in listeners:
                os.close(fd)


def test_only_a_known_major_version_is_split(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "ipykernel_version", "99.0.1")
    assert kernel.prepare() is None
