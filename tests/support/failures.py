"""Writes each failure down when it happens: a run of an hour that is ended loses none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


class FailureLog:
    """Appends the name and the traceback of each test that fails to a file.

    Parameters
    ----------
    file : Path
        Where to write. What an earlier run wrote there is removed when tests start.
    """

    def __init__(self, file: Path) -> None:
        self.file = file

    @pytest.hookimpl
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        if not session.config.option.collectonly:
            self.file.unlink(missing_ok=True)

    @pytest.hookimpl
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with self.file.open("a", encoding="utf-8") as written:
                written.write(f"{report.nodeid} ({report.when})\n{report.longreprtext}\n\n")
