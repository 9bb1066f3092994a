"""A real JupyterLab on a student's copies, and the few things a reader does in it."""

from __future__ import annotations

import contextlib
import json
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import TimeoutError  # noqa: A004 - the browser's, not Python's

from course.core.paths import ROOT, Folders
from course.exercises.workspace import fill, lab_command, lab_environment
from support import servers
from support.patience import patience

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Locator, Page

SETTLED = 1.5
"""Seconds without a new connection after which JupyterLab listens to the kernel."""
SETTINGS = {
    # All cells in the page at once, so that a test can see them; no question about the kernel.
    "notebook-extension/tracker": {"windowingMode": "none", "autoStartDefaultKernel": True},
}


@dataclass(frozen=True)
class Lab:
    address: str
    token: str
    folders: Folders


@contextmanager
def running_lab(home: Path, course: Path) -> Iterator[Lab]:
    """Run JupyterLab as `make lab` starts it, with settings of its own.

    Parameters
    ----------
    home, course : Path
        Empty folders for its settings and for a copy of lessons and exercises.
    """
    folders = Folders(course)
    for name in ("lessons", "exercises"):
        shutil.copytree(ROOT / name, folders.root / name)
    fill(folders)
    for plugin, chosen in SETTINGS.items():
        file = home / "settings" / "@jupyterlab" / f"{plugin}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(chosen))
    private = {
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "IPYTHONDIR": str(home / "ipython"),
    }
    command, environment = lab_command(folders), {**lab_environment(), **private}
    with servers.running(command, environment, home / "log") as (address, token):
        yield Lab(address, token, folders)


def open_notebook(lab: Lab, profile: BrowserContext, path: str) -> Page:
    """Open a notebook in a new tab, and wait until its kernel is there."""
    page = profile.new_page()
    connected: list[float] = []
    page.on(
        "websocket",
        lambda socket: connected.append(time.monotonic()) if "/channels" in socket.url else None,
    )
    # a workspace of its own, in which no other notebook is opened again
    workspace = secrets.token_hex(4)
    page.goto(f"{lab.address}/lab/workspaces/{workspace}/tree/{path}?token={lab.token}")
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=1000 * patience(15))
    # a click on "Run All Cells" before the kernel is there is lost, and what runs before JupyterLab
    # has connected for the second time, as it sometimes does, is not heard
    wait_for_idle(page)
    while not connected or time.monotonic() - connected[-1] < SETTLED:
        page.wait_for_timeout(100)
    wait_for_idle(page)
    return page


def wait_for_idle(page: Page) -> None:
    """Wait until the kernel has nothing to do."""
    page.locator(".jp-Notebook-ExecutionIndicator[data-status='idle']").wait_for(
        timeout=1000 * patience(15)
    )


def run_all(page: Page, seen: Locator, seconds: float) -> None:
    """Run all cells until something is seen; run them again if JupyterLab did not hear the first
    run.

    Parameters
    ----------
    page : Page
        From `open_notebook`.
    seen : Locator
        What the cells show.
    seconds : float
        How long that takes at most on an idle machine.
    """
    for _ in range(3):
        click_run_all(page)
        with contextlib.suppress(TimeoutError):
            seen.wait_for(timeout=min(60_000, 1000 * patience(seconds)))
            return
    seen.wait_for(timeout=1000)


def click_run_all(page: Page) -> None:
    """Click "Run All Cells" until the first cell says that it runs: an early click may be lost."""
    first = page.locator(".jp-CodeCell .jp-InputPrompt").first
    for _ in range(20):
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        for _ in range(20):
            if first.inner_text().strip() not in ("", "[ ]:"):
                return
            page.wait_for_timeout(100)
    message = "JupyterLab does not run the notebook"
    raise AssertionError(message)
