"""What every instrument is: an HTML figure, the same in words, and perhaps a live widget."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from stridescope.runtime.styles import style_tag

if TYPE_CHECKING:
    from stridescope.runtime.widget import Live


def is_live() -> bool:
    """Tell whether a front end is present that can show widgets.

    The environment variable ``STRIDESCOPE_LIVE`` decides, if it is set (``0`` means no). Otherwise,
    the answer is yes if the request that runs this cell names the cell. JupyterLab, JupyterLite,
    Notebook 7 and VS Code name it, and so does Colab, in a place of its own. nbconvert and nbclient
    do not, and a widget in their pages would stay blank without a network. A page that runs Python
    itself has no IPython and needs no widget: it draws the live form from the instrument.
    """
    setting = os.environ.get("STRIDESCOPE_LIVE", "")
    if setting:
        return setting != "0"
    ipython = sys.modules.get("IPython")
    metadata = _request_metadata(ipython.get_ipython() if ipython else None)
    return "cellId" in metadata or "cell_id" in (metadata.get("colab") or {})


def _request_metadata(shell: object) -> Mapping[str, Any]:
    """Return the metadata of the request that runs this cell; empty if there is none.

    ipykernel's shell has the request itself (`ipykernel.zmqshell`), and so has Colab's, which is
    derived from it. JupyterLite's shell has a kernel that returns it (`pyodide_kernel.kernel`).
    """
    request = getattr(shell, "parent_header", None)
    if request is None:
        with contextlib.suppress(AttributeError):  # no kernel, or no request yet
            request = shell.kernel.get_parent()  # type: ignore[attr-defined]
    metadata = request.get("metadata") if isinstance(request, Mapping) else None
    return metadata if isinstance(metadata, Mapping) else {}


class Instrument:
    """A picture of memory for Jupyter, web pages and the terminal.

    Parameters
    ----------
    html
        The static figure, without its style.
    text
        The same in words.
    kind
        The name of the live form in the front end; empty if there is no live form.
    state
        The state from which the live form starts; small, and valid JSON.
    data
        The bytes of memory that the live form shows.
    on_reply
        Called in the kernel with each answer of the reader.
    """

    def __init__(  # noqa: PLR0913 - the two forms of an instrument, and the way back
        self,
        html: str,
        text: str,
        kind: str = "",
        state: dict[str, Any] | None = None,
        data: bytes = b"",
        *,
        on_reply: Callable[[dict[str, Any]], None] | None = None,
    ) -> None:
        self.html = html
        self.text = text
        self.kind = kind
        self.state = state or {}
        self.data = data
        self.on_reply = on_reply

    @cached_property
    def widget(self) -> Live:
        """The live form, created on first access.

        Raises
        ------
        ModuleNotFoundError
            If anywidget is not installed.
        """
        from stridescope.runtime.widget import live

        return live(self.kind, self.state, self.data, self.on_reply)

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        static = {"text/html": style_tag() + self.html, "text/plain": self.text}
        return static | self._live_view()

    def _live_view(self) -> dict[str, Any]:
        """Return the live form's part of the MIME bundle; empty if nothing can show it."""
        if not self.kind or not is_live():
            return {}
        try:
            from stridescope.runtime.widget import view
        except ModuleNotFoundError as missing:
            if missing.name != "anywidget":
                raise
            return {}
        return view(self.widget)

    def __repr__(self) -> str:
        return self.text
