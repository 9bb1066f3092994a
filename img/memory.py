"""Draw the pictures of memory in lessons 06 and 07 as SVG: `python img/memory.py`.

Each picture has a wide form, which a notebook shows, and a narrow one for the pages on a phone; the
pages put both into their text, where they have the page's fonts (`course/render/pictures.py`).
Widths in the picture of the caches are to scale.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

HERE = Path(__file__).parent
WIDE, NARROW = 704, 358
"""Widths of the drawings, px: those of an instrument on a desktop and on a phone."""
MARGIN = 16
STYLE = """
  .page { fill: #f0f4fb }
  .done { fill: #9a9ce5 }
  .open { fill: none; stroke: #8b857a }
  .next { fill: #fffdf9; stroke: #174a94; stroke-width: 3 }
  .cache { fill: #fffdf9; stroke: #24796f; stroke-width: 2 }
  .line { fill: none; stroke: #5b6470; stroke-width: 1.5 }
  .row0 { fill: #9a9ce5 }
  .row1 { fill: #89ebca }
  .row2 { fill: #ffe97a }
  .row3 { fill: #86baf4 }
  .mark { fill: none; stroke: #174a94; stroke-width: 3 }
  .dashed { stroke-dasharray: 6 4 }
  text { font: 15px system-ui, "Segoe UI", Roboto, sans-serif; fill: #1d2127 }
  .title { font-weight: 650 }
  .soft { fill: #5b6470 }
  .end { text-anchor: end }
  .code { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace }
  @media (prefers-color-scheme: dark) {
    .page { fill: #202b3b }
    .done { fill: #6343a3 }
    .open { stroke: #7f8893 }
    .next { fill: #16181c; stroke: #9ad2ff }
    .cache { fill: #16181c; stroke: #52a9a0 }
    .line { stroke: #a3abb6 }
    .row0 { fill: #6343a3 }
    .row1 { fill: #0a6856 }
    .row2 { fill: #7c5700 }
    .row3 { fill: #414fc0 }
    .mark { stroke: #9ad2ff }
    text { fill: #e4e2dc }
    .soft { fill: #a3abb6 }
  }
"""
PAGES = 12


class Picture:
    """One form of a picture. What has the same class is joined into one path, in order of use.

    Parameters
    ----------
    name
        Of the file, without `.svg`.
    title, description
        What a screen reader says.
    width
        `WIDE` or `NARROW`.
    """

    def __init__(self, name: str, title: str, description: str, width: int) -> None:
        self.name = name if width == WIDE else f"{name}-narrow"
        self.title, self.description = title, description
        self.width, self.height = width, 0
        self.paths: dict[str, str] = {}
        self.texts: list[str] = []

    def path(self, style: str, data: str) -> None:
        """Add data to the path of a class."""
        self.paths[style] = self.paths.get(style, "") + data

    def box(self, style: str, x: float, y: float, width: float, height: float) -> None:
        """Draw a rectangle; x, y, width, height in px."""
        self.path(style, f"M{x:g} {y:g}h{width:g}v{height:g}h{-width:g}z")
        self.height = max(self.height, round(y + height) + 2)

    def text(self, x: float, y: float, words: str, style: str = "") -> None:
        """Write one line of text."""
        kind = f' class="{style}"' if style else ""
        self.texts.append(f'<text{kind} x="{x:g}" y="{y:g}">{escape(words)}</text>')
        self.height = max(self.height, round(y) + 6)

    def svg(self) -> str:
        """Return the file."""
        w, h = self.width + 2 * MARGIN, self.height + 2 * MARGIN
        size = f'viewBox="{-MARGIN} {-MARGIN} {w} {h}" width="{w}" height="{h}"'
        lines = [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="t d">',
            f'<title id="t">{escape(self.title)}</title>',
            f'<desc id="d">{escape(self.description)}</desc>',
            f"<style>{STYLE}</style>",
            f'<rect class="page" x="{-MARGIN}" y="{-MARGIN}" width="{w}" height="{h}" rx="12"/>',
            *(f'<path class="{style}" d="{data}"/>' for style, data in self.paths.items()),
            *self.texts,
        ]
        return "\n".join([*lines, "</svg>\n"])


def first_touch(width: int) -> Picture:
    """Return how the pages of a new array are provided, one at its first write."""
    picture = Picture(
        "first-touch",
        "Pages are provided at the first write",
        f"Three rows of {PAGES} pages. After np.empty, all are promised and none is there. While "
        "way A writes, the pages written so far are there, and the next one is being provided. "
        "When way B writes, all of them are there.",
        width,
    )
    rows = [
        ("np.empty(size)", "the system promises pages", 0),
        ("way A", "each page comes at the first write to it", 5),
        ("way B", "every page is there already", PAGES),
    ]
    a_line = PAGES if width == WIDE else PAGES // 2
    step, tall = (width + 4) // a_line, 32
    y = 15
    for code, words, done in rows:
        picture.text(0, y, code, "code title")
        below = 0 if width == WIDE else 22
        picture.text(0 if below else 16 + 9.1 * len(code), y + below, words)
        y += below + 12
        for page in range(PAGES):
            x, top = page % a_line * step + 1, y + page // a_line * (tall + 6)
            is_next = 0 < done == page
            style = "done" if page < done else "next" if is_next else "open"
            picture.box(style, x, top, step - 6, tall)
            if is_next:
                arrow(picture, x + step / 2 - 3, top + tall / 2)
        y += PAGES // a_line * (tall + 6) + 26
    return picture


def arrow(picture: Picture, x: float, y: float) -> None:
    """Draw an arrow that points down at the middle of a page, px."""
    picture.path("line", f"M{x:g} {y - 9:g}v17m-5 -6l5 6l5 -6")


def caches(width: int) -> Picture:
    """Return the caches, a chunk and a large array, to scale."""
    picture = Picture(
        "caches",
        "A chunk of the array fits into the L2 cache",
        "An L1 cache of 48 kB is a narrow bar. An L2 cache of 1 MB is 21 times as wide, and the "
        "chunk of 400 kB fits into it. The array of 800 MB goes on to the right, 700 times as far "
        "as the picture shows.",
        width,
    )
    kb = width / 1150  # px, so that the array is 700 times as wide as the picture
    picture.text(0, 15, "L1 cache, 48 kB", "title")
    picture.box("cache", 1, 24, 48 * kb, 34)
    picture.text(0, 90, "L2 cache, 1 MB", "title")
    picture.box("cache", 1, 99, 1024 * kb, 34)
    picture.box("done", 4, 102, 400 * kb, 28)
    picture.text(12, 121, "a chunk of 400 kB" if width == WIDE else "chunk, 400 kB")
    picture.text(0, 165, "the array, 800 MB", "title")
    y, tall, torn = 174, 34, width - 14
    teeth = "".join(f"l{dx} {tall / 6:g}" for dx in (7, -7) * 3)
    picture.path("done", f"M1 {y}H{torn}{teeth}H1z")
    picture.path("line", f"M{width - 4} {y + tall / 2:g}h-{'60' if width == WIDE else '24'}")
    picture.path("line", f"M{width - 10} {y + tall / 2 - 5:g}l6 5l-6 5")
    picture.text(torn - (60 if width == WIDE else 22), y + 22, "700 × this width", "end")
    picture.height = y + tall + 2
    return picture


def cache_lines(width: int) -> Picture:
    """Return a table with its first row and column, and its numbers in memory, line by line."""
    rows, columns, size, line = 4, 12, 8, 64
    picture = Picture(
        "cache-lines",
        "A table, and the cache lines of its numbers",
        f"A table with {rows} rows and {columns} columns. Its first row has a solid frame and its "
        f"first column a dashed one. Below, its {rows * columns} numbers in memory, row after row. "
        f"Each bracket below them marks a cache line of {line} bytes, which is {line // size} "
        "numbers. Lines do not end where rows end.",
        width,
    )
    wide, tall, top = (width - 4) // columns, 28, 26
    picture.text(0, 15, "a table: its first row (solid), its first column (dashed)", "title")
    if width == NARROW:
        picture.texts.clear()
        picture.text(0, 15, "a table: first row solid, first column dashed", "title")
    for k in range(rows * columns):
        row, column = divmod(k, columns)
        picture.box(f"row{row}", 2 + column * wide, top + row * tall, wide - 2, tall - 2)
    picture.box("mark", 2, top, columns * wide - 2, tall - 2)
    picture.box("mark dashed", 2, top, wide - 2, rows * tall - 2)
    strip, step = top + rows * tall + 44, columns * wide / (rows * columns)
    picture.text(0, strip - 12, "its numbers in memory, and the cache lines", "title")
    for k in range(rows * columns):
        picture.box(f"row{k // columns}", 2 + k * step, strip, step - 1, 30)
    per_line = line // size * step
    for k in range(rows * columns * size // line):
        x, end, y = 2 + k * per_line, (k + 1) * per_line - 1, strip + 36
        picture.path("line", f"M{x:g} {y}v7H{end:g}v-7")
        words = f"{line} bytes" if width == WIDE else f"{line} B"
        picture.text((x + end) / 2 + (30 if width == WIDE else 16), y + 25, words, "soft end")
    return picture


if __name__ == "__main__":
    for draw in (first_touch, caches, cache_lines):
        for width in (WIDE, NARROW):
            drawn = draw(width)
            (HERE / f"{drawn.name}.svg").write_text(drawn.svg(), encoding="utf-8")
