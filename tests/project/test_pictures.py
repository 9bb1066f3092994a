"""The pictures of the lessons that a script draws are what it draws, and are used."""

from __future__ import annotations

import re
import runpy

import pytest

from course.bootstrap import ROOT

SPEED, CACHES = "06-measuring-speed", "07-caches-and-blas"
DRAWN = {
    "first-touch": ("first_touch", SPEED),
    "caches": ("caches", SPEED),
    "cache-lines": ("cache_lines", CACHES),
}


BOX = re.compile(r"M([\d.]+) ([\d.]+)h([\d.]+)v[\d.]+h-[\d.]+z")


@pytest.mark.parametrize("width", ["WIDE", "NARROW"])
@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_is_what_its_source_draws(name: str, width: str) -> None:
    drawing = runpy.run_path(str(ROOT / "img" / "memory.py"))
    function, slug = DRAWN[name]
    picture = drawing[function](drawing[width])
    file = ROOT / "img" / f"{picture.name}.svg"
    assert picture.name == (name if width == "WIDE" else f"{name}-narrow")
    assert file.read_text("utf-8") == picture.svg(), "run `python img/memory.py`"
    lesson = (ROOT / "content" / "lessons" / f"{slug}.md").read_text("utf-8")
    assert f"](../img/{name}.svg)" in lesson


def path_of(text: str, style: str) -> str:
    """Return the data of the path of a class."""
    (data,) = re.findall(rf'<path class="{style}" d="([^"]*)"', text)
    return str(data)


def boxes_of(text: str, style: str) -> list[tuple[float, float, float]]:
    """Return x, y and width of the boxes of a class, px."""
    return [(float(x), float(y), float(w)) for x, y, w in BOX.findall(path_of(text, style))]


@pytest.mark.parametrize("name", ["cache-lines", "cache-lines-narrow"])
def test_the_cache_lines_of_a_table_are_to_scale(name: str) -> None:
    text = (ROOT / "img" / f"{name}.svg").read_text("utf-8")
    rows = [boxes_of(text, f"row{row}") for row in range(4)]
    assert [len(row) for row in rows] == [2 * 12] * 4
    strip = [box for row in rows for box in row[12:]]
    assert len({y for _, y, _ in strip}) == 1
    assert strip == sorted(strip)
    brackets = re.findall(r"M([\d.]+) [\d.]+v7H([\d.]+)v-7", path_of(text, "line"))
    assert len(brackets) == 48 * 8 / 64
    for k, (begin, end) in enumerate(brackets):
        last = strip[8 * k + 7]
        assert float(begin) == pytest.approx(strip[8 * k][0], abs=0.1)
        assert float(end) == pytest.approx(last[0] + last[2], abs=2.1)


@pytest.mark.parametrize("name", ["caches", "caches-narrow"])
def test_the_widths_of_caches_chunk_and_array_are_to_scale(name: str) -> None:
    text = (ROOT / "img" / f"{name}.svg").read_text("utf-8")
    (_, _, l1), (_, _, l2) = boxes_of(text, "cache")
    ((_, _, chunk),) = boxes_of(text, "done")
    assert l2 / l1 == pytest.approx(1024 / 48, rel=1e-4)
    assert chunk / l2 == pytest.approx(400 / 1024, rel=1e-4)
    (width,) = re.findall(r'<svg [^>]*width="(\d+)"', text)
    assert 800_000 * l2 / 1024 / (int(width) - 32) == pytest.approx(700, rel=0.02)
