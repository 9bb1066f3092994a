"""`ss.layout` draws what is there, where it is, and nothing it may not read."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.lib.stride_tricks import as_strided, sliding_window_view

import stridescope as ss
from stridescope.model.value_text import TIMES
from support.svg_reading import BOX, hue_lines, parse, read_strip, svgs, texts

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

    from numpy.typing import NDArray


def nine() -> NDArray[np.int64]:
    return np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]], np.int64)


def strips(html: str) -> list[Any]:
    return svgs(html, "Bytes of")


def paths(svg: ET.Element, cls: str) -> str:
    return "".join(p.get("d") or "" for p in svg.iter("path") if p.get("class") == cls)


def test_the_published_3x3_says_byte_40() -> None:
    figure = ss.layout(nine(), focus=(1, 2))
    assert "[1,2] → 0 + 1·24 + 2·8 = byte 40, value 6." in figure.text
    said = "".join(parse(figure.html).find(".//p[@class='ss-sum']").itertext())
    assert re.sub(r"offset|axis \d|value 6|\s", "", said) == "[1,2]→0+1·24+2·8=byte40"
    for strip in strips(figure.html):
        assert read_strip(strip).boxes["r"] == {40}
        assert sorted(label for *_, label in texts(strip, "j")) == ["+24", "+8", "+8"]


def test_the_default_focus_is_the_last_of_row_1() -> None:
    assert ss.layout(nine()).html == ss.layout(nine(), focus=(1, 2)).html


def rects(svg: ET.Element, cls: str) -> list[tuple[int, int, int, int]]:
    """Return (x, y, width, height) of the rectangles of a class of paths."""
    return [(int(x), int(y), int(w), int(h)) for x, y, w, h in BOX.findall(paths(svg, cls))]


View = Callable[[Any], Any]
VIEWS: list[View] = [
    lambda a: a,
    lambda a: a.T,
    lambda a: a[::-1],
    lambda a: a[1:, ::2],
    lambda a: a[..., ::-1],
    lambda a: a[:, None],
    lambda a: a[1],
    lambda a: np.broadcast_to(a, (2, *a.shape)),
    lambda a: sliding_window_view(a, 2, axis=0),
]


@given(
    st.tuples(st.integers(2, 4), st.integers(2, 5)),
    st.sampled_from("CF"),
    st.sampled_from(VIEWS),
    st.sampled_from(["i1", "u2", "i4", "f8", ">i8", "c16", "M8[s]"]),
)
def test_each_box_lies_at_the_byte_numpy_says(
    shape: tuple[int, int], order: Literal["C", "F"], view: View, dtype: str
) -> None:
    owner = np.arange(shape[0] * shape[1]).reshape(shape).astype(dtype).copy(order)
    a = view(owner)
    first = owner.__array_interface__["data"][0]
    places: dict[int, Any] = {}
    for index in np.ndindex(a.shape):
        places[a[(*index, ...)].__array_interface__["data"][0] - first] = a[index]
    drawn = strips(ss.layout(a).html)
    assert drawn
    for strip in drawn:
        read = read_strip(strip)
        assert read.boxes["eb"] == set(places)
        for byte, value in places.items():
            shown = read.values[byte].rstrip("…")
            assert shown
            assert str(value).strip("()").startswith(shown)


def test_the_grid_shows_each_value_in_its_row_and_column() -> None:
    for grid in svgs(ss.layout(nine().T).html, "Elements"):
        cells = [t for t in texts(grid) if t[1] > 40 and t[0] > 30 and "axis" not in t[2]]
        rows = sorted({y for _, y, _ in cells})
        read = [[t for _, y, t in sorted(cells) if y == row] for row in rows]
        assert read == [["1", "4", "7"], ["2", "5", "8"], ["3", "6", "9"]]


@pytest.mark.parametrize(("dtype", "count"), [("i8", 9), ("i1", 18), ("i8", 12), ("f4", 16)])
def test_one_line_of_bytes_stays_one_line_in_the_room_of_a_page(dtype: str, count: int) -> None:
    wide, _ = strips(ss.layout(np.arange(count, dtype=dtype)).html)
    assert int(wide.get("width", 0)) <= 705
    assert len({y for _, y, _ in texts(wide, "a")}) == 1
    assert read_strip(wide).boxes["eb"] == {k * np.dtype(dtype).itemsize for k in range(count)}


def test_a_line_that_is_too_long_scrolls_and_is_not_broken() -> None:
    html = ss.layout(np.arange(100, dtype=np.int64)).html
    (strip,) = strips(html)
    assert len({y for _, y, _ in texts(strip, "a")}) == 1
    assert int(strip.get("width", 0)) >= 100 * 24
    assert 'class="ss-scroll"' in html
    _, narrow = strips(ss.layout(np.arange(20, dtype=np.int64)).html)
    assert int(narrow.get("width", 0)) > 358
    assert 'class="ss-scroll ss-narrow"' in ss.layout(np.arange(20)).html


@pytest.mark.parametrize("dtype", ["i1", "i2", "i4", "i8", "c16"])
def test_of_many_elements_rows_are_drawn_that_keep_their_width(dtype: str) -> None:
    wide, narrow = strips(ss.layout(np.zeros(300, dtype)).html)
    assert 350 <= int(wide.get("width", 0)) <= 706
    assert 150 <= int(narrow.get("width", 0)) <= 358


def test_each_byte_is_written_in_hexadecimal_where_that_is_wanted() -> None:
    six = np.array([1, 2, 3], ">i2")
    for strip in strips(ss.layout(six, bytes="hex").html):
        assert [t for *_, t in sorted(texts(strip, "hx"))] == ["00", "01", "00", "02", "00", "03"]
        assert "In hexadecimal: 00 01 00 02 00 03." in (strip.findtext("desc") or "")
    assert not texts(strips(ss.layout(six).html)[0], "hx")
    with pytest.raises(ValueError, match="bytes='hex', not 'HEX'"):
        ss.layout(six, bytes="HEX")  # type: ignore[arg-type]


def test_no_pointer_is_written_in_hexadecimal() -> None:
    strip = strips(ss.layout(np.array([None, 1], object), bytes="hex").html)[0]
    assert {t for *_, t in texts(strip, "hx")} == {"·"}


def test_bytes_have_the_colors_of_their_owners_rows_in_table_and_strip() -> None:
    table = nine()
    for a, rows, in_line in (
        (table, ["000", "333", "555"], "000333555"),
        (table.T, ["035", "035", "035"], "000333555"),
        (table[1:, :2], ["33", "55"], "3355"),
    ):
        html = ss.layout(a).html
        assert hue_lines(svgs(html, "Elements")[0]) == rows
        assert hue_lines(strips(html)[0]) == [in_line]


def test_the_bar_below_the_bytes_says_whose_they_are() -> None:
    table = nine()
    fixed = table[:2]
    fixed.flags.writeable = False
    for a, words in (
        (table, "t owns these bytes"),
        (table.T, "t, a view"),
        (fixed, "t, a read-only view"),
    ):
        strip = strips(ss.layout(a, name="t").html)[0]
        assert [text for *_, text in texts(strip, "w")] == [words]
    one = strips(ss.layout(np.zeros(1, np.int8), name="t").html)[0]
    assert [text for *_, text in texts(one, "w")] == ["t"], "where the words have no room"


def test_steps_start_at_a_dot_and_each_ends_with_a_head() -> None:
    marks = paths(strips(ss.layout(nine(), focus=(1, 2)).html)[0], "f")
    assert re.findall("[ahl]", marks.replace("h6l-3 6z", "h")) == ["a", "a", "h", "h", "h"]
    assert paths(strips(ss.layout(nine(), focus=(0, 0)).html)[0], "f") == ""


def test_one_form_is_drawn_when_both_are_equal() -> None:
    assert "ss-narrow" not in ss.layout(np.zeros(2, np.int64)).html
    assert ss.layout(nine()).html.count("ss-narrow") == 1


def test_a_figure_is_small() -> None:
    assert len(ss.layout(nine()).html.encode()) < 6000
    assert len(ss.layout(np.zeros((100, 100))).html.encode()) < 32_000


def test_nothing_outside_the_owner_is_read() -> None:
    owner = np.array([1, 2, 3], np.int64)
    figure = ss.layout(as_strided(owner, (2, 3), (16, 8)), focus=(1, 2))
    assert "= byte 32, outside, never read." in figure.text
    wide = strips(figure.html)[0]
    read = read_strip(wide)
    assert read.boxes["q"] == {24, 32}
    assert read.values[24] == read.values[32] == "?"
    assert read.boxes["eb"] == {0, 8, 16}
    grid = svgs(figure.html, "Elements")[0]
    assert paths(grid, "q").count("M") == 2, "two of six cells have a dashed edge"
    assert paths(grid, "h"), "and are hatched"
    assert [t for *_, t in texts(grid, "o")] == ["?", "?"]


def test_a_view_that_points_into_unmapped_memory_is_drawn() -> None:
    owner = np.array([1, 2, 3], np.int64)
    far = as_strided(owner, (3, 3), (-(1 << 46), 1 << 45))
    assert "?" in ss.layout(far).text


def test_elements_read_more_than_once_are_counted() -> None:
    wide = strips(ss.layout(np.broadcast_to(np.arange(3), (7, 3))).html)[0]
    assert [label for *_, label in texts(wide, "d")] == [f"{TIMES}7"] * 3
    assert paths(wide, "u").count("M") == paths(wide, "u2").count("M") == 3, "double bars"
    windows = strips(ss.layout(sliding_window_view(np.arange(5), 3)).html)[0]
    assert [label for *_, label in texts(windows, "d")] == [f"{TIMES}{n}" for n in (2, 3, 2)]


@pytest.mark.parametrize(
    "huge",
    [
        lambda: np.broadcast_to(np.arange(5.0), (10**11, 5)),
        lambda: np.broadcast_to(np.arange(5.0)[:, None], (5, 10**11)),
        lambda: np.broadcast_to(np.int8(1), (10**4,) * 4),
        lambda: np.empty((10**4, 10**5), np.uint8),
        lambda: as_strided(np.arange(9), (10**6, 10**6, 10**6), (8, 8, 8)),
        lambda: np.arange(10_000.0).reshape(100, 100),
    ],
)
def test_huge_arrays_are_drawn_in_part(huge: Callable[[], NDArray[Any]]) -> None:
    a = huge()
    figure = ss.layout(a)
    assert "⋯" in figure.text
    grid = svgs(figure.html, "Elements")[0]
    assert sum(len(t) <= 5 for *_, t in texts(grid)) < 300


def test_the_focus_is_drawn_even_where_rows_are_left_out() -> None:
    figure = ss.layout(np.arange(10_000, dtype=np.int64).reshape(100, 100), focus=(50, 60))
    assert "5060" in [t for *_, t in texts(svgs(figure.html, "Elements")[0], "i")]
    assert read_strip(strips(figure.html)[0]).boxes["r"] == {50 * 800 + 60 * 8}


def test_0d_has_one_cell_and_an_empty_array_has_none() -> None:
    assert "[()] → 0 = byte 0, value 7." in ss.layout(np.array(7)).text
    assert "No elements: axis 1 has length 0." in ss.layout(np.empty((3, 0))).text
    emptied = ss.layout(nine()[:0])
    assert "No elements: axis 0 has length 0." in emptied.text
    assert "r" not in read_strip(strips(emptied.html)[0]).boxes


def test_six_dimensions_are_boards_with_titles() -> None:
    figure = ss.layout(np.arange(64, dtype=np.int16).reshape((2,) * 6))
    titles = [t for *_, t in texts(svgs(figure.html, "Elements")[0]) if t.startswith("[")]
    assert len(titles) == 16
    assert "[1,0,1,1, …]" in titles


def test_a_list_is_refused_with_the_way_out() -> None:
    with pytest.raises(TypeError, match=r"not list: make one first with np\.array\(\.\.\.\)"):
        ss.layout([1, 2, 3])


def test_a_focus_outside_the_shape_is_refused() -> None:
    with pytest.raises(IndexError, match=r"outside shape \(3, 3\)"):
        ss.layout(nine(), focus=(3, 0))


def test_objects_are_shown_as_types_of_what_is_pointed_to() -> None:
    a = np.array([None, 1, "x"], object)
    figure = ss.layout(a[::-1])
    assert "Elements: str, int, NoneType." in figure.text
    assert "stores pointers" in figure.text


def test_pointers_are_never_drawn() -> None:
    a = np.array([(object(), 1), (object(), 2)], [("o", object), ("i", "i4")])
    boxes = np.array([object(), object()], object)
    for drawn in (a, a["i"], as_strided(boxes, (3,), (4,))):
        texts_drawn = [t for s in strips(ss.layout(drawn).html) for *_, t in texts(s)]
        assert not any(
            re.fullmatch(r"[0-9a-f]{2}|\d{4,}…?", t) and int(t, 16) > 40 for t in texts_drawn
        )
        assert "·" in texts_drawn


@pytest.mark.parametrize(
    ("a", "words"),
    [
        (np.array([1, 2], ">i4"), "big-endian int32"),
        (np.array([(1, 2.5)], [("id", "i2"), ("m", "f4")]), "structured (id, m)"),
        (np.array([np.nan, -np.inf]), "Elements: nan, -inf."),
        (np.array(["a\x01<b>", "\ud800"]), r"a\x01<b>, \ud800"),
        (np.zeros(3, "V0"), "owns its 0 bytes"),
        (np.array(["a"], np.dtypes.StringDType()), "contain pointers to data elsewhere"),
        (np.ma.masked_array([1, 2], [0, 1]), "mask is a separate array"),
        (np.array([1 + 2j]), "Elements: 1+2j."),
    ],
)
def test_unusual_dtypes_draw_what_makes_sense(a: NDArray[Any], words: str) -> None:
    figure = ss.layout(a)
    assert words in figure.text
    parse(figure.html)


def test_long_values_are_cut_and_never_leave_their_cell() -> None:
    a = np.array([[-1.2345678901234567e-300, 10.0**300], [0.1 + 0.2, 123456789.0]])
    for grid in svgs(ss.layout(a).html, "Elements"):
        shown = [t for x, y, t in texts(grid) if y > 40 and x > 30 and "axis" not in t]
        assert all(len(t) <= 5 for t in shown)
        assert "0.30…" in shown
        assert not any(t.startswith("-1.2…") for t in shown), "a cut exponent must show as cut"


def test_a_name_cannot_inject_markup() -> None:
    figure = ss.layout(nine(), name="<script>x</script>", caption="`<b>` & <script>")
    assert "<script" not in figure.html
    assert "<code>&lt;b&gt;</code> &amp; &lt;script&gt;" in figure.html


def test_read_only_is_said() -> None:
    a = nine()
    a.flags.writeable = False
    figure = ss.layout(a)
    assert "read-only" in figure.text
    assert "a owns these bytes, read-only" in [t for *_, t in texts(strips(figure.html)[0], "w")]


def test_the_description_says_what_the_picture_says() -> None:
    figure = ss.layout(nine()[:, ::-1], name="r")
    for svg in parse(figure.html).iter("svg"):
        assert [child.tag for child in svg][:2] == ["title", "desc"]
        assert svg.get("role") == "img"
    desc = [s.findtext("desc") or "" for s in parse(figure.html).iter("svg")]
    assert (
        "Shape (3, 3). [0, …] 3, 2, 1; [1, …] 6, 5, 4; [2, …] 9, 8, 7. "
        "In focus: [1,2], value 4, byte 24." in desc[0]
    )
    assert "r starts at byte 16 and spans bytes 0 to 71" in desc[1]
    assert "strides (24, -8)" in figure.text
    assert "[1,2] → 16 + 1·24 + 2·(\N{MINUS SIGN}8) = byte 24" in figure.text


def test_the_same_array_gives_the_same_markup_without_ids() -> None:
    first, second = ss.layout(nine()).html, ss.layout(nine()).html
    assert first == second
    assert not re.search(r'\bid="|url\(', first)


def test_owner_and_view_are_told_apart() -> None:
    a = nine()
    assert "owns its 72 bytes" in ss.layout(a).text
    assert "view; owner: int64 array of shape (3, 3), 72 bytes" in ss.layout(a[1:]).text
    assert (
        "view; owner: bytes object, 12 bytes"
        in ss.layout(np.frombuffer(b"hello world!", "u1")).text
    )
    kinds = [{p.get("class") for p in strips(ss.layout(x).html)[0].iter("path")} for x in (a, a.T)]
    assert "w" not in kinds[0]
    assert "b" in kinds[0]
    assert "w" in kinds[1]
