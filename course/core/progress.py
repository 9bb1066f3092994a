"""A line of progress: a moving bar on a terminal, one line a step elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress(
    verb: str, total: int, say: Callable[[str], None]
) -> Iterator[Callable[[str, str], None]]:
    """Show how many of `total` steps are done while the block runs.

    Parameters
    ----------
    verb : str
        What is being done, as in "Running".
    total : int
        How many steps there are.
    say : callable
        Takes each finished line.

    Yields
    ------
    callable
        To be called as `step(name, how it went)` when a step is done.
    """
    if not sys.stderr.isatty():
        say(f"{verb} {total} of the lessons ...")
        yield lambda name, told: say(f"  {name}: {told}")
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

    columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(verb, total=total)

        def step(name: str, told: str) -> None:
            bar.console.print(f"  {name}: {told}", highlight=False)
            bar.advance(task)

        yield step
