"""Python on several pages and tabs: started early on the next page, ended with its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support import live_site
from support.live_reader import Reader
from support.live_site import FREE, PAGE, STRIDES
from support.visits import visiting

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.tabs import Tabs
    from support.visits import Visits

pytestmark = pytest.mark.slow
RUNNING = "(n) => document.querySelector(`.cell[data-cell='${n}']`).classList.contains('running')"
FOREVER = "while True: pass"


@pytest.fixture
def visits(tabs: Tabs) -> Iterator[Visits[Reader]]:
    """Pages for one test."""
    with visiting(tabs, Reader) as opened:
        yield opened


def run_forever(reader: Reader) -> None:
    """Start a cell that never ends."""
    reader.write(FREE, FOREVER)
    reader.press(FREE, "run")
    reader.page.wait_for_function(
        "(n) => /^Running …|^Still/.test("
        "document.querySelector(`.cell[data-cell='${n}'] .state`).textContent)",
        arg=FREE,
    )


def test_python_starts_by_itself_on_the_next_page_of_a_tab_that_has_used_it(
    visits: Visits[Reader], live: Path
) -> None:
    for address in live_site.served(live, {}):
        reader = visits.open(f"{address}/{PAGE}")
        reader.page.wait_for_load_state("networkidle")
        assert [url for url in visits.requests if "/live/" in url] == []
        reader.run(STRIDES)
        with reader.page.expect_event("worker"):
            reader.page.reload()
        assert reader.cell(STRIDES).locator(".state").count() == 0 or not reader.state(STRIDES)
        assert reader.run(STRIDES).startswith("(12, 4)")
        visits.requests.clear()
        other = visits.another(f"{address}/{PAGE}")
        other.page.wait_for_load_state("networkidle")
        assert [url for url in visits.requests if "/live/" in url] == []


@pytest.mark.whole("two of them at once are slow")
def test_two_tabs_have_a_python_each_and_run_at_once(visits: Visits[Reader], live: Path) -> None:
    one = visits.open(f"{live.as_uri()}/{PAGE}")
    two = visits.another(f"{live.as_uri()}/{PAGE}")
    two.run(STRIDES)  # its Python starts while nothing else is busy
    run_forever(one)
    two.write(FREE, "mine = 1\nmine")
    assert two.run(FREE).startswith("1")
    two.page.close()
    assert one.page.evaluate(RUNNING, FREE)
    one.press(FREE, "stop")
    one.wait(FREE)
    assert one.state(FREE).startswith("Stopped.")
    assert "NameError" in one.try_("mine")


@pytest.mark.whole("others reload pages, and stop runs")
def test_a_page_that_is_reloaded_during_a_run_starts_a_new_python(
    visits: Visits[Reader], live: Path
) -> None:
    reader = visits.open(f"{live.as_uri()}/{PAGE}")
    reader.try_("left = 1")
    run_forever(reader)
    reader.page.reload()
    reader.cell(FREE).locator(".cm-content").get_by_text(FOREVER).wait_for()  # the edit is kept
    assert reader.run(STRIDES).startswith("(12, 4)")
    assert "NameError" in reader.try_("left")


def test_stop_while_python_loads_ends_the_start_and_the_next_run_starts_again(
    visits: Visits[Reader], live: Path
) -> None:
    reader = visits.open(f"{live.as_uri()}/{PAGE}")
    reader.press(STRIDES, "run")
    reader.cell(STRIDES).locator("progress").wait_for()
    reader.press(STRIDES, "stop")
    reader.cell(STRIDES).get_by_text("Stopped.").wait_for()
    assert reader.run(STRIDES).startswith("(12, 4)")
