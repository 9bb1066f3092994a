"""Our own drawings become part of a page, in a wide form and in one for phones."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from course.core.paths import ROOT
from course.render.pictures import drawing
from support.lesson_page import markdown, render

FOLDER = ROOT / "img"
TEXT = re.compile(r'<text(?: class="([^"]*)")? x="([^"]+)"[^>]*>([^<]+)')
OURS = sorted(file.stem.removesuffix("-narrow") for file in FOLDER.glob("*-narrow.svg"))


@pytest.mark.parametrize("name", OURS)
def test_a_drawing_is_in_the_page_with_its_alt_text_and_the_type_of_the_page(name: str) -> None:
    page = render(markdown(f'![Twelve "pages"](../img/{name}.svg)'))
    (figure,) = BeautifulSoup(page, "html.parser").select("figure.drawing")
    picture = figure.select_one("[role=img]")
    assert picture is not None
    assert picture["aria-label"] == 'Twelve "pages"'
    (caption,) = figure.select("figcaption")
    assert f">{caption.get_text()}</title>" in (FOLDER / f"{name}.svg").read_text("utf-8")
    assert figure.find_parent("p") is None
    assert [svg["width"] for svg in picture.select("svg")] == ["704", "358"]
    assert figure.select("style, title, desc, [id], .page") == []


@pytest.mark.parametrize("name", OURS)
def test_no_text_leaves_a_drawing(name: str) -> None:
    for file in (FOLDER / f"{name}.svg", FOLDER / f"{name}-narrow.svg"):
        text = file.read_text("utf-8")
        width = 704 if file.stem == name else 358
        for style, x, words in TEXT.findall(text):
            long = (9.1 if "code" in style else 7.4) * len(words)
            left = float(x) - long if "end" in style.split() else float(x)
            assert left >= -1
            assert left + long <= width + 1, words


def test_any_other_picture_is_linked_to(tmp_path: Path) -> None:
    (tmp_path / "one.svg").write_text("<svg/>", encoding="utf-8")
    assert drawing("../img/one.svg", "", tmp_path) is None, "it has no form for phones"
    assert drawing("../img/lighthouse.jpg", "", FOLDER) is None
    assert drawing("../img/caches.svg", "", None) is None
