"""Run the code cells of one exercise in a process of their own, for `course.exercises.runner`.

Reads one JSON job from stdin, and writes a JSON line when a cell starts and one when it ends. Only
the standard library is used, and IPython if a cell has a magic, so that an exercise starts as fast
as NumPy does.
"""

import ast
import builtins
import contextlib
import functools
import inspect
import json
import linecache
import os
import re
import sys
import types
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    import asyncio

LONGEST = 4000
"""How many characters of a message are passed on."""
MAGIC = re.compile(r"(?m)^[ \t]*(%%?|!)[a-zA-Z]|^[ \t]*\w+ = [%!]")


def main() -> None:
    """Run the job on stdin."""
    sys.path[0] = os.getcwd()  # noqa: PTH109 - as a kernel does, instead of this file's folder
    job = json.loads(sys.stdin.readline())
    limit(job["memory"])
    with results() as out:
        space = namespace()
        for cell in job["cells"]:
            tell(out, {"start": cell["id"]})
            tell(out, {"end": cell["id"], "message": failure_of(cell, space)})
        tell(out, {"done": True})
    os._exit(0)  # without waiting for threads and exit hooks of the answer


def limit(memory: int) -> None:
    """Limit address space and file sizes, and disable core dumps, where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 28, 1 << 28))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


@contextlib.contextmanager
def results() -> Any:  # noqa: ANN401 - a generator of a file
    """Yield the real stdout for results alone; what the cells print is discarded."""
    private = os.fdopen(os.dup(1), "w", encoding="utf-8")
    with open(os.devnull, "r+b", buffering=0) as nowhere:  # noqa: PTH123
        for number in (0, 1, 2):
            os.dup2(nowhere.fileno(), number)
        yield private


def tell(out: TextIO, fact: "dict[str, object]") -> None:
    """Write one line and flush it."""
    out.write(json.dumps(fact) + "\n")
    out.flush()


def namespace() -> "dict[str, Any]":
    """Return the globals of a fresh `__main__`, with what a notebook expects there."""
    module = types.ModuleType("__main__")
    module.__dict__.update(display=lambda *_shown, **_how: None, __builtins__=builtins)
    sys.modules["__main__"] = module
    return module.__dict__


def failure_of(cell: "dict[str, Any]", space: "dict[str, Any]") -> "str | None":
    """Run one cell; return None if it ended, or else the message of its error."""
    name = f"<cell {cell['id']}>"
    try:
        source = without_magics(cell["source"], space)
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        code = compile(source, name, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        if code.co_flags & inspect.CO_COROUTINE:
            loop().run_until_complete(eval(code, space))  # noqa: S307 - as `exec` below
        else:
            exec(code, space)  # noqa: S102 - the purpose of this module
    except AssertionError as error:
        return (str(error) or "an assert failed")[:LONGEST]
    except NotImplementedError:
        return "not written yet"
    except BaseException as error:  # noqa: BLE001 - SystemExit and the like end a cell, not the run
        return f"{type(error).__name__}: {error}"[:LONGEST]
    return None


@functools.cache
def loop() -> "asyncio.AbstractEventLoop":
    """Return the event loop of all cells that await: a later one can await what one started."""
    import asyncio

    return asyncio.new_event_loop()


def without_magics(source: str, space: "dict[str, Any]") -> str:
    """Return plain Python: magics become calls of an IPython, which the first of them starts."""
    if (
        "get_ipython" not in source
        and not MAGIC.search(source)
        and ("?" not in source or is_python(source))
    ):
        return source
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    class Shell(InteractiveShell):
        """An IPython without windows: `%matplotlib inline` asks whether there is one."""

        def enable_gui(self, gui: "str | None" = None) -> None:
            """Do nothing: figures are not shown here."""

    quiet = Config()
    quiet.HistoryManager.enabled = False
    shell = InteractiveShell.instance() if InteractiveShell.initialized() else None
    if shell is None:
        shell = Shell.instance(user_ns=space, config=quiet)
    space["get_ipython"] = shell.get_ipython
    text: str = shell.transform_cell(source)
    return text


def is_python(source: str) -> bool:
    """Return whether a cell is Python as it is: a question mark may be part of a text."""
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return False
    return True


if __name__ == "__main__":
    main()
