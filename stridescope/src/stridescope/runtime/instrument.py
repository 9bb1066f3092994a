"""What every instrument is: an HTML figure and the same in words."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stridescope.drawing.svg import esc

if TYPE_CHECKING:
    from stridescope.runtime.widget import Live

WIDE, NARROW = 704, 358
"""Widths in px of the two forms: 44 rem, and a phone of 390 px less its margins."""


@cache
def style(*, live: bool = False) -> str:
    """Return the style of all static forms, and of the live ones too, without comments and blanks."""
    names = ["style.css", "live.css"] if live else ["style.css"]
    css = "\n".join((Path(__file__).parents[1] / n).read_text(encoding="utf-8") for n in names)
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s*([{};,>/])\s*|(?<=\() | (?=\))", r"\1", re.sub(r"\s+", " ", css))
    return css.replace(": ", ":").replace(";}", "}").strip()


def style_tag() -> str:
    """Return the ``<style>`` element that every output begins with, byte for byte the same."""
    return f"<style>{style()}</style>"


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


def prose(text: str) -> str:
    """Escape a sentence; what stands in backticks becomes ``<code>``."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", esc(text))


def verdict_html(line: str, said: str) -> str:
    """Return a sentence that begins with a line of code, as a paragraph with that line as code."""
    return f"<p><code>{esc(line)}</code>{esc(said.removeprefix(line))}</p>"


def forms(wide: str, narrow: str) -> str:
    """Return both forms of a picture, of which the style shows one; one if they are equal."""
    if wide == narrow:
        return box(wide, NARROW)
    return box(wide, WIDE, "ss-wide") + box(narrow, NARROW, "ss-narrow")


def box(svg: str, room: int, cls: str = "") -> str:
    """Wrap a picture; one that is wider than `room` px gets a box that scrolls sideways.

    The box is a group, no region: regions are landmarks, and a page may hold many such boxes.
    """
    found = re.search(r'width="(\d+)"', svg)
    if found and int(found[1]) > room:
        names = f"ss-scroll {cls}".strip()
        label = "Picture of memory, scrolls sideways"
        return f'<div class="{names}" tabindex="0" role="group" aria-label="{label}">{svg}</div>'
    return f'<div class="{cls}">{svg}</div>' if cls else svg


def figure(kind: str, body: str, caption: str | None) -> str:
    """Return the frame of an instrument: sentence first, then picture and readout."""
    head = f"<figcaption>{prose(caption)}</figcaption>" if caption else ""
    return f'<figure class="ss ss-{kind}">{head}{body}</figure>'
