"""One style for all figures: the roles of the visual language, readable on both pages."""

from __future__ import annotations

import re

import numpy as np
import pytest

import stridescope as ss
from stridescope.runtime.styles import style, style_tag

ROLES = {
    "light": {
        "--v": "#1d2127",
        "--i": "#174a94",
        "--a": "#24796f",
        "--o": "#98162e",
        "--d": "#966400",
        "--s": "#5b6470",
        "--e": "#8b857a",
        "--p": "#fffdf9",
        "--k": "#0b5cad",
    },
    "dark": {
        "--v": "#e4e2dc",
        "--i": "#9ad2ff",
        "--a": "#52a9a0",
        "--o": "#ef7b68",
        "--d": "#f6cd55",
        "--s": "#a3abb6",
        "--e": "#6f7781",
        "--p": "#16181c",
        "--k": "#7db7ff",
    },
}


def blocks() -> dict[str, list[dict[str, str]]]:
    """Return the palettes by the selector they follow."""
    css = style_tag()
    found: dict[str, list[dict[str, str]]] = {}
    for selector, body in re.findall(r"([^{}]*)\{(--v[^{}]*)\}", css):
        pairs = re.findall(r"(--\w):(?:var\(--ss-\w+,\s*)?(#\w+)", body)
        found.setdefault(selector.removeprefix("style>").split(">")[-1].strip(), []).append(
            dict(pairs)
        )
    return found


def luminance(colour: str) -> float:
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_palettes_are_those_of_the_visual_language() -> None:
    found = blocks()
    light, dark = found[".ss"]
    (printed,) = found[".ss,[data-jp-theme-light] .ss"]
    assert light == ROLES["light"]
    assert dark == ROLES["dark"]
    assert set(printed.values()) == {"#000", "#fff"}
    assert found['[data-jp-theme-light="false"] .ss'] == [ROLES["dark"]]
    assert found['[data-jp-theme-light="true"] .ss'] == [ROLES["light"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_contrast_on_the_page(scheme: str) -> None:
    roles = blocks()[".ss"][["light", "dark"].index(scheme)]
    for role in ("--v", "--i", "--a", "--o", "--d", "--s", "--k"):
        assert contrast(roles[role], roles["--p"]) >= 4.5, role
    assert contrast(roles["--e"], roles["--p"]) >= 3


def test_no_type_is_smaller_than_12_px() -> None:
    sizes = [float(n) for n in re.findall(r"font(?:-size)?:[^;}]*?([\d.]+)px", style_tag())]
    assert min(sizes) >= 12


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
    assert len(style_tag()) < 10_000


def test_what_only_a_live_form_has_is_not_in_each_output() -> None:
    static, both = style(), style(live=True)
    assert both.startswith(static)
    for name in (".ss-btn", ".ss-nudge", ".ss-predict-sure", ".ss-workbench-row"):
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
