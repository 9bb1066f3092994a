"""`ss.relate` puts sharers together and a copy under its own owner."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided

import stridescope as ss
from stridescope.drawing.reading_path import ordinals
from support.svg_reading import BOX, LEAST_BOX, hue_lines, parse, svgs, texts

if TYPE_CHECKING:
    from numpy.typing import NDArray


def test_a_transpose_shares_and_a_copy_does_not() -> None:
    a = np.arange(6, dtype=np.int64).reshape(2, 3).copy()
    figure = ss.relate(a=a, t=a.T, c=a.copy())
    assert "Owner 1: a, int64 array of shape (2, 3), 48 bytes" in figure.text
    assert "Owner 2: c, int64 array of shape (2, 3), 48 bytes" in figure.text
    assert "a and t share bytes." in figure.text
    assert "c shares no bytes with the other arrays." in figure.text
    assert len(svgs(figure.html, "Owner 2")) in (1, 2)


def test_two_halves_have_one_owner_and_share_nothing() -> None:
    a = np.arange(8)
    figure = ss.relate(even=a[::2], odd=a[1::2])
    assert "even and odd have the same owner. even and odd share no bytes of it." in " ".join(
        figure.text.splitlines()
    )


def test_a_table_and_its_transpose_are_two_walks_along_one_line() -> None:
    a = np.arange(1, 10, dtype=np.int64).reshape(3, 3).copy()
    for walk in (texts(s, "ord") for s in svgs(ss.relate(a=a, turned=a.T).html, "Owner")):
        lines = sorted({y for _, y, _ in walk})
        rows = [[t for _, y, t in sorted(walk) if y == line] for line in lines]
        first = ["1st", "2nd", "3rd", *(f"{n}th" for n in range(4, 10))]
        assert rows == [first, [first[int(n) - 1] for n in "147258369"]]
    assert texts(svgs(ss.relate(a=a, turned=a.T).html, "Owner")[0], "y") == []


def test_ordinals_are_english_and_give_way_to_numerals_where_room_is_short() -> None:
    a = np.arange(113, dtype=np.int8)
    seen = {t for *_, t in texts(svgs(ss.relate(a=a).html, "Owner")[0], "ord")}
    assert {*map(str, range(1, 114))} >= seen
    found = ordinals({n: str(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 111, 113)}, 99)
    words = "1st 2nd 3rd 4th 11th 12th 13th 21st 22nd 23rd 111th 113th"
    assert " ".join(found.values()) == words
    assert ordinals({0: "9", 8: "10"}, 31) == {0: "9", 8: "10"}


@pytest.mark.parametrize(
    "view",
    [
        lambda a: a[1::2],
        lambda a: a[::-1],
        lambda a: a.reshape(2, 4).T,
        lambda a: np.broadcast_to(a[2:4], (3, 2)),
        lambda a: as_strided(a, (3, 3), (8, 8)),
    ],
)
def test_numerals_count_the_steps_of_numpys_walk(
    view: Callable[[NDArray[Any]], NDArray[Any]],
) -> None:
    a = np.arange(8, dtype=np.int64)
    start = a.__array_interface__["data"][0]
    seen = view(a)
    found: dict[int, list[int]] = {}
    for step, index in enumerate(np.ndindex(seen.shape), 1):
        byte = seen[(*index, ...)].__array_interface__["data"][0] - start
        found.setdefault(byte, []).append(step)
    often = {b: f"{s[0]}×{len(s)}" if len(s) > 1 else str(s[0]) for b, s in found.items()}
    expected = ordinals(often, 88)
    strip = svgs(ss.relate(v=seen).html, "Owner")[0]
    box = (int(strip.get("width", 0)) - 1) // 8
    assert {int(x) // box * 8: text for x, _, text in texts(strip, "ord")} == expected


def test_where_numerals_have_no_room_tiles_are_under_the_elements() -> None:
    a = np.arange(600, dtype=np.int64)
    wide = svgs(ss.relate(odd=a[1::2]).html, "Owner")[0]
    assert texts(wide, "ord") == []
    fills = "".join(p.get("d") or "" for p in wide.iter("path") if p.get("class") == "c0")
    tiles = [int(x) for x, _, w, h in BOX.findall(fills) if int(h) < LEAST_BOX]
    box = next(int(w) + 2 for _, _, w, h in BOX.findall(fills) if int(h) < LEAST_BOX)
    assert [x // box * 8 for x in tiles][:4] == [8, 24, 40, 56]


def test_the_tiles_say_the_values_where_a_dtype_reads_others() -> None:
    one = np.array([1, 2, 3], ">u2")
    strip = svgs(ss.relate(one=one, other=one.view("<u2"), bytes="hex").html, "Owner")[0]
    assert [t for *_, t in sorted(texts(strip, "ord"))] == ["1st", "2nd", "3rd"]
    assert [t for *_, t in sorted(texts(strip, "y"))] == ["256", "512", "768"]
    assert [t for *_, t in sorted(texts(strip, "hx"))] == ["00", "01", "00", "02", "00", "03"]
    said = ss.relate(one=one, other=one.view("<u2")).text
    assert "its row shows its values" in said
    assert "the numbers are the values" not in ss.relate(one=one, two=one[::-1]).text


@pytest.mark.parametrize("own", [True, False])
def test_a_byte_has_one_color_in_all_tables_and_in_the_strip(*, own: bool) -> None:
    line = np.arange(9)
    a = np.array(line.reshape(3, 3)) if own else line.reshape(3, 3)
    html = ss.relate(a=a, turned=a.T).html
    table, turned = (svgs(html, f"Elements of {name}")[0] for name in ("a", "turned"))
    assert hue_lines(table) == ["000", "333", "555"]
    assert hue_lines(turned) == ["035"] * 3
    strip = svgs(html, "Owner")[0]
    assert hue_lines(strip) == ["000333555"]
    assert hue_lines(strip, " p") == ["000333555"] * 2, "each lane repeats the colors"


def test_what_reads_halves_of_elements_has_their_colors() -> None:
    ones = np.arange(3)
    halves = svgs(ss.relate(ones=ones, halves=ones.view(np.int32)).html, "Elements of halves")[0]
    assert hue_lines(halves) == ["003355"]


def test_each_array_is_a_table() -> None:
    a = np.arange(9).reshape(3, 3)
    html = ss.relate(a=a, turned=a.T).html
    assert {svg.findtext("title") for svg in svgs(html, "Elements")} == {
        "Elements of a",
        "Elements of turned",
    }


def test_the_walk_is_said_in_words() -> None:
    a = np.arange(6, dtype=np.int64).reshape(2, 3)
    assert "t (3, 2) strides (8, 24) offset 0, visits bytes 0, 24, 8, 32, 16, 40" in (
        ss.relate(t=a.T).text
    )
    assert "1st, 2nd and so on show the order" in ss.relate(a=a).text


def test_the_browser_gets_bytes_and_never_a_pointer() -> None:
    a = np.arange(6, dtype=np.int64)
    live = ss.relate(a=a, copy=a.copy())
    assert live.kind == "relate"
    assert live.data == a.tobytes() * 2
    assert ss.relate(o=np.array([{}, []], object)).data == b""
    assert ss.relate(np.zeros((1,) * 7)).kind == ""


def test_views_of_one_bytes_object_stand_together() -> None:
    raw = bytes(range(16))
    figure = ss.relate(np.frombuffer(raw, "u1"), np.frombuffer(raw, ">i4"), names=["b", "i"])
    assert "Owner: bytes object, 16 bytes" in figure.text
    assert "Owner 1" not in figure.text
    assert "b and i share bytes." in figure.text


def test_an_owner_that_was_not_given_is_said_to_have_no_name() -> None:
    hidden = np.arange(6, dtype=np.int64)
    assert (
        "Owner: int64 array of shape (6,), not named here, 48 bytes"
        in ss.relate(x=hidden[1:], y=hidden[::2]).text
    )
    assert "without a name" not in ss.relate(x=hidden[1:], owner=hidden).text


def test_each_row_names_its_array() -> None:
    a = np.arange(3)
    strip = svgs(ss.relate(a, a[::-1]).html, "Owner")[0]
    groups = [g for g in strip.iter("g") if g.get("class") == "lb"]
    labels = ["".join(t.itertext()) for g in groups for t in g.iter("text")]
    assert labels == ["a (3,) strides (8,), owner", "b (3,) strides (-8,) offset 16, view"]
    long = ss.relate(a, names=["a" * 20]).html
    assert "strides" in long, "without its role, which has no room on a phone"
    assert "owner</text>" not in long
    assert [t.text for g in groups for t in g.iter("tspan")] == ["(8,)", "(-8,)"]


def test_out_of_bounds_and_empty_and_huge_arrays_are_drawn() -> None:
    a = np.arange(3, dtype=np.int64)
    figure = ss.relate(
        a=a, out=as_strided(a, (2, 3), (800, 8)), none=a[:0], huge=np.broadcast_to(a, (10**11, 3))
    )
    parse(figure.html)
    assert "?" in [t for *_, t in texts(svgs(figure.html, "Owner")[0])]


def test_bad_calls_say_what_to_do() -> None:
    a = np.arange(3)
    with pytest.raises(TypeError, match=r"ss\.relate takes a NumPy array, not list"):
        ss.relate(a, [1])
    with pytest.raises(TypeError, match="at least one array"):
        ss.relate()
    with pytest.raises(ValueError, match="2 arrays and 1 names"):
        ss.relate(a, a, names=["x"])
    with pytest.raises(ValueError, match="the name 'a' twice"):
        ss.relate(a, a=a)


def test_names_cannot_inject_markup() -> None:
    assert "<script" not in ss.relate(np.arange(3), names=["<script>"]).html
