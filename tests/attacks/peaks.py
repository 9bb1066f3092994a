"""How much memory the grader's own processes outside the sandbox have needed at most."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

OURS = ("nbgrader_isolate.runs.worker", "nbgrader\0autograde", "nbgrader_isolate\0grade")
"""Parts of the command lines of workers and of the commands."""
PAUSE = 0.5


class Peaks:
    """Looks at the grader's processes until the end of a `with` block.

    Parameters
    ----------
    folder : Path
        Only processes whose current folder is in it are looked at.

    Attributes
    ----------
    mebibytes : dict of int to float
        The largest resident set of each process, in MiB, by process id.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.mebibytes: dict[int, float] = {}
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        while not self._end.wait(PAUSE):
            for process in Path("/proc").glob("[0-9]*"):
                self._look(process)

    def _look(self, process: Path) -> None:
        try:
            words = (process / "cmdline").read_bytes().decode(errors="replace")
            if any(part in words for part in OURS) and self._is_here(process):
                found = re.search(r"VmHWM:\s+(\d+) kB", (process / "status").read_text())
                if found:
                    self.mebibytes[int(process.name)] = int(found[1]) / 1024
        except OSError:  # it has ended
            return

    def _is_here(self, process: Path) -> bool:
        return (process / "cwd").resolve().is_relative_to(self.folder)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end.set()
        self._thread.join()
