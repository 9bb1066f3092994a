"""`race`: ways to the same result, timed fairly, weighed, and checked against each other."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypedDict

import numpy as np

from stridescope.drawing.figure import figure, forms, prose
from stridescope.drawing.svg import esc
from stridescope.model.units import ratio_words, seconds_words, size_words
from stridescope.model.value_text import clip, full
from stridescope.runtime.instrument import Instrument

if TYPE_CHECKING:
    from stridescope.drawing.race_plot import Runner
    from stridescope.model.timing import Times


class Record(TypedDict):
    """A race that was run: what `ss.race(...).record` holds and ``recorded=`` takes.

    Attributes
    ----------
    machine
        Where it was run, in words.
    seconds
        Best time of each way.
    peaks
        Most bytes that each held at a time; may lack some.
    """

    machine: str
    seconds: dict[str, float]
    peaks: dict[str, int]


class Race(Instrument):
    """A race that was run: an `Instrument` with its figures in `record`."""

    record: Record


def race(
    functions: Mapping[str, Callable[[], object]],
    *,
    seconds: float = 2.0,
    recorded: Mapping[str, Any] | None = None,
    caption: str | None = None,
    plot: bool = True,
) -> Race:
    """Time ways to the same result against the first, with their memory, and check the results.

    Each is called once before (that call's result is compared with the first one's), then all run in
    rounds, each round in another random order, with garbage collection off. The best round counts;
    the bar shows the middle half of all rounds. Memory is measured in a call of its own.

    Parameters
    ----------
    functions
        Functions without arguments, by name. The first is what the others are compared with.
    seconds
        About how long the timing takes in all.
    recorded
        A race run elsewhere, to show beside this one: the `record` of one, or a mapping with
        ``machine`` (words), ``seconds`` (by name) and, if known, ``peaks`` (bytes by name).
    caption
        A sentence above the picture.
    plot
        Draw the ratios, with time, spread and memory. If false, a table holds the ratios alone, in a
        few lines, and memory is not measured.

    Returns
    -------
    Race
        The ratios; its `record` holds the figures.

    Raises
    ------
    TypeError
        If `functions` is no mapping of functions.
    ValueError
        If it is empty, or `recorded` has not what it needs.

    Examples
    --------
    >>> import numpy as np, stridescope as ss
    >>> a = np.ones(10_000)
    >>> run = ss.race({"sum": a.sum, "loop": lambda: sum(a.tolist())}, seconds=0.1)
    >>> run.record["seconds"]["loop"] > 0
    True
    """
    # Imported when first asked for: `import stridescope` is to cost next to nothing.
    from stridescope.model.timing import peak, race_times

    ways = _functions(functions)
    past = None if recorded is None else _record(recorded, list(ways))
    verdicts = warm(ways)
    times = race_times(ways, seconds)
    peaks = {name: peak(action) for name, action in ways.items()} if plot else {}
    runners = _runners(times, peaks, verdicts, past)
    machine = machine_words()
    shown = _drawn(runners, verdicts, _notes(times, machine, past)) if plot else None
    body, text = shown or _table(runners, verdicts, recorded=past is not None)
    made = Race(figure("race", body, caption), text)
    made.record = {
        "machine": machine,
        "seconds": {name: t.best for name, t in times.items()},
        "peaks": peaks,
    }
    return made


def _drawn(runners: list[Runner], verdicts: Mapping[str, str], notes: list[str]) -> tuple[str, str]:
    """Return the race as a plot, and in words."""
    from stridescope.drawing.race_plot import plot

    body = forms(*(str(plot(runners, width=width)) for width in (704, 358)))
    body += _verdicts(verdicts) + "".join(f'<p class="ss-read">{esc(note)}</p>' for note in notes)
    words = [_line(runner, k) for k, runner in enumerate(runners)]
    return body, "\n".join([*words, *_wrong(verdicts), *notes])


def _table(
    runners: list[Runner], verdicts: Mapping[str, str], *, recorded: bool
) -> tuple[str, str]:
    """Return the ratios alone as a table of few lines, and the same as text."""
    rows = [["", "here", "recorded"]]
    for one in runners:
        old = "" if one.recorded is None else ratio_words(one.recorded)
        rows.append([one.name, ratio_words(one.ratio), old])
    rows = rows if recorded else [row[:2] for row in rows]
    wide = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join([row[0].ljust(wide[0]), *map(str.rjust, row[1:], wide[1:])]).rstrip()
        for row in rows
    ]
    body = f"<pre>{esc(chr(10).join(lines))}</pre>{_verdicts(verdicts)}"
    return body, "\n".join([*lines, *_wrong(verdicts)])


def _functions(given: object) -> dict[str, Callable[[], object]]:
    """Return the functions by name, or say what is no function."""
    if not isinstance(given, Mapping):
        kind = type(given).__name__
        msg = f"ss.race takes functions by name, ss.race({{'sum': a.sum, …}}), not {kind}"
        raise TypeError(msg)
    if not given:
        msg = "ss.race got no function: ss.race({'sum': a.sum, 'loop': lambda: sum(a)})"
        raise ValueError(msg)
    for name, action in given.items():
        if not callable(action):
            kind = type(action).__name__
            msg = (
                f"ss.race got {kind} for {name!r}, which is a result: "
                f"give a function that makes it, lambda: …"
            )
            raise TypeError(msg)
    return {str(name): action for name, action in given.items()}


def _record(given: Mapping[str, Any], names: list[str]) -> Record:
    """Return a recorded race, checked: it must name its machine and the first of the ways."""
    if not given.get("machine") or not isinstance(given.get("seconds"), Mapping):
        msg = (
            "a recorded race names its machine and its seconds: "
            "recorded={'machine': '…', 'seconds': {'sum': 0.02, …}}"
        )
        raise ValueError(msg)
    seconds = {str(name): float(s) for name, s in given["seconds"].items()}
    if names[0] not in seconds or min(seconds.values()) <= 0:
        msg = (
            f"the recorded race needs a time above 0 for each, and one for {names[0]!r}, "
            f"with which the others are compared"
        )
        raise ValueError(msg)
    peaks = {str(name): int(n) for name, n in (given.get("peaks") or {}).items()}
    return {"machine": str(given["machine"]), "seconds": seconds, "peaks": peaks}


def warm(functions: Mapping[str, Callable[[], object]]) -> dict[str, str]:
    """Call each function once, and return for each how its result differs from the first one's.

    Returns
    -------
    dict
        An empty string for a result that is equal.
    """
    calls = iter(functions.items())
    first_name, action = next(calls)
    first = action()
    return {first_name: "", **{name: difference(first, other()) for name, other in calls}}


def difference(first: object, other: object) -> str:
    """Say how a result differs from the first one; nothing if it is equal.

    Numbers are compared by `np.allclose`, where NaN equals NaN; all else by ``==``.
    """
    if first is None or other is None:
        return "" if first is other else f"gives {_brief(other)}, the first {_brief(first)}"
    try:
        one, two = np.asarray(first), np.asarray(other)
    except ValueError:  # rows of different lengths
        return "" if first == other else "gives another result"
    if one.shape != two.shape:
        return f"gives shape {two.shape}, the first {one.shape}"
    try:
        close = np.isclose(two, one, equal_nan=True)
    except TypeError:  # no numbers
        close = np.asarray(one == two)
    if close.all():
        return ""
    index = tuple(int(i) for i in np.argwhere(~close)[0])
    at = f" at [{', '.join(map(str, index))}]" if index else ""
    count = f", one of {np.count_nonzero(~close):,} that differ" if close.ndim else ""
    return f"gives {_brief(two[index])}{at}, the first {_brief(one[index])}{count}"


def _brief(value: object) -> str:
    return clip(full(value), 24)


def _runners(
    times: Mapping[str, Times],
    peaks: Mapping[str, int],
    verdicts: Mapping[str, str],
    past: Record | None,
) -> list[Runner]:
    """Bring every figure of each way together, as ratios to the first."""
    from stridescope.drawing.race_plot import Runner

    base = next(iter(times.values())).best
    was = past["seconds"] if past else {}
    first = was.get(next(iter(times)), 1.0)
    found = []
    for name, t in times.items():
        low, high = t.spread
        old = was[name] / first if name in was else None
        spread = (low / base, high / base)
        equal = not verdicts[name]
        peak = peaks.get(name, 0)
        found.append(Runner(name, t.best, t.best / base, spread, peak, equal, old))
    return found


def _line(runner: Runner, k: int) -> str:
    """Return one way in words."""
    low, high = runner.spread
    said = f"{runner.name}: {seconds_words(runner.seconds)}"
    if k:
        said += (
            f", {ratio_words(runner.ratio)} (middle half {ratio_words(low)} to {ratio_words(high)})"
        )
    said += f", holds {size_words(runner.peak)} at its peak"
    old = runner.recorded
    return said + (f"; recorded: {ratio_words(old)}." if old is not None and k else ".")


def _notes(times: Mapping[str, Times], machine: str, past: Record | None) -> list[str]:
    """Say how and where this was measured."""
    rounds = min(len(t.samples) for t in times.values())
    how = f"Best of {rounds} rounds in random order, after a first call"
    said = [f"Measured here: {machine}. {how}; peak memory in a call of its own."]
    if past:
        said.append(f"Recorded, not measured here (◇): {past['machine']}.")
    return said


def _wrong(verdicts: Mapping[str, str]) -> list[str]:
    """Return a sentence for each result that differs, or one that says none does."""
    wrong = [f"Not the same result: `{name}` {how}." for name, how in verdicts.items() if how]
    alike = "All results are equal." if len(verdicts) > 1 else ""
    return wrong or ([alike] if alike else [])


def _verdicts(verdicts: Mapping[str, str]) -> str:
    return "".join(f"<p>{prose(said)}</p>" for said in _wrong(verdicts))


def machine_words() -> str:
    """Return what a time depends on: processor, how many, Python and NumPy. No names of hosts."""
    affinity = getattr(os, "sched_getaffinity", None)
    count = len(affinity(0)) if affinity else os.cpu_count() or 1
    cpus = f"{count} processor{'s' if count > 1 else ''}"
    return (
        f"{platform.system()} {platform.machine()}, {cpus}, "
        f"Python {platform.python_version()}, NumPy {np.__version__}"
    )
