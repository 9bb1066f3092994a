"""Make the fonts of the pages from open fonts: `python vendor/fonts/subset.py FOLDER`.

FOLDER holds the four npm packages named in `README.md`, unpacked. fontTools and brotli are needed,
which the course itself does not need.
"""

# ruff: noqa: INP001 - a script, which nothing imports
from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

OUT = Path(__file__).parents[2] / "web" / "static" / "fonts"
# ASCII, Latin-1, and what the lessons use: quotes, dashes, powers, indices, arrows, mathematics.
RANGES = ((0x20, 0x7E), (0xA0, 0xFF))
OTHERS = "–—‘’“”•…‹›⁰⁴⁵⁶⁷⁸⁹⁻ⁿ₀₁₂₃ᵢₖ←↑→↓↔−√≈≠≤≥ΣΔαβμπ▲▶▼◀◇●◐✓✗│⋮⋯\u202f"  # noqa: RUF001
FONTS = {
    "course-serif": ("VAR/SourceSerif4Variable-Roman.ttf", {"wght": (400, 700), "opsz": 14}),
    "course-serif-italic": ("VAR/SourceSerif4Variable-Italic.ttf", {"wght": 400, "opsz": 14}),
    "course-sans": ("VF/SourceSans3VF-Upright.ttf", {"wght": (400, 700)}),
    "course-mono": ("VF/SourceCodeVF-Upright.ttf", {"wght": (400, 700)}),
}
# Of the font for formulas: figures, small letters, upright and italic, and signs.
MATH = "files/stix-two-math-latin-400-normal.woff2"
ITALIC = "".join(chr(0x1D44E + k) for k in range(26)).replace("\U0001d455", "\u210e")
IN_FORMULAS = f" 0123456789()+-=,./abcdefghijklmnopqrstuvwxyz{ITALIC}·…∑−×≤≥√⋅"
# The figures that tables need, kerning, and marks; no small capitals, swashes or stylistic sets.
FEATURES = ["kern", "mark", "mkmk", "liga", "ccmp", "locl", "tnum", "lnum", "pnum"]


def main(folder: Path) -> None:
    """Write the fonts, and print their sizes."""
    for name, (path, axes) in FONTS.items():
        (source,) = folder.rglob(path)
        whole = BytesIO()
        instancer.instantiateVariableFont(TTFont(source), axes).save(whole)
        code = [chr(k) for start, end in RANGES for k in range(start, end + 1)]
        write(name, TTFont(whole), "".join([*code, *OTHERS]), FEATURES)
    (source,) = folder.rglob(MATH)
    write("course-math", TTFont(source), IN_FORMULAS, [])


def write(name: str, font: TTFont, text: str, features: list[str]) -> None:
    """Write the part of a font that a text needs, and print its size."""
    options = subset.Options(layout_features=features, flavor="woff2", notdef_outline=True)
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17]
    options.hinting = False
    worker = subset.Subsetter(options)
    worker.populate(text=text)
    worker.subset(font)
    rename(font, name)
    font.flavor = "woff2"
    font.save(OUT / f"{name}.woff2")
    sys.stdout.write(f"{name}: {(OUT / f'{name}.woff2').stat().st_size:,} bytes\n")


def rename(font: TTFont, name: str) -> None:
    """Give a changed font a name of its own: the license reserves "Source" for the original."""
    family = name.replace("-", " ").title()
    texts = {1: family, 3: f"{family} subset", 4: family, 6: family.replace(" ", ""), 16: family}
    for record in font["name"].names:
        if record.nameID in texts:
            record.string = texts[record.nameID]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
