"""The kernel in a page: runs cells in one namespace and tells the page what they show.

Like the modules that it imports, it needs the standard library alone, so its tests run in any
Python. In the page it lives in a worker, and `tell` posts a message.
"""

from __future__ import annotations

import ast
import base64
import builtins
import io
import json
import linecache
import sys
import time
import types
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any, TextIO

from course.live.cell_errors import described
from course.live.fresh_start import FreshStart
from course.live.magics import timed, without_magics
from course.live.representations import KINDS, representations
from course.live.stand_ins import lend_matplotlib, no_input, show_figures

TEXT_LIMIT = 200_000
"""Characters that one cell may print and show as text; the rest is counted."""
RICH_LIMIT = 4_000_000
"""Characters that one cell may show as HTML and pictures."""
HELD = 4_000
PAUSE = 0.05
BOXES = 1_000
"""How many outputs of its own one cell may show; text in one stream counts as one."""
FRESH: list[FreshStart] = []
"""What the cells found when this kernel started."""

Message = dict[str, Any]
Tell = Callable[[Message], None]


class Outlet:
    """What one run sends to the page: streams in order, in pieces, up to a limit.

    Parameters
    ----------
    tell
        Takes each message.
    """

    def __init__(self, tell: Tell) -> None:
        self.tell = tell
        self.held: list[str] = []
        self.size = self.texts = self.rich = self.dropped = self.boxes = 0
        self.name = ""
        self.sent = 0.0

    def write(self, name: str, text: str) -> None:
        """Take text for a stream; send it when there is enough of it, or it has waited a moment."""
        if name != self.name:
            self.flush()
            self.name = name
            self.boxes += 1
        taken = self.admit(text)
        if taken:
            self.held.append(taken)
            self.size += len(taken)
        if self.size > HELD or time.perf_counter() - self.sent > PAUSE:
            self.flush()

    def admit(self, text: str) -> str:
        """Return as much of a text as the limits let through, and count the rest."""
        room = max(0, TEXT_LIMIT - self.texts) if self.boxes <= BOXES else 0
        self.texts += min(room, len(text))
        self.dropped += max(0, len(text) - room)
        return text[:room]

    def flush(self) -> None:
        """Send what is held."""
        if self.held:
            self.tell({"type": "stream", "name": self.name, "text": "".join(self.held)})
        self.held.clear()
        self.size = 0
        self.sent = time.perf_counter()

    def show(self, data: Message) -> None:
        """Send a representation; what is too large is replaced by its text."""
        self.flush()
        self.name = ""
        self.boxes += 1
        rich = sum(len(value) for kind, value in data.items() if kind in KINDS)
        if self.boxes > BOXES:
            self.dropped += rich + len(str(data.get("text/plain", "")))
            return
        if self.rich + rich > RICH_LIMIT:
            data = {"text/plain": data.get("text/plain", "")}
            self.dropped += rich
        else:
            self.rich += rich
        data["text/plain"] = self.admit(str(data.get("text/plain", "")))
        self.tell({"type": "display", "data": data})


class Stream(io.TextIOBase):
    """`sys.stdout` or `sys.stderr` of a cell."""

    encoding = "utf-8"

    def __init__(self, name: str, outlet: Outlet) -> None:
        self.name = name
        self.outlet = outlet

    def writable(self) -> bool:
        """Return True: cells can write to it."""
        return True

    def write(self, text: str) -> int:
        """Send a text."""
        self.outlet.write(self.name, text)
        return len(text)

    def flush(self) -> None:
        """Send what is held."""
        self.outlet.flush()


class Kernel:
    """One namespace, in which cells run.

    Parameters
    ----------
    tell
        Takes messages for the page: dictionaries of what JSON knows, with a `type`.
    """

    def __init__(self, tell: Tell) -> None:
        self.tell = tell
        self.outlet = Outlet(tell)
        self.instruments: dict[str, Any] = {}
        module = types.ModuleType("__main__")
        sys.modules["__main__"] = module
        self.space = module.__dict__
        self.space.update(__builtins__=builtins, display=self.display)
        builtins.input = no_input
        builtins.display = self.display  # type: ignore[attr-defined]
        lend_matplotlib()
        FRESH[:] = [FreshStart(self.space)]

    def run(self, source: str, name: str) -> Message:
        """Run a cell.

        Parameters
        ----------
        source : str
            Its code.
        name : str
            What a traceback calls it, such as `cell 7`.

        Returns
        -------
        dict
            `seconds`; `error`, None or its `name`, `value`, `trace` and `hint`; `dropped`, how many
            characters the page does not show.
        """
        self.outlet = Outlet(self.tell)
        started = time.perf_counter()
        error = None
        with redirected(self.outlet):
            try:
                try:
                    self.run_code(source, f"<{name}>")
                finally:
                    show_figures()
            except BaseException as raised:  # noqa: BLE001 - SystemExit, too, ends the cell alone
                error = described(raised)
        self.outlet.flush()
        seconds = time.perf_counter() - started
        return {"error": error, "seconds": seconds, "dropped": self.outlet.dropped}

    def run_code(self, source: str, file: str) -> None:
        """Run code, and show the value of an expression at its end."""
        source = without_magics(source)
        linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
        tree = ast.parse(source, file)
        last = None
        if tree.body and isinstance(tree.body[-1], ast.Expr) and not quiet(source):
            expression = tree.body.pop()
            last = ast.Expression(expression.value)  # type: ignore[attr-defined]
        self.space.pop("__warningregistry__", None)  # a cell that runs again warns again
        self.space["_timeit"] = lambda code, options="": timed(code, options, self.space)
        exec(compile(tree, file, "exec"), self.space)  # noqa: S102 - this is what a kernel does
        if last is not None:
            value = eval(compile(last, file, "eval"), self.space)  # noqa: S307
            if value is not None:
                self.space["_"] = value
                self.show(value)

    def display(self, *values: object, **_options: object) -> None:
        """Show values, as IPython's `display` does."""
        for value in values:
            self.show(value)

    def show(self, value: object) -> None:
        """Show a value in all the forms it has."""
        data: Message = {}
        if is_instrument(value):
            key = f"i{len(self.instruments)}"
            self.instruments[key] = value
            data["model"] = model_of(key, value)
        self.outlet.show(data | representations(value))

    def reply(self, key: str, text: str) -> None:
        """Hand a reader's answer, as JSON, to the instrument that asked."""
        answer = getattr(self.instruments.get(key), "on_reply", None)
        if answer:
            answer(json.loads(text))


def forget() -> None:
    """Forget what the cells have done: the check of an exercise begins with this."""
    FRESH[0].bring_back()


@contextmanager
def redirected(outlet: Outlet) -> Iterator[None]:
    """Send what is printed, and warnings, to an outlet."""
    warn = warnings.showwarning

    def show(  # noqa: PLR0913, PLR0917 - as warnings.showwarning
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,  # noqa: ARG001
        line: str | None = None,
    ) -> None:
        line = line or linecache.getline(filename, lineno)
        text = f"line {lineno}: {category.__name__}: {message}\n"
        outlet.write("stderr", f"{text}  {line.strip()}\n" if line.strip() else text)

    with redirect_stdout(Stream("stdout", outlet)), redirect_stderr(Stream("stderr", outlet)):
        warnings.showwarning = show
        try:
            yield
        finally:
            warnings.showwarning = warn


def is_instrument(value: object) -> bool:
    """Tell whether a value is an instrument of stridescope that has a live form."""
    return type(value).__module__.startswith("stridescope") and bool(getattr(value, "kind", ""))


def model_of(key: str, value: Any) -> Message:  # noqa: ANN401 - stridescope may not be installed
    """Return what the page's front end needs to draw an instrument."""
    data = base64.b64encode(bytes(value.data)).decode()
    return {"key": key, "kind": value.kind, "state": value.state, "data": data}


def quiet(source: str) -> bool:
    """Tell whether a cell ends in a semicolon, so that its value is not shown."""
    return source.rstrip().endswith(";")
