"""Variables of the environment that would make this Python, or its Jupyter, another one.

Like all of `course.bootstrap`, this is the standard library and the syntax of Python 3.6.
"""

import os
import sys
import tempfile
from pathlib import Path

WHERE = {
    "PYTHONEXECUTABLE",
    "PYTHONHOME",
    "PYTHONPATH",
    "PYTHONPLATLIBDIR",
    "PYTHONUSERBASE",
    "PYTHON_FROZEN_MODULES",
    "__PYVENV_LAUNCHER__",
}
"""Name other packages than those in `.venv`. Elsewhere (conda, a hub), they may be needed."""
BEHAVIOR = {
    "PYTHONASYNCIODEBUG",
    "PYTHONBREAKPOINT",
    "PYTHONCASEOK",
    "PYTHONDEBUG",
    "PYTHONDEVMODE",
    "PYTHONDUMPREFS",
    "PYTHONDUMPREFSFILE",
    "PYTHONHASHSEED",
    "PYTHONINSPECT",
    "PYTHONINTMAXSTRDIGITS",
    "PYTHONMALLOC",
    "PYTHONMALLOCSTATS",
    "PYTHONNODEBUGRANGES",
    "PYTHONNOUSERSITE",
    "PYTHONOPTIMIZE",
    "PYTHONPERFSUPPORT",
    "PYTHONPROFILEIMPORTTIME",
    "PYTHONSAFEPATH",
    "PYTHONSTARTUP",
    "PYTHONTHREADDEBUG",
    "PYTHONTRACEMALLOC",
    "PYTHONVERBOSE",
    "PYTHONWARNDEFAULTENCODING",
    "PYTHONWARNINGS",
    "PYTHON_BASIC_REPL",
    "PYTHON_COLORS",
    "PYTHON_CONTEXT_AWARE_WARNINGS",
    "PYTHON_CPU_COUNT",
    "PYTHON_DISABLE_REMOTE_DEBUG",
    "PYTHON_GIL",
    "PYTHON_HISTORY",
    "PYTHON_JIT",
    "PYTHON_PERF_JIT_SUPPORT",
    "PYTHON_PRESITE",
    "PYTHON_THREAD_INHERIT_CONTEXT",
    "PYTHON_TLBC",
}
"""Change what Python does: -O removes the asserts of tests, `error` turns warnings into errors."""
KEPT = {
    "PYTHONCOERCECLOCALE",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONFAULTHANDLER",
    "PYTHONIOENCODING",
    "PYTHONLEGACYWINDOWSFSENCODING",
    "PYTHONLEGACYWINDOWSSTDIO",
    "PYTHONPYCACHEPREFIX",
    "PYTHONUNBUFFERED",
    "PYTHONUTF8",
}
"""Change where Python writes and in which encoding, and nothing about the course."""
FOLDERS = {
    "IPYTHONDIR": "ipython",
    "JUPYTER_CONFIG_DIR": "jupyter/config",
    "JUPYTER_DATA_DIR": "jupyter/data",
    "JUPYTER_RUNTIME_DIR": "jupyter/runtime",
    "MPLCONFIGDIR": "matplotlib",
    "PIP_CACHE_DIR": "pip",
    "UV_CACHE_DIR": "uv",
    "XDG_CACHE_HOME": "cache",
}
"""What would be written below the home folder, and its place below another one."""


def unwanted(environment: "dict[str, str]", *, in_venv: bool) -> "list[str]":
    """Return the names of variables that would make Python another one than the course expects.

    Parameters
    ----------
    environment : dict of str to str
    in_venv : bool
        Whether the packages are those of `.venv`.
    """
    return sorted((BEHAVIOR | (WHERE if in_venv else set())) & set(environment))


def wanted_environment(
    environment: "dict[str, str]", root: Path, *, in_venv: bool
) -> "dict[str, str]":
    """Return the environment of the course's processes.

    Parameters
    ----------
    environment : dict of str to str
    root : Path
        The checkout, which takes caches and settings if the home folder cannot be written.
    in_venv : bool
        Whether the packages are those of `.venv`.
    """
    left_out = unwanted(environment, in_venv=in_venv)
    kept = {name: value for name, value in environment.items() if name not in left_out}
    if home_is_writable(kept):
        return kept
    place = root / "_build" / "home"
    if not can_write(place):
        user = os.getuid() if hasattr(os, "getuid") else 0
        place = Path(tempfile.gettempdir()) / f"inside-the-ndarray-{user}"
    return dict({name: str(place / folder) for name, folder in FOLDERS.items()}, **kept)


def home_is_writable(environment: "dict[str, str]") -> bool:
    """Return whether the folders for settings and caches exist or can be made."""
    try:
        home = Path.home()
    except (KeyError, RuntimeError):  # a user id without a name, as in some containers
        return False
    if os.name == "nt":
        return can_write(home)
    named = {"XDG_CONFIG_HOME": ".config", "XDG_CACHE_HOME": ".cache", "XDG_DATA_HOME": ".local"}
    return all(can_write(Path(environment.get(name) or home / at)) for name, at in named.items())


def can_write(path: Path) -> bool:
    """Return whether a folder exists and can be written, or can be made."""
    for folder in (path, *path.parents):
        if folder.exists():
            return folder.is_dir() and os.access(str(folder), os.W_OK | os.X_OK)
    return False


def escape_what_cannot_be_printed() -> None:
    r"""Let an output that is not UTF-8 show `\u2192` for an arrow instead of an error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # Python 3.7; pytest has its own
            stream.reconfigure(errors="backslashreplace")
