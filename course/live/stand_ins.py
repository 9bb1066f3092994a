"""Substitutes for what a page does not have: Matplotlib, and `input`."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import sys
import types
from collections.abc import MutableSequence
from typing import Any

NO_INPUT = (
    "input() cannot ask you anything in a page. Give the value in the code instead, for example "
    "`name = 'Ada'`."
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
