"""Readers of a live site: pages that may ask nobody but their own site for anything."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from support.patience import patience

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Page, Route

R = TypeVar("R")


class Visits(Generic[R]):
    """Opens pages in profiles of their own, and notes what they ask for and what goes wrong.

    Parameters
    ----------
    browser : Browser
        A browser that is running.
    reader : callable
        Makes of an open page what tests use.
    """

    def __init__(self, browser: Browser, reader: Callable[[Page], R]) -> None:
        self.browser = browser
        self.reader = reader
        self.contexts: list[BrowserContext] = []
        self.foreign: list[str] = []
        self.troubles: list[str] = []
        self.requests: list[str] = []

    def open(self, address: str, **options: Any) -> R:  # noqa: ANN401 - of new_context
        """Open an address as a new reader does."""
        context = self.browser.new_context(**{"viewport": {"width": 1280, "height": 900}} | options)
        self.contexts.append(context)
        context.route("**/*", self.only_own)
        return self.another(address)

    def another(self, address: str) -> R:
        """Open an address in another tab of the last reader."""
        page = self.contexts[-1].new_page()
        page.set_default_timeout(patience(30) * 1000)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on(
            "console",
            lambda said: self.troubles.append(said.text) if said.type == "error" else None,
        )
        page.goto(address)
        return self.reader(page)

    def only_own(self, route: Route) -> None:
        """Let through what is the site's."""
        url = route.request.url
        self.requests.append(url)
        if url.startswith(("file:", "http://127.0.0.1", "data:", "blob:")):
            route.continue_()
        else:
            self.foreign.append(url)
            route.abort()

    def close(self) -> None:
        """Close all of it."""
        for context in self.contexts:
            context.close()


@contextmanager
def visiting(browser: Browser, reader: Callable[[Page], R]) -> Iterator[Visits[R]]:
    """Open pages; afterwards nothing may have gone wrong or been asked of strangers."""
    visits = Visits(browser, reader)
    try:
        yield visits
        assert visits.foreign == [], visits.foreign
        assert visits.troubles == [], visits.troubles
    finally:
        visits.close()
