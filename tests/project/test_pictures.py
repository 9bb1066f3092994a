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


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_is_what_its_source_draws(name: str) -> None:
    drawing = runpy.run_path(str(ROOT / "img" / "memory.py"))
    file = ROOT / "img" / f"{name}.svg"
    function, slug = DRAWN[name]
    assert file.read_text("utf-8") == drawing[function]().svg(), "run `python img/memory.py`"
    lesson = (ROOT / "content" / "lessons" / f"{slug}.md").read_text("utf-8")
    assert f"](../img/{file.name})" in lesson


def test_the_cache_lines_of_a_table_are_to_scale() -> None:
    text = (ROOT / "img" / "cache-lines.svg").read_text("utf-8")
    boxes = re.findall(r'class="cell row(\d)" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"', text)
    assert len(boxes) == 2 * 4 * 12
    strip = [(row, float(x), float(width)) for row, x, y, width in boxes if y == boxes[-1][2]]
    assert [row for row, *_ in strip] == [str(k // 12) for k in range(48)]
    brackets = re.findall(r'points="([\d.]+),[\d.]+ \S+ ([\d.]+),', text)
    for k, (begin, end) in enumerate(brackets):
        assert float(begin) == pytest.approx(strip[8 * k][1] + 2, abs=0.1)
        assert float(end) == pytest.approx(strip[8 * k + 7][1] + strip[8 * k + 7][2] - 2, abs=0.1)
    assert len(brackets) == 48 * 8 / 64


def test_the_widths_of_caches_chunk_and_array_are_to_scale() -> None:
    text = (ROOT / "img" / "caches.svg").read_text("utf-8")
    boxes = re.findall(r'class="(\w+)" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', text)
    l1, l2, chunk, array = (float(width) for style, _, width in boxes if style != "page")
    assert l2 / l1 == pytest.approx(1024 / 48)
    assert chunk / l2 == pytest.approx(400 / 1024)
    seen = array - 8  # so much is beyond the edge of the picture
    assert 800_000 * l2 / 1024 / seen == pytest.approx(700, rel=0.02)
