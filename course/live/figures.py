"""Matplotlib's backend in a page: figures are shown as in a notebook.

It is packed beside the kernel, as a module of its own. Matplotlib imports it, by `MPLBACKEND`, when
a cell draws; nothing else does.
"""

from __future__ import annotations

import builtins
import io
from typing import Any

from matplotlib import pyplot as plt
from matplotlib.backends.backend_agg import FigureCanvasAgg as FigureCanvas
from matplotlib.figure import Figure

__all__ = ["FigureCanvas", "show"]


def png(figure: Any) -> bytes:  # noqa: ANN401 - Matplotlib is not annotated
    """Return a figure as PNG, cut to what is drawn."""
    data = io.BytesIO()
    figure.savefig(data, format="png", bbox_inches="tight")
    return data.getvalue()


def show(*_args: object, **_options: object) -> None:
    """Show all open figures, and close them: at the end of each cell, and for `plt.show()`."""
    display: Any = getattr(builtins, "display", print)
    try:
        for number in plt.get_fignums():
            display(plt.figure(number))
    finally:
        plt.close("all")


Figure._repr_png_ = png  # type: ignore[attr-defined]
