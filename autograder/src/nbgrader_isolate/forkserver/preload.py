"""What the server imports before it forks: everything that a kernel will need, found out by a rehearsal."""

from __future__ import annotations

import contextlib
import gc
import importlib
import inspect
import io
import json
import os
import shutil
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbgrader_isolate.forkserver import runtime_dir

if TYPE_CHECKING:
    from nbgrader_isolate.forkserver.kernel import Application

MODULES = (
    "numpy",
    "numpy.random",
    "matplotlib",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "matplotlib_inline.backend_inline",
    "IPython.core.completerlib",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "pygments.formatters.terminal256",
    "stack_data",
    "tornado.locks",
    "tornado.platform.asyncio",
)
"""Of students' notebooks, and of IPython's first cell and first traceback; what is not installed is left out.

The rehearsal would find most of them too, at the price of importing them twice.
"""

FIGURES = "matplotlib_inline.backend_inline"
"""Imported for what it imports, and then forgotten: a kernel that draws runs it again, for it makes itself known to the shell then."""

CELLS = (
    "import numpy as np\nprint(np.arange(3)); np.arange(3).reshape(3, 1)",
    "import matplotlib.pyplot as plt\nplt.plot([1]); plt.show()",
    "1 / 0",
    "assert False, 'no'",
    "import warnings; warnings.warn('careful')",
    "def f(:",
)
"""Run by the rehearsal: a value, a picture, errors."""

_REHEARSAL_SECONDS = 20.0


def warm_up(modules: Iterable[str]) -> Application | None:
    """Import all that kernels need and return the prepared application (None: unknown ipykernel).

    Parameters
    ----------
    modules : iterable of str
        Beside `MODULES`: those of the functions that children will be asked to run.

    Raises
    ------
    RuntimeError
        When a module started a thread, which would not survive a fork.
    """
    # No debugger in a graded kernel; to import it takes longer than the rest of ipykernel's start.
    sys.modules.setdefault("debugpy", None)  # type: ignore[arg-type]
    from nbgrader_isolate.forkserver import kernel

    for name in (*MODULES, *modules):
        _try_import(name)
    rehearsal = Rehearsal()  # goes on beside what follows
    with contextlib.suppress(Exception):
        draw()
        draw_when_shown()
    application = kernel.prepare()
    for name in rehearsal.names():
        _try_import(name)
    sys.modules.pop(FIGURES, None)
    # It remembers the files of all modules, as the first traceback of each kernel would.
    inspect.getmodule(compile("", "", "exec"))
    threads = len(os.listdir("/proc/self/task"))  # noqa: PTH208 (numbers)
    if threads != 1:
        raise RuntimeError(f"the warm process has {threads} threads; it must have one to fork")
    gc.collect()
    gc.freeze()
    return application


def _try_import(name: str) -> None:
    if name in sys.modules:
        return
    with contextlib.suppress(Exception), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        importlib.import_module(name)


def draw() -> None:
    """Draw a picture that nobody sees: fonts are looked for, loaded and remembered, once and not in every kernel."""
    from matplotlib.figure import Figure

    figure = Figure()
    axes = figure.subplots()
    axes.plot([0, 1])
    axes.set_title("a")
    figure.savefig(io.BytesIO(), format="png", bbox_inches="tight")


def draw_when_shown() -> None:
    """Have pyplot draw a picture when it is shown, and not after the cell as well: that drawing is seen by nobody."""
    from matplotlib import pyplot as plt

    if hasattr(plt, "_draw_all_if_interactive"):
        plt._draw_all_if_interactive = _nothing  # noqa: SLF001 (what it has IPython call after each cell)


def _nothing() -> None:
    """Do nothing."""


def uncompiled() -> list[str]:
    """Return the source files of imported modules that have no bytecode: the next start reads them again."""
    found = []
    for module in list(sys.modules.values()):
        source, compiled = (getattr(module, name, None) for name in ("__file__", "__cached__"))
        if source and compiled and not Path(compiled).exists():
            found.append(str(source))
    return found


class Rehearsal:
    """A forked kernel that is thrown away: it runs `CELLS`, and then says which modules it has imported."""

    def __init__(self) -> None:
        self.outcome, inlet = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.close(self.outcome)
                _perform(inlet)
            finally:
                os._exit(1)
        os.close(inlet)

    def names(self) -> list[str]:
        """Return the modules, when it has ended; none if it failed."""
        with open(self.outcome, "rb") as pipe:  # noqa: PTH123 (a descriptor, not a path)
            told = pipe.read()
        os.waitpid(self.pid, 0)
        return json.loads(told) if told else []


def _perform(inlet: int) -> None:
    from nbgrader_isolate.forkserver import kernel

    null = os.open("/dev/null", os.O_RDWR)
    for place in range(3):
        os.dup2(null, place)
    folder = Path(tempfile.mkdtemp(prefix="r"))
    listeners = runtime_dir.listen(folder)
    ask = threading.Thread(target=_ask, args=(folder, inlet), daemon=True)
    ask.start()
    kernel.serve(kernel.prepare(), str(folder / "k"), "rehearsal", listeners)


def _ask(folder: Path, inlet: int) -> None:
    try:
        _run_cells(folder)
        names = [name for name, module in list(sys.modules.items()) if module is not None]
        os.write(inlet, json.dumps(names).encode())
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(0)


def _run_cells(folder: Path) -> None:
    import zmq
    from jupyter_client.session import Session

    session = Session(key=b"rehearsal")
    with zmq.Context() as context, context.socket(zmq.DEALER) as shell:
        shell.linger = 0
        shell.connect(f"ipc://{folder}/k-1")
        requests: list[tuple[str, dict[str, Any]]] = [("kernel_info_request", {})]
        requests += [("execute_request", _execution(cell)) for cell in CELLS]
        end = time.monotonic() + _REHEARSAL_SECONDS
        for kind, content in requests:
            session.send(shell, kind, content)
            if not shell.poll(int(1000 * max(0.0, end - time.monotonic()))):
                return
            session.recv(shell)


def _execution(code: str) -> dict[str, Any]:
    return {
        "code": code,
        "silent": False,
        "store_history": True,
        "user_expressions": {},
        "allow_stdin": False,
        "stop_on_error": False,
    }
