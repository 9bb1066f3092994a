"""Python as a page runs it, without a browser: the worker of the pages and the runtime in Node.js.

Nothing is replaced but the browser around them: the worker is the one that a page starts, and it
runs the same NumPy, the same `course/live/kernel.py` and the same files of the course. Needs
Node.js 18 or newer, no package for it, and no network.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course.core.errors import CourseError
from course.core.paths import Folders
from course.live import pack
from course.live.build import OPTIONAL, LiveSite

DRIVER = Path(__file__).with_name("page_python.mjs")
SECONDS = 60.0
"""How long a cell may run."""
NO_NODE = "Node.js is not installed on this machine (any version from 18 on will do)"

Message = dict[str, Any]


@dataclass
class PageRun:
    """What a run in the Python of a page showed, and how it ended.

    Parameters
    ----------
    messages : list of dict
        What a page would show: messages of type `stream` or `display`, in order.
    error : dict or None
        The exception that ended the cell, as `course/live/kernel.py` describes it.
    ended : str
        How Python itself ended; empty if it lives.
    """

    messages: list[Message] = field(default_factory=list)
    error: Message | None = None
    ended: str = ""

    def stream(self, name: str) -> str:
        """Return all that was written to `stdout` or `stderr`."""
        return "".join(m["text"] for m in self.messages if m.get("name") == name)


class PagePython:
    """The Python of a page, in a process of Node.js that starts it as often as is needed.

    Parameters
    ----------
    process : Popen
        Node.js with the driver.
    """

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.added: set[str] = set()
        self.lives = False
        self.versions: dict[str, Any] = {}

    def start(self, folder: str = "lessons") -> None:
        """Start a fresh Python in a folder of the course; the one before is gone.

        Raises
        ------
        CourseError
            If it does not start.
        """
        self.send(type="start", folder=folder)
        answer = self.answer()
        if answer["type"] != "ready":
            raise CourseError(f"the Python of the pages does not start in Node.js: {answer}")
        self.added.clear()
        self.lives = True
        self.versions = answer["versions"]

    @property
    def name(self) -> str:
        """What the started Python is, such as "Python 3.14.2, NumPy 2.4.3, 32-bit"."""
        return "Python {python}, NumPy {numpy}, {bits}-bit".format(**self.versions)

    def run(self, source: str, name: str = "cell", seconds: float = SECONDS) -> PageRun:
        """Run code in the started Python.

        Parameters
        ----------
        source : str
            A cell, magics or not.
        name : str
            What tracebacks call it.
        seconds : float
            How long it may take. Python is ended if it takes longer.
        """
        wanted = {part for part, uses in OPTIONAL.items() if re.search(uses, source)} - self.added
        if wanted:
            self.send(type="add", names=sorted(wanted))
            self.added |= wanted
        self.send(type="run", source=source, name=name, seconds=seconds)
        run = PageRun()
        while (answer := self.answer())["type"] not in {"done", "died", "late"}:
            run.messages.append(answer)
        if answer["type"] == "done":
            run.error = answer["error"]
        else:
            self.lives = False
            late = f"it ran longer than {seconds:g} s"
            run.ended = late if answer["type"] == "late" else answer["text"]
        return run

    def send(self, **request: object) -> None:
        """Send a request."""
        if self.process.stdin is None:
            raise ValueError(self.process)
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise CourseError(self.ending()) from None

    def answer(self) -> Message:
        """Return the next answer."""
        if self.process.stdout is None:
            raise ValueError(self.process)
        line = self.process.stdout.readline()
        if not line:
            raise CourseError(self.ending())
        answer: Message = json.loads(line)
        return answer

    def ending(self) -> str:
        """Return a sentence about a Node.js that has ended."""
        return f"Node.js ended with status {self.process.wait()} while it ran the pages' Python"


def node() -> str | None:
    """Return the program of Node.js; None if it is not installed."""
    return shutil.which("node")


@contextmanager
def page_python(folders: Folders) -> Iterator[PagePython]:
    """Yield the Python of the pages, not started yet; at the end, its process is gone.

    Parameters
    ----------
    folders : Folders
        The checkout whose pages are meant.

    Raises
    ------
    CourseError
        If Node.js is not installed, or the runtime in `vendor/` is damaged.
    """
    program = node()
    if program is None:
        raise CourseError(NO_NODE)
    with (
        tempfile.TemporaryDirectory() as scratch,
        subprocess.Popen(
            [program, str(DRIVER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        ) as process,
    ):
        try:
            python = PagePython(process)
            python.send(**setup(LiveSite(folders), Path(scratch)))
            yield python
        finally:
            process.kill()
            with suppress(BrokenPipeError):  # a request that nobody reads any more
                if process.stdin:
                    process.stdin.close()


def setup(live: LiveSite, folder: Path) -> dict[str, Any]:
    """Write what a page loads to a folder, unpacked, and return what the driver needs to know."""
    runtime = live.verified()
    parts = pack.runtime_parts(runtime, live.web("worker.js"))
    parts["course"] = pack.stored(pack.course_files(live.folders.root, live.companions))
    written: dict[str, str] = {}
    for name, data in parts.items():
        file = folder / (f"{name}.mjs" if name == "worker" else name)
        file.write_bytes(data)
        written[name] = str(file)
    return {
        "worker": (folder / "worker.mjs").as_uri(),
        "python": written["python"],
        "files": {name: written[name] for name in ("stdlib", "numpy", "course")},
        "optional": {name: written[name] for name in OPTIONAL},
        "lock": runtime.bare_lock,
    }
