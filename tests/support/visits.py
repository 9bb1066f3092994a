"""Readers of a live site: pages that may ask nobody but their own site for anything."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from support.patience import patience
from support.tabs import VIEW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, Route

    from support.tabs import Tabs

R = TypeVar("R")


class Visits(Generic[R]):
    """Opens pages in profiles of their own, and notes what they ask for and what goes wrong.

    Parameters
    ----------
    tabs : Tabs
        The tabs of a browser that is running.
    reader : callable
        Makes of an open page what tests use.
    """

    def __init__(self, tabs: Tabs, reader: Callable[[Page], R]) -> None:
        self.tabs = tabs
        self.reader = reader
        self.used: list[Page] = []
        self.contexts: list[BrowserContext] = []
        self.foreign: list[str] = []
        self.troubles: list[str] = []
        self.requests: list[str] = []

    def open(self, address: str, *, reused: bool = True, **options: Any) -> R:  # noqa: ANN401
        """Open an address as a new reader does.

        Parameters
        ----------
        address : str
        reused : bool
            Whether another test may have the tab afterwards; not if this one adds a script to it
            or sets its clock. Only a tab with a page from disk is used again.
        **options
            Options of `Browser.new_context`.
        """
        if reused and address.startswith("file:"):
            page = self.tabs.take(**options)
            self.used.append(page)
        else:
            page = self.tabs.browser.new_context(**{"viewport": VIEW} | options).new_page()
            self.contexts.append(page.context)
        self.last = page.context
        self.last.route("**/*", self.only_own)
        return self.watched(page, address)

    def another(self, address: str) -> R:
        """Open an address in another tab of the last reader."""
        return self.watched(self.last.new_page(), address)

    def watched(self, page: Page, address: str) -> R:
        """Open an address in a tab, and note what goes wrong there."""
        page.set_default_timeout(patience(30) * 1000)
        page.on("pageerror", self.stumbled)
        page.on("console", self.said)
        page.goto(address)
        return self.reader(page)

    def stumbled(self, error: Error) -> None:
        """Note an error that no script caught."""
        self.troubles.append(str(error))

    def said(self, message: ConsoleMessage) -> None:
        """Note an error that a script or the browser reports."""
        if message.type == "error":
            self.troubles.append(message.text)

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
        """Close all of it, and leave what another test may have."""
        for page in self.used:
            page.unroute_all()
            page.context.unroute_all()
            page.remove_listener("pageerror", self.stumbled)
            page.remove_listener("console", self.said)
            self.tabs.give_back(page)
        for context in self.contexts:
            context.close()


@contextmanager
def visiting(tabs: Tabs, reader: Callable[[Page], R]) -> Iterator[Visits[R]]:
    """Open pages; afterwards nothing may have gone wrong or been asked of strangers."""
    visits = Visits(tabs, reader)
    try:
        yield visits
        assert visits.foreign == [], visits.foreign
        assert visits.troubles == [], visits.troubles
    finally:
        visits.close()
