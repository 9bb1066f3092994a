"""Draw the pictures of memory in lessons 06 and 07 as SVG: `python img/memory.py`.

They are narrow and their text is large, so that they can be read on a phone. Widths in the picture
of the caches are to scale.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

HERE = Path(__file__).parent
WIDTH = 600
STYLE = """
  .page { fill: #f0f4fb }
  .done { fill: #89ebca; stroke: #8b857a }
  .next { fill: #ffe97a; stroke: #174a94; stroke-width: 2 }
  .open { fill: none; stroke: #5b6470; stroke-dasharray: 4 3 }
  .array { fill: #9a9ce5; stroke: #8b857a }
  .cache { fill: #fffdf9; stroke: #24796f; stroke-width: 2 }
  .line { fill: none; stroke: #5b6470; stroke-width: 1.5 }
  .row0 { fill: #9a9ce5 }
  .row1 { fill: #89ebca }
  .row2 { fill: #ffe97a }
  .row3 { fill: #86baf4 }
  .cell { stroke: #fffdf9 }
  .mark { fill: none; stroke: #174a94; stroke-width: 3 }
  .dashed { stroke-dasharray: 6 4 }
  text { font: 16px "Source Sans 3", system-ui, "Segoe UI", Roboto, sans-serif; fill: #1d2127 }
  .title { font-weight: 650 }
  .soft { fill: #5b6470 }
  .code { font: 15px ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace }
  @media (prefers-color-scheme: dark) {
    .page { fill: #202b3b }
    .done { fill: #0a6856; stroke: #7f8893 }
    .next { fill: #7c5700; stroke: #9ad2ff }
    .open, .line { stroke: #a3abb6 }
    .row0 { fill: #6343a3 }
    .row1 { fill: #0a6856 }
    .row2 { fill: #7c5700 }
    .row3 { fill: #414fc0 }
    .cell { stroke: #16181c }
    .mark { stroke: #9ad2ff }
    .array { fill: #6343a3; stroke: #7f8893 }
    .cache { fill: #16181c; stroke: #52a9a0 }
    text { fill: #e4e2dc }
    .soft { fill: #a3abb6 }
  }
"""
PAGES = 12
KB = 0.5
"""Width of a kB in the picture of the caches, px."""


class Picture:
    """One picture, drawn element by element.

    Parameters
    ----------
    name
        Of the file, without `.svg`.
    title, description
        What a screen reader says.
    height
        In px.
    """

    def __init__(self, name: str, title: str, description: str, height: int) -> None:
        self.name, self.height = name, height
        self.parts = [
            f'<title id="t">{escape(title)}</title>',
            f'<desc id="d">{escape(description)}</desc>',
            f"<style>{STYLE}</style>",
            f'<rect class="page" width="{WIDTH}" height="{height}" rx="12"/>',
        ]

    def box(self, style: str, x: float, y: float, width: float, height: float) -> None:
        """Draw a rectangle; x, y, width, height in px."""
        self.parts.append(
            f'<rect class="{style}" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"/>'
        )

    def text(self, x: float, y: float, words: str, style: str = "") -> None:
        """Write one line of text."""
        self.parts.append(f'<text class="{style}" x="{x:g}" y="{y:g}">{escape(words)}</text>')

    def line(self, *points: tuple[float, float]) -> None:
        """Draw a line through points."""
        path = " ".join(f"{x:g},{y:g}" for x, y in points)
        self.parts.append(f'<polyline class="line" points="{path}"/>')

    def svg(self) -> str:
        """Return the file."""
        size = f'viewBox="0 0 {WIDTH} {self.height}" width="{WIDTH}" height="{self.height}"'
        first = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="t d">'
        return "\n".join([first, *self.parts, "</svg>\n"])


def first_touch() -> Picture:
    """Return how the pages of a new array are provided, one at its first write."""
    picture = Picture(
        "first-touch",
        "Pages are provided at the first write",
        f"Three rows of {PAGES} pages. After np.empty, all are promised and none is there. While "
        "way A writes, the pages written so far are there, and the next one is being provided. "
        "When way B writes, all of them are there.",
        294,
    )
    rows = [
        ("np.empty(size)", "the system promises pages", 0, False),
        ("way A", "each page comes at the first write to it", 5, True),
        ("way B", "every page is there already", PAGES, False),
    ]
    wide, tall = 46, 34
    for row, (code, words, done, is_writing) in enumerate(rows):
        y = 20 + 90 * row
        picture.text(22, y + 16, code, "code title")
        picture.text(36 + 9.4 * len(code), y + 16, words)
        for page in range(PAGES):
            style = "done" if page < done else "open"
            style = "next" if is_writing and page == done else style
            picture.box(style, 22 + page * wide, y + 28, wide - 2, tall)
    return picture


def caches() -> Picture:
    """Return the caches, a chunk and a large array, to scale."""
    picture = Picture(
        "caches",
        "Caches, a chunk and an array, to scale",
        "An L1 cache of 48 kB is a narrow bar. An L2 cache of 1 MB is 21 times as wide, and the "
        "chunk of 400 kB fits into it. The array of 800 MB goes on to the right, 700 times as far "
        "as the picture shows.",
        258,
    )
    left, room = 22, WIDTH - 22
    l1, l2, chunk = 48 * KB, 1024 * KB, 400 * KB
    picture.text(left, 34, "L1 cache, 48 kB", "title")
    picture.box("cache", left, 44, l1, 34)
    picture.text(left, 112, "L2 cache, 1 MB", "title")
    picture.box("cache", left, 122, l2, 34)
    picture.box("done", left + 3, 125, chunk, 28)
    picture.text(left + 14, 145, "a chunk of 400 kB")
    picture.text(left, 190, "the array, 800 MB", "title")
    picture.box("array", left, 200, room - left + 30, 34)
    picture.text(left + 14, 223, "…and on to the right, 700 times as far as you see here")
    return picture


def cache_lines() -> Picture:
    """Return a table with its first row and column, and its numbers in memory, line by line."""
    rows, columns, size, line = 4, 12, 8, 64
    picture = Picture(
        "cache-lines",
        "A table and the cache lines of its numbers",
        f"A table with {rows} rows and {columns} columns. Its first row has a solid frame and its "
        f"first column a dashed one. Below, its {rows * columns} numbers in memory, row after row. "
        f"Each bracket below them marks a cache line of {line} bytes, which is {line // size} "
        "numbers. Lines do not end where rows end.",
        278,
    )
    left, top, wide, tall = 22, 44, 46, 26
    picture.text(left, 32, "a table, its first row (solid) and column (dashed)", "title")
    for k in range(rows * columns):
        row, column = divmod(k, columns)
        style = f"cell row{row}"
        picture.box(style, left + column * wide, top + row * tall, wide, tall)
    picture.box("mark", left, top, columns * wide, tall)
    picture.box("mark dashed", left, top, wide, rows * tall)
    strip, step = top + rows * tall + 52, columns * wide / (rows * columns)
    picture.text(left, strip - 12, "its numbers in memory, and the cache lines", "title")
    for k in range(rows * columns):
        picture.box(f"cell row{k // columns}", left + k * step, strip, step, 30)
    per_line = line // size * step
    for k in range(rows * columns * size // line):
        x, end, y = left + k * per_line + 2, left + (k + 1) * per_line - 2, strip + 36
        picture.line((x, y), (x, y + 7), (end, y + 7), (end, y))
        picture.text((x + end) / 2 - 29, y + 25, f"{line} bytes", "soft")
    return picture


if __name__ == "__main__":
    for drawn in (first_touch(), caches(), cache_lines()):
        (HERE / f"{drawn.name}.svg").write_text(drawn.svg(), encoding="utf-8")
