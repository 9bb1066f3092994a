"""Firefox and WebKit, driven with what the course has installed: HTTP, and a web socket."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

from support.patience import wait_until

MINI_BROWSERS = sorted(Path("/usr").glob("lib*/**/webkit2gtk-4*/MiniBrowser"))
FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
WEBKIT = shutil.which("WebKitWebDriver")


class Engine(Protocol):
    """A browser with one page."""

    def open(self, address: str) -> None:
        """Go to an address."""

    def evaluate(self, expression: str) -> Any:  # noqa: ANN401 - JSON
        """Return the value of an expression of JavaScript in the page."""


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def running(command: list[str], port: int) -> Iterator[None]:
    """Run a program until the end, once it listens on a port."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def listens() -> bool:
        with socket.socket() as asked:
            return asked.connect_ex(("127.0.0.1", port)) == 0

    try:
        wait_until(listens, f"{command[0]} listens", 30)
        yield
    finally:
        process.terminate()
        process.wait(30)


class WebKit:
    """WebKitGTK through the WebDriver protocol.

    Parameters
    ----------
    port : int
        Where WebKitWebDriver listens.
    """

    def __init__(self, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}/session"
        options = {"binary": str(MINI_BROWSERS[-1]), "args": ["--automation"]}
        capabilities = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        session = self.post("", {"capabilities": capabilities})["sessionId"]
        self.base += f"/{session}"

    def post(self, path: str, body: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
        """Send a command and return its value."""
        request = urllib.request.Request(  # noqa: S310 - our own driver
            self.base + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=240) as answer:  # noqa: S310
            return json.load(answer)["value"]

    def open(self, address: str) -> None:
        """Go to an address."""
        self.post("/url", {"url": address})

    def evaluate(self, expression: str) -> Any:  # noqa: ANN401 - JSON
        """Return the value of an expression."""
        return self.post("/execute/sync", {"script": f"return ({expression})", "args": []})


class Firefox:
    """Firefox through WebDriver BiDi.

    Parameters
    ----------
    port : int
        Where Firefox listens.
    """

    def __init__(self, port: int) -> None:
        import websocket

        self.socket = websocket.create_connection(
            f"ws://127.0.0.1:{port}/session", timeout=240, suppress_origin=True
        )
        self.count = 0
        self.send("session.new", {"capabilities": {}})
        self.context = self.send("browsingContext.getTree", {})["contexts"][0]["context"]

    def send(self, method: str, parameters: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
        """Send a command and return its result."""
        self.count += 1
        command = {"id": self.count, "method": method, "params": parameters}
        self.socket.send(json.dumps(command))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == self.count:
                return answer["result"]

    def open(self, address: str) -> None:
        """Go to an address."""
        where = {"context": self.context, "url": address, "wait": "complete"}
        self.send("browsingContext.navigate", where)

    def evaluate(self, expression: str) -> Any:  # noqa: ANN401 - JSON
        """Return the value of an expression, which must be a text, a number or true or false."""
        asked = {"expression": expression, "target": {"context": self.context}}
        return self.send("script.evaluate", asked | {"awaitPromise": True})["result"].get("value")


@contextmanager
def started(name: str) -> Iterator[Engine]:
    """Start `firefox` or `webkit`."""
    port = free_port()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        if name == "firefox":
            options = ["--headless", "--profile", profile, "--remote-debugging-port", str(port)]
            with running([str(FIREFOX), *options], port):
                time.sleep(1)  # it listens a moment before it answers
                firefox = Firefox(port)
                with closing(firefox.socket):
                    yield firefox
        else:
            command = ["xvfb-run", "-a", str(WEBKIT), f"--port={port}"]
            with running(command, port):
                yield WebKit(port)
