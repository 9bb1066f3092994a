"""The live form of every instrument: one anywidget, whose front end computes in the browser.

This module is imported only if something can show a widget (see
`stridescope.runtime.instrument.is_live`), because the static pictures do not need anywidget.

Every widget carries the whole front end, compressed in a small module that unpacks it: about 70 kB,
which JupyterLab gets through a local socket and stores in a notebook that saves its widgets. The
first widget of a window unpacks it, and the others use the same (`stridescope.runtime.bundle`). A
page of the course stores it only once, because the renderer removes duplicates. anywidget accepts
`_esm` as the text of a module, or as a web address, which would need a server; it cannot refer to
the text of another widget. An instrument that asked another widget for the front end would live
only as long as that one, also in a saved notebook.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anywidget
from traitlets import Bytes, Dict, Unicode

from stridescope.runtime.bundle import loader
from stridescope.runtime.styles import style

if TYPE_CHECKING:
    from collections.abc import Callable

VIEW = "application/vnd.jupyter.widget-view+json"


class Live(anywidget.AnyWidget):
    """The state of one instrument in the browser, which sends back only the reader's answers.

    Parameters
    ----------
    kind
        The instrument: ``"layout"``, ``"predict"``, …
    state
        Its state, small and valid JSON.
    data
        The bytes of memory that it shows.
    reply
        The reader's latest answer; empty before the first one.
    """

    _esm = loader()
    # Without a line break, anywidget would take it for the name of a file.
    _css = style() + "\n"

    kind = Unicode().tag(sync=True)
    state = Dict().tag(sync=True)
    data = Bytes().tag(sync=True)
    reply = Dict().tag(sync=True)


def live(
    kind: str,
    state: dict[str, Any],
    data: bytes,
    on_reply: Callable[[dict[str, Any]], None] | None = None,
) -> Live:
    """Return the widget of an instrument.

    Parameters
    ----------
    kind, state, data
        See `Live`.
    on_reply
        Called in the kernel with each answer of the reader, if there is a kernel.
    """
    widget = Live(kind=kind, state=state, data=data)
    if on_reply is not None:
        widget.observe(lambda change: on_reply(change.new), "reply")
    return widget


def view(widget: Live) -> dict[str, Any]:
    """Return the part of a MIME bundle that shows `widget`."""
    return {VIEW: {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}}
