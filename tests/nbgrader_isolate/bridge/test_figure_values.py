"""Figures of Matplotlib cross as what was drawn, and forged ones are refused."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Wedge

from nbgrader_isolate.bridge import figure_values
from nbgrader_isolate.bridge.callbacks import InlineMemory
from nbgrader_isolate.bridge.failures import Failure, UngradableError
from nbgrader_isolate.bridge.pack import Packer
from nbgrader_isolate.bridge.unpack import Unpacker
from nbgrader_isolate.bridge.value_kinds import kinds_in
from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.grading.engine import Engine
from support.prepared import graded, notebook, records, student


def crossed(value: Any) -> Any:  # noqa: ANN401
    """Return what the test gets for a value of the student's."""
    memory, packer = InlineMemory(1 << 22), Packer()
    tree = packer.pack(value)
    return Unpacker(packer.finish(memory), memory, masked=False).unpack(tree)


def drawn() -> Axes:
    """Return axes with something of each kind."""
    axes = Figure().subplots()
    axes.plot([0, 1, 2], [1, 10, 100], "g--D", label="growth", linewidth=3)
    axes.plot([0, 2], [5, 5], color="0.5", label="level")
    axes.bar(["a", "b"], [3, 4], color="red", alpha=0.5, label="bars")
    axes.scatter([1, 2], [3, 4], s=9, c=["blue", "red"], label="dots")
    axes.imshow(np.arange(6.0).reshape(2, 3), cmap="gray", extent=(0, 1, 0, 1), aspect="auto")
    axes.set(title="A title", xlabel="time", ylabel="count", xlim=(-1, 3), ylim=(1, 200))
    axes.set_yscale("log")
    axes.set_xticks([0, 1, 2], ["zero", "one", "two"])
    axes.text(1, 2, "here")
    axes.legend(title="Legend")
    return axes


def test_axes_have_what_was_drawn() -> None:
    axes = crossed(drawn())
    assert type(axes) is Axes
    assert (axes.get_title(), axes.get_xlabel(), axes.get_ylabel()) == ("A title", "time", "count")
    assert axes.get_xlim() == (-1, 3)
    assert axes.get_ylim() == (1, 200)
    assert axes.get_yscale() == "log"
    assert axes.get_xticks().tolist() == [0, 1, 2]
    assert [one.get_text() for one in axes.get_xticklabels()] == ["zero", "one", "two"]
    assert [one.get_text() for one in axes.texts] == ["here"]


def test_lines_bars_points_and_images_have_their_data() -> None:
    axes = crossed(drawn())
    line, level = axes.get_lines()
    assert line.get_xydata().tolist() == [[0, 1], [1, 10], [2, 100]]
    assert (line.get_color(), line.get_linestyle(), line.get_marker()) == ("g", "--", "D")
    assert (line.get_linewidth(), line.get_label(), level.get_color()) == (3, "growth", "0.5")
    bars = [bar for bar in axes.patches if bar.get_height() in {3, 4}]
    assert [bar.get_alpha() for bar in bars] == [0.5, 0.5]
    (points,) = axes.collections
    assert points.get_offsets().tolist() == [[1, 3], [2, 4]]
    assert points.get_facecolor().tolist() == [[0, 0, 1, 1], [1, 0, 0, 1]]
    (image,) = axes.images
    assert image.get_array().tolist() == [[0, 1, 2], [3, 4, 5]]
    assert image.get_cmap().name == "gray"


def test_the_legend_has_its_texts_and_lines() -> None:
    legend = crossed(drawn()).get_legend()
    texts = [one.get_text() for one in legend.get_texts()]
    assert texts == ["growth", "level", "dots", "bars"]
    assert len(legend.get_lines()) == 2
    assert legend.get_title().get_text() == "Legend"
    assert legend.get_visible()


def test_a_figure_has_its_axes_and_size() -> None:
    figure = Figure(figsize=(8, 3))
    figure.subplots(1, 2)[0].plot([1, 2])
    figure.suptitle("All")
    other = crossed(figure)
    assert type(other) is Figure
    assert other.get_size_inches().tolist() == [8, 3]
    assert [len(axes.lines) for axes in other.axes] == [1, 0]
    assert other.get_suptitle() == "All"


def test_axes_in_arrays_cross_and_axes_without_anything() -> None:
    table = crossed(Figure().subplots(2, 2))
    assert table.shape == (2, 2)
    assert all(type(axes) is Axes for axes in table.flat)
    assert crossed(Figure().subplots()).get_legend() is None


def test_what_is_drawn_with_dates_and_gaps_is_drawn_as_numbers() -> None:
    axes = Figure().subplots()
    axes.plot(np.array(["2024-01-01", "2024-01-02"], "M8[D]"), [1, None])
    (line,) = crossed(axes).lines
    assert np.isfinite(line.get_xdata()).all()
    assert np.isnan(line.get_ydata()[1])


def test_a_figure_with_too_much_in_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figure_values, "MOST", 3)
    with pytest.raises(Failure, match="a figure of 5 artists"):
        Packer().pack(many())


def many() -> Axes:
    axes = Figure().subplots()
    for _ in range(5):
        axes.plot([1])
    return axes


def test_figures_do_not_go_to_the_student() -> None:
    with pytest.raises(UngradableError, match="Axes"):
        Packer(answer=False).pack(drawn())


class Lying(Axes):
    """Axes of the student's own."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = Axes.__hash__


def test_axes_of_the_students_own_class_do_not_cross() -> None:
    figure = Figure()
    figure.add_axes(Lying(figure, (0, 0, 1, 1)))
    with pytest.raises(UngradableError, match="Lying"):
        Packer().pack(figure.axes[0])
    assert crossed(figure).axes == []


def mesh(axes: Axes) -> None:
    axes.pcolormesh(np.arange(12).reshape(3, 4))


PARTLY: dict[str, Callable[[Axes], object]] = {
    "a mesh": mesh,
    "steps of a histogram": lambda axes: axes.hist([1, 2, 2], histtype="step"),
    "a part of a pie": lambda axes: axes.add_patch(Wedge((0, 0), 1, 0, 90)),
    "a filled area": lambda axes: axes.fill_between([1, 2], [1, 2]),
    "a table": lambda axes: axes.table([["1"]]),
    "axes in axes": lambda axes: axes.inset_axes((0, 0, 1, 1)),
    "an artist of another kind": lambda axes: axes.add_artist(Artist()),
    "a text of the figure": lambda axes: axes.figure.text(0, 0, "a"),
    "polar axes": lambda axes: axes.figure.add_subplot(projection="polar"),
}


@pytest.mark.parametrize("draw", PARTLY.values(), ids=PARTLY.keys())
def test_what_is_left_out_of_a_figure_is_noted(draw: Callable[[Axes], object]) -> None:
    axes = drawn()
    axes.figure.suptitle("All")
    for value in (axes, axes.figure, [axes]):
        assert noted(value) == {"a figure of Matplotlib"}
    draw(axes)
    assert noted(axes.figure) == {"a figure of Matplotlib", "only a part of a figure"}


def noted(value: Any) -> set[str]:  # noqa: ANN401
    packer = Packer()
    return kinds_in([packer.pack(value)], packer.entries)


def test_a_test_that_fails_without_an_artist_says_what_it_has_not_seen() -> None:
    answer = (
        "import matplotlib.pyplot as plt\ndef draw():\n    axes = plt.figure().subplots()\n"
        "    axes.pcolormesh([[1, 2], [3, 4]])\n    return axes\n"
        "def line():\n    axes = plt.figure().subplots()\n    axes.plot([1])\n    return axes"
    )
    tests = (
        "axes = draw()\nassert axes.images or axes.collections, 'no colors'",
        "axes = line()\nassert axes.images or axes.collections, 'no colors'",
    )
    cells = notebook(student(answer), *map(graded, tests))
    with Engine(Limits()) as engine:
        executed = engine.run(cells, files={}, student_names=["draw", "line"], seed=1)
    _, partly, whole = records(executed)
    assert partly["outcome"] == whole["outcome"] == "failed"
    assert partly["refused"] == "draw(…): got only a part of a figure."
    assert not whole.get("refused")


FORGED: dict[str, Callable[[dict[str, Any]], object]] = {
    "a title that is a list": lambda a: a.update(title=["x"]),
    "a title that is missing": lambda a: a.pop("title"),
    "lines that are text": lambda a: a.update(lines="abc"),
    "a line of objects": lambda a: a["lines"][0].__setitem__(0, [1, 2, 3]),
    "a line of another shape": lambda a: a["lines"][0].__setitem__(0, np.zeros((3, 3))),
    "a color that is none": lambda a: a["lines"][0][2].update(color="no color"),
    "a marker that is none": lambda a: a["lines"][0][2].update(marker="no marker"),
    "an alpha of 7": lambda a: a["lines"][0][2].update(alpha=7),
    "a setting that is missing": lambda a: a["lines"][0][2].pop("alpha"),
    "a place without a size": lambda a: a.update(position=(0, 0)),
    "a place that is not finite": lambda a: a.update(position=(0, 0, float("nan"), 1)),
    "limits that are text": lambda a: a.update(xlim=("a", "b")),
    "ticks that are text": lambda a: a.update(xaxis=["abc", None]),
    "labels without a number": lambda a: a.update(xaxis=[np.zeros(2), ["a"]]),
    "an unknown color map": lambda a: a["images"][0].__setitem__(3, "of my own"),
    "an image that is a list": lambda a: a["images"][0].__setitem__(0, [[1]]),
    "colors of another shape": lambda a: a["points"][0].__setitem__(2, np.zeros(3)),
    "a legend of numbers": lambda a: a.update(legend=[[1], [True], "", True]),
    "a legend that is a number": lambda a: a.update(legend=3),
}


@pytest.mark.sample(every=2)
@pytest.mark.parametrize("change", FORGED.values(), ids=FORGED.keys())
def test_forged_axes_are_refused(change: Callable[[dict[str, Any]], object]) -> None:
    about = copy.deepcopy(figure_values.axes_parts(drawn()))
    change(about)
    with pytest.raises((UngradableError, TypeError, ValueError, KeyError)):
        figure_values.build("mpl.Axes", [about, 0])


@pytest.mark.parametrize(
    "parts",
    [
        [np.zeros(2), "", [], 0],
        [np.ones(3), "", [], 0],
        [(1, 2), "", [], 0],
        [np.ones(2), 3, [], 0],
        [np.ones(2), "", [], -1],
        [np.ones(2), "", [], False],
        [np.ones(2), "", []],
    ],
)
def test_forged_figures_are_refused(parts: list[Any]) -> None:
    with pytest.raises((UngradableError, TypeError, ValueError)):
        figure_values.build("mpl.Figure", parts)
