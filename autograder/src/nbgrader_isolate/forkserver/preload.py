"""Import everything that kernels need before the fork; a trial kernel finds out what that is."""

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
"""Modules that students' notebooks need, or IPython for its first cell and first traceback.

Modules that are not installed are skipped. The trial kernel would find most of these too, but then
they would be imported twice.
"""

FIGURES = "matplotlib_inline.backend_inline"
"""Imported because of its own imports, and then forgotten.

A kernel that draws must run it again, because only then does it register with the shell.
"""

CELLS = (
    "import numpy as np\nprint(np.arange(3)); np.arange(3).reshape(3, 1)",
    "import matplotlib.pyplot as plt\nplt.plot([1]); plt.show()",
    "1 / 0",
    "assert False, 'no'",
    "import warnings; warnings.warn('careful')",
    "def f(:",
)
"""The cells of the trial kernel: a value, a plot, and errors."""

_TRIAL_SECONDS = 20.0


def warm_up(modules: Iterable[str]) -> Application | None:
    """Import everything that kernels need, and return the prepared application.

    Parameters
    ----------
    modules : iterable of str
        Modules in addition to `MODULES`: those of the functions that children will run.

    Returns
    -------
    Application or None
        None if the version of ipykernel is unknown.

    Raises
    ------
    RuntimeError
        If a module has started a thread, which would not survive a fork.
    """
    # A graded kernel has no debugger, and importing it takes longer than the rest of ipykernel.
    sys.modules.setdefault("debugpy", None)  # type: ignore[arg-type]
    from nbgrader_isolate.forkserver import kernel

    for name in (*MODULES, *modules):
        _try_import(name)
    trial = TrialKernel()  # runs in parallel with what follows
    with contextlib.suppress(Exception):
        draw()
        draw_when_shown()
    application = kernel.prepare()
    for name in trial.imported_modules():
        _try_import(name)
    sys.modules.pop(FIGURES, None)
    # It caches the files of all modules; otherwise the first traceback of each kernel would do
    # that.
    inspect.getmodule(compile("", "", "exec"))
    threads = thread_count()
    if threads != 1:
        raise RuntimeError(f"the warm process has {threads} threads, but it can only fork with one")
    freeze()
    return application


def import_more(names: Iterable[str]) -> None:
    """Import modules in the warm process when an assignment needs them.

    Parameters
    ----------
    names : iterable of str
        Full names of modules, or `module:name` for what `from module import name` imports. What
        cannot be imported is left to the children, which then report it.
    """
    for name in names:
        _try_import(name)
    freeze()


def thread_count() -> int:
    """Return the number of threads of this process."""
    return len(os.listdir("/proc/self/task"))  # noqa: PTH208 (numbers)


def freeze() -> None:
    """Keep the garbage collector of children off the objects that exist now."""
    gc.collect()
    gc.freeze()


def _try_import(name: str) -> None:
    module, _, part = name.partition(":")
    if name in sys.modules:
        return
    with contextlib.suppress(Exception), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        importlib.import_module(module)
        if part:  # a submodule, or a name that the package finds only when it is asked for
            __import__(module, fromlist=[part])


def draw() -> None:
    """Draw and discard a plot, so that fonts are found and loaded once and not in every kernel."""
    from matplotlib.figure import Figure

    figure = Figure()
    axes = figure.subplots()
    axes.plot([0, 1])
    axes.set_title("a")
    figure.savefig(io.BytesIO(), format="png", bbox_inches="tight")


def draw_when_shown() -> None:
    """Have pyplot draw a plot only when it is shown, and not also after the cell, unseen."""
    from matplotlib import pyplot as plt

    if hasattr(plt, "_draw_all_if_interactive"):
        plt._draw_all_if_interactive = _nothing  # noqa: SLF001 (IPython calls it after each cell)


def _nothing() -> None:
    """Do nothing."""


def uncompiled() -> list[str]:
    """Return the source files of imported modules that have no bytecode yet."""
    sources = []
    for module in list(sys.modules.values()):
        source, compiled = (getattr(module, name, None) for name in ("__file__", "__cached__"))
        if source and compiled and not Path(compiled).exists():
            sources.append(str(source))
    return sources


class TrialKernel:
    """A forked kernel that runs `CELLS`, reports the modules it has imported, and is discarded."""

    def __init__(self) -> None:
        self.output, write_end = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.close(self.output)
                _run_trial_kernel(write_end)
            finally:
                os._exit(1)
        os.close(write_end)

    def imported_modules(self) -> list[str]:
        """Wait for its end and return the names of the modules; none if it failed."""
        with open(self.output, "rb") as pipe:  # noqa: PTH123 (a descriptor, not a path)
            report = pipe.read()
        os.waitpid(self.pid, 0)
        return json.loads(report) if report else []


def _run_trial_kernel(report: int) -> None:
    from nbgrader_isolate.forkserver import kernel

    null = os.open("/dev/null", os.O_RDWR)
    for fd in range(3):
        os.dup2(null, fd)
    folder = Path(tempfile.mkdtemp(prefix="r"))
    listeners = runtime_dir.listen(folder)
    client = threading.Thread(target=_be_client, args=(folder, report), daemon=True)
    client.start()
    kernel.serve(kernel.prepare(), str(folder / "k"), "trial", listeners)


def _be_client(folder: Path, report: int) -> None:
    try:
        _run_cells(folder)
        names = [name for name, module in list(sys.modules.items()) if module is not None]
        os.write(report, json.dumps(names).encode())
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(0)


def _run_cells(folder: Path) -> None:
    import zmq
    from jupyter_client.session import Session

    session = Session(key=b"trial")
    with zmq.Context() as context, context.socket(zmq.DEALER) as shell:
        shell.linger = 0
        shell.connect(f"ipc://{folder}/k-1")
        requests: list[tuple[str, dict[str, Any]]] = [("kernel_info_request", {})]
        requests += [("execute_request", _execution(cell)) for cell in CELLS]
        end = time.monotonic() + _TRIAL_SECONDS
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
