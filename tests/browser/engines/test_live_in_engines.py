"""Cells run from a disk and from a server in Firefox and in WebKit, where these are installed.

Part of `make test-all`; alone, `TEST_TIER=all python -m pytest tests/browser/engines`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from browser.engines.engines import FIREFOX, MINI_BROWSERS, WEBKIT, started
from support.live_site import LAYOUT, PAGE, STRIDES, served, write_live_site
from support.patience import wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from browser.engines.engines import Engine

pytestmark = pytest.mark.slow
INSTALLED = {"firefox": bool(FIREFOX), "webkit": bool(WEBKIT and MINI_BROWSERS)}
ENGINES = [name for name, there in INSTALLED.items() if there]


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a live site."""
    return write_live_site(tmp_path_factory.mktemp("live")).site


@pytest.mark.parametrize("where", ["disk", "server"])
@pytest.mark.parametrize("name", ENGINES)
def test_cells_run(name: str, where: str, live: Path) -> None:
    with started(name) as engine:
        if where == "disk":
            runs(engine, f"{live.as_uri()}/{PAGE}")
        for address in served(live, {}) if where == "server" else ():
            runs(engine, f"{address}/{PAGE}")


def runs(engine: Engine, address: str) -> None:
    """Open a page, run a cell and an instrument."""
    engine.open(address)
    assert shown(engine, STRIDES).startswith("(12, 4)")
    shown(engine, LAYOUT)
    live = f'!!document.querySelector(`.cell[data-cell="{LAYOUT}"] .out .ss-live`)'
    wait_until(lambda: engine.evaluate(live), "the instrument is alive", 30)


def shown(engine: Engine, number: int) -> str:
    """Run a cell and return what it shows, or what its page says."""
    cell = f'document.querySelector(`.cell[data-cell="{number}"]`)'
    engine.evaluate(f"({cell}.querySelector('[data-do=run]').click(), true)")
    done = f"!!{cell}.querySelector('.from') || !{cell}.classList.contains('running') && "
    done += f"!!{cell}.querySelector('.state')?.textContent"
    wait_until(lambda: engine.evaluate(done), "the cell has run", 60)
    text = f"{cell}.querySelector('.out').innerText + {cell}.querySelector('.state').textContent"
    return str(engine.evaluate(text))
