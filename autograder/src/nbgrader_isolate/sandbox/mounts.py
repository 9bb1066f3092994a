"""What of the host a sandbox may see: the interpreter, its packages, the system's libraries, and nothing of a course."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

SYSTEM_FILES = (
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/mime.types",
)
"""Files and folders that programs read, and that tell nothing about the machine's users."""

SYSTEM_FOLDERS = ("bin", "lib", "lib64", "sbin")
"""Beside /usr; links into it on most systems."""

HOME = "/tmp/home"

SPOOL = "/spool"
"""Where the server finds its spool directory: the only thing that both sides can write."""


@cache
def python_roots() -> tuple[Path, ...]:
    """Return the folders without which this interpreter and its packages do not run, outside of /usr.

    That is its prefix, the prefix of the Python that a virtual environment rests on, and of packages that are installed in
    place (`pip install -e`) the packages themselves, not the project around them: solutions may lie there.
    """
    prefixes = [Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable).resolve().parents[1]]
    wanted = [*prefixes, *packages_in_place(), Path("/nix/store")]
    found: list[Path] = []
    for path in wanted:
        inside = any(path.is_relative_to(other) for other in (Path("/usr"), *found))
        if path.is_dir() and not inside:
            found.append(path)
    return tuple(found)


def packages_in_place() -> list[Path]:
    """Return the packages that a `.pth` file of this environment makes importable from elsewhere."""
    import sysconfig  # dear, and not needed inside

    site = Path(sysconfig.get_path("purelib"))
    lines = [
        line.strip() for file in site.glob("*.pth") for line in file.read_text("utf-8").splitlines()
    ]
    folders = [Path(line) for line in lines if line.startswith("/")]
    return sorted(init.parent for folder in folders for init in folder.glob("*/__init__.py"))


def font_list() -> Path | None:
    """Return matplotlib's list of this machine's fonts, if one was ever made: to make it costs each kernel 0.25 s and more."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    configured = os.environ.get("MPLCONFIGDIR")
    places = [Path(configured)] if configured else [cache / "matplotlib"]
    return max((file for place in places for file in place.glob("fontlist-*.json")), default=None)


def copy_font_list(folder: Path) -> Path | None:
    """Copy the list into a kernel's folder, for everyone to read, and return the copy."""
    found = font_list()
    if found is None:
        return None
    copy = folder / found.name
    copy.write_bytes(found.read_bytes())
    copy.chmod(0o644)
    return copy


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return all the variables that a process in the sandbox gets: nothing of ours comes through."""
    threads = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
    return {
        "PATH": f"{sys.prefix}/bin:/usr/bin:/bin",
        "HOME": HOME,
        "TMPDIR": "/tmp",
        "LANG": "C.UTF-8",
        "USER": "student",
        "LOGNAME": "student",
        "IPYTHONDIR": f"{HOME}/.ipython",
        "JUPYTER_RUNTIME_DIR": HOME,
        "MPLCONFIGDIR": f"{HOME}/.config/matplotlib",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONNOUSERSITE": "1",
        **dict.fromkeys(threads, "1"),
        **(extra or {}),
    }


def parents(path: Path) -> list[Path]:
    """Return the folders above `path`, the highest first, without the root."""
    return list(reversed(path.parents))[1:]


def readable() -> list[Path]:
    """Return what a process may read where it keeps the host's root (the Landlock tier)."""
    devices = ("full", "null", "random", "urandom", "zero")
    facts = ("/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/sys/devices/system/cpu")
    return [
        Path("/usr"),
        *(Path("/", name) for name in SYSTEM_FOLDERS),
        *map(Path, (*SYSTEM_FILES, *facts)),
        *(Path("/dev", name) for name in devices),
        *python_roots(),
    ]


def interpreter() -> str:
    """Return our interpreter by the name that keeps its virtual environment."""
    return os.path.normpath(sys.executable)


def light_command(module: str) -> list[str]:
    """Return the command that calls `main` of one of our modules, without the environment's packages or the names of ours."""
    package = str(Path(__file__).resolve().parents[1])
    code = (
        "import sys; package = sys.modules['nbgrader_isolate'] = type(sys)('nbgrader_isolate'); "
        f"package.__path__ = [{package!r}]; from {module} import main; main()"
    )
    return [interpreter(), "-I", "-S", "-c", code]
