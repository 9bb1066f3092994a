"""The first cells of a notebook, run once by the warm process for all its test processes."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from nbgrader_isolate.bridge.cell_records import cell_record

if TYPE_CHECKING:
    from nbformat import NotebookNode

TARGET = "nbgrader_isolate.bridge.tester:prepare"
NOT_YET, FAILED = -1, -2


class WarmServer(Protocol):
    """What has a warm process: `nbgrader_isolate.forkserver.ForkServer`."""

    @property
    def generation(self) -> int:
        """The number of the current warm process."""

    def prepare(
        self, target: str, arguments: list[Any], files: Mapping[str, bytes] | None = None
    ) -> bool:
        """Have the warm process call a function; return whether its children have the result."""


@dataclass
class Prepared:
    """The first cells of one notebook, and the files that they may read.

    Parameters
    ----------
    sources : list of str
    files : mapping of str to bytes
    left_out : collection of int
        Numbers of cells, from 0, that are not run at all.

    Attributes
    ----------
    generation : int
        The warm process that has run them, or `NOT_YET` or `FAILED`.
    """

    sources: list[str]
    files: Mapping[str, bytes]
    left_out: Collection[int] = ()
    generation: int = NOT_YET
    key: str = field(init=False)

    def __post_init__(self) -> None:
        digests = {name: hashlib.sha256(data).hexdigest() for name, data in self.files.items()}
        text = json.dumps([self.sources, digests], sort_keys=True)
        self.key = hashlib.sha256(text.encode()).hexdigest()

    def matches(self, cells: Sequence[NotebookNode], files: Mapping[str, bytes]) -> bool:
        """Return whether a notebook begins with these cells and has these files."""
        ours = [cell for cell in cells if cell_record(cell).get("owner") == "instructor"]
        first = ours[: len(self.sources)]
        return (
            [cell.source for cell in first] == self.sources
            and not any(cell_record(cell).get("mode") for cell in first)
            and files == self.files
        )


class PreparedCells:
    """What a warm process has prepared.

    Parameters
    ----------
    server : WarmServer
    """

    def __init__(self, server: WarmServer) -> None:
        self.server = server
        self.known: dict[str, Prepared] = {}
        self.changing = threading.Lock()

    def add(
        self, sources: list[str], files: Mapping[str, bytes], left_out: Collection[int] = ()
    ) -> None:
        """Have the first cells of a notebook run once, at the latest when it is needed."""
        prepared = Prepared(sources, files, left_out)
        if sources and self.known.setdefault(prepared.key, prepared) is prepared:
            self._run(prepared)

    def find(
        self, cells: Sequence[NotebookNode], files: Mapping[str, bytes]
    ) -> tuple[str, set[int]]:
        """Return the key of the first cells of a notebook, and their numbers; "" if there is none.

        Parameters
        ----------
        cells : sequence of NotebookNode
            Its code cells.
        files : mapping of str to bytes
            The files of the test process.
        """
        for prepared in self.known.values():
            if prepared.matches(cells, files):
                self._run(prepared)
                if prepared.generation == self.server.generation:
                    numbers = [
                        number
                        for number, cell in enumerate(cells)
                        if cell_record(cell).get("owner") == "instructor"
                    ]
                    return prepared.key, set(numbers[: len(prepared.sources)])
        return "", set()

    def _run(self, prepared: Prepared) -> None:
        """Have the present warm process run the cells, unless it has, or they failed once."""
        with self.changing:
            if prepared.generation in {FAILED, self.server.generation}:
                return
            run = [
                "" if number in prepared.left_out else source
                for number, source in enumerate(prepared.sources)
            ]
            arguments = [prepared.key, run]
            done = self.server.prepare(TARGET, arguments, prepared.files)
            prepared.generation = self.server.generation if done else FAILED
