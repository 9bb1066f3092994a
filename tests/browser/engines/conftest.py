"""Other browsers than Chromium are tried by `make test-all`, where they are installed."""

from __future__ import annotations

import os

from browser.engines.engines import FIREFOX, MINI_BROWSERS, WEBKIT

WHOLE = os.environ.get("TEST_TIER") == "all"
collect_ignore = (
    [] if WHOLE and (FIREFOX or (WEBKIT and MINI_BROWSERS)) else ["test_live_in_engines.py"]
)
