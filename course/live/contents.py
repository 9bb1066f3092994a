"""What the page "What runs here" says about the runtime."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from course.live import full
from course.live.runtime import Runtime

OTHERS = {
    "contourpy": ("BSD-3-Clause", "contourpy/contourpy"),
    "cycler": ("BSD-3-Clause", "matplotlib/cycler"),
    "fonttools": ("MIT", "fonttools/fonttools"),
    "kiwisolver": ("BSD-3-Clause", "nucleic/kiwi"),
    "matplotlib": ("Matplotlib’s, based on the PSF’s", "matplotlib/matplotlib"),
    "packaging": ("Apache-2.0 or BSD-2-Clause", "pypa/packaging"),
    "pyparsing": ("MIT", "pyparsing/pyparsing"),
    "python-dateutil": ("Apache-2.0 and BSD-3-Clause", "dateutil/dateutil"),
    "pytz": ("MIT", "stub42/pytz"),
    "six": ("MIT", "benjaminp/six"),
}
"""License and source of Matplotlib and what it needs."""
CODEMIRROR = re.compile(r'"@codemirror/view": "([\d.]+)"')


@dataclass(frozen=True)
class Item:
    """A product that the live files contain.

    Parameters
    ----------
    name, version, license, source : str
        What it is called, which version it is, its license, and where its source is.
    """

    name: str
    version: str
    license: str
    source: str


def contents(vendor: Path, *, with_matplotlib: bool = False) -> list[Item]:
    """Return what runs in the pages.

    Parameters
    ----------
    vendor : Path
        The folder with `pyodide/` and `codemirror/`.
    with_matplotlib : bool, optional
        Whether Matplotlib is among it.
    """
    runtime = Runtime(vendor / "pyodide")
    version = {name: wheel["version"] for name, wheel in runtime.wheels.items()}
    found = CODEMIRROR.search((vendor / "codemirror" / "package.json").read_text("utf-8"))
    code = "https://github.com"
    items = [
        Item("CPython", runtime.python_version, "PSF-2.0", f"{code}/python/cpython"),
        Item("NumPy", version["numpy"], "BSD-3-Clause", f"{code}/numpy/numpy"),
        Item("Pillow", version["pillow"], "MIT-CMU", f"{code}/python-pillow/Pillow"),
        Item("Pyodide", runtime.pyodide_version, "MPL-2.0", f"{code}/pyodide/pyodide"),
        Item("CodeMirror", found[1] if found else "", "MIT", f"{code}/codemirror/view"),
    ]
    if with_matplotlib:
        items += [
            Item(name, wheel["version"], OTHERS[name][0], f"{code}/{OTHERS[name][1]}")
            for name, wheel in full.wheels(runtime).items()
        ]
    return items
