"""What all tests share: the line that says what was skipped, and the switch that forbids it."""

from __future__ import annotations

import gc
import os
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from support import tiers
from support.chromium import running
from support.failures import FailureLog

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser
    from xdist.remote import Producer
    from xdist.scheduler import LoadScopeScheduling

FORBIDDEN = os.environ.get("FORBID_SKIPS") == "1"
# what a file says whose tests are all left out of the quick ones
ALL_SLOW = re.compile(r"(?m)^pytestmark = .*\bmark\.(slow|browser)\b")
SKIPPED = pytest.StashKey["SkippedTests"]()
# what another process writes in another way: an address, a set of several
MOVING = re.compile(r" at 0x[0-9a-f]{6}|set\(\{[^}]*,|\{('[^':]*'|\d+),")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[SKIPPED] = SkippedTests()
    config.pluginmanager.register(config.stash[SKIPPED])
    if not hasattr(config, "workerinput"):  # where the results of all workers come together
        config.pluginmanager.register(FailureLog(config.rootpath / "_build" / "failures.txt"))
    # how many of the examples that hypothesis makes up; the whole tier takes 100, its own number
    settings.register_profile("quick", max_examples=25)
    if quick(config) or not tiers.WHOLE:
        settings.load_profile("quick")


def quick(config: pytest.Config) -> bool:
    """Return whether only quick tests are asked for."""
    return "not slow" in config.option.markexpr


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[object]:
    """Spare the tests the search for garbage among all that is imported and collected.

    Otherwise it takes a third of a second each time, in every process of the run.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave a file unread when only quick tests are asked for and it has none: to import it takes
    time."""
    if collection_path.suffix != ".py" or not quick(config):
        return None
    return True if ALL_SLOW.search(collection_path.read_text("utf-8")) else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Refuse names that move, and leave out what only the whole tier runs.

    A name with an address or a set in it moves: each worker would collect another test. Whoever
    names a test gets it in any tier.
    """
    moving = [item.nodeid for item in items if MOVING.search(item.nodeid)]
    if moving:
        message = f"give the parameters of this test ids of their own: {moving[0]}"
        raise pytest.UsageError(message)
    if not tiers.WHOLE and not any("::" in word for word in config.args):
        items[:], left_out = tiers.chosen(items)
        if left_out:
            config.hook.pytest_deselected(items=left_out)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling | None:
    """Run the tests of a file on one worker, and files that take long first."""
    if config.option.dist != "loadfile":
        return None
    from support.scheduling import LongestFirst

    return LongestFirst(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    report = yield
    if FORBIDDEN and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped, and FORBID_SKIPS=1 forbids it: {reason(report)}"
    return report


class SkippedTests:
    """Collects, where the results come together, why tests were skipped."""

    def __init__(self) -> None:
        self.reasons: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped:
            self.reasons.add(reason(report))


def reason(report: pytest.TestReport) -> str:
    """Return why a test was skipped."""
    where = report.longrepr
    return (where[2] if isinstance(where, tuple) else str(where)).removeprefix("Skipped: ")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Say last, after pytest's own summary, what this machine could not test and how to get it."""
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    reasons = config.stash[SKIPPED].reasons
    if terminal and reasons:
        terminal.write_line(f"Left out on this machine: {'; '.join(sorted(reasons))}")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's Chromium.

    One for each module: while playwright is at work it keeps an event loop running, and the tests
    of other modules start their own.
    """
    with running() as browser:
        yield browser
