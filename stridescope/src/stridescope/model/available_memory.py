"""How much memory this process can still use: the least that any limit leaves.

The figures are read from the system's own files, without psutil. Sources: `man 5 proc` (meminfo,
statm, cgroup), the kernel's `cgroup-v2.rst` and `cgroup-v1/memory.rst`, `man 2 getrlimit`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

KIB = 1024
IN_A_PAGE = 80_000_000
"""Bytes that arrays and temporaries may take where Python runs in a page. The system there names
2 GB or more, but a phone ends a page that takes a few hundred MB, and WebAssembly never gives back
memory that it has once taken."""
NO_LIMIT = 1 << 60
"""Version 1 limits of this many bytes or more mean no limit; the kernel writes 2⁶³ less a page."""


def available_memory(root: Path = Path("/")) -> int | None:
    """Return the bytes that this process can still use; None if the system does not say.

    Parameters
    ----------
    root
        The folder that contains ``proc`` and ``sys``; another one in tests.

    Returns
    -------
    int or None
        The least of three figures: the memory that the machine has available, the memory left in
        this process's control groups (version 1 and 2, including their parents), and what is left
        under the limit on addresses (``ulimit -v``). Never negative. Where Python runs in a page,
        it is `IN_A_PAGE`.
    """
    if sys.platform == "emscripten":
        return IN_A_PAGE
    limits = [*_machine(root), *_control_groups(root), *_addresses(root)]
    return max(0, min(limits)) if limits else None


def _machine(root: Path) -> Iterator[int]:
    """Yield what the machine has available, or half of its memory if only the total is known."""
    meminfo = _fields(root / "proc" / "meminfo")
    if "MemAvailable:" in meminfo:
        yield meminfo["MemAvailable:"] * KIB
    elif root == Path("/") and sys.platform == "win32":
        yield from _windows()
    elif root == Path("/") and "SC_PHYS_PAGES" in os.sysconf_names:
        yield os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2


def _windows() -> Iterator[int]:
    """Yield the physical memory that Windows has available."""
    import ctypes

    class Status(ctypes.Structure):
        _fields_ = (
            ("length", ctypes.c_uint32),
            ("load", ctypes.c_uint32),
            ("total", ctypes.c_uint64),
            ("free", ctypes.c_uint64),
            ("others", ctypes.c_uint64 * 5),
        )

    status = Status(length=ctypes.sizeof(Status))
    kernel32 = getattr(ctypes, "windll").kernel32  # noqa: B009 - only Windows has it
    if kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):
        yield int(status.free)


def _control_groups(root: Path) -> Iterator[int]:
    """Yield the memory left in each control group of this process that has a limit."""
    text = _text(root / "proc" / "self" / "cgroup") or ""
    mount = root / "sys" / "fs" / "cgroup"
    for line in text.splitlines():
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if not controllers:
            yield from _left(mount, path, ("memory.max", "memory.current", "inactive_file"))
        elif "memory" in controllers.split(","):
            names = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
            yield from _left(mount / "memory", path, names)


def _left(mount: Path, path: str, names: tuple[str, str, str]) -> Iterator[int]:
    """Yield the limit minus the use of a group and its parents; droppable file pages do not count.

    In a container, the path is the one outside of it, which may not exist here. The mount itself is
    the group then.
    """
    limit_name, use_name, droppable = names
    parts = [part for part in path.split("/") if part not in {"", ".."}]
    for depth in range(len(parts), -1, -1):
        group = mount.joinpath(*parts[:depth])
        limit, use = _number(group / limit_name), _number(group / use_name)
        if limit is not None and use is not None and limit < NO_LIMIT:
            yield limit - use + _fields(group / "memory.stat").get(droppable, 0)


def _addresses(root: Path) -> Iterator[int]:
    """Yield what is left under the limit on this process's addresses, if there is one."""
    try:
        import resource
    except ImportError:  # Windows
        return
    if not hasattr(resource, "getrlimit"):  # a stand-in, as in JupyterLite
        return
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    pages = (_text(root / "proc" / "self" / "statm") or "0").split()[0]
    if limit != resource.RLIM_INFINITY:
        yield limit - int(pages) * resource.getpagesize()


def _text(file: Path) -> str | None:
    try:
        return file.read_text(encoding="ascii", errors="replace")
    except OSError:
        return None


def _number(file: Path) -> int | None:
    """Return the number in a file; None for ``max``, or if there is no such file."""
    text = (_text(file) or "").strip()
    return int(text) if text.isdigit() else None


def _fields(file: Path) -> dict[str, int]:
    """Return the numbers in the lines ``name number …`` of a file, by name."""
    lines = (line.split() for line in (_text(file) or "").splitlines())
    return {words[0]: int(words[1]) for words in lines if len(words) > 1 and words[1].isdigit()}
