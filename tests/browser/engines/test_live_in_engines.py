"""Cells run and exercises are checked from a disk and from a server, in Firefox and in WebKit,
where these are installed.

Part of `make test-all`; alone, `TEST_TIER=all python -m pytest tests/browser/engines`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from browser.engines.engines import FIREFOX, MINI_BROWSERS, WEBKIT, started
from support.live_site import LAYOUT, PAGE, STRIDES, served
from support.patience import wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from browser.engines.engines import Engine

pytestmark = pytest.mark.slow
INSTALLED = {"firefox": bool(FIREFOX), "webkit": bool(WEBKIT and MINI_BROWSERS)}
RAVEL = "exercises/02-strides/ravel.html"
KEPT = "inside-the-ndarray/code/exercises/02-strides/ravel/ravel"
EDITED = "inside-the-ndarray/exercises/02-strides/ravel/edited"
HEAD = "def ravel(row, col, n_rows, n_cols):\n    return "
ANSWERS = {
    "row * n_rows + col": "not n_rows.",
    "row * n_cols + col": "The visible tests pass.",
}
ENGINES = [name for name, there in INSTALLED.items() if there]


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


@pytest.mark.parametrize("where", ["disk", "server"])
@pytest.mark.parametrize("name", ENGINES)
def test_an_exercise_is_solved(name: str, where: str, live: Path) -> None:
    with started(name) as engine:
        if where == "disk":
            solves(engine, f"{live.as_uri()}/{RAVEL}")
        for address in served(live, {}) if where == "server" else ():
            solves(engine, f"{address}/{RAVEL}")


def solves(engine: Engine, address: str) -> None:
    """Check an exercise as it was handed out, with a wrong answer, and with the right one."""
    engine.open(address)
    wait_until(lambda: "ravel is not written yet." in checked(engine), "the stub is checked", 60)
    for answer, said in ANSWERS.items():
        keep = f"localStorage.setItem({json.dumps(KEPT)}, {json.dumps(HEAD + answer)})"
        mark = f"localStorage.setItem({json.dumps(EDITED)}, 'true')"
        engine.evaluate(f"({keep}, {mark}, true)")
        engine.open(address)
        wait_until(lambda said=said: said in checked(engine), said, 60)


def checked(engine: Engine) -> str:
    """Press Check, unless a check is under way, and return what the page says."""
    answer = "document.querySelector('.answer')"
    engine.evaluate(f"({answer}.querySelector('[data-do=check]')?.click(), true)")
    return str(engine.evaluate(f"{answer}.querySelector('.outcome')?.innerText ?? ''"))


def shown(engine: Engine, number: int) -> str:
    """Run a cell and return what it shows, or what its page says."""
    cell = f'document.querySelector(`.cell[data-cell="{number}"]`)'
    engine.evaluate(f"({cell}.querySelector('[data-do=run]').click(), true)")
    done = f"!!{cell}.querySelector('.from') || !{cell}.classList.contains('running') && "
    done += f"!!{cell}.querySelector('.state')?.textContent"
    wait_until(lambda: engine.evaluate(done), "the cell has run", 60)
    text = f"{cell}.querySelector('.out').innerText + {cell}.querySelector('.state').textContent"
    return str(engine.evaluate(text))
