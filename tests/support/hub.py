"""A JupyterHub on this machine with the configuration of docker/.

What needs a container engine is replaced: servers are started as processes of this machine, and
everything is in one folder. The rest of the configuration is what docker-compose.yml uses.
"""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from course.core.paths import ROOT
from support.patience import patience

HERE = """
import os
import sys

exec(open({config!r}).read())

from jupyterhub.spawner import SimpleLocalProcessSpawner

folder = {folder!r}
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{hub_port}"
c.JupyterHub.hub_ip = "127.0.0.1"
c.JupyterHub.hub_connect_ip = "127.0.0.1"
c.JupyterHub.db_url = f"sqlite:///{{folder}}/hub.sqlite"
c.JupyterHub.cookie_secret_file = f"{{folder}}/cookie_secret"
c.JupyterHub.pid_file = f"{{folder}}/pid"
c.ConfigurableHTTPProxy.command = {proxy!r}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api_port}"
c.ConfigurableHTTPProxy.pid_file = f"{{folder}}/proxy.pid"
c.JupyterHub.spawner_class = SimpleLocalProcessSpawner
c.SimpleLocalProcessSpawner.home_dir_template = folder + "/home/{{username}}"
c.Spawner.cmd = [sys.executable, "-m", "jupyterhub.singleuser", "--allow-root"]
c.Spawner.environment = {{"PATH": os.environ["PATH"]}}
"""
SETTINGS = {"COURSE_IMAGE": "image", "HUB_NETWORK": "network", "EXCHANGE_VOLUME": "exchange"}


def free_ports(count: int) -> list[int]:
    """Return numbers of ports that nothing uses."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


@contextmanager
def hub(folder: Path, python: Path, proxy: Path, password: str) -> Iterator[str]:
    """Run the hub and yield its address.

    Parameters
    ----------
    folder : Path
        An empty folder for its state and the students' homes.
    python : Path
        The interpreter of an environment with JupyterHub and what the course's image has.
    proxy : Path
        The program configurable-http-proxy.
    password : str
        The password of everybody.
    """
    port, hub_port, api_port = free_ports(3)
    config = folder / "hub.py"
    text = HERE.format(
        config=str(ROOT / "docker" / "jupyterhub_config.py"),
        folder=str(folder),
        proxy=str(proxy),
        port=port,
        hub_port=hub_port,
        api_port=api_port,
    )
    config.write_text(text, "utf-8")
    path = f"{python.parent}{os.pathsep}{os.environ['PATH']}"
    variables = {**os.environ, **SETTINGS, "HUB_PASSWORD": password, "PATH": path}
    command = [python, "-m", "jupyterhub", "--config", config]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, env=variables, stdout=log, stderr=log)
        try:
            wait_for(f"http://127.0.0.1:{port}/hub/health", process, folder / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            # a server that has just started its first kernel may take a minute to stop
            try:
                process.wait(timeout=patience(120))
            finally:
                process.kill()


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until an address answers; a process that ends is an error with its last lines."""
    for _ in range(240):
        if process.poll() is not None:
            raise AssertionError(log.read_text("utf-8")[-3000:])
        try:
            if requests.get(address, timeout=5).ok:
                return
        except requests.ConnectionError:
            pass
        time.sleep(0.5)
    raise AssertionError(f"{address} does not answer\n{log.read_text('utf-8')[-3000:]}")
