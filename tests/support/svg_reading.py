"""Read a drawing back: which box lies at which byte, what stands in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree import ElementTree as ET

# Smaller ones are the tiles of a lane.
LEAST_BOX = 30
BOX = re.compile(r"M(-?\d+) (-?\d+)h(\d+)v(\d+)h-\d+z")


@dataclass
class Drawn:
    """A strip, read back from its SVG: first bytes of boxes, by class of path, and values."""

    boxes: dict[str, set[int]]
    values: dict[int, str]


def parse(html: str) -> ET.Element:
    """Parse a figure as XML; fails if it is not well formed."""
    return ET.fromstring(f"<root>{html}</root>")  # noqa: S314 - our own markup


def svgs(html: str, title: str) -> list[ET.Element]:
    """Return the drawings whose title begins so."""
    return [s for s in parse(html).iter("svg") if (s.findtext("title") or "").startswith(title)]


def texts(svg: ET.Element, cls: str | None = None) -> list[tuple[int, int, str]]:
    """Return (x, y, text) of the texts of a class; of all without one."""
    groups = [g for g in svg.iter("g") if cls in (g.get("class") or "").split()]
    found = svg.iter("text") if cls is None else (t for g in groups for t in g.iter("text"))
    return [(int(t.get("x", "0")), int(t.get("y", "0")), t.text or "") for t in found]


def hue_lines(svg: ET.Element, pale: str = "") -> list[str]:
    """Return the hues of filled boxes, line by line; with `pale`, " p", those of pale ones."""
    found = {
        (int(y), int(x)): path.get("class", "")[1]
        for path in svg.iter("path")
        if re.fullmatch(rf"c\d{pale}", path.get("class", ""))
        for x, y, *_ in BOX.findall(path.get("d", ""))
    }
    lines = sorted({y for y, _ in found})
    return ["".join(found[place] for place in sorted(found) if place[0] == y) for y in lines]


def read_strip(svg: ET.Element) -> Drawn:
    """Read a strip whose boxes each lie in one row; bytes come from the addresses drawn."""
    addresses = [(x, y, int(t.replace("\N{MINUS SIGN}", "-"))) for x, y, t in texts(svg, "a")]
    same = [(p, q) for p in addresses for q in addresses if p[1] == q[1] and p[0] < q[0]]
    ticks = next((p.get("stroke-dasharray") for p in svg.iter("path") if p.get("class") == "t"), "")
    u = (same[0][1][0] - same[0][0][0]) / (same[0][1][2] - same[0][0][2]) if same else 0.0
    u = u or (float(ticks.split()[1]) + 1 if ticks else 0.0)

    def byte(x: int, foot: int) -> int:
        x0, _, first = next(a for a in addresses if a[1] == foot + 16)
        if x == x0:
            return first
        places = (x - x0) / u
        assert abs(places - round(places)) < 0.2
        return first + round(places)

    boxes: dict[str, set[int]] = {}
    values = {}
    for path in svg.iter("path"):
        shift = {"eb": 0, "q": 1, "r": 1}.get(path.get("class", ""))
        for x, y, w, h in BOX.findall(path.get("d", "")) if shift is not None else []:
            if int(h) < LEAST_BOX:
                continue
            top, left = int(y) - shift, int(x) - (path.get("class") == "r")
            place = byte(left, top + int(h) + 2 * shift)
            boxes.setdefault(path.get("class", ""), set()).add(place)
            middle = [t for tx, ty, t in texts(svg) if ty == top + 23 and 0 < tx - left < int(w)]
            values[place] = middle[0] if middle else ""
    return Drawn(boxes, values)
