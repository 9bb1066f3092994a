"""The live form of every instrument: one anywidget, whose front end computes in the browser.

Imported only where something can show it (`stridescope.runtime.instrument.is_live`): anywidget is no
dependency of the static pictures.

Every widget carries the whole front end. In JupyterLab each instrument shown sends its text, some
190 kB, over a local socket once; a page holds it once, since the renderer takes equal texts out.
anywidget knows two forms of `_esm`: the text of a module (a file's path is read into one), and an
address on the web, which would need a server. It has none that refers to another widget's text. A
small module that asks the widget manager for a widget with the library, and imports that from a
Blob, could be built on `model.widget_manager`; but then an instrument lives only as long as another
widget does, a page without a kernel needs a manager of its own, and each saved notebook must hold
both. So the text is sent each time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anywidget
from traitlets import Bytes, Dict, Unicode

from stridescope.runtime.bundle import bundle
from stridescope.runtime.styles import style

if TYPE_CHECKING:
    from collections.abc import Callable

VIEW = "application/vnd.jupyter.widget-view+json"


class Live(anywidget.AnyWidget):
    """What the browser needs to draw one instrument; it sends nothing back but a reader's reply.

    Parameters
    ----------
    kind
        Which instrument: ``"layout"``, ``"predict"``, …
    state
        Its description, small and made of what JSON knows.
    data
        The bytes of the visible window.
    reply
        What the reader answered; empty until then.
    """

    _esm = bundle()
    # On one line it would be taken for the name of a file.
    _css = style(live=True) + "\n"

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
    """Make the widget of an instrument.

    Parameters
    ----------
    on_reply
        Called in the kernel with each reply of the reader, if there is a kernel.
    """
    widget = Live(kind=kind, state=state, data=data)
    if on_reply is not None:
        widget.observe(lambda change: on_reply(change.new), "reply")
    return widget


def view(widget: Live) -> dict[str, Any]:
    """Return the part of a MIME bundle that shows `widget`."""
    return {VIEW: {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}}
