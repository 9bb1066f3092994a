"""The Chromium of the system, driven by playwright."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from support.tiers import WHOLE

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Quiet: a browser under test asks nobody for anything.
CHROMIUM_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# The quick tier compiles WebAssembly once and not again for speed: Python in a page starts with a
# third less work.
if not WHOLE:
    CHROMIUM_ARGUMENTS.append("--js-flags=--liftoff-only")


@contextmanager
def running() -> Iterator[Browser]:
    """Run Chromium; a test is skipped where there is none.

    Meanwhile playwright keeps an event loop running in this thread, so that no other can start.
    """
    where = shutil.which("chromium") or shutil.which("chromium-browser")
    if not where:
        pytest.skip("no Chromium on this machine; get it with `apt-get install chromium`")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=where, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()
