"""The pictures of the lessons that a script draws are what it draws, and are used."""

from __future__ import annotations

import re
import runpy

import pytest

from course.bootstrap import ROOT

DRAWN = {"first-touch": "first_touch", "caches": "caches"}
LESSON = (ROOT / "content" / "lessons" / "06-measuring-speed.md").read_text("utf-8")


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_is_what_its_source_draws(name: str) -> None:
    drawing = runpy.run_path(str(ROOT / "img" / "memory.py"))
    file = ROOT / "img" / f"{name}.svg"
    assert file.read_text("utf-8") == drawing[DRAWN[name]]().svg(), "run `python img/memory.py`"
    assert f"](../img/{file.name})" in LESSON


def test_the_widths_of_caches_chunk_and_array_are_to_scale() -> None:
    text = (ROOT / "img" / "caches.svg").read_text("utf-8")
    boxes = re.findall(r'class="(\w+)" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', text)
    l1, l2, chunk, array = (float(width) for style, _, width in boxes if style != "page")
    assert l2 / l1 == pytest.approx(1024 / 48)
    assert chunk / l2 == pytest.approx(400 / 1024)
    seen = array - 8  # so much is beyond the edge of the picture
    assert 800_000 * l2 / 1024 / seen == pytest.approx(700, rel=0.02)
