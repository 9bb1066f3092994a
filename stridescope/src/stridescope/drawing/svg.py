"""A small SVG writer: integer coordinates, classes instead of style attributes, no ids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape


def esc(text: str) -> str:
    """Escape text for use in HTML and XML, quotes included."""
    return escape(text, quote=True)


def rect(x: int, y: int, w: int, h: int) -> str:
    """Return path data of a closed rectangle; x, y, w, h in px."""
    return f"M{x} {y}h{w}v{h}h{-w}z"


def hatch(x: int, y: int, w: int, h: int, step: int = 8) -> str:
    """Return path data of 45° lines clipped to a rectangle, `step` px apart.

    The lines are drawn one by one because an SVG pattern would need an id.
    """
    lines = []
    for k in range(step // 2, w + h, step):
        start, length = max(0, k - h), min(k, w) - max(0, k - h)
        lines.append(f"M{x + start} {y + k - start}l{length}-{length}")
    return "".join(lines)


@dataclass
class Svg:
    """A drawing of fixed size in px, to which `path` and `text` add.

    Parts of the same class are joined, so that a page with many figures stays small. Paths are
    drawn before texts, both in the order in which their classes were first used.

    Parameters
    ----------
    title, desc
        Short name and full description, for people who cannot see the picture.
    width, height
        Size in px.
    shrinks
        Whether the style sheet may draw it smaller.
    """

    title: str = ""
    desc: str = ""
    width: int = 0
    height: int = 0
    shrinks: bool = False
    attributes: dict[str, str] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    def path(self, cls: str, data: str, attributes: str = "") -> None:
        """Add data to the path of class `cls`, if there is any data."""
        if data:
            self.paths[cls] = self.paths.get(cls, "") + data
        if attributes:
            self.attributes[cls] = f" {attributes}"

    def below(self, cls: str, data: str) -> None:
        """Add data to a path that is drawn before those of other classes."""
        self.paths = {cls: self.paths.pop(cls, "") + data} | self.paths

    def text(  # noqa: PLR0913 - what is written, and where
        self, cls: str, x: int, y: int, content: str, transform: str = "", *, marked: str = ""
    ) -> None:
        """Add one line of text; x is its anchor (by class: middle or start), y its baseline.

        The part `marked` of the text has a color of its own.
        """
        turn = f' transform="{transform}"' if transform else ""
        words, part = esc(content), esc(marked)
        if part:
            words = f"<tspan>{part}</tspan>".join(words.rsplit(part, 1))
        line = f'<text x="{x}" y="{y}"{turn}>{words}</text>'
        self.texts[cls] = self.texts.get(cls, "") + line

    def __str__(self) -> str:
        head = f'<svg role="img" width="{self.width}" height="{self.height}"'
        head += f' viewBox="0 0 {self.width} {self.height}"' if self.shrinks else ""
        words = f"<title>{esc(self.title)}</title><desc>{esc(self.desc)}</desc>"
        lines = (
            f'<path class="{cls}"{self.attributes.get(cls, "")} d="{data}"/>'
            for cls, data in self.paths.items()
        )
        groups = (
            f'<g class="{cls}">{all_}</g>' if cls else all_ for cls, all_ in self.texts.items()
        )
        return f"{head}>{words}{''.join(lines)}{''.join(groups)}</svg>"


def bands(svg: Svg, hues: Sequence[int], box: tuple[int, int, int, int], pale: str = "") -> None:
    """Fill a box with a band for each hue, left to right, or with the page if there are none.

    The class of a fill is ``c3`` at full strength, and ``c3 p`` if `pale` is ``" p"``.
    """
    x, y, w, h = box
    if not hues:
        svg.path("cx", rect(x, y, w, h))
    for k, hue in enumerate(hues):
        left = w * k // len(hues)
        svg.path(f"c{hue}{pale}", rect(x + left, y, w * (k + 1) // len(hues) - left, h))
