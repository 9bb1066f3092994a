"""`race`: functions with the same result, compared fairly in time and memory."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypedDict

import numpy as np

from stridescope.drawing.figure import figure, forms, prose
from stridescope.drawing.race_words import line, notes, ratios, wrong
from stridescope.drawing.svg import esc
from stridescope.model.value_text import clip, full
from stridescope.runtime.instrument import Instrument

if TYPE_CHECKING:
    from stridescope.drawing.race_plot import Runner
    from stridescope.model.timing import Times


class Record(TypedDict):
    """The figures of a race: the value of `ss.race(...).record`, and what ``recorded=`` takes.

    Attributes
    ----------
    machine
        The machine that ran it, in words.
    seconds
        The best time of each function.
    peaks
        The most bytes that each function held at a time; some may be missing.
    """

    machine: str
    seconds: dict[str, float]
    peaks: dict[str, int]


class Race(Instrument):
    """An `Instrument` that shows a race and has its figures in `record`."""

    record: Record


def race(
    functions: Mapping[str, Callable[[], object]],
    *,
    seconds: float = 2.0,
    recorded: Mapping[str, Any] | None = None,
    caption: str | None = None,
    plot: bool = True,
) -> Race:
    """Compare the time and memory of functions with those of the first, and check their results.

    Each function is called once to compare its result with that of the first function. Then all
    functions run in rounds, each round in a new random order, with garbage collection off. The best
    round counts; a line goes on from the end of its bar up to the time in which three of four
    rounds were done. Memory is measured in a separate call. A ratio that differs from 1 by no more
    than chance is called "about the same".

    Parameters
    ----------
    functions
        Functions without arguments, by name. The others are compared with the first.
    seconds
        About how long the timing takes in all.
    recorded
        A race run elsewhere: the `record` of another race, or a mapping with ``machine`` (words),
        ``seconds`` (by name) and, if known, ``peaks`` (bytes by name). Its figures become the main
        ones, and those of this run are shown below them, with thin bars.
    caption
        A sentence above the picture; put `` `code` `` in backticks.
    plot
        Whether to draw the ratios with time, spread and memory. If false, a short table shows only
        the ratios, and memory is not measured.

    Returns
    -------
    Race
        The ratios; the figures are in its `record`.

    Raises
    ------
    TypeError
        If `functions` is not a mapping of functions.
    ValueError
        If it is empty, or `recorded` lacks a figure that it needs.

    Examples
    --------
    >>> import numpy as np, stridescope as ss
    >>> a = np.ones(10_000)
    >>> run = ss.race({"sum": a.sum, "loop": lambda: sum(a.tolist())}, seconds=0.1)
    >>> run.record["seconds"]["loop"] > 0
    True
    """
    # Imported here so that `import stridescope` costs next to nothing.
    from stridescope.model.timing import peak, race_times

    functions_by_name = _functions(functions)
    past = None if recorded is None else _record(recorded, list(functions_by_name))
    verdicts = warm(functions_by_name)
    times = race_times(functions_by_name, seconds)
    peaks = {name: peak(action) for name, action in functions_by_name.items()} if plot else {}
    runners = _runners(times, peaks, verdicts, past)
    machine, rounds = machine_words(), min(len(t.samples) for t in times.values())
    if plot:
        elsewhere = past["machine"] if past else ""
        body, text = _drawn(runners, verdicts, notes(rounds, runners, machine, elsewhere))
    else:
        table, text = ratios(runners, recorded=past is not None)
        body, text = table + _verdicts(verdicts), "\n".join([text, *wrong(verdicts)])
    result = Race(figure("race", body, caption), text)
    result.record = {
        "machine": machine,
        "seconds": {name: t.best for name, t in times.items()},
        "peaks": peaks,
    }
    return result


def _drawn(runners: list[Runner], verdicts: Mapping[str, str], how: list[str]) -> tuple[str, str]:
    """Return the race as a plot, and the same in words."""
    from stridescope.drawing.race_plot import plot

    folded = "".join(f'<p class="ss-read">{esc(note)}</p>' for note in how)
    body = forms(*(str(plot(runners, width=width)) for width in (704, 358))) + _verdicts(verdicts)
    body += f'<details class="ss-how"><summary>How this was measured</summary>{folded}</details>'
    words = [line(runner, k) for k, runner in enumerate(runners)]
    return body, "\n".join([*words, *wrong(verdicts), *how])


def _functions(functions: object) -> dict[str, Callable[[], object]]:
    """Return the functions by name, or raise an error that says what is not a function."""
    if not isinstance(functions, Mapping):
        kind = type(functions).__name__
        msg = f"ss.race takes a mapping of functions, such as {{'sum': a.sum, …}}, not {kind}"
        raise TypeError(msg)
    if not functions:
        msg = "ss.race got no function: give at least one, such as ss.race({'sum': a.sum})"
        raise ValueError(msg)
    for name, action in functions.items():
        if not callable(action):
            kind = type(action).__name__
            msg = (
                f"ss.race got {kind} for {name!r}, which is a result and not a function: "
                f"give a function that computes it, such as lambda: …"
            )
            raise TypeError(msg)
    return {str(name): action for name, action in functions.items()}


def _record(functions: Mapping[str, Any], names: list[str]) -> Record:
    """Return a recorded race, or raise an error if its machine or a figure is missing."""
    if not functions.get("machine") or not isinstance(functions.get("seconds"), Mapping):
        msg = (
            "a recorded race needs a machine and seconds: "
            "recorded={'machine': '…', 'seconds': {'sum': 0.02, …}}"
        )
        raise ValueError(msg)
    seconds = {str(name): float(s) for name, s in functions["seconds"].items()}
    if names[0] not in seconds or min(seconds.values()) <= 0:
        msg = (
            f"a recorded race needs times above 0, and one for {names[0]!r}, "
            f"with which the others are compared"
        )
        raise ValueError(msg)
    peaks = {str(name): int(n) for name, n in (functions.get("peaks") or {}).items()}
    return {"machine": str(functions["machine"]), "seconds": seconds, "peaks": peaks}


def warm(functions: Mapping[str, Callable[[], object]]) -> dict[str, str]:
    """Call each function once, and return how its result differs from that of the first.

    Returns
    -------
    dict
        The difference in words, by name; empty if the results are equal.
    """
    calls = iter(functions.items())
    first_name, action = next(calls)
    first = action()
    return {first_name: "", **{name: difference(first, other()) for name, other in calls}}


def difference(first: object, other: object) -> str:
    """Return how a result differs from the first one, in words; empty if they are equal.

    Numbers are compared with `np.isclose`, and NaN equals NaN; anything else with ``==``.
    """
    if first is None or other is None:
        differ = f"gives {_brief(other)}, but the first gives {_brief(first)}"
        return "" if first is other else differ
    try:
        one, two = np.asarray(first), np.asarray(other)
    except ValueError:  # rows of different lengths
        return "" if first == other else "gives a different result"
    if one.shape != two.shape:
        return f"gives shape {two.shape}, but the first gives {one.shape}"
    try:
        close = np.isclose(two, one, equal_nan=True)
    except TypeError:  # not numbers
        close = np.asarray(one == two)
    if close.all():
        return ""
    index = tuple(int(i) for i in np.argwhere(~close)[0])
    at = f" at [{', '.join(map(str, index))}]" if index else ""
    count = f" (elements that differ: {np.count_nonzero(~close):,})" if close.ndim else ""
    return f"gives {_brief(two[index])}{at}, but the first gives {_brief(one[index])}{count}"


def _brief(value: object) -> str:
    return clip(full(value), 24)


def _runners(
    times: Mapping[str, Times],
    peaks: Mapping[str, int],
    verdicts: Mapping[str, str],
    past: Record | None,
) -> list[Runner]:
    """Return the figures of each function, with its time as a multiple of the first one's."""
    from stridescope.drawing.race_plot import Figures, Runner
    from stridescope.model.timing import about_the_same

    base = next(iter(times.values()))
    seconds, sizes = (past["seconds"], past["peaks"]) if past else ({}, {})
    first = seconds.get(next(iter(times)), 1.0)
    runners = []
    for k, (name, t) in enumerate(times.items()):
        low, high = t.spread
        same = k > 0 and about_the_same(t, base)
        here = Figures(t.best, t.best / base.best, peaks.get(name), same)
        recorded = None
        if name in seconds:
            ratio = seconds[name] / first
            near = k > 0 and about_the_same(seconds[name], first)
            recorded = Figures(seconds[name], ratio, sizes.get(name), near)
        spread = (low / base.best, high / base.best)
        runners.append(Runner(name, here, spread, not verdicts[name], recorded))
    return runners


def _verdicts(verdicts: Mapping[str, str]) -> str:
    said = "".join(f"<p>{prose(sentences)}</p>" for sentences in wrong(verdicts))
    return said if any(verdicts.values()) else said.replace("<p>", '<p class="ss-read">✓ ')


def machine_words() -> str:
    """Return what times depend on: system, processors, Python and NumPy; never a host name."""
    versions = f"Python {platform.python_version()}, NumPy {np.__version__}"
    if sys.platform == "emscripten":
        return f"a web page (WebAssembly, {8 * np.intp().itemsize}-bit), one thread, {versions}"
    affinity = getattr(os, "sched_getaffinity", None)
    count = len(affinity(0)) if affinity else os.cpu_count() or 1
    cpus = f"{count} processor{'s' if count > 1 else ''}"
    return f"{platform.system()} {platform.machine()}, {cpus}, {versions}"
