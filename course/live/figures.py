"""Matplotlib's backend in a page: figures are shown as in a notebook.

It is packed beside the kernel, as a module of its own. Matplotlib finds it by `MPLBACKEND`, and
Matplotlib itself is imported by cells alone.
"""

from __future__ import annotations

import builtins
import io
import sys
from typing import Any


def png(figure: Any) -> bytes:  # noqa: ANN401 - Matplotlib may not be installed
    """Return a figure as PNG, cut to what is drawn."""
    data = io.BytesIO()
    figure.savefig(data, format="png", bbox_inches="tight")
    return data.getvalue()


def show(*_args: object, **_options: object) -> None:
    """Show all open figures, and close them: at the end of each cell, and for `plt.show()`."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return
    display: Any = getattr(builtins, "display", print)
    try:
        for number in pyplot.get_fignums():
            display(pyplot.figure(number))
    finally:
        pyplot.close("all")


def __getattr__(name: str) -> Any:  # noqa: ANN401 - what Matplotlib reads of a backend
    if name != "FigureCanvas":
        raise AttributeError(name)
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    Figure._repr_png_ = png  # type: ignore[attr-defined]  # noqa: SLF001
    return FigureCanvasAgg
