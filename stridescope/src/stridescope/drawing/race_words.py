"""Say what a race found: in a line for each function, in a table, and how it was measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from stridescope.drawing.svg import esc
from stridescope.model.units import ratio_words, seconds_words, size_words

if TYPE_CHECKING:
    from stridescope.drawing.race_plot import Figures, Runner


def line(runner: Runner, k: int) -> str:
    """Return the figures of one function in words; those of a recorded race come first."""
    low, high = (ratio_words(end) for end in runner.spread)
    half = f" (middle half {low} to {high})" if k else ""
    here = _figures(runner.here, k, half)
    if runner.recorded:
        return f"{runner.name}: recorded {_figures(runner.recorded, k)}; this run {here}."
    return f"{runner.name}: {here}."


def _figures(figures: Figures, k: int, half: str = "") -> str:
    """Return time, ratio unless it is that of the first function, and memory in words."""
    parts = [seconds_words(figures.seconds)]
    parts += [ratio(figures) + half] if k else []
    parts += [] if figures.peak is None else [f"{size_words(figures.peak)} at its peak"]
    return ", ".join(parts)


def ratio(figures: Figures) -> str:
    """Return a ratio in words."""
    return "about the same" if figures.same else ratio_words(figures.ratio)


def notes(rounds: int, runners: Sequence[Runner], machine: str, elsewhere: str) -> list[str]:
    """Return sentences about how and where this was measured.

    Parameters
    ----------
    rounds
        How many rounds this run had.
    machine, elsewhere
        The machine of this run, and that of the recorded race; empty if there is none.
    """
    how = f"Best of {rounds} rounds in random order, after a first call that does not count"
    bars = " (the thin bars)" * bool(elsewhere)
    here = f"This run{bars}: {machine}. {how}; the line at the end of a bar extends to the time "
    here += "within which three quarters of the rounds finished. "
    here += "Peak memory is measured in a separate call."
    sentences = [f"Recorded (the blue bars), on another machine: {elsewhere}."] if elsewhere else []
    sentences.append(here)
    if noisy := [runner.name for runner in runners if runner.noisy]:
        sentences.append(
            f"The machine was busy: a quarter of the rounds or more took over three times the best "
            f"time ({'; '.join(noisy)}), so no line is drawn there."
        )
    return sentences


def wrong(verdicts: Mapping[str, str]) -> list[str]:
    """Return a sentence for each result that differs, or one sentence if none does."""
    wrong = [f"Different result: `{name}` {how}." for name, how in verdicts.items() if how]
    alike = "All ways gave the same result." if len(verdicts) > 1 else ""
    return wrong or ([alike] if alike else [])


def ratios(runners: Sequence[Runner], *, recorded: bool) -> tuple[str, str]:
    """Return the ratios as a table in HTML, and the same as text."""
    rows = [["", "recorded", "this run"] if recorded else ["", "this run"]]
    for one in runners:
        past = [ratio(one.recorded) if one.recorded else ""] if recorded else []
        rows.append([one.name, *past, ratio(one.here)])
    wide = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join([row[0].ljust(wide[0]), *map(str.rjust, row[1:], wide[1:])]).rstrip()
        for row in rows
    ]
    head, *others = rows
    cells = "".join(f'<th scope="col">{cell}</th>' for cell in head[1:])
    body = f'<table class="ss-aligned ss-ratios"><thead><tr><td></td>{cells}</tr></thead><tbody>'
    for name, *figures in others:
        cells = f"<td><b>{figures[0]}</b></td>" + "".join(f"<td>{one}</td>" for one in figures[1:])
        body += f'<tr><th scope="row">{esc(name)}</th>{cells}</tr>'
    return f"{body}</tbody></table>", "\n".join(lines)
