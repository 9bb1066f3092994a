"""A drawing joins what has the same class, and no text in it becomes markup."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from stridescope.drawing.svg import Svg, hatch, rect


def test_parts_of_one_class_are_joined_in_the_order_of_first_use() -> None:
    drawing = Svg("A", "B", 100, 50)
    drawing.text("t", 1, 2, "one")
    drawing.path("b", rect(0, 0, 5, 6))
    drawing.path("a", "M1 1h1")
    drawing.path("b", rect(9, 9, 5, 6), "fill-opacity='1'")
    drawing.path("never", "")
    drawing.text("t", 3, 4, "two", "rotate(90)")
    root = ET.fromstring(str(drawing))  # noqa: S314 - made here
    assert [(one.tag, one.get("class")) for one in root] == [
        ("title", None),
        ("desc", None),
        ("path", "b"),
        ("path", "a"),
        ("g", "t"),
    ]
    assert root[2].get("d") == "M0 0h5v6h-5zM9 9h5v6h-5z"
    assert root[2].get("fill-opacity") == "1"
    assert [(one.text, one.get("transform")) for one in root[4]] == [
        ("one", None),
        ("two", "rotate(90)"),
    ]


def test_no_text_becomes_markup() -> None:
    hostile = "<script>\"'&</script>"
    drawing = Svg(hostile, hostile, 1, 1)
    drawing.text("", 0, 0, hostile)
    root = ET.fromstring(str(drawing))  # noqa: S314
    assert [one.text for one in root] == [hostile] * 3
    assert "<script" not in str(drawing)


def test_hatching_stays_inside_its_rectangle() -> None:
    for w, h in ((30, 12), (12, 30), (5, 5), (1, 40)):
        lines = re.findall(r"M(-?\d+) (-?\d+)l(-?\d+)-(\d+)", hatch(10, 20, w, h))
        assert lines
        for x, y, dx, dy in (map(int, line) for line in lines):
            assert 10 <= x <= x + dx <= 10 + w
            assert 20 <= y - dy <= y <= 20 + h
