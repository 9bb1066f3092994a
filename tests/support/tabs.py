"""Tabs of Chromium that tests use one after the other: a new profile costs a second of processor
time, an empty one almost nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

EMPTY = "try { localStorage.clear(); sessionStorage.clear() } catch { }"
VIEW = {"width": 1280, "height": 900}
OF_A_PAGE = ("viewport", "color_scheme", "reduced_motion")
"""Options of a profile that are set anew for each test."""
Kind = tuple[tuple[str, str], ...]


@dataclass
class Tabs:
    """Tabs that tests use one after the other: each new one costs a process of Chromium's.

    Every tab has a profile of its own. Between two tests it is empty: no storage, no listeners, and
    the mouse is in the corner. A test that adds a script to a tab, or sets its clock, retires the
    tab, because neither can be taken back.
    """

    browser: Browser
    free: dict[Kind, list[Page]] = field(default_factory=dict)
    kinds: dict[Page, Kind] = field(default_factory=dict)
    retired: set[Page] = field(default_factory=set)

    def take(self, **options: Any) -> Page:  # noqa: ANN401 - of Browser.new_context
        """Return an empty tab whose profile has these options of `Browser.new_context`."""
        lasting = {name: value for name, value in options.items() if name not in OF_A_PAGE}
        kind = tuple(sorted((name, repr(value)) for name, value in lasting.items()))
        free = self.free.setdefault(kind, [])
        page = free.pop() if free else self.browser.new_context(**lasting).new_page()
        self.kinds[page] = kind
        page.set_viewport_size(options.get("viewport", VIEW))
        page.emulate_media(
            media="null",
            color_scheme=options.get("color_scheme", "light"),
            reduced_motion=options.get("reduced_motion", "no-preference"),
        )
        return page

    def retire(self, page: Page) -> None:
        """Have a tab closed after this test, which adds to it what cannot be taken back."""
        self.retired.add(page)

    def give_back(self, page: Page) -> None:
        """Empty a tab for the next test; one that is not on a page from disk is closed."""
        kind = self.kinds.pop(page)
        context = page.context
        if page in self.retired or page.is_closed() or not page.url.startswith("file:"):
            self.retired.discard(page)
            context.close()
            return
        for other in [other for other in context.pages if other != page]:
            other.close()
        page.mouse.move(0, 0)
        page.evaluate(EMPTY)
        page.goto("about:blank")
        self.free[kind].append(page)
