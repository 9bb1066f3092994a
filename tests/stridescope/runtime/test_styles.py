"""One style for all figures: the roles of the visual language, readable on both pages."""

from __future__ import annotations

import re

import numpy as np
import pytest

import stridescope as ss
from stridescope.runtime.styles import style, style_tag
from support.color_vision import VISION, ciede2000, contrast, distance, luminance

ROLES = {
    "light": {
        "v": "#1d2127",
        "i": "#174a94",
        "a": "#24796f",
        "o": "#98162e",
        "d": "#966400",
        "s": "#5b6470",
        "e": "#8b857a",
        "p": "#f6f2ea",
        "b": "#fffdf9",
        "k": "#0b5cad",
    },
    "dark": {
        "v": "#e4e2dc",
        "i": "#9ad2ff",
        "a": "#52a9a0",
        "o": "#ef7b68",
        "d": "#f6cd55",
        "s": "#a3abb6",
        "e": "#7f8893",
        "p": "#262b33",
        "b": "#16181c",
        "k": "#7db7ff",
    },
}
ROWS = {
    "light": ["#9a9ce5", "#86baf4", "#73d8f0", "#89ebca", "#c3f0a0", "#ffe97a"],
    "dark": ["#6343a3", "#414fc0", "#1c6280", "#0a6856", "#4d632c", "#7c5700"],
}
SCHEMES = ["light", "dark"]


def palette(scheme: str) -> dict[str, str]:
    """Return the colors of a scheme by the name of their variable."""
    pairs = re.findall(r"--(\w\d?):[^;]*?light-dark\((#\w+),(#\w+)\)", style())
    return {name: (light, dark)[SCHEMES.index(scheme)] for name, light, dark in pairs}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_palettes_are_those_of_the_visual_language(scheme: str) -> None:
    rows = {f"r{k}": color for k, color in enumerate(ROWS[scheme])}
    assert palette(scheme) == ROLES[scheme] | rows


def test_a_theme_that_the_reader_chose_rules_over_that_of_the_system() -> None:
    for light, scheme in (("false", "dark"), ("true", "light")):
        rule = f'[data-jp-theme-light="{light}"] .ss{{color-scheme:{scheme};'
        assert rule in style()
    (printed,) = re.findall(r"\.ss,\[data-jp-theme-light\] \.ss\{(.*?)\}", style())
    assert printed.startswith("color-scheme:light;")
    assert set(re.findall(r"#\w+", printed)) == {"#000", "#fff"}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_has_contrast_on_the_stage_and_in_boxes(scheme: str) -> None:
    roles = palette(scheme)
    for role in "viaodsk":
        for ground in ("p", "b"):
            assert contrast(roles[role], roles[ground]) >= 4.5, (role, ground)
    assert contrast(roles["e"], roles["p"]) >= 3


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_value_can_be_read_on_each_row_and_its_ring_be_seen(scheme: str) -> None:
    roles = palette(scheme)
    for color in ROWS[scheme]:
        assert contrast(roles["v"], color) >= 5
        assert contrast(roles["i"], color) >= 3


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("vision", VISION)
def test_rows_differ_for_every_kind_of_color_vision(scheme: str, vision: str) -> None:
    rows = ROWS[scheme]
    pairs = {(k, n): distance(rows[k], rows[n], vision) for n in range(len(rows)) for k in range(n)}
    assert min(pairs.values()) >= 3.3, "any two, at the least a difference that can be seen"
    assert min(d for (k, n), d in pairs.items() if n - k > 1) >= 7
    three = [pairs[0, 3], pairs[3, 5], pairs[0, 5]]
    assert min(three) >= 15, "the rows of most tables of the course"
    ground = palette(scheme)["p"]
    assert min(distance(color, ground, vision) for color in rows) >= 6


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_ramp_grows_lighter_from_row_to_row(scheme: str) -> None:
    lights = [luminance(color) for color in ROWS[scheme]]
    assert lights == sorted(lights)


def test_the_distance_is_that_of_the_published_pairs() -> None:
    published = [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((6.7747, -0.2908, -2.4247), (5.8714, -0.0985, -2.2286), 0.6377),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ]
    for one, other, expected in published:
        assert ciede2000(one, other) == pytest.approx(expected, abs=1e-4)


def test_no_type_is_smaller_than_13_px() -> None:
    sizes = [float(n) for n in re.findall(r"font(?:-size)?:[^;}]*?([\d.]+)px", style_tag())]
    assert min(sizes) >= 13


def test_every_output_begins_with_the_same_style() -> None:
    figures = [
        ss.layout(np.arange(3)),
        ss.relate(np.arange(3)),
        ss.workbench(b"abc"),
        ss.predict("q", 1, {1: "", 2: ""}),
    ]
    for figure in figures:
        bundle = figure._repr_mimebundle_()
        assert bundle["text/html"] == style_tag() + figure.html
        assert bundle["text/plain"] == repr(figure) == figure.text
    assert style_tag().startswith("<style>.ss{")
    assert len(style_tag()) < 11_200


def test_what_only_a_live_form_has_is_not_in_each_output() -> None:
    static, both = style(), style(live=True)
    assert both.startswith(static)
    for name in (".ss-btn", ".ss-nudge", ".ss-predict-sure", ".ss-wb-row"):
        assert name not in static
        assert name in both


@pytest.mark.slow
def test_no_class_of_a_static_form_waits_for_the_live_style() -> None:
    a = np.arange(1, 13).reshape(3, 4)
    shown = [
        ss.layout(a), ss.relate(a=a, t=a.T), ss.workbench(a), ss.why(a, slice(1, None), [0, 2]),
        ss.why_reshape(a.T, (3, 4)), ss.broadcast(a, np.ones(4)), ss.broadcast(a, np.ones(3)),
        ss.wheel("int8"), ss.bits("float32", 0.1), ss.traverse(a), ss.temporaries("a + 1", a=a),
        ss.windows(a, np.ones((2, 2), int)), ss.predict("Where?", 8, touch=a), ss.review(),
        ss.predict("q", 1, {1: "", 2: ""}), ss.race({"sum": a.sum}, seconds=0.01),
    ]  # fmt: skip
    used = {n for one in shown for c in re.findall(r'class="([^"]*)"', one.html) for n in c.split()}
    live_only = style(live=True).removeprefix(style())
    selectors = re.sub(r"@[^{]*{|{[^}]*}+", "\n", live_only).replace(",", "\n").split("\n")
    controls = re.compile(r"button|input|textarea|tabindex")
    named = {
        s: set(re.findall(r"\.(ss-[a-z0-9-]+)", s)) for s in selectors if not controls.search(s)
    }
    waiting = {s for s, names in named.items() if names and names <= used}
    assert waiting == set()
