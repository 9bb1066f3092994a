"""Contact sheets of every instrument in every state: ``.venv/bin/python tests/browser/screens.py
[kind …]``.

No test: pictures to be looked at. Each kind of instrument gives one sheet for each width and
scheme, below ``_build/screens/``: ``workbench-390-dark-1.png`` and its like, four or eight states
on each.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby, product
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from playwright.sync_api import sync_playwright

import stridescope as ss
from support.instrument_pages import READY, write_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

OUT = Path(__file__).parents[2] / "_build" / "screens"
WIDTHS, SCHEMES = (1280, 390), ("light", "dark")
SHEET = """<!doctype html><meta charset="utf-8"><title>{title}</title>
<style>body {{ margin: 8px; background: {page}; color: {ink}; font: 13px system-ui;
  width: max-content;
max-width: 1500px; }} main {{ columns: {columns}; column-gap: 16px; }}
figure {{ margin: 0 0 16px; break-inside: avoid; }} img {{ display: block; }}</style>
<main>{body}</main>"""


@dataclass(frozen=True)
class State:
    """An instrument, and what a reader does with it before the picture is taken.

    Parameters
    ----------
    name
        What is to be seen.
    shown
        The instrument.
    act
        Takes the instrument's element in the page; nothing is done if there is none.
    """

    name: str
    shown: ss.Instrument
    act: Callable[[Locator], None] = lambda _: None


def clicks(*names: str) -> Callable[[Locator], None]:
    """Return an act that presses buttons of these names, one after the other."""

    def act(figure: Locator) -> None:
        for name in names:
            figure.get_by_role("button", name=name, exact=True).first.click()

    return act


def keys(picture: str, *pressed: str) -> Callable[[Locator], None]:
    """Return an act that gives a picture the focus and presses keys."""

    def act(figure: Locator) -> None:
        figure.locator(picture).first.focus()
        for key in pressed:
            figure.page.keyboard.press(key)

    return act


def types(*fields: tuple[str, object]) -> Callable[[Locator], None]:
    """Return an act that types numbers into fields."""

    def act(figure: Locator) -> None:
        for name, value in fields:
            field = figure.get_by_role("spinbutton", name=name, exact=True)
            field.fill(str(value))
            field.press("Enter")

    return act


def wins(figure: Locator) -> None:
    """Play the first hole of golf to its end."""
    clicks("Stride golf")(figure)
    names = ("shape, axis 0", "shape, axis 1", "stride in bytes, axis 0", "stride in bytes, axis 1")
    types(*zip(names, (4, 3, 8, 32), strict=True))(figure)


def arrays() -> list[State]:
    """Return the states of what draws one array or several."""
    a = np.arange(1, 10, dtype=np.int64).reshape(3, 3)
    hand = np.arange(12, dtype=np.int64)
    hidden = np.arange(24, dtype=np.int64)[4:16].reshape(3, 4)
    huge = np.broadcast_to(np.arange(5.0)[:, None], (5, 10**11))
    grid = "svg[role=application]"
    return [
        State("layout, default", ss.layout(a, caption="Touch an element of `a`.")),
        State("layout, focus", ss.layout(a), keys(grid, "ArrowLeft", "ArrowDown")),
        State("layout, pinned", ss.layout(a), keys(grid, "Enter")),
        State("layout, a view with negative strides", ss.layout(a[::-1, ::-2], name="b")),
        State("layout, aliased", ss.layout(np.broadcast_to(a[0], (3, 3)), name="c")),
        State("layout, empty", ss.layout(np.zeros((2, 0), np.int64))),
        State("layout, 0-d", ss.layout(np.array(7, np.int64))),
        State("layout, four axes", ss.layout(np.arange(36, dtype=np.int16).reshape(2, 3, 3, 2))),
        State("layout, six axes", ss.layout(np.arange(64, dtype=np.int8).reshape((2,) * 6))),
        State("layout, huge", ss.layout(huge)),
        State("layout, large", ss.layout(np.arange(10_000, dtype=np.int64).reshape(100, 100))),
        State("relate, default", ss.relate(a=a, t=a.T, c=a.copy())),
        State("relate, pinned", ss.relate(a=a, corner=a[1:, 1:]), keys(grid, "Enter")),
        State("relate, a hidden owner", ss.relate(x=hidden, y=hidden.T)),
        State("relate, read only and empty", ss.relate(x=huge[:, :2], e=a[:0])),
        State("workbench, default", ss.workbench(hand, shape=(3, 4), strides=(32, 8))),
        State("workbench, aliased", ss.workbench(hand, shape=(3, 4)), clicks("Broadcast")),
        State(
            "workbench, out of bounds, refused",
            ss.workbench(hand, shape=(3, 4)),
            types(("offset in bytes", -16), ("stride in bytes, axis 0", 40)),
        ),
        State("workbench, a letter", ss.workbench(hand), types(("offset in bytes", "eight"))),
        State("workbench, empty", ss.workbench(hand), types(("shape, axis 0", 0))),
        State("workbench, 0-d", ss.workbench(hand, shape=()), keys(grid, "Enter")),
        State("workbench, six axes", ss.workbench(hand, shape=(1, 2, 1, 2, 1, 2))),
        State("workbench, huge", ss.workbench(hand, shape=(5, 10**11), strides=(8, 0))),
        State("workbench, golf", ss.workbench(hand, shape=(3, 4)), clicks("Stride golf")),
        State("workbench, golf won", ss.workbench(hand, shape=(3, 4)), wins),
    ]


def reasons() -> list[State]:
    """Return the states of what says why."""
    a = np.arange(1, 13, dtype=np.int64).reshape(3, 4)
    cube = np.arange(24, dtype=np.int64).reshape(2, 3, 4)
    mask = a % 3 == 0
    return [
        State("why, default: three slices", ss.why(cube, np.s_[1:, :2, ::2], name="cube")),
        State("why, int and None", ss.why(a, np.s_[1, None, :])),
        State("why, copy by a list", ss.why(a, np.s_[:, [0, 2]])),
        State("why, copy by a mask", ss.why(a, mask)),
        State("why, scalar", ss.why(a, 1, 2)),
        State("why, refused", ss.why(a, [0, 1], [0, 2]), clicks("3")),
        State("why, empty", ss.why(a, np.s_[3:, :])),
        State("why, focus on a chip", ss.why(a, np.s_[1:, :]), keys("button.ss-chips-kind")),
        State("why_reshape, view", ss.why_reshape(a, (2, 6))),
        State("why_reshape, copy", ss.why_reshape(a.T, (2, 6), name="a.T")),
        State("why_reshape, refused", ss.why_reshape(a, (5, 3))),
        State("why_reshape, six axes", ss.why_reshape(np.zeros((2,) * 6, np.int8), (8, 8))),
        State("why_reshape, F", ss.why_reshape(a, (4, 3), "F"), clicks("order F")),
        State("broadcast, stretch", ss.broadcast(a, np.arange(4), names=["a", "b"])),
        State("broadcast, clash", ss.broadcast(a, np.arange(3))),
        State("broadcast, three", ss.broadcast(a[:, :1], a[:1], np.array(2))),
    ]


def numbers() -> list[State]:
    """Return the states of what shows one number, a walk, a window or an expression."""
    a = np.arange(64, dtype=np.int64).reshape(8, 8)
    image, kernel = np.arange(36).reshape(6, 6), np.array([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]])
    slow = {"a.sum()": a.sum, "a loop": lambda: sum(x for x in a.flat), "+ 1": lambda: a.sum() + 1}
    past = {"machine": "a desk in 2024", "seconds": {"a.sum()": 1e-6, "a loop": 9e-5}}
    return [
        State("wheel, default", ss.wheel("int8")),
        State("wheel, past the seam", ss.wheel("int8"), clicks("+ 1")),
        State("wheel, focus", ss.wheel("uint8", 3), keys("svg[role=spinbutton]")),
        State("wheel, odometer", ss.wheel("int32", -5)),
        State("bits, default", ss.bits("float32", 0.1)),
        State("bits, negative", ss.bits("float16", -6.1e-5), clicks("previous")),
        State("bits, integer", ss.bits("int16", -3)),
        State("bits, many digits", ss.bits("float64", 5e-324)),
        State("bits, nan", ss.bits("float32", float("nan"))),
        State("traverse, default", ss.traverse(a)),
        State("traverse, other order", ss.traverse(a, "F")),
        State("windows, default", ss.windows(image, kernel)),
        State("windows, flipped", ss.windows(image, kernel), clicks("flip the kernel")),
        State("temporaries, default", ss.temporaries("np.sqrt(np.sum(a**2))", a=a)),
        State("race, recorded, another result", ss.race(slow, seconds=0.2, recorded=past)),
    ]


def questions() -> list[State]:
    """Return the states of what asks; the last two know the answers given before them."""
    a = np.arange(9, dtype=np.int64).reshape(3, 3)
    wrong = {a.strides: "", (3, 1): "Strides count `bytes`.", (8, 24): "That is F order."}

    def ask(key: str, **how: object) -> ss.Instrument:
        return ss.predict("What is `a.strides`?", a.strides, wrong, why="8 bytes.", key=key, **how)

    def touch(key: str, place: object) -> ss.Instrument:
        return ss.predict("Where is `a[1, 2]`?", place, why="24 + 16.", touch=a, key=key)

    def typed(key: str) -> ss.Instrument:
        return ss.predict("`a.T.strides`?", a.T.strides, free=True, key=key)

    def says(text: str) -> Callable[[Locator], None]:
        def act(figure: Locator) -> None:
            figure.get_by_role("textbox").fill(text)
            clicks("Your answer: sure")(figure)

        return act

    def touches(*pressed: str) -> Callable[[Locator], None]:
        return keys("svg[tabindex]", *pressed, "Enter", "Enter")

    return [
        State("predict, default", ask("k0")),
        State("predict, right", ask("k1"), clicks("(24, 8)", "(24, 8): sure")),
        State("predict, wrong", ask("k2"), clicks("(3, 1)", "(3, 1): sure")),
        State("predict, shown", ask("k3"), clicks("Show me")),
        State("predict, typed", typed("k4")),
        State("predict, typed wrong", typed("k5"), says("(8, 3)")),
        State("predict, a byte to touch", touch("k6", 40)),
        State("predict, byte touched wrong", touch("k7", 40), touches("ArrowRight", "ArrowRight")),
        State("predict, byte touched right", touch("k8", 40), touches(*["ArrowRight"] * 5)),
        State("predict, element touched wrong", touch("k9", (1, 2)), touches("ArrowDown")),
        State("review, invites", ss.review()),
        State("review, asks", ss.review(), lambda f: f.locator(".ss-ctl button").click()),
        State("before_after", ss.before_after({"strides": ("k1", "k2"), "`.T`": ("k4", "k5")})),
    ]


def kind_of(state: State) -> str:
    """Return which instrument a state is of: the first word of its name."""
    return state.name.split(",")[0].split()[0]


def batched(names: list[str], size: int) -> list[list[str]]:
    """Cut a list into lists of at most `size`."""
    return [names[k : k + size] for k in range(0, len(names), size)]


def take(page: Page, states: Iterable[State]) -> dict[str, bytes]:
    """Act on each instrument of a page, and return a picture of each by the state's name."""
    pictures = {}
    figures = page.locator(".ss:visible:not(.ss .ss):not(.ss-review + .ss)")
    for k, state in enumerate(states):
        figure = figures.nth(k)
        figure.scroll_into_view_if_needed()
        if state.shown.kind:
            state.act(figure)
        page.wait_for_timeout(200)
        pictures[state.name] = figure.screenshot(animations="disabled")
    return pictures


def sheet(
    browser: Browser, pictures: dict[str, bytes], width: int, scheme: str, path: Path
) -> None:
    """Set pictures side by side, with their names, and write them as one."""
    body = "".join(
        f'<figure>{name}<img src="data:image/png;base64,{b64encode(data).decode()}"></figure>'
        for name, data in pictures.items()
    )
    page_, ink = ("#fffdf9", "#1d2127") if scheme == "light" else ("#16181c", "#e4e2dc")
    columns = min(len(pictures), 2 if width > 800 else 4)
    page = browser.new_page(viewport={"width": 1500, "height": 600})
    page.set_content(SHEET.format(title=path.stem, page=page_, ink=ink, columns=columns, body=body))
    page.screenshot(path=path, full_page=True)
    page.close()


def main(kinds: list[str]) -> None:
    """Write the sheets of these kinds, or of all."""
    OUT.mkdir(parents=True, exist_ok=True)
    states = [*arrays(), *reasons(), *numbers(), *questions()]
    wanted = [state for state in states if not kinds or kind_of(state) in kinds]
    where = shutil.which("chromium") or shutil.which("chromium-browser")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        site = Path(folder)
        path = write_page(site, [state.shown for state in wanted])
        browser = driver.chromium.launch(executable_path=where)
        for width, scheme in product(WIDTHS, SCHEMES):
            viewport = {"width": width, "height": 900}
            page = browser.new_page(viewport=viewport, color_scheme=scheme)  # type: ignore[arg-type]
            page.goto(f"{site.as_uri()}/{path}")
            page.wait_for_function(READY)
            page.add_style_tag(content="header { position: static !important; }")
            taken = take(page, wanted)
            page.close()
            size = 4 if width > 800 else 8
            for kind, group in groupby(wanted, kind_of):
                for number, some in enumerate(batched([state.name for state in group], size), 1):
                    file = OUT / f"{kind}-{width}-{scheme}-{number}.png"
                    sheet(browser, {name: taken[name] for name in some}, width, scheme, file)
            print(f"{OUT}: {len(taken)} pictures at {width} px, {scheme}")  # noqa: T201 - a script


if __name__ == "__main__":
    main(sys.argv[1:])
