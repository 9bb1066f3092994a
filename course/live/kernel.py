"""The kernel in a page: runs cells in one namespace and tells the page what they show.

It is an ordinary module that needs the standard library alone, so its tests run in any Python. In
the page it lives in a worker, and `tell` posts a message.
"""

from __future__ import annotations

import ast
import base64
import builtins
import importlib.machinery
import importlib.util
import io
import json
import linecache
import re
import sys
import time
import traceback
import types
import warnings
from collections.abc import Callable, Iterator, MutableSequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any, TextIO

TEXT_LIMIT = 200_000
"""Characters that one cell may print and show as text; the rest is counted."""
RICH_LIMIT = 4_000_000
"""Characters that one cell may show as HTML and pictures."""
HELD = 4_000
PAUSE = 0.05
KINDS = {
    "text/html": "_repr_html_",
    "image/svg+xml": "_repr_svg_",
    "image/png": "_repr_png_",
    "image/jpeg": "_repr_jpeg_",
    "text/markdown": "_repr_markdown_",
    "text/latex": "_repr_latex_",
}
HERE = "Python’s standard library, NumPy, Pillow and stridescope"
NO_INPUT = (
    "input() cannot ask you anything in a page. Give the value in the code instead, for example "
    "`name = 'Ada'`."
)
MAGIC = re.compile(r"^(\s*)(?:([\w, ]+?)\s*=\s*)?%(time|timeit)\b(.*)$")
OTHER_MAGIC = re.compile(r"^\s*(?:[\w, ]+=\s*)?([%!?]{1,2}\w*)|^\s*\w[\w.]*\?{1,2}\s*$")
OPTIONS = re.compile(r"\s*-(?:([nr])\s*(\d+)|[qopt])\b")

FRESH: dict[str, Any] = {}
"""What the namespace of the cells holds before the first one runs."""

Message = dict[str, Any]
Tell = Callable[[Message], None]


class NeedsComputerError(Exception):
    """A cell uses something of Jupyter or of the system that a page does not have."""


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
        self.size = self.texts = self.rich = self.dropped = 0
        self.name = ""
        self.sent = 0.0

    def write(self, name: str, text: str) -> None:
        """Take text for a stream; send it when there is enough of it, or it has waited a moment."""
        if name != self.name:
            self.flush()
            self.name = name
        taken = self.admit(text)
        if taken:
            self.held.append(taken)
            self.size += len(taken)
        if self.size > HELD or time.perf_counter() - self.sent > PAUSE:
            self.flush()

    def admit(self, text: str) -> str:
        """Return as much of a text as the limit lets through, and count the rest."""
        room = max(0, TEXT_LIMIT - self.texts)
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
        rich = sum(len(value) for kind, value in data.items() if kind in KINDS)
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
        FRESH.clear()
        FRESH.update(self.space)
        builtins.input = no_input
        builtins.display = self.display  # type: ignore[attr-defined]
        lend_matplotlib()

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
    """Forget all variables of the cells: the check of an exercise begins with this."""
    space = sys.modules["__main__"].__dict__
    space.clear()
    space.update(FRESH)


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


def representations(value: object) -> Message:
    """Return the forms of a value by MIME type, text always among them."""
    data: Message = {}
    bundle = getattr(value, "_repr_mimebundle_", None)
    if bundle is not None and not isinstance(value, type):
        given = bundle()
        data |= given[0] if isinstance(given, tuple) else given
    for kind, name in KINDS.items():
        method = getattr(value, name, None)
        if kind in data or method is None or isinstance(value, type):
            continue
        made = method()
        if made is not None:
            data[kind] = base64.b64encode(made).decode() if isinstance(made, bytes) else str(made)
    if "text/plain" not in data:
        data["text/plain"] = repr(value)
    return data


def described(raised: BaseException) -> Message:
    """Return an error for the page: name, message, traceback without our own frames, and a hint."""
    ours = {__file__, "<kernel>"}
    frames = [
        frame for frame in traceback.extract_tb(raised.__traceback__) if frame.filename not in ours
    ]
    if isinstance(raised, SyntaxError):
        frames = []
    said = "".join(traceback.format_exception_only(raised))
    trace = "".join(["Traceback (most recent call last):\n", *traceback.format_list(frames), said])
    return {
        "name": type(raised).__name__,
        "value": message_of(raised),
        "trace": trace[-20_000:],
        "hint": hint_for(raised),
        "missing": missing_module(raised),
        "unknown": raised.name or "" if isinstance(raised, NameError) else "",
    }


def message_of(raised: BaseException) -> str:
    """Return an error's message; for a syntax error, with its line."""
    if isinstance(raised, SyntaxError) and raised.lineno:
        return f"{raised.msg} (line {raised.lineno})"
    if isinstance(raised, KeyError):
        return repr(raised.args[0]) if raised.args else ""
    try:
        return str(raised)[:20_000]
    except Exception as failed:  # noqa: BLE001 - an error whose text raises
        return f"(its message cannot be shown: {type(failed).__name__})"


def missing_module(raised: BaseException) -> str:
    """Return the top-level name of a module that a page does not have, or an empty string."""
    if isinstance(raised, ModuleNotFoundError) and raised.name:
        name = raised.name.partition(".")[0]
        lent = isinstance(sys.modules.get(name), Lent)
        return name if lent or not (name in sys.modules or importlib.util.find_spec(name)) else ""
    return ""


def hint_for(raised: BaseException) -> str:
    """Return one sentence about what a page cannot do, or an empty string."""
    text = message_of(raised)
    if name := missing_module(raised):
        if name in sys.stdlib_module_names:
            return f"This page has no {name}: it needs other processes, or a network."
        return f"This page has no {name}. It has {HERE}, and no network."
    if isinstance(raised, MemoryError) or "array is too big" in text:
        return "A page has little memory: at most 2 GB, on a phone much less."
    if isinstance(raised, SystemExit):
        return "exit() ends a program. Here it ended only the cell; all variables are still there."
    if "start new thread" in text:
        return "A page has one thread. Run this cell on a computer."
    if isinstance(raised, OSError) and no_network(raised):
        return "A page’s Python has no network and starts no other program."
    return ""


def no_network(raised: OSError) -> bool:
    """Tell whether an error says that sockets or processes do not exist here."""
    return isinstance(raised, ConnectionError) or bool(
        re.search(
            r"urlopen error|not support processes|Host is unreachable|resol", message_of(raised)
        )
    )


class Lent(types.ModuleType):
    """Stands in for a module of Matplotlib; whatever else it is asked for is not in the page."""

    __path__: MutableSequence[str] = []  # noqa: RUF012 - as in any package

    def __getattr__(self, name: str) -> None:
        """Raise the error of an import that fails, for all that is not there."""
        if name.startswith("_"):  # asked by Python itself, or by who looks for a representation
            raise AttributeError(name)
        raise ModuleNotFoundError("No module named 'matplotlib'", name="matplotlib")


def lend_matplotlib() -> None:
    """Offer Matplotlib's `imread`, through Pillow, where Matplotlib is not installed.

    `import matplotlib.pyplot as plt` works as well, so that the rest of such a cell runs, and only
    cells that plot lack Matplotlib.
    """
    if "matplotlib" in sys.modules or importlib.util.find_spec("matplotlib"):
        return
    package, image, pyplot = (Lent(f"matplotlib{part}") for part in ("", ".image", ".pyplot"))
    vars(image)["imread"] = vars(pyplot)["imread"] = imread
    vars(package).update(image=image, pyplot=pyplot)
    sys.modules |= {lent.__name__: lent for lent in (package, image, pyplot)}


def take_back() -> None:
    """Let go of what `lend_matplotlib` has lent: Matplotlib itself is there now."""
    for name in [name for name, module in sys.modules.items() if isinstance(module, Lent)]:
        del sys.modules[name]


def look_again() -> None:
    """Find what has been added to Python since it started."""
    importlib.invalidate_caches()
    if importlib.machinery.PathFinder.find_spec("matplotlib"):
        take_back()


def show_figures() -> None:
    """Show the figures that a cell has left open, where it draws with Matplotlib."""
    if backend := sys.modules.get("figures"):
        backend.show()


def imread(file: str) -> Any:  # noqa: ANN401 - NumPy is not imported before it is needed
    """Return a picture as Matplotlib does.

    Parameters
    ----------
    file : str
        A file of the course.

    Returns
    -------
    ndarray of shape (rows, columns) or (rows, columns, channels)
        Of type float32, from 0 to 1, for PNG; of type uint8 for other kinds.
    """
    import numpy as np
    from PIL import Image

    with Image.open(file) as picture:
        pixels = np.asarray(picture)
        return pixels.astype(np.float32) / 255 if picture.format == "PNG" else pixels


def no_input(*_prompt: object) -> str:
    """Stand in for `input`, which would wait for ever."""
    raise RuntimeError(NO_INPUT)


def quiet(source: str) -> bool:
    """Tell whether a cell ends in a semicolon, so that its value is not shown."""
    return source.rstrip().endswith(";")


# The few magics of IPython that lessons use ------------------------------------------------------


def without_magics(source: str) -> str:
    """Return a cell with `%timeit` and `%time` written as Python.

    Raises
    ------
    NeedsComputerError
        If the cell uses another magic, a shell command or `name?`.
    """
    if re.match(r"\s*%%timeit\b", source):
        first, _, rest = source.strip().partition("\n")
        return f"_timeit({rest!r}, {first.partition('%%timeit')[2]!r})"
    if "%" not in source and "!" not in source and "?" not in source:
        return source
    try:
        ast.parse(source)
    except SyntaxError:
        return "\n".join(line_without_magic(line) for line in source.split("\n"))
    return source


def line_without_magic(line: str) -> str:
    """Return one line without a magic."""
    if match := MAGIC.match(line):
        indent, name, _magic, code = match.groups()
        options = "".join(found[0] for found in OPTIONS.finditer(code.partition("--")[0]))
        code = code.removeprefix(options)
        call = f"_timeit({code.strip()!r}, {options!r})"
        return f"{indent}{name} = {call}" if name else f"{indent}{call};"
    if (match := OTHER_MAGIC.match(line)) and not line.lstrip().startswith("#"):
        what = match[1] or "?"
        message = f"`{what}` belongs to Jupyter. Run this cell in JupyterLab, on a computer."
        raise NeedsComputerError(message)
    return line


class TimeitResult:
    """What `%timeit -o` returns.

    Parameters
    ----------
    loops : int
        How many times the code ran in each repetition.
    runs : list of float
        Seconds of one loop, for each repetition.
    """

    def __init__(self, loops: int, runs: list[float]) -> None:
        self.loops = loops
        self.repeat = len(runs)
        self.all_runs = [run * loops for run in runs]
        self.timings = runs
        self.best = min(runs)
        self.worst = max(runs)
        self.average = sum(runs) / len(runs)

    def __str__(self) -> str:
        """Return the mean time of a loop in a fitting unit."""
        units = ((1, "s"), (1e-3, "ms"), (1e-6, "μs"), (1e-9, "ns"))
        size, unit = next(u for u in units if self.average >= u[0] or u[1] == "ns")
        runs = f"mean of {self.repeat} runs, {self.loops:,} loops each"
        return f"{self.average / size:.3g} {unit} per loop ({runs})"


def timed(code: str, options: str, space: dict[str, Any]) -> TimeitResult | None:
    """Time code as `%timeit` does; with `-o` return the result, without `-q` print it."""
    import timeit

    given = {match[1]: int(match[2]) for match in OPTIONS.finditer(options) if match[1]}
    timer = timeit.Timer(code, globals=space)
    loops = given.get("n") or timer.autorange()[0]
    result = TimeitResult(loops, [s / loops for s in timer.repeat(given.get("r", 7), loops)])
    if "-q" not in options:
        print(result)  # noqa: T201 - this is what the magic does
    return result if "-o" in options else None
