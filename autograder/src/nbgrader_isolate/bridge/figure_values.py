"""Figures and axes of Matplotlib: what was drawn crosses as data, and is drawn again.

The test gets real `Axes` in a `Figure` of its own, so `isinstance` and all getters work: lines with
their data, bars, points, images, texts, labels, limits, ticks, scales and the legend. Nothing is
rendered. Figures go from the student to the test only. How many other artists there are crosses,
too, so that a test that fails without them is known to have seen only a part of the figure.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from nbgrader_isolate.bridge import library_tags
from nbgrader_isolate.bridge.failures import TooLargeError, UngradableError

MOST = 10_000
"""How many artists of one figure may cross."""
TAGS = library_tags.FIGURES
MUTABLE: frozenset[str] = frozenset()
SCALES = ("linear", "log", "symlog", "logit")
_LINE = ("label", "color", "linestyle", "marker", "linewidth", "markersize", "alpha", "visible")
_PATCH = ("label", "facecolor", "edgecolor", "alpha", "visible")
_POINTS = ("label", "alpha", "visible")


def tag_of(kind: type) -> str:
    """Return the tag of a type; "" if it is none of a figure or of axes."""
    names = {base.__name__ for base in kind.__mro__ if base.__module__.startswith("matplotlib.")}
    if "Axes" in names and kind.__name__ in {"Axes", "AxesSubplot"}:
        return "mpl.Axes"
    return "mpl.Figure" if kind.__name__ == "Figure" and "Figure" in names else ""


def describe(value: Any, tag: str) -> tuple[Any, ...]:  # noqa: ANN401
    """Return a figure as plain data and arrays, and how much of it is left out; see `build`."""
    if tag == "mpl.Axes":
        return (axes_parts(value), left_out(value))
    title = getattr(value, "_suptitle", None)
    plain_axes = [each for each in value.axes if tag_of(type(each))]
    parts = [axes_parts(each) for each in plain_axes]
    lists = (value.artists, value.images, value.legends, value.lines, value.patches, value.subfigs)
    missing = sum(map(len, lists)) + sum(text is not title for text in value.texts)
    missing += len(value.axes) - len(parts) + sum(map(left_out, plain_axes))
    return (value.get_size_inches(), title.get_text() if title else "", parts, missing)


def left_out(axes: Any) -> int:  # noqa: ANN401
    """Return how many artists of axes `axes_parts` leaves out, such as polygons and meshes."""
    crossing = (
        (axes.patches, "Rectangle"),
        (axes.collections, "PathCollection"),
        (axes.images, "AxesImage"),
    )
    others = sum(not is_a(artist, name) for artists, name in crossing for artist in artists)
    return others + sum(map(len, (axes.artists, axes.tables, axes.child_axes)))


def axes_parts(axes: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return what axes contain."""
    count = sum(map(len, (axes.lines, axes.patches, axes.collections, axes.images, axes.texts)))
    if count > MOST:
        raise TooLargeError(f"a figure of {count:,} artists")
    legend = axes.get_legend()
    ticks = {
        f"{which}{part}": getattr(axes, f"get_{which}{part}")()
        for which in "xy"
        for part in ("lim", "scale", "label")
    }
    return {
        "title": axes.get_title(),
        "position": axes.get_position().bounds,
        "visible": bool(axes.get_visible()),
        **{name: plain(value) for name, value in ticks.items()},
        **{name: tick_parts(getattr(axes, name)) for name in ("xaxis", "yaxis")},
        "lines": [line_parts(line) for line in axes.lines],
        "bars": [bar_parts(patch) for patch in axes.patches if is_a(patch, "Rectangle")],
        "points": [point_parts(one) for one in axes.collections if is_a(one, "PathCollection")],
        "images": [image_parts(image) for image in axes.images if is_a(image, "AxesImage")],
        "texts": [[*map(plain, text.get_position()), text.get_text()] for text in axes.texts],
        "legend": None if legend is None else legend_parts(legend),
    }


def is_a(artist: Any, name: str) -> bool:  # noqa: ANN401
    """Return whether an artist is an instance of a class of Matplotlib, by its name."""
    return any(
        base.__name__ == name and base.__module__.startswith("matplotlib.")
        for base in type(artist).__mro__
    )


def plain(value: Any) -> Any:  # noqa: ANN401
    """Return a setting of an artist as plain data."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, tuple | list | np.ndarray):
        return tuple(map(plain, value))
    return value if type(value) in (str, int, float, bool) else None


def settings(artist: Any, names: Sequence[str]) -> dict[str, Any]:  # noqa: ANN401
    """Return some settings of an artist, by name."""
    return {name: plain(getattr(artist, f"get_{name}")()) for name in names}


def numbers(values: Any) -> np.ndarray:  # noqa: ANN401
    """Return data of an artist as numbers; what is masked becomes NaN."""
    return np.array(np.ma.filled(np.ma.asarray(values, dtype=np.float64), np.nan))


def line_parts(line: Any) -> list[Any]:  # noqa: ANN401
    """Return the data of a line, and its settings."""
    x, y = (numbers(line.get_xdata(orig=False)), numbers(line.get_ydata(orig=False)))
    return [x, y, settings(line, _LINE)]


def bar_parts(patch: Any) -> list[Any]:  # noqa: ANN401
    """Return the corner and the size of a rectangle, and its settings."""
    place = (*patch.get_xy(), patch.get_width(), patch.get_height())
    return [*map(float, place), settings(patch, _PATCH)]


def point_parts(points: Any) -> list[Any]:  # noqa: ANN401
    """Return the places, sizes and colors of points, and their settings."""
    arrays = [points.get_offsets(), points.get_sizes(), points.get_facecolor()]
    return [*map(numbers, arrays), settings(points, _POINTS)]


def image_parts(image: Any) -> list[Any]:  # noqa: ANN401
    """Return the data of an image, its extent, limits of colors, and color map."""
    limits = [plain(limit) for limit in image.get_clim()]
    return [numbers(image.get_array()), plain(image.get_extent()), limits, image.get_cmap().name]


def tick_parts(axis: Any) -> list[Any]:  # noqa: ANN401
    """Return the places of ticks if they were set, their labels if they were, and the label."""
    fixed = is_a(axis.get_major_locator(), "FixedLocator") or is_a(
        axis.get_major_locator(), "NullLocator"
    )
    named = is_a(axis.get_major_formatter(), "FixedFormatter") or is_a(
        axis.get_major_formatter(), "FuncFormatter"
    )
    places = numbers(axis.get_ticklocs()) if fixed else None
    labels = [text.get_text() for text in axis.get_ticklabels()] if fixed and named else None
    return [places, labels]


def legend_parts(legend: Any) -> list[Any]:  # noqa: ANN401
    """Return the texts of a legend, which of them are of lines, its title, and if it is visible."""
    texts = [text.get_text() for text in legend.get_texts()]
    lines = [is_a(handle, "Line2D") for handle in legend.legend_handles]
    return [texts, lines, legend.get_title().get_text(), bool(legend.get_visible())]


def build(tag: str, parts: list[Any]) -> Any:  # noqa: ANN401
    """Return a figure, or axes in a figure of their own; the parts are not trusted.

    Raises
    ------
    UngradableError, TypeError, ValueError, KeyError
        If the parts are malformed.
    """
    *drawn, missing = parts
    if type(missing) is not int or missing < 0:
        raise UngradableError("a malformed figure")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Matplotlib says about the student's settings
        return new_axes(new_figure(), *drawn) if tag == "mpl.Axes" else whole_figure(*drawn)


def new_figure(**settings: Any) -> Any:  # noqa: ANN401
    """Return an empty figure."""
    from matplotlib.figure import Figure

    return Figure(**settings)


def whole_figure(size: Any, title: Any, axes: Any) -> Any:  # noqa: ANN401
    """Draw a figure again."""
    if type(size) is not np.ndarray or size.shape != (2,) or not (size > 0).all():
        raise UngradableError("a malformed figure")
    figure = new_figure(figsize=tuple(np.minimum(size, 1000)))
    if text(title):
        figure.suptitle(title)
    for about in axes:
        new_axes(figure, about)
    return figure


def text(value: object) -> str:
    """Return a value that must be text."""
    if type(value) is not str:
        raise UngradableError("a malformed figure")
    return value


def array(value: object, axes: int) -> np.ndarray:
    """Return a value that must be an array of real numbers with so many axes."""
    if type(value) is not np.ndarray or value.ndim != axes or value.dtype != np.float64:
        raise UngradableError("a malformed figure")
    return value


def new_axes(figure: Any, about: Any) -> Any:  # noqa: ANN401
    """Draw axes again."""
    axes = figure.add_axes(about["position"])
    axes.set_visible(about["visible"] is True)
    axes.set_title(text(about["title"]))
    axes.set_xlabel(text(about["xlabel"]))
    axes.set_ylabel(text(about["ylabel"]))
    handles = [*draw_lines(axes, about["lines"]), *draw_bars(axes, about["bars"])]
    handles += draw_points(axes, about["points"])
    for data, extent, limits, name in about["images"]:
        draw_image(axes, data, extent, limits, name)
    for x, y, words in about["texts"]:
        axes.text(float(x), float(y), text(words))
    for which in "xy":
        scale = about[f"{which}scale"]
        if scale in SCALES:
            getattr(axes, f"set_{which}scale")(scale)
    for which, axis in (("x", axes.xaxis), ("y", axes.yaxis)):
        getattr(axes, f"set_{which}lim")(*map(float, about[f"{which}lim"]))
        places, labels = about[f"{which}axis"]
        if places is not None:
            axis.set_ticks(array(places, 1), labels if labels is None else list(map(text, labels)))
    if about["legend"] is not None:
        draw_legend(axes, handles, about["legend"])
    return axes


def apply(artist: Any, about: dict[str, Any], names: Sequence[str]) -> Any:  # noqa: ANN401
    """Give an artist its settings, which Matplotlib checks."""
    for name in names:
        value = about[name]
        if name == "label":
            artist.set_label(text(value))
        elif value is not None:
            getattr(artist, f"set_{name}")(value)
    return artist


def draw_lines(axes: Any, lines: list[Any]) -> Iterator[Any]:  # noqa: ANN401
    """Draw lines."""
    from matplotlib.lines import Line2D

    for x, y, about in lines:
        yield axes.add_line(apply(Line2D(array(x, 1), array(y, 1)), about, _LINE))


def draw_bars(axes: Any, bars: list[Any]) -> Iterator[Any]:  # noqa: ANN401
    """Draw rectangles."""
    from matplotlib.patches import Rectangle

    for x, y, width, height, about in bars:
        patch = Rectangle((float(x), float(y)), float(width), float(height))
        yield axes.add_patch(apply(patch, about, _PATCH))


def draw_points(axes: Any, points: list[Any]) -> Iterator[Any]:  # noqa: ANN401
    """Draw points."""
    for offsets, sizes, colors, about in points:
        places = array(offsets, 2)
        artist = axes.scatter(places[:, 0], places[:, 1])
        artist.set_sizes(array(sizes, 1))
        artist.set_facecolor(array(colors, 2))
        yield apply(artist, about, _POINTS)


def draw_image(axes: Any, data: Any, extent: Any, limits: Any, name: Any) -> None:  # noqa: ANN401
    """Draw an image."""
    from matplotlib import colormaps

    if type(data) is not np.ndarray or data.ndim not in {2, 3} or name not in colormaps:
        raise UngradableError("a malformed figure")
    low, high = limits
    axes.imshow(data, cmap=name, extent=[*map(float, extent)], vmin=low, vmax=high)


def draw_legend(axes: Any, handles: list[Any], about: Any) -> None:  # noqa: ANN401
    """Draw a legend with these texts, for the artists with the same labels or like them."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    texts, lines, title, visible = about
    by_label = {artist.get_label(): artist for artist in handles}
    chosen = [
        by_label.get(text(words)) or (Line2D([], []) if is_line is True else Patch())
        for words, is_line in zip(texts, lines, strict=True)
    ]
    legend = axes.legend(chosen, texts, title=text(title) or None)
    legend.set_visible(visible is True)
