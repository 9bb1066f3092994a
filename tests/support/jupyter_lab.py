"""A real JupyterLab on a student's copies, and the few things a reader does in it."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from course.core.paths import ROOT, Folders
from course.exercises.workspace import fill, lab_command, lab_environment
from support import servers
from support.patience import patience

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


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


def open_notebook(lab: Lab, browser: Browser, path: str) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    # a workspace of its own, in which no other notebook is opened again
    workspace = secrets.token_hex(4)
    page.goto(f"{lab.address}/lab/workspaces/{workspace}/tree/{path}?token={lab.token}")
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=1000 * patience(15))
    # a click on "Run All Cells" before the kernel is there is lost
    page.locator(".jp-Notebook-ExecutionIndicator[data-status='idle']").wait_for(
        timeout=1000 * patience(15)
    )
    return page


def run_all(page: Page) -> None:
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
