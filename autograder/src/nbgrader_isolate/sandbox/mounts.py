"""The parts of the host that a sandbox may see: Python, its packages and the system's libraries.

This is a list of what is allowed. Of `/usr` and of Python's own folders, it has only the parts that
programs are installed into. Nothing of a course is among them, and `private` hides what is inside
them nevertheless.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

SYSTEM_FILES = (
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/mime.types",
)
"""Files and folders that programs read, and that reveal nothing about the machine's users."""

SYSTEM_FOLDERS = ("bin", "lib", "lib64", "sbin")
"""Folders in addition to those of /usr; on most systems they are links into it."""

USR_FOLDERS = ("bin", "include", "lib", "lib32", "lib64", "libexec", "libx32", "sbin", "share")
"""Folders of /usr. `/usr/local` is not among them: nbgrader keeps its exchange there."""

PREFIX_PARTS = ("bin", "include", "lib", "lib64", "libexec", "pyvenv.cfg", "ssl")
"""Folders and files of a Python installation or a virtual environment."""

PREFIX_DATA = {
    "etc": ("fonts", "ipython", "jupyter"),
    "share": (
        *("X11", "fontconfig", "fonts", "gdal", "ghostscript", "graphviz", "icu", "jupyter"),
        *("locale", "mime", "misc", "nltk_data", "proj", "terminfo", "zoneinfo"),
    ),
}
"""Data of packages, in folders of an installation that also contain other things."""

HOME = "/tmp/home"

SERVER_DIR = "/server"
"""Where the server sees its own folder, the only one that it and the host can both write to."""


def usr_folders() -> list[Path]:
    """Return the folders of /usr that exist; those that are links are not resolved."""
    return [path for name in USR_FOLDERS if (path := Path("/usr", name)).exists()]


@cache
def python_roots() -> tuple[Path, ...]:
    """Return the paths outside `usr_folders` that this interpreter and its packages need to run.

    These are parts of the prefix and of the Python under a virtual environment, the folders with
    packages, and the packages that are installed in place (`pip install -e`). Of the latter only
    the packages themselves are included, and not the project around them, because it may contain
    solutions.
    """
    roots: list[Path] = []
    for path in (*_installed(), *packages_in_place(), Path("/nix/store")):
        covered = any(path.is_relative_to(root) for root in (*usr_folders(), *roots))
        if path.exists() and not covered:
            roots.append(path)
    return tuple(roots)


def _installed() -> Iterator[Path]:
    import site  # slow to import, and not needed inside
    import sysconfig

    prefixes = [Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable).resolve().parents[1]]
    for prefix in prefixes:
        if prefix != Path("/usr"):
            yield from (prefix / name for name in PREFIX_PARTS)
        for folder, names in PREFIX_DATA.items():
            yield from (prefix / folder / name for name in names)
    yield from (Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib", "platlib"))
    yield from (Path(folder) for folder in site.getsitepackages())
    yield Path("/usr/local/lib")  # where the system's own loader looks for libraries


def packages_in_place() -> list[Path]:
    """Return packages outside this environment that one of its `.pth` files makes importable."""
    import sysconfig  # slow to import, and not needed inside

    site = Path(sysconfig.get_path("purelib"))
    lines = [
        line.strip() for file in site.glob("*.pth") for line in file.read_text("utf-8").splitlines()
    ]
    folders = [Path(line) for line in lines if line.startswith("/")]
    return sorted(init.parent for folder in folders for init in folder.glob("*/__init__.py"))


def font_list() -> Path | None:
    """Return matplotlib's cached list of this machine's fonts, or None if there is none.

    Building the list would cost each kernel 0.25 s or more.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    configured = os.environ.get("MPLCONFIGDIR")
    folder = Path(configured) if configured else cache / "matplotlib"
    return max(folder.glob("fontlist-*.json"), default=None)


def copy_font_list(folder: Path) -> Path | None:
    """Copy the list into a kernel's folder, readable by everyone, and return the copy."""
    fonts = font_list()
    if fonts is None:
        return None
    copy = folder / fonts.name
    copy.write_bytes(fonts.read_bytes())
    copy.chmod(0o644)
    return copy


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the complete environment of a process in the sandbox; none of our variables enters."""
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
    """Return the parents of `path` without the root, the topmost first."""
    return list(reversed(path.parents))[1:]


def readable() -> list[Path]:
    """Return the paths that a process may read if it keeps the host's root (Landlock backend)."""
    devices = ("full", "null", "random", "urandom", "zero")
    system_information = ("/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/sys/devices/system/cpu")
    return [
        *usr_folders(),
        *(Path("/", name) for name in SYSTEM_FOLDERS),
        *map(Path, (*SYSTEM_FILES, *system_information)),
        *(Path("/dev", name) for name in devices),
        *python_roots(),
    ]


def interpreter() -> str:
    """Return the path of our interpreter, unresolved so that it keeps its virtual environment."""
    return os.path.normpath(sys.executable)


def light_command(module: str) -> list[str]:
    """Return a command that calls `main` of one of our modules.

    It starts fast: neither the environment's packages nor our own package's `__init__` is imported.
    """
    package = str(Path(__file__).resolve().parents[1])
    code = (
        "import sys; package = sys.modules['nbgrader_isolate'] = type(sys)('nbgrader_isolate'); "
        f"package.__path__ = [{package!r}]; from {module} import main; main()"
    )
    return [interpreter(), "-I", "-S", "-c", code]
