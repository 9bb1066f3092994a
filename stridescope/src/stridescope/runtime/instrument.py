"""What every instrument is: an HTML figure and the same in words."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from stridescope.runtime.styles import style_tag

if TYPE_CHECKING:
    from stridescope.runtime.widget import Live


def is_live() -> bool:
    """Tell whether a front end is there that mounts widgets.

    The environment variable ``STRIDESCOPE_LIVE`` decides if set (``0`` is no). Else it is whether the
    request that runs this cell names the cell: JupyterLab, Notebook 7 and VS Code do; nbconvert and
    nbclient do not, and a widget in their pages would be blank without network.
    """
    setting = os.environ.get("STRIDESCOPE_LIVE", "")
    if setting:
        return setting != "0"
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    request = getattr(shell, "parent_header", None) or {}
    return "cellId" in request.get("metadata", {})


class Instrument:
    """A picture of memory for Jupyter, the page and the terminal.

    Parameters
    ----------
    html
        The static figure, without its style.
    text
        The same in words.
    kind
        Which module of the front end draws it live; none if empty.
    state
        What that module starts from, small and made of what JSON knows.
    data
        The bytes of the visible window.
    on_reply
        Called in the kernel with what the reader answered.
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
        """The live form, made when first asked for.

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
        """Return the live form's part of the MIME bundle; empty where nothing can show it."""
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
