"""Figures are shown in a page as in a notebook."""

from __future__ import annotations

import base64
import sys
from collections.abc import Iterator
from typing import Any

import matplotlib as mpl
import pytest
from matplotlib import pyplot as plt

from course.live import figures
from course.live.kernel import Kernel
from course.live.stand_ins import Lent, lend_matplotlib, look_again


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """What the kernel of this test tells the page."""
    monkeypatch.setitem(sys.modules, "figures", figures)
    backend = mpl.get_backend()
    plt.close("all")
    mpl.use("module://figures")
    yield []
    plt.close("all")
    mpl.use(backend)


def run(shown: list[dict[str, Any]], source: str) -> dict[str, Any]:
    """Run a cell that draws."""
    shown.clear()
    kernel = Kernel(shown.append)
    return kernel.run(f"from matplotlib import pyplot as plt\n{source}", "cell 1")


def kinds(shown: list[dict[str, Any]]) -> list[str]:
    """Return what is shown, in order: text, or `png`."""
    return [
        said["text"] if said["type"] == "stream" else "png" if "image/png" in said["data"] else "?"
        for said in shown
    ]


def test_a_figure_is_shown_at_the_end_of_its_cell_and_closed(shown: list[dict[str, Any]]) -> None:
    result = run(shown, "plt.plot([1, 2]);\nprint('drawn')")
    assert result["error"] is None
    assert kinds(shown) == ["drawn\n", "png"]
    data = shown[1]["data"]
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert data["text/plain"].startswith("<Figure size")
    assert plt.get_fignums() == []


def test_show_shows_at_once(shown: list[dict[str, Any]]) -> None:
    run(shown, "for k in range(2):\n    plt.plot([k])\n    plt.show()\n    print(k)")
    assert kinds(shown) == ["png", "0\n", "png", "1\n"]


def test_a_figure_is_the_value_of_a_cell_even_when_it_is_closed(
    shown: list[dict[str, Any]],
) -> None:
    run(shown, "figure = plt.figure()\nplt.close(figure)\nfigure")
    assert kinds(shown) == ["png"]


def test_a_figure_is_shown_even_if_the_cell_fails(shown: list[dict[str, Any]]) -> None:
    result = run(shown, "plt.plot([1])\n1 / 0")
    assert result["error"]["name"] == "ZeroDivisionError"
    assert kinds(shown) == ["png"]


def test_a_figure_that_cannot_be_drawn_is_an_error_and_is_closed(
    shown: list[dict[str, Any]],
) -> None:
    result = run(shown, "plt.title(r'$\\frac{$')")
    assert result["error"]["name"] == "ValueError"
    assert plt.get_fignums() == []


def test_cells_that_do_not_draw_show_nothing(shown: list[dict[str, Any]]) -> None:
    run(shown, "1;")
    assert shown == []


def test_the_real_matplotlib_takes_the_place_of_what_was_lent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    with monkeypatch.context() as patched:
        patched.setattr("course.live.stand_ins.importlib.util.find_spec", lambda _name: None)
        lend_matplotlib()
    assert isinstance(sys.modules["matplotlib"], Lent)
    look_again()
    assert "matplotlib" not in sys.modules
    assert "matplotlib.image" not in sys.modules
    look_again()  # nothing is lent any more
