"""A kernel that looks like Colab's to a notebook, and what its cells give."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

if TYPE_CHECKING:
    from jupyter_client.blocking.client import BlockingKernelClient

SHOWN = {"display_data", "error", "execute_result", "stream"}
STARTUP = """
import os, sys
from types import ModuleType

def note(line):
    with open(os.environ["COLAB_LOG"], "a") as file:
        file.write(line + "\\n")

google, colab, output = (ModuleType(f"google{end}") for end in ("", ".colab", ".colab.output"))
google.colab, colab.output = colab, output
output.enable_custom_widget_manager = lambda: note("widgets")
sys.modules.update({module.__name__: module for module in (google, colab, output)})
if os.environ.get("COLAB_PIP") == "noted":
    get_ipython().register_magic_function(lambda line: note(f"pip {line}"), magic_name="pip")
"""


class Colab:
    """A running kernel, its client, and the lines that its fake modules wrote."""

    def __init__(self, client: BlockingKernelClient, log: Path) -> None:
        self.client, self.log = client, log

    def asked(self) -> list[str]:
        """Return what the notebook has asked Colab for."""
        return self.log.read_text("utf-8").splitlines() if self.log.exists() else []

    def run(self, cell: dict[str, Any]) -> list[dict[str, Any]]:
        """Run a cell as Colab does, which names the cell in a place of its own."""
        content = {
            "code": "".join(cell["source"]),
            "silent": False,
            "store_history": True,
            "user_expressions": {},
            "allow_stdin": False,
            # After an error, a kernel may drop what is sent next, unless it is told not to.
            "stop_on_error": False,
        }
        metadata = {"colab": {"cell_id": cell["id"], "base_url": "https://colab.example"}}
        message = self.client.session.msg("execute_request", content, metadata=metadata)
        self.client.shell_channel.send(message)
        shown = []
        while True:
            heard = self.client.get_iopub_msg(timeout=240)
            if heard["parent_header"].get("msg_id") != message["header"]["msg_id"]:
                continue
            if heard["msg_type"] == "status" and heard["content"]["execution_state"] == "idle":
                return shown
            if heard["msg_type"] in SHOWN:
                shown.append({"type": heard["msg_type"], **heard["content"]})


@contextmanager
def colab(folder: Path, python: str = sys.executable, **variables: str) -> Iterator[Colab]:
    """Start a kernel in an empty home folder.

    Parameters
    ----------
    folder : Path
        An empty folder.
    python : str
        The interpreter of the kernel.
    **variables : str
        More environment variables for it.
    """
    startup = folder / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00-colab.py").write_text(STARTUP, "utf-8")
    spec = folder / "kernels" / "colab"
    spec.mkdir(parents=True)
    argv = [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    text = {"argv": argv, "display_name": "Colab", "language": "python"}
    (spec / "kernel.json").write_text(json.dumps(text), "utf-8")
    home = folder / "home"
    home.mkdir()
    manager = KernelManager(
        kernel_name="colab",
        kernel_spec_manager=KernelSpecManager(kernel_dirs=[str(spec.parent)]),
    )
    log = folder / "asked.txt"
    own = {"HOME": str(home), "IPYTHONDIR": str(folder / "ipython"), "COLAB_LOG": str(log)}
    environment = {**kept(), **own, **variables}
    manager.start_kernel(cwd=str(home), env=environment, stderr=subprocess.DEVNULL)
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=120)
        yield Colab(client, log)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def kept() -> dict[str, str]:
    """Return the variables of this process that a kernel elsewhere may have."""
    dropped = ("PYTHON", "VIRTUAL_ENV", "STRIDESCOPE", "JUPYTER")
    return {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
