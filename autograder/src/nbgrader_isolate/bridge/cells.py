"""Run an instructor's cell in the test process, and collect its output, value and error."""

from __future__ import annotations

import ast
import asyncio
import inspect
import io
import json
import linecache
import sys
import traceback
import types
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar

from nbgrader_isolate.bridge.failures import Failure
from nbgrader_isolate.bridge.hidden_lines import hidden_lines, shown, without_hidden_lines
from nbgrader_isolate.core.text import cut_note, first_bytes
from nbgrader_isolate.notebook.ipython_syntax import as_python, parse_python

AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
OWN = "<cell {number}>"
LINES = 40
MESSAGE = 4000


@dataclass
class CellOutcome:
    """The result of a cell.

    Attributes
    ----------
    outputs : list of dict
        In the format of nbformat 4.
    value : object
        The value of the last expression, or None if there is none.
    error : BaseException or None
    """

    outputs: list[dict[str, Any]] = field(default_factory=list)
    value: Any = None
    error: BaseException | None = None


@dataclass
class Budget:
    """How many bytes of output a cell may still add.

    Attributes
    ----------
    limit, left : int
    """

    limit: int
    left: int = field(init=False)

    def __post_init__(self) -> None:
        self.left = self.limit

    def take(self, text: str) -> str:
        """Return the part of a text that fits, with a note if the rest is dropped."""
        if self.left < 0:
            return ""
        fitting, size = first_bytes(text, self.left)
        self.left -= size
        return fitting if self.left >= 0 else fitting + cut_note(self.limit)


class Stream(io.TextIOBase):
    """Collects what a cell prints, in order, up to a limit for both streams together.

    Parameters
    ----------
    name : {"stdout", "stderr"}
    outputs : list of dict
        The outputs of the cell, to which the text is added.
    budget : Budget
        Shared by both streams of a cell.
    hidden : frozenset of str
        Lines of the cell that nobody may see, without indentation. What the cell itself prints of
        them is replaced: doctest prints the examples that fail.
    """

    def __init__(
        self,
        name: str,
        outputs: list[dict[str, Any]],
        budget: Budget,
        hidden: frozenset[str] = frozenset(),
    ) -> None:
        self.stream, self.outputs, self.budget = name, outputs, budget
        self.hidden = hidden

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, text: str) -> int:
        """Add as much of a text as the limit allows, and a note if it is cut."""
        self.relay(shown(text, self.hidden))
        return len(text)

    def relay(self, text: str) -> None:
        """Add what the student's code has printed as it is: its text must tell nothing of ours."""
        fitting = self.budget.take(text)
        if fitting and self.outputs and self.outputs[-1].get("name") == self.stream:
            self.outputs[-1]["text"] += fitting
        elif fitting:
            self.outputs.append({"output_type": "stream", "name": self.stream, "text": fitting})


def run_cell(source: str, namespace: dict[str, Any], number: int, limit: int) -> CellOutcome:
    """Run a cell.

    Parameters
    ----------
    source : str
    namespace : dict
    number : int
        The number of the cell, for its file name.
    limit : int
        The most bytes of printed output to keep.

    Returns
    -------
    CellOutcome
    """
    outcome = CellOutcome()
    budget = Budget(limit)
    hidden = hidden_lines(source)
    streams = (Stream(name, outcome.outputs, budget, hidden) for name in ("stdout", "stderr"))
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = streams
    try:
        run = _with_ipython if needs_ipython(source) else _plainly
        run(source, namespace, number, outcome)
    except BaseException as error:  # noqa: BLE001 (reported in the result, whatever it is)
        outcome.error = error
    finally:
        sys.stdout, sys.stderr = before
    for index, output in enumerate(outcome.outputs):
        if output["output_type"] == "display_data" and len(json.dumps(output)) > limit:
            text = cut_note(limit)
            outcome.outputs[index] = {"output_type": "stream", "name": "stdout", "text": text}
    if outcome.error is not None:
        outcome.outputs.append(error_output(outcome.error))
    return outcome


def needs_ipython(source: str) -> bool:
    """Tell whether a cell needs more than Python: magics, shell escapes, `display`."""
    if any(word in source for word in ("get_ipython", "display(")):
        return True
    return parse_python(source) is None and parse_python(as_python(source)) is not None


def _plainly(source: str, namespace: dict[str, Any], number: int, outcome: CellOutcome) -> None:
    file = OWN.format(number=number)
    show_lines(file, source)
    tree = ast.parse(source, file)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    evaluate(compile(tree, file, "exec", AWAIT), namespace)
    if isinstance(last, ast.Expr):
        expression = ast.Expression(last.value)
        outcome.value = evaluate(compile(expression, file, "eval", AWAIT), namespace)
        if outcome.value is not None and not source.rstrip().endswith(";"):
            show(outcome.value, number, outcome)


def show_lines(file: str, source: str) -> None:
    """Give a cell's visible lines to whoever prints a traceback, in this cell or in a later one."""
    text = without_hidden_lines(source)
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)


def evaluate(code: types.CodeType, namespace: dict[str, Any]) -> Any:  # noqa: ANN401
    """Run code of our own cell, in its sandbox; return the value of an expression."""
    value = eval(code, namespace)  # noqa: S307
    if code.co_flags & inspect.CO_COROUTINE:
        return event_loop().run_until_complete(value)
    return value


@cache
def event_loop() -> asyncio.AbstractEventLoop:
    """Return the event loop of this process, which all cells share, as in a notebook."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    return loop


def show(value: object, number: int, outcome: CellOutcome) -> None:
    """Add the output that displays a value."""
    from IPython.lib.pretty import pretty

    data = {"text/plain": pretty(value)[:MESSAGE]}
    outcome.outputs.append(
        {"output_type": "execute_result", "execution_count": number, "data": data, "metadata": {}}
    )


def _with_ipython(
    source: str, namespace: dict[str, Any], number: int, outcome: CellOutcome
) -> None:
    shell = ipython(namespace)
    shell.display_pub.outputs = []
    shell.display_trap.hook.taken = None
    shell.errors.clear()
    result = shell.run_cell(source, store_history=False)
    outcome.outputs.extend(
        output | {"output_type": "display_data"} for output in shell.display_pub.outputs
    )
    if shell.errors:
        raise shell.errors[0]
    outcome.value = result.result
    if result.result is not None and not source.rstrip().endswith(";"):
        show(result.result, number, outcome)


def ipython(namespace: dict[str, Any]) -> Any:  # noqa: ANN401 - IPython's types lack what a shell has
    """Return the IPython shell of this process; it is created when the first cell needs it."""
    from IPython.core.compilerop import CachingCompiler
    from IPython.core.displayhook import DisplayHook
    from IPython.core.displaypub import CapturingDisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    class Silent(DisplayHook):
        """Displays nothing, because the value is taken from the result."""

        def __call__(self, result: object = None) -> None:
            """Do nothing."""

    class Compiler(CachingCompiler):
        """Compiles cells, and keeps their visible lines only."""

        def cache(self, transformed_code: str, *arguments: Any, **options: Any) -> str:  # noqa: ANN401
            """Note the lines of a cell; return its name."""
            name = super().cache(transformed_code, *arguments, **options)
            show_lines(name, transformed_code)
            return str(name)

    class Shell(InteractiveShell):
        """A shell that collects what it displays, and does not report errors itself."""

        compiler_class = Compiler
        display_pub_class = CapturingDisplayPublisher
        displayhook_class = Silent
        errors: ClassVar[list[BaseException]] = []

        def run_cell(self, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401
            """Run a cell, or the part of one below `%%capture`, which keeps errors to itself."""
            result = super().run_cell(*arguments, **options)  # type: ignore[no-untyped-call]
            if error := result.error_before_exec or result.error_in_exec:
                self.errors.append(error)
            return result

        def showtraceback(self, *_: object, **__: object) -> None:
            """Do nothing."""

        def enable_gui(self, gui: object = None) -> None:
            """Do nothing: there are no windows."""

        def showsyntaxerror(self, *_: object, **__: object) -> None:
            """Do nothing."""

    if not InteractiveShell.initialized():
        config = Config()
        config.HistoryManager.enabled = False
        config.InteractiveShell.colors = "nocolor"
        shell: Any = Shell(config=config, user_ns=namespace)  # type: ignore[no-untyped-call]
        InteractiveShell._instance = shell  # noqa: SLF001 (as `instance` does, with a namespace)
        Shell._instance = shell  # noqa: SLF001
    return InteractiveShell.instance()


def error_output(error: BaseException) -> dict[str, Any]:
    """Return an error in nbformat's format: its message and location, but no source of a test."""
    message = message_of(error)
    name = type(error).__name__
    return {
        "output_type": "error",
        "ename": name,
        "evalue": message,
        "traceback": [f"{name}: {message}", *locations(error)],
    }


def message_of(error: BaseException) -> str:
    """Return the text of an error, or the name of its class if the text is empty."""
    try:
        text = str(error)
    except Exception:  # noqa: BLE001 (the `__str__` of an error can fail)
        text = ""
    return (text or type(error).__name__)[:MESSAGE]


def describe_error(error: BaseException) -> str:
    """Return the message of an error for a cell's record, with its class if that adds something."""
    text, kind = message_of(error), type(error).__name__
    complete = isinstance(error, AssertionError | Failure | KeyboardInterrupt) or text == kind
    return text if complete else f"{kind}: {text}"[:MESSAGE]


def locations(error: BaseException) -> list[str]:
    """Return where an error occurred: lines of the test by number, lines of the student by text."""
    lines = [
        f"line {frame.lineno} of the test"
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.startswith("<cell ")
    ][:1]
    cause = error if getattr(error, "__notes__", None) else (error.__cause__ or error)
    lines += [str(note) for note in getattr(cause, "__notes__", [])][:LINES]
    return lines
