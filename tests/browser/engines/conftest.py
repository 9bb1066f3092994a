"""Other browsers than Chromium are tried by `make test-all`, where they are installed."""

from __future__ import annotations

from support.tiers import WHOLE


def installed() -> bool:
    """Return whether one of them is here; to look for it takes longer than to collect a folder."""
    from browser.engines.engines import FIREFOX, MINI_BROWSERS, WEBKIT

    return bool(FIREFOX or (WEBKIT and MINI_BROWSERS))


collect_ignore = [] if WHOLE and installed() else ["test_live_in_engines.py"]
