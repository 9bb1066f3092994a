"""Show progress: a moving bar on a terminal, one line per step elsewhere."""

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
        What is being done, such as "Running".
    total : int
        The number of steps.
    say : callable
        Takes each finished line.

    Yields
    ------
    callable
        Call it as `step(name, result)` when a step is done.
    """
    if not sys.stderr.isatty():
        say(f"{verb} {total} of the lessons ...")
        yield lambda name, result: say(f"  {name}: {result}")
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

    columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(verb, total=total)

        def step(name: str, result: str) -> None:
            bar.console.print(f"  {name}: {result}", highlight=False)
            bar.advance(task)

        yield step
