"""The progress of a run: a bar on a terminal, otherwise a line now and then."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

LINE_SECONDS = 15.0
"""Time between lines when there is no terminal, in s."""


class Progress:
    """Counts graded submissions on standard error.

    Parameters
    ----------
    total : int
        Number of submissions to grade.
    """

    def __init__(self, total: int) -> None:
        self.total, self.done = total, 0
        self.started = self.last_line = time.monotonic()
        self.bar: Bar | None = None
        if sys.stderr.isatty() and total:
            self.start_bar()

    def start_bar(self) -> None:
        """Show the bar."""
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        self.bar = Bar(
            TextColumn("grading"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            TextColumn("left"),
            console=Console(stderr=True),
            transient=True,
        )
        self.task = self.bar.add_task("", total=self.total, rate="")
        self.bar.start()

    def step(self) -> None:
        """Count one submission."""
        self.done += 1
        now = time.monotonic()
        rate = self.done / max(now - self.started, 1e-6)
        if self.bar:
            self.bar.update(self.task, advance=1, rate=f"{rate:.1f} per second")
        elif now - self.last_line >= LINE_SECONDS:
            self.last_line = now
            left = (self.total - self.done) / rate
            self.tell(
                f"{self.done} of {self.total} graded, {rate:.1f} per second, {left:.0f} s left"
            )

    def tell(self, line: str) -> None:
        """Print a line above the bar."""
        if self.bar:
            self.bar.console.print(line, markup=False, highlight=False)
        else:
            print(line, file=sys.stderr, flush=True)  # noqa: T201 - for a person

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.bar:
            self.bar.stop()
