"""What axe, the accessibility checker, finds on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from playwright.sync_api import Page

# `preload` would fetch the style sheets again, which a page on file:// may not.
AXE = {"resultTypes": ["violations"], "preload": False}


def violations(page: Page) -> list[tuple[str, list[str]]]:
    found = Axe().run(page, options=AXE).response["violations"]
    return [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found]
